"""Worker processes: results and exceptions come back, a kill takes effect, nothing is left behind."""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import os
import signal

import pytest

from workbench.errors import ErrorCode, InputError, WorkerDied
from workbench.messages import json_text
from workbench.worker import Worker


async def with_worker(play: object) -> object:
    worker = Worker(processes=1)
    try:
        return await play(worker)  # type: ignore[operator]
    finally:
        await worker.close()


def test_results_and_exceptions_come_back() -> None:
    async def play(worker: Worker) -> object:
        with pytest.raises(InputError) as raised:
            await worker.run(json_text.load, "{")
        assert raised.value.code is ErrorCode.INPUT_NOT_JSON
        return await worker.run(math.factorial, 20)

    assert asyncio.run(with_worker(play)) == math.factorial(20)


def test_over_its_limit_it_is_killed_and_a_fresh_one_works() -> None:
    async def play(worker: Worker) -> object:
        with pytest.raises(WorkerDied) as raised:
            await worker.run(signal.pause, limit_s=0.2)
        assert raised.value.code is ErrorCode.WORKER_LIMIT
        return await worker.run(abs, -3)

    assert asyncio.run(with_worker(play)) == 3


def test_cancelling_kills_the_process() -> None:
    async def play(worker: Worker) -> object:
        task = asyncio.ensure_future(worker.run(signal.pause))
        while not multiprocessing.active_children():
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await worker.run(abs, -4)

    assert asyncio.run(with_worker(play)) == 4


def test_a_process_that_dies_says_so() -> None:
    async def play(worker: Worker) -> object:
        with pytest.raises(WorkerDied) as raised:
            await worker.run(os._exit, 9)
        assert raised.value.code is ErrorCode.WORKER_DIED
        return await worker.run(abs, -5)

    assert asyncio.run(with_worker(play)) == 5


def test_nothing_is_left_after_closing() -> None:
    async def play(worker: Worker) -> object:
        await worker.run(abs, -1)
        return [child.pid for child in multiprocessing.active_children()]

    pids = asyncio.run(with_worker(play))
    assert pids
    assert not {child.pid for child in multiprocessing.active_children()} & set(pids)  # type: ignore[call-overload]
