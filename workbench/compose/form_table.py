"""The table of the form: sections, cards, fields and groups of every resource type, value lists, what can be added.

Loaded from `resources/standard/form.toml`; it must not know a message.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from workbench import assets
from workbench.standard.codes import code_systems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.compose.templates import Changes


class FieldKind(StrEnum):
    """How the value of a field is written."""

    TEXT = "text"
    LINES = "lines"
    WORDS = "words"
    """A list of texts on one line."""
    CODE = "code"
    TRUTH = "truth"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    CONCEPT = "concept"
    CODING = "coding"
    REFERENCE = "reference"
    IDENTIFIER = "identifier"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a card."""

    label: str
    path: str
    """Below the resource or the item of a group; empty = the item itself."""
    kind: FieldKind
    systems: tuple[str, ...] = ()
    """URLs."""
    open: bool = False
    """Whether another code than those listed may be written."""
    required: bool = False
    hint: str = ""
    wide: bool = False
    within: bool = False
    """Whether codes of several systems share one concept of the list."""
    separator: str = " "
    when: str = ""
    """Shown only where this element is there."""
    unless: str = ""
    """Shown only where this element is not there."""


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """Fields that repeat."""

    label: str
    path: str
    new: str
    """What is added, as JSON; `{}` for a reference, which then leads to the first resource that fits."""
    fields: tuple[FieldSpec, ...]


@dataclass(frozen=True, slots=True)
class CardSpec:
    """The card of a resource type."""

    type: str
    title: str
    fields: tuple[FieldSpec, ...] = ()
    groups: tuple[GroupSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """A section of the form."""

    id: str
    title: str
    icon: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdditionSpec:
    """A resource that can be added."""

    id: str
    title: str
    block: str = ""
    """The block of the templates that makes it; empty = made of `values`."""
    type: str = ""
    profile: str = ""
    values: Changes | None = None
    needs: str = ""
    """The type of a resource that must be in the message."""


@dataclass(frozen=True, slots=True)
class FormTable:
    """The whole table."""

    sections: tuple[SectionSpec, ...]
    cards: Mapping[str, CardSpec]
    additions: tuple[AdditionSpec, ...]
    values: Mapping[str, Mapping[str, str]]
    """Codes with words by system, for systems that the standard has no table of."""
    words: Mapping[str, str]

    def section_of(self, type_name: str) -> SectionSpec:
        """The section a resource type stands in; the last one takes what no other does."""
        return next((one for one in self.sections if type_name in one.types), self.sections[-1])

    def codes(self, system: str) -> Mapping[str, str]:
        """The codes of a system with their words; empty for one that is too large or unknown."""
        known = code_systems().get(system)
        return known.codes if known else self.values.get(system, {})

    def code_words(self, code: str) -> str:
        """`entered-in-error` as "Entered in error"."""
        plain = code.replace("-", " ")
        return self.words.get(code) or plain[:1].upper() + plain[1:]


@cache
def form_table() -> FormTable:
    """The table, read once."""
    table = assets.table("standard", "form.toml")
    systems: Mapping[str, str] = table["system"]
    return FormTable(
        tuple(SectionSpec(row["id"], row["title"], row["icon"], tuple(row["types"])) for row in table["section"]),
        {row["type"]: _card(row, systems) for row in table["resource"]},
        tuple(
            AdditionSpec(
                row["id"],
                row["title"],
                row.get("block", ""),
                row.get("type", ""),
                row.get("profile", ""),
                row.get("set"),
                row.get("needs", ""),
            )
            for row in table["addition"]
        ),
        table["values"],
        table["words"],
    )


def _card(row: Mapping[str, Any], systems: Mapping[str, str]) -> CardSpec:
    return CardSpec(
        row["type"],
        row["title"],
        tuple(_field(line, systems) for line in row["fields"]),
        tuple(_group(line, systems) for line in row.get("groups", ())),
    )


def _group(row: Mapping[str, Any], systems: Mapping[str, str]) -> GroupSpec:
    lines = row.get("fields") or [{"label": row["label"], "path": "", "kind": row["kind"]}]
    return GroupSpec(row["label"], row["path"], json.dumps(row["new"]), tuple(_field(line, systems) for line in lines))


def _field(row: Mapping[str, Any], systems: Mapping[str, str]) -> FieldSpec:
    more = {name: value for name, value in row.items() if name not in ("label", "path", "kind", "system")}
    named = tuple(systems[name] for name in row.get("system", ()))
    return FieldSpec(row["label"], row["path"], FieldKind(row["kind"]), named, **more)
