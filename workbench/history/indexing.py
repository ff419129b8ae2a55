"""Keys, links and conversations of what is recorded, kept up to date in one transaction per exchange.

Finds neighbours by their keys and stores what `correlation` says; must not decide itself what belongs together.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.correlation import Key, Known, conflicts, conversation_state, correlate, keys_of, lead
from workbench.directory.environments import IMPORTED
from workbench.history import codec, rows
from workbench.history.conversations import ConversationRow, conversation_of, conversation_row
from workbench.history.filters import facets_of
from workbench.history.link_rows import first_reached, links_by_hand, placed_by_hand, save_links, telling_links
from workbench.history.marks import bring_up
from workbench.messages.phrases import age, day_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from workbench.exchange import Clock, Exchange
    from workbench.history.gathered import Value
    from workbench.history.store import Store
    from workbench.messages.values import MessageFacts

NEIGHBOURS = 16
"""Holders of one key that are compared with a new exchange: so many of the earliest, so that all of them still meet,
and as many of the earliest messages, so that reads before them hide none."""

_ALIKE = (
    f"(environment = '{IMPORTED}') = (SELECT mine.environment = '{IMPORTED}' FROM exchange AS mine WHERE mine.id = ?)"
)
"""What was imported belongs together, and never to what passed here: it may be the same conversation once more."""

_NEVER = datetime.min.replace(tzinfo=UTC)
"""Stored rows say nothing of being overdue: that is asked when they are read."""


class Indexer:
    """Puts exchanges into their conversations. `title_of` names a message in plain words."""

    def __init__(self, store: Store, *, clock: Clock, title_of: Callable[[MessageFacts], str]) -> None:
        self._store = store
        self._clock = clock
        self._title_of = title_of

    async def index(
        self,
        exchange: Exchange,
        request: MessageFacts | None = None,
        response: MessageFacts | None = None,
        *,
        later: bool = False,
    ) -> ConversationRow:
        """Store the keys and facts of a recorded exchange and give the conversation it now belongs to.

        `later`: what is in more of a hurry is stored first.
        Called again after an answer has come, it adds what the answer told. KeyError for an exchange not recorded.
        """
        return (await self.index_all([(exchange, request, response)], later=later))[0]

    async def index_all(
        self, found: Sequence[tuple[Exchange, MessageFacts | None, MessageFacts | None]], *, later: bool = False
    ) -> tuple[ConversationRow, ...]:
        """As `index` for several together, all or none; a conversation is worked out once, however many join it."""
        titled = [(one.id, self._title(one, request), request, response) for one, request, response in found]
        now = self._clock()

        def job(connection: sqlite3.Connection) -> tuple[ConversationRow, ...]:
            for id, title, request, response in titled:
                save_facts(connection, id, title, request, response)
                join(connection, id, fresh=False)
            marks = ", ".join("?" * len(titled))
            sql = f"SELECT id, conversation FROM exchange WHERE id IN ({marks})"
            homes = {row["id"]: row["conversation"] for row in connection.execute(sql, [row[0] for row in titled])}
            for conversation in sorted(set(homes.values())):
                refresh(connection, conversation)
            return tuple(conversation_row(connection, homes[row[0]], now) for row in titled)

        return await self._store.run(job, "the conversation", later=later)

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
    columns: dict[str, Value] = {}
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


def join(connection: sqlite3.Connection, id: str, *, fresh: bool = True) -> None:
    """Find the neighbours of an exchange, store the links and merge conversations; what a person linked stays.

    Without `fresh` the columns of the conversation it is in now are left for a `refresh`.
    """
    row = connection.execute("SELECT * FROM exchange WHERE id = ?", (id,)).fetchone()
    known = rows.known(row)
    keys = keys_of(known.exchange, known.request, known.response)
    connection.executemany(
        "INSERT OR IGNORE INTO correlation_key (kind, value, exchange) VALUES (?, ?, ?)",
        [(key.kind.value, key.value, id) for key in keys],
    )
    own = links_by_hand(connection, id)
    theirs = {frozenset((link.child, link.parent)) for link in own}
    neighbours = _neighbours(connection, id, keys, known.exchange.retry_of)
    found = [link for link in correlate(known, neighbours) if frozenset((link.child, link.parent)) not in theirs]
    reached = first_reached(connection, id, found)
    save_links(connection, found)
    placed = placed_by_hand(connection)
    linked = {end for link in (*found, *own) if link.binds(placed) for end in (link.child, link.parent)} | {id}
    marks = ", ".join("?" * len(linked))
    homes = connection.execute(
        f"SELECT DISTINCT conversation FROM exchange WHERE id IN ({marks}) AND conversation IS NOT NULL", (*linked,)
    )
    earliest = _merge(connection, id, [conversation for (conversation,) in homes])
    for conversation in {conversation_of(connection, other) for other in reached} - {None, earliest}:
        refresh(connection, str(conversation))
    if fresh:
        refresh(connection, earliest)


def refresh(connection: sqlite3.Connection, conversation: str) -> None:
    """Compute the columns of a conversation from its legs."""
    legs = members(connection, conversation)
    head = lead(legs)
    (title,) = connection.execute("SELECT title FROM exchange WHERE id = ?", (head.exchange.id,)).fetchone()
    facts = head.request
    standing = conversation_state(legs, _NEVER)
    columns: dict[str, Value] = {
        "id": conversation,
        "title": title or head.exchange.operation,
        "sender": (facts.sender_name if facts else None) or "",
        "receiver": (facts.receiver_name if facts else None) or head.exchange.service or "",
        "patient_initials": facts.patient_initials if facts else None,
        "patient_sex": facts.patient_gender if facts else None,
        "patient_age": _age(head),
        "state": standing.state.value,
        "attention": int(standing.attention),
        "conflicts": len(conflicts(legs, telling_links(connection, conversation))),
        "due": codec.when(standing.due) if standing.due else None,
        "since": codec.when(standing.since) if standing.since else None,
        "status_text": standing.text,
        "last_activity": codec.when(legs[-1].exchange.timing.started),
        "messages": sum(1 for leg in legs if leg.exchange.operation == "process-message"),
        "environment": head.exchange.environment,
        "facets": facets_of(legs),
    }
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    sets = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "id")
    connection.execute(
        f"INSERT INTO conversation ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {sets}",
        tuple(codec.storable(value) if isinstance(value, str) else value for value in columns.values()),
    )
    bring_up(connection, conversation)


def rebuild(connection: sqlite3.Connection, order: Sequence[str] | None = None) -> int:
    """Links and conversations anew from the exchanges, in any order; gives the number of conversations.

    What a person linked, took apart or marked stays.
    """
    for rows_of in ("link WHERE made_by <> 'person'", "correlation_key", "conversation"):
        connection.execute(f"DELETE FROM {rows_of}")
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
    return rows.all_known(found)


def _neighbours(
    connection: sqlite3.Connection, id: str, keys: Sequence[Key], retry_of: str | None
) -> tuple[Known, ...]:
    ids = {retry_of} if retry_of else set()
    for key in keys:
        for first in ("started", "operation <> 'process-message', started"):
            holders = connection.execute(
                "SELECT exchange FROM correlation_key JOIN exchange ON exchange.id = correlation_key.exchange"
                f" WHERE kind = ? AND value = ? AND exchange.id <> ? AND {_ALIKE}"
                f" ORDER BY {first}, exchange.id LIMIT ?",
                (key.kind.value, key.value, id, id, NEIGHBOURS),
            ).fetchall()
            ids |= {holder for (holder,) in holders}
            if len(holders) < NEIGHBOURS:
                break
    found = [connection.execute("SELECT * FROM exchange WHERE id = ?", (other,)).fetchone() for other in sorted(ids)]
    return rows.all_known([row for row in found if row is not None])


def _merge(connection: sqlite3.Connection, id: str, conversations: Sequence[str]) -> str:
    """One conversation of an exchange and some conversations, named after its earliest leg, whose id it gives.

    Only what was elsewhere moves.
    """
    marks = ", ".join("?" * (1 + len(conversations)))
    (earliest,) = connection.execute(
        f"SELECT id FROM exchange WHERE id IN ({marks}) ORDER BY started, id LIMIT 1", (id, *conversations)
    ).fetchone()
    connection.execute("UPDATE exchange SET conversation = ? WHERE id = ?", (earliest, id))
    for other in conversations:
        if other != earliest:
            connection.execute("UPDATE exchange SET conversation = ? WHERE conversation = ?", (earliest, other))
            connection.execute("DELETE FROM conversation WHERE id = ?", (other,))
    return str(earliest)


def _age(head: Known) -> int | None:
    """Full years on the day the message was written, as its card has it; by our clock where it does not say."""
    facts = head.request
    if facts is None:
        return None
    return age(facts.patient_birth_date, day_of(facts.written) or head.exchange.timing.started.date())
