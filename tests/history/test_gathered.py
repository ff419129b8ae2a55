"""Rows of many jobs in few statements do what each job does by itself."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.history.builders import a_store
from workbench.history.gathered import Question, Row, Rows, joined, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADD = "INSERT INTO thing (name, size) VALUES"
SET, SO = "UPDATE thing SET size = given.column2 FROM (VALUES", ") AS given WHERE name = given.column1"


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:", isolation_level=None)
    made.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, size INTEGER)")
    yield made
    made.close()


def adding(*names: str) -> Rows:
    return Rows([Row(ADD, (name, len(name))) for name in names])


def changing(name: str, size: int) -> Rows:
    return Rows([Row(SET, (name, size), SO)])


@pytest.mark.parametrize("count", [1, 2, 3, 63, 64, 100, 20_000])
def test_each_job_gets_the_rowid_of_its_last_row(connection: sqlite3.Connection, count: int) -> None:
    given = write_rows(connection, [adding(f"a{number}", f"b{number}") for number in range(count)])
    stored = dict(connection.execute("SELECT name, id FROM thing").fetchall())
    assert given == [stored[f"b{number}"] for number in range(count)]
    assert len(stored) == 2 * count


def test_more_rows_than_sqlite_takes_values_in_one_statement(connection: sqlite3.Connection) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 200)
    write_rows(connection, [adding(*(str(number) for number in range(1000)))])
    assert connection.execute("SELECT count(*) FROM thing").fetchone() == (1000,)


@pytest.mark.parametrize("plain", [0, 1])
def test_joined_jobs_are_done_in_their_order_and_stay_rows_where_they_can(
    connection: sqlite3.Connection, plain: int
) -> None:
    done: list[int] = []

    def first(given: sqlite3.Connection) -> None:
        done.append(given.execute("SELECT count(*) FROM thing").fetchone()[0])

    job = joined([adding("a"), *[first] * plain, adding("b")])
    assert isinstance(job, Rows) is not bool(plain)
    job(connection)
    assert done == [1] * plain
    assert [row[0] for row in connection.execute("SELECT name FROM thing ORDER BY id")] == ["a", "b"]


def test_rows_are_changed_each_by_its_own_values(connection: sqlite3.Connection) -> None:
    write_rows(connection, [adding("a", "b", "c")])
    write_rows(connection, [changing("a", 7), changing("c", 9)])
    assert connection.execute("SELECT name, size FROM thing ORDER BY name").fetchall() == [("a", 7), ("b", 1), ("c", 9)]


def test_a_job_without_rows_does_nothing(connection: sqlite3.Connection) -> None:
    assert write_rows(connection, [adding(), adding("a"), adding()]) == [0, 1, 0]


def test_a_question_is_answered_as_things_were_before(connection: sqlite3.Connection) -> None:
    write_rows(connection, [adding("a")])
    questions = [Question("SELECT name, size FROM thing WHERE name IN", name) for name in ("a", "b", "a")]
    write_rows(connection, [Rows([Row(ADD, ("b", 1))], questions[0]), Rows([], questions[1])])
    questions[2].run(connection)
    assert [question.found for question in questions] == [[(1,)], [], [(1,)]]


def test_a_text_that_sqlite_cannot_hold_is_kept_as_far_as_it_can(connection: sqlite3.Connection) -> None:
    write_rows(connection, [adding("fine"), adding("half \ud800")])
    assert [row[0] for row in connection.execute("SELECT name FROM thing ORDER BY id")] == ["fine", "half \ufffd"]


def test_a_job_that_cannot_be_done_costs_the_others_nothing(tmp_path: Path) -> None:
    async def work() -> list[object]:
        with a_store(tmp_path) as store:
            kept = "INSERT INTO ledger (request_id, correlation_id, state) VALUES"
            given = [("1", "1", "done"), ("2", "2", None), ("3", "3", "done")]
            jobs = [Rows([Row(kept, values)]) for values in given]
            await store.run(lambda connection: None)
            results = await asyncio.gather(*(store.run(job) for job in jobs), return_exceptions=True)
            stored = await store.read(lambda c: [row[0] for row in c.execute("SELECT request_id FROM ledger")])
            return [stored, *(type(one) for one in results)]

    assert asyncio.run(work()) == [["1", "3"], int, sqlite3.IntegrityError, int]
