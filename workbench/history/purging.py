"""Deleting conversations so that nothing of them stays in the file, what must be kept, and how much there is.

Decides nothing about when; must not know settings.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from workbench.history import codec
from workbench.history.conversations import MORE_THAN_TOKENS
from workbench.history.search import take_out

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from workbench.history.store import Store

TOGETHER = 10
"""Conversations that are deleted in one transaction: what is more urgent waits no longer than that."""
MERGED = 64
"""Pages of the search index that are merged in one transaction."""

_LOCKED = (
    "SELECT exchange.conversation FROM locked JOIN exchange ON exchange.id = locked.exchange"
    " WHERE exchange.conversation IS NOT NULL"
)
_FREE = (
    f"id NOT IN ({_LOCKED}) AND NOT EXISTS (SELECT 1 FROM exchange WHERE exchange.conversation = conversation.id"
    " AND status IS NULL AND failure IS NULL)"
)
"""Of a conversation that may be deleted: nobody has locked it, and nothing of it is under way."""


class Gone(NamedTuple):
    """What was deleted."""

    conversations: tuple[str, ...] = ()
    exchanges: int = 0


class EnvironmentCount(NamedTuple):
    """How much of the history is about one environment."""

    environment: str
    conversations: int
    exchanges: int


class Statistics(NamedTuple):
    """How much there is."""

    conversations: int
    exchanges: int
    locked: int
    oldest: datetime | None
    """When the first exchange that is there was started."""
    used: int
    """Bytes of the file that hold something."""
    free: int
    """Bytes of the file that hold nothing: the next messages go there."""
    environments: tuple[EnvironmentCount, ...]
    """The largest first."""


class Purging:
    """Keeps a history in bounds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def statistics(self) -> Statistics:
        """How much there is now."""
        return await self._store.read(_statistics)

    async def used(self) -> int:
        """Bytes of the file that hold something."""
        return await self._store.read(lambda connection: _sizes(connection)[0])

    async def lock(self, conversation: str, *, locked: bool) -> None:
        """Have nothing delete a conversation, or take that back; the conversation may be merged meanwhile."""

        def job(connection: sqlite3.Connection) -> None:
            legs = "SELECT id FROM exchange WHERE conversation = ?"
            connection.execute(f"DELETE FROM locked WHERE exchange IN ({legs})", (conversation,))
            if locked:
                sql = f"INSERT INTO locked (exchange) {legs} ORDER BY started, id LIMIT 1"
                connection.execute(sql, (conversation,))

        await self._store.run(job, "the lock")

    async def locked(self) -> frozenset[str]:
        """The conversations that nothing deletes."""
        return await self._store.read(lambda c: frozenset(row[0] for row in c.execute(_LOCKED)))

    async def free(self, *, before: datetime | None = None, limit: int = -1) -> tuple[str, ...]:
        """Conversations that may be deleted, the oldest activity first; only those without any since `before`."""
        until = codec.when(before) if before is not None else "~"
        sql = f"SELECT id FROM conversation WHERE last_activity < ? AND {_FREE} ORDER BY last_activity, id LIMIT ?"
        return await self._store.read(lambda c: tuple(row[0] for row in c.execute(sql, (until, limit))))

    async def delete(self, conversations: Sequence[str]) -> Gone:
        """Delete those of some conversations that may be, with everything that only they hold.

        What is more urgent goes between. Their bytes are overwritten; `sweep` sees to what is left beside them.
        """
        gone: list[str] = []
        exchanges = 0
        for start in range(0, len(conversations), TOGETHER):
            some = tuple(conversations[start : start + TOGETHER])
            found = await self._store.run(partial(_delete, conversations=some), "the deletion", later=True)
            gone += found.conversations
            exchanges += found.exchanges
        return Gone(tuple(gone), exchanges)

    async def sweep(self, *, whole: bool) -> None:
        """Leave no residue of what was deleted: in the search index, in the log of the last changes, in free places.

        `whole` writes the whole file anew, which takes a while for a large one; nothing is recorded meanwhile.
        """
        await self._store.run(lambda connection: _merge(connection, -MERGED), "the search index", later=True)
        while await self._store.run(lambda connection: _merge(connection, MERGED), "the search index", later=True):
            continue
        if whole:
            await self._store.run_apart(_write_anew, "the smaller history")
        await self._store.run_apart(_checkpoint, "the smaller history")


def _write_anew(connection: sqlite3.Connection) -> None:
    """With the copy that SQLite makes meanwhile on disk: it is as large as the history."""
    connection.execute("PRAGMA temp_store=DEFAULT")
    try:
        connection.execute("VACUUM")
    finally:
        connection.execute("PRAGMA temp_store=MEMORY")


def _delete(connection: sqlite3.Connection, conversations: Sequence[str]) -> Gone:
    marks = ", ".join("?" * len(conversations))
    sql = f"SELECT id FROM conversation WHERE id IN ({marks}) AND {_FREE}"
    free = tuple(row["id"] for row in connection.execute(sql, conversations))
    marks = ", ".join("?" * len(free))
    bodies: set[str] = set()
    sql = f"SELECT seq, request_body, response_body, failure_received FROM exchange WHERE conversation IN ({marks})"
    legs = connection.execute(sql, free).fetchall()
    for leg in legs:
        bodies.update(body for body in tuple(leg)[1:] if body is not None)
        take_out(connection, leg["seq"])
    connection.execute(f"DELETE FROM exchange WHERE conversation IN ({marks})", free)
    connection.executemany("DELETE FROM search_due WHERE seq = ?", [(leg["seq"],) for leg in legs])
    drop_unused(connection, bodies)
    return Gone(free, len(legs))


def drop_unused(connection: sqlite3.Connection, bodies: Iterable[str]) -> None:
    """Delete those of some bodies that no exchange has any more."""
    connection.executemany(
        "DELETE FROM body WHERE sha256 = ?1"
        " AND NOT EXISTS (SELECT 1 FROM exchange WHERE request_body = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM exchange WHERE response_body = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM exchange WHERE failure_received = ?1)",
        [(body,) for body in sorted(bodies)],
    )


def _merge(connection: sqlite3.Connection, pages: int) -> bool:
    """Merge a part of the search index; whether there is more to merge (FTS5, section 6.8)."""
    before = connection.total_changes
    connection.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", (pages,))
    return connection.total_changes - before >= 2


def _checkpoint(connection: sqlite3.Connection) -> None:
    """Empty the log of the last changes; a reader that is at it is waited for as long as `busy_timeout` says."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _sizes(connection: sqlite3.Connection) -> tuple[int, int]:
    pages, free, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size, free * size


def _statistics(connection: sqlite3.Connection) -> Statistics:
    def count(sql: str) -> int:
        return int(connection.execute(sql).fetchone()[0])

    oldest = connection.execute("SELECT min(started) FROM exchange").fetchone()[0]
    used, free = _sizes(connection)
    found = connection.execute(
        "SELECT conversation.environment, count(DISTINCT conversation.id) AS conversations, count(*) AS exchanges"
        " FROM exchange INDEXED BY exchange_place JOIN conversation ON conversation.id = exchange.conversation"
        " GROUP BY conversation.environment ORDER BY exchanges DESC, conversation.environment"
    )
    return Statistics(
        conversations=count(f"SELECT count(*) FROM conversation WHERE {MORE_THAN_TOKENS}"),
        exchanges=count("SELECT count(*) FROM exchange"),
        locked=count(f"SELECT count(DISTINCT conversation) FROM ({_LOCKED})"),
        oldest=codec.instant(oldest) if oldest else None,
        used=used,
        free=free,
        environments=tuple(EnvironmentCount(*row) for row in found),
    )
