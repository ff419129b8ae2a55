"""What every scenario expects again and again: of answers, of ids echoed, of replies.

Pure: exchanges in, `Expect` values out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.messages import Message, parse
from workbench.messages.identity import same_guid
from workbench.scenarios.values import Expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.exchange import Exchange


def body_of(exchange: Exchange) -> Message | None:
    """What was answered, as far as it can be read."""
    return _read(exchange.response.body) if exchange.response else None


def sent_in(exchange: Exchange) -> Message | None:
    """What was sent, as far as it can be read."""
    return _read(exchange.request.body)


def _read(source: bytes) -> Message | None:
    try:
        return parse(source)
    except InputError:
        return None


def answered(exchange: Exchange, what: str) -> Iterator[Expect]:
    """200 and both ids echoed (Core, Transactional integrity)."""
    response = exchange.response
    status = response.status if response else None
    yield Expect(
        f"{what} is answered 200" + ("" if status == 200 else f", not {status or 'without an answer'}"),
        status == 200,
        exchange.id,
    )
    for name in (REQUEST_ID, CORRELATION_ID):
        sent, back = exchange.request.header(name), response.header(name) if response else None
        yield Expect(f"{name} comes back as it was sent", bool(sent) and sent == back, exchange.id)


def given_id(exchange: Exchange, kind: str) -> str:
    """The id the receiver gave to the first resource of a type; empty when it gave none."""
    answer = body_of(exchange)
    found = answer.facts.resource_ids if answer else ()
    return next((id for type, id in found if type == kind), "")


def receiver_gave(exchange: Exchange, kind: str) -> Expect:
    """The answer carries the receiver's id (Core, Transactional integrity, identifier rules)."""
    return Expect(f"The receiver gives the {kind} an id", bool(given_id(exchange, kind)), exchange.id)


def same_bundle(exchange: Exchange) -> Expect:
    """The answer is the Bundle that was sent."""
    sent, back = sent_in(exchange), body_of(exchange)
    same = same_guid(sent.facts.bundle_id if sent else None, back.facts.bundle_id if back else None)
    return Expect("The answer is the Bundle that was sent", same, exchange.id)


def planned_encounter(exchange: Exchange) -> Expect:
    """The receiver's own Encounter, not begun (guide, How to use: receiver's case reference)."""
    answer = body_of(exchange)
    found = any(
        entry.type == "Encounter" and entry.resource.get("status") == "planned"
        for entry in (answer.entries() if answer else ())
    )
    return Expect("The answer carries the receiver's planned Encounter", found, exchange.id)


def reply(original: Exchange, came: Exchange | None, what: str, definition: str) -> Iterator[Expect]:
    """A reply belongs to the request: same conversation, named Bundle, ends swapped, ids of its own."""
    yield Expect(f"{what} arrives", came is not None, came.id if came else None)
    if came is None:
        return
    first, message = sent_in(original), sent_in(came)
    before, facts = first.facts if first else None, message.facts if message else None
    known = before is not None and facts is not None
    yield Expect(
        f"{what} is a message of its kind", bool(facts and (facts.definition or "").endswith(definition)), came.id
    )
    yield Expect(
        f"{what} names the Bundle of the request",
        bool(before and facts and same_guid(facts.response_to, before.bundle_id)),
        came.id,
    )
    yield Expect(
        f"{what} belongs to the same conversation",
        came.request.header(CORRELATION_ID) == original.request.header(CORRELATION_ID),
        came.id,
    )
    yield Expect(
        f"{what} has a request id of its own",
        known and came.request.header(REQUEST_ID) not in (None, original.request.header(REQUEST_ID)),
        came.id,
    )
    yield Expect(
        f"{what} goes from the receiver to the sender",
        bool(
            before
            and facts
            and before.source_endpoint == facts.destination_endpoint
            and before.destination_endpoint == facts.source_endpoint
        ),
        came.id,
    )
    yield Expect(f"{what} keeps the journey", bool(before and facts and before.journey_id == facts.journey_id), came.id)
    yield Expect(f"{what} is answered 200", bool(came.response and came.response.status == 200), came.id)
