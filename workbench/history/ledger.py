"""Which messages have been processed, by request id and correlation id, across restarts.

The receiver's duplicate detection asks here; must not know how a duplicate is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.exchange import LedgerState
from workbench.history import together

if TYPE_CHECKING:
    import sqlite3

    from workbench.history.store import Store


class Ledger:
    """One row per pair of ids; comparing ignores case (Core guide, transactional integrity)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def begin(self, request_id: str, correlation_id: str) -> LedgerState:
        """Claim a message. FRESH or FAILED = it is ours to process now; PROCESSING or DONE = it is a duplicate."""
        ids = (request_id.lower(), correlation_id.lower())

        def job(connection: sqlite3.Connection) -> LedgerState:
            sql = "SELECT state FROM ledger WHERE request_id = ? AND correlation_id = ?"
            row = connection.execute(sql, ids).fetchone()
            if row is None:
                sql = "INSERT INTO ledger (request_id, correlation_id, state) VALUES (?, ?, ?)"
                connection.execute(sql, (*ids, LedgerState.PROCESSING.value))
                return LedgerState.FRESH
            state = LedgerState(row["state"])
            if state is LedgerState.FAILED:
                _set(connection, ids, LedgerState.PROCESSING)
            return state

        return await self._store.run(job, "the ids of the message")

    async def finish(self, request_id: str, correlation_id: str, ok: bool) -> None:
        """Say how a claimed message ended, with its answer; after a failure the same message is processed again."""
        ids = (request_id.lower(), correlation_id.lower())
        state = LedgerState.DONE if ok else LedgerState.FAILED

        def job(connection: sqlite3.Connection) -> None:
            _set(connection, ids, state)

        waiting = together.current()
        if waiting is None:
            await self._store.run(job, "the outcome of the message")
            return
        waiting.jobs.append(job)
        waiting.otherwise.append(lambda connection: _set(connection, ids, LedgerState.FAILED))


def _set(connection: sqlite3.Connection, ids: tuple[str, str], state: LedgerState) -> None:
    sql = "UPDATE ledger SET state = ? WHERE request_id = ? AND correlation_id = ?"
    connection.execute(sql, (state.value, *ids))
