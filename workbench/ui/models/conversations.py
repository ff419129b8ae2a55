"""The conversations as a list model that fetches pages of 200 as a person scrolls; newest activity first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.history import ConversationRow

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the ConversationRow itself."""
PAGE = 200

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


def spoken(row: ConversationRow) -> str:
    """A conversation for a screen reader."""
    attention = "needs attention" if row.attention else ""
    parts = (row.title, f"{row.sender} to {row.receiver}", row.status_text, str(row.patient or ""), attention)
    return ", ".join(part for part in parts if part)


class ConversationModel(QAbstractListModel):
    """Rows that were fetched so far. `page_wanted(object)` asks for the page after the row it carries."""

    page_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ConversationRow] = []
        self._more = False

    def show(self, rows: Sequence[ConversationRow]) -> None:
        """Start over with the first page."""
        self.beginResetModel()
        self._rows = list(rows)
        self._more = len(rows) >= PAGE
        self.endResetModel()

    def append(self, rows: Sequence[ConversationRow]) -> None:
        """Add a page that was asked for."""
        known = {row.id for row in self._rows}
        fresh = [row for row in rows if row.id not in known]
        self._more = len(rows) >= PAGE
        if fresh:
            self.beginInsertRows(_ROOT, len(self._rows), len(self._rows) + len(fresh) - 1)
            self._rows.extend(fresh)
            self.endInsertRows()

    def put(self, row: ConversationRow) -> None:
        """A conversation that is new or went on moves to the top."""
        old = self.row_of(row.id)
        if old == 0:
            self._rows[0] = row
            self.dataChanged.emit(self.index(0), self.index(0))
            return
        if old > 0:
            self.beginMoveRows(_ROOT, old, old, _ROOT, 0)
            self._rows.insert(0, self._rows.pop(old))
            self.endMoveRows()
            self._rows[0] = row
            self.dataChanged.emit(self.index(0), self.index(0))
            return
        self.beginInsertRows(_ROOT, 0, 0)
        self._rows.insert(0, row)
        self.endInsertRows()

    def at(self, number: int) -> ConversationRow:
        """The row itself."""
        return self._rows[number]

    def row_of(self, id: str) -> int:
        """Row number of a conversation, -1 when it is not here."""
        return next((n for n, row in enumerate(self._rows) if row.id == id), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        if self._more and self._rows:
            self._more = False
            self.page_wanted.emit(self._rows[-1])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(row)
        return None
