"""Rows out of the pages of a file are those that SQLite reads; pages that are none give nothing and stop nobody."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from workbench.history.leaves import Column, Leaf, fits, leaves

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.history.leaves import Value

NUMBERS = (0, 1, -1, 127, -129, 40_000, -(1 << 23), 1 << 31, -(1 << 47), (1 << 63) - 1)


def a_row(chance: random.Random) -> tuple[Value, ...]:
    text = "é" * chance.choice((0, 3, 70, 2_000, 30_000))
    return chance.choice(NUMBERS), chance.random(), text, chance.randbytes(chance.choice((0, 9, 5_000))), None


@pytest.fixture(params=[512, 4096, 65536])
def filled(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Path, list[Leaf]]:
    chance, path = random.Random(7), tmp_path / "some.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size = {request.param}")
        connection.execute("CREATE TABLE t (a, b, c, d, e)")
        for _ in range(60):
            rowid = chance.choice(NUMBERS) + chance.randrange(1000)
            rowid = min(rowid, (1 << 63) - 1)
            connection.execute(
                "INSERT OR IGNORE INTO t (rowid, a, b, c, d, e) VALUES (?, ?, ?, ?, ?, ?)", (rowid, *a_row(chance))
            )
        connection.commit()
        rows = [Leaf(row[0], tuple(row[1:])) for row in connection.execute("SELECT rowid, * FROM t ORDER BY rowid")]
    return path, rows


def test_they_are_what_sqlite_reads(filled: tuple[Path, list[Leaf]]) -> None:
    path, rows = filled
    assert sorted(leaves(path), key=lambda leaf: leaf.rowid) == rows


def test_the_page_that_leads_to_them_is_not_needed(filled: tuple[Path, list[Leaf]]) -> None:
    path, rows = filled
    data = bytearray(path.read_bytes())
    size = 65536 if data[16:18] == b"\0\1" else int.from_bytes(data[16:18], "big")
    if data[size] == 0x05:  # the second page is the root; with few rows it is a leaf itself
        data[size : 2 * size] = bytes(size)
        path.write_bytes(data)
    assert sorted(leaves(path), key=lambda leaf: leaf.rowid) == rows


def test_what_the_write_ahead_log_holds_counts_up_to_its_last_commit(tmp_path: Path) -> None:
    path, copy = tmp_path / "some.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES ('before')")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("UPDATE t SET a = 'after'")
        copy.write_bytes(path.read_bytes())
        assert [leaf.values for leaf in leaves(copy)] == [("before",)]
        wal = path.with_name("some.db-wal").read_bytes()
        copy.with_name("copy.db-wal").write_bytes(wal)
        assert [leaf.values for leaf in leaves(copy)] == [("after",)]
        copy.with_name("copy.db-wal").write_bytes(wal[:-100])
        assert [leaf.values for leaf in leaves(copy)] == [("before",)]


def test_bytes_at_random_stop_nobody(filled: tuple[Path, list[Leaf]]) -> None:
    path, rows = filled
    sound, chance, known = path.read_bytes(), random.Random(3), set(rows)
    for _ in range(40):
        data = bytearray(sound)
        for _ in range(30):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        list(leaves(path))
    path.write_bytes(sound[:-300])
    assert set(leaves(path)) <= known, "a row is read whole or not at all"
    for odd in (b"", b"SQLite format 3\0", bytes(9000), bytes([0x0D]) * 9000):
        path.write_bytes(odd)
        list(leaves(path))


def test_a_row_is_told_by_its_shape() -> None:
    columns = (
        Column("seq", "INTEGER", False, True),
        Column("id", "TEXT", True, False),
        Column("data", "BLOB", False, False),
        Column("later", "INTEGER", False, False),
    )
    assert fits(Leaf(7, (None, "a", b"b", 3)), columns) == {"seq": 7, "id": "a", "data": b"b", "later": 3}
    assert fits(Leaf(7, (None, "a", None)), columns) == {"seq": 7, "id": "a", "data": None}
    assert fits(Leaf(7, (None, "a", "b")), columns) is None, "of another kind"
    assert fits(Leaf(7, (None, None, b"b")), columns) is None, "null where none may be"
    assert fits(Leaf(7, (None,)), columns) is None, "what is needed is missing"
    assert fits(Leaf(7, (None, "a", b"b", 3, 4)), columns) is None, "too many"
