"""The Timeline's use cases: pages of conversations, one conversation as lanes, one exchange in every detail.

Reads the history and turns it into words; it records nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.correlation import ConversationState, LinkKind, lead
from workbench.correlation.conversation import instant_of
from workbench.directory.environments import IMPORTED
from workbench.doctor.skew import skew_of
from workbench.evidence.lanes import LaneTone, Leg, answer_words, duration, lay_out, seconds_words
from workbench.exchange import Direction
from workbench.headers import decode_headers
from workbench.messages import Severity, Summary, issues, summarise
from workbench.rules.sifting import sift
from workbench.sandbox.proxy import INSTEAD_OF
from workbench.session.belonging import masked_why, parents_told, why
from workbench.session.conversation_words import STATE_WORDS, moment, state_tone, state_words
from workbench.session.judging import readable
from workbench.session.masking import Record, masked_known
from workbench.session.timeliness import due_words, with_due
from workbench.session.views import ConversationView, ExchangeDetail, Tone
from workbench.standard.operations import operations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from workbench.correlation import Known, Link
    from workbench.directory.silences import Silence
    from workbench.exchange import Exchange, Failure, Headers, Request, Response
    from workbench.history import ConversationRow, PageKey
    from workbench.masking import Masker
    from workbench.messages import MessageFacts
    from workbench.rules import Verdict
    from workbench.session.belonging import Why
    from workbench.session.doctor import Doctor
    from workbench.session.engine import Engine
    from workbench.session.masking import Masking
    from workbench.session.noise import Noise

_ENDINGS = {
    ConversationState.ANSWERED: ("Complete. No reply is outstanding.", LaneTone.OK),
    ConversationState.ACCEPTED: ("Accepted. No reply is outstanding.", LaneTone.OK),
    ConversationState.CANCELLED: ("Cancelled. No reply is outstanding.", LaneTone.NEUTRAL),
    ConversationState.WAITING: ("Waiting for the reply.", LaneTone.WAITING),
}
LONGEST_SHOWN = 256 * 1024
"""Bytes of a broken answer that are shown; all are kept."""
SKEW_SHOWN = 2.0
"""Seconds; a smaller difference of clocks is the network's and the rounding of the Date header."""


class Timeline:
    """Conversations and exchanges for reading."""

    def __init__(
        self, engine: Engine, noise: Noise, doctor: Doctor, masking: Masking, rule_words: Callable[[str, str], str]
    ) -> None:
        """`rule_words` says what a rule of the own receiver (`own`) or of the sandbox answers, by its id."""
        self._engine = engine
        self._rule_words = rule_words
        self._noise = noise
        self._doctor = doctor
        self._masking = masking

    async def conversations(self, after: PageKey | None, text: str, limit: int) -> tuple[ConversationRow, ...]:
        """A page, pinned ones first, then by latest activity; `after` is the key of the row before."""
        return await self._engine.history.queries.conversations(after=after, text=text, limit=limit)

    async def conversation(self, id: str) -> ConversationView:
        """One conversation laid out in lanes; an id that was merged away gives the conversation it went into."""
        return await self.laid_out(id, self._masking.wanted())

    async def laid_out(self, id: str, masker: Masker | None) -> ConversationView:
        """As `conversation`, masked by these masks or, without any, as it was."""
        engine = self._engine
        queries = engine.history.queries
        current = await queries.conversation_of(id) or id
        row = await queries.conversation(current)
        legs = await queries.legs(current)
        links = await queries.links(current)
        titles = await queries.titles(current)
        if masker is not None:
            legs = tuple(masked_known(known, masker) for known in legs)
            links = tuple(replace(link, reason=masker.text(link.reason)) for link in links)
        refusals = {
            known.exchange.id: await self._refusal(known.exchange.id, masker)
            for known in legs
            if known.exchange.response is not None and not known.exchange.response.ok
        }
        ending, ending_tone = _ENDINGS.get(row.state, ("", LaneTone.OK))
        lanes = lay_out(
            [_leg(known, titles, refusals) for known in legs],
            links,
            sender=row.sender or "Sender",
            broker=engine.known_environment(row.environment).title,
            receiver=self._name(row.receiver) or "Receiver",
            ending=ending,
            ending_tone=ending_tone,
            zone=None,
            begun=lead(legs).exchange.direction,
        )
        return ConversationView(row, lanes, state_tone(row), _chip(row, legs, engine.clock()))

    async def exchange(self, id: str) -> Exchange:
        """One exchange with its bodies; KeyError where there is none."""
        return await self._engine.history.queries.exchange(id)

    async def detail(self, id: str, *, unmasked: bool = False) -> ExchangeDetail:
        """One exchange in every detail; what is silenced for the service that was called does not count.

        While people are masked it has no raw value, unless it is asked for `unmasked`.
        """
        return await self.detailed(id, self._masking.wanted(unmasked=unmasked))

    async def detailed(self, id: str, masker: Masker | None) -> ExchangeDetail:
        """As `detail`, masked by these masks or, without any, as it was."""
        history = self._engine.history
        exchange = await history.queries.exchange(id)
        verdict = await history.verdicts.verdict(id)
        answer_verdict = await history.verdicts.verdict(id, "response")
        known = await history.queries.links_of(id)
        own = tuple(link for link in known if link.joins)
        silences = self._noise.of(exchange.service) if exchange.direction is Direction.OUT else ()
        record = Record(exchange, verdict, answer_verdict, own)
        if masker is not None:
            record = await self._masking.record(record, masker)
        detail = await self._engine.compute(_detail, *record, silences)
        detail = replace(detail, why=await self._why(exchange, known, masker))
        if words := await self._due_words(exchange, own):
            detail = replace(detail, summary=with_due(detail.summary, words))
        diagnosis, explanation = await self._doctor.about(record.exchange)
        answered_by = self._answered_by(exchange, masked=masker is not None)
        return replace(
            detail,
            diagnosis=diagnosis,
            explanation=explanation,
            masked=masker is not None,
            answered_by=answered_by,
            dated=self._doctor.dated(exchange),
        )

    async def _why(self, exchange: Exchange, links: Sequence[Link], masker: Masker | None) -> tuple[Why, ...]:
        """Why it is part of its conversation; nothing of what comes first in one."""
        queries = self._engine.history.queries
        parents = {link.parent for link in parents_told(exchange.id, links).values()}
        if not parents:
            return ()
        child = await queries.known(exchange.id)
        reasons = why(child, {id: await queries.known(id) for id in sorted(parents)}, links)
        return reasons if masker is None else await self._engine.compute(masked_why, reasons, exchange, masker)

    async def _due_words(self, exchange: Exchange, links: tuple[Link, ...]) -> str:
        """For a reply: until when the request it answers wanted it, and whether it came in time; else empty."""
        asked = next((link.parent for link in links if link.child == exchange.id and link.kind is LinkKind.REPLY), "")
        if not asked:
            return ""
        message = await self._engine.compute(readable, (await self.exchange(asked)).request.body)
        if message is None or message.facts.category != "validation" or message.facts.breach_time is None:
            return ""  # in a referral it is when the patient is to be seen
        due = instant_of(message.facts.breach_time)
        return due_words(due, exchange.timing.started) if due is not None else ""

    def _answered_by(self, exchange: Exchange, *, masked: bool) -> str:
        """Which rule answered; masked by its id only, for what it asks for may be a patient's number."""
        if exchange.response is None or not exchange.response.answered_by:
            return ""
        rule, _, faults = exchange.response.answered_by.partition("; ")
        page = "own" if exchange.direction is Direction.IN else "sandbox"
        platform, instead, own = rule.rpartition(INSTEAD_OF)
        words = own if masked else self._rule_words(page, own)
        named = own if words == own else f"{own} ({words})"
        return "; ".join(filter(None, (f"{platform}{instead}{named}", faults)))

    def _name(self, receiver: str) -> str:
        """A receiver that is only known by the service that was called is shown by its name."""
        found = next((s for s in self._engine.directory.services.all() if s.id == receiver), None)
        return found.name if found is not None else receiver

    async def _refusal(self, id: str, masker: Masker | None) -> str:
        """What an answer that refuses says, in its own words."""
        exchange = await self._engine.history.queries.exchange(id)
        if masker is not None:
            exchange = await self._masking.exchange(exchange, masker)
        if exchange.response is None:
            return ""
        message = await self._engine.compute(readable, exchange.response.body)
        found = issues(message.resource) if message is not None else ()
        return next((one.details_code or one.diagnostics or one.code for one in found), "")


def _leg(known: Known, titles: Mapping[str, str], refusals: Mapping[str, str]) -> Leg:
    exchange = known.exchange
    title = titles.get(exchange.id) or operations()[exchange.operation].title
    if exchange.operation != "process-message":
        return Leg(exchange, operations()[exchange.operation].title, _target(exchange))
    answered = known.request is not None and known.request.response_to is not None
    ident = refusals.get(exchange.id, "")
    if known.request is not None and known.response is not None and not ident:
        before = set(known.request.encounter_identifiers)
        fresh = [one for one in known.response.encounter_identifiers if one not in before]
        ident = f"case {fresh[0].rpartition('|')[2]} planned" if fresh else ""
    return Leg(exchange, title, _reply_words(known.request) if known.request is not None and answered else "", ident)


_REPLY_WORDS = {
    ("Encounter", "planned"): "case planned",
    ("Encounter", "in-progress"): "case picked up",
    ("Encounter", "arrived"): "on scene",
    ("Encounter", "finished"): "case finished",
    ("Encounter", "cancelled"): "case not taken",
    ("ServiceRequest", "revoked"): "referral ended",
}


def _reply_words(facts: MessageFacts) -> str:
    """How a reply came and what it says of the case."""
    said = _REPLY_WORDS.get((facts.focus or "", facts.focus_status or ""), "")
    return ", ".join(part for part in ("asynchronous", said) if part)


def _target(exchange: Exchange) -> str:
    """What a call without a message asks for, in a few words."""
    return urlsplit(exchange.request.url).path.rpartition("/R4")[2].lstrip("/") or "token endpoint"


def _chip(row: ConversationRow, legs: tuple[Known, ...], now: datetime) -> str:
    if row.state is ConversationState.REFUSED:
        return row.status_text
    if row.state is ConversationState.WAITING:
        overdue = row.due is not None and row.due < now
        until = f", until {moment(row.due, now)}" if row.due is not None else ""
        return state_words(row, now)[1] if overdue else f"{row.status_text}{until}"
    words = STATE_WORDS[row.state]
    messages = [known.exchange for known in legs if known.exchange.operation == "process-message"]
    if row.state is not ConversationState.ANSWERED or len(messages) < 2:
        return words
    spent = (messages[-1].timing.started - messages[0].timing.started).total_seconds()
    return f"{words} in {duration(spent) if spent >= 1 else seconds_words(spent)}"


def _detail(
    exchange: Exchange,
    verdict: Verdict | None,
    answer_verdict: Verdict | None,
    links: tuple[Link, ...],
    silences: tuple[Silence, ...],
) -> ExchangeDetail:
    asked, answered = (sift(one, silences=silences) if one is not None else None for one in (verdict, answer_verdict))
    verdict, answer_verdict = (one.verdict if one is not None else None for one in (asked, answered))
    request = readable(exchange.request.body)
    response = readable(exchange.response.body) if exchange.response else None
    inward = exchange.direction is Direction.IN
    summary = summarise(request, received=inward) if request else _call_summary(exchange)
    answer_summary = None
    if response is not None:
        acknowledged = exchange.operation == "process-message" and response.facts.event is not None
        answer_summary = summarise(response, received=not inward, acknowledgement=True if acknowledged else None)
    return ExchangeDetail(
        exchange=exchange,
        title=summary.title,
        subtitle=_subtitle(exchange),
        request=request,
        response=response,
        verdict=verdict,
        answer_verdict=answer_verdict,
        silenced=tuple(row for one in (asked, answered) if one is not None for row in one.silenced),
        summary=summary,
        answer_summary=answer_summary,
        headers=decode_headers(exchange.request.headers, exchange.operation, exchange.direction),
        answer_headers=decode_headers(exchange.response.headers, exchange.operation, exchange.direction)
        if exchange.response
        else (),
        links=links,
        chips=_chips(exchange, verdict, answer_verdict),
        skew_s=_skew(exchange),
        wire_request=_wire(_request_line(exchange.request), exchange.request.headers, exchange.request.body),
        wire_response=_wire_answer(exchange.response) if exchange.response else _begun(exchange.failure),
    )


def _subtitle(exchange: Exchange) -> str:
    started = exchange.timing.started.astimezone()
    total = exchange.timing.total
    way = "sent" if exchange.direction is Direction.OUT else "received"
    way = "imported" if exchange.environment == IMPORTED else way
    parts = (f"{started:%H:%M:%S}", way, seconds_words(total) if total is not None else "")
    return ", ".join(part for part in parts if part)


def _call_summary(exchange: Exchange) -> Summary:
    operation = operations()[exchange.operation]
    status, _ = answer_words(exchange)
    return Summary(operation.title, f"{exchange.request.method} {_target(exchange)}: {status}.", ())


def _chips(exchange: Exchange, verdict: Verdict | None, answer_verdict: Verdict | None) -> tuple[tuple[Tone, str], ...]:
    words, lane_tone = answer_words(exchange)
    chips = [(Tone(lane_tone.value), words[:1].upper() + words[1:])]
    findings = [one for v in (verdict, answer_verdict) if v is not None for one in v.findings]
    errors = sum(one.severity in (Severity.FATAL, Severity.ERROR) for one in findings)
    warnings = sum(one.severity is Severity.WARNING for one in findings)
    for tone, count, word in ((Tone.ERROR, errors, "error"), (Tone.WARNING, warnings, "warning")):
        if count:
            chips.append((tone, f"{count} {word}{'s' if count > 1 else ''}"))
    if exchange.tls is not None and not exchange.tls.verified:
        chips.append((Tone.ERROR, "Certificate not checked"))
    return tuple(chips)


def _skew(exchange: Exchange) -> float | None:
    """As `skew_of`; 0 where it is too small to be meant."""
    skew = skew_of(exchange)
    return skew if skew is None or abs(skew) > SKEW_SHOWN else 0.0


def _request_line(request: Request) -> str:
    parts = urlsplit(request.url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    return f"{request.method} {target} HTTP/{request.http_version}"


def _wire_answer(response: Response) -> str:
    head = f"HTTP/1.1 {response.status} {response.reason}".rstrip()
    text = _wire(head, response.headers, response.body)
    return f"{text}\n\n({len(response.wire)} bytes on the wire, shown unpacked)" if response.wire else text


def _begun(failure: Failure | None) -> str:
    """What came of an answer that was never whole."""
    received = failure.received if failure is not None else b""
    return received[:LONGEST_SHOWN].decode("utf-8", "backslashreplace")


def _wire(first: str, headers: Headers, body: bytes) -> str:
    head = "\n".join([first, *(f"{name}: {value}" for name, value in headers)])
    return f"{head}\n\n{body.decode('utf-8', 'backslashreplace')}"
