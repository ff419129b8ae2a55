"""The conversations as a list model that fetches pages of 200 as one scrolls: pinned ones, then newest activity."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from workbench.correlation import ConversationState
from workbench.session.conversation_words import attention_words, state_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from workbench.history import ConversationRow

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the ConversationRow itself."""
PAGE = 200

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


def spoken(row: ConversationRow, now: datetime) -> str:
    """A conversation for a screen reader, with everything that its row shows by shape or weight."""
    who = " to ".join(part for part in (row.sender, row.receiver) if part)
    attention = attention_words(row, now)
    parts = (
        row.title,
        who,
        state_words(row, now)[1],
        str(row.patient or ""),
        f"needs attention: {', '.join(attention)}" if attention else "",
        f"{row.unread} unread" if row.unread else "",
        "pinned" if row.pinned else "",
        "with a note" if row.note else "",
    )
    return ", ".join(part for part in parts if part)


class ConversationModel(QAbstractListModel):
    """Rows that were fetched so far. `page_wanted(object)` asks for the page after the row it carries."""

    page_wanted = Signal(object)

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """`clock` gives the time that rows are shown at."""
        super().__init__()
        self._clock = clock
        self._rows: list[ConversationRow] = []
        self._ids: set[str] = set()
        self._more = False
        self._asked = False
        """Whether a page is on its way."""

    def show(self, rows: Sequence[ConversationRow], more: bool | None = None) -> None:
        """Start over with the first page; `more` tells whether another follows where its length does not."""
        self.beginResetModel()
        self._rows = list(rows)
        self._ids = {row.id for row in rows}
        self._more = len(rows) >= PAGE if more is None else more
        self._asked = False
        self.endResetModel()

    def append(self, rows: Sequence[ConversationRow], more: bool | None = None) -> None:
        """Add a page that was asked for; `more` as for `show`."""
        fresh = [row for row in rows if row.id not in self._ids]
        self._more = len(rows) >= PAGE if more is None else more
        self._asked = False
        if fresh:
            self.beginInsertRows(_ROOT, len(self._rows), len(self._rows) + len(fresh) - 1)
            self._rows.extend(fresh)
            self._ids.update(row.id for row in fresh)
            self.endInsertRows()

    def put(self, *rows: ConversationRow) -> None:
        """Conversations that are new or changed stand where they belong by their keys; one for a page not read waits.

        New ones that come to stand together are told to the view as one change. For rows in the order of their keys.
        """
        known = [row for row in rows if row.id in self._ids]
        self._insert([row for row in rows if row.id not in self._ids])
        for row in known:
            self._move(row)

    def _insert(self, fresh: Sequence[ConversationRow]) -> None:
        places = [(self._place(row), row) for row in sorted(fresh, key=lambda row: row.key, reverse=True)]
        for place, group in reversed([(place, list(those)) for place, those in groupby(places, lambda one: one[0])]):
            if place == len(self._rows) and self._more:
                continue
            rows = [row for _, row in group]
            self.beginInsertRows(_ROOT, place, place + len(rows) - 1)
            self._rows[place:place] = rows
            self._ids.update(row.id for row in rows)
            self.endInsertRows()

    def _place(self, row: ConversationRow) -> int:
        """Before which row a new one belongs."""
        return next((n for n, one in enumerate(self._rows) if one.key < row.key), len(self._rows))

    def _move(self, row: ConversationRow) -> None:
        old = place = self.row_of(row.id)
        if row.key != self._rows[old].key:
            last = len(self._rows) - 1
            place = next((n for n, one in enumerate(self._others(row.id)) if one.key < row.key), last)
            if self._more and old < place == last:
                self.drop(row.id)
                return
        if old != place:
            self.beginMoveRows(_ROOT, old, old, _ROOT, place if place < old else place + 1)
            self._rows.insert(place, self._rows.pop(old))
            self.endMoveRows()
        self._rows[place] = row
        self.dataChanged.emit(self.index(place), self.index(place))

    def replace(self, *rows: ConversationRow) -> None:
        """Conversations that are listed say something else now, each where it stands: for rows in another order."""
        for row in rows:
            if (place := self.row_of(row.id)) >= 0:
                self._rows[place] = row
                self.dataChanged.emit(self.index(place), self.index(place))

    def forget(self, count: int) -> None:
        """Have no more rows than that: those after it come again as a page. Nothing while a page is on its way, for it
        would come after a gap."""
        if count < len(self._rows) and not self._asked:
            self.beginRemoveRows(_ROOT, count, len(self._rows) - 1)
            self._ids.difference_update(row.id for row in self._rows[count:])
            del self._rows[count:]
            self._more = True
            self.endRemoveRows()

    def drop(self, id: str) -> None:
        """A conversation that is none any more goes."""
        old = self.row_of(id)
        if old >= 0:
            self.beginRemoveRows(_ROOT, old, old)
            del self._rows[old]
            self._ids.discard(id)
            self.endRemoveRows()

    def _others(self, id: str) -> Iterator[ConversationRow]:
        return (row for row in self._rows if row.id != id)

    @property
    def waiting(self) -> bool:
        """Whether a row says how long something has been waited for."""
        return any(row.state is ConversationState.WAITING for row in self._rows)

    def now(self) -> datetime:
        """The time that rows are shown at."""
        return self._clock()

    def at(self, number: int) -> ConversationRow:
        """The row itself."""
        return self._rows[number]

    def row_of(self, id: str) -> int:
        """Row number of a conversation, -1 when it is not here."""
        return next((n for n, row in enumerate(self._rows) if row.id == id), -1) if id in self._ids else -1

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        if self._more and self._rows:
            self._more, self._asked = False, True
            self.page_wanted.emit(self._rows[-1])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(row, self._clock())
        return None
