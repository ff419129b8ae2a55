"""Which messages have been processed, by request id and correlation id, across restarts.

What is being processed is known in memory only, so that claiming a message waits for no disk: after a restart nothing
is. What was processed is stored with its answer. The receiver's duplicate detection asks here; must not know how a
duplicate is answered.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from workbench.exchange import LedgerState
from workbench.history import together
from workbench.history.gathered import Question, Row, Rows

if TYPE_CHECKING:
    from workbench.history.store import Store

_SELECT = "SELECT request_id, correlation_id, state FROM ledger WHERE request_id IN"
_KEEP = "INSERT OR REPLACE INTO ledger (request_id, correlation_id, state) VALUES"
REMEMBERED = 4096
"""Messages that ended lately and are known in memory too: one that was looked up before its end was stored is found."""


class _Known(NamedTuple):
    """How a message stands, and by when it did."""

    state: LedgerState
    at: int


class Look:
    """One look into the stored ledger for a request id; what ended after it began is found in memory."""

    def __init__(self, request_id: str, at: int) -> None:
        self.request_id = request_id
        self.at = at
        self.question = Question(_SELECT, request_id)

    @property
    def states(self) -> dict[str, LedgerState]:
        """By correlation id; empty until the question was asked."""
        return {str(correlation): LedgerState(str(state)) for correlation, state in self.question.found}


class Ledger:
    """One row per pair of ids; comparing ignores case (Core guide, transactional integrity). Used on one loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._lately: dict[str, dict[str, _Known]] = {}
        """What is being processed or ended lately, by request id and correlation id."""
        self._ended: deque[tuple[str, str, int]] = deque()
        self._now = 0
        """Counts what ended."""
        self._forgotten = 0
        """What ended by then may be known to the store only."""

    def look(self, request_id: str) -> Look:
        """A look for a request id, for whoever writes or reads anyway; it is to run soon."""
        with self._lock:
            return Look(request_id.lower(), self._now)

    async def begin(self, request_id: str, correlation_id: str, *, alone: bool = False) -> LedgerState:
        """Claim a message. FRESH or FAILED = it is ours to process now; PROCESSING or DONE = it is a duplicate.

        `alone`: a message with the same request id is the same one, whatever its correlation id.
        """
        request, correlation = request_id.lower(), correlation_id.lower()
        look = await self._looked(request)
        with self._lock:
            states = self._states(look)
            taken = [one for one in (LedgerState.DONE, LedgerState.PROCESSING) if one in states.values()]
            if alone and taken:
                return taken[0]
            state = states.get(correlation, LedgerState.FRESH)
            if state in (LedgerState.FRESH, LedgerState.FAILED):
                self._lately.setdefault(request, {})[correlation] = _Known(LedgerState.PROCESSING, 0)
            return state

    async def finish(self, request_id: str, correlation_id: str, ok: bool) -> None:
        """Say how a claimed message ended, with its answer; after a failure the same message is processed again."""
        request, correlation = request_id.lower(), correlation_id.lower()
        if not ok:
            self._end(request, correlation, LedgerState.FAILED)
            return

        job = Rows([Row(_KEEP, (request, correlation, LedgerState.DONE.value))])

        def ended(stored: bool) -> None:
            self._end(request, correlation, LedgerState.DONE if stored else LedgerState.FAILED)

        waiting = together.current()
        if waiting is not None:
            waiting.jobs.append(job)
            waiting.ended.append(ended)
            return
        stored = False
        try:
            await self._store.run(job, "the outcome of the message")
            stored = True
        finally:
            ended(stored)

    async def reused(self, request_id: str, correlation_id: str) -> bool:
        """Whether a processed message had this request id and another correlation id."""
        correlation = correlation_id.lower()
        look = await self._looked(request_id.lower())
        with self._lock:
            states = self._states(look)
        return any(state is LedgerState.DONE for other, state in states.items() if other != correlation)

    async def _looked(self, request: str) -> Look:
        """What the store holds of a request id: as it was seen when the call was stored, else as it is now."""
        waiting = together.current()
        look = waiting.looked if waiting is not None else None
        if look is None or look.request_id != request or look.at < self._forgotten:
            look = self.look(request)
            await self._store.read(look.question.run)
        return look

    def _states(self, look: Look) -> dict[str, LedgerState]:
        """By correlation id; what memory knows is newer than what was looked up."""
        lately = self._lately.get(look.request_id)
        if lately is None:
            return look.states
        return look.states | {correlation: known.state for correlation, known in lately.items()}

    def _end(self, request: str, correlation: str, state: LedgerState) -> None:
        with self._lock:
            self._now += 1
            self._lately.setdefault(request, {})[correlation] = _Known(state, self._now)
            self._ended.append((request, correlation, self._now))
            while len(self._ended) > REMEMBERED:
                self._forget(*self._ended.popleft())

    def _forget(self, request: str, correlation: str, at: int) -> None:
        """Leave an end to the store; a message that has begun again since stays."""
        self._forgotten = at
        lately = self._lately.get(request, {})
        if (known := lately.get(correlation)) is not None and known.at == at:
            del lately[correlation]
            if not lately:
                del self._lately[request]
