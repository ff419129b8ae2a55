"""Care of the history: what is kept for how long, purges, figures, and older copies."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.conftest import Hearing, a_session
from workbench.history import Store
from workbench.session.events import HistoryPurged, Noticed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session


async def aged(session: Session, days: float) -> list[str]:
    """Two conversations, the first of which is so old; gives their ids, oldest first."""
    for _ in range(2):
        await session.play("validation")
    await session.settle()
    ids = [row.id for row in await session.conversations()][::-1]
    before = (session._engine.clock() - timedelta(days=days)).isoformat(timespec="microseconds")
    sql = "UPDATE conversation SET last_activity = ? WHERE id = ?"
    await session._engine.history.store.run(lambda c: c.execute(sql, (before, ids[0])).rowcount)
    return ids


def test_what_is_older_than_the_setting_goes_unless_it_is_locked(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        old, new = await aged(session, 40)
        told: list[object] = []
        session.subscribe(told.append)
        assert (await session.care.retain()).conversations == 0
        await session.change_setting("keep_days", "30")
        await session.care.lock(old, locked=True)
        assert (await session.care.retain()).conversations == 0
        await session.care.lock(old, locked=False)
        purged = await session.care.retain()
        assert (purged.conversations, purged.kept) == (1, 0)
        assert HistoryPurged((old,)) in told
        assert [row.id for row in await session.conversations()] == [new]

    play(work)


def test_beyond_the_size_the_oldest_go_first(play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(session: Session) -> None:
        old, new = await aged(session, 1)
        await session.care.lock(new, locked=True)
        monkeypatch.setattr("workbench.session.care.MEGABYTE", 1)
        await session.change_setting("keep_megabytes", "1")
        assert (await session.care.retain()).conversations >= 1
        assert [row.id for row in await session.conversations()] == [new]
        assert await session.care.locked() == {new}
        assert old

    play(work)


def test_the_next_start_deletes_what_has_become_too_old(tmp_path: Path) -> None:
    async def first() -> None:
        async with a_session(tmp_path / "w") as session:
            await aged(session, 40)
            await session.change_setting("keep_days", "30")

    async def then() -> None:
        async with a_session(tmp_path / "w") as session:
            heard = Hearing(session)
            if len(await session.conversations()) > 1:  # else it was deleted before anybody listened
                await heard.until(lambda event: isinstance(event, HistoryPurged))
            assert len(await session.conversations()) == 1

    asyncio.run(first())
    asyncio.run(then())


def test_a_purge_takes_older_copies_with_it_and_says_what_stays(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        old, new = await aged(session, 40)
        folder = session._engine.workspace.folder / "backups"
        folder.mkdir(exist_ok=True)
        (folder / "history-v1-x.db").write_bytes(b"x" * 10)
        assert await session.care.copies() == (1, 10)
        assert await session.care.count(before=session._engine.clock() - timedelta(days=9)) == 1
        await session.care.lock(new, locked=True)
        purged = await session.care.purge([old, new])
        assert (purged.conversations, purged.kept) == (1, 1)
        assert await session.care.copies() == (0, 0)
        facts = await session.care.facts()
        assert (facts.statistics.conversations, facts.statistics.locked, facts.read_only) == (1, 1, False)
        assert facts.titles == {"embedded": "Embedded sandbox"}
        await session.care.lock(new, locked=False)
        await session.care.purge()
        left = await session.care.statistics()
        assert (left.conversations, left.exchanges, left.locked, left.oldest) == (0, 0, 0, None)

    play(work)


@pytest.mark.expects_warnings
def test_a_large_history_is_checked_afterwards_and_mended_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.history.store.CHECKED_AT_ONCE", 0)
    monkeypatch.setattr("workbench.session.care.CALM_S", 0)
    path, check, listening = tmp_path / "w" / "history.db", Store.check, threading.Event()

    def once_heard(store: Store) -> None:
        listening.wait(20)
        check(store)

    async def played() -> None:
        async with a_session(tmp_path / "w") as session:
            await session.play("validation")
            await session.settle()

    async def told(title: str) -> None:
        async with a_session(tmp_path / "w") as session:
            hearing = Hearing(session)
            listening.set()
            await hearing.until(lambda event: isinstance(event, Noticed) and title in event.title)

    asyncio.run(played())
    whole = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'run_started'").fetchone()[0]
    at = (root - 1) * 4096
    path.write_bytes(whole[:at] + bytes(4096) + whole[at + 4096 :])
    monkeypatch.setattr(Store, "check", once_heard)
    asyncio.run(told("is damaged"))
    assert path.with_name("history.db.suspect").exists()
    asyncio.run(told("was damaged"))
    assert not path.with_name("history.db.suspect").exists()
    assert list((tmp_path / "w" / "damaged").iterdir())
