"""Conversations as lists show them, pinned ones first, then newest activity first, in pages by key.

Reads rows only; what they say is computed by `indexing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.correlation import ConversationState
from workbench.history import codec
from workbench.history.filters import EVERYTHING, read_facets

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from workbench.history.filters import ConversationFilter

PAGE = 200
"""Rows of a page."""

PageKey = tuple[bool, "datetime", str]
"""Where a row stands in the list: whether it is pinned, its last activity, its id."""

MORE_THAN_TOKENS = (
    "EXISTS (SELECT 1 FROM exchange WHERE exchange.conversation = conversation.id AND operation <> 'token')"
)
"""A token belongs to no message before it is used: by itself it is no conversation to look at."""
_TOKEN = "Token"
"""How such a call is titled."""


@dataclass(frozen=True, slots=True)
class PatientBrief:
    """What a list shows of a patient."""

    initials: str
    sex: str
    """FHIR's administrative gender, or empty."""
    age: int | None
    """Full years on the day the first message was written."""

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
    attention: int
    """How many things a person should look at: how it ended, being overdue, conflicts, findings that are errors."""
    due: datetime | None
    last_activity: datetime
    messages: int
    """Legs that carry a message; reads and tokens are not counted."""
    environment: str
    status_text: str
    """`Refused 422`."""
    since: datetime | None = None
    """Since when something is awaited."""
    errors: int = 0
    """Findings of severity error or fatal that are not silenced."""
    warnings: int = 0
    conflicts: int = 0
    unread: int = 0
    """Legs that came in since it was last opened."""
    pinned: bool = False
    note: str = ""

    @property
    def listed(self) -> bool:
        """Whether it is something to look at: a token call by itself is not."""
        return self.messages > 0 or self.title != _TOKEN

    @property
    def key(self) -> PageKey:
        """Where the next page goes on."""
        return (self.pinned, self.last_activity, self.id)


def conversation_of(connection: sqlite3.Connection, exchange: str) -> str | None:
    """The conversation an exchange belongs to; None where it is not indexed or unknown."""
    row = connection.execute("SELECT conversation FROM exchange WHERE id = ?", (exchange,)).fetchone()
    return None if row is None else row["conversation"]


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
    after: PageKey | None = None,
    chosen: ConversationFilter = EVERYTHING,
    text: str = "",
    limit: int = PAGE,
) -> tuple[ConversationRow, ...]:
    """The next page after a row's key, pinned ones first, token calls on their own left out.

    `text` must stand in title, sender, receiver or initials, whatever its case.
    """
    wanted, values = chosen.condition(now)
    if after is not None:
        wanted.append("(pinned, last_activity, id) < (?, ?, ?)")
        values += [int(after[0]), codec.when(after[1]), after[2]]
    if text:
        wanted.append(
            "instr(lower(title || ' ' || sender || ' ' || receiver || ' ' || "
            "coalesce(patient_initials, '')), lower(?)) > 0"
        )
        values.append(text)
    where = f" WHERE {' AND '.join([*wanted, MORE_THAN_TOKENS])}"
    order = "ORDER BY pinned DESC, last_activity DESC, id DESC"
    found = connection.execute(f"SELECT * FROM conversation{where} {order} LIMIT ?", (*values, limit))
    return tuple(_row(row, now) for row in found.fetchall())


def chosen_rows(
    connection: sqlite3.Connection, ids: Sequence[str], now: datetime, chosen: ConversationFilter = EVERYTHING
) -> tuple[ConversationRow, ...]:
    """Those of some conversations that are chosen, in any order, token calls on their own left out."""
    wanted, values = chosen.condition(now)
    marks = ", ".join("?" * len(ids))
    where = " AND ".join([f"id IN ({marks})", *wanted, MORE_THAN_TOKENS])
    found = connection.execute(f"SELECT * FROM conversation WHERE {where}", (*ids, *values))
    return tuple(_row(row, now) for row in found.fetchall())


def facets_in_use(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Every value that conversations can be chosen by, by its kind, sorted."""
    found: dict[str, set[str]] = {}
    for (text,) in connection.execute("SELECT DISTINCT facets FROM conversation"):
        for name, value in read_facets(text):
            found.setdefault(name, set()).add(value)
    return {name: tuple(sorted(values)) for name, values in found.items()}


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
        attention=row["attention"] + row["conflicts"] + row["errors"] + int(due is not None and due < now),
        due=due,
        last_activity=codec.instant(row["last_activity"]),
        messages=row["messages"],
        environment=row["environment"],
        status_text=row["status_text"],
        since=codec.instant(row["since"]) if row["since"] else None,
        errors=row["errors"],
        warnings=row["warnings"],
        conflicts=row["conflicts"],
        unread=row["unread"],
        pinned=bool(row["pinned"]),
        note=row["note"],
    )
