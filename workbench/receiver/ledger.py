"""Duplicate detection in memory, for partners of the sandbox; the workbench's own receiver keeps its ledger on disk.

Must not know how a duplicate is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.exchange import LedgerState

if TYPE_CHECKING:
    from workbench.messages import JsonObject


_TAKEN = (LedgerState.DONE, LedgerState.PROCESSING)


class MemoryLedger:
    """One state per pair of ids; ids are compared without case. Used on one loop only."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, str], LedgerState] = {}

    async def begin(self, request_id: str, correlation_id: str, *, alone: bool = False) -> LedgerState:
        """Claim a message; there is no await inside, so two at once are told apart."""
        pair = (request_id.lower(), correlation_id.lower())
        known = self._states.get(pair, LedgerState.FRESH)
        if alone:
            with_it = [state for (request, _), state in self._states.items() if request == pair[0]]
            known = next((state for state in _TAKEN if state in with_it), known)
        if known in (LedgerState.FRESH, LedgerState.FAILED):
            self._states[pair] = LedgerState.PROCESSING
        return known

    async def finish(self, request_id: str, correlation_id: str, ok: bool) -> None:
        """Say how it ended; after a failure the same message is processed again."""
        pair = (request_id.lower(), correlation_id.lower())
        self._states[pair] = LedgerState.DONE if ok else LedgerState.FAILED

    async def reused(self, request_id: str, correlation_id: str) -> bool:
        """Whether a processed message had this request id and another correlation id."""
        request, correlation = request_id.lower(), correlation_id.lower()
        return any(
            state is LedgerState.DONE and known[0] == request and known[1] != correlation
            for known, state in self._states.items()
        )

    def snapshot(self) -> JsonObject:
        """What was processed with success, as JSON: request id and correlation id joined by a blank."""
        return {" ".join(pair): "done" for pair, state in self._states.items() if state is LedgerState.DONE}

    def restore(self, snapshot: JsonObject) -> None:
        """Replace everything by a snapshot."""
        pairs = (text.partition(" ") for text in snapshot)
        self._states = {(request_id, correlation_id): LedgerState.DONE for request_id, _, correlation_id in pairs}
