"""The use cases of the standard: who refers or books whom, and for which Application."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets
from workbench.standard.codes import code_systems
from workbench.standard.urls import USE_CASES

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class UseCase:
    """One code of usecases-categories-bars."""

    code: str
    display: str
    application: int
    booking: bool
    referral: bool
    validation: bool
    withdrawn: bool
    """Still published, no longer to be built."""
    code_system_only: bool
    """In the code system, not yet in an Application page or MessageDefinition."""
    since: str
    """The FHIR package it came with; empty = in every package."""


@cache
def use_cases() -> Mapping[str, UseCase]:
    """Every use case by its lower-case code, in published order."""
    table = assets.table("standard", "use_cases.toml")
    withdrawn, newest = set(table["withdrawn"]), set(table["code_system_only"])
    rows = {}
    for code, shown in code_systems()[USE_CASES].codes.items():
        number = table["application"].get(code) or int(code[1])
        purposes = table["purposes"][str(number)]
        rows[code] = UseCase(
            code,
            shown,
            number,
            "booking" in purposes,
            "referral" in purposes,
            "validation" in purposes,
            code in withdrawn,
            code in newest,
            table["since"].get(code, ""),
        )
    return rows
