"""The query parameters of the calls: names, how often each is there, closed lists of values (API specification)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One query parameter of one call."""

    name: str
    """Spelt as in the specification; compared with case."""
    required: bool
    """Whether every such call carries it; which of several optional ones is needed is a rule of its own."""
    most: int | None
    """How often it may be there; None = any number."""
    since: str
    """API version from which on it exists."""
    values: tuple[str, ...]
    """Every value it may have; empty where the list is open."""
    needed: tuple[str, ...]
    """Values that must be among those given."""


@cache
def parameter_specs() -> Mapping[str, Mapping[str, ParameterSpec]]:
    """Every parameter by id of the operation and by name; operations without parameters are left out."""
    found: dict[str, dict[str, ParameterSpec]] = {}
    for row in assets.table("standard", "parameters.toml")["parameter"]:
        found.setdefault(row["operation"], {})[row["name"]] = ParameterSpec(
            row["name"],
            row["required"],
            row["most"] or None,
            row["since"],
            tuple(row.get("values", ())),
            tuple(row.get("needed", ())),
        )
    return found
