"""What is put right when a history is opened again after the program ended in the middle of something.

Runs once on the writing connection before anyone else; must not lose or invent an answer.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.errors import ErrorCode
from workbench.exchange import Direction, Failure, FailureKind, LedgerState
from workbench.history import bodies, rows
from workbench.history.indexing import refresh

if TYPE_CHECKING:
    import sqlite3


def recover(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Mark what was in flight as of unknown outcome, and messages in processing as failed, so a retry is processed.

    Gives the ids of the exchanges it marked. One transaction.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        open_rows = connection.execute("SELECT * FROM exchange WHERE status IS NULL AND failure IS NULL").fetchall()
        for row in open_rows:
            incoming = row["direction"] == Direction.IN.value
            what = "this receiver" if incoming else urlsplit(row["url"]).hostname or row["url"]
            failure = Failure.of(FailureKind.UNKNOWN, ErrorCode.NET_INTERRUPTED, what=what)
            rows.update(connection, row["id"], rows.failure_columns(partial(bodies.put, connection), failure))
        for conversation in sorted({row["conversation"] for row in open_rows if row["conversation"]}):
            refresh(connection, conversation)
        connection.execute(
            "UPDATE ledger SET state = ? WHERE state = ?", (LedgerState.FAILED.value, LedgerState.PROCESSING.value)
        )
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return tuple(row["id"] for row in open_rows)
