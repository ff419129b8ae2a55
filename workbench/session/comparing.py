"""Comparing messages of the timeline: what they can be held against, what differs, and what may explain a refusal.

Reads the history and turns it into words; which difference is noise is decided in `messages.diff`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from workbench.compose import Draft, Links, compose
from workbench.correlation.conversation import instant_of
from workbench.errors import ConfigError, InputError
from workbench.messages import Issue, issues, tree
from workbench.messages.diff import Change, compare
from workbench.messages.suspects import Suspect, suspects
from workbench.session.judging import readable
from workbench.session.masking import Record
from workbench.session.views import Choice

if TYPE_CHECKING:
    from workbench.exchange import Exchange
    from workbench.messages import Finding, Message
    from workbench.session.composing import Composer
    from workbench.session.engine import Engine
    from workbench.session.masking import Masking

REQUEST, ANSWER = "request", "response"
MASKED = "masked differences"
TEMPLATE = "template:"
"""How the id of a message begins that is composed anew from the template of an exchange's draft."""
OTHERS = 40
"""Conversations whose messages are offered."""


@dataclass(frozen=True, slots=True)
class MessagePick:
    """One message that can be held against another: the request of an exchange, or the body of its answer."""

    exchange: str
    part: str
    """`request` or `response`."""
    title: str
    """`Interim validation response, 10:06:29`."""


@dataclass(frozen=True, slots=True)
class ComparePage:
    """What a message can be held against, the likeliest first."""

    picks: tuple[MessagePick, ...]


@dataclass(frozen=True, slots=True)
class CompareResult:
    """Two messages held against each other: `left` is the other one, `right` the one that is looked at."""

    telling: tuple[Change, ...]
    hidden: tuple[tuple[str, int], ...]
    """Kinds of noise in the plural with their number."""
    noise: tuple[Change, ...]
    suspects: tuple[Suspect, ...]
    """For a refused message: the differences that a finding or the answer can explain, likeliest first."""
    refused: bool


class Comparing:
    """The use cases of the Compare page."""

    def __init__(self, engine: Engine, masking: Masking, composer: Composer) -> None:
        self._engine = engine
        self._masking = masking
        self._composer = composer

    async def page(self, exchange: str, part: str = REQUEST) -> ComparePage:
        """What the message of an exchange can be held against: a refused one with the last of its kind that was
        accepted, any with the nearest message before it, then every other message of its conversation."""
        queries = self._engine.history.queries
        mine = await queries.exchange(exchange)
        conversation = await queries.conversation_of(exchange)
        titles = await queries.titles(conversation) if conversation else {}
        legs = [known.exchange for known in await queries.legs(conversation)] if conversation else []
        accepted = await queries.accepted_before(mine) if part == REQUEST else None
        picks: list[MessagePick] = []
        if accepted is not None:
            title = f"Last one accepted, {_when(accepted, day=True)}"
            picks.append(MessagePick(accepted.id, REQUEST, title))
        for leg in sorted(legs, key=lambda leg: _nearness(leg, mine)):
            picks += _picks(leg, titles.get(leg.id, ""))
        picks = [pick for pick in picks if (pick.exchange, pick.part) != (exchange, part)]
        if accepted is not None and not _refused(mine):
            picks = [*picks[1:], picks[0]]
        if part == REQUEST and await self._template(mine) is not None:
            picks.append(MessagePick(f"{TEMPLATE}{mine.id}", REQUEST, "Its template, composed anew"))
        return ComparePage(tuple(dict.fromkeys(picks)))

    async def compare(self, left: tuple[str, str], right: tuple[str, str]) -> CompareResult | None:
        """The differences that lead from the left message to the right one, each an exchange id and a part; None where
        one of the two cannot be read as FHIR. While people are masked, so are both."""
        history = self._engine.history
        other = await history.queries.exchange(right[0])
        one = await self._composed(left[0]) if left[0].startswith(TEMPLATE) else await history.queries.exchange(left[0])
        verdict = await history.verdicts.verdict(other.id, right[1])
        before = 0
        if (masker := self._masking.wanted()) is not None:
            plain = _body(one, left[1]), _body(other, right[1])
            before = await self._engine.compute(telling_count, *plain, size=sum(len(body) for body in plain))
            one = await self._masking.exchange(one, masker)
            other, verdict, _, _ = await self._masking.record(Record(other, verdict, None, ()), masker)
        found = tuple(verdict.findings) if verdict is not None else ()
        bodies = _body(one, left[1]), _body(other, right[1])
        answer = _body(other, ANSWER) if right[1] == REQUEST else b""
        refused = right[1] == REQUEST and _refused(other)
        size = sum(len(body) for body in bodies)
        result = await self._engine.compute(compared, *bodies, answer, found, refused, size=size)
        return result if result is None else with_masked(result, before)

    async def others(self, exchange: str) -> tuple[Choice, ...]:
        """The messages of the latest other conversations, newest conversation first, grouped by it; the id of a choice
        is that of its exchange."""
        queries = self._engine.history.queries
        own = await queries.conversation_of(exchange)
        choices: list[Choice] = []
        for known in await queries.conversations(after=None, text="", limit=OTHERS):
            if known.id == own:
                continue
            titles = await queries.titles(known.id)
            when = known.last_activity.astimezone()
            group = f"{known.title}, {when.day} {when:%b %H:%M}"
            for leg in await queries.legs(known.id):
                if leg.exchange.operation == "process-message":
                    title = titles.get(leg.exchange.id) or "Message"
                    choices.append(Choice(leg.exchange.id, title, _when(leg.exchange), group))
        return tuple(choices)

    async def pick(self, exchange: str) -> MessagePick:
        """The request of an exchange as something to be held against others; KeyError where there is none."""
        queries = self._engine.history.queries
        found = await queries.exchange(exchange)
        titles = await queries.titles(await queries.conversation_of(exchange) or "")
        return MessagePick(exchange, REQUEST, f"{titles.get(exchange) or 'Message'}, {_when(found, day=True)}")

    async def _template(self, exchange: Exchange) -> Draft | None:
        """The draft an exchange was sent from, where it began from a template and all it was made of is still there."""
        if exchange.draft is None:
            return None
        try:
            draft = Draft.from_json(await self._engine.history.drafts.load(exchange.draft))
            self._engine.directory.services.find(draft.service or "")
            self._engine.directory.patient(draft.patient or "")
        except (KeyError, ConfigError, InputError):
            return None
        return draft if dict(draft.parameters).get("choice") else None

    async def _composed(self, id: str) -> Exchange:
        """The exchange that a template id is made of, with the body its draft had before anybody changed it; KeyError
        where its draft is gone."""
        exchange = await self._engine.history.queries.exchange(id.removeprefix(TEMPLATE))
        draft = await self._template(exchange)
        if draft is None or draft.service is None or draft.patient is None:
            raise KeyError(id)
        template_id, _, code = dict(draft.parameters)["choice"].partition("/")
        directory = self._engine.directory
        service, patient = directory.services.find(draft.service), directory.patient(draft.patient)
        setting = self._composer.setting(service, patient, code)
        sent = readable(exchange.request.body)
        own = [sent.facts.bundle_id] if sent is not None and sent.facts.bundle_id else []
        written = instant_of(tree.text(sent.resource.get("timestamp")) or "") if sent is not None else None
        ids = chain(own, iter(self._engine.ids, None))  # the case number is made of the id of the message
        links = Links(journey_id=sent.facts.journey_id or "") if sent is not None else Links()
        moment = written or exchange.timing.started
        made = compose(template_id, setting, now=moment, ids=lambda: next(ids), links=links)
        return replace(exchange, request=replace(exchange.request, body=made.source), response=None)


def compared(
    left: bytes, right: bytes, answer: bytes, found: tuple[Finding, ...], refused: bool
) -> CompareResult | None:
    """Two bodies held against each other; `answer` and `found` belong to the right one."""
    one, other = readable(left), readable(right)
    if one is None or other is None:
        return None
    result = compare(one, other)
    likely = suspects(result.telling, found, _issues(readable(answer))) if refused else ()
    return CompareResult(
        result.telling,
        tuple((kind.value, number) for kind, number in result.hidden),
        tuple(change for change in result.changes if change.noise is not None),
        likely,
        refused,
    )


def telling_count(left: bytes, right: bytes) -> int:
    """How many differences that tell something lie between two bodies."""
    one, other = readable(left), readable(right)
    return len(compare(one, other).telling) if one is not None and other is not None else 0


def with_masked(result: CompareResult, before: int) -> CompareResult:
    """The result with the number of differences that cannot be seen because people are masked: of `before`."""
    gone = before - len(result.telling)
    return replace(result, hidden=(*result.hidden, (MASKED, gone))) if gone > 0 else result


def _issues(message: Message | None) -> tuple[Issue, ...]:
    return issues(message.resource) if message is not None else ()


def _refused(exchange: Exchange) -> bool:
    return exchange.response is not None and not exchange.response.ok


def _body(exchange: Exchange, part: str) -> bytes:
    if part == REQUEST:
        return exchange.request.body
    return exchange.response.body if exchange.response is not None else b""


def _nearness(leg: Exchange, mine: Exchange) -> tuple[bool, bool, float]:
    """Earlier legs first, of them those in the same direction, of them the latest."""
    apart = (mine.timing.started - leg.timing.started).total_seconds()
    return (apart < 0 or leg.id == mine.id, leg.direction is not mine.direction, abs(apart))


def _picks(leg: Exchange, title: str) -> list[MessagePick]:
    """The messages of a leg as far as they are known; the history keeps bodies apart, so a status tells."""
    if leg.operation != "process-message":
        return []
    asked = MessagePick(leg.id, REQUEST, f"{title or 'Message'}, {_when(leg)}")
    if leg.response is None or not leg.response.ok:
        return [asked]
    return [asked, MessagePick(leg.id, ANSWER, f"Answer to {title or 'message'}, {_when(leg)}")]


def _when(exchange: Exchange, *, day: bool = False) -> str:
    started = exchange.timing.started.astimezone()
    clock = f"{started:%H:%M:%S}"
    return f"{started.day} {started:%b} {clock}" if day else clock
