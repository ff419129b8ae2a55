"""What can be read of a damaged history ends in a new one, whole in itself; the damaged file stays as it is."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.correlation.builders import an_exchange
from tests.history.builders import a_store
from workbench.history import Queries, migrations, rows
from workbench.history.salvage import REMARK, salvage

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 24


@pytest.fixture
def sound(tmp_path: Path) -> bytes:
    with a_store(tmp_path) as store:
        for n in range(COUNT):
            one = an_exchange(f"x{n}", n, body=random.Random(n).randbytes(3000), headers=(("X-Long", "z" * 2000),))
            store.run_now(lambda c, one=one: rows.insert(c, one, ()))
    return (tmp_path / "history.db").read_bytes()


def rescued(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as new:
        assert new.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert new.execute("PRAGMA foreign_key_check").fetchall() == []
        assert migrations.examine(new, path) == len(migrations.MIGRATIONS)
        count = new.execute("SELECT count(*) FROM exchange").fetchone()[0]
        lost = new.execute("SELECT count(*) FROM exchange WHERE remark = ?", (REMARK,)).fetchone()[0]
    return {"exchanges": count, "without a body": lost}


def test_a_sound_file_comes_out_as_it_is(tmp_path: Path, sound: bytes) -> None:
    found = salvage(tmp_path / "history.db", tmp_path / "fresh.db")
    assert found == (COUNT, 0)
    assert (tmp_path / "history.db").read_bytes() == sound
    assert rescued(tmp_path / "fresh.db") == {"exchanges": COUNT, "without a body": 0}


def test_whatever_page_is_broken_the_rest_is_saved(tmp_path: Path, sound: bytes) -> None:
    saved = []
    for page in range(1, len(sound) // 4096, 7):
        path = tmp_path / "history.db"
        path.write_bytes(sound[: page * 4096] + bytes(64) + sound[page * 4096 + 64 :])
        found = salvage(path, tmp_path / "fresh.db")
        assert rescued(tmp_path / "fresh.db")["exchanges"] == found.exchanges
        saved.append(found.exchanges)
    assert sorted(saved)[len(saved) // 3] >= COUNT - 2


@pytest.mark.parametrize("table", ["exchange", "body"])
def test_rows_are_saved_though_the_page_that_leads_to_all_of_them_is_broken(
    tmp_path: Path, sound: bytes, table: str
) -> None:
    path = tmp_path / "history.db"
    with closing(sqlite3.connect(path)) as old:
        (root,) = old.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        before = old.execute("SELECT * FROM exchange ORDER BY seq").fetchall()
    at = (root - 1) * 4096
    path.write_bytes(sound[:at] + bytes(4096) + sound[at + 4096 :])
    assert salvage(path, tmp_path / "fresh.db") == (COUNT, 0)
    assert rescued(tmp_path / "fresh.db") == {"exchanges": COUNT, "without a body": 0}
    with closing(sqlite3.connect(tmp_path / "fresh.db")) as new:
        assert new.execute("SELECT * FROM exchange ORDER BY seq").fetchall() == before
        assert new.execute("SELECT * FROM run").fetchall() == [], "rows of the schema are no runs"


def test_rows_are_saved_on_either_side_of_a_great_gap(tmp_path: Path) -> None:
    path, ids = tmp_path / "history.db", (1, 2, 300, 900_000_000)
    with a_store(tmp_path) as store:
        sql = "INSERT INTO state_item (seq, owner, kind, id, data) VALUES (?, 'own', 'referral', ?, '{}')"
        store.run_now(lambda c: c.executemany(sql, [(seq, str(seq)) for seq in ids]).rowcount)
    salvage(path, tmp_path / "fresh.db")
    with closing(sqlite3.connect(tmp_path / "fresh.db")) as new:
        assert [int(row[0]) for row in new.execute("SELECT id FROM state_item ORDER BY seq")] == list(ids)


@pytest.mark.parametrize("damage", [b"", b"no database at all " * 400, b"SQLite format 3\0"])
def test_a_file_that_is_no_database_gives_an_empty_history(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "bad.db").write_bytes(damage)
    assert salvage(tmp_path / "bad.db", tmp_path / "fresh.db") == (0, 0)
    assert rescued(tmp_path / "fresh.db")["exchanges"] == 0


def test_an_exchange_whose_body_is_lost_says_so(tmp_path: Path, sound: bytes) -> None:
    assert sound
    with closing(sqlite3.connect(tmp_path / "history.db")) as old:
        old.execute("PRAGMA foreign_keys=OFF")
        old.execute("UPDATE body SET data = x'00' WHERE rowid = (SELECT max(rowid) FROM body)")
        old.commit()
    assert salvage(tmp_path / "history.db", tmp_path / "fresh.db") == (COUNT, 1)
    assert rescued(tmp_path / "fresh.db")["without a body"] == 1
    (tmp_path / "history.db").unlink()
    (tmp_path / "fresh.db").rename(tmp_path / "history.db")
    with a_store(tmp_path) as store:
        assert Queries(store, clock=lambda: an_exchange("x").timing.started) is not None
        assert store.read_now(lambda c: c.execute("SELECT count(*) FROM search_due").fetchone()[0]) == COUNT
