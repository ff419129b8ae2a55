"""What is wrong with old BaRS packages, in words for whoever loads one.

Knows labels of packages only; must not know what is in them, nor how messages are judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.profiles.manifests import split_label

if TYPE_CHECKING:
    from collections.abc import Iterable

BARS = "uk.nhsdigital.bars.r4"
MENDED = (1, 35, 0)
"""The first package with version 1.0.3 of the profile BARSServiceRequest-request-validation. Its version 1.0.2 fixes
system and code in every coding of the category (package 1.34.0, StructureDefinition, `ServiceRequest.category.coding`),
so that the coding of the use case, which the guide asks for and every official example has, cannot stand beside it."""


def caution(label: str) -> str:
    """What a package `name#version` gets wrong that a later one mends, and what to do; empty for every other package.

    A version that is no row of numbers is taken for current.
    """
    name, version = split_label(label) or (label, "")
    parts = version.partition("-")[0].split(".")
    if name != BARS or not all(part.isdigit() for part in parts) or tuple(map(int, parts)) >= MENDED:
        return ""
    return (
        f"BaRS {version} is older than the current definitions: its profile of a validation request refuses the "
        "coding of the use case. Load 1.35.0 or newer."
    )


def cautions(labels: Iterable[str]) -> tuple[str, ...]:
    """Those of several packages, each once."""
    return tuple(dict.fromkeys(found for label in labels if (found := caution(label))))
