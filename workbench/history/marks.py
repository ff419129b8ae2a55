"""What a person says of a conversation: pinned, a note, read; with the counts that a list shows beside it.

A mark lies with a leg, so that it goes wherever that leg goes when conversations merge or part. Links by hand are
`placing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.history import codec
from workbench.history.conversations import ConversationRow, conversation_of, conversation_row
from workbench.history.schema import COUNTED_FINDINGS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from workbench.exchange import Clock
    from workbench.history.store import Store

_MARKS = (
    "FROM conversation_mark JOIN exchange ON exchange.id = conversation_mark.exchange"
    " WHERE exchange.conversation = conversation.id"
)
_BRING_UP = (
    f"UPDATE conversation SET {COUNTED_FINDINGS},"
    " unread = (SELECT count(*) FROM exchange WHERE exchange.conversation = conversation.id AND unseen = 1),"
    f" pinned = (SELECT coalesce(max(conversation_mark.pinned), 0) {_MARKS}),"
    " note = (SELECT coalesce(group_concat(note, char(10) || char(10)), '') FROM"
    f" (SELECT conversation_mark.note {_MARKS} AND conversation_mark.note <> '' ORDER BY started, exchange.id))"
    " WHERE id = ?"
)
LONGEST_NOTE = 20_000
"""Characters of a note that are kept."""


def bring_up(connection: sqlite3.Connection, conversation: str) -> None:
    """Count findings and unread legs of a conversation and gather its marks, where it has a row."""
    connection.execute(_BRING_UP, (conversation,))


class Marks:
    """Pins, notes and what is read. Every call gives the row as it is then; KeyError where there is none.

    A conversation that was merged away stands for the one it went into.
    """

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def pin(self, conversation: str, pinned: bool) -> ConversationRow:
        """Keep it on top of the list, or no longer."""

        def change(connection: sqlite3.Connection, current: str) -> None:
            _put(connection, current, pinned, _note(connection, current))

        return await self._change(conversation, change, "the pin")

    async def note(self, conversation: str, text: str) -> ConversationRow:
        """Write a note in place of what stood there; empty takes it away."""
        kept = codec.storable(text.strip()[:LONGEST_NOTE])

        def change(connection: sqlite3.Connection, current: str) -> None:
            (pinned,) = connection.execute("SELECT pinned FROM conversation WHERE id = ?", (current,)).fetchone()
            _put(connection, current, bool(pinned), kept)

        return await self._change(conversation, change, "the note")

    async def read(self, conversation: str) -> ConversationRow:
        """Everything that has come in is seen."""
        sql = "UPDATE exchange SET unseen = 0 WHERE conversation = ? AND unseen = 1"
        return await self._change(conversation, lambda c, current: c.execute(sql, (current,)), "what is read")

    async def _change(
        self, conversation: str, change: Callable[[sqlite3.Connection, str], object], what: str
    ) -> ConversationRow:
        now = self._clock()

        def job(connection: sqlite3.Connection) -> ConversationRow:
            current = conversation_of(connection, conversation)
            if current is None:
                raise KeyError(conversation)
            change(connection, current)
            bring_up(connection, current)
            return conversation_row(connection, current, now)

        return await self._store.run(job, what)


def _note(connection: sqlite3.Connection, conversation: str) -> str:
    return str(connection.execute("SELECT note FROM conversation WHERE id = ?", (conversation,)).fetchone()["note"])


def _put(connection: sqlite3.Connection, conversation: str, pinned: bool, note: str) -> None:
    """One mark, with the earliest leg, in place of all that its legs had."""
    connection.execute(
        "DELETE FROM conversation_mark WHERE exchange IN (SELECT id FROM exchange WHERE conversation = ?)",
        (conversation,),
    )
    if pinned or note:
        values = (conversation, int(pinned), note)
        connection.execute("INSERT INTO conversation_mark (exchange, pinned, note) VALUES (?, ?, ?)", values)
