"""Searching the timeline: pages of what is found, where the hits stand, searches under a name, and the index kept up.

The index is filled in the background from what the history says is due, so recording waits for none of it, and a
restart goes on where it ended.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import ErrorCode, InputError, StoreError, WorkbenchError
from workbench.history.filters import EVERYTHING
from workbench.history.search import Found, SearchIndex
from workbench.history.wanted import FIELDS, read
from workbench.session import phrases
from workbench.session.events import ExchangeRecorded, Noticed, VerdictReady
from workbench.session.found_places import Snippet, snippet, words_of
from workbench.session.views import Tone
from workbench.workspace import SEARCHES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workbench.history.filters import ConversationFilter
    from workbench.history.search import Due, Material
    from workbench.history.wanted import Wanted
    from workbench.session.engine import Engine
    from workbench.session.events import SessionEvent
    from workbench.session.masking import Masking

_log = logging.getLogger(__name__)

QUIET_S = 1.0
"""So long after the last exchange or verdict the index takes them up."""
LONGEST_PAUSES = 60
"""While there is no pause, so many times as long."""
UNPAUSED = 600
"""Exchanges that are then taken up, oldest first, before the next pause is waited for: the newest are due again with
their verdicts. While something passes all the time that is enough for ten a second."""
BATCH = 8
"""Exchanges that are taken up together."""
AT_ONCE = 24
"""So many that are due are taken up before a search; with more the search says what is left."""
LONGEST_NAME = 80


class SavedSearch(NamedTuple):
    """A search under a name."""

    name: str
    text: str


class Results(NamedTuple):
    """A page of what is found."""

    found: Found
    left: int
    """Exchanges that the index has still to take up: they are not found yet."""


class Searching:
    """The searches of an open workspace; called on the I/O thread."""

    def __init__(self, engine: Engine, masking: Masking, idle: Callable[[], bool]) -> None:
        """`idle` tells that no exchange waits to be filed or judged."""
        self._engine = engine
        self._idle = idle
        self._masking = masking
        self._index = SearchIndex(engine.history.store, clock=engine.clock)
        self._one = asyncio.Lock()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    fields = tuple(FIELDS.items())
    """What may stand before a colon, with what it is for."""

    def start(self) -> None:
        """Keep the index up from now on."""
        if self._task is None and not self._engine.workspace.read_only:
            self._engine.listeners.append(self._on_event)
            self._wake.set()
            self._task = asyncio.get_running_loop().create_task(self._keep_up(), name="the search index")

    async def close(self) -> None:
        """Leave the rest to the next start."""
        if self._task is not None:
            self._engine.listeners.remove(self._on_event)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def page(
        self, text: str, *, below: int | None = None, chosen: ConversationFilter = EVERYTHING, limit: int = 200
    ) -> Results:
        """Conversations with everything that `text` asks for, newest hit first; `below` goes on after a page.

        With words in quotes a page may have few rows or none although another follows: so far it was looked.
        A damaged index is made anew in the background, and nothing is found meanwhile.
        """
        wanted = self._read(text)
        left = await self._index.left()
        if 0 < left <= AT_ONCE:
            await self.catch_up()
            left = await self._index.left()
        try:
            if wanted.phrases:
                found = await phrases.page(self._engine, self._index, wanted, below=below, chosen=chosen, limit=limit)
            else:
                found = await self._index.page(wanted, below=below, chosen=chosen, limit=limit)
            return Results(found, left)
        except StoreError as error:
            if error.code is not ErrorCode.STORE_CORRUPT or self._engine.workspace.read_only:
                raise
            await self._remake()
            return Results(Found((), None), await self._index.left())

    async def snippets(
        self, text: str, exchanges: Sequence[str], *, unmasked: bool | None = None
    ) -> dict[str, Snippet]:
        """Where the hits stand in these exchanges, by id; masked where people are, or as `unmasked` says."""
        masker = self._masking.wanted() if unmasked is None else None if unmasked else self._masking.masker
        wanted = self._read(text)
        found: dict[str, Snippet] = {}
        for id in exchanges:
            material = await self._index.material_of(id)
            if material is not None:
                shown = await self._engine.compute(snippet, material, wanted, masker, size=_size(material))
                if shown is not None:
                    found[id] = shown
        return found

    async def catch_up(self) -> None:
        """Take up everything that is due now; nothing where the workspace can only be read."""
        if self._engine.workspace.read_only:
            return
        await self._take_all()

    async def _take_all(self, *, unless_busy: bool = False, most: int | None = None) -> None:
        """Take up what is due, `most` of it; `unless_busy` leaves the rest as soon as something passes again."""
        taken = 0
        async with self._one:
            while due := await self._index.due(BATCH, newest=most is None):
                await self._take_up(due, unless_busy=unless_busy)
                taken += len(due)
                if (unless_busy and self._busy()) or (most is not None and taken >= most):
                    self._wake.set()
                    return

    def _busy(self) -> bool:
        """Whether something passes, or waits for its turn: the index comes last."""
        return self._wake.is_set() or not self._idle()

    async def left(self) -> int:
        """How many exchanges the index has still to take up."""
        return await self._index.left()

    # searches under a name

    async def saved(self) -> tuple[SavedSearch, ...]:
        """Every search under a name, by name."""
        return self._saved()

    def _saved(self) -> tuple[SavedSearch, ...]:
        rows = self._engine.workspace.read(SEARCHES).get("searches")
        found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        named = [SavedSearch(str(row.get("name") or ""), str(row.get("text") or "")) for row in found]
        return tuple(sorted(one for one in named if one.name and one.text))

    async def save(self, name: str, text: str) -> tuple[SavedSearch, ...]:
        """Keep a search under a name, in place of one of the same name; InputError without a name or a text."""
        name, text = " ".join(name.split()), text.strip()
        if not name or not text or len(name) > LONGEST_NAME:
            cause = "it needs a text" if name else "it needs a name"
            cause = f"its name is longer than {LONGEST_NAME} characters" if len(name) > LONGEST_NAME else cause
            raise InputError(ErrorCode.INPUT_SEARCH, what="The search", cause=cause)
        return self._keep([*(one for one in self._saved() if one.name != name), SavedSearch(name, text)])

    async def forget(self, name: str) -> tuple[SavedSearch, ...]:
        """Forget the search of a name, if there is one."""
        return self._keep([one for one in self._saved() if one.name != name])

    def _keep(self, searches: list[SavedSearch]) -> tuple[SavedSearch, ...]:
        rows = [{"name": one.name, "text": one.text} for one in sorted(searches)]
        self._engine.workspace.write(SEARCHES, {"searches": rows})
        return self._saved()

    # the index

    def _read(self, text: str) -> Wanted:
        return read(text, today=self._engine.clock().date())

    def _on_event(self, event: SessionEvent) -> None:
        if isinstance(event, ExchangeRecorded | VerdictReady):
            self._wake.set()

    async def _keep_up(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            quiet = await self._quiet()
            try:
                if not self._engine.workspace.read_only:
                    await self._take_all(unless_busy=quiet, most=None if quiet else UNPAUSED)
            except StoreError as error:
                await self._failed(error)

    async def _quiet(self) -> bool:
        """Wait for a pause between exchanges, though not for ever; whether there is one."""
        for _ in range(LONGEST_PAUSES):
            await asyncio.sleep(QUIET_S)
            if not self._busy():
                return True
            self._wake.clear()
        return False

    async def _failed(self, error: StoreError) -> None:
        """What is due stays due; a damaged index is made anew."""
        _log.error("the search index was not kept up: %s", error.code)
        if error.code is ErrorCode.STORE_CORRUPT:
            await self._remake()

    async def _remake(self) -> None:
        await self._index.remake()
        self._wake.set()
        words = ("The search index was damaged and is made anew.", "Until then not everything is found.")
        self._engine.publish(Noticed(Tone.WARNING, *words))

    async def _take_up(self, due: Sequence[Due], *, unless_busy: bool) -> None:
        """Take up some exchanges, the first at least; `unless_busy` as for all of them."""
        material = await self._index.material([one.seq for one in due])
        found: list[tuple[Due, frozenset[str]]] = []
        for one in due:
            if found and unless_busy and self._busy():
                break
            known = material.get(one.seq)
            found.append((one, await self._words(known) if known is not None else frozenset[str]()))
        await self._index.put(found)

    async def _words(self, material: Material) -> frozenset[str]:
        try:
            return await self._engine.compute(words_of, material, size=_size(material))
        except WorkbenchError as error:
            _log.error("exchange %s cannot be searched for: %s", material.exchange.id, error.code)
        except Exception:  # a mistake of this program with one exchange must not keep the others from being found
            _log.exception("exchange %s cannot be searched for", material.exchange.id)
        return frozenset()


def _size(material: Material) -> int:
    exchange = material.exchange
    return len(exchange.request.body) + (len(exchange.response.body) if exchange.response is not None else 0)
