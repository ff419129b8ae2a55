"""Conversations: which exchanges hang together, which one names them, and how they stand.

Pure and indifferent to the order of arrival; it must not know rows or columns.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.correlation.keys import is_reply, keys_of
from workbench.correlation.links import CANCELLED, correlate
from workbench.correlation.values import ConversationState, Key, KeyKind, Known, Link, Standing
from workbench.exchange import FailureKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from workbench.messages.values import MessageFacts

_SCAFFOLDING = frozenset({"token", "metadata", "message-definition"})
"""Calls that only prepare others: they name a conversation when there is nothing else."""


def legs_in_order(legs: Iterable[Known]) -> tuple[Known, ...]:
    """Legs by start time, then id."""
    return tuple(sorted(legs, key=lambda known: known.place))


def group(
    knowns: Iterable[Known], by_hand: Collection[str] = (), own: Iterable[Link] = ()
) -> tuple[tuple[tuple[Known, ...], tuple[Link, ...]], ...]:
    """Conversations of some exchanges, each with all its links; the earliest leg comes first and names it.

    The exchanges `by_hand` are where a person's `own` links put them.
    """
    theirs = {frozenset((link.child, link.parent)): link for link in own}
    ordered = legs_in_order(knowns)
    holders: dict[Key, list[Known]] = defaultdict(list)
    links: list[Link] = []
    for known in ordered:
        keys = keys_of(known.exchange, known.request, known.response)
        neighbours = {other.exchange.id: other for key in keys for other in holders[key]}
        found = correlate(known, neighbours.values())
        links += [link for link in found if frozenset((link.child, link.parent)) not in theirs]
        for key in keys:
            holders[key].append(known)
    here = {known.exchange.id for known in ordered}
    links += [link for link in theirs.values() if link.child in here and link.parent in here]
    conversations = components(ordered, links, by_hand)
    home = {leg.exchange.id: legs[0].exchange.id for legs in conversations for leg in legs}
    return tuple(
        (legs, tuple(link for link in links if link.binds(by_hand) and home[link.child] == legs[0].exchange.id))
        for legs in conversations
    )


def components(
    knowns: Iterable[Known], links: Iterable[Link], by_hand: Collection[str] = ()
) -> tuple[tuple[Known, ...], ...]:
    """What the links among some exchanges hold together, each in order of time, by their earliest legs.

    Links to exchanges that are not given count for nothing.
    """
    ordered = legs_in_order(knowns)
    place = {known.exchange.id: number for number, known in enumerate(ordered)}
    root = list(range(len(ordered)))

    def find(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    for link in links:
        if link.child in place and link.parent in place and link.binds(by_hand):
            first, second = sorted((find(place[link.child]), find(place[link.parent])))
            root[second] = first
    members: dict[int, list[Known]] = defaultdict(list)
    for number, known in enumerate(ordered):
        members[find(number)].append(known)
    return tuple(tuple(legs) for legs in members.values())


def lead(legs: Iterable[Known]) -> Known:
    """The leg that says what a conversation is about: its first request, else its first message, else its first call.

    At least one leg is needed.
    """
    ordered = legs_in_order(legs)

    def rank(known: Known) -> int:
        if known.request is not None and known.request.event is not None:
            return 1 if is_reply(known.request) else 0
        if known.exchange.operation == "process-message":
            return 2
        return 4 if known.exchange.operation in _SCAFFOLDING else 3

    return min(ordered, key=rank)


def conversation_state(legs: Iterable[Known], now: datetime) -> Standing:
    """How a conversation stands; the last message decides, a reply that is overdue at `now` asks for attention.

    At least one leg is needed. A 409 to a retry counts as delivered, because a receiver answers so to a message that
    it has already processed (Core guide, transactional integrity).
    """
    ordered = legs_in_order(legs)
    messages = [known for known in ordered if known.exchange.operation == "process-message"]
    last = messages[-1] if messages else ordered[-1]
    standing = _standing(last, messages)
    overdue = standing.due is not None and standing.due < now
    since = last.exchange.timing.started if standing.state is ConversationState.WAITING else None
    return Standing(standing.state, standing.attention or overdue, standing.due, standing.text, since)


def _standing(last: Known, messages: Sequence[Known]) -> Standing:
    exchange = last.exchange
    failure, response = exchange.failure, exchange.response
    if failure is not None and (failure.kind is not FailureKind.NOT_DELIVERED or response is None):
        state, text = {
            FailureKind.NOT_SENT: (ConversationState.REFUSED, "Not sent"),
            FailureKind.UNKNOWN: (ConversationState.UNKNOWN, "Outcome unknown"),
            FailureKind.CUT: (ConversationState.UNKNOWN, "Answer cut"),
            FailureKind.STOPPED: (ConversationState.UNKNOWN, "Stopped"),
            FailureKind.NOT_DELIVERED: (ConversationState.UNKNOWN, "Answer not delivered"),
        }[failure.kind]
        return Standing(state, True, None, text)
    if response is None:
        return Standing(ConversationState.WAITING, False, None, "In progress")
    undelivered = failure is not None
    if not response.ok and not _duplicate_of_retry(last, messages):
        return Standing(ConversationState.REFUSED, undelivered, None, f"Refused {response.status}")
    if not messages:
        return Standing(ConversationState.ANSWERED, undelivered, None, f"Answered {response.status}")
    standing = _accepted(last, messages, response.status)
    return Standing(standing.state, undelivered, standing.due, standing.text)


def _accepted(last: Known, messages: Sequence[Known], status: int) -> Standing:
    """How it stands after the last message was taken."""
    facts = last.request
    if facts is None:
        return Standing(ConversationState.ACCEPTED, False, None, f"Accepted {status}")
    if is_reply(facts):
        if not _interim(facts):
            rejected = facts.focus == "Encounter" and facts.focus_status == "cancelled"
            text = "Answered: rejected" if rejected else "Answered"
            return Standing(ConversationState.ANSWERED, False, None, text)
        full = any(m.request is not None and is_reply(m.request) and not _interim(m.request) for m in messages)
        if full:
            return Standing(ConversationState.ANSWERED, False, None, "Answered")
        return Standing(ConversationState.WAITING, False, _due(messages), "Interim reply, waiting")
    if facts.focus_status in CANCELLED:
        return Standing(ConversationState.CANCELLED, False, None, "Cancelled")
    if facts.category == "validation":
        return Standing(ConversationState.WAITING, False, _due(messages), "Waiting for reply")
    return Standing(ConversationState.ACCEPTED, False, None, f"Accepted {status}")


def _duplicate_of_retry(last: Known, messages: Sequence[Known]) -> bool:
    """Whether a 409 answered a message that had been sent before with the same ids."""
    response = last.exchange.response
    ids = _request_ids(last)
    if response is None or response.status != 409 or not ids:
        return False
    same_way = (m for m in messages if m.exchange.direction is last.exchange.direction and m is not last)
    return any(_request_ids(m) == ids for m in same_way)


def _request_ids(known: Known) -> frozenset[str]:
    keys = keys_of(known.exchange, known.request, known.response)
    return frozenset(key.value for key in keys if key.kind is KeyKind.REQUEST)


def _interim(facts: MessageFacts) -> bool:
    named = (facts.definition or "").endswith("-validation-interim")
    return named or (facts.focus == "Encounter" and facts.focus_status == "in-progress")


def _due(messages: Sequence[Known]) -> datetime | None:
    """The breach time of the latest request that names one; None where it has no usable time."""
    for known in reversed(messages):
        facts = known.request
        if facts is not None and not is_reply(facts) and facts.breach_time:
            return instant_of(facts.breach_time)
    return None


def instant_of(text: str) -> datetime | None:
    """A time as a message writes it, in UTC; None where it is none, or says no offset."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo is not None else None
