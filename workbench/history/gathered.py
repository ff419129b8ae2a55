"""Jobs of the store that only add and change rows: those of one transaction share their statements.

Around every statement Python lets go of the interpreter, and while another thread is busy it takes milliseconds to get
it back: a statement for each row has the writer and the loop take turns, one for all rows lets them work side by side.
Must not know what the rows mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.history import codec

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from workbench.history.store import Job

Value = str | int | float | bytes | None
_SIZES = (64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2, 1)
"""Rows of one statement: SQLite takes 32,766 values in one, and a row of `exchange` has 50. Few sizes, so that SQLite
meets few different texts and keeps them all compiled; two or three of them make up any number of rows."""


class Row(NamedTuple):
    """Values for a statement that takes the values of many rows."""

    before: str
    """The statement up to and with `VALUES`."""
    values: tuple[Value, ...]
    after: str = ""
    """The rest of it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A job that adds and changes rows; it gives the rowid of the last of them, where that was an INSERT; 0 for none.

    `question` is asked before anything is written. In one transaction no job may change, by a statement other than
    INSERT, a row that another job adds or changes: those come in the order of their statements, not of the jobs.
    """

    rows: Sequence[Row]
    question: Question | None = None

    def __call__(self, connection: sqlite3.Connection) -> int:
        """The job by itself."""
        return write_rows(connection, [self])[0]


@dataclass(slots=True)
class Question:
    """What many ask with another key each: the rows whose first column it is."""

    select: str
    """Up to and with `IN`; the first column it gives is the one that is compared."""
    key: str
    found: list[tuple[Value, ...]] = field(default_factory=list)
    """What there was, without the first column."""

    def run(self, connection: sqlite3.Connection) -> None:
        """The question by itself, on any connection; it may be asked twice."""
        _ask(connection, [self])


def joined(jobs: Sequence[Job[Any]]) -> Job[Any]:
    """One job that does several in their order."""
    of_rows = [job for job in jobs if isinstance(job, Rows) and job.question is None]
    if len(of_rows) == len(jobs):
        return Rows([row for job in of_rows for row in job.rows])

    def run(connection: sqlite3.Connection) -> None:
        for job in jobs:
            job(connection)

    return run


def write_rows(connection: sqlite3.Connection, jobs: Sequence[Rows]) -> list[int]:
    """Several jobs in a row, each as by itself; gives what each of them does."""
    _ask(connection, [job.question for job in jobs if job.question is not None])
    waiting: dict[tuple[str, str], list[tuple[Value, ...]]] = {}
    last: list[tuple[tuple[str, str], int] | None] = []
    for job in jobs:
        place = None
        for before, values, after in job.rows:
            waiting.setdefault((before, after), []).append(values)
            place = (before, after), len(waiting[before, after]) - 1
        last.append(place)
    ids = {statement: _written(connection, *statement, rows) for statement, rows in waiting.items()}
    return [ids[place[0]][place[1]] if place is not None else 0 for place in last]


def _ask(connection: sqlite3.Connection, questions: Sequence[Question]) -> None:
    by_select: dict[str, list[Question]] = {}
    for question in questions:
        by_select.setdefault(question.select, []).append(question)
    for select, those in by_select.items():
        found: dict[Value, list[tuple[Value, ...]]] = {question.key: [] for question in those}
        for key, *rest in connection.execute(f"{select} ({', '.join('?' * len(found))})", tuple(found)):
            found[key].append(tuple(rest))
        for question in those:
            question.found = found[question.key]


def _written(connection: sqlite3.Connection, before: str, after: str, rows: list[tuple[Value, ...]]) -> range:
    """Write rows in few statements; gives their rowids, which follow each other in a transaction."""
    done = 0
    for size in _parts(len(rows)):
        part = rows[done : done + size]
        cursor = _execute(
            connection, _text(before, len(part[0]), size, after), [value for row in part for value in row]
        )
        done += size
    end = (cursor.lastrowid or 0) + 1
    return range(end - len(rows), end)


@lru_cache(maxsize=128)
def _parts(count: int) -> tuple[int, ...]:
    """The sizes that make up a number."""
    found: list[int] = []
    for size in _SIZES:
        found += [size] * (count // size)
        count %= size
    return tuple(found)


@lru_cache(maxsize=256)
def _text(before: str, columns: int, rows: int, after: str) -> str:
    marks = f"({', '.join('?' * columns)})"
    return f"{before} {', '.join([marks] * rows)}{after}"


def _execute(connection: sqlite3.Connection, sql: str, values: Sequence[Value]) -> sqlite3.Cursor:
    """Run a statement; only where SQLite cannot hold a text, each is looked at."""
    try:
        return connection.execute(sql, values)
    except UnicodeEncodeError:
        return connection.execute(sql, [codec.storable(one) if isinstance(one, str) else one for one in values])
