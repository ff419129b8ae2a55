"""Referrals and bookings from a call centre to an emergency department: Application 1, workflows 1, 3, 4 and 9.

Generators of values: who plays them is not known here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from workbench.compose import Links, slot_resources
from workbench.messages import tree
from workbench.scenarios import expectations as expect
from workbench.scenarios.values import Await, Expect, Send

if TYPE_CHECKING:
    from collections.abc import Generator

    from workbench.exchange import Exchange, Ids
    from workbench.messages import JsonObject
    from workbench.scenarios.values import Play, Wish

EMERGENCY = "2000011147"
"""Northgate Emergency Department, the harness's service for booking and referral."""
USE_CASE = "a1t1"
REPLY_WITHIN_S = 20.0


def refer_only(ids: Ids) -> Play:
    """Ask, refer, read back (workflow 1)."""
    conversation = ids()
    asked = yield Send(1, "metadata", EMERGENCY, correlation_id=conversation, title="Capability check")
    if asked is None:
        return
    yield from expect.answered(asked, "The capability check")
    statement = expect.body_of(asked)
    takes = _takes(statement.resource if statement else {}, "bars-message-servicerequest-request-referral")
    yield Expect("The service takes referrals", takes, asked.id)
    referred = yield from _refer(2, conversation, Links())
    if referred is None:
        return
    yield expect.same_bundle(referred)
    yield expect.planned_encounter(referred)
    id = expect.given_id(referred, "ServiceRequest")
    if id:
        yield from _read_back(3, "service-request-read", id, "active", conversation)


def book_then_refer(ids: Ids) -> Play:
    """Slots, booking, linked referral, read back (workflow 3)."""
    conversation = ids()
    asked = yield Send(1, "metadata", EMERGENCY, correlation_id=conversation, title="Capability check")
    if asked is None:
        return
    yield from expect.answered(asked, "The capability check")
    booked = yield from _book(2, conversation, Links(), asked.timing.started)
    if booked is None:
        return
    appointment = expect.given_id(booked, "Appointment")
    booking = expect.sent_in(booked)
    referred = yield from _refer(4, conversation, Links(appointment_id=appointment, original=booking))
    if referred is None:
        return
    sent = expect.sent_in(referred)
    linked = bool(sent and ("Appointment", appointment) in sent.facts.linked_ids)
    yield Expect("The referral names the appointment it belongs to", linked, referred.id)
    yield _same_conversation(booked, referred)
    yield from _read_back(5, "appointment-read", appointment, "booked", conversation)


def refer_then_book(ids: Ids) -> Play:
    """Referral, slots, linked booking (workflow 4)."""
    conversation = ids()
    referred = yield from _refer(1, conversation, Links())
    if referred is None:
        return
    request = expect.given_id(referred, "ServiceRequest")
    booked = yield from _book(2, conversation, Links(service_request_id=request), referred.timing.started)
    if booked is None:
        return
    sent = expect.sent_in(booked)
    linked = bool(sent and ("ServiceRequest", request) in sent.facts.linked_ids)
    yield Expect("The booking names the referral it belongs to", linked, booked.id)
    yield _same_conversation(referred, booked)


def safeguarding_dna(ids: Ids) -> Play:
    """A referral with a safeguarding concern, then the report that the patient did not attend (workflow 9)."""
    conversation = ids()
    referred = yield from _refer(1, conversation, Links(), template="referral-full")
    if referred is None:
        return
    what = "The report that the patient did not attend"
    came = yield Await(2, what[0].lower() + what[1:], conversation, REPLY_WITHIN_S)
    yield from expect.reply(referred, came, what, "bars-message-servicerequest-response-referral")
    if came is not None:
        message = expect.sent_in(came)
        revoked = bool(message and message.facts.focus_status == "revoked")
        yield Expect("It revokes the referral", revoked, came.id)


def _refer(
    step: int, conversation: str, links: Links, *, template: str = "referral-new"
) -> Generator[Wish, Exchange | None, Exchange | None]:
    """Send a referral; its exchange, or None when it was not taken."""
    exchange = yield Send(
        step,
        "process-message",
        EMERGENCY,
        template=template,
        use_case=USE_CASE,
        links=links,
        correlation_id=conversation,
        title="Referral",
    )
    if exchange is None:
        return None
    yield from expect.answered(exchange, "The referral")
    yield expect.receiver_gave(exchange, "ServiceRequest")
    return exchange if exchange.response and exchange.response.ok else None


def _book(
    step: int, conversation: str, links: Links, now: datetime
) -> Generator[Wish, Exchange | None, Exchange | None]:
    """Search the slots of a week and, in the next step, book the first free one.

    The exchange of the booking, or None when it was not taken.
    """
    searched = yield Send(
        step,
        "slot-search",
        EMERGENCY,
        parameters=slot_parameters(EMERGENCY, now),
        correlation_id=conversation,
        title="Slot search",
    )
    if searched is None:
        return None
    yield from expect.answered(searched, "The slot search")
    answer = expect.body_of(searched)
    free = [
        tree.text(entry.resource.get("id")) or ""
        for entry in (answer.entries() if answer else ())
        if entry.type == "Slot" and entry.resource.get("status") == "free"
    ]
    yield Expect("At least one slot is free", bool(free), searched.id)
    if answer is None or not free:
        return None
    booked = yield Send(
        step + 1,
        "process-message",
        EMERGENCY,
        template="booking-new",
        use_case=USE_CASE,
        links=Links(service_request_id=links.service_request_id, slot=slot_resources(answer, free[0])),
        correlation_id=conversation,
        title="Booking",
    )
    if booked is None:
        return None
    yield from expect.answered(booked, "The booking")
    yield expect.receiver_gave(booked, "Appointment")
    return booked if booked.response and booked.response.ok else None


def slot_parameters(service: str, now: datetime) -> tuple[tuple[str, str], ...]:
    """The least a slot search asks for, over the coming week (API specification, Slot)."""
    first = now.astimezone(UTC).replace(microsecond=0)
    return (
        ("Schedule.actor:HealthcareService", service),
        ("status", "free"),
        ("start", f"ge{first.isoformat()}"),
        ("start", f"le{(first + timedelta(days=7)).isoformat()}"),
        ("_include", "Slot:schedule"),
        ("_include", "Schedule:actor:HealthcareService"),
    )


def _read_back(step: int, operation: str, id: str, status: str, conversation: str) -> Play:
    found = yield Send(
        step, operation, EMERGENCY, path_values=(("id", id),), correlation_id=conversation, title="Read back"
    )
    if found is None:
        return
    yield from expect.answered(found, "The reading call")
    answer = expect.body_of(found)
    resource = answer.resource if answer else {}
    yield Expect(
        f"It is {status} and has the id that was asked for",
        resource.get("id") == id and resource.get("status") == status,
        found.id,
    )


def _takes(statement: JsonObject, definition: str) -> bool:
    """Whether a CapabilityStatement takes messages of a definition; compared by its last part."""
    return any(
        (tree.text(row.get("definition")) or "").rsplit("/", 1)[-1] == definition
        for messaging in tree.objects(statement.get("messaging"))
        for row in tree.objects(messaging.get("supportedMessage"))
        if row.get("mode") == "receiver"
    )


def _same_conversation(first: Exchange, second: Exchange) -> Expect:
    name = "X-Correlation-Id"
    same = first.request.header(name) == second.request.header(name) is not None
    return Expect("Both messages belong to one conversation", same, second.id)
