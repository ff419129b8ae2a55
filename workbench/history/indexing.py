"""Keys, links and conversations of what is recorded, kept up to date in one transaction per exchange.

Finds neighbours by their keys and stores what `correlation` says; must not decide itself what belongs together.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from workbench.correlation import (
    Author,
    Key,
    Known,
    Link,
    LinkKind,
    Strength,
    conversation_state,
    correlate,
    keys_of,
    lead,
)
from workbench.history import codec, rows
from workbench.history.conversations import ConversationRow, conversation_row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from workbench.exchange import Clock, Exchange
    from workbench.history.store import Store
    from workbench.messages.values import MessageFacts

NEIGHBOURS = 64
"""Holders of one key that are compared with a new exchange: the earliest, so that all of them still meet."""

_NEVER = datetime.min.replace(tzinfo=UTC)
"""Stored rows say nothing of being overdue: that is asked when they are read."""


class Indexer:
    """Puts exchanges into their conversations. `title_of` names a message in plain words."""

    def __init__(self, store: Store, *, clock: Clock, title_of: Callable[[MessageFacts], str]) -> None:
        self._store = store
        self._clock = clock
        self._title_of = title_of

    async def index(
        self, exchange: Exchange, request: MessageFacts | None = None, response: MessageFacts | None = None
    ) -> ConversationRow:
        """Store the keys and facts of a recorded exchange and give the conversation it now belongs to.

        Called again after an answer has come, it adds what the answer told. KeyError for an exchange not recorded.
        """
        title = self._title(exchange, request)
        now = self._clock()

        def job(connection: sqlite3.Connection) -> ConversationRow:
            save_facts(connection, exchange.id, title, request, response)
            return conversation_row(connection, join(connection, exchange.id), now)

        return await self._store.run(job, "the conversation")

    async def rebuild(self) -> int:
        """Compute every link and conversation anew from the exchanges alone; gives the number of conversations."""
        return await self._store.run(rebuild, "the conversations")

    def _title(self, exchange: Exchange, request: MessageFacts | None) -> str:
        if request is not None and request.event is not None:
            return self._title_of(request)
        return exchange.operation.replace("-", " ").capitalize()


def save_facts(
    connection: sqlite3.Connection,
    id: str,
    title: str,
    request: MessageFacts | None,
    response: MessageFacts | None,
) -> None:
    """Store what lists show of an exchange; what is None now stays as it was. KeyError where it is not recorded."""
    title = codec.storable(title)
    columns: dict[str, rows.Value] = {}
    if request is not None:
        columns |= {
            "title": title,
            "event": request.event,
            "message_reason": request.reason,
            "use_case": request.use_case,
            "patient_initials": request.patient_initials,
            "request_facts": codec.dump_facts(request),
        }
    if response is not None:
        columns["response_facts"] = codec.dump_facts(response)
    named = connection.execute("UPDATE exchange SET title = coalesce(title, ?) WHERE id = ?", (title, id))
    if named.rowcount != 1:
        raise KeyError(id)
    if columns:
        rows.update(connection, id, columns)


def join(connection: sqlite3.Connection, id: str) -> str:
    """Find the neighbours of an exchange, store the links and merge conversations; gives the conversation's id."""
    row = connection.execute("SELECT * FROM exchange WHERE id = ?", (id,)).fetchone()
    known = rows.known(row)
    keys = keys_of(known.exchange, known.request, known.response)
    connection.executemany(
        "INSERT OR IGNORE INTO correlation_key (kind, value, exchange) VALUES (?, ?, ?)",
        [(key.kind.value, key.value, id) for key in keys],
    )
    links = correlate(known, _neighbours(connection, id, keys, known.exchange.retry_of))
    _save_links(connection, links)
    linked = {link.child for link in links if link.joins} | {link.parent for link in links if link.joins} | {id}
    marks = ", ".join("?" * len(linked))
    found = connection.execute(
        f"SELECT DISTINCT conversation FROM exchange WHERE id IN ({marks}) AND conversation IS NOT NULL", (*linked,)
    )
    return _merge(connection, id, [conversation for (conversation,) in found])


def refresh(connection: sqlite3.Connection, conversation: str) -> None:
    """Compute the columns of a conversation from its legs."""
    legs = members(connection, conversation)
    titles = {
        row["id"]: row["title"]
        for row in connection.execute("SELECT id, title FROM exchange WHERE conversation = ?", (conversation,))
    }
    head = lead(legs)
    facts = head.request
    standing = conversation_state(legs, _NEVER)
    columns: dict[str, rows.Value] = {
        "id": conversation,
        "title": titles[head.exchange.id] or head.exchange.operation,
        "sender": (facts.sender_name if facts else None) or "",
        "receiver": (facts.receiver_name if facts else None) or head.exchange.service or "",
        "patient_initials": facts.patient_initials if facts else None,
        "patient_sex": facts.patient_gender if facts else None,
        "patient_age": _age(facts.patient_birth_date, head.exchange.timing.started.date()) if facts else None,
        "state": standing.state.value,
        "attention": int(standing.attention),
        "due": codec.when(standing.due) if standing.due else None,
        "status_text": standing.text,
        "last_activity": codec.when(legs[-1].exchange.timing.started),
        "messages": sum(1 for leg in legs if leg.exchange.operation == "process-message"),
        "environment": head.exchange.environment,
    }
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    connection.execute(f"INSERT OR REPLACE INTO conversation ({names}) VALUES ({marks})", tuple(columns.values()))


def rebuild(connection: sqlite3.Connection, order: Sequence[str] | None = None) -> int:
    """Links and conversations anew from the exchanges alone, in any order; gives the number of conversations."""
    for table in ("link", "correlation_key", "conversation"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute("UPDATE exchange SET conversation = NULL")
    recorded = [id for (id,) in connection.execute("SELECT id FROM exchange WHERE title IS NOT NULL ORDER BY seq")]
    for id in order if order is not None else recorded:
        join(connection, id)
    return int(connection.execute("SELECT count(*) FROM conversation").fetchone()[0])


def members(connection: sqlite3.Connection, conversation: str) -> tuple[Known, ...]:
    """The legs of a conversation in order of time, without bodies."""
    found = connection.execute(
        "SELECT * FROM exchange WHERE conversation = ? ORDER BY started, id", (conversation,)
    ).fetchall()
    return tuple(rows.known(row) for row in found)


def links_among(connection: sqlite3.Connection, conversation: str) -> tuple[Link, ...]:
    """Every stored link between legs of a conversation."""
    found = connection.execute(
        "SELECT link.* FROM link JOIN exchange AS child ON child.id = link.child"
        " JOIN exchange AS parent ON parent.id = link.parent"
        " WHERE child.conversation = ?1 AND parent.conversation = ?1 ORDER BY link.child, link.parent",
        (conversation,),
    )
    return tuple(
        Link(
            row["child"],
            row["parent"],
            LinkKind(row["kind"]),
            Strength(row["strength"]),
            row["reason"],
            Author(row["made_by"]),
        )
        for row in found
    )


def _neighbours(connection: sqlite3.Connection, id: str, keys: Sequence[Key], retry_of: str | None) -> list[Known]:
    ids = {retry_of} if retry_of else set()
    for key in keys:
        holders = connection.execute(
            "SELECT exchange FROM correlation_key JOIN exchange ON exchange.id = correlation_key.exchange"
            " WHERE kind = ? AND value = ? AND exchange.id <> ? ORDER BY started, exchange.id LIMIT ?",
            (key.kind.value, key.value, id, NEIGHBOURS),
        )
        ids |= {holder for (holder,) in holders}
    found = [connection.execute("SELECT * FROM exchange WHERE id = ?", (other,)).fetchone() for other in sorted(ids)]
    return [rows.known(row) for row in found if row is not None]


def _save_links(connection: sqlite3.Connection, links: Sequence[Link]) -> None:
    """Store the links of pairs of exchanges in place of what stood there before."""
    pairs = [(link.child, link.parent) for link in links]
    both_ways = [*pairs, *((parent, child) for child, parent in pairs)]
    connection.executemany("DELETE FROM link WHERE child = ? AND parent = ?", both_ways)
    connection.executemany(
        "INSERT INTO link (child, parent, kind, strength, reason, made_by) VALUES (?, ?, ?, ?, ?, ?)",
        [(link.child, link.parent, link.kind.value, link.strength.value, link.reason, link.by.value) for link in links],
    )


def _merge(connection: sqlite3.Connection, id: str, conversations: Sequence[str]) -> str:
    """One conversation of an exchange and some conversations, named after its earliest leg."""
    marks = ", ".join("?" * len(conversations))
    where = f"id = ? OR conversation IN ({marks})"
    (earliest,) = connection.execute(
        f"SELECT id FROM exchange WHERE {where} ORDER BY started, id LIMIT 1", (id, *conversations)
    ).fetchone()
    connection.execute(f"UPDATE exchange SET conversation = ? WHERE {where}", (earliest, id, *conversations))
    for other in conversations:
        if other != earliest:
            connection.execute("DELETE FROM conversation WHERE id = ?", (other,))
    refresh(connection, str(earliest))
    return str(earliest)


def _age(birth: str | None, on: date) -> int | None:
    """Full years; None where the birth date is not a whole date."""
    try:
        born = date.fromisoformat(birth or "")
    except ValueError:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
