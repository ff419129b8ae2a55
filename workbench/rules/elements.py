"""Rules of the payload tables: elements of resources that an Application requires, recommends or does not list.

Driven by the table alone; must not know single elements. What a rule of its own says is not in the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit
from workbench.standard.elements import Kind, Level, element_tables
from workbench.standard.events import Event
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.messages import Fix, JsonObject, JsonValue
    from workbench.rules.survey import Survey
    from workbench.rules.values import Submission
    from workbench.standard.elements import ElementRow

_EVERYWHERE = frozenset(
    {"resourceType", "id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension"}
)
_FROM_SLOTS = frozenset({"Slot", "Schedule", "HealthcareService", "Practitioner", "PractitionerRole", "Location"})


def full_messages(s: Submission) -> bool:
    """Messages that carry whole resources: requests, bookings and replies, no cancellations."""
    return scope.with_header(s) and not survey(s).is_cancellation


@rule("TAB-001", Severity.WARNING, source=sources.PAYLOAD, applies=full_messages)
def required_elements_are_there(s: Submission) -> Iterator[Hit]:
    """An element that the Application's payload table requires is there.

    Only the tables ask for these elements, and official examples do not keep to all of them: on a received message it
    is a warning, when we compose an error.
    """
    severity = Severity.ERROR if s.composing else Severity.WARNING
    for row, path, kind in _missing(s, Level.MUST):
        text = f"The {kind} has no {_name(row)}, which Application {_number(survey(s), s)} requires."
        yield Hit(path, text, _link(survey(s), row, path, kind), severity)


@rule("TAB-002", Severity.INFORMATION, source=sources.PAYLOAD, applies=full_messages)
def recommended_elements_are_there(s: Submission) -> Iterator[Hit]:
    """An element that the Application's payload table recommends is there; without it the message is still good."""
    for row, path, kind in _missing(s, Level.SHOULD):
        text = f"The {kind} has no {_name(row)}, which Application {_number(survey(s), s)} recommends."
        yield Hit(path, text, _link(survey(s), row, path, kind))


@rule("TAB-003", Severity.WARNING, source=sources.PAYLOAD, applies=full_messages)
def unwanted_elements_are_left_out(s: Submission) -> Iterator[Hit]:
    """An element that the Application's payload table advises against is left out."""
    found = survey(s)
    for row, path, resource in _rows(s, Level.SHOULD_NOT):
        for place in _places(resource, path, row.path):
            text = f"Application {_number(found, s)} advises against {_name(row)} in a {resource['resourceType']}."
            yield Hit(place, text)


@rule("TAB-004", Severity.INFORMATION, source=sources.PAYLOAD, applies=scope.with_header)
def elements_are_listed(s: Submission) -> Iterator[Hit]:
    """Every element of a resource is one that the Application's payload table lists.

    FHIR allows others, and a receiver may pass them over. What was copied from a search for slots keeps what the
    receiver gave.
    """
    found = survey(s)
    number = _number(found, s)
    booking = found.facts.event == Event.BOOKING_REQUEST
    for entry in found.entries:
        table = element_tables().get(entry.type)
        listed = table.lists(number, s.versions.application_version) if table else None
        if listed is None or (booking and entry.type in _FROM_SLOTS):
            continue
        for name in entry.resource:
            if name in listed or name in _EVERYWHERE or name.startswith("_"):
                continue
            spec = r4().element(entry.type, name)
            if spec is None or spec.min or spec.choice in listed:
                continue
            text = f"No payload table of Application {number} lists {entry.type}.{name}: a receiver may pass it over."
            yield Hit(f"{entry.path}.{name}", text)


def _missing(s: Submission, level: Level) -> Iterator[tuple[ElementRow, str, str]]:
    """Every place where an element of a level is missing: its line, its path and the resource type."""
    for row, path, resource in _rows(s, level):
        for place in _gaps(resource, path, row.path):
            yield row, place, str(resource["resourceType"])


def _rows(s: Submission, level: Level) -> Iterator[tuple[ElementRow, str, JsonObject]]:
    """Every line of a level that holds for the message, with every resource that it is about."""
    found = survey(s)
    number, version = _number(found, s), s.versions.application_version
    kind = Kind.REPLY if found.is_response else Kind.REQUEST
    if found.facts.event == Event.BOOKING_REQUEST:
        kind = Kind.BOOKING
    for type_name, table in element_tables().items():
        held = found.all(type_name)
        if not held:
            continue
        for row in table.rows:
            if row.level is level and row.holds_for(number, version, kind):
                yield from ((row, entry.path, entry.resource) for entry in held)


def _number(found: Survey, s: Submission) -> int:
    """The Application: that of the use case, else that of the versions in use."""
    return found.application or s.versions.application


def _name(row: ElementRow) -> str:
    return ".".join(row.path).replace("[x]", "")


def _gaps(value: JsonObject, path: str, names: Sequence[str]) -> Iterator[str]:
    """Where the last name is missing although all before it are there."""
    name = names[0]
    if len(names) == 1:
        if not _held(value, name):
            yield f"{path}.{name.removesuffix('[x]')}"
        return
    for place, inner in _inner(value, path, name):
        yield from _gaps(inner, place, names[1:])


def _places(value: JsonObject, path: str, names: Sequence[str]) -> Iterator[str]:
    """Where an element is."""
    name = names[0]
    if len(names) == 1:
        if _held(value, name):
            yield f"{path}.{name}"
        return
    for place, inner in _inner(value, path, name):
        yield from _places(inner, place, names[1:])


def _inner(value: JsonObject, path: str, name: str) -> Iterator[tuple[str, JsonObject]]:
    held: JsonValue = value.get(name)
    for index, item in enumerate(tree.objects(held)):
        yield (f"{path}.{name}[{index}]" if isinstance(held, list) else f"{path}.{name}"), item


def _held(value: JsonObject, name: str) -> bool:
    """Whether an element has something in it; of a choice any of its types, of a primitive an extension alone too."""
    if name.endswith("[x]"):
        stem = name[:-3]
        return any(key.startswith(stem) and key[len(stem) : len(stem) + 1].isupper() for key in value)
    return any(value.get(key) not in (None, "", [], {}) for key in (name, f"_{name}"))


def _link(found: Survey, row: ElementRow, path: str, kind: str) -> Fix | None:
    """Link to the one entry that can be meant."""
    held = found.all(row.target) if row.target else ()
    if len(row.path) > 1 or len(held) != 1 or not held[0].full_url:
        return None
    spec = r4().element(kind, row.path[0])
    place = f"{path}[0].reference" if spec and spec.repeats else f"{path}.reference"
    return set_fix(f"Link to {row.target}", place, held[0].full_url)
