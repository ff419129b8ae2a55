"""The rows of a conversation's swim lanes as a list model: one row is one leg, spoken whole to a screen reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.evidence.lanes import LaneKind, LaneRow
from workbench.ui.text import plain_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the LaneRow itself."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class LaneModel(QAbstractListModel):
    """Rows of `evidence.lanes`; `links` are (row, row it answers)."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[LaneRow, ...] = ()
        self.links: tuple[tuple[int, int], ...] = ()

    def show(self, rows: Sequence[LaneRow]) -> None:
        """Replace the rows; what stays the same at the front keeps its selection."""
        fresh = tuple(rows)
        if fresh == self._rows:
            return
        same = 0
        while same < min(len(fresh), len(self._rows)) and fresh[same].exchange == self._rows[same].exchange:
            same += 1
        if same < len(self._rows):
            self.beginRemoveRows(_ROOT, same, len(self._rows) - 1)
            self._rows = self._rows[:same]
            self.endRemoveRows()
        if len(fresh) > same:
            self.beginInsertRows(_ROOT, same, len(fresh) - 1)
            self._rows = (*fresh[:same], *fresh[same:])
            self.endInsertRows()
        self._rows = fresh
        self.links = tuple((number, row.answers) for number, row in enumerate(fresh) if row.answers >= 0)
        if same:
            self.dataChanged.emit(self.index(0), self.index(same - 1))

    def row(self, number: int) -> LaneRow:
        """The row itself."""
        return self._rows[number]

    def row_of(self, exchange: str) -> int:
        """Row number of an exchange, -1 when it is not here."""
        return next((n for n, row in enumerate(self._rows) if exchange and row.exchange == exchange), -1)

    def last_message(self) -> int:
        """Row number of the newest message, -1 when there is none."""
        numbers = [n for n, row in enumerate(self._rows) if row.kind is LaneKind.MESSAGE]
        return numbers[-1] if numbers else -1

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.spoken)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        shown = Qt.ItemFlag.ItemIsEnabled
        return shown | Qt.ItemFlag.ItemIsSelectable if self._rows[index.row()].exchange else shown
