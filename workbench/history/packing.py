"""Bodies that came in a rush: stored as they are, and made small once there is time.

Packing a message and its answer takes a tenth of the time that answering it does. Both forms are zlib streams, so
whoever reads cannot tell; what is still large when the program ends stays so. Must not know what a body means.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from workbench.errors import StoreError
from workbench.history.bodies import PACKED

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from workbench.history.store import Store

RUSH = 8
"""Jobs that wait for the writer from which on it is a rush."""
PAUSE_S, BREATH_S = 1.0, 0.02
"""Without a rush for so long packing begins; between two rounds others have a turn."""
ROUND = 32
"""Bodies that are packed in one transaction: whoever records a message meanwhile waits for no more."""
_log = logging.getLogger(__name__)


class Packing:
    """Used on one loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._large: deque[str] = deque()
        self._last = 0.0
        """When there was a rush for the last time, by the loop's clock."""
        self._task: asyncio.Task[None] | None = None

    def rush(self) -> bool:
        """Whether what is stored now should be stored as it is; whoever does so tells `add`."""
        if self._store.waiting < RUSH:
            return False
        self._last = asyncio.get_running_loop().time()
        return True

    def add(self, sha256s: Sequence[str]) -> None:
        """These bodies were stored as they are."""
        self._large.extend(sha256s)
        if self._task is None and self._large:
            self._task = asyncio.get_running_loop().create_task(self._work(), name="packing")

    async def packed(self) -> None:
        """Wait until nothing is left to do."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Leave the rest as it is."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        clock = asyncio.get_running_loop().time
        try:
            while self._large:
                await asyncio.sleep(max(BREATH_S, self._last + PAUSE_S - clock()))
                if clock() < self._last + PAUSE_S:
                    continue
                some = [self._large.popleft() for _ in range(min(ROUND, len(self._large)))]
                await self._store.run(partial(_pack, some), "the packing of bodies", later=True)
        except StoreError as error:  # they are all stored, if larger than need be
            _log.info("bodies stay as they came: %s", error.code)
            self._large.clear()
        finally:
            self._task = None


def _pack(sha256s: Sequence[str], connection: sqlite3.Connection) -> None:
    marks = ", ".join("?" * len(sha256s))
    found = connection.execute(f"SELECT sha256, data FROM body WHERE sha256 IN ({marks})", sha256s).fetchall()
    smaller = [(zlib.compress(zlib.decompress(data), PACKED), sha256) for sha256, data in found]
    connection.executemany("UPDATE body SET data = ? WHERE sha256 = ?", smaller)
