"""The words and the colour of a conversation's chip, and the reasons why it needs attention."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.ui.models.test_conversations import START, conversation
from workbench.correlation import ConversationState
from workbench.session.conversation_words import attention_words, moment, state_words
from workbench.session.views import Tone

WAITING = conversation(1, state=ConversationState.WAITING, status_text="Waiting for reply", since=START)
DUE = START + timedelta(minutes=30)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("row", "now", "tone", "words"),
    [
        (WAITING, at(0.2), Tone.WAITING, "Waiting 12 s"),
        (WAITING, at(134), Tone.WAITING, "Waiting 2 h 14 min"),
        (WAITING, at(-1), Tone.WAITING, "Waiting 0 s"),
        (replace(WAITING, due=DUE), at(0.2), Tone.WAITING, "Waiting 12 s, until {due}"),
        (replace(WAITING, due=DUE), at(31), Tone.WARNING, "Overdue since {due}"),
        (replace(WAITING, status_text="In progress"), at(0.05), Tone.WAITING, "In progress 3 s"),
        (replace(WAITING, status_text="Interim reply, waiting"), at(1), Tone.WAITING, "Waiting 1 min"),
        (replace(WAITING, since=None), at(1), Tone.WAITING, "Waiting"),
        (conversation(1), at(0), Tone.OK, "Answered"),
        (
            conversation(1, state=ConversationState.REFUSED, status_text="Refused 422"),
            at(0),
            Tone.ERROR,
            "Refused 422",
        ),
        (conversation(1, state=ConversationState.UNKNOWN, status_text="Answer cut"), at(0), Tone.UNKNOWN, "Answer cut"),
    ],
)
def test_a_chip_says_how_long_and_until_when(row: object, now: datetime, tone: Tone, words: str) -> None:
    due = f"{DUE.astimezone():%H:%M}"
    assert state_words(row, now) == (tone, words.format(due=due))  # type: ignore[arg-type]


def test_another_day_is_said_with_its_date() -> None:
    here = START.astimezone()
    assert moment(START, START) == f"{here:%H:%M}"
    assert moment(START, START + timedelta(days=2)) == f"{here.day} {here:%b}, {here:%H:%M}"
    assert moment(START, START + timedelta(days=400)) == f"{here.day} {here:%b %Y}"


def test_the_reasons_for_attention_add_up_to_its_number() -> None:
    row = replace(WAITING, due=DUE, attention=5, errors=2, conflicts=1, status_text="Answer cut")
    assert attention_words(row, at(31)) == (
        "Answer cut",
        "reply overdue",
        "2 error findings",
        "1 thing that does not fit",
    )
    assert attention_words(conversation(1, attention=2, conflicts=2), START) == ("2 things that do not fit",)
    assert attention_words(conversation(1), START) == ()
