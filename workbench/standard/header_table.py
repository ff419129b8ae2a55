"""The HTTP headers of the standard: spelling, shape, who needs them, how far they travel (API specification)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.standard.operations import Operation


class HeaderShape(StrEnum):
    """How a value is written."""

    BASE64_JSON = "base64-json"
    UUID = "uuid"
    TEXT = "text"
    BEARER = "bearer"


@dataclass(frozen=True, slots=True)
class HeaderSpec:
    """One header."""

    name: str
    """Spelt as in the specification; compared without case."""
    why: str
    shape: HeaderShape
    resource_type: str | None
    """Resource type of the decoded JSON; None for the target identifier and plain values."""
    travels: bool
    """Whether it reaches the receiver; the others stop at the platform."""
    needed: frozenset[str]
    """Letters of header sets (`operations.toml`) that require it."""
    may: frozenset[str]
    """Letters of header sets that allow it."""

    def required_in(self, operation: Operation, *, has_body: bool, version: str = "") -> bool:
        """Whether a call must carry it in a version of the interface, by default the newest (API specification)."""
        if self.name == "Content-Type":
            return has_body and bool(operation.header_set)
        return bool(self.needed & operation.letters(version))

    def belongs_to(self, operation: Operation, *, version: str = "") -> bool:
        """Whether a call carries it, required or not; Content-Type goes with whatever has a body."""
        letters = operation.letters(version)
        return bool(letters) and (self.name == "Content-Type" or bool((self.needed | self.may) & letters))


@cache
def header_specs() -> Mapping[str, HeaderSpec]:
    """Every header by its exact name, in sending order."""
    return {
        row["name"]: HeaderSpec(
            row["name"],
            row["why"],
            HeaderShape(row["shape"]),
            row.get("resource"),
            row["travels"],
            frozenset(row["needed"]),
            frozenset(row.get("may", ())),
        )
        for row in assets.table("standard", "headers.toml")["header"]
    }


def header_spec(name: str) -> HeaderSpec | None:
    """The row of a header, compared without case."""
    wanted = name.lower()
    return next((spec for spec in header_specs().values() if spec.name.lower() == wanted), None)
