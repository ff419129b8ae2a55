"""Migrations, and the schema they lead to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.correlation.builders import START
from workbench.errors import ErrorCode, StoreError
from workbench.history import migrations
from workbench.history.schema import APPLICATION_ID

if TYPE_CHECKING:
    from pathlib import Path


NOW = len(migrations.MIGRATIONS)


def opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def test_a_new_file_is_whole_private_and_ours(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    migrations.create(path)
    with closing(opened(path)) as connection:
        assert migrations.examine(connection, path) == len(migrations.MIGRATIONS)
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    index = {"search", "search_data", "search_idx", "search_config"}  # FTS5 makes its own tables
    assert {name for name, strict in tables if not strict} <= {"sqlite_schema", "sqlite_sequence", *index}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["history.db"]


def test_an_older_file_is_copied_and_then_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    migrations.create(path)
    later = (*migrations.MIGRATIONS, ("ALTER TABLE draft ADD COLUMN pinned INTEGER",))
    with closing(opened(path)) as connection:
        connection.execute("INSERT INTO draft VALUES ('1', 't', 'u', '{}')")
        copy = migrations.migrate(connection, path, NOW, START, later)
        assert connection.execute("SELECT id, pinned FROM draft").fetchall() == [("1", None)]
        assert connection.execute("PRAGMA user_version").fetchone() == (NOW + 1,)
    assert copy == tmp_path / "backups" / f"history-v{NOW}-20261124T120000000000Z.db"
    with closing(opened(copy)) as old:
        assert migrations.examine(old, copy) == NOW
        assert old.execute("SELECT * FROM draft").fetchall() == [("1", "t", "u", "{}")]


def test_a_migration_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    migrations.create(path)
    broken = (*migrations.MIGRATIONS, ("ALTER TABLE draft ADD COLUMN pinned INTEGER", "this is not SQL"))
    with closing(opened(path)) as connection:
        with pytest.raises(sqlite3.OperationalError, match="syntax"):
            migrations.migrate(connection, path, NOW, START, broken)
        assert migrations.examine(connection, path) == NOW
        assert "pinned" not in [row[1] for row in connection.execute("PRAGMA table_info(draft)")]


def test_a_first_version_file_gets_the_columns_its_legs_and_findings_fill(tmp_path: Path) -> None:
    """What stood in it counts as seen; what it can be chosen by is worked out from its legs."""
    path = tmp_path / "history.db"
    with closing(opened(path)) as connection:
        migrations.apply(connection, migrations.MIGRATIONS[:1], 0)
        for values in ({"id": "a", "event": "e", "service": "x|y", "status": 200}, {"id": "b", "use_case": "a1t1"}):
            fill(connection, "exchange", {"conversation": "a", "environment": "int", "request_body": "0", **values})
        fill(connection, "conversation", {"id": "a"})
        fill(connection, "verdict", {"exchange": "b", "part": "request"})
        for place, severity in enumerate(("error", "warning", "fatal", "information")):
            row = {"exchange": "b", "part": "request", "position": place, "severity": severity}
            fill(connection, "finding", row)
        connection.execute("PRAGMA user_version = 1")
        migrations.migrate(connection, path, 1, START)
        (found,) = connection.execute("SELECT facets, errors, warnings, pinned, unread, note FROM conversation")
        assert found == ("|environment=int|event=e|service=x/y|status=200|use-case=a1t1|", 2, 1, 0, 0, "")
        assert connection.execute("SELECT DISTINCT unseen FROM exchange").fetchall() == [(0,)]


def test_sign_ins_of_a_fourth_version_file_count_as_dated_by_this_machines_time(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with closing(opened(path)) as connection:
        migrations.apply(connection, migrations.MIGRATIONS[:4], 0)
        connection.execute("PRAGMA user_version = 4")
        fill(connection, "exchange", {"id": "a", "operation": "token", "request_body": "0"})
        copy = migrations.migrate(connection, path, 4, START)
        assert connection.execute("SELECT id, dated_by_s FROM exchange").fetchall() == [("a", None)]
    assert copy is not None
    with closing(opened(copy)) as old:
        assert "dated_by_s" not in [row[1] for row in old.execute("PRAGMA table_info(exchange)")]


def test_the_state_of_a_fifth_version_file_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    rows = [("own", "referral", f"id {n}", f'{{"n": {n}}}') for n in (3, 1, 2)] + [("other", "slot", "id 1", "{}")]
    with closing(opened(path)) as connection:
        migrations.apply(connection, migrations.MIGRATIONS[:5], 0)
        connection.execute("PRAGMA user_version = 5")
        connection.executemany("INSERT INTO state_item VALUES (?, ?, ?, ?)", rows)
        migrations.migrate(connection, path, 5, START)
        kept = connection.execute("SELECT owner, kind, id, data FROM state_item").fetchall()
        assert sorted(kept) == sorted(rows)
        again = "INSERT OR REPLACE INTO state_item (owner, kind, id, data) VALUES ('own', 'referral', 'id 1', 'new')"
        connection.execute(again)
        found = connection.execute("SELECT data FROM state_item WHERE owner = 'own' AND id = 'id 1'").fetchall()
        assert found == [("new",)]


def fill(connection: sqlite3.Connection, table: str, values: dict[str, object]) -> None:
    """Add a row in which every column that must say something says something."""
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    needed = {name: 0 if kind in ("INTEGER", "REAL") else "" for _, name, kind, must, _, _ in columns if must}
    row = {**{name: value for name, value in needed.items() if name != "seq"}, **values}
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def test_the_present_version_needs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    migrations.create(path)
    with closing(opened(path)) as connection:
        assert migrations.migrate(connection, path, len(migrations.MIGRATIONS), START) is None
    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize(
    ("pragma", "code"),
    [("user_version = 99", ErrorCode.STORE_NEWER), ("application_id = 1", ErrorCode.STORE_CORRUPT)],
)
def test_a_newer_file_and_a_strange_one_are_refused(tmp_path: Path, pragma: str, code: ErrorCode) -> None:
    path = tmp_path / "history.db"
    migrations.create(path)
    with closing(opened(path)) as connection:
        connection.execute(f"PRAGMA {pragma}")
        with pytest.raises(StoreError) as caught:
            migrations.examine(connection, path)
    assert caught.value.code is code
