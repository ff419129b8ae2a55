"""What an answer means for the sender in one sentence, and whether sending the same once more is right.

Core, Transactional integrity and Error handling: what is no decision of a receiver may be sent again, a duplicate is a
success of the earlier send. Pure; must not know why a token or a call was refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from workbench.doctor.explain import Retry, explain
from workbench.evidence.lanes import seconds_words
from workbench.exchange import FailureKind
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.session.judging import readable
from workbench.session.views import Tone

if TYPE_CHECKING:
    from workbench.doctor.explain import Explanation
    from workbench.exchange import Exchange, Response

SAME_IDS = "Retry with the same ids: a receiver that already acted answers 409 duplicate."
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
    told = explain(response)
    if told is None:
        return _taken(exchange, response, service, spent)
    return _refused(exchange, response, told, service, spent)


def _odd(exchange: Exchange, response: Response) -> Reading:
    where = _where(exchange)
    text = f"{where} answered with the status {response.status}, which HTTP does not have for an answer."
    return Reading(Tone.UNKNOWN, text, f"Report this to whoever runs {where}. {SAME_IDS}")


def _taken(exchange: Exchange, response: Response, service: str, spent: str) -> Reading:
    ids = _ids(exchange, response)
    if exchange.operation == "process-message" and ids == "missing" and readable(response.body) is None:
        came = f"{_where(exchange)} answered {response.status} with no FHIR and without the ids"
        text = f"{came}: something in between, not {service}."
        return Reading(Tone.UNKNOWN, text, f"Check the way to {service}. {SAME_IDS}", retry=True)
    sent = f"Sent to {service}: {spent}"
    match ids:
        case "others":
            text = f"{sent}, but the answer carries the ids of another message."
            return Reading(Tone.ERROR, text, "Report this to the receiver: the answer may belong to another call.")
        case "missing":
            step = f"Report this to the receiver. {SAME_IDS}"
            return Reading(Tone.WARNING, f"{sent}, but the ids did not come back.", step)
        case "case":
            return Reading(Tone.OK, f"{sent}; the ids came back in other letters.")
    if response.body and (odd := _content_type(exchange, response)):
        return Reading(Tone.WARNING, f"{sent}, but {odd}.", "Report this to the receiver.")
    return Reading(Tone.OK, sent)


def _refused(exchange: Exchange, response: Response, told: Explanation, service: str, spent: str) -> Reading:
    """What `explain` says of an error, in one line with whom it came from."""
    again = told.retry is Retry.YES
    if not told.issue:
        tone = Tone.UNKNOWN if again else Tone.ERROR
        return Reading(tone, f"{_where(exchange)} answered {spent} {told.brief}.", _step(told), retry=again)
    if told.delivered:
        return Reading(
            Tone.OK, f"{service} had already received this message ({spent}): the earlier send was a success."
        )
    more = f" ({len(told.others) + 1} issues)" if told.others else ""
    who = f"BaRS answered for {service}" if told.rewritten else "BaRS refused" if told.by_bars else f"{service} refused"
    text = f"{who}: {spent}, {told.brief}{more}."
    tone = Tone.UNKNOWN if again and response.status in (408, 504) else Tone.ERROR
    return Reading(tone, text, _step(told), retry=again)


def _step(told: Explanation) -> str:
    return SAME_IDS if told.retry is Retry.YES else told.next_step


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
