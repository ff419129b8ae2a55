"""A message that was taken, with what a reply to it needs to know: its answer, its booking, the interim response.

Reads the history; makes nothing. Must not know which reply is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.messages.identity import same_guid
from workbench.session.judging import readable
from workbench.standard.events import Event

if TYPE_CHECKING:
    from workbench.correlation import Known
    from workbench.exchange import Exchange
    from workbench.messages import Message
    from workbench.session.engine import Engine

INTERIM = "validation-interim"
"""End of the name of its message definition, and its template."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A request that was taken."""

    exchange: Exchange
    request: Message
    answer: Message
    interim: Message | None = None
    """The interim response that went before."""
    booking: Message | None = None
    """The acknowledged booking that it is linked to."""


async def find(engine: Engine, id: str) -> Taken | None:
    """What was taken with an exchange; None where that was no request or was not taken. KeyError for no exchange."""
    queries = engine.history.queries
    exchange = await queries.exchange(id)
    if exchange.operation != "process-message" or exchange.response is None or not exchange.response.ok:
        return None
    request = await engine.compute(readable, exchange.request.body, size=len(exchange.request.body))
    answer = await engine.compute(readable, exchange.response.body, size=len(exchange.response.body))
    if request is None or answer is None or request.facts.event != Event.SERVICEREQUEST_REQUEST:
        return None
    conversation = await queries.conversation_of(id)
    legs = await queries.legs(conversation) if conversation is not None else ()
    interim = next((leg for leg in reversed(legs) if _is_interim(leg, request)), None)
    booking = next((leg for leg in reversed(legs) if _is_booking(leg, request)), None)
    return Taken(
        exchange,
        request,
        answer,
        await _body(engine, interim, answered=False),
        await _body(engine, booking, answered=True),
    )


async def _body(engine: Engine, leg: Known | None, *, answered: bool) -> Message | None:
    if leg is None:
        return None
    whole = await engine.history.queries.exchange(leg.exchange.id)
    body = whole.response.body if answered and whole.response is not None else whole.request.body
    return await engine.compute(readable, body, size=len(body))


def _was_taken(leg: Known) -> bool:
    return leg.exchange.response is not None and leg.exchange.response.ok


def _is_interim(leg: Known, request: Message) -> bool:
    """Whether a leg is an interim response to a message, and was taken; a rejection is none."""
    facts = leg.request
    return (
        facts is not None
        and _was_taken(leg)
        and facts.event == Event.SERVICEREQUEST_RESPONSE
        and same_guid(facts.response_to, request.facts.bundle_id)
        and (facts.definition or "").partition("|")[0].endswith(INTERIM)
        and facts.focus_status != "cancelled"
    )


def _is_booking(leg: Known, request: Message) -> bool:
    """Whether a leg made the booking that a message is linked to."""
    linked = {id for kind, id in request.facts.linked_ids if kind == "Appointment"}
    made = {id for kind, id in (leg.response.resource_ids if leg.response else ()) if kind == "Appointment"}
    booked = leg.request is not None and leg.request.event == Event.BOOKING_REQUEST
    return booked and _was_taken(leg) and bool(linked & made)
