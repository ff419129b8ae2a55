"""The form and the tree of a draft: what they show of a text, and the text after what a person did in them.

Turns changes into texts through `compose`; every reading and writing of a message happens off the caller's thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbench.compose import Document
from workbench.compose.changes import (
    Duplicated,
    ElementAdded,
    FieldSet,
    FormChange,
    ItemAdded,
    Moved,
    Removed,
    ResourceAdded,
    ValueSet,
    changed,
    entry_of,
)
from workbench.compose.document import TYPING, Histories, difference
from workbench.compose.form import Addition, CardView, FieldView, FormView, GroupView, ItemView, SectionView, form_of
from workbench.compose.form_names import type_title
from workbench.compose.form_table import FieldKind
from workbench.compose.links import Link, LinkMap, links_of
from workbench.compose.new_elements import can_add
from workbench.compose.shown import shown, written
from workbench.messages import Syntax, convert, parse, paths
from workbench.messages.pretty import laid_out
from workbench.messages.words import words_of
from workbench.rules import profile_of
from workbench.session.repairing import Repaired, repaired, repaired_all

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from workbench.messages import Finding, Message
    from workbench.session.drafts import DraftDesk
    from workbench.session.engine import Engine
    from workbench.session.offers import Offers
    from workbench.standard import VersionProfile
    from workbench.standard.definitions import Definition

_IDS = 4
"""Fresh ids that one change may need."""


class Pictured(NamedTuple):
    """A message as form and tree show it."""

    form: FormView
    links: LinkMap


class Wanted(NamedTuple):
    """A change, and what it may need to be made."""

    change: FormChange
    now: datetime
    fresh: tuple[str, ...]
    """Ids."""


class Edited(NamedTuple):
    """A text after a change in the form or the tree."""

    text: str
    label: str
    """In the words of the undo menu."""
    form: FormView


@dataclass(frozen=True, slots=True)
class Told:
    """Findings by where the form shows them."""

    fields: dict[str, list[Finding]]
    """By the key of the field."""
    cards: dict[str, list[Finding]]
    """By the path of the card: all of it, those of its fields too."""


class Forms:
    """The use cases of form and tree; called on the I/O thread."""

    def __init__(self, engine: Engine, drafts: DraftDesk, offers: Offers) -> None:
        self._engine = engine
        self._drafts = drafts
        self._offers = offers
        self.histories = Histories()
        """What can be taken back of drafts that are not in front; only the window's thread touches it."""

    async def picture(self, message: Message, versions: VersionProfile, service: str = "") -> Pictured:
        """What form and tree show of a message to a service that was read already."""
        offered = await self._offered(service)
        return await self._engine.compute(pictured, message, versions, offered, size=len(message.source))

    async def change(self, text: str, change: FormChange, versions: VersionProfile, service: str = "") -> Edited:
        """The text with a change, all else as it was typed; InputError where it cannot be read or does not fit."""
        engine = self._engine
        wanted = Wanted(change, engine.clock(), tuple(engine.ids() for _ in range(_IDS)))
        return await engine.compute(edited, text, wanted, versions, await self._offered(service), size=len(text))

    async def _offered(self, service: str) -> tuple[Definition, ...]:
        """The message definitions of a service, where they are known."""
        return await self._offers.definitions(self._engine.current_environment().id, service)

    async def convert(self, text: str, syntax: str) -> str:
        """The text in the other syntax, `json` or `xml`; InputError where it cannot be read."""
        return await self._engine.compute(converted, text, syntax, size=len(text))

    async def lay_out(self, text: str) -> str:
        """The text with one element a line; InputError where it does not come to an end."""
        return await self._engine.compute(laid_out, text, size=len(text))

    async def apply_fix(self, text: str, finding: Finding) -> str:
        """The text with the repair of a finding applied; InputError when it has none or no longer fits the text."""
        return await self._engine.compute(repaired, text, finding, size=len(text))

    async def apply_fixes(self, draft_id: str, text: str, findings: tuple[Finding, ...]) -> Repaired:
        """The text with the repairs of all these findings; InputError when it cannot be read."""
        versions = self._drafts.find(draft_id).versions
        packages = await self._engine.packages.ready()
        return await self._engine.compute(repaired_all, text, findings, versions, packages, size=len(text))

    async def can_add(self, message: Message, path: str) -> tuple[str, ...]:
        """The elements that may be added below the element at a path."""
        return await self._engine.compute(can_add, message, path)


def crumb_words(name: str) -> str:
    """A step on the way to an element in plain words: `resource (ServiceRequest)`, or `ServiceRequest` of XML, as
    "Referral (ServiceRequest)", `basedOn 0` as "based on 0"."""
    kind = name.removeprefix("resource (").removesuffix(")")
    if kind[:1].isupper():
        title = type_title(kind)
        return title if title == kind else f"{title} ({kind})"
    bare, _, number = name.partition(" ")
    return f"{words_of(bare)} {number}".strip()


def converted(text: str, syntax: str) -> str:
    """A text in the other syntax."""
    return convert(parse(text.encode("utf-8")), Syntax(syntax)).text


def pictured(message: Message, versions: VersionProfile, offered: tuple[Definition, ...] = ()) -> Pictured:
    """The form and the links of a message; `offered` are the definitions of its receiver."""
    return Pictured(form_of(message, profile_of(message.facts, versions), offered), links_of(message))


def edited(text: str, wanted: Wanted, versions: VersionProfile, offered: tuple[Definition, ...] = ()) -> Edited:
    """A text with a change."""
    message = parse(text.encode("utf-8", "surrogatepass"), what="The draft")
    made = changed(message, wanted.change, wanted.now, iter(wanted.fresh).__next__)
    form = form_of(made, profile_of(made.facts, versions), offered)
    return Edited(made.text if made is not message else text, wanted.change.label(message), form)


def told(form: FormView, findings: Iterable[Finding]) -> Told:
    """Which field every finding is told under, and which card it counts for.

    A finding belongs to the field of the nearest element above it that the form shows.
    """
    owners: dict[str, str] = {}
    cards = {card.path for section in form.sections for card in section.cards}
    for section in form.sections:
        for shown_card in section.cards:
            fields = tuple(shown_card.all_fields())
            for field in fields:
                owners.setdefault(field.path, field.key)
            for field in fields:
                owners.setdefault(field.owner, field.key)
    result = Told({}, {})
    for finding in findings:
        if finding.path.startswith(("headers[", "parameters[")):
            continue
        path, key, card = finding.path, "", ""
        while not card:
            key = key or owners.get(path, "")
            card = path if path in cards else ""
            if (above := paths.parent(path)) == path:
                break
            path = above
        if key:
            result.fields.setdefault(key, []).append(finding)
        if card:
            result.cards.setdefault(card, []).append(finding)
    return result


__all__ = [
    "TYPING",
    "Addition",
    "CardView",
    "Document",
    "Duplicated",
    "Edited",
    "ElementAdded",
    "FieldKind",
    "FieldSet",
    "FieldView",
    "FormChange",
    "FormView",
    "Forms",
    "GroupView",
    "Histories",
    "ItemAdded",
    "ItemView",
    "Link",
    "LinkMap",
    "Moved",
    "Pictured",
    "Removed",
    "ResourceAdded",
    "SectionView",
    "Told",
    "ValueSet",
    "Wanted",
    "crumb_words",
    "difference",
    "edited",
    "entry_of",
    "pictured",
    "shown",
    "told",
    "written",
]
