"""Conversations as lists show them, newest activity first, in pages by key.

Reads rows only; what they say is computed by `indexing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.correlation import ConversationState
from workbench.history import codec

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

PAGE = 200
"""Rows of a page."""


_MORE_THAN_TOKENS = (
    "EXISTS (SELECT 1 FROM exchange WHERE exchange.conversation = conversation.id AND operation <> 'token')"
)
"""A token belongs to no message before it is used: by itself it is no conversation to look at."""


@dataclass(frozen=True, slots=True)
class PatientBrief:
    """What a list shows of a patient."""

    initials: str
    sex: str
    """FHIR's administrative gender, or empty."""
    age: int | None
    """Full years when the conversation started."""

    def __str__(self) -> str:
        age = "" if self.age is None else str(self.age)
        return ", ".join(part for part in (self.initials, self.sex, age) if part)


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One conversation in a list; `id` is the id of its earliest exchange."""

    id: str
    title: str
    sender: str
    receiver: str
    patient: PatientBrief | None
    state: ConversationState
    attention: bool
    due: datetime | None
    last_activity: datetime
    messages: int
    """Legs that carry a message; reads and tokens are not counted."""
    environment: str
    status_text: str
    """`Refused 422`."""

    @property
    def key(self) -> tuple[datetime, str]:
        """Where the next page goes on."""
        return (self.last_activity, self.id)


def conversation_row(connection: sqlite3.Connection, id: str, now: datetime) -> ConversationRow:
    """One conversation; KeyError where there is none."""
    row = connection.execute("SELECT * FROM conversation WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise KeyError(id)
    return _row(row, now)


def conversation_page(
    connection: sqlite3.Connection,
    now: datetime,
    *,
    after: tuple[datetime, str] | None = None,
    environment: str | None = None,
    state: ConversationState | None = None,
    text: str = "",
    limit: int = PAGE,
) -> tuple[ConversationRow, ...]:
    """The next page after a row's key, token calls on their own left out.

    `text` must stand in title, sender, receiver or initials, whatever its case.
    """
    wanted = [_MORE_THAN_TOKENS]
    values: list[str | int] = []
    if after is not None:
        wanted.append("(last_activity, id) < (?, ?)")
        values += [codec.when(after[0]), after[1]]
    if environment is not None:
        wanted.append("environment = ?")
        values.append(environment)
    if state is not None:
        wanted.append("state = ?")
        values.append(state.value)
    if text:
        wanted.append(
            "instr(lower(title || ' ' || sender || ' ' || receiver || ' ' || "
            "coalesce(patient_initials, '')), lower(?)) > 0"
        )
        values.append(text)
    where = f" WHERE {' AND '.join(wanted)}"
    found = connection.execute(
        f"SELECT * FROM conversation{where} ORDER BY last_activity DESC, id DESC LIMIT ?", (*values, limit)
    )
    return tuple(_row(row, now) for row in found.fetchall())


def count_waiting(connection: sqlite3.Connection) -> int:
    """Conversations in which a reply is awaited."""
    sql = "SELECT count(*) FROM conversation WHERE state = ?"
    return int(connection.execute(sql, (ConversationState.WAITING.value,)).fetchone()[0])


def _row(row: sqlite3.Row, now: datetime) -> ConversationRow:
    due = codec.instant(row["due"]) if row["due"] else None
    patient = None
    if row["patient_initials"]:
        patient = PatientBrief(row["patient_initials"], row["patient_sex"] or "", row["patient_age"])
    return ConversationRow(
        id=row["id"],
        title=row["title"],
        sender=row["sender"],
        receiver=row["receiver"],
        patient=patient,
        state=ConversationState(row["state"]),
        attention=bool(row["attention"]) or (due is not None and due < now),
        due=due,
        last_activity=codec.instant(row["last_activity"]),
        messages=row["messages"],
        environment=row["environment"],
        status_text=row["status_text"],
    )
