"""The keys of an exchange: every id by which another exchange may turn out to be its neighbour.

Reads headers, the URL and the facts of messages; must not decide what a common key means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.correlation.values import Key, KeyKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.exchange import Exchange
    from workbench.messages.values import MessageFacts

_TYPES = {"ServiceRequest": KeyKind.SERVICE_REQUEST, "Appointment": KeyKind.APPOINTMENT}
_URL_ID = re.compile(r"/(ServiceRequest|Appointment)/([A-Za-z0-9.-]{1,64})(?=[/?#]|$)")


def keys_of(exchange: Exchange, request: MessageFacts | None, response: MessageFacts | None) -> tuple[Key, ...]:
    """Every key of an exchange, sorted, without repeats.

    A new request's own resource ids are the sender's and pass with the message; those a receiver gave (synchronous
    answer, replies, updates, references, URLs) name a referral or booking (Core guide, transactional integrity).
    """
    found = (*_of_http(exchange), *_of_request(request), *_of_response(exchange, response))
    return tuple(sorted({Key(kind, value.strip().lower()) for kind, value in found if value.strip()}))


def is_reply(facts: MessageFacts) -> bool:
    """Whether a message answers an earlier one asynchronously."""
    return facts.response_to is not None or (facts.event or "").endswith("-response")


def _of_http(exchange: Exchange) -> Iterator[tuple[KeyKind, str]]:
    yield KeyKind.REQUEST, exchange.request.header("X-Request-Id") or ""
    yield KeyKind.CORRELATION, exchange.request.header("X-Correlation-Id") or ""
    for kind, value in _URL_ID.findall(exchange.request.url):
        yield _TYPES[kind], value


def _of_request(facts: MessageFacts | None) -> Iterator[tuple[KeyKind, str]]:
    if facts is None:
        return
    yield KeyKind.BUNDLE, facts.bundle_id or ""
    yield KeyKind.BUNDLE, facts.response_to or ""
    yield KeyKind.HEADER, facts.header_id or ""
    yield KeyKind.HEADER, facts.response_to or ""
    yield KeyKind.JOURNEY, facts.journey_id or ""
    for kind, value in facts.linked_ids:
        if kind in _TYPES:
            yield _TYPES[kind], value
    if is_reply(facts) or facts.reason not in (None, "new"):
        yield from _given(facts)


def _of_response(exchange: Exchange, facts: MessageFacts | None) -> Iterator[tuple[KeyKind, str]]:
    if facts is None or exchange.response is None or not exchange.response.ok:
        return
    if exchange.operation.endswith("-search"):
        return  # a search answers with what belongs to many
    yield KeyKind.JOURNEY, facts.journey_id or ""
    yield from _given(facts)


def _given(facts: MessageFacts) -> Iterator[tuple[KeyKind, str]]:
    """Ids a receiver gave: of referrals and bookings, and the case numbers of its encounters."""
    for kind, value in facts.resource_ids:
        if kind in _TYPES:
            yield _TYPES[kind], value
    for identifier in facts.encounter_identifiers:
        yield KeyKind.ENCOUNTER, identifier
