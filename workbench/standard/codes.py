"""The code systems of the standard: codes with their published displays (guide 1.12.0, code systems)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """One code system."""

    url: str
    name: str
    codes: Mapping[str, str]
    """Display by code, in published order."""
    samples_only: bool
    """Whether the published list is a sample: an unknown code is no mistake then."""
    older_displays: Mapping[str, str]
    """Displays of earlier packages by code: worth a note at most."""


@cache
def code_systems() -> Mapping[str, CodeSystem]:
    """Every code system by URL."""
    rows = assets.table("standard", "codes.toml")["system"]
    return {
        row["url"]: CodeSystem(row["url"], row["name"], row["codes"], row["samples"], row.get("older", {}))
        for row in rows
    }


def display(system: str, code: str) -> str | None:
    """The published display of a code, None where the system or the code is not known."""
    found = code_systems().get(system)
    return found.codes.get(code) if found else None
