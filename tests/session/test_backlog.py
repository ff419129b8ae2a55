"""The backlog: filed in batches, judged when calls pause, and after the end nothing is judged any more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.transport.builders import an_exchange
from workbench.session import backlog
from workbench.session.backlog import BATCH, Backlog, Filing

if TYPE_CHECKING:
    from collections.abc import Coroutine


class Desk:
    """Notes what is filed and judged, in order."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.batches: list[int] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.backlog = Backlog(spawn=self.spawn, file=self.file, judge=self.judge)

    def spawn(self, work: Coroutine[object, object, None], _: str) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def file(self, filings: tuple[Filing | str, ...]) -> None:
        self.batches.append(len(filings))
        self.done += ["file" if isinstance(one, Filing) else "read and file" for one in filings]

    async def judge(self, id: str) -> None:
        self.done.append(f"judge {id}")

    def add(self) -> None:
        filing = a_filing()
        self.backlog.add(filing.exchange.id, lambda: filing)

    async def settle(self) -> None:
        while self.tasks:
            await asyncio.gather(*self.tasks)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "PAUSE_S", 0.01)
    monkeypatch.setattr(backlog, "GATHER_S", 0.0)


def a_filing() -> Filing:
    return Filing(an_exchange("http://127.0.0.1/x"), None, None)


def test_everything_is_filed_in_batches_before_anything_is_judged() -> None:
    async def play() -> Desk:
        desk = Desk()
        for _ in range(BATCH + 3):
            desk.add()
        await desk.backlog.filed()
        assert desk.done == ["file"] * (BATCH + 3)
        await desk.settle()
        return desk

    desk = asyncio.run(play())
    assert max(desk.batches) <= BATCH
    assert desk.done == ["file"] * (BATCH + 3) + ["judge x-1"] * (BATCH + 3)


def test_one_that_comes_while_others_are_judged_is_filed_first() -> None:
    async def play() -> list[str]:
        desk = Desk()

        async def judge(id: str) -> None:
            desk.done.append(f"judge {id}")
            if desk.done.count("judge early") == 1 and id == "early":
                desk.add()

        desk.backlog = Backlog(spawn=desk.spawn, file=desk.file, judge=judge)
        desk.backlog.judge_later(["early", "late"])
        await desk.settle()
        return desk.done

    assert asyncio.run(play()) == ["judge early", "file", "judge late", "judge x-1"]


def test_after_the_end_what_came_is_filed_and_nothing_judged() -> None:
    async def play() -> list[str]:
        desk = Desk()
        desk.add()
        desk.backlog.end()
        await desk.settle()
        return desk.done

    assert asyncio.run(play()) == ["file"]


def test_while_answering_takes_the_machine_filing_waits_a_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "LONGEST_S", 0.02)
    monkeypatch.setattr(backlog, "GATHER_S", 0.001)
    asked: list[float] = []

    def spent() -> float:
        asked.append(1000.0 * len(asked))
        return asked[-1]

    async def play() -> list[str]:
        desk = Desk()
        desk.backlog = Backlog(spawn=desk.spawn, file=desk.file, judge=desk.judge, spent=spent)
        desk.add()
        await desk.settle()
        return desk.done

    assert asyncio.run(play()) == ["file", "judge x-1"]
    assert len(asked) > 4, "it looked several times whether there was time"


def test_once_calls_pause_filing_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "LONGEST_S", 3600.0)
    monkeypatch.setattr(backlog, "PAUSE_S", 0.0)
    monkeypatch.setattr(backlog, "GATHER_S", 3600.0)

    async def play() -> list[int]:
        desk = Desk()
        for _ in range(2 * BATCH):
            desk.add()
        async with asyncio.timeout(60):
            await desk.settle()
        return desk.batches

    assert asyncio.run(play()) == [BATCH, BATCH]


def test_whoever_waits_for_all_to_be_filed_waits_for_no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "LONGEST_S", 3600.0)
    asked: list[float] = []

    def spent() -> float:
        asked.append(1000.0 * len(asked))
        return asked[-1]

    async def play() -> list[str]:
        desk = Desk()
        desk.backlog = Backlog(spawn=desk.spawn, file=desk.file, judge=desk.judge, spent=spent)
        for _ in range(2 * BATCH):
            desk.add()
        async with asyncio.timeout(60):
            await desk.backlog.filed()
        return desk.done

    assert asyncio.run(play()) == ["file"] * 2 * BATCH


def test_what_cannot_be_read_is_not_filed() -> None:
    async def play() -> list[str]:
        desk = Desk()
        desk.backlog.add("broken", lambda: None)
        assert desk.backlog.idle
        desk.add()
        await desk.settle()
        return [one.partition(" ")[0] for one in desk.done]

    assert asyncio.run(play()) == ["file", "judge"]


def test_of_very_many_only_the_ids_wait_and_at_the_end_they_are_left_to_the_next_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backlog, "HELD", 3)

    async def play(*, end: bool) -> list[str]:
        desk = Desk()
        for _ in range(5):
            desk.add()
        if end:
            desk.backlog.end()
        await desk.settle()
        return desk.done

    assert asyncio.run(play(end=False))[:5] == ["file"] * 3 + ["read and file"] * 2
    assert asyncio.run(play(end=True)) == ["file"] * 3
