"""What ties two exchanges together, with the reason in plain words.

Every link follows from its two exchanges alone, so the order of arrival cannot matter; nothing here reads a store.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.correlation.keys import is_reply, keys_of
from workbench.correlation.values import Author, KeyKind, Known, Link, LinkKind, Strength
from workbench.exchange import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbench.messages.values import MessageFacts

QUOTES_REQUEST = "Quotes the Bundle id of the request"
QUOTES_INTERIM = "Quotes the interim response, not the request"
QUOTES_REPLY = "Quotes the Bundle id of the reply"
QUOTES_HEADER = "Quotes the MessageHeader id, but not the Bundle id"
SAME_CORRELATION = "Same correlation id"
SAME_REQUEST = "Same X-Request-Id"
SAME_JOURNEY = "Same journey"
OTHER_MESSAGE = f"{SAME_REQUEST}, but another message"
OTHER_CALL = f"{SAME_REQUEST}, but another correlation id"
OTHER_PATIENT = f"{SAME_CORRELATION}, but another patient"
LINKED_BY_HAND = "Linked by hand"
MERGED_BY_HAND = "Merged by hand"

_QUOTED = frozenset({QUOTES_REQUEST, QUOTES_INTERIM, QUOTES_REPLY, QUOTES_HEADER})

CANCELLED = frozenset({"revoked", "entered-in-error", "cancelled"})
"""Focus statuses by which a request takes back a referral or booking (Core guide, cancel)."""

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_GIVEN = {
    KeyKind.SERVICE_REQUEST: "Same referral: ServiceRequest id given by the receiver",
    KeyKind.APPOINTMENT: "Same booking: Appointment id given by the receiver",
}
_LINKED = {
    "Appointment": (KeyKind.APPOINTMENT, LinkKind.REFERRAL, "Linked booking: Appointment/{id} in supportingInfo"),
    "ServiceRequest": (KeyKind.SERVICE_REQUEST, LinkKind.BOOKING, "Linked referral: ServiceRequest/{id} in basedOn"),
}


class _Side:
    """One of two exchanges that are compared, with its keys at hand."""

    __slots__ = ("_keys", "body", "exchange", "place", "request", "response")

    def __init__(self, known: Known) -> None:
        self.body = known.body
        self.exchange = known.exchange
        self.request = known.request
        self.response = known.response
        self.place = known.place
        self._keys: dict[KeyKind, set[str]] = defaultdict(set)
        for key in keys_of(known.exchange, known.request, known.response):
            self._keys[key.kind].add(key.value)

    def values(self, kind: KeyKind) -> set[str]:
        """The values of its keys of a kind."""
        return self._keys.get(kind, set())


def correlate(new: Known, neighbours: Iterable[Known]) -> tuple[Link, ...]:
    """The best link between an exchange and each of its neighbours, in the neighbours' order in time."""
    others = sorted((n for n in neighbours if n.exchange.id != new.exchange.id), key=lambda known: known.place)
    side = _Side(new)
    return tuple(link for other in others if (link := _best(side, _Side(other))) is not None)


def by_person(child: Known, parent: Known) -> Link:
    """The link by which a person puts one exchange to another: certain, of the kind that the two messages say."""
    kind = _kind(_Side(parent), _Side(child))
    return Link(child.exchange.id, parent.exchange.id, kind, Strength.CERTAIN, LINKED_BY_HAND, Author.PERSON)


def principal(links: Iterable[Link], knowns: Iterable[Known]) -> tuple[Link, ...]:
    """The links worth showing: at most one of a kind for a child, in the children's order in time.

    A child keeps its strongest link of a kind; of equal ones the one that quotes a message, then the one that names the
    same resource, then that to the earliest parent (of a call, the latest before it). A reply that quotes an interim
    reply is shown as answering the request that the interim answers.
    """
    place = {known.exchange.id: known.place for known in knowns}
    started_at = {id: started.timestamp() for id, (started, _) in place.items()}
    chosen: dict[tuple[str, LinkKind], Link] = {}
    known_links = [link for link in links if link.child in place and link.parent in place]

    def order(link: Link) -> tuple[int, int, float, str]:
        started = started_at[link.parent]
        quoted = 0 if link.reason in _QUOTED else 1 if link.reason in _GIVEN.values() else 2
        nearest = link.kind is LinkKind.SAME_CALL
        return (link.strength.rank, quoted, -started if nearest else started, link.parent)

    for link in sorted(known_links, key=order):
        chosen.setdefault((link.child, link.kind), link)
    for key, link in list(chosen.items()):
        answered = chosen.get((link.parent, LinkKind.REPLY))
        if link.reason == QUOTES_INTERIM and answered is not None and answered.parent != link.child:
            chosen[key] = replace(link, parent=answered.parent)
    return tuple(sorted(chosen.values(), key=lambda link: (place[link.child], link.strength.rank, link.kind)))


def _best(one: _Side, other: _Side) -> Link | None:
    """The strongest reason two exchanges have in common; the first in `_reasons` among equals."""
    earlier, later = sorted((one, other), key=lambda side: side.place)
    return min(_reasons(earlier, later), key=lambda link: link.strength.rank, default=None)


def _reasons(earlier: _Side, later: _Side) -> Iterator[Link]:
    yield from _one_request(earlier, later)
    yield from _quotes(later, earlier)
    yield from _quotes(earlier, later)
    yield from _points(later, earlier)
    yield from _points(earlier, later)
    yield from _in_common(earlier, later)


def _one_request(earlier: _Side, later: _Side) -> Iterator[Link]:
    """The two sides of one call, a retry, or an id that was used twice."""
    a, b = earlier.exchange, later.exchange
    if b.retry_of == a.id:
        yield Link(b.id, a.id, LinkKind.RETRY, Strength.CERTAIN, SAME_REQUEST)
    if not earlier.values(KeyKind.REQUEST) & later.values(KeyKind.REQUEST):
        return
    if _differ(earlier, later, KeyKind.CORRELATION):
        if a.direction is b.direction:
            yield Link(b.id, a.id, _kind(earlier, later), Strength.WEAK, OTHER_CALL)
    elif a.operation != b.operation:
        return
    elif a.direction is b.direction:
        if not (earlier.body and later.body) or earlier.body == later.body:
            yield Link(b.id, a.id, LinkKind.RETRY, Strength.CERTAIN, SAME_REQUEST)
        elif not _patients_differ(earlier.request, later.request):
            yield Link(b.id, a.id, _kind(earlier, later), Strength.LIKELY, OTHER_MESSAGE)
    else:
        inner, outer = (a, b) if a.direction is Direction.IN else (b, a)
        yield Link(inner.id, outer.id, LinkKind.SAME_CALL, Strength.CERTAIN, f"{SAME_REQUEST}: two sides of one call")


def _quotes(child: _Side, parent: _Side) -> Iterator[Link]:
    """The child's response.identifier is the parent's Bundle.id, or what FHIR means by it: its MessageHeader.id."""
    reply, asked = child.request, parent.request
    if reply is None or asked is None or not reply.response_to:
        return
    quoted = reply.response_to.lower()
    ids = (child.exchange.id, parent.exchange.id, LinkKind.REPLY)
    if quoted == (asked.bundle_id or "").lower():
        if not is_reply(asked):
            yield Link(*ids, Strength.CERTAIN, QUOTES_REQUEST)
        elif _turned(child, parent):
            yield Link(*ids, Strength.CERTAIN, QUOTES_REPLY)
        else:
            yield Link(*ids, Strength.LIKELY, QUOTES_INTERIM)
    elif quoted == (asked.header_id or "").lower():
        yield Link(*ids, Strength.LIKELY, QUOTES_HEADER)


def _turned(child: _Side, parent: _Side) -> bool:
    """Whether a message goes back to where another came from: services swapped, else the other direction."""
    to, came = (
        (child.request and child.request.destination_endpoint),
        (parent.request and parent.request.source_endpoint),
    )
    if to and came:
        return to.lower() == came.lower()
    return child.exchange.direction is not parent.exchange.direction


def _points(child: _Side, parent: _Side) -> Iterator[Link]:
    """The child references a booking or referral whose id the parent's receiver gave."""
    if child.request is None or parent.response is None:
        return
    given = {(kind, value.lower()) for kind, value in parent.response.resource_ids}
    for kind, value in child.request.linked_ids:
        if kind in _LINKED and (kind, value.lower()) in given and _event(child.request) in ("booking", "referral"):
            key_kind, link, words = _LINKED[kind]
            if value.lower() in parent.values(key_kind):
                strength = _strength(value, child, parent)
                yield Link(child.exchange.id, parent.exchange.id, link, strength, words.format(id=value))


def _in_common(earlier: _Side, later: _Side) -> Iterator[Link]:
    ids = (later.exchange.id, earlier.exchange.id, _kind(earlier, later))
    for kind, words in _GIVEN.items():
        for value in sorted(earlier.values(kind) & later.values(kind)):
            yield Link(*ids, _strength(value, earlier, later), words)
    if earlier.values(KeyKind.CORRELATION) & later.values(KeyKind.CORRELATION):
        if _patients_differ(earlier.request, later.request):
            yield Link(*ids, Strength.WEAK, OTHER_PATIENT)
        else:
            yield Link(*ids, Strength.LIKELY, SAME_CORRELATION)
    replies = any(known.request is not None and is_reply(known.request) for known in (earlier, later))
    for value in sorted(earlier.values(KeyKind.ENCOUNTER) & later.values(KeyKind.ENCOUNTER)):
        strength = _strength(value, earlier, later) if replies else Strength.WEAK
        yield Link(*ids, strength, "Same case number")
    if earlier.values(KeyKind.JOURNEY) & later.values(KeyKind.JOURNEY):
        if not replies and _differ(earlier, later, KeyKind.CORRELATION):
            yield Link(*ids, Strength.WEAK, f"{SAME_JOURNEY}, but another correlation id")
        else:
            yield Link(*ids, Strength.LIKELY, SAME_JOURNEY)
    if earlier.values(KeyKind.BUNDLE) & later.values(KeyKind.BUNDLE):
        yield Link(*ids, Strength.WEAK, "Same Bundle id")


def _kind(parent: _Side, child: _Side) -> LinkKind:
    """What a later exchange is to an earlier one of the same conversation."""
    later, earlier = child.request, parent.request
    if later is None or earlier is None or later.event is None or earlier.event is None:
        return LinkKind.READ
    if is_reply(later):
        return LinkKind.ANSWER if is_reply(earlier) else LinkKind.REPLY
    if later.focus_status in CANCELLED:
        return LinkKind.CANCEL
    if later.reason == "update":
        return LinkKind.UPDATE
    kinds = (_event(earlier), _event(later))
    if kinds == ("booking", "booking"):
        return LinkKind.REBOOK
    if kinds[1] == "booking":
        return LinkKind.BOOKING
    onward = later.destination_endpoint != earlier.destination_endpoint
    return LinkKind.ONWARD if onward and kinds[0] == "referral" else LinkKind.REFERRAL


def _event(facts: MessageFacts) -> str:
    return "booking" if (facts.event or "").startswith("booking") else "referral"


def _strength(value: str, one: _Side, other: _Side) -> Strength:
    """A GUID names one thing in the world; any other id only within one receiver or one correlation id."""
    if _GUID.fullmatch(value.lower()):
        return Strength.LIKELY
    services = {one.exchange.service, other.exchange.service}
    same_service = len(services) == 1 and None not in services
    same_correlation = one.values(KeyKind.CORRELATION) & other.values(KeyKind.CORRELATION)
    return Strength.LIKELY if same_service or same_correlation else Strength.WEAK


def _differ(one: _Side, other: _Side, kind: KeyKind) -> bool:
    """Whether both have such a key and none in common."""
    a, b = one.values(kind), other.values(kind)
    return bool(a and b and not a & b)


def _patients_differ(one: MessageFacts | None, other: MessageFacts | None) -> bool:
    return bool(one and other and one.nhs_number and other.nhs_number and one.nhs_number != other.nhs_number)
