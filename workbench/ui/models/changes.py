"""The differences of two messages as a list model: likely reasons first under their own head, noise only when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.ui.text import plain_tip

if TYPE_CHECKING:
    from workbench.messages.diff import Change
    from workbench.session.comparing import CompareResult

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the ChangeRow itself."""
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ChangeRow(NamedTuple):
    """A head (no change), or one difference with why it is suspected."""

    head: str
    change: Change | None = None
    reasons: tuple[str, ...] = ()


class ChangeModel(QAbstractListModel):
    """Rows of one comparison; empty until one is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[ChangeRow, ...] = ()

    def show(self, result: CompareResult | None, *, with_noise: bool, heads: tuple[str, str, str]) -> None:
        """Other rows; `heads` are the words over the likely reasons, the other differences and the noise."""
        self.beginResetModel()
        self._rows = tuple(_rows(result, with_noise, heads)) if result is not None else ()
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # Qt's own signature
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _spoken(row)
        if role == Qt.ItemDataRole.ToolTipRole and row.change is not None:
            return plain_tip(row.change.right_path or row.change.left_path)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self._rows[index.row()].change is None:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _rows(result: CompareResult, with_noise: bool, heads: tuple[str, str, str]) -> list[ChangeRow]:
    suspected = {id(one.change) for one in result.suspects}
    rest = [change for change in result.telling if id(change) not in suspected]
    rows: list[ChangeRow] = []
    if result.suspects:
        rows.append(ChangeRow(heads[0]))
        rows += [ChangeRow("", one.change, one.reasons) for one in result.suspects]
        rows += [ChangeRow(heads[1])] if rest else []
    rows += [ChangeRow("", change) for change in rest]
    if with_noise and result.noise:
        rows.append(ChangeRow(heads[2]))
        rows += [ChangeRow("", change) for change in result.noise]
    return rows


def _spoken(row: ChangeRow) -> str:
    change = row.change
    if change is None:
        return row.head
    parts = (
        change.subject,
        change.kind.value,
        change.left and f"was {change.left}",
        change.right and f"is {change.right}",
    )
    return ", ".join(part for part in (*parts, *row.reasons) if part)
