"""Messages with one fault each, made by kind from a good message: what a validator should see, and where."""

from __future__ import annotations

import base64
import copy
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.rules.builders import headers_for
from workbench.messages import build, tree
from workbench.messages.paths import parse_path
from workbench.standard.codes import code_systems
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workbench.exchange import Headers
    from workbench.messages import JsonObject, Message

REQUIRED = (
    "Bundle.id",
    "Bundle.type",
    "Bundle.timestamp",
    "Bundle.meta.versionId",
    "Bundle.meta.lastUpdated",
    "Bundle.meta.profile",
    "MessageHeader.eventCoding",
    "MessageHeader.eventCoding.system",
    "MessageHeader.eventCoding.code",
    "MessageHeader.destination",
    "MessageHeader.destination[0].endpoint",
    "MessageHeader.destination[0].receiver",
    "MessageHeader.source",
    "MessageHeader.source.endpoint",
    "MessageHeader.sender",
    "MessageHeader.reason",
    "MessageHeader.focus",
    "MessageHeader.definition",
    "ServiceRequest.status",
    "ServiceRequest.intent",
    "ServiceRequest.subject",
    "ServiceRequest.category",
    "ServiceRequest.encounter",
    "Appointment.status",
    "Appointment.participant",
    "Appointment.slot",
    "Appointment.start",
    "Appointment.serviceCategory",
    "Slot.schedule",
    "Slot.status",
    "Slot.start",
    "Schedule.actor",
    "Patient.meta.lastUpdated",
    "Encounter.status",
    "Encounter.class",
    "CarePlan.status",
    "CarePlan.intent",
    "CarePlan.subject",
    "Consent.status",
    "Consent.scope",
    "Consent.category",
    "Observation.status",
    "Observation.code",
    "Flag.status",
    "Flag.code",
    "Flag.subject",
    "Task.status",
    "Task.intent",
    "Condition.subject",
    "QuestionnaireResponse.status",
    "MedicationStatement.status",
    "MedicationStatement.subject",
    "AllergyIntolerance.patient",
    "Communication.status",
    "Procedure.status",
    "Procedure.subject",
)
"""What base R4, a profile or the guide asks for; of the types a message has, the first resource."""

FOREIGN = ({"resourceType": "Basic", "code": {"text": "x"}}, {"resourceType": "Media", "status": "completed"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """A message with one fault."""

    kind: str
    place: str
    """Where the fault is; a finding there, below it, or at its parent counts."""
    source: bytes
    headers: Headers | None = None


def mutants(message: Message) -> Iterator[Mutant]:
    """Every mutant of a message."""
    for kind, make in KINDS.items():
        places: set[str] = set()
        for place, broken in make(message):
            shape = _shape(message, place)
            if shape not in places or kind not in _MANY:
                places.add(shape)
                yield Mutant(kind, place, build(broken).source)
    yield from header_mutants(message)


_MANY = ("drop base required", "wrong code", "bad time")
"""Kinds of which one for every element of every resource type is enough."""


def _shape(message: Message, place: str) -> str:
    """The place without its numbers, by the type of its resource."""
    entry = next((one for one in message.entries() if place.startswith(f"{one.path}.")), None)
    return re.sub(r"\[\d+\]", "", f"{entry.type}{place[len(entry.path) :]}" if entry else place)


def _first(message: Message, type: str) -> str | None:
    return next((entry.path for entry in message.entries() if entry.type == type), None)


def _changed(message: Message, path: str, change: Callable[[Any, Any], None]) -> JsonObject:
    """A copy in which `change` was given the owner of a path and its last step."""
    made: Any = copy.deepcopy(message.resource)
    owner = made
    *way, last = parse_path(path)[1:]
    for step in way:
        owner = owner[step]
    change(owner, last)
    return made  # type: ignore[no-any-return]


def _dropped(message: Message, path: str) -> JsonObject:
    return _changed(message, path, lambda owner, last: owner.pop(last))


def _put(message: Message, path: str, value: object) -> JsonObject:
    def put(owner: Any, last: Any) -> None:
        owner[last] = value

    return _changed(message, path, put)


def _typed(message: Message) -> Iterator[tuple[str, str, object]]:
    """Every element R4 knows, with its type and value, of the first resource of each type."""
    seen: set[str] = set()
    for entry in message.entries():
        if entry.type in seen or not entry.resource:
            continue
        seen.add(entry.type)
        yield from _walk(entry.resource, entry.path, entry.type)


def _walk(value: JsonObject, path: str, kind: str) -> Iterator[tuple[str, str, object]]:
    table = r4()
    for name, item in value.items():
        spec = table.element(kind, name)
        if spec is None:
            continue
        here = f"{path}.{name}"
        child = table.child_path(kind, name)
        for index, one in enumerate(item) if isinstance(item, list) else ((None, item),):
            place = here if index is None else f"{here}[{index}]"
            yield place, spec.types[0], one
            if isinstance(one, dict) and child and index in (None, 0):
                yield from _walk(one, place, child)


def drop_required(message: Message) -> Iterator[tuple[str, JsonObject]]:
    for wanted in REQUIRED:
        kind, _, below = wanted.partition(".")
        root = "Bundle" if kind == "Bundle" else _first(message, kind)
        if root is None:
            continue
        path = f"{root}.{below}"
        if message.at(path) is not None:
            yield path, _dropped(message, path)


def drop_base_required(message: Message) -> Iterator[tuple[str, JsonObject]]:
    """Elements that base R4 makes mandatory, of datatypes and backbones too."""
    table = r4()
    for entry in message.entries():
        if not entry.resource or entry.type == "MessageHeader":
            continue
        for path, kind, owner in [
            (entry.path, entry.type, entry.resource),
            *_owners(entry.resource, entry.path, entry.type),
        ]:
            for spec in table.elements(kind):
                if spec.min and spec.name in owner and len(owner) > 1:
                    yield f"{path}.{spec.name}", _dropped(message, f"{path}.{spec.name}")


def _owners(value: JsonObject, path: str, kind: str) -> Iterator[tuple[str, str, JsonObject]]:
    """An element and all that are inside it, with their types."""
    table = r4()
    yield path, kind, value
    for name, item in value.items():
        child = table.child_path(kind, name)
        if child is None:
            continue
        for index, one in enumerate(item) if isinstance(item, list) else ((None, item),):
            if isinstance(one, dict):
                place = f"{path}.{name}" if index is None else f"{path}.{name}[{index}]"
                yield from _owners(one, place, child)


def wrong_type(message: Message) -> Iterator[tuple[str, JsonObject]]:
    for number, (path, kind, value) in enumerate(_typed(message)):
        if number % 9:
            continue
        if isinstance(value, str):
            yield path, _put(message, path, {"value": value} if number % 2 else [value])
        elif isinstance(value, bool):
            yield path, _put(message, path, "true")
        elif isinstance(value, dict) and kind != "Resource":
            yield path, _put(message, path, "text" if number % 2 else True)


def unknown_element(message: Message) -> Iterator[tuple[str, JsonObject]]:
    for number, (path, kind, value) in enumerate(_typed(message)):
        if isinstance(value, dict) and kind != "Resource" and number % 11 == 0:
            yield f"{path}.colour", _put(message, f"{path}.colour", "red")


def wrong_code(message: Message) -> Iterator[tuple[str, JsonObject]]:
    """A code outside a required binding of base R4."""
    table = r4()
    for entry in message.entries():
        for path, kind, owner in [
            (entry.path, entry.type, entry.resource),
            *_owners(entry.resource, entry.path, entry.type),
        ]:
            for name, value in owner.items():
                spec = table.element(kind, name)
                if spec and spec.codes and isinstance(value, str) and spec.types[0] == "code":
                    yield f"{path}.{name}", _put(message, f"{path}.{name}", "no-such-code")


def wrong_system_case(message: Message) -> Iterator[tuple[str, JsonObject]]:
    done: set[str] = set()
    for path, value in tree.walk(message.resource, "Bundle"):
        if not isinstance(value, dict) or value.get("system") not in code_systems():
            continue
        system = str(value["system"])
        if system not in done:
            done.add(system)
            yield f"{path}.system", _put(message, f"{path}.system", system.replace("CodeSystem", "codesystem"))


def unpublished_code(message: Message) -> Iterator[tuple[str, JsonObject]]:
    done: set[str] = set()
    for path, value in tree.walk(message.resource, "Bundle"):
        if not isinstance(value, dict):
            continue
        system = code_systems().get(str(value.get("system")))
        if system is None or system.samples_only or system.url in done or value.get("code") not in system.codes:
            continue
        done.add(system.url)
        yield f"{path}.code", _put(message, f"{path}.code", "no-such-code")


def dangling_reference(message: Message) -> Iterator[tuple[str, JsonObject]]:
    done: set[str] = set()
    for found in message.references():
        shape = re.sub(r"\[\d+\]", "", found.path) + str(found.path.split("]")[0])
        if found.target_entry is not None and shape not in done:
            done.add(shape)
            yield found.path, _put(message, found.path, "urn:uuid:deadbeef-0000-4000-8000-00000000dead")


def broken_reference(message: Message) -> Iterator[tuple[str, JsonObject]]:
    """A reference to a resource of a type that may not stand there: the message header."""
    header = message.entries()[0]
    for number, found in enumerate(message.references()):
        if found.target_entry is not None and number % 4 == 0 and header.full_url:
            yield found.path, _put(message, found.path, header.full_url)


def duplicate_full_url(message: Message) -> Iterator[tuple[str, JsonObject]]:
    entries = message.entries()
    for entry in entries[1:4]:
        path = f"Bundle.entry[{entry.index}].fullUrl"
        yield path, _put(message, path, entries[0].full_url)


def full_urls(message: Message) -> Iterator[tuple[str, JsonObject]]:
    path = "Bundle.entry[1].fullUrl"
    yield path, _dropped(message, path)
    held = str(message.at(path))
    yield path, _put(message, path, held.removeprefix("urn:uuid:"))
    yield path, _put(message, path, "urn:uuid:not-a-uuid")
    yield path, _put(message, path, held.replace("urn:uuid:", "urn:uuid: "))


def foreign_type(message: Message) -> Iterator[tuple[str, JsonObject]]:
    for number, resource in enumerate(FOREIGN):
        made = copy.deepcopy(message.resource)
        held: Any = made["entry"]
        url = f"urn:uuid:0badcafe-0000-4000-8000-00000000f00{number}"
        held.append({"fullUrl": url, "resource": {**resource, "meta": {"lastUpdated": "2026-01-01T00:00:00+00:00"}}})
        yield f"Bundle.entry[{len(held) - 1}].resource", made


def second_header(message: Message) -> Iterator[tuple[str, JsonObject]]:
    made = copy.deepcopy(message.resource)
    held: Any = made["entry"]
    held.append({**copy.deepcopy(held[0]), "fullUrl": "urn:uuid:0badcafe-0000-4000-8000-00000000f0f0"})
    yield f"Bundle.entry[{len(held) - 1}]", made
    made = copy.deepcopy(message.resource)
    held = made["entry"]
    held.append(held.pop(0))
    yield f"Bundle.entry[{len(held) - 1}]", made


def wrong_combination(message: Message) -> Iterator[tuple[str, JsonObject]]:
    header = _first(message, "MessageHeader")
    other = "booking-request" if message.facts.event != "booking-request" else "servicerequest-request"
    yield f"{header}.eventCoding.code", _put(message, f"{header}.eventCoding.code", other)
    yield f"{header}.eventCoding.code", _put(message, f"{header}.eventCoding.code", "booking-response")
    yield f"{header}.eventCoding.code", _put(message, f"{header}.eventCoding.code", "no-such-event")
    yield f"{header}.reason.coding[0].code", _put(message, f"{header}.reason.coding[0].code", "no-such-reason")
    yield f"{header}.definition", _put(message, f"{header}.definition", "https://fhir.nhs.uk/MessageDefinition/none")
    yield f"{header}.focus[0].reference", _put(message, f"{header}.focus[0].reference", message.entries()[0].full_url)
    order = _first(message, "ServiceRequest")
    if order and message.facts.event != "booking-request":
        for status in ("draft", "unknown", "on-hold" if message.facts.category == "referral" else "completed-maybe"):
            yield f"{order}.status", _put(message, f"{order}.status", status)
        yield f"{order}.intent", _put(message, f"{order}.intent", "order")
    appointment = _first(message, "Appointment")
    if appointment and message.facts.event == "booking-request":
        for status in ("proposed", "arrived", "waitlist"):
            yield f"{appointment}.status", _put(message, f"{appointment}.status", status)


def bad_time(message: Message) -> Iterator[tuple[str, JsonObject]]:
    bad = (
        "2023-02-30T10:00:00+00:00",
        "2023-01-01 10:00:00",
        "2023-01-01T25:00:00Z",
        "31/01/2023",
        "2023-1-1T10:00:00Z",
    )
    times = [(p, k) for p, k, v in _typed(message) if k in ("instant", "dateTime", "date") and isinstance(v, str)]
    for number, (path, _) in enumerate(times):
        yield path, _put(message, path, bad[number % len(bad)])
    yield "Bundle.timestamp", _put(message, "Bundle.timestamp", "2023-01-01T10:00:00")
    yield "Bundle.meta.lastUpdated", _put(message, "Bundle.meta.lastUpdated", "2023-01-01")


def bad_nhs_number(message: Message) -> Iterator[tuple[str, JsonObject]]:
    patient = _first(message, "Patient")
    for index, held in enumerate(tree.objects(message.at(f"{patient}.identifier"))):
        if str(held.get("system")).lower().endswith("nhs-number"):
            path = f"{patient}.identifier[{index}].value"
            for bad in ("1234567890", "999 000 0417", "99900004", "abcdefghij"):
                yield path, _put(message, path, bad)


def empty_values(message: Message) -> Iterator[tuple[str, JsonObject]]:
    for number, (path, _, value) in enumerate(_typed(message)):
        if number % 13 == 0 and isinstance(value, str):
            yield path, _put(message, path, "")
        elif number % 13 == 1 and isinstance(value, dict):
            yield path, _put(message, path, {})


KINDS: dict[str, Callable[[Message], Iterator[tuple[str, JsonObject]]]] = {
    made.__name__.replace("_", " "): made
    for made in (
        drop_required,
        drop_base_required,
        wrong_type,
        unknown_element,
        wrong_code,
        wrong_system_case,
        unpublished_code,
        dangling_reference,
        broken_reference,
        duplicate_full_url,
        full_urls,
        foreign_type,
        second_header,
        wrong_combination,
        bad_time,
        bad_nhs_number,
        empty_values,
    )
}


def header_mutants(message: Message) -> Iterator[Mutant]:
    """The same message with one fault in the headers of its call."""
    good = dict(headers_for(message))

    def mutant(name: str, value: str | None) -> Mutant:
        kept = tuple((held, value if held == name else text) for held, text in good.items())
        given = tuple((held, text) for held, text in kept if text is not None)
        return Mutant("bad header", f"headers['{name}']", message.source, given)

    for name in good:
        if name.startswith("NHSD-") and not name.endswith("Use-Context"):
            raw = base64.b64decode(good[name])
            yield mutant(name, raw.decode())
            yield mutant(name, base64.b64encode(base64.b64encode(raw)).decode())
            yield mutant(name, good[name][:-3])
            yield mutant(name, base64.b64encode(b"[]").decode())
            yield mutant(name, base64.b64encode(b"{").decode())
            yield mutant(name, base64.b64encode(b"\xef\xbb\xbf" + raw).decode())
            held = json.loads(raw)
            yield mutant(
                name, base64.b64encode(json.dumps({**held, "value": 1, "resourceType": "Basic"}).encode()).decode()
            )
        elif name in ("X-Request-Id", "X-Correlation-Id"):
            for bad in ("", "1", good[name] + "0", "{" + good[name] + "}", "urn:uuid:" + good[name], None):
                yield mutant(name, bad)
    for name in ("NHSD-Target-Identifier", "Content-Type"):
        yield mutant(name, None)
    target = {"system": "https://fhir.nhs.uk/Id/dos-service-id", "value": "1"}
    yield mutant("NHSD-Target-Identifier", base64.b64encode(json.dumps(target).encode()).decode())
    yield mutant("Content-Type", "text/plain")
