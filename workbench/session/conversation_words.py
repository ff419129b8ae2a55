"""How a conversation stands, in the few words and the colour of its chip, and why it needs attention.

Pure functions of a row and the time; the same words stand in the list, above the lanes and for a screen reader.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from workbench.correlation import ConversationState
from workbench.evidence.lanes import duration
from workbench.session.views import Tone

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.history import ConversationRow

_TONES = {
    ConversationState.WAITING: Tone.WAITING,
    ConversationState.ANSWERED: Tone.OK,
    ConversationState.ACCEPTED: Tone.OK,
    ConversationState.REFUSED: Tone.ERROR,
    ConversationState.CANCELLED: Tone.NEUTRAL,
    ConversationState.UNKNOWN: Tone.UNKNOWN,
}
STATE_WORDS = {
    ConversationState.WAITING: "Waiting",
    ConversationState.ANSWERED: "Answered",
    ConversationState.ACCEPTED: "Accepted",
    ConversationState.REFUSED: "Refused",
    ConversationState.CANCELLED: "Cancelled",
    ConversationState.UNKNOWN: "Outcome unknown",
}
IN_PROGRESS = "In progress"


def state_tone(row: ConversationRow) -> Tone:
    """How the state of a conversation is to be read."""
    return _TONES[row.state]


def state_words(row: ConversationRow, now: datetime) -> tuple[Tone, str]:
    """The chip: `Waiting 12 s, until 10:32`, `Overdue since 10:32`, otherwise how it ended."""
    if row.state is not ConversationState.WAITING:
        return state_tone(row), row.status_text
    if row.due is not None and row.due < now:
        return Tone.WARNING, f"Overdue since {moment(row.due, now)}"
    words = IN_PROGRESS if row.status_text == IN_PROGRESS else "Waiting"
    if row.since is not None:
        words += f" {duration(max(0.0, (now - row.since).total_seconds()))}"
    return Tone.WAITING, words + (f", until {moment(row.due, now)}" if row.due is not None else "")


def moment(when: datetime, now: datetime) -> str:
    """The time of day where a person is, with the day where it is not today's, with the year where it is another."""
    here, today = when.astimezone(), now.astimezone()
    if here.date() == today.date():
        return f"{here:%H:%M}"
    day = f"{here.day} {here:%b}"
    return f"{day}, {here:%H:%M}" if abs(here - today) < timedelta(days=300) else f"{day} {here:%Y}"


def attention_words(row: ConversationRow, now: datetime) -> tuple[str, ...]:
    """Everything a person should look at, a short phrase for each kind; empty where nothing needs attention."""
    overdue = row.due is not None and row.due < now
    counted = ((row.errors, "error finding"), (row.conflicts, "thing that does not fit"))
    many = {"error finding": "error findings", "thing that does not fit": "things that do not fit"}
    found = [f"{count} {word if count == 1 else many[word]}" for count, word in counted if count]
    ended = row.attention - row.errors - row.conflicts - overdue
    return (*([row.status_text] if ended > 0 else []), *(["reply overdue"] if overdue else []), *found)
