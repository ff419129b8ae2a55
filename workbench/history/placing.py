"""Exchanges that a person puts into a conversation or takes out of one; such links always win and are never recomputed.

A message goes with its retries and the other side of the same call. Must not judge whether a person is right.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.correlation import Author, LinkKind, by_person, components, lead
from workbench.correlation.links import MERGED_BY_HAND
from workbench.history.conversations import ConversationRow, conversation_of, conversation_row
from workbench.history.indexing import join, members, refresh
from workbench.history.link_rows import links_among, links_at, links_by_hand, placed_by_hand, save_links

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

    from workbench.correlation import Known, Link
    from workbench.exchange import Clock
    from workbench.history.store import Store

_TOGETHER = frozenset({LinkKind.RETRY, LinkKind.SAME_CALL})


class Placing:
    """Every call gives the conversation in which the exchange is then; KeyError for one that is in none."""

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def link(self, exchange: str, conversation: str) -> ConversationRow:
        """Put an exchange into another conversation, out of its own."""
        return await self._change(exchange, lambda connection, _: _link(connection, exchange, conversation))

    async def merge(self, conversation: str, other: str) -> ConversationRow:
        """Make two conversations one."""
        return await self._change(conversation, lambda connection, home: _join_whole(connection, home, other))

    async def merged(self, conversation: str) -> bool:
        """Whether a person merged others into a conversation."""
        return bool(await self._store.read(lambda connection: _merges(connection, conversation)))

    async def part(self, conversation: str) -> ConversationRow:
        """Take back every merge of a conversation; single messages that were put into it stay."""
        return await self._change(conversation, lambda connection, home: _part(connection, home))

    async def unlink(self, exchange: str) -> ConversationRow:
        """Take an exchange out of its conversation; by itself it is one of its own."""
        return await self._change(exchange, lambda connection, _: _take_out(connection, exchange))

    async def release(self, exchange: str) -> ConversationRow:
        """Forget what a person said about an exchange: it goes where its ids put it."""
        return await self._change(exchange, lambda connection, _: _release(connection, exchange))

    async def placed(self, exchange: str) -> bool:
        """Whether a person chose the place of an exchange."""
        return await self._store.read(
            lambda connection: exchange in placed_by_hand(connection) or bool(links_by_hand(connection, exchange))
        )

    async def _change(self, exchange: str, change: Callable[[sqlite3.Connection, str], object]) -> ConversationRow:
        now = self._clock()

        def job(connection: sqlite3.Connection) -> ConversationRow:
            change(connection, _home(connection, exchange))
            return conversation_row(connection, _home(connection, exchange), now)

        return await self._store.run(job, "the link")


def regroup(connection: sqlite3.Connection, conversations: Iterable[str]) -> None:
    """Part and join the legs of some conversations as the stored links say now."""
    touched = sorted(set(conversations))
    legs = [leg for conversation in touched for leg in members(connection, conversation)]
    links = {link for leg in legs for link in links_at(connection, leg.exchange.id)}
    parts = components(legs, links, placed_by_hand(connection))
    for part in parts:
        name = part[0].exchange.id
        moved = [(name, leg.exchange.id) for leg in part]
        connection.executemany("UPDATE exchange SET conversation = ? WHERE id = ?", moved)
    named = {part[0].exchange.id for part in parts}
    connection.executemany("DELETE FROM conversation WHERE id = ?", [(gone,) for gone in touched if gone not in named])
    for name in sorted(named):
        refresh(connection, name)


def _link(connection: sqlite3.Connection, exchange: str, conversation: str) -> None:
    home, target = _home(connection, exchange), _home(connection, conversation)
    if home == target:
        return
    moved = _cut_out(connection, home, exchange)
    save_links(connection, [by_person(moved[0], lead(members(connection, target)))])
    regroup(connection, (home, target))


def _join_whole(connection: sqlite3.Connection, home: str, other: str) -> None:
    target = _home(connection, other)
    if home == target:
        return
    earlier, later = sorted((lead(members(connection, one)) for one in (home, target)), key=lambda leg: leg.place)
    save_links(connection, [replace(by_person(later, earlier), reason=MERGED_BY_HAND)])
    regroup(connection, (home, target))


def _merges(connection: sqlite3.Connection, conversation: str) -> list[Link]:
    """The links by which a person made it of others."""
    return [link for link in links_among(connection, conversation) if link.reason == MERGED_BY_HAND]


def _part(connection: sqlite3.Connection, home: str) -> None:
    merges = _merges(connection, home)
    for link in merges:
        connection.execute("DELETE FROM link WHERE child = ? AND parent = ?", (link.child, link.parent))
    regroup(connection, (home,))
    for id in sorted({id for link in merges for id in (link.child, link.parent)}):
        join(connection, id)  # a merge stood in place of what the ids say of the two


def _take_out(connection: sqlite3.Connection, exchange: str) -> None:
    home = _home(connection, exchange)
    _cut_out(connection, home, exchange)
    regroup(connection, (home,))


def _cut_out(connection: sqlite3.Connection, home: str, exchange: str) -> list[Known]:
    """From here on only a person's links hold an exchange; its retries and its other side stay with it."""
    legs = {leg.exchange.id: leg for leg in members(connection, home)}
    together = [link for link in links_among(connection, home) if link.kind in _TOGETHER]
    moved = next(part for part in components(legs.values(), together) if exchange in {leg.exchange.id for leg in part})
    ids = {leg.exchange.id for leg in moved}
    for id in sorted(ids):
        for link in links_by_hand(connection, id):
            if not {link.child, link.parent} <= ids:
                connection.execute("DELETE FROM link WHERE child = ? AND parent = ?", (link.child, link.parent))
    connection.executemany("INSERT OR IGNORE INTO by_hand (exchange) VALUES (?)", [(id,) for id in sorted(ids)])
    kept = [replace(link, by=Author.PERSON) for link in together if {link.child, link.parent} <= ids]
    save_links(connection, kept)
    first = next(leg for leg in moved if leg.exchange.id == exchange)
    return [first, *(leg for leg in moved if leg is not first)]


def _release(connection: sqlite3.Connection, exchange: str) -> None:
    home = _home(connection, exchange)
    freed, waiting = set[str](), [exchange]
    while waiting:  # with the exchange go those that were placed together with it
        id = waiting.pop()
        freed.add(id)
        for link in links_by_hand(connection, id):
            connection.execute("DELETE FROM link WHERE child = ? AND parent = ?", (link.child, link.parent))
            other = link.parent if link.child == id else link.child
            if other not in freed and other in placed_by_hand(connection):
                waiting.append(other)
    connection.executemany("DELETE FROM by_hand WHERE exchange = ?", [(id,) for id in sorted(freed)])
    regroup(connection, (home,))
    for id in sorted(freed):
        join(connection, id)


def _home(connection: sqlite3.Connection, exchange: str) -> str:
    home = conversation_of(connection, exchange)
    if home is None:
        raise KeyError(exchange)
    return home
