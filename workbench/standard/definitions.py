"""The message definitions: which resource types a message holds, how many and with which profile.

The published MessageDefinitions list every resource under `focus`; so does this table
(FHIR package, MessageDefinition). A receiver's own definitions have the same form and are read elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from workbench import assets
from workbench.standard.events import Event
from workbench.standard.message_kinds import message_kinds
from workbench.standard.urls import BARS_PROFILE, DEFINITION_PREFIX, UK_CORE_PROFILE

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAMPLE_SERVICE = "dos-id"
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
    since: str = ""
    """FHIR package from which on it holds; empty = always."""
    min_before: int = 0
    max_before: int | None = 0
    """What held before `since`: 0 and 0 = not allowed."""
    applications: tuple[int, ...] = ()
    """Applications whose tables have it; empty = all."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One MessageDefinition."""

    name: str
    """The last part of its URL."""
    version: str
    """Of a receiver's own definition: the Application version it takes."""
    event: Event
    rows: tuple[Row, ...]
    own_url: str = ""
    """Where a receiver publishes it; empty for those of the standard."""
    services: tuple[str, ...] = ()
    """Ids of the services whose receivers offer it; empty = it names none."""
    use_cases: tuple[str, ...] = ()
    """Use cases it is offered for, in lower case; empty = it names none."""

    @property
    def url(self) -> str:
        """As MessageHeader.definition carries it."""
        return self.own_url or DEFINITION_PREFIX + self.name

    @property
    def applications(self) -> frozenset[int]:
        """The Applications whose messages follow it (payload overview); none for one the standard has not."""
        return frozenset(
            number for kind in message_kinds().values() if kind.definition == self.name for number in kind.applications
        )

    @property
    def is_template(self) -> bool:
        """Whether it is one of the published patterns: its services and use cases are samples."""
        return _SAMPLE_SERVICE in self.services

    def is_named(self, url: str | None) -> bool:
        """Whether MessageHeader.definition means this one; a version after `|` is left out of account."""
        return bool(url) and (url or "").partition("|")[0].rstrip("/") == self.url

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
        return tuple(row.profile for row in self.rows if row.type == type and row.profile)


@cache
def definitions() -> Mapping[str, Definition]:
    """Every definition by name."""
    rows = assets.table("standard", "definitions.toml")["definition"]
    return {row["name"]: _definition(row) for row in rows}


def definition_of(url_or_name: str | None) -> Definition | None:
    """The definition behind MessageHeader.definition; a version after `|` is left out of account."""
    name = (url_or_name or "").partition("|")[0].rsplit("/", 1)[-1]
    return definitions().get(name)


def _definition(row: Mapping[str, Any]) -> Definition:
    return Definition(row["name"], row["version"], Event(row["event"]), tuple(map(_row, row["rows"])))


def _row(line: Mapping[str, Any]) -> Row:
    prefix, _, name = line["profile"].partition(":")
    return Row(
        line["type"],
        _PREFIXES[prefix] + name,
        line["min"],
        _most(line["max"]),
        line.get("since", ""),
        line.get("min_before", 0),
        _most(line.get("max_before", 0)),
        tuple(line.get("applications", ())),
    )


def _most(number: int) -> int | None:
    """TOML has no null: a negative number means any number."""
    return None if number < 0 else number
