"""Exchanges that were answered before anybody looked at them: filed in batches as they come, judged once calls pause.

One task does both, so that a thousand callers at once wait for neither: while answering takes most of the machine,
filing waits too, and takes up little by little. Must not know what filing and judging are.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable

    from workbench.exchange import Exchange
    from workbench.messages import MessageFacts

BATCH = 16
"""How many are filed together: what is more urgent waits no longer than that."""
GATHER_S = 0.05
"""So long those that come are gathered before they are filed."""
BUSY = 0.6
"""Part of one core that answering may take before filing waits."""
MANY = 200
"""Calls a second from which on it waits as well: other programs may keep this one from taking its part."""
LONGEST_S = 0.8
"""Filing waits at most about twice this before it takes up a batch all the same."""
HELD = 500
"""Exchanges that wait in memory; of more only the ids are known, and they are read again."""
PAUSE_S = 0.5
"""So long after the last call filing waits for nothing, and judging begins; the next call has both wait again."""


class Filing(NamedTuple):
    """An exchange without its bodies, so that many can wait, with the facts of its messages as far as they are read."""

    exchange: Exchange
    request: MessageFacts | None
    response: MessageFacts | bytes | None
    """Or the body of the answer, where that is small: it is read when its turn has come."""


class Backlog:
    """Used on one loop. `file` and `judge` must not raise for what is wrong with one exchange."""

    def __init__(
        self,
        *,
        spawn: Callable[[Coroutine[object, object, None], str], None],
        file: Callable[[tuple[Filing | str, ...]], Awaitable[None]],
        judge: Callable[[str], Awaitable[None]],
        spent: Callable[[], float] = time.process_time,
    ) -> None:
        """`file` is given an id in place of an exchange that had to be put out of memory; `spent` is CPU seconds."""
        self._spawn = spawn
        self._file = file
        self._judge = judge
        self._spent = spent
        self._unfiled: deque[Filing | str] = deque()
        self._unjudged: deque[str] = deque()
        self._arrived = asyncio.Event()
        self._all_filed = asyncio.Event()
        self._all_filed.set()
        self._awaited = 0
        """How many wait until everything is filed."""
        self._latest = 0.0
        """When the latest was added, by the monotonic clock."""
        self._working = False
        self._ended = False

    def add(self, id: str, ready: Callable[[], Filing | None]) -> None:
        """File this exchange soon, and judge it when there is time; `ready` is asked where it is held in memory, and
        gives None where it cannot be filed."""
        filing = ready() if len(self._unfiled) < HELD else id
        if filing is None:
            return
        self._unfiled.append(filing)
        self._unjudged.append(id)
        self._latest = time.monotonic()
        self._arrived.set()
        self._all_filed.clear()
        self._begin()

    async def filed(self) -> None:
        """Wait until everything that was added is filed."""
        self._awaited += 1
        try:
            await self._all_filed.wait()
        finally:
            self._awaited -= 1

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be filed or judged."""
        return not self._working and not self._unfiled and not self._unjudged

    def judge_later(self, ids: Iterable[str]) -> None:
        """Judge exchanges that were filed before."""
        self._unjudged.extend(ids)
        self._begin()

    def end(self) -> None:
        """File what is at hand, and judge nothing more: the next start goes on with that, and with what is not."""
        self._ended = True
        self._unfiled = deque(one for one in self._unfiled if not isinstance(one, str))
        self._arrived.set()

    def _begin(self) -> None:
        if not self._working and (self._unfiled or self._unjudged):
            self._working = True
            self._spawn(self._work(), "exchanges that were answered first")

    async def _work(self) -> None:
        try:
            while self._unfiled or (self._unjudged and not self._ended):
                if self._unfiled:
                    await self._until_free()
                    await self._file(tuple(self._unfiled.popleft() for _ in range(min(BATCH, len(self._unfiled)))))
                    if not self._unfiled:
                        self._all_filed.set()
                elif await self._quiet():
                    while self._unjudged and not self._arrived.is_set():
                        await self._judge(self._unjudged.popleft())
        finally:
            self._working = False
            self._all_filed.set()

    async def _until_free(self) -> None:
        """Gather some; where calls come and the program takes more than its part of a core, wait longer and longer."""
        pause = GATHER_S
        while not self._ended:
            if (self._awaited or self._calm()) and len(self._unfiled) >= BATCH:
                return
            spent, began, waiting = self._spent(), time.monotonic(), len(self._unfiled)
            await asyncio.sleep(pause)
            if self._awaited or pause >= LONGEST_S or self._calm():
                return
            took, came = time.monotonic() - began, len(self._unfiled) - waiting
            if self._spent() - spent <= BUSY * took and came <= MANY * took:
                return
            pause = 2 * pause or LONGEST_S

    def _calm(self) -> bool:
        """Whether no call has come for a while: what takes the machine then is work of our own that keeps nobody up."""
        return time.monotonic() - self._latest >= PAUSE_S

    async def _quiet(self) -> bool:
        """Wait for a pause between calls; False as soon as there is one more."""
        self._arrived.clear()
        try:
            async with asyncio.timeout(PAUSE_S):
                await self._arrived.wait()
        except TimeoutError:
            return True
        return False
