"""The rows of a conversation's swim lanes as a list model: one row is one leg, spoken whole to a screen reader.

Runs of discovery calls are one row until somebody opens it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.evidence.lane_folds import Track, collapsed, tracks
from workbench.evidence.lanes import LaneKind, LaneRow
from workbench.ui.text import plain_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the LaneRow itself."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class LaneModel(QAbstractListModel):
    """Rows of `evidence.lanes`; `links` lead from replies to what they answer."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[LaneRow, ...] = ()
        self._rows: tuple[LaneRow, ...] = ()
        self._opened: set[str] = set()
        self.links: tuple[Track, ...] = ()

    def show(self, rows: Sequence[LaneRow]) -> None:
        """Replace the rows; those that stay at both ends keep their selection, and opened runs stay open."""
        self._all = tuple(rows)
        self._lay()

    def is_open(self, number: int) -> bool:
        """Whether a row is the head of an opened run."""
        return self._rows[number].opened

    def can_open(self, number: int) -> bool:
        """Whether a row stands for a run of calls."""
        return bool(self._rows[number].members)

    def set_open(self, number: int, *, opened: bool) -> None:
        """Show or hide the calls of a run; nothing for any other row."""
        members = self._rows[number].members
        if opened:
            self._opened.update(members)
        else:
            self._opened.difference_update(members)
        self._lay()

    def set_all_open(self, opened: bool) -> None:
        """Show or hide the calls of every run."""
        self._opened = {row.exchange for row in self._all if row.exchange} if opened else set()
        self._lay()

    def _lay(self) -> None:
        fresh, old = collapsed(self._all, self._opened), self._rows
        if fresh == old:
            return
        most = min(len(fresh), len(old))
        same = 0
        while same < most and _key(fresh[same]) == _key(old[same]):
            same += 1
        tail = 0
        while tail < most - same and _key(fresh[-1 - tail]) == _key(old[-1 - tail]):
            tail += 1
        if gone := len(old) - same - tail:
            self.beginRemoveRows(_ROOT, same, same + gone - 1)
            self._rows = old[:same] + old[same + gone :]
            self.endRemoveRows()
        if come := len(fresh) - same - tail:
            self.beginInsertRows(_ROOT, same, same + come - 1)
            self._rows = fresh
            self.endInsertRows()
        self._rows = fresh
        self.links = tracks(fresh)
        if fresh:
            self.dataChanged.emit(self.index(0), self.index(len(fresh) - 1))

    def row(self, number: int) -> LaneRow:
        """The row itself."""
        return self._rows[number]

    def row_of(self, exchange: str) -> int:
        """Row number of an exchange or of the run that it is in, -1 when it is not here."""
        if not exchange:
            return -1
        found = (n for n, row in enumerate(self._rows) if row.exchange == exchange)
        within = (n for n, row in enumerate(self._rows) if exchange in row.members)
        return next(found, next(within, -1))

    def last_message(self) -> int:
        """Row number of the newest message, -1 when there is none."""
        numbers = [n for n, row in enumerate(self._rows) if row.kind is LaneKind.MESSAGE]
        return numbers[-1] if numbers else -1

    def first_leg(self) -> int:
        """Row number of the oldest leg, -1 when there is none."""
        return next((n for n, row in enumerate(self._rows) if row.exchange), -1)

    def next_leg(self, number: int, step: int) -> int:
        """The nearest row in a direction (1 or -1) that can be chosen; the row itself when there is none."""
        place = number + step
        while 0 <= place < len(self._rows):
            if self._can_choose(place):
                return place
            place += step
        return number

    def partners(self, number: int) -> frozenset[int]:
        """The rows that a row answers or is answered by."""
        asked = {link.asked for link in self.links if link.reply == number}
        return frozenset(asked | {link.reply for link in self.links if link.asked == number})

    def _can_choose(self, number: int) -> bool:
        row = self._rows[number]
        return bool(row.exchange or row.members)

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
            return plain_tip(row.tip)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        shown = Qt.ItemFlag.ItemIsEnabled
        return shown | Qt.ItemFlag.ItemIsSelectable if self._can_choose(index.row()) else shown


def _key(row: LaneRow) -> tuple[LaneKind, str]:
    """What makes two rows the same one at two times."""
    return row.kind, (row.members[0] if row.members else row.exchange) or row.title
