"""A SQLite connection whose Nth statement fails: the loop over N = 1, 2, 3 ... proves that no save is half done."""

from __future__ import annotations

import sqlite3


class FailingConnection(sqlite3.Connection):
    """Counts statements once armed, and fails the one whose number is `fail_at`."""

    fail_at: int = 0
    calls: int = 0

    def arm(self, fail_at: int) -> None:
        """Fail the statement of this number, counted from now; 0 = none."""
        self.fail_at, self.calls = fail_at, 0

    def execute(self, sql: str, parameters: object = ()) -> sqlite3.Cursor:
        """One statement, or the failure that was asked for."""
        self._count()
        return super().execute(sql, parameters)  # type: ignore[arg-type]

    def executemany(self, sql: str, parameters: object) -> sqlite3.Cursor:
        """One statement with many rows, or the failure that was asked for."""
        self._count()
        return super().executemany(sql, parameters)  # type: ignore[arg-type]

    def _count(self) -> None:
        if not self.fail_at:
            return
        self.calls += 1
        if self.calls == self.fail_at:
            raise sqlite3.OperationalError("disk I/O error")


def connect(uri: str) -> FailingConnection:
    """Opens a connection that can be armed, as `Store.open(connect=...)` wants it."""
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, factory=FailingConnection)
