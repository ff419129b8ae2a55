"""A message as a form: sections, cards, fields and groups with their values, made from the table.

Pure: a message in, values out, for a thread or a worker process. It must not know findings or widgets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from workbench.compose.form_counts import Counts, counts_of
from workbench.compose.form_names import own_name, type_title
from workbench.compose.form_places import element_of, holds, locate, uncovered
from workbench.compose.form_table import CardSpec, FieldKind, FieldSpec, GroupSpec, SectionSpec, form_table
from workbench.compose.form_values import shown_value
from workbench.compose.templates import notation
from workbench.messages import owner_of, tree
from workbench.standard.elements import Kind, Level, element_tables
from workbench.standard.events import Event
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.messages import JsonObject, Message
    from workbench.standard import VersionProfile
    from workbench.standard.definitions import Definition

MOST_CARDS = 40
"""Cards of one section; what is beyond them is in the tree."""
MOST_ITEMS = 20
"""Items of one group."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field with its value."""

    base: str
    """The path of the resource or item that the field is of."""
    spec: FieldSpec
    path: str
    """Of the element that an edit sets."""
    owner: str
    """Of the element that the table names."""
    value: str
    """As it is chosen or typed; empty where the element is absent."""
    choices: tuple[tuple[str, str], ...] = ()
    """(value, words)."""
    required: bool = False
    note: str = ""
    """A code or system beside the label."""

    @property
    def key(self) -> str:
        """What stays the same while its value changes."""
        return f"{self.base}|{self.spec.path}|{self.spec.label}"


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item of a group."""

    path: str
    title: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """Fields that repeat."""

    path: str
    spec: GroupSpec
    items: tuple[ItemView, ...]
    more: int = 0
    """Items that are not shown."""


@dataclass(frozen=True, slots=True)
class CardView:
    """One resource."""

    path: str
    title: str
    note: str
    """The resource type, where the title does not say it."""
    fields: tuple[FieldView, ...]
    groups: tuple[GroupView, ...]
    more: int
    """Elements that the form does not show."""
    removable: bool
    needed: bool = False
    """Whether the message definition asks for it."""
    count: str = ""
    """`1 of 1` where the message definition says how many there may be at most."""

    def all_fields(self) -> Iterator[FieldView]:
        """Its fields and those of its groups."""
        yield from self.fields
        for group in self.groups:
            for item in group.items:
                yield from item.fields


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section."""

    spec: SectionSpec
    cards: tuple[CardView, ...]
    more: int = 0
    """Cards that are not shown."""


class Addition(NamedTuple):
    """A resource that can be added, or cannot."""

    id: str
    words: str
    reason: str = ""
    """Why it cannot be added now; empty where it can."""


@dataclass(frozen=True, slots=True)
class FormView:
    """The whole form of one message."""

    sections: tuple[SectionView, ...]
    additions: tuple[Addition, ...]
    missing: tuple[str, ...] = ()
    """Titles of what the message definition asks for and the message does not hold."""


class _Asked(NamedTuple):
    """Which table of elements holds for a message."""

    application: int
    version: str
    kind: Kind


def form_of(message: Message, versions: VersionProfile, offered: Sequence[Definition] = ()) -> FormView:
    """The form of a message or of a single resource; `offered` are the receiver's own message definitions."""
    counts = counts_of(message, offered)
    asked = _asked(message, versions)
    places: list[tuple[str, JsonObject]] = [(message.resource_type, message.resource)]
    places += [(entry.path, entry.resource) for entry in message.entries() if entry.resource]
    cards: dict[str, list[CardView]] = {}
    left: dict[str, int] = {}
    for path, resource in places:
        section = form_table().section_of(tree.text(resource.get("resourceType")) or "")
        held = cards.setdefault(section.id, [])
        if len(held) < MOST_CARDS:
            held.append(_card(message, path, resource, asked, counts))
        else:
            left[section.id] = left.get(section.id, 0) + 1
    sections = tuple(
        SectionView(section, tuple(cards[section.id]), left.get(section.id, 0))
        for section in form_table().sections
        if section.id in cards
    )
    return FormView(sections, tuple(_additions(message, counts)), counts.missing())


def _asked(message: Message, versions: VersionProfile) -> _Asked:
    facts = message.facts
    case = use_cases().get(facts.use_case or "")
    kind = Kind.REPLY if facts.event == Event.SERVICEREQUEST_RESPONSE else Kind.REQUEST
    if facts.event == Event.BOOKING_REQUEST:
        kind = Kind.BOOKING
    application = case.application if case and case.application else versions.application
    return _Asked(application, versions.application_version, kind)


def _additions(message: Message, counts: Counts) -> Iterator[Addition]:
    if message.resource_type != "Bundle":
        return
    for one in form_table().additions:
        kind = one.type or notation().blocks[one.block].type
        reason = ""
        if one.needs and not counts.held.get(one.needs):
            reason = f"needs: {type_title(one.needs).lower()}"
        elif counts.is_full(kind):
            reason = f"{counts.of(kind)}, the message definition allows no more"
        yield Addition(one.id, one.title, reason)


def _card(message: Message, path: str, resource: JsonObject, asked: _Asked, counts: Counts) -> CardView:
    kind = tree.text(resource.get("resourceType")) or "Resource"
    spec = form_table().cards.get(kind) or CardSpec(kind, type_title(kind))
    musts = _musts(kind, asked)
    fields = tuple(_fields(message, path, resource, spec.fields, musts))
    groups = tuple(_group(message, path, one, musts) for one in spec.groups)
    several = sum(1 for entry in message.entries() if entry.type == kind) > 1
    name = own_name(resource) if several or not fields else ""
    card = CardView(
        path,
        f"{spec.title}: {name}" if name else spec.title,
        "" if spec.title == kind else kind,
        fields,
        groups,
        0,
        removable=path != message.resource_type and kind != "MessageHeader",
        needed=path != message.resource_type and counts.is_needed(kind),
        count=counts.of(kind) if path != message.resource_type else "",
    )
    return replace(card, more=uncovered(resource, path, _covered(card)))


def _covered(card: CardView) -> frozenset[str]:
    """Everything the fields of a card show."""
    found: set[str] = set()
    for field in card.all_fields():
        if field.spec.kind is FieldKind.IDENTIFIER:
            found |= {f"{field.path}.system", f"{field.path}.value"}
        else:
            found.add(field.path)
    return frozenset(found)


def _musts(kind: str, asked: _Asked) -> frozenset[tuple[str, ...]]:
    """The elements that the payload tables ask of a resource type."""
    table = element_tables().get(kind)
    rows = table.rows if table else ()
    return frozenset(row.path for row in rows if row.level is Level.MUST and row.holds_for(*asked))


def _fields(
    message: Message,
    base: str,
    held: JsonObject,
    specs: tuple[FieldSpec, ...],
    musts: frozenset[tuple[str, ...]],
) -> Iterator[FieldView]:
    for spec in specs:
        if (spec.when and not holds(held, spec.when)) or (spec.unless and holds(held, spec.unless)):
            continue
        yield _field(message, base, spec, musts)


def _field(message: Message, base: str, spec: FieldSpec, musts: frozenset[tuple[str, ...]]) -> FieldView:
    path, value, owner = locate(message, base, spec)
    known = element_of(message, owner)
    names = tuple(_names(owner))
    required = spec.required or bool(known and known.min and "." not in spec.path) or names in musts
    text, choices, note = shown_value(message, spec, value, known)
    return FieldView(base, spec, path, owner, text, choices, required, note)


def _names(path: str) -> Iterator[str]:
    """The names of a path below its resource, without places in lists."""
    for part in path[len(owner_of(path)) :].split("."):
        if name := part.partition("[")[0]:
            yield name


def _group(message: Message, base: str, spec: GroupSpec, musts: frozenset[tuple[str, ...]]) -> GroupView:
    path = f"{base}.{spec.path}"
    held = message.at(path)
    items = held if isinstance(held, list) else [] if held is None else [held]
    shown = tuple(
        ItemView(
            f"{path}[{number}]",
            f"{spec.label} {number + 1}" if len(items) > 1 else spec.label,
            tuple(_fields(message, f"{path}[{number}]", tree.as_object(item), spec.fields, musts)),
        )
        for number, item in enumerate(items[:MOST_ITEMS])
    )
    return GroupView(path, spec, shown, max(0, len(items) - MOST_ITEMS))
