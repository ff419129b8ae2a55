"""Single bookings and referrals written without a message: create, update, patch, delete (API specification 1.1.0 on).

What may change on a booking follows Core, Appointment standard pattern. Changes nothing itself: the item to keep is
given back. Must not know sockets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.messages import parse, tree
from workbench.messages.identity import is_uuid, strip_urn, type_and_id
from workbench.receiver.effects import is_older, slot_taken
from workbench.receiver.searches import NAMES
from workbench.receiver.state import CURRENT, Item, Kind, Person, person_of
from workbench.receiver.values import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from workbench.exchange import Ids, Request
    from workbench.messages import JsonObject, JsonValue
    from workbench.receiver.state import ReceiverState
    from workbench.receiver.values import ReceiverRules

SINCE = "1.1.0"
"""API version from which on single resources are written."""
_FIRST = {Kind.APPOINTMENT: "booked", Kind.REFERRAL: "active"}
_GONE = "entered-in-error"
_PATIENTS = {Kind.APPOINTMENT: "participant", Kind.REFERRAL: "subject"}


@dataclass(frozen=True, slots=True)
class Written:
    """What a write comes to."""

    item: Item
    answer: JsonObject | None
    """The resource as it now stands; None where it was deleted."""


def create(
    kind: Kind, request: Request, rules: ReceiverRules, state: ReceiverState, now: datetime, ids: Ids
) -> Written | Refusal:
    """A new booking or referral with an id of ours; a booking needs a slot that is free."""
    given = _body(kind, request)
    if isinstance(given, Refusal):
        return given
    name, status = NAMES[kind], tree.text(given.get("status"))
    if status != _FIRST[kind]:
        text = f"a new {name} has the status {_FIRST[kind]}, not {status or 'none'}."
        return Refusal(400, "invariant", text, "writes: status", expression=f"{name}.status")
    slot = slot_in(given)
    if (taken := slot_taken(slot, state, rules, now)) is not None:
        return taken
    resource = {**given, "id": ids()}
    return _kept(Item(kind, str(resource["id"]), resource, slot=slot, person=person_in(kind, given)), request)


def change(
    kind: Kind,
    id: str,
    request: Request,
    rules: ReceiverRules,
    state: ReceiverState,
    now: datetime,
    *,
    partial: bool,
) -> Written | Refusal:
    """A current booking or referral changed: whole with PUT, by the elements that are given with PATCH (`partial`).

    PUT changes status and reason of a booking and never its slot; a PATCH may move it to another free one.
    """
    before = _known(kind, id, state)
    if isinstance(before, Refusal):
        return before
    given = _body(kind, request)
    if isinstance(given, Refusal):
        return given
    name = NAMES[kind]
    if is_older(given, before.resource):
        text = f"the {name} was changed here after the one that is sent: read it again (meta.lastUpdated)."
        return Refusal(409, "conflict", text, "state: newer", expression=f"{name}.meta.lastUpdated")
    if (stated := tree.text(given.get("id"))) is not None and stated.lower() != id.lower():
        text = f"{name}.id is not the id of the address."
        return Refusal(400, "invariant", text, "writes: id", expression=f"{name}.id")
    resource: JsonObject = {**(before.resource if partial else {}), **given, "id": before.id}
    slot = slot_in(resource) or before.slot
    if slot != before.slot:
        if not partial:
            text = "the slot of an Appointment is moved with PATCH, not with PUT."
            return Refusal(400, "invariant", text, "writes: slot", expression="Appointment.slot")
        if (taken := slot_taken(slot, state, rules, now)) is not None:
            return taken
    return _kept(before._replace(resource=resource, slot=slot), request)


def delete(kind: Kind, id: str, state: ReceiverState, request: Request) -> Written | Refusal:
    """A current booking or referral taken back; it stays readable as entered in error."""
    before = _known(kind, id, state)
    if isinstance(before, Refusal):
        return before
    kept = _kept(before._replace(resource={**before.resource, "status": _GONE}), request)
    return replace(kept, answer=None)


def _kept(item: Item, request: Request) -> Written:
    correlation = item.correlation_id or request.header("X-Correlation-Id") or ""
    status = tree.text(item.resource.get("status")) or ""
    return Written(item._replace(status=status, correlation_id=correlation), item.resource)


def _known(kind: Kind, id: str, state: ReceiverState) -> Item | Refusal:
    name = NAMES[kind]
    item = state.find(kind, id)
    if item is None:
        if not is_uuid(id):
            return Refusal(400, "value", f"the id of the {name} is no UUID.", "parameters")
        return Refusal(404, "not-found", f"no {name} with this id is known.", "state: unknown")
    if item.status not in CURRENT[kind]:
        text = f"the {name} is no longer current: its status is {item.status}."
        return Refusal(409, "conflict", text, "state: not current", expression=f"{name}.status")
    return item


def _body(kind: Kind, request: Request) -> JsonObject | Refusal:
    """The resource that was sent, or why it is none."""
    name = NAMES[kind]
    try:
        message = parse(request.body, what="The body")
    except InputError as error:
        return Refusal(400, "invalid", f"the body cannot be read as FHIR ({error.code}).", "writes: body")
    if message.resource_type != name:
        text = f"the body is a {message.resource_type}, not a {name}."
        return Refusal(400, "invalid", text, "writes: body", expression=message.resource_type)
    return message.resource


def slot_in(resource: Mapping[str, JsonValue]) -> str:
    """The id of the slot an Appointment names, empty where it names none."""
    reference = tree.inner_text(resource.get("slot"), "reference") or ""
    named = type_and_id(reference)
    if named is None:
        return strip_urn(reference) if reference.startswith("urn:uuid:") else ""
    return named[1] if named[0] == "Slot" else ""


def person_in(kind: Kind, resource: JsonObject) -> Person:
    """Whom it is about: a contained Patient, else the NHS number that the reference to the patient carries."""
    for held in tree.objects(resource.get("contained")):
        if held.get("resourceType") == "Patient":
            return person_of(held)
    for held in tree.objects(resource.get(_PATIENTS[kind])):
        actor = tree.as_object(held.get("actor")) if kind is Kind.APPOINTMENT else held
        found = person_of({"identifier": actor.get("identifier")})
        if found.nhs_number:
            return found
    return Person()
