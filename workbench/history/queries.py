"""Questions to the history: pages of conversations, legs with their reasons, whole exchanges.

Every answer comes from the reader thread; nothing here writes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workbench.correlation import Conflict, Known, Link, conflicts, principal
from workbench.history import codec, rows
from workbench.history.conversations import (
    PAGE,
    ConversationRow,
    PageKey,
    chosen_rows,
    conversation_of,
    conversation_page,
    conversation_row,
    count_waiting,
    facets_in_use,
)
from workbench.history.filters import EVERYTHING, ConversationFilter
from workbench.history.indexing import members
from workbench.history.link_rows import links_among, links_at, links_of, telling_links
from workbench.history.secrets import Cut

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
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
        after: PageKey | None = None,
        chosen: ConversationFilter = EVERYTHING,
        text: str = "",
        limit: int = PAGE,
    ) -> tuple[ConversationRow, ...]:
        """A page of conversations, pinned ones first, then by latest activity; `after` is the key of the row before."""
        now = self._clock()
        return await self._store.read(
            lambda connection: conversation_page(connection, now, after=after, chosen=chosen, text=text, limit=limit)
        )

    async def conversation(self, id: str) -> ConversationRow:
        """One conversation; KeyError where there is none (it may have been merged: see `conversation_of`)."""
        now = self._clock()
        return await self._store.read(lambda connection: conversation_row(connection, id, now))

    async def some_conversations(self, ids: Collection[str]) -> tuple[ConversationRow, ...]:
        """Those of some conversations that are there, in any order, token calls on their own left out; of one that was
        merged the one it went into."""
        now = self._clock()

        def query(connection: sqlite3.Connection) -> tuple[ConversationRow, ...]:
            sql = f"SELECT conversation FROM exchange WHERE id IN ({', '.join('?' * len(ids))})"
            merged = (id for (id,) in connection.execute(sql, (*ids,)) if id is not None)
            return chosen_rows(connection, tuple({*ids, *merged}), now)

        return await self._store.read(query)

    async def conversation_of(self, exchange: str) -> str | None:
        """The conversation an exchange belongs to; None where it is not indexed or unknown."""

        return await self._store.read(lambda connection: conversation_of(connection, exchange))

    async def facets(self) -> dict[str, tuple[str, ...]]:
        """Every value of every kind that conversations can be chosen by."""
        return await self._store.read(facets_in_use)

    async def conversations_like(self, beginning: str) -> tuple[str, ...]:
        """Ids of the conversations whose id begins so; for the whole id of an exchange the one that it is in."""

        def query(connection: sqlite3.Connection) -> tuple[str, ...]:
            sql = (
                "SELECT id FROM conversation WHERE substr(id, 1, length(?1)) = ?1"
                " UNION SELECT conversation FROM exchange WHERE id = ?1 AND conversation IS NOT NULL"
            )
            return tuple(id for (id,) in connection.execute(sql, (beginning.strip().lower(),)))

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

    async def conflicts(self, conversation: str) -> tuple[Conflict, ...]:
        """What does not fit together in a conversation, in the order of its legs."""

        def query(connection: sqlite3.Connection) -> tuple[Conflict, ...]:
            return conflicts(members(connection, conversation), telling_links(connection, conversation))

        return await self._store.read(query)

    async def links_of(self, exchange: str) -> tuple[Link, ...]:
        """Every link between an exchange and others of its conversation."""
        return await self._store.read(lambda connection: links_of(connection, exchange))

    async def suggested(self, exchange: str) -> tuple[tuple[str, str], ...]:
        """Other conversations that an exchange has something in common with, each once, with the reason."""

        def query(connection: sqlite3.Connection) -> tuple[tuple[str, str], ...]:
            home, found = conversation_of(connection, exchange), dict[str, str]()
            for link in sorted(links_at(connection, exchange), key=lambda one: (one.strength.rank, one.reason)):
                other = conversation_of(connection, link.parent if link.child == exchange else link.child)
                if other is not None and other != home:
                    found.setdefault(other, link.reason)
            return tuple(found.items())

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

    async def accepted_before(self, mine: Exchange) -> Exchange | None:
        """The last message of the same title and direction that was sent before this one and accepted."""

        def query(connection: sqlite3.Connection) -> Exchange | None:
            sql = (
                "SELECT other.* FROM exchange AS mine JOIN exchange AS other ON other.title = mine.title"
                " AND other.direction = mine.direction AND other.operation = mine.operation AND other.seq < mine.seq"
                " WHERE mine.id = ? AND mine.title IS NOT NULL AND other.status BETWEEN 200 AND 299"
                " ORDER BY other.seq DESC LIMIT 1"
            )
            row = connection.execute(sql, (mine.id,)).fetchone()
            return None if row is None else rows.exchange(row, connection)

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

    async def unindexed(self) -> tuple[str, ...]:
        """Ids of exchanges that were recorded but never put into a conversation, oldest first."""

        def query(connection: sqlite3.Connection) -> tuple[str, ...]:
            sql = "SELECT id FROM exchange WHERE conversation IS NULL ORDER BY seq"
            return tuple(id for (id,) in connection.execute(sql))

        return await self._store.read(query)

    async def unjudged(self) -> tuple[str, ...]:
        """Ids of messages that were answered, or sent without an answer, but have no verdict, oldest first."""

        def query(connection: sqlite3.Connection) -> tuple[str, ...]:
            sql = (
                "SELECT id FROM to_judge JOIN exchange ON exchange.seq = to_judge.seq WHERE conversation IS NOT NULL"
                " AND (status IS NOT NULL OR (direction = 'out' AND failure IS NOT NULL)) ORDER BY to_judge.seq"
            )
            return tuple(id for (id,) in connection.execute(sql))

        return await self._store.read(query)

    async def known(self, id: str) -> Known:
        """One exchange without bodies, with the facts of its messages; KeyError where there is none."""

        def query(connection: sqlite3.Connection) -> Known:
            row = connection.execute("SELECT * FROM exchange WHERE id = ?", (id,)).fetchone()
            if row is None:
                raise KeyError(id)
            return rows.known(row)

        return await self._store.read(query)

    async def recent(self, limit: int = PAGE, *, direction: str | None = None) -> tuple[Known, ...]:
        """The latest exchanges, newest first, without bodies."""

        def query(connection: sqlite3.Connection) -> tuple[Known, ...]:
            sql = "SELECT * FROM exchange WHERE ?1 IS NULL OR direction = ?1 ORDER BY seq DESC LIMIT ?2"
            return tuple(rows.known(row) for row in connection.execute(sql, (direction, limit)).fetchall())

        return await self._store.read(query)

    async def arrived_since(self, when: datetime) -> int:
        """How many messages came in from then on."""
        sql = "SELECT count(*) FROM exchange WHERE direction = 'in' AND operation = 'process-message' AND started >= ?"
        given = (codec.when(when),)
        return await self._store.read(lambda connection: int(connection.execute(sql, given).fetchone()[0]))

    async def waiting(self) -> int:
        """How many replies are awaited."""
        return await self._store.read(count_waiting)

    async def count(self) -> int:
        """How many exchanges there are."""
        return await self._store.read(
            lambda connection: int(connection.execute("SELECT count(*) FROM exchange").fetchone()[0])
        )
