"""Names of other versions of FHIR: where a name that R4 has not comes from.

For explanations only; nothing is read or written by other versions.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Mapping


def version_of_type(resource_type: str) -> str | None:
    """The version (`R5`, `STU3`) that has a resource type R4 has not, None for any other name."""
    return _types().get(resource_type)


def version_of_element(type_path: str, name: str) -> str | None:
    """The version that added an element to a type of R4 (`Appointment`, `replaces`), None for any other name."""
    return "R5" if name in _elements().get(type_path, ()) else None


@cache
def _types() -> Mapping[str, str]:
    rows = assets.table("standard", "other_versions.toml")["types"]
    return {name: version for version, names in rows.items() for name in names.split()}


@cache
def _elements() -> Mapping[str, frozenset[str]]:
    rows = assets.table("standard", "other_versions.toml")["elements"]
    return {kind: frozenset(names.split()) for kind, names in rows.items()}
