"""The calls of the interface: method, path and which headers each carries (API specification 1.0.0 to 1.5.0)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Operation:
    """One call."""

    id: str
    method: str
    path: str
    """Below the base address; `{id}` stands for a resource id."""
    title: str
    header_set: str
    since: str
    """API version from which on it exists."""
    answer: str
    """Resource type of a good answer; empty where it is not FHIR."""

    @property
    def carries_use_context(self) -> bool:
        """Whether `use-context` goes with it."""
        return "U" in self.header_set

    @property
    def needs_target(self) -> bool:
        """Whether NHSD-Target-Identifier must go with it."""
        return self.header_set.startswith("H") and not self.header_set.startswith("Hm")


@cache
def operations() -> Mapping[str, Operation]:
    """Every call by id."""
    return {
        row["id"]: Operation(
            row["id"], row["method"], row["path"], row["title"], row["set"], row["since"], row["answer"]
        )
        for row in assets.table("standard", "operations.toml")["operation"]
    }
