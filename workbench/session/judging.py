"""Verdicts on exchanges and drafts as pure functions of values, so that a thread or a worker process can run them.

Nothing here knows an engine, a loop or a database; every function can be pickled by name.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.errors import InputError
from workbench.exchange import Direction, Request
from workbench.headers import HeaderChoices, decode_headers
from workbench.messages import Layer, Message, MessageFacts, Words, owner_of, parse, summarise
from workbench.messages.message_definitions import fitting
from workbench.rules import Side, Submission, Verdict, judge, judge_bytes, likely_answer, profile_of, rules
from workbench.rules.sifting import sift
from workbench.session.calls import call_request, facts_in, read_facts
from workbench.session.views import DraftVerdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.directory import Identity
    from workbench.directory.silences import Silence
    from workbench.exchange import Exchange
    from workbench.headers import DecodedHeader
    from workbench.profiles.compiled import Definitions
    from workbench.session.calls import Outgoing
    from workbench.standard import VersionProfile
    from workbench.standard.definitions import Definition

ACCEPTS = "A correct receiver accepts this"
BY_ITS_OWN = ", by its own definitions"
"""Said where a message was judged by what the receiver says that it takes."""
_OF_BOTH_SIDES = ("survey", "words", "base", "profiles")
"""What rules have worked out about a message that is the same for whoever judges it."""
PREVIEW_REQUEST = "11111111-1111-4111-8111-111111111111"
PREVIEW_CORRELATION = "22222222-2222-4222-8222-222222222222"
"""Ids that stand in the headers of a draft until it is sent with ids of its own."""


class Facts(NamedTuple):
    """What lists show of the two messages of an exchange; None where there is none or it cannot be read."""

    request: MessageFacts | None
    response: MessageFacts | None


class Verdicts(NamedTuple):
    """The verdicts on the two messages of an exchange; None where there is nothing to judge."""

    request: Verdict | None
    response: Verdict | None


def readable(body: bytes) -> Message | None:
    """A body as a message, or None where it cannot be read as FHIR."""
    if not body:
        return None
    try:
        return parse(body)
    except InputError:
        return None


def exchange_facts(exchange: Exchange) -> Facts:
    """The facts of both messages."""
    response = exchange.response
    return Facts(facts_of(exchange.request.body), facts_of(response.body) if response is not None else None)


def facts_of(body: bytes) -> MessageFacts | None:
    """The facts of one body; None where it is empty or cannot be read."""
    found = facts_in(body)
    return found[0] if found is not None else None


def exchange_verdicts(
    exchange: Exchange,
    known: Verdict | None,
    packages: Definitions | None = None,
    original: bytes = b"",
    offered: tuple[Definition, ...] = (),
) -> Verdicts:
    """The verdicts on a finished exchange, with its headers; `known` is what a receiver has already judged.

    `original` is the request that this one answers, updates or cancels, where it is known: the two are compared.
    `offered` are the definitions that the receiver gave of itself, which count in place of the published ones. Token
    calls are nobody's message and get none.
    """
    if exchange.operation in ("token", "unknown"):
        return Verdicts(None, None)
    message = readable(exchange.request.body)
    side = Side.COMPOSE if exchange.direction is Direction.OUT else Side.RECEIVE
    versions = exchange.versions
    if message is not None and exchange.direction is Direction.IN and exchange.response is None:
        versions = profile_of(message.facts, versions)  # those of a received message are stored with its answer
    if message is None and exchange.request.body:
        _, request = judge_bytes(
            exchange.request.body,
            versions=versions,
            side=side,
            timer=time.perf_counter,
            headers=exchange.request.headers,
            packages=packages,
            offered=offered,
        )
    elif known is not None and not original:
        request = known
    else:
        before = readable(original)
        own = fitting(offered, message.facts) if message is not None else None
        call = exchange.request if exchange.request.headers else None  # a body that was imported alone has no headers
        alone = Submission(message, call, None, versions, side, own, packages=packages, original=before)
        request = judge(alone, timer=time.perf_counter)
    response = None
    if exchange.response is not None:
        answered = Submission(message, exchange.request, exchange.response, versions, side)
        response = judge(answered, timer=time.perf_counter, only=Layer.RESPONSE)
    return Verdicts(request, response)


def received_verdict(request: Request, packages: Definitions | None = None) -> Verdict:
    """The verdict of a receiver on a message with its headers, by the versions the message names."""
    _, verdict = judge_bytes(
        request.body,
        versions=None,
        side=Side.RECEIVE,
        timer=time.perf_counter,
        headers=request.headers,
        packages=packages,
    )
    return verdict


def announced(header: DecodedHeader) -> DecodedHeader:
    """A header whose id is made when the message is sent says so instead of showing the one that stands for it."""
    if header.value not in (PREVIEW_REQUEST, PREVIEW_CORRELATION):
        return header
    words = "a new one with every send"
    return replace(header, value=words, rows=(("Value", words),), written="")


def _owners(message: Message | None, verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """The resources that findings are in, by their paths, with their words."""
    words = Words(message.resource if message is not None else None)
    owners = dict.fromkeys(owner_of(finding.path) for finding in verdict.findings)
    return tuple((path, words.describe(path)) for path in owners if path)


def draft_verdict(
    draft: str,
    outgoing: Outgoing | None,
    text: str,
    identity: Identity,
    versions: VersionProfile,
    bearer: bool,
    silences: tuple[Silence, ...] = (),
    unwanted: Callable[[], bool] | None = None,
    packages: Definitions | None = None,
    original: bytes = b"",
    offered: tuple[Definition, ...] = (),
) -> DraftVerdict:
    """The verdict on a draft's text with its headers as they would be sent; without a service it has no headers.

    `bearer` says that a token will go with it; its value is not needed to judge. What is silenced for the service does
    not count, and stands apart. `original` is the message that the draft was made from: one that follows it is compared
    with it. `offered` are the definitions that the receiver gave of itself, which then count in place of the published
    ones. UnwantedError once the verdict is `unwanted`.
    """
    source = text.encode("utf-8", "surrogatepass")
    message = readable(source)
    facts, syntax = (message.facts, message.syntax) if message is not None else read_facts(source)
    used = profile_of(facts, versions)
    headers = None
    if outgoing is not None:
        request = call_request(replace(outgoing, body=source), identity, "https://preview.invalid", facts, syntax, used)
        headers = (("Authorization", "Bearer token"), *request.headers) if bearer else request.headers
    if message is None:
        _, verdict = judge_bytes(
            source,
            versions=used,
            side=Side.COMPOSE,
            timer=time.perf_counter,
            headers=headers,
            packages=packages,
            offered=offered,
            what="The message",
        )
    else:
        call = Request("POST", "/$process-message", headers, source) if headers is not None else None
        before = _before(message, original)
        own = fitting(offered, facts)
        submission = Submission(message, call, None, used, Side.COMPOSE, own, packages=packages, original=before)
        verdict = judge(submission, timer=time.perf_counter, unwanted=unwanted)
    sifted = sift(verdict, silences=silences)
    received = sifted.verdict
    if message is not None and not sifted.verdict.valid:  # the other side forgives some of what we hold against us
        other = Submission(message, call, None, used, Side.RECEIVE, own, packages=packages, original=before)
        other.kept.update({name: submission.kept[name] for name in _OF_BOTH_SIDES if name in submission.kept})
        received = sift(judge(other, timer=time.perf_counter, unwanted=unwanted), silences=silences).verdict
    answer = likely_answer(received)
    return DraftVerdict(
        draft=draft,
        text=text,
        verdict=sifted.verdict,
        silenced=sifted.silenced,
        owners=_owners(message, sifted.verdict),
        headers=tuple(announced(one) for one in decode_headers(headers or (), "process-message", Direction.OUT)),
        choices=outgoing.headers if outgoing is not None else HeaderChoices(),
        message=message,
        summary=summarise(message) if message is not None else None,
        likely=(f"A correct receiver answers {answer.status} ({answer.code})" if answer else ACCEPTS)
        + (BY_ITS_OWN if offered else ""),
        rules=len(rules()),
    )


def _before(message: Message, original: bytes) -> Message | None:
    """The message before, None where the draft is a copy of it rather than one that follows it.

    The id of the Bundle alone does not tell: an update of Application 6 keeps it, but is a message of its own.
    """
    found = readable(original)
    return None if found is None or _named(found) == _named(message) else found


def _named(message: Message) -> tuple[str | None, ...]:
    """By what one message of a series is told from the others."""
    facts = message.facts
    return facts.bundle_id, facts.header_id, facts.reason


def large_draft_verdict(*given: Any) -> DraftVerdict:
    """As `draft_verdict`, without what is as large as the text: a worker's answer must not stall who takes it."""
    return replace(draft_verdict(*given), text="", message=None, too_large=True)
