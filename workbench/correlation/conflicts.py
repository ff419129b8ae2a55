"""What does not fit together in a conversation, as sentences: shown beside it, never used to part or join anything.

The list of workflows, section 15 (timeline correlation): a reply that quotes an unknown Bundle.id or comes under
another correlation id, an X-Request-Id or a correlation id used twice, lastUpdated that goes back, missing echoes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.correlation.conversation import instant_of, legs_in_order
from workbench.correlation.keys import is_reply
from workbench.correlation.links import OTHER_CALL, OTHER_MESSAGE, OTHER_PATIENT, QUOTES_HEADER, QUOTES_REQUEST
from workbench.correlation.values import Author, Conflict, ConflictKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from workbench.correlation.values import Known, Link

_ECHOED = ("X-Request-Id", "X-Correlation-Id")
_BY_LINK = {
    OTHER_MESSAGE: (
        ConflictKind.REUSED_REQUEST,
        "Another message was sent before with the same X-Request-Id. Every message needs an id of its own; only a"
        " retry repeats it, with the same body.",
    ),
    OTHER_CALL: (
        ConflictKind.REUSED_REQUEST,
        "The same X-Request-Id was used before under another X-Correlation-Id.",
    ),
    OTHER_PATIENT: (
        ConflictKind.OTHER_PATIENT,
        "The same X-Correlation-Id is used for messages about another patient.",
    ),
}

TELLING = frozenset({*_BY_LINK, QUOTES_HEADER, QUOTES_REQUEST})
"""Reasons of links that `conflicts` looks at; others need not be read for it."""
REACHING = frozenset({OTHER_CALL, OTHER_PATIENT})
"""Those of links that part what does not fit: the other exchange is in another conversation, and both show it."""


def conflicts(legs: Iterable[Known], links: Iterable[Link]) -> tuple[Conflict, ...]:
    """Everything that does not fit, in the order of the legs; each kind once for a leg.

    `links` are all links that touch the legs, weak ones and those to other conversations too.
    """
    ordered = legs_in_order(legs)
    known = {leg.exchange.id: leg for leg in ordered}
    listed = [link for link in links if link.by is Author.ENGINE]
    found = [
        *_replies(ordered, listed, known),
        *_linked(listed, known),
        *_reused(ordered),
        *_patients(ordered),
        *_backwards(ordered),
        *_echoes(ordered),
    ]
    once = {(one.exchange, one.kind): one for one in reversed(found)}
    place = {id: number for number, id in enumerate(known)}
    kinds = list(ConflictKind)
    return tuple(sorted(once.values(), key=lambda one: (place[one.exchange], kinds.index(one.kind))))


def _replies(ordered: Sequence[Known], links: Sequence[Link], known: Mapping[str, Known]) -> Iterator[Conflict]:
    bundles = {leg.request.bundle_id.lower() for leg in ordered if leg.request is not None and leg.request.bundle_id}
    asked = [leg for leg in ordered if leg.request is not None and not is_reply(leg.request)]
    correlations = {leg.exchange.request.header("X-Correlation-Id") for leg in asked} - {None}
    headers = {link.child for link in links if link.reason == QUOTES_HEADER}
    for leg in ordered:
        reply, id = leg.request, leg.exchange.id
        if reply is None or not is_reply(reply):
            continue
        if not reply.response_to:
            words = "The reply does not say which message it answers: MessageHeader.response.identifier is missing."
            yield Conflict(ConflictKind.UNKNOWN_BUNDLE, id, words)
        elif reply.response_to.lower() not in bundles:
            words = f"The reply quotes Bundle id {reply.response_to}, which no message of this conversation has."
            if id in headers:
                words = "The reply quotes the MessageHeader id of the request. BaRS asks for its Bundle id."
            yield Conflict(ConflictKind.UNKNOWN_BUNDLE, id, words)
        own = leg.exchange.request.header("X-Correlation-Id")
        if own and correlations and own not in correlations:
            words = "The reply comes under another X-Correlation-Id than the request."
            yield Conflict(ConflictKind.OTHER_CORRELATION, id, words)
    for link in links:
        child, parent = known.get(link.child), known.get(link.parent)
        if link.reason == QUOTES_REQUEST and child is not None and parent is not None and _other_party(child, parent):
            words = "The reply comes from a service that neither sent nor got the request."
            yield Conflict(ConflictKind.OTHER_PARTY, link.child, words)


def _other_party(reply: Known, asked: Known) -> bool:
    """Whether a reply comes from a third service; False where one of them does not say.

    One that repeats source and destination as they were, as the official examples do, is no stranger.
    """
    came = reply.request.source_endpoint if reply.request is not None else None
    parties = (asked.request.source_endpoint, asked.request.destination_endpoint) if asked.request is not None else ()
    return bool(came) and all(parties) and _service(came or "") not in {_service(one or "") for one in parties}


def _service(endpoint: str) -> str:
    """The value of `system|value`: the systems of one service are written in more than one way."""
    return endpoint.rpartition("|")[2].strip().lower()


def _linked(links: Sequence[Link], known: Mapping[str, Known]) -> Iterator[Conflict]:
    """What a link between two exchanges says itself, at the later one, or at the one that is here."""
    for link in links:
        if link.reason in _BY_LINK:
            kind, words = _BY_LINK[link.reason]
            at = link.child if link.child in known else link.parent
            if at in known:
                yield Conflict(kind, at, words)


def _reused(ordered: Sequence[Known]) -> Iterator[Conflict]:
    """One X-Request-Id for several messages, whatever else ties them together."""
    seen: dict[tuple[str, str], Known] = {}
    for leg in ordered:
        id = (leg.exchange.request.header("X-Request-Id") or "").strip().lower()
        first = seen.setdefault((leg.exchange.direction.value, id), leg)
        if not id or first is leg or leg.exchange.retry_of is not None:
            continue
        a, b = (one.exchange.request.header("X-Correlation-Id") or "" for one in (first, leg))
        if a and b and a.lower() != b.lower():
            yield Conflict(_BY_LINK[OTHER_CALL][0], leg.exchange.id, _BY_LINK[OTHER_CALL][1])
        elif first.body and leg.body and first.body != leg.body:
            yield Conflict(_BY_LINK[OTHER_MESSAGE][0], leg.exchange.id, _BY_LINK[OTHER_MESSAGE][1])


def _patients(ordered: Sequence[Known]) -> Iterator[Conflict]:
    first = ""
    for leg in ordered:
        number = (leg.request.nhs_number if leg.request is not None else "") or ""
        first = first or number
        if number and number != first:
            words = "This message is about another patient than the messages before it."
            yield Conflict(ConflictKind.OTHER_PATIENT, leg.exchange.id, words)


def _backwards(ordered: Sequence[Known]) -> Iterator[Conflict]:
    """Messages of one direction: the two parties' clocks need not agree."""
    latest: dict[tuple[str, str], tuple[datetime, str]] = {}
    for leg in ordered:
        for name, written in leg.request.updated if leg.request is not None else ():
            when, key = instant_of(written), (leg.exchange.direction.value, name.lower())
            if when is None:
                continue
            before = latest.get(key)
            if before is not None and when < before[0]:
                words = f"lastUpdated of {name} goes back from {before[1]} to {written}."
                yield Conflict(ConflictKind.BACKWARDS, leg.exchange.id, words)
            else:
                latest[key] = (when, written)


def _echoes(ordered: Sequence[Known]) -> Iterator[Conflict]:
    """An answer repeats both ids (API rules, response headers); that of a token call has none."""
    for leg in ordered:
        exchange = leg.exchange
        if exchange.response is None or exchange.failure is not None or exchange.operation == "token":
            continue
        asked = {name: exchange.request.header(name) for name in _ECHOED}
        echoed = {name: exchange.response.header(name) for name in _ECHOED}
        missing = [name for name in _ECHOED if asked[name] and not echoed[name]]
        other = [
            name
            for name in _ECHOED
            if (sent := asked[name]) and (got := echoed[name]) and sent.strip().lower() != got.strip().lower()
        ]
        words = [f"does not repeat {' and '.join(missing)}"] if missing else []
        words += [f"has another {' and '.join(other)}"] if other else []
        if words:
            yield Conflict(ConflictKind.NO_ECHO, exchange.id, f"The answer {' and '.join(words)}.")
