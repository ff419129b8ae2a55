"""Care of the history: how long it is kept, what is locked, deleting for good, and how much there is.

Runs at the start and once a day by the settings; must not know any window.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import StoreError, WorkbenchError
from workbench.history.purging import Gone, Purging
from workbench.history.search import SearchIndex
from workbench.session.events import HistoryPurged, Noticed
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from workbench.history.purging import Statistics
    from workbench.session.engine import Engine

_log = logging.getLogger(__name__)

DAY_S = 86_400.0
CALM_S = 30.0
"""So long after the start a large history is looked at as a whole: it takes a core for seconds, while a person begins.
"""
MEGABYTE = 1_000_000
_COPIES = ("backups", "damaged")
"""Folders of a workspace with older copies of its history."""
_STEP = 50
"""Conversations that are deleted before the size is looked at again."""


class Purged(NamedTuple):
    """What a purge did."""

    conversations: int
    exchanges: int
    kept: int
    """Conversations that were asked for but are locked or under way."""


class Copies(NamedTuple):
    """Older copies of the history in the workspace: before a migration, or damaged."""

    files: int
    size: int


class HistoryFacts(NamedTuple):
    """How much there is, for a page."""

    statistics: Statistics
    copies: Copies
    left: int
    """Exchanges that the search index has still to take up."""
    titles: dict[str, str]
    """Names of environments by their ids."""
    read_only: bool


class Care:
    """The care of one open workspace's history; called on the I/O thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._purging = Purging(engine.history.store)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Delete what is too old or too much, now and once a day."""
        if self._task is None and not self._engine.workspace.read_only:
            self._task = asyncio.get_running_loop().create_task(self._daily(), name="the care of the history")

    async def close(self) -> None:
        """Stop; what is half done goes on at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def statistics(self) -> Statistics:
        """How much there is, by environment."""
        return await self._purging.statistics()

    async def facts(self) -> HistoryFacts:
        """As `statistics`, with everything else that Settings shows of the history."""
        engine, found = self._engine, await self._purging.statistics()
        titles = {one.environment: engine.known_environment(one.environment).title for one in found.environments}
        left = await SearchIndex(engine.history.store, clock=engine.clock).left()
        return HistoryFacts(found, await self.copies(), left, titles, engine.workspace.read_only)

    async def lock(self, conversation: str, *, locked: bool) -> None:
        """Keep a conversation whatever its age, or no longer; StoreError where nothing can be stored."""
        await self._purging.lock(conversation, locked=locked)

    async def locked(self) -> frozenset[str]:
        """The conversations that are kept whatever their age."""
        return await self._purging.locked()

    async def retain(self) -> Purged:
        """Delete what the settings no longer keep: what is older than so many days, then the oldest beyond the size."""
        settings = self._engine.settings.workspace
        gone = Gone()
        if settings.keep_days:
            before = self._engine.clock() - timedelta(days=settings.keep_days)
            gone = await self._delete(await self._purging.free(before=before))
        while settings.keep_megabytes and await self._purging.used() > settings.keep_megabytes * MEGABYTE:
            more = await self._delete(await self._purging.free(limit=_STEP))
            if not more.conversations:
                break
            gone = Gone(gone.conversations + more.conversations, gone.exchanges + more.exchanges)
        if gone.conversations:
            await self._purging.sweep(whole=False)
            _log.info("retention deleted %d conversations", len(gone.conversations))
        return Purged(len(gone.conversations), gone.exchanges, 0)

    async def count(self, *, before: datetime | None = None) -> int:
        """How many conversations a purge would delete: those without activity since `before`, or all; no locked one."""
        return len(await self._purging.free(before=before))

    async def purge(
        self, conversations: Sequence[str] | None = None, *, before: datetime | None = None, copies: bool = True
    ) -> Purged:
        """Delete for good: some conversations, or those without activity since `before`, or all; locked ones stay.

        Nothing of them is left in any byte of the files: they are overwritten, and with `copies` the older copies of
        the history go too. Unless only some are named, the file is written anew, so it gets smaller. StoreError when
        something could not be deleted; what was deleted until then is gone.
        """
        wanted = conversations if conversations is not None else await self._purging.free(before=before)
        gone = await self._delete(wanted)
        await self._purging.sweep(whole=conversations is None)
        if copies:
            await asyncio.to_thread(self._drop_copies)
        return Purged(len(gone.conversations), gone.exchanges, len(set(wanted) - set(gone.conversations)))

    async def copies(self) -> Copies:
        """What older copies there are: they hold what was deleted since."""
        files = await asyncio.to_thread(self._copies)
        return Copies(len(files), sum(one.stat().st_size for one in files))

    async def _delete(self, conversations: Sequence[str]) -> Gone:
        gone = await self._purging.delete(conversations)
        if gone.conversations:
            self._engine.publish(HistoryPurged(gone.conversations))
        return gone

    async def _check(self) -> None:
        """Look at all of a history that was too large for it when it was opened."""
        store = self._engine.history.store
        if store.checked:
            return
        await asyncio.sleep(CALM_S)
        try:
            await asyncio.to_thread(store.check)
        except StoreError as error:
            words = "Close this workspace and open it again: what can be read is then saved into a new file."
            self._engine.publish(Noticed(Tone.ERROR, error.sentence, words))

    def _copies(self) -> list[Path]:
        folder = self._engine.workspace.folder
        return [
            one for name in ("backups", "damaged") for one in sorted((folder / name).glob("history-*")) if one.is_file()
        ]

    def _drop_copies(self) -> None:
        for one in self._copies():
            one.unlink(missing_ok=True)

    async def _daily(self) -> None:
        await self._check()
        while True:
            try:
                await self.retain()
            except WorkbenchError as error:
                self._engine.publish(Noticed(Tone.WARNING, error.sentence, error.next_step))
            await asyncio.sleep(DAY_S)
