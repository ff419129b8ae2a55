"""Worker processes: pure functions on large inputs run there, so that neither the window nor the loop ever waits.

Cancelling, or passing the limit, kills the process: the work needs no cooperation. Must not know what it runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.errors import ErrorCode, WorkerDied

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

T = TypeVar("T")
MEMORY_LIMIT = 4 * 1024**3
"""Bytes of address space a worker may take, where the system can limit it."""


@dataclass(frozen=True, slots=True)
class _Process:
    """One worker with our end of its pipe."""

    process: SpawnProcess
    pipe: Connection

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Worker:
    """At most `processes` workers, started when first needed and kept warm. Used on one loop only."""

    def __init__(self, *, processes: int = 2) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._free: list[_Process] = []
        self._busy: set[int] = set()
        self._places = asyncio.Semaphore(processes)
        self._closed = False

    async def run(self, function: Callable[..., T], *args: object, limit_s: float = 60.0) -> T:
        """What a module-level pure function gives for picklable arguments; its own exceptions come back as they are.

        WorkerDied when the process ends by itself or works longer than `limit_s` seconds; the input is the caller's.
        """
        async with self._places:
            if self._closed:
                raise WorkerDied(ErrorCode.WORKER_DIED, what=f"run {function.__name__}", cause="the program is closing")
            worker = self._free.pop() if self._free else await asyncio.to_thread(self._start)
            try:
                async with asyncio.timeout(limit_s):
                    outcome = await asyncio.to_thread(_ask, worker.pipe, (function, args))
            except TimeoutError:
                await asyncio.to_thread(worker.kill)
                raise WorkerDied(
                    ErrorCode.WORKER_LIMIT, what=f"run {function.__name__}", limit=f"{limit_s:g}"
                ) from None
            except asyncio.CancelledError:
                worker.kill()
                raise
            except (EOFError, OSError) as error:
                await asyncio.to_thread(worker.kill)
                cause = f"its process ended with {worker.process.exitcode}"
                raise WorkerDied(ErrorCode.WORKER_DIED, what=f"run {function.__name__}", cause=cause) from error
            except Exception:
                await asyncio.to_thread(worker.kill)  # what came back cannot be read: nothing more is asked of it
                raise
            self._free.append(worker)
        if isinstance(outcome, _Raised):
            raise outcome.error
        value: T = outcome
        return value

    async def close(self) -> None:
        """End every process; what still runs fails as if it had died."""
        self._closed = True
        free, self._free = self._free, []
        for worker in free:
            await asyncio.to_thread(worker.kill)

    def _start(self) -> _Process:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs,), name="bars-workbench-worker", daemon=True)
        process.start()
        theirs.close()
        return _Process(process, ours)


@dataclass(frozen=True, slots=True)
class _Raised:
    """An exception of the function, on its way back."""

    error: BaseException


def _ask(pipe: Connection, question: tuple[Callable[..., object], tuple[object, ...]]) -> Any:
    """Send a question and wait for the answer; in a thread of ours."""
    pipe.send(question)
    return pipe.recv()


def _serve(pipe: Connection) -> None:
    """Answer questions until the other end is gone; in the worker process."""
    _limit_memory()
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            function, args = pipe.recv()
            try:
                answer = function(*args)
                if isinstance(answer, type(sys)):
                    answer = None  # a module that was imported cannot travel
            except Exception as error:
                answer = _Raised(error)
            pipe.send(answer)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
