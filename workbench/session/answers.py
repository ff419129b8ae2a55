"""What an answer means for the sender in one sentence, and whether sending the same once more is right.

Core, Transactional integrity and Error handling: what is no decision of a receiver may be sent again, a duplicate is a
success of the earlier send. Pure; must not know why a token or a call was refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from workbench.doctor import explain
from workbench.evidence.lanes import seconds_words
from workbench.exchange import FailureKind
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.messages import issues
from workbench.session.judging import readable
from workbench.session.views import Tone
from workbench.standard.outcomes import known_code

if TYPE_CHECKING:
    from workbench.exchange import Exchange, Response
    from workbench.messages import Message
    from workbench.messages.outcome import Issue

SAME_IDS = "Retry with the same ids: a receiver that already acted answers 409 duplicate."
_WORTH_ANOTHER = frozenset({408, 425, 429, 503, 504})
"""Answers after which the same message is sent again (Core, Transactional integrity)."""
_ACCESS = frozenset({401, 403})
"""Answers that no repetition mends, whoever gives them."""
_LONGEST = 120
_FHIR = ("application/fhir+json", "application/fhir+xml")


class Reading(NamedTuple):
    """What became of a call."""

    tone: Tone
    text: str
    next_step: str = ""
    retry: bool = False
    """Whether the retry policy of the guide sends it again by itself."""


def reading(exchange: Exchange, service: str) -> Reading:
    """What became of a call; `service` is whom it was for, as a person reads it."""
    if exchange.failure is not None:
        unknown = exchange.failure.kind in (FailureKind.UNKNOWN, FailureKind.CUT)
        tone = Tone.UNKNOWN if unknown else Tone.ERROR
        return Reading(tone, exchange.failure.sentence, exchange.failure.next_step)
    response = exchange.response
    if response is None:
        return Reading(Tone.WAITING, f"Sent to {service}")
    took = exchange.timing.total
    spent = f"{response.status} in {seconds_words(took)}" if took is not None else str(response.status)
    if not 200 <= response.status < 600:
        return _odd(exchange, response)
    if 300 <= response.status < 400:
        return _redirect(exchange, response)
    answer = readable(response.body)
    if response.ok:
        return _taken(exchange, response, answer, service, spent)
    return _refused(exchange, answer, service, spent)


def _odd(exchange: Exchange, response: Response) -> Reading:
    where = _where(exchange)
    text = f"{where} answered with the status {response.status}, which HTTP does not have for an answer."
    return Reading(Tone.UNKNOWN, text, f"Report this to whoever runs {where}. {SAME_IDS}")


def _redirect(exchange: Exchange, response: Response) -> Reading:
    """Not followed: neither the message nor the token goes where nobody sent it."""
    to = (response.header("Location") or "another place")[:_LONGEST]
    text = f"{_where(exchange)} points to {to} ({response.status}); nothing was sent there."
    return Reading(
        Tone.ERROR, text, "Correct the address of the environment, or sign in to the network first; then send again."
    )


def _taken(exchange: Exchange, response: Response, answer: Message | None, service: str, spent: str) -> Reading:
    if exchange.operation == "process-message" and answer is None and _ids(exchange, response) == "missing":
        came = f"{_where(exchange)} answered {response.status} with no FHIR and without the ids"
        text = f"{came}: something in between, not {service}."
        return Reading(Tone.UNKNOWN, text, f"Check the way to {service}. {SAME_IDS}", retry=True)
    sent = f"Sent to {service}: {spent}"
    match _ids(exchange, response):
        case "others":
            text = f"{sent}, but the answer carries the ids of another message."
            return Reading(Tone.ERROR, text, "Report this to the receiver: the answer may belong to another call.")
        case "missing":
            return Reading(Tone.WARNING, f"{sent}, but the ids did not come back.", "Report this to the receiver.")
        case "case":
            return Reading(Tone.OK, f"{sent}; the ids came back in other letters.")
    if response.body and (odd := _content_type(exchange, response)):
        return Reading(Tone.WARNING, f"{sent}, but {odd}.", "Report this to the receiver.")
    return Reading(Tone.OK, sent)


def _refused(exchange: Exchange, answer: Message | None, service: str, spent: str) -> Reading:
    found = issues(answer.resource) if answer is not None else ()
    status = exchange.response.status if exchange.response is not None else 0
    if not found:
        text = f"{_where(exchange)} answered {spent} without an OperationOutcome: a failure on the way."
        again = status not in _ACCESS
        return Reading(Tone.UNKNOWN, text, SAME_IDS if again else "Check the access of the application.", retry=again)
    first = found[0]
    if status == 409:
        return _conflict(first, service, spent)
    known = known_code(first.details_code)
    told = explain(exchange.response) if exchange.response is not None and known is not None else None
    more = f" ({len(found)} issues)" if len(found) > 1 else ""
    who, why = f"{service} refused", f", {_words(first)}" if _words(first) else ""
    if told is not None:
        why = f", {told.code}: {told.meaning[:1].lower()}{told.meaning[1:].rstrip('.')}"
        who = f"BaRS answered for {service}" if told.rewritten else "BaRS refused" if told.by_bars else who
    text = f"{who}: {spent}{why}{more}."
    again = status in _WORTH_ANOTHER or (known is not None and known.retry)
    if again:
        return Reading(Tone.UNKNOWN if status in (408, 504) else Tone.ERROR, text, SAME_IDS, retry=True)
    return Reading(Tone.ERROR, text, told.next_step if told is not None else "Open it in the timeline to read why.")


def _conflict(issue: Issue, service: str, spent: str) -> Reading:
    """The two meanings of 409: nothing is sent again after either."""
    if issue.code == "duplicate":
        text = f"{service} had already received this message ({spent}): the earlier send was a success."
        return Reading(Tone.OK, text)
    text = f"{service} refused: {spent}, what it holds has changed meanwhile."
    return Reading(Tone.ERROR, text, "Read it again, then decide; the same message would be refused again.")


def _words(issue: Issue) -> str:
    return (issue.details_code or issue.diagnostics or issue.details_text or issue.code)[:_LONGEST].rstrip(".")


def _ids(exchange: Exchange, response: Response) -> str:
    """How the ids came back: `same`, `case`, `missing` or `others`; what was not sent is not missed."""
    found = "same"
    for name in (REQUEST_ID, CORRELATION_ID):
        sent, back = exchange.request.header(name), response.header(name)
        if not sent or sent == back:
            continue
        if not back:
            return "missing"
        if sent.lower() != back.strip().lower():
            return "others"
        found = "case"
    return found


def _content_type(exchange: Exchange, response: Response) -> str:
    """What is odd about the media type of a body, or nothing; that of the message that was sent is fine."""
    told = _media_type(response.header("Content-Type"))
    if not told:
        return "it does not say what its body is"
    if told not in _FHIR:
        return f"it calls its body {told[:_LONGEST]}"
    asked, sent = (_media_type(exchange.request.header(name)) for name in ("Accept", "Content-Type"))
    return f"it came as {told}, not as {asked}" if asked in _FHIR and told not in (asked, sent) else ""


def _media_type(value: str | None) -> str:
    return (value or "").partition(";")[0].strip().lower()


def _where(exchange: Exchange) -> str:
    return urlsplit(exchange.request.url).netloc
