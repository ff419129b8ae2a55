"""The tables of `resources/templates` as typed values: which messages can be composed, and of what.

It must not know the facts they are filled with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from workbench import assets
from workbench.errors import ErrorCode, InputError
from workbench.standard.message_kinds import MessageKind, message_kinds
from workbench.standard.use_cases import use_cases
from workbench.standard.versions import is_at_least

Value = str | int | float | bool
Changes = Mapping[str, Value]
"""Values by path, in the notation of `blocks.toml`."""


class Purpose(StrEnum):
    """What a message is for; a use case serves one or more of them."""

    BOOKING = "booking"
    REFERRAL = "referral"
    VALIDATION = "validation"


class Origin(StrEnum):
    """Where an entry of a message comes from."""

    MAKE = "make"
    """From its block."""
    KEEP = "keep"
    """From the message this one answers or follows; left out when that has none."""
    ENSURE = "ensure"
    """From there, else from its block."""
    OFFER = "offer"
    """From the answer to GET /Slot; from its block only when there was no answer at all."""


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One entry of a message to be."""

    name: str
    origin: Origin
    since: str = ""
    """The version of the Application from which it may be sent."""
    until: str = ""
    """The version from which it may no longer be sent."""

    def fits(self, version: str) -> bool:
        """Whether a message of this version of its Application has it."""
        return _within(version, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Edition:
    """What is different in some versions of an Application."""

    since: str
    until: str
    changes: Mapping[str, Changes]


@dataclass(frozen=True, slots=True)
class Block:
    """How one resource is made."""

    type: str
    profiles: tuple[str, ...]
    needs: Mapping[str, str]
    """Fact by path: the element is taken away when the fact has no value."""
    values: Changes


@dataclass(frozen=True, slots=True)
class Template:
    """One message that can be composed."""

    id: str
    kind: MessageKind
    title: str
    summary: str
    applications: tuple[int, ...]
    purpose: Purpose
    focus: str
    """Name of the entry MessageHeader.focus points to."""
    entries: tuple[Ingredient, ...]
    changes: Mapping[str, Changes]
    editions: tuple[Edition, ...]
    follows: bool
    """Whether it answers or follows an earlier message: made by `reply` or `cancel`, not by `compose`."""
    why: str
    """The reason given unless a person gives another."""
    variant: str
    """Tells the messages of one kind apart: empty for the least one, else `full`."""
    only: tuple[str, ...]
    """The use cases it serves; none = every one of its Applications that has its purpose."""

    @property
    def use_cases(self) -> tuple[str, ...]:
        """The use cases it serves, in the order of the code system, withdrawn ones left out."""
        return tuple(
            case.code
            for case in use_cases().values()
            if case.application in self.applications
            and getattr(case, self.purpose.value)
            and not case.withdrawn
            and (not self.only or case.code in self.only)
        )

    def changes_in(self, version: str) -> Mapping[str, Changes]:
        """What is changed in its entries in a version of its Application."""
        found = self.changes
        for edition in self.editions:
            if _within(version, edition.since, edition.until):
                found = _laid_over(found, edition.changes)
        return found


@dataclass(frozen=True, slots=True)
class Notation:
    """The short names blocks use."""

    systems: Mapping[str, str]
    profiles: Mapping[str, str]
    blocks: Mapping[str, Block]
    words: Mapping[str, Mapping[str, str]]
    """Facts that a use case brings with it, by its code."""


@cache
def notation() -> Notation:
    """The blocks and their short names."""
    table = assets.table("templates", "blocks.toml")
    blocks = {
        name: Block(row["type"], tuple(row["profiles"]), row.get("needs", {}), row["set"])
        for name, row in table["block"].items()
    }
    return Notation(table["system"], table["profile"], blocks, table["words"])


@cache
def _templates() -> Mapping[str, Template]:
    rows: dict[str, dict[str, Any]] = {}
    for row in assets.table("templates", "messages.toml")["message"]:
        rows[row["id"]] = _merged(rows[row["like"]], row) if "like" in row else row
    return {name: _template(row) for name, row in rows.items()}


def _merged(model: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """A row that starts from another: its own fields win, its changes are laid over, its additions appended."""
    return {
        **model,
        **row,
        "change": _laid_over(model.get("change", {}), row.get("change", {})),
        "edition": [*model.get("edition", []), *row.get("edition", [])],
        "entries": [*model["entries"], *row.get("adds", [])],
    }


def _laid_over(below: Mapping[str, Changes], above: Mapping[str, Changes]) -> dict[str, Changes]:
    """Changes of entries, those above winning path by path."""
    found = dict(below)
    for name, values in above.items():
        found[name] = {**found.get(name, {}), **values}
    return found


def _within(version: str, since: str, until: str) -> bool:
    """Whether a version is in a range; an empty end is open."""
    return (not since or is_at_least(version, since)) and not (until and is_at_least(version, until))


def _template(row: dict[str, Any]) -> Template:
    return Template(
        id=row["id"],
        kind=message_kinds()[row["kind"]],
        title=row["title"],
        summary=row["summary"],
        applications=tuple(row["applications"]),
        purpose=Purpose(row["purpose"]),
        focus=row["focus"],
        entries=tuple(_ingredient(words, row.get("since", {}), row.get("until", {})) for words in row["entries"]),
        changes=row.get("change", {}),
        editions=tuple(
            Edition(one.get("since", ""), one.get("until", ""), one["change"]) for one in row.get("edition", [])
        ),
        follows=row.get("follows", False),
        why=row.get("why", ""),
        variant=row.get("variant", ""),
        only=tuple(row.get("only", ())),
    )


def _ingredient(words: str, since: Mapping[str, str], until: Mapping[str, str]) -> Ingredient:
    origin, _, name = words.rpartition(" ")
    return Ingredient(name, Origin(origin or "make"), since.get(name, ""), until.get(name, ""))


def templates() -> tuple[Template, ...]:
    """Every message that can be composed, new ones first."""
    return tuple(_templates().values())


def template(id: str) -> Template:
    """One of them; InputError `input.template` for an id that does not exist."""
    found = _templates().get(id)
    if found is None:
        raise InputError(ErrorCode.INPUT_TEMPLATE, what=f"The message '{id}'", cause="there is no such template")
    return found
