"""The message definitions: which resource types a message holds, how many and with which profile.

The published MessageDefinitions list every resource under `focus`; so does this table (FHIR package, MessageDefinition).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets
from workbench.standard.events import Event
from workbench.standard.urls import BARS_PROFILE, DEFINITION_PREFIX, UK_CORE_PROFILE

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIXES = {
    "bars": BARS_PROFILE,
    "ukc": UK_CORE_PROFILE,
    "hl7": "http://hl7.org/fhir/StructureDefinition/",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a definition; a type may have several, whose counts add up."""

    type: str
    profile: str
    min: int
    max: int | None
    """None = any number."""
    since: str
    """FHIR package from which on it is allowed; empty = always."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One MessageDefinition."""

    name: str
    """The last part of its URL."""
    version: str
    event: Event
    rows: tuple[Row, ...]

    @property
    def url(self) -> str:
        """As MessageHeader.definition carries it."""
        return DEFINITION_PREFIX + self.name

    def counts(self) -> Mapping[str, tuple[int, int | None]]:
        """Least and most of each resource type; a type that has a narrower second row keeps the sum of both."""
        found: dict[str, tuple[int, int | None]] = {}
        for row in self.rows:
            least, most = found.get(row.type, (0, 0))
            total = None if most is None or row.max is None else most + row.max
            found[row.type] = (least + row.min, total)
        return found

    def profiles(self, type: str) -> tuple[str, ...]:
        """The profiles named for a resource type."""
        return tuple(row.profile for row in self.rows if row.type == type)


@cache
def definitions() -> Mapping[str, Definition]:
    """Every definition by name."""
    rows = assets.table("standard", "definitions.toml")["definition"]
    return {row["name"]: _definition(row) for row in rows}


def definition_of(url_or_name: str | None) -> Definition | None:
    """The definition behind MessageHeader.definition; a version after `|` is left out of account."""
    name = (url_or_name or "").partition("|")[0].rsplit("/", 1)[-1]
    return definitions().get(name)


def _definition(row: dict[str, object]) -> Definition:
    lines: list[dict[str, object]] = row["rows"]  # type: ignore[assignment]
    return Definition(str(row["name"]), str(row["version"]), Event(str(row["event"])), tuple(map(_row, lines)))


def _row(line: dict[str, object]) -> Row:
    prefix, _, name = str(line["profile"]).partition(":")
    most = int(str(line["max"]))
    return Row(
        str(line["type"]),
        _PREFIXES[prefix] + name,
        int(str(line["min"])),
        None if most < 0 else most,
        str(line.get("since", "")),
    )
