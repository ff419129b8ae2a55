"""Answers on purpose in words: when they hold, for what kind of call, what is answered. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import nhs_number
from workbench.receiver import How
from workbench.receiver.answer_rule import NOBODY
from workbench.session.answer_views import AnswerRow
from workbench.session.views import Tone
from workbench.standard.operations import operations
from workbench.standard.outcomes import receiver_code

if TYPE_CHECKING:
    from workbench.receiver import AnswerBook, AnswerRule, When

_ID = 8
"""So much of an id is shown."""
REPLIES = {
    "validation-interim": "interim",
    "validation-full": "full",
    "safeguarding-dna": "safeguarding",
    "validation-rejection": "rejection",
}


def rows_of(book: AnswerBook) -> tuple[AnswerRow, ...]:
    """Every rule of a book as a row of the table."""
    return tuple(
        AnswerRow(
            id=rule.id,
            on=on,
            number=number,
            when=when_words(rule.when),
            kind=kind_words(rule.when),
            tone=tone_words(rule) if on else Tone.NEUTRAL,
            answer=answer_words(rule) if on else f"{answer_words(rule)} (off)",
            source="own rule" if rule.own else "keeps state" if rule.how is How.LINKED else "national harness",
            own=rule.own,
        )
        for number, (rule, on) in enumerate(book.rules(), 1)
    )


def when_words(when: When) -> str:
    """When a rule holds."""
    found = []
    if when.patients:
        numbers = [nhs_number.grouped(one) for one in when.patients if one != NOBODY]
        words = f"NHS number {' or '.join(numbers)}" if numbers else ""
        found.append(" or ".join(filter(None, (words, "no NHS number" if NOBODY in when.patients else ""))))
    if when.values:
        found.append(f"id {' or '.join(_short(one) for one in when.values)}")
    for label, value in (
        ("service", when.service),
        ("event", when.event),
        ("reason", when.reason if not (when.patients or when.values) else ""),
        ("use case", when.use_case if len(when.use_case) < 16 else f"{when.use_case[:3]}…"),
        ("organisation", when.organisation),
        ("family name", when.family),
        ("condition", when.condition),
        ("header", when.header),
        ("with", ", ".join(when.has)),
        ("without", ", ".join(when.lacks)),
        ("flag", when.flag),
    ):
        if value:
            found.append(f"{label} {value}")
    words = ", ".join(found) or "anything"
    return f"{words[0].upper()}{words[1:]}"


def _short(id: str) -> str:
    return f"{id[:_ID]}…" if "-" in id and len(id) > 2 * _ID else id


def kind_words(when: When) -> str:
    """For what kind of call a rule is."""
    if when.operation not in ("", "process-message"):
        call = operations()[when.operation]
        return f"{call.method} {call.path.strip('/').replace('/{id}', ' by id')}"
    return when.kind or ("any message" if when.operation else "any call")


def answer_words(rule: AnswerRule) -> str:
    """What a rule answers."""
    words = f"{rule.status} {rule.code or receiver_code(rule.status)}".strip()
    match rule.how:
        case How.EMPTY:
            words = "200, empty list"
        case How.ECHO:
            words = "200, as it was sent"
        case How.SAMPLE:
            words = "200, wrong on purpose" if rule.sample.startswith("spoilt") else "200, held or a sample"
        case How.LINKED:
            words = "by what was booked before"
        case How.TAKE:
            words = "200, stored"
            if rule.gives:
                words = f"200, id {_short(rule.gives)}"
            elif rule.asks:
                words = f"200, {rule.asks[0].rpartition('=')[2]}"
            if rule.replies:
                words = f"200, then {', '.join(_reply(*one) for one in rule.replies)}"
    return f"{words}, {rule.fault}" if rule.fault else words


def _reply(kind: str, seconds: float | None) -> str:
    name = REPLIES.get(kind, kind)
    return name if seconds is None else f"{name} after {seconds:g} s"


def tone_words(rule: AnswerRule) -> Tone:
    """How an answer is to be read."""
    if rule.how is How.REFUSE:
        return Tone.WARNING if rule.status == 409 else Tone.ERROR
    if rule.fault:
        return Tone.ERROR
    if rule.replies:
        return Tone.WAITING
    return Tone.NEUTRAL if rule.how is How.EMPTY else Tone.OK
