"""A damaged history never keeps the program from its start: it is kept aside, and what can be read is there."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sqlite3
import zlib
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.history.test_migrations import fill
from tests.session.conftest import a_session, now
from workbench import workspace
from workbench.errors import ErrorCode, StoreError
from workbench.history import Queries, migrations
from workbench.session.events import Noticed
from workbench.session.rescue import ASIDE, open_history

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.expects_warnings

EMPTY = hashlib.sha256(b"").hexdigest()
KEPT = {
    "direction": "out",
    "operation": "token",
    "request_headers": "[]",
    "started": "2026-11-28T00:00:00.000000Z",
    "phases": "[null, null, null, null, null, null]",
}
"""What a row of an exchange says at least."""

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "no database": lambda _: b"some text\n" * 900,
    "cut short": lambda whole: whole[: len(whole) // 2],
    "a broken page": lambda whole: whole[:8192] + bytes(4096) + whole[12288:],
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rescue") / "w"

    async def work() -> None:
        async with a_session(folder) as session:
            await session.play("validation")
            await session.settle()

    asyncio.run(work())
    return folder / "history.db"


async def opened(folder: Path) -> tuple[list[object], int]:
    heard: list[object] = []
    async with a_session(folder) as session:
        session.subscribe(heard.append)
        found = len(await session.conversations())
        await session.play("validation")
        await session.settle()
        assert len(await session.conversations()) == found + 1
    return heard, found


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_program_starts_says_so_and_goes_on(whole: Path, tmp_path: Path, damage: str) -> None:
    bad = DAMAGE[damage](whole.read_bytes())
    folder = tmp_path / "w"
    workspace.open_or_make(folder, clock=now, ids=lambda: "id", demo=True).close()
    (folder / "history.db").write_bytes(bad)
    heard, _ = asyncio.run(opened(folder))
    (kept,) = (folder / ASIDE).glob("history-*.db")
    assert kept.read_bytes() == bad
    (notice,) = [one for one in heard if isinstance(one, Noticed) and "was damaged" in one.title]
    assert kept.name in notice.text
    asyncio.run(opened(folder))
    assert len(list((folder / ASIDE).glob("history-*.db"))) == 1
    shutil.rmtree(folder / ASIDE)  # what looks for secrets afterwards reads databases that are whole


def test_what_can_be_read_is_there_again(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    workspace.open_or_make(folder, clock=now, ids=lambda: "id", demo=True).close()
    data = whole.read_bytes()
    with closing(sqlite3.connect(whole)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'run_started'").fetchone()
    at = (root - 1) * 4096
    (folder / "history.db").write_bytes(data[:at] + bytes(4096) + data[at + 4096 :])
    heard, found = asyncio.run(opened(folder))
    assert found == 1
    assert any(isinstance(one, Noticed) and "could be read of it and are here" in one.title for one in heard)


def test_one_that_is_only_read_stays_as_it_is(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    workspace.open_or_make(folder, clock=now, ids=lambda: "id", demo=True).close()
    bad = DAMAGE["cut short"](whole.read_bytes())
    (folder / "history.db").write_bytes(bad)
    read = open_history(workspace.open_read_only(folder), clock=now)
    assert read.store.read_only
    assert read.notice is not None
    read.store.close()
    assert (folder / "history.db").read_bytes() == bad
    assert not (folder / ASIDE).exists()


def test_an_earlier_one_that_is_only_read_is_shown_by_a_copy_and_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    workspace.open_or_make(folder, clock=now, ids=lambda: "id", demo=True).close()
    path = folder / "history.db"
    migrations.create(path)
    older = path.with_name("older.db")
    with closing(sqlite3.connect(older, isolation_level=None)) as connection:
        migrations.apply(connection, migrations.MIGRATIONS[:4], 0)
        connection.execute("PRAGMA user_version = 4")
        fill(connection, "body", {"sha256": EMPTY, "data": zlib.compress(b"")})
        fill(connection, "exchange", {"id": "mine", "request_body": EMPTY, **KEPT})
    before = older.replace(path).read_bytes()

    async def shown() -> tuple[str, float]:
        read = open_history(workspace.open_read_only(folder), clock=now)
        try:
            assert read.store.read_only
            assert read.notice is not None
            assert "earlier version" in read.notice.title
            found = await Queries(read.store, clock=now).exchange("mine")
            return found.operation, found.dated_by_s
        finally:
            read.store.close()

    assert asyncio.run(shown()) == ("token", 0.0)
    assert path.read_bytes() == before


def test_a_workspace_that_is_only_read_and_has_no_history_gets_none(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    workspace.open_or_make(folder, clock=now, ids=lambda: "id", demo=True).close()
    read = open_history(workspace.open_read_only(folder), clock=now)
    assert (read.store.read_only, read.notice) == (True, None)
    read.store.close()
    assert not (folder / "history.db").exists()


def test_a_newer_history_is_not_taken_for_damage(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    opened = workspace.open_or_make(folder, clock=now, ids=lambda: "id", demo=True)
    (folder / "history.db").write_bytes(whole.read_bytes())
    with closing(sqlite3.connect(folder / "history.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError) as caught:
        open_history(opened, clock=now)
    opened.close()
    assert caught.value.code is ErrorCode.STORE_NEWER
