"""Rows of values as a table model: what a column shows is a function in its row of the columns tuple."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.ui.text import plain_tip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VALUE_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the value of the row itself."""
COLUMN_ROLE = Qt.ItemDataRole.UserRole + 2
"""Gives the Column."""
SORT_ROLE = Qt.ItemDataRole.UserRole + 3
"""Gives what a column is sorted by."""

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True)  # no slots: `Column[X](...)` fails on a frozen slotted generic (CPython 3.11)
class Column(Generic[T]):
    """One column: its title, what it shows of a value, and how."""

    title: str
    text: Callable[[T], str]
    width: int = 0
    """Design pixels; 0 shares the room that is left."""
    tone: Callable[[T], str] | None = None
    """The status that the text is a chip of; an empty answer leaves it plain text."""
    weight: int = 400
    role: str = "text"
    step: str = "body"
    mono: bool = False
    right: bool = False
    """Numbers stand at the right."""
    checked: Callable[[T], bool | None] | None = None
    """Whether its check box is ticked, None = it has none; in place of a text that is seen."""
    key: Callable[[T], Any] | None = None
    """What it is sorted by; the text when there is none."""


class TableModel(QAbstractTableModel, Generic[T]):
    """Values of one kind, one a row; they are replaced whole."""

    def __init__(self, columns: Sequence[Column[T]]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._rows: tuple[T, ...] = ()

    def show(self, rows: Sequence[T]) -> None:
        """Replace the values; nothing happens when they are the same."""
        fresh = tuple(rows)
        if fresh == self._rows:
            return
        if len(fresh) == len(self._rows):
            self._rows = fresh
            self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self._rows = fresh
        self.endResetModel()

    def add(self, rows: Sequence[T]) -> None:
        """Put more values at the end; what a cell says is worked out when it is seen."""
        if rows:
            count = len(self._rows)
            self.beginInsertRows(_ROOT, count, count + len(rows) - 1)
            self._rows = (*self._rows, *rows)
            self.endInsertRows()

    def at(self, row: int) -> T:
        """The value of a row."""
        return self._rows[row]

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[section].right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        value, shown = self._rows[index.row()], self.columns[index.column()]
        if role == VALUE_ROLE:
            return value
        if role == COLUMN_ROLE:
            return shown
        if role == Qt.ItemDataRole.DisplayRole:
            return shown.text(value)
        if role == Qt.ItemDataRole.CheckStateRole and shown.checked is not None:
            ticked = shown.checked(value)
            return None if ticked is None else Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(shown.text(value))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{shown.title}: {shown.text(value)}"
        if role == SORT_ROLE:
            return shown.key(value) if shown.key is not None else shown.text(value)
        return None
