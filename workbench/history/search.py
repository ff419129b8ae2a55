"""The search index of the history: which exchanges it must take up, their words, and pages of what is found.

A bag of words per exchange in FTS5, without texts or places: where a hit stands is looked up in the exchange itself.
Must not know how words are read out of messages.
"""

from __future__ import annotations

import sqlite3
import zlib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from workbench.history import bodies, codec, rows
from workbench.history.conversations import chosen_rows
from workbench.history.filters import EVERYTHING
from workbench.history.schema import SEARCH_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from workbench.exchange import Clock, Exchange
    from workbench.history.conversations import ConversationRow
    from workbench.history.filters import ConversationFilter
    from workbench.history.store import Store
    from workbench.history.wanted import Wanted

_CHUNK = 256
"""Conversations that are looked at together, to see which of them are wanted."""


class Due(NamedTuple):
    """An exchange that the index does not know as it is now."""

    seq: int
    change: int


class FoundText(NamedTuple):
    """A finding, as far as it is searched for."""

    rule: str
    severity: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Material:
    """Everything of an exchange that words are read out of."""

    exchange: Exchange
    title: str
    findings: tuple[FoundText, ...]
    note: str
    event: str
    reason: str
    use_case: str


class Candidate(NamedTuple):
    """An exchange that holds every word that is searched for."""

    seq: int
    conversation: str


class Hit(NamedTuple):
    """A conversation that was found, and its newest exchange that holds what was searched for."""

    row: ConversationRow
    exchange: str


class Found(NamedTuple):
    """A page of what was found, newest hit first."""

    hits: tuple[Hit, ...]
    next: int | None
    """Where the next page goes on; None where there is none. It may name a conversation again for an older hit."""


class SearchIndex:
    """The index of one history."""

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def due(self, limit: int, *, newest: bool = True) -> tuple[Due, ...]:
        """Exchanges to take up, newest first or oldest first."""
        sql = f"SELECT seq, change FROM search_due ORDER BY seq {'DESC' if newest else 'ASC'} LIMIT ?"
        return await self._store.read(lambda c: tuple(Due(*row) for row in c.execute(sql, (limit,))))

    async def left(self) -> int:
        """How many exchanges are to be taken up."""
        return await self._store.read(lambda c: int(c.execute("SELECT count(*) FROM search_due").fetchone()[0]))

    async def material(self, seqs: Sequence[int]) -> dict[int, Material]:
        """What words are read out of, by seq; exchanges that are gone are left out."""
        return await self._store.read(lambda c: {seq: one for seq in seqs if (one := _material(c, seq)) is not None})

    async def material_of(self, exchange: str) -> Material | None:
        """As `material`, of one exchange by its id; None where it is gone."""

        def query(connection: sqlite3.Connection) -> Material | None:
            row = connection.execute("SELECT seq FROM exchange WHERE id = ?", (exchange,)).fetchone()
            return None if row is None else _material(connection, row["seq"])

        return await self._store.read(query)

    async def put(self, found: Sequence[tuple[Due, frozenset[str]]]) -> None:
        """Have exchanges found by these words and no others. One that has changed meanwhile stays due."""
        await self._store.run(lambda connection: put_words(connection, found), "the search index", later=True)

    async def remake(self) -> None:
        """Begin the index anew, whatever it holds: everything is due."""
        await self._store.run(remake, "the search index")

    async def page(
        self, wanted: Wanted, *, below: int | None = None, chosen: ConversationFilter = EVERYTHING, limit: int = 200
    ) -> Found:
        """The next conversations, newest hit first; `below` is where the page before ended, `chosen` leaves others out.

        StoreError `store.corrupt` where the index is damaged: `remake` it.
        """
        now = self._clock()
        return await self._store.read(lambda connection: _page(connection, now, wanted, below, chosen, limit))

    async def candidates(self, wanted: Wanted, *, below: int | None, limit: int) -> tuple[Candidate, ...]:
        """The next exchanges that the index finds, newest first: for who must look at their texts too."""
        return await self._store.read(
            lambda connection: tuple(Candidate(*one) for one in islice(_places(connection, wanted, below), limit))
        )

    async def hits(self, found: Sequence[Candidate], chosen: ConversationFilter = EVERYTHING) -> tuple[Hit, ...]:
        """The conversations of such exchanges, as far as `chosen` leaves them in; each once, by its first exchange."""
        now = self._clock()
        return await self._store.read(lambda connection: _hits(connection, found, now, chosen))


def put_words(connection: sqlite3.Connection, found: Iterable[tuple[Due, frozenset[str]]]) -> None:
    """As `SearchIndex.put`, within a transaction."""
    for due, words in found:
        take_out(connection, due.seq)
        if connection.execute("SELECT 1 FROM exchange WHERE seq = ?", (due.seq,)).fetchone() is not None:
            text = codec.storable(" ".join(sorted(words)))
            connection.execute("INSERT INTO search (rowid, words) VALUES (?, ?)", (due.seq, text))
            row = (due.seq, bodies.packed(text.encode()))
            connection.execute("INSERT INTO search_words (seq, words) VALUES (?, ?)", row)
        connection.execute("DELETE FROM search_due WHERE seq = ? AND change = ?", due)


def take_out(connection: sqlite3.Connection, seq: int) -> None:
    """Have an exchange no longer found; what the index holds of it goes with the next merge of its parts."""
    row = connection.execute("SELECT words FROM search_words WHERE seq = ?", (seq,)).fetchone()
    if row is not None:
        text = zlib.decompress(row["words"]).decode()
        connection.execute("INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)", (seq, text))
        connection.execute("DELETE FROM search_words WHERE seq = ?", (seq,))


def remake(connection: sqlite3.Connection) -> None:
    """As `SearchIndex.remake`, within a transaction."""
    try:
        connection.execute("DROP TABLE search")
    except sqlite3.DatabaseError:  # too damaged even for that: emptied by hand, as a fresh one is
        connection.execute("DELETE FROM search_idx")
        connection.execute("DELETE FROM search_data")
        connection.execute("INSERT INTO search_data (id, block) VALUES (1, x''), (10, zeroblob(7))")
        connection.execute("DROP TABLE search")
    connection.execute(SEARCH_TABLE)
    connection.execute("DELETE FROM search_words")
    connection.execute("INSERT OR IGNORE INTO search_due (seq, change) SELECT seq, 0 FROM exchange")


def _material(connection: sqlite3.Connection, seq: int) -> Material | None:
    row = connection.execute("SELECT * FROM exchange WHERE seq = ?", (seq,)).fetchone()
    if row is None:
        return None
    sql = "SELECT rule, severity, text, path FROM finding WHERE exchange = ? ORDER BY part, position"
    findings = tuple(FoundText(*found) for found in connection.execute(sql, (row["id"],)))
    note = connection.execute("SELECT note FROM conversation_mark WHERE exchange = ?", (row["id"],)).fetchone()
    return Material(
        rows.exchange(row, connection),
        row["title"] or "",
        findings,
        note["note"] if note is not None else "",
        row["event"] or "",
        row["message_reason"] or "",
        row["use_case"] or "",
    )


def _page(
    connection: sqlite3.Connection,
    now: datetime,
    wanted: Wanted,
    below: int | None,
    chosen: ConversationFilter,
    limit: int,
) -> Found:
    hits: list[Hit] = []
    seen: set[str] = set()
    chunk: dict[str, int] = {}
    last = below

    def take() -> None:
        found = {row.id: row for row in chosen_rows(connection, tuple(chunk), now, chosen)}
        for id, seq in chunk.items():
            if id in found:
                (exchange,) = connection.execute("SELECT id FROM exchange WHERE seq = ?", (seq,)).fetchone()
                hits.append(Hit(found[id], exchange))
        chunk.clear()

    for seq, conversation in _places(connection, wanted, below):
        if conversation not in seen:
            if len(hits) + len(chunk) >= limit or len(chunk) >= _CHUNK:
                take()
            if len(hits) >= limit:
                return Found(tuple(hits), last)
            seen.add(conversation)
            chunk[conversation] = seq
        last = seq
    take()
    return Found(tuple(hits), None)


def _hits(
    connection: sqlite3.Connection, found: Sequence[Candidate], now: datetime, chosen: ConversationFilter
) -> tuple[Hit, ...]:
    first: dict[str, int] = {}
    for seq, conversation in found:
        first.setdefault(conversation, seq)
    rows_ = {row.id: row for row in chosen_rows(connection, tuple(first), now, chosen)}
    ids = {
        seq: connection.execute("SELECT id FROM exchange WHERE seq = ?", (seq,)).fetchone() for seq in first.values()
    }
    return tuple(
        Hit(rows_[conversation], ids[seq]["id"])
        for conversation, seq in first.items()
        if conversation in rows_ and ids[seq] is not None
    )


def _places(connection: sqlite3.Connection, wanted: Wanted, below: int | None) -> Iterator[tuple[int, str]]:
    """Where it stands, newest first: (seq, conversation)."""
    where: list[str] = ["conversation IS NOT NULL"]
    values: list[str | int] = []
    if wanted.match:
        where.append("search MATCH ?")
        values.append(wanted.match)
    key = "search.rowid" if wanted.match else "exchange.seq"
    lowest, highest = _bounds(connection, wanted)
    if below is not None:
        highest = min(below - 1, highest) if highest is not None else below - 1
    for bound, sign in ((lowest, ">="), (highest, "<=")):
        if bound is not None:
            where.append(f"{key} {sign} ?")
            values.append(bound)
    for instant, sign in ((wanted.after, ">="), (wanted.before, "<")):
        if instant is not None:
            where.append(f"started {sign} ?")
            values.append(codec.when(instant))
    place = "exchange INDEXED BY exchange_place"
    tables = f"search CROSS JOIN {place} ON exchange.seq = search.rowid" if wanted.match else place
    sql = f"SELECT {key} AS seq, conversation FROM {tables} WHERE {' AND '.join(where)} ORDER BY {key} DESC"
    for row in connection.execute(sql, values):
        yield row["seq"], row["conversation"]


def _bounds(connection: sqlite3.Connection, wanted: Wanted) -> tuple[int | None, int | None]:
    """The first and the last seq that can have been started in the time that is asked for."""
    first = last = None
    if wanted.after is not None:
        sql = "SELECT min(seq) FROM exchange INDEXED BY exchange_started WHERE started >= ?"
        first = connection.execute(sql, (codec.when(wanted.after),)).fetchone()[0]
        first = first if first is not None else 1 << 62
    if wanted.before is not None:
        sql = "SELECT max(seq) FROM exchange INDEXED BY exchange_started WHERE started < ?"
        last = connection.execute(sql, (codec.when(wanted.before),)).fetchone()[0] or 0
    return first, last
