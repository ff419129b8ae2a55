"""The payload tables of the Applications: elements that a resource must or should have, and those that are listed.

Loaded from `resources/standard/elements.toml` (guide 1.12.0, payload tables of Applications 1 to 8). Holds what no rule
of its own says; must not judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from workbench import assets
from workbench.standard.versions import is_at_least

if TYPE_CHECKING:
    from collections.abc import Mapping


class Level(StrEnum):
    """What a table asks of an element."""

    MUST = "must"
    SHOULD = "should"
    SHOULD_NOT = "should-not"


class Kind(StrEnum):
    """The kinds of messages that have tables of their own."""

    BOOKING = "booking"
    REQUEST = "request"
    """Referrals and validation requests."""
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One line of the tables: an element of a resource."""

    path: tuple[str, ...]
    """Names below the resource, a choice as `effective[x]`."""
    level: Level
    applications: frozenset[int]
    kinds: frozenset[Kind]
    since: Mapping[int, str]
    """The first version of an Application whose table has it; Applications that always had it are left out."""
    target: str = ""
    """The resource type a reference leads to; empty for other elements and where there is a choice."""

    def holds_for(self, application: int, version: str, kind: Kind) -> bool:
        """Whether the table of a message has this line."""
        if application not in self.applications or kind not in self.kinds:
            return False
        return _has(self.since, application, version)


@dataclass(frozen=True, slots=True)
class ResourceTable:
    """What the tables say of one resource type."""

    type: str
    since: Mapping[int, str]
    listed: Mapping[int, frozenset[str]]
    """Elements by Application, choices as `value[x]`; an Application whose tables have no such resource is left out."""
    rows: tuple[ElementRow, ...]

    def lists(self, application: int, version: str) -> frozenset[str] | None:
        """The elements an Application lists; None when it has no table for this resource."""
        return self.listed.get(application) if _has(self.since, application, version) else None


@cache
def element_tables() -> Mapping[str, ResourceTable]:
    """The table of every resource type that has one."""
    return {row["type"]: _table(row) for row in assets.table("standard", "elements.toml")["resource"]}


def _table(row: Mapping[str, Any]) -> ResourceTable:
    numbers = row["applications"]
    everywhere = {*row["elements"], *row.get("also", ())}
    some: Mapping[str, list[int]] = row.get("more", {})
    return ResourceTable(
        row["type"],
        _since(row),
        {
            number: frozenset(everywhere | {name for name, owners in some.items() if number in owners})
            for number in numbers
        },
        tuple(_row(line, numbers) for line in row.get("rows", ())),
    )


def _row(line: Mapping[str, Any], numbers: list[int]) -> ElementRow:
    return ElementRow(
        tuple(line["path"].split(".")),
        Level(line["level"]),
        frozenset(line.get("applications", numbers)),
        frozenset(Kind(kind) for kind in line.get("kinds", Kind)),
        _since(line),
        line.get("target", ""),
    )


def _since(line: Mapping[str, Any]) -> Mapping[int, str]:
    return {int(number): version for number, version in line.get("since", {}).items()}


def _has(since: Mapping[int, str], application: int, version: str) -> bool:
    return application not in since or is_at_least(version, since[application])
