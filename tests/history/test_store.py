"""The store: commits, batches, errors in our words, and what happens to damaged files."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.history.builders import Ticking, a_store
from workbench.errors import ErrorCode, StoreError
from workbench.history import Store
from workbench.history import store as store_module

INSERT = "INSERT INTO draft VALUES (?, 't', 'u', '{}')"


def put(id: str, size: int = 0):
    return lambda c: c.execute("INSERT INTO draft VALUES (?, 't', 'u', ?)", (id, "x" * size)).rowcount


def drafts(store: Store) -> list[str]:
    return store.read_now(lambda c: [row["id"] for row in c.execute("SELECT id FROM draft ORDER BY id")])


def test_the_connections_are_set_as_the_design_says(tmp_path: Path) -> None:
    def settings(c: sqlite3.Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema", "busy_timeout")
        names += ("cell_size_check", "query_only", "mmap_size", "wal_autocheckpoint", "cache_size")
        return {name: row[0] for name in names if (row := c.execute(f"PRAGMA {name}").fetchone())}

    common = {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0, "busy_timeout": 5000}
    common |= {"cell_size_check": 1, "mmap_size": 0, "cache_size": -16384}
    with a_store(tmp_path) as store:
        writer = store.run_now(
            lambda c: [c.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "temp_store")]
        )
        reader = store.read_now(settings)
    assert writer == [2, 2]
    assert reader | common | {"query_only": 1, "wal_autocheckpoint": 0} == reader


def test_what_was_saved_is_there_after_a_restart(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.run_now(put("a"))
        assert drafts(store) == ["a"]
    with a_store(tmp_path) as store:
        assert drafts(store) == ["a"]


def test_jobs_that_wait_together_share_a_commit(tmp_path: Path) -> None:
    async def scenario(store: Store) -> int:
        entered, go = threading.Event(), threading.Event()

        def slow(c: sqlite3.Connection) -> None:
            entered.set()
            assert go.wait(5)

        async with asyncio.TaskGroup() as group:
            group.create_task(store.run(slow))
            assert await asyncio.to_thread(entered.wait, 5)
            tasks = [group.create_task(store.run(put(f"{n:02}"))) for n in range(10)]
            await asyncio.sleep(0)  # the tasks run up to their commit
            go.set()
        return sum(task.result() for task in tasks)

    begun: list[str] = []
    with a_store(tmp_path) as store:
        store.run_now(lambda c: c.set_trace_callback(begun.append))
        begun.clear()
        assert asyncio.run(scenario(store)) == 10
        store.run_now(lambda c: c.set_trace_callback(None))
        assert len(drafts(store)) == 10
    assert sum(1 for sql in begun if sql.startswith("BEGIN")) == 3, begun


def test_in_a_rush_more_jobs_are_waited_for_and_closing_is_not_held_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "GATHER_S", 60.0)
    monkeypatch.setattr(store_module, "RUSH", 2)
    monkeypatch.setattr(store_module, "BATCH", 4)
    begun: list[str] = []

    async def scenario(store: Store) -> None:
        entered, go = threading.Event(), threading.Event()

        def slow(c: sqlite3.Connection) -> None:
            c.set_trace_callback(begun.append)
            entered.set()
            assert go.wait(5)

        first = store.begin(slow, "it")
        assert await asyncio.to_thread(entered.wait, 5)
        rush = [store.begin(put(name), "it") for name in "ab"]
        go.set()
        await asyncio.gather(first, *rush)
        late = [store.begin(put(name), "it") for name in "cde"]
        await asyncio.to_thread(lambda: None)  # the writer has had its turn, and waits
        assert not any(one.done() for one in late)
        await asyncio.gather(store.begin(put("f"), "it"), *late)
        assert sum(sql.startswith("BEGIN") for sql in begun) == 2, begun
        store.begin(put("g"), "it")

    with a_store(tmp_path) as store:
        asyncio.run(scenario(store))
        closing = threading.Thread(target=store.close)
        closing.start()
        closing.join(30)
        assert not closing.is_alive()
    with a_store(tmp_path) as store:
        assert drafts(store) == list("abcdefg")


def test_one_mistake_in_a_batch_undoes_itself_only(tmp_path: Path) -> None:
    async def scenario(store: Store) -> list[object]:
        entered, go = threading.Event(), threading.Event()

        def slow(c: sqlite3.Connection) -> None:
            entered.set()
            assert go.wait(5)

        def mistaken(c: sqlite3.Connection) -> None:
            put("half")(c)
            raise KeyError("mistake")

        first = asyncio.ensure_future(store.run(slow))
        assert await asyncio.to_thread(entered.wait, 5)
        rest = [asyncio.ensure_future(store.run(job)) for job in (put("a"), mistaken, put("a"), put("b"))]
        await asyncio.sleep(0)  # the tasks run up to their commit
        go.set()
        return await asyncio.gather(first, *rest, return_exceptions=True)

    with a_store(tmp_path) as store:
        _, a, mistake, twice, b = asyncio.run(scenario(store))
        assert (a, b) == (1, 1)
        assert isinstance(mistake, KeyError)
        assert isinstance(twice, sqlite3.IntegrityError)
        assert drafts(store) == ["a", "b"]


def test_a_full_disk_loses_nothing_and_recovers(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.run_now(put("before"))
        pages = store.run_now(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
        store.run_now(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 2}").fetchone()[0])
        with pytest.raises(StoreError) as caught:
            store.run_now(put("big", 100_000), "the message")
        assert caught.value.code is ErrorCode.STORE_FULL
        assert caught.value.sentence == "The disk is full, so the message could not be saved."
        assert drafts(store) == ["before"]
        store.run_now(lambda c: c.execute("PRAGMA max_page_count = 100000").fetchone()[0])
        store.run_now(put("big", 100_000))
        assert drafts(store) == ["before", "big"]
        assert store.read_now(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"


def test_a_history_locked_by_another_program_says_so(tmp_path: Path) -> None:
    with a_store(tmp_path) as store, closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        store.run_now(lambda c: c.execute("SELECT 1").fetchone()[0])
        store._writer.execute("PRAGMA busy_timeout=1")  # the five seconds are SQLite's to wait, not the test's
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as caught:
            store.run_now(put("a"))
        assert caught.value.code is ErrorCode.STORE_LOCKED
        other.execute("ROLLBACK")
        store.run_now(put("a"))
        assert drafts(store) == ["a"]


def test_the_reader_cannot_write(tmp_path: Path) -> None:
    with a_store(tmp_path) as store, pytest.raises(StoreError) as caught:
        store.read_now(put("a"))
    assert caught.value.code is ErrorCode.STORE_READ_ONLY


def test_a_reading_store_sees_what_a_writing_one_commits(tmp_path: Path) -> None:
    with a_store(tmp_path) as writing, a_store(tmp_path, read_only=True) as reading:
        writing.run_now(put("a"))
        assert drafts(reading) == ["a"]
        assert reading.read_only
        with pytest.raises(StoreError) as caught:
            reading.run_now(put("b"))
        assert caught.value.code is ErrorCode.STORE_READ_ONLY
        writing.run_now(put("c"))
        assert drafts(reading) == ["a", "c"]


def test_closing_finishes_what_waits_and_then_refuses(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "history.db", clock=Ticking())
    futures = [store._submit(put(f"{n:03}"), "x") for n in range(200)]
    store.close()
    store.close()
    assert [future.result(0) for future in futures] == [1] * 200
    with pytest.raises(StoreError, match="The draft could not be saved: the history is closed"):
        store.run_now(put("late"), "the draft")
    with a_store(tmp_path) as again:
        assert len(drafts(again)) == 200


DAMAGE = {
    "empty": lambda path: path.write_bytes(b""),
    "not a database": lambda path: path.write_bytes(b"hello, I am a text file\n" * 300),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "another program's": lambda path: another(path),
}


def another(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_damaged_file_is_refused_and_kept(tmp_path: Path, damage: str, read_only: bool) -> None:
    path = tmp_path / "history.db"
    with a_store(tmp_path) as store:
        store.run_now(put("a", 50_000))
    DAMAGE[damage](path)
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        Store.open(path, clock=Ticking(), read_only=read_only)
    assert caught.value.code is ErrorCode.STORE_CORRUPT
    assert "history.db" in caught.value.sentence
    assert path.read_bytes() == before


def opens_as(path: Path) -> bool:
    """Whether opening refuses the file as corrupt; any other refusal fails the test."""
    try:
        Store.open(path, clock=Ticking()).close()
    except StoreError as error:
        if error.code is not ErrorCode.STORE_CORRUPT:
            raise
        return True
    return False


def test_flipped_pages_are_found_or_harmless(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with a_store(tmp_path) as store:
        for n in range(40):
            store.run_now(put(f"{n:02}", 3000))
    sound = path.read_bytes()
    refused = 0
    for page in range(1, len(sound) // 4096):
        path.write_bytes(sound[: page * 4096] + bytes(8) + sound[page * 4096 + 8 :])
        for leftover in ("-wal", "-shm"):
            path.with_name(path.name + leftover).unlink(missing_ok=True)
        refused += opens_as(path)
    assert refused > len(sound) // 4096 * 0.7


def test_a_newer_history_is_refused_and_kept(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        path = store.path
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        Store.open(path, clock=Ticking())
    assert caught.value.code is ErrorCode.STORE_NEWER
    assert path.read_bytes() == before


def test_a_history_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path / "history.db", clock=Ticking(), read_only=True)
    assert caught.value.code is ErrorCode.STORE_FAILED
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_creation_does_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "history.db.new").write_bytes(b"half")
    with a_store(tmp_path) as store:
        assert drafts(store) == []


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no write bit there")
def test_a_folder_that_cannot_be_written_is_still_read() -> None:
    folder = Path(tempfile.mkdtemp())  # not below the private folder of the test's own user
    me = os.geteuid()
    with a_store(folder) as store:
        store.run_now(put("a"))
    try:
        store.path.chmod(0o444)
        folder.chmod(0o555)
        if me == 0:
            os.seteuid(65534)  # to root everything can be written
        with a_store(folder, read_only=True) as reading:
            assert drafts(reading) == ["a"]
        with pytest.raises(StoreError) as caught:
            Store.open(store.path, clock=Ticking())
        assert caught.value.code is ErrorCode.STORE_READ_ONLY
    finally:
        os.seteuid(me)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def taking_home(done: threading.Event, error: sqlite3.Error | None = None):
    """Opens connections that tell when they have taken the log into the file, or were refused."""

    class Telling(sqlite3.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            if "wal_checkpoint" not in sql:
                return super().execute(sql, *values)
            try:
                if error is not None:
                    raise error
                return super().execute(sql)
            finally:
                done.set()

    return lambda uri: sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, factory=Telling)


def test_in_a_pause_the_writer_takes_its_log_into_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.history.store.PAUSE_S", 0.0)
    done = threading.Event()
    with a_store(tmp_path, connect=taking_home(done)) as store:
        before = store.path.stat().st_size
        store.run_now(put("a", 300_000))
        assert done.wait(20)
        store.run_now(put("b"))  # after the writer has finished with the log
        assert store.path.stat().st_size > before + 200_000
        assert drafts(store) == ["a", "b"]


@pytest.mark.expects_warnings
def test_a_log_that_the_disk_refuses_to_take_is_told_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("workbench.history.store.PAUSE_S", 0.0)
    done = threading.Event()
    with a_store(tmp_path, connect=taking_home(done, sqlite3.OperationalError("disk I/O error"))) as store:
        store.run_now(put("a"))
        assert done.wait(20)
        store.run_now(put("b"))
        assert drafts(store) == ["a", "b"]
    assert "disk I/O error" in caplog.text
    with a_store(tmp_path) as store:
        assert drafts(store) == ["a", "b"]
