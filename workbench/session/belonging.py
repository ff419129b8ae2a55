"""Why a message is part of its conversation, as a list for reading: what was found, the id it was found by, and where.

Pure functions of what the correlation found; what ties two messages together is decided there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.correlation import Author, KeyKind, Strength, keys_of
from workbench.correlation.keys import is_reply
from workbench.correlation.links import (
    OTHER_CALL,
    OTHER_MESSAGE,
    OTHER_PATIENT,
    QUOTES_HEADER,
    QUOTES_INTERIM,
    QUOTES_REPLY,
    QUOTES_REQUEST,
    SAME_CORRELATION,
    SAME_JOURNEY,
    SAME_REQUEST,
)
from workbench.evidence.masked import ExchangeWords
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workbench.correlation import Key, Known, Link
    from workbench.exchange import Exchange
    from workbench.masking import Masker

_QUOTES = {
    QUOTES_REQUEST: "response.identifier {id}, the Bundle id of {at}",
    QUOTES_REPLY: "response.identifier {id}, the Bundle id of {at}",
    QUOTES_INTERIM: "response.identifier {id}; the guide asks for the Bundle id of {asked}",
    QUOTES_HEADER: "response.identifier {id}; the guide asks for the Bundle id of {at}",
}
"""The value of MessageHeader.response.identifier is the Bundle id of the request (Core guide, responses)."""
_BY_HEADER = {
    SAME_CORRELATION: "X-Correlation-Id",
    OTHER_PATIENT: "X-Correlation-Id",
    SAME_REQUEST: "X-Request-Id",
    OTHER_MESSAGE: "X-Request-Id",
    OTHER_CALL: "X-Request-Id",
}
_COMMON = {
    KeyKind.CORRELATION: (SAME_CORRELATION, "X-Correlation-Id {id}, also at {at}"),
    KeyKind.SERVICE_REQUEST: ("Same referral", "ServiceRequest {id}, also at {at}"),
    KeyKind.APPOINTMENT: ("Same booking", "Appointment {id}, also at {at}"),
    KeyKind.ENCOUNTER: ("Same case number", "{id}, also at {at}"),
    KeyKind.JOURNEY: (SAME_JOURNEY, "Encounter, episode of care {id}"),
}
"""What two messages have in common besides the reason that joined them, in the order it is told."""


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: a tick, or a triangle where it speaks against belonging together or is not as the guide asks."""

    tone: Tone
    title: str
    detail: str
    """The id, and the time of the message it is shared with."""


def parents_told(child: str, links: Iterable[Link]) -> dict[str, Link]:
    """Of the links of an exchange to earlier ones, the first for each reason: the others would say the same."""
    told: dict[str, Link] = {}
    for link in sorted((one for one in links if one.child == child), key=lambda one: one.strength.rank):
        told.setdefault(link.reason, link)
    return told


def why(child: Known, parents: Mapping[str, Known], links: Iterable[Link]) -> tuple[Why, ...]:
    """Every reason, ticks first; `parents` are the exchanges that `parents_told` names, by id."""
    told = parents_told(child.exchange.id, links)
    found = {reason.partition(": ")[0]: _of_link(link, child, parents) for reason, link in told.items()}
    joined = [parents[link.parent] for link in told.values() if link.joins]
    for title, detail in _in_common(child, joined):
        found.setdefault(title, Why(Tone.OK, title, detail))
    return tuple(sorted(found.values(), key=lambda one: one.tone is not Tone.OK))


def masked_why(reasons: Sequence[Why], exchange: Exchange, masker: Masker) -> tuple[Why, ...]:
    """The reasons without what they quote of the people in an exchange."""
    words = ExchangeWords(exchange, masker)
    return tuple(replace(one, title=words.text(one.title), detail=words.text(one.detail)) for one in reasons)


def _of_link(link: Link, child: Known, parents: Mapping[str, Known]) -> Why:
    title, _, rest = link.reason.partition(": ")
    doubtful = link.strength is Strength.WEAK or link.reason in (QUOTES_INTERIM, QUOTES_HEADER)
    return Why(Tone.WARNING if doubtful else Tone.OK, title, _detail(link, rest, child, parents))


def _detail(link: Link, rest: str, child: Known, parents: Mapping[str, Known]) -> str:
    parent = parents[link.parent]
    at = _at(parent)
    if link.by is Author.PERSON:
        return f"A person put it to the message of {at}"
    if link.reason in _QUOTES and child.request is not None:
        asked = min((one for one in parents.values() if _asks(one)), key=lambda one: one.place, default=parent)
        id = child.request.response_to or ""
        return _QUOTES[link.reason].format(id=id, at=at, asked=_at(asked))
    header = _BY_HEADER.get(link.reason.partition(": ")[0])
    if header is not None:
        value = child.exchange.request.header(header) or ""
        return f"{header} {value}, also at {at}" if value else rest
    for kind, (name, words) in _COMMON.items():
        shared = _shared(child, parent, kind)
        if link.reason.startswith(name) and shared:
            given = words.format(id=shared[0], at=at)
            return given.replace(", also at", ", given by the receiver at") if "given by" in rest else given
    return f"{rest or 'In common'}, with {at}"


def _in_common(child: Known, parents: Sequence[Known]) -> Iterable[tuple[str, str]]:
    """What the exchange shares with the earliest of the parents that has it: (title, detail)."""
    for kind, (title, words) in _COMMON.items():
        for parent in sorted(parents, key=lambda one: one.place):
            if shared := _shared(child, parent, kind):
                yield title, words.format(id=shared[0], at=_at(parent))
                break


def _shared(child: Known, parent: Known, kind: KeyKind) -> list[str]:
    """The ids of a kind that both have, as people read them: a case number as it is written, without its system."""
    own, other = ({key.value for key in _keys(one) if key.kind is kind} for one in (child, parent))
    facts = (one for one in (child.request, child.response) if one is not None)
    written = {number.lower(): number for one in facts for number in one.encounter_identifiers}
    return [written.get(value, value).rpartition("|")[2] for value in sorted(own & other)]


def _keys(known: Known) -> Iterable[Key]:
    return keys_of(known.exchange, known.request, known.response)


def _asks(known: Known) -> bool:
    return known.request is not None and not is_reply(known.request)


def _at(known: Known) -> str:
    return f"{known.exchange.timing.started.astimezone():%H:%M:%S}"
