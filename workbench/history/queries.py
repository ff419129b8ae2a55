"""Questions to the history: pages of conversations, legs with their reasons, whole exchanges.

Every answer comes from the reader thread; nothing here writes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workbench.correlation import ConversationState, Known, Link, principal
from workbench.history import rows
from workbench.history.conversations import PAGE, ConversationRow, conversation_page, conversation_row, count_waiting
from workbench.history.indexing import links_among, members
from workbench.history.secrets import Cut

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from workbench.correlation.values import KeyKind
    from workbench.exchange import Clock, Exchange
    from workbench.history.store import Store


class Queries:
    """What panels and commands ask."""

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def conversations(
        self,
        *,
        after: tuple[datetime, str] | None = None,
        environment: str | None = None,
        state: ConversationState | None = None,
        text: str = "",
        limit: int = PAGE,
    ) -> tuple[ConversationRow, ...]:
        """A page of conversations, newest activity first; `after` is the key of the last row of the page before."""
        now = self._clock()
        return await self._store.read(
            lambda connection: conversation_page(
                connection, now, after=after, environment=environment, state=state, text=text, limit=limit
            )
        )

    async def conversation(self, id: str) -> ConversationRow:
        """One conversation; KeyError where there is none (it may have been merged: see `conversation_of`)."""
        now = self._clock()
        return await self._store.read(lambda connection: conversation_row(connection, id, now))

    async def conversation_of(self, exchange: str) -> str | None:
        """The conversation an exchange belongs to; None where it is not indexed or unknown."""

        def query(connection: sqlite3.Connection) -> str | None:
            row = connection.execute("SELECT conversation FROM exchange WHERE id = ?", (exchange,)).fetchone()
            return None if row is None else row["conversation"]

        return await self._store.read(query)

    async def legs(self, conversation: str) -> tuple[Known, ...]:
        """The exchanges of a conversation in order of time, with the facts of their messages, without bodies."""
        return await self._store.read(lambda connection: members(connection, conversation))

    async def links(self, conversation: str, *, every: bool = False) -> tuple[Link, ...]:
        """Why the legs belong together: the links worth showing, or every one."""

        def query(connection: sqlite3.Connection) -> tuple[Link, ...]:
            links = links_among(connection, conversation)
            return links if every else principal(links, members(connection, conversation))

        return await self._store.read(query)

    async def titles(self, conversation: str) -> dict[str, str]:
        """The title of every leg by exchange id."""

        def query(connection: sqlite3.Connection) -> dict[str, str]:
            sql = "SELECT id, title FROM exchange WHERE conversation = ?"
            return {row["id"]: row["title"] for row in connection.execute(sql, (conversation,))}

        return await self._store.read(query)

    async def exchange(self, id: str) -> Exchange:
        """One exchange with its bodies; KeyError where there is none."""

        def query(connection: sqlite3.Connection) -> Exchange:
            row = connection.execute("SELECT * FROM exchange WHERE id = ?", (id,)).fetchone()
            if row is None:
                raise KeyError(id)
            return rows.exchange(row, connection)

        return await self._store.read(query)

    async def cuts(self, id: str) -> tuple[Cut, ...]:
        """Where secrets stood in an exchange and how long they were; KeyError where there is none."""

        def query(connection: sqlite3.Connection) -> tuple[Cut, ...]:
            row = connection.execute("SELECT cuts FROM exchange WHERE id = ?", (id,)).fetchone()
            if row is None:
                raise KeyError(id)
            return tuple(Cut(*cut) for cut in json.loads(row["cuts"]))

        return await self._store.read(query)

    async def knows_bundle(self, bundle_id: str) -> bool:
        """Whether a message with this Bundle.id is in the history, whoever sent it (ids compare without case)."""

        def query(connection: sqlite3.Connection) -> bool:
            sql = (
                "SELECT 1 FROM correlation_key JOIN exchange ON exchange.id = correlation_key.exchange"
                " WHERE kind = 'bundle' AND value = ?1 AND lower(json_extract(request_facts, '$.bundle_id')) = ?1"
            )
            return connection.execute(sql, (bundle_id.strip().lower(),)).fetchone() is not None

        return await self._store.read(query)

    async def sent_with(self, kind: KeyKind, value: str) -> tuple[str, ...]:
        """Ids of the messages sent from here that have a key in common with this one, oldest first."""

        def query(connection: sqlite3.Connection) -> tuple[str, ...]:
            sql = (
                "SELECT exchange.id FROM correlation_key JOIN exchange ON exchange.id = correlation_key.exchange"
                " WHERE kind = ? AND value = ? AND direction = 'out' AND operation = 'process-message' ORDER BY seq"
            )
            return tuple(id for (id,) in connection.execute(sql, (kind.value, value.strip().lower())))

        return await self._store.read(query)

    async def unindexed(self, limit: int = PAGE) -> tuple[str, ...]:
        """Ids of exchanges that were recorded but never put into a conversation, oldest first."""

        def query(connection: sqlite3.Connection) -> tuple[str, ...]:
            sql = "SELECT id FROM exchange WHERE conversation IS NULL ORDER BY seq LIMIT ?"
            return tuple(id for (id,) in connection.execute(sql, (limit,)))

        return await self._store.read(query)

    async def recent(self, limit: int = PAGE, *, direction: str | None = None) -> tuple[Known, ...]:
        """The latest exchanges, newest first, without bodies."""

        def query(connection: sqlite3.Connection) -> tuple[Known, ...]:
            sql = "SELECT * FROM exchange WHERE ?1 IS NULL OR direction = ?1 ORDER BY seq DESC LIMIT ?2"
            return tuple(rows.known(row) for row in connection.execute(sql, (direction, limit)).fetchall())

        return await self._store.read(query)

    async def waiting(self) -> int:
        """How many replies are awaited."""
        return await self._store.read(count_waiting)

    async def count(self) -> int:
        """How many exchanges there are."""
        return await self._store.read(
            lambda connection: int(connection.execute("SELECT count(*) FROM exchange").fetchone()[0])
        )
