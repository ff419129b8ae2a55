"""Answers as lists: the slots of a search, bookings, referrals, pointers and rows of the catalogue, in words.

Pure functions of messages; tolerant of whatever receivers leave out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.messages.identity import split_endpoint, strip_urn, type_and_id
from workbench.session.call_views import FoundRow, SlotRow
from workbench.session.views import Tone
from workbench.standard.urls import DOS_SERVICE_ID, NHS_NUMBER, USE_CASES
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbench.messages import JsonObject, JsonValue, Message

BARS_IDENTIFIER = "bars-identifier"
_GOOD = frozenset({"booked", "active", "current", "free"})
_OVER = frozenset({"cancelled", "revoked", "entered-in-error", "superseded", "off", "retired"})
_BOOKING, _REFERRAL = "749001000000101", frozenset({"3457005", "736253002"})
"""SNOMED CT codes of what a pointer leads to; the guide and the specification name two for a referral."""


def slots_in(message: Message) -> tuple[SlotRow, ...]:
    """Every slot with a start that can be read, in time order; all of them are shown, free or not."""
    known = _by_name(message)
    rows = []
    for entry in message.entries():
        start = moment(entry.resource.get("start"))
        if entry.type != "Slot" or start is None:
            continue
        status = tree.text(entry.resource.get("status")) or "not stated"
        rows.append(
            SlotRow(
                tree.text(entry.resource.get("id")) or "",
                start,
                moment(entry.resource.get("end")),
                status == "free",
                status,
                _where(entry.resource, known),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.start, row.where, row.id)))


def rows_in(message: Message) -> tuple[FoundRow, ...]:
    """What an answer lists: matches of a searchset, or the one resource that was read."""
    alone = message.resource_type != "Bundle"
    held = [message.resource] if alone else [entry.resource for entry in message.entries()]
    found = ((kind, one) for one in held if (kind := tree.text(one.get("resourceType"))) in _READ)
    return tuple(_READ[kind or ""](one) for kind, one in found)


def moment(value: JsonValue) -> datetime | None:
    """A time with an offset, or None."""
    try:
        found = datetime.fromisoformat(tree.text(value) or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _appointment(one: JsonObject) -> FoundRow:
    start = moment(one.get("start")) or moment(tree.inner(one.get("requestedPeriod"), "start"))
    case = tree.code_of(one.get("serviceCategory"), USE_CASES)
    patients = (_number(actor) for row in tree.objects(one.get("participant")) for actor in [row.get("actor")])
    title = tree.text(one.get("description")) or "Appointment"
    return _row(one, title, _words(start), _joined(_case(case), next((p for p in patients if p), "")))


def _service_request(one: JsonObject) -> FoundRow:
    case = tree.code_of(one.get("category"), USE_CASES)
    sent = moment(one.get("authoredOn")) or moment(tree.inner(one.get("meta"), "lastUpdated"))
    title = tree.inner_text(one.get("code"), "text") or next(
        (text for c in tree.codings(one.get("code")) if (text := tree.text(c.get("display")))), "Referral"
    )
    return _row(one, title, _words(sent), _joined(_case(case), _number(one.get("subject"))))


def _pointer(one: JsonObject) -> FoundRow:
    """A pointer: what it leads to stands in its identifiers, and in older ones in the address of its content."""
    code = next((tree.text(c.get("code")) or "" for c in tree.codings(one.get("type"))), "")
    kind = "Appointment" if code == _BOOKING else "ServiceRequest" if code in _REFERRAL else ""
    held = {
        (tree.text(row.get("system")) or "").rstrip("/").rpartition("/")[2].lower(): tree.text(row.get("value")) or ""
        for row in tree.objects(one.get("identifier"))
    }
    service = held.get("dos-service-id", "")
    target = f"{DOS_SERVICE_ID}|{service}" if service else ""
    url = tree.inner_text(one, "content", "attachment", "url") or ""
    if not target and all(split_endpoint(url)):
        target = url
    id = held.get(BARS_IDENTIFIER, "")
    if not id and (named := type_and_id(url)) is not None:
        kind, id = named
    start = moment(tree.inner(one.get("context"), "period", "start"))
    title = {"Appointment": "Booking", "ServiceRequest": "Referral"}.get(kind, "Something else")
    made = _row(one, title, _words(start), _joined(split_endpoint(target)[1], _number(one.get("subject"))))
    leads_to = (kind, id) if kind and id else None
    return replace(made, target=target, leads_to=leads_to)


def _catalogued(one: JsonObject) -> FoundRow:
    owner = tree.inner_text(one, "managingOrganization", "identifier", "value") or tree.inner_text(
        one, "providedBy", "identifier", "value"
    )
    identifiers = [tree.text(row.get("value")) or "" for row in tree.objects(one.get("identifier"))]
    active = one.get("active")
    status = tree.text(one.get("status")) or ("active" if active is True else "off" if active is False else "")
    about = _joined(tree.text(one.get("address")) or "", owner or "", *identifiers)
    title = tree.text(one.get("name")) or tree.text(one.get("resourceType")) or ""
    return replace(_row(one, title, "", about), status=status, tone=_tone(status))


def _definition(one: JsonObject) -> FoundRow:
    name = (tree.text(one.get("url")) or "").rpartition("/")[2]
    codes = [
        tree.text(c.get("code")) or ""
        for row in tree.objects(one.get("useContext"))
        for c in tree.codings(row.get("valueCodeableConcept"))
    ]
    version = tree.text(one.get("version"))
    return _row(one, name or "MessageDefinition", f"version {version}" if version else "", _joined(*codes))


_READ: Mapping[str, Callable[[JsonObject], FoundRow]] = {
    "Appointment": _appointment,
    "ServiceRequest": _service_request,
    "DocumentReference": _pointer,
    "Organization": _catalogued,
    "HealthcareService": _catalogued,
    "Endpoint": _catalogued,
    "MessageDefinition": _definition,
}


def _row(one: JsonObject, title: str, when: str, about: str) -> FoundRow:
    status = tree.text(one.get("status")) or ""
    kind = tree.text(one.get("resourceType")) or ""
    return FoundRow(kind, tree.text(one.get("id")) or "", title, status, _tone(status), when, about)


def _tone(status: str) -> Tone:
    if status in _GOOD:
        return Tone.OK
    return Tone.ERROR if status in _OVER else Tone.NEUTRAL


def _words(when: datetime | None) -> str:
    return f"{when.astimezone():%a %d %b %Y, %H:%M}" if when is not None else ""


def _joined(*parts: str) -> str:
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _case(code: str | None) -> str:
    known = use_cases().get((code or "").lower())
    return known.display if known is not None else code or ""


def _number(reference: JsonValue) -> str:
    """The NHS number that a reference to a patient carries."""
    identifier = tree.inner(reference, "identifier")
    system = tree.text(tree.as_object(identifier).get("system")) or ""
    value = tree.text(tree.as_object(identifier).get("value")) or ""
    return f"NHS number {value}" if value and system.lower() == NHS_NUMBER.lower() else ""


def _by_name(message: Message) -> dict[str, JsonObject]:
    """Resources by every way a reference may name them."""
    known: dict[str, JsonObject] = {}
    for entry in message.entries():
        id = tree.text(entry.resource.get("id")) or ""
        for name in (entry.full_url, f"{entry.type}/{id}", id):
            known.setdefault(strip_urn(name or ""), entry.resource)
    return known


def _where(slot: JsonObject, known: Mapping[str, JsonObject]) -> str:
    """The names of the actors of a slot's schedule: service, person, place."""
    schedule = _target(slot.get("schedule"), known)
    names = []
    for actor in tree.objects(schedule.get("actor")):
        held = _target(actor, known)
        name = held.get("name")
        person = next((one for one in tree.objects(name)), {}) if not isinstance(name, str) else {}
        parts = [*tree.texts(person.get("given")), *tree.texts(person.get("family"))]
        words = name if isinstance(name, str) else " ".join(parts)
        names.append(words or tree.text(actor.get("display")) or "")
    return _joined(*names)


def _target(reference: JsonValue, known: Mapping[str, JsonObject]) -> JsonObject:
    written = tree.inner_text(reference, "reference") or ""
    named = type_and_id(written)
    return known.get(strip_urn(written)) or known.get("/".join(named) if named else "", {})
