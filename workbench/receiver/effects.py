"""What a message does to what the receiver has: whether it may, and the values that come of it.

Pure but for reading the state; nothing is changed here. Must not know HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.messages.identity import type_and_id
from workbench.profiles.primitives import moment
from workbench.receiver.matrix import Effect, resource_of
from workbench.receiver.slot_book import slots_of
from workbench.receiver.state import CURRENT, Item, Kind, person_of
from workbench.receiver.values import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.messages import JsonObject, Message
    from workbench.receiver.access import Caller
    from workbench.receiver.matrix import Row
    from workbench.receiver.state import ReceiverState
    from workbench.receiver.values import ReceiverRules

_ABOUT = {
    Effect.REFER: ("ServiceRequest", Kind.REFERRAL),
    Effect.UPDATE_REFERRAL: ("ServiceRequest", Kind.REFERRAL),
    Effect.CANCEL_REFERRAL: ("ServiceRequest", Kind.REFERRAL),
    Effect.BOOK: ("Appointment", Kind.APPOINTMENT),
    Effect.UPDATE_BOOKING: ("Appointment", Kind.APPOINTMENT),
    Effect.CANCEL_BOOKING: ("Appointment", Kind.APPOINTMENT),
}
_NEW = frozenset({Effect.REFER, Effect.BOOK})


def hindrance(row: Row, message: Message, state: ReceiverState, rules: ReceiverRules, now: datetime) -> Refusal | None:
    """Why what we have does not allow this message, or None.

    An update or cancellation needs something current of ours about the same patient (Core, Cancellation), a new
    booking a slot that is free.
    """
    if row.effect is Effect.REPLY:
        return None
    type, kind = _ABOUT[row.effect]
    resource = resource_of(message, type)
    if row.effect is Effect.BOOK:
        return slot_taken(slot_id(message, resource), state, rules, now)
    if row.effect is Effect.REFER:
        return None
    id = tree.text(resource.get("id"))
    if id is None:
        text = f"{type}.id is missing: it must be the id given in the answer to the first message."
        return Refusal(400, "required", text, "state: id", expression=f"{type}.id")
    item = state.find(kind, id)
    if item is None:
        return Refusal(404, "not-found", f"no {type} with this {type}.id is known.", "state: unknown")
    if item.status not in CURRENT[kind]:
        text = f"the {type} is no longer current: its status is {item.status}."
        return Refusal(409, "conflict", text, "state: not current", expression=f"{type}.status")
    if is_older(resource, item.resource):
        text = f"the {type} was changed here after the one that is sent: read it again (meta.lastUpdated)."
        return Refusal(409, "conflict", text, "state: newer", expression=f"{type}.meta.lastUpdated")
    number = person_of(resource_of(message, "Patient")).nhs_number
    if number and item.person.nhs_number and number != item.person.nhs_number:
        text = f"the patient is not the one of this {type} (Patient.identifier)."
        return Refusal(400, "invariant", text, "state: other patient", expression="Patient.identifier")
    if row.effect is Effect.UPDATE_BOOKING:
        slot = slot_id(message, resource)
        return None if state.holder_of(slot) == item.id else slot_taken(slot, state, rules, now)
    return None


def is_older(resource: JsonObject, known: JsonObject) -> bool:
    """Whether what is sent was last updated before what is kept."""
    first, second = _updated(resource), _updated(known)
    return first is not None and second is not None and first < second


def slot_taken(slot: str, state: ReceiverState, rules: ReceiverRules, now: datetime) -> Refusal | None:
    """Why a slot cannot be booked, or None; nobody's slot can."""
    offered = (found for service in rules.services for found in slots_of(service, state, now))
    busy = next((not found.free for found in offered if found.id == slot), False)
    if slot and (busy or state.holder_of(slot) is not None):
        return Refusal(409, "conflict", "the slot is not free (Appointment.slot).", "state: slot")
    return None


def slot_id(message: Message, appointment: JsonObject) -> str:
    """The receiver's id of the slot an Appointment names: that of the Slot in the Bundle, or of `Slot/id`."""
    reference = tree.inner_text(appointment, "slot", "reference") or ""
    for found in message.references():
        if found.value == reference and found.target_entry is not None:
            for entry in message.entries():
                if entry.index == found.target_entry and entry.type == "Slot":
                    return entry.id or ""
    named = type_and_id(reference)
    return named[1] if named and named[0] == "Slot" else ""


def changes(
    row: Row, message: Message, acknowledgement: Message, state: ReceiverState, caller: Caller
) -> tuple[Item, ...]:
    """What is to be kept of an accepted message, with the ids the acknowledgement gave.

    A resource that is kept already is replaced by one that was updated later (Core, Error handling, bundle processing).
    """
    facts = message.facts
    service = (facts.destination_endpoint or "").rpartition("|")[2]
    bundle = facts.bundle_id or ""
    received = Item(
        Kind.RECEIVED,
        bundle,
        {"event": facts.event, "reason": facts.reason},
        status=row.id,
        service=service,
        bundle=bundle,
        correlation_id=caller.correlation_id,
        source_endpoint=facts.source_endpoint or "",
        organisation=caller.organisation,
    )
    kept = (received,) if bundle else ()
    if row.effect is Effect.REPLY:
        return kept
    type, kind = _ABOUT[row.effect]
    resource = _answered(resource_of(message, type), message, acknowledgement)
    person = person_of(resource_of(message, "Patient"))
    id = tree.text(resource.get("id")) or ""
    before = None if row.effect in _NEW else state.find(kind, id)
    if before is not None:
        person = before.person
        received = received._replace(organisation=before.organisation or received.organisation)
        if row.effect is Effect.UPDATE_REFERRAL and not _later(resource, before.resource):
            resource = before.resource
    slot = slot_id(message, resource_of(message, type)) if kind is Kind.APPOINTMENT else ""
    item = received._replace(
        kind=kind,
        id=id,
        resource=resource,
        status=tree.text(resource.get("status")) or "",
        person=person,
        slot=slot or (before.slot if before else ""),
    )
    encounters = (
        received._replace(
            kind=Kind.ENCOUNTER,
            id=entry.id,
            resource=entry.resource,
            status=tree.text(entry.resource.get("status")) or "",
        )
        for entry in acknowledgement.entries()
        if entry.type == "Encounter" and entry.id and _replaces(entry.id, entry.resource, state)
    )
    return (*kept, item, *encounters)


def _replaces(id: str, encounter: JsonObject, state: ReceiverState) -> bool:
    """Whether an Encounter is new here or was updated later than the one that is kept."""
    known = state.find(Kind.ENCOUNTER, id)
    return known is None or _later(encounter, known.resource)


def _updated(resource: JsonObject) -> datetime | None:
    """When a resource says it was last updated, None where it does not say."""
    return moment(tree.inner_text(resource.get("meta"), "lastUpdated") or "")


def _later(resource: JsonObject, known: JsonObject) -> bool:
    """Whether a resource was updated after the one that is kept; one of the two without a time counts as later."""
    first, second = _updated(resource), _updated(known)
    return first is None or second is None or first > second


def _answered(resource: JsonObject, message: Message, acknowledgement: Message) -> JsonObject:
    """The same resource as the acknowledgement has it: entries keep their order, new ones come last."""
    index = next((entry.index for entry in message.entries() if entry.resource is resource), None)
    return next((entry.resource for entry in acknowledgement.entries() if entry.index == index), {})
