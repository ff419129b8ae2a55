"""Work that begins later, owned by whoever keeps the table: nothing sleeps, nothing is lost, all of it ends on close.

Knows the loop; must not know what the work is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

Work = Callable[[], Coroutine[object, object, None]]
After = Callable[[float, Work, str], None]
"""Begins a piece of work after a number of seconds, under a name."""

_log = logging.getLogger(__name__)


class Tasks:
    """Timers and named tasks of one owner; used on one loop only."""

    def __init__(self) -> None:
        self._timers: dict[asyncio.TimerHandle, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    def after(self, delay_s: float, work: Work, name: str) -> None:
        """Begin `work` after `delay_s` seconds; zero means as soon as the loop comes to it."""
        self._idle.clear()
        loop = asyncio.get_running_loop()
        timer: asyncio.TimerHandle

        def begin() -> None:
            self._timers.pop(timer, None)
            task = loop.create_task(work(), name=name)
            self._tasks.add(task)
            task.add_done_callback(self._ended)

        timer = loop.call_later(delay_s, begin)
        self._timers[timer] = None

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("%s failed", task.get_name(), exc_info=error)
        self._settled()

    def _settled(self) -> None:
        if not self._timers and not self._tasks:
            self._idle.set()

    @property
    def waiting(self) -> int:
        """How many pieces of work have not ended yet."""
        return len(self._timers) + len(self._tasks)

    async def settle(self) -> None:
        """Wait until nothing is left to do."""
        await self._idle.wait()

    async def close(self) -> None:
        """Drop what has not begun and cancel what has."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        running = tuple(self._tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._settled()
