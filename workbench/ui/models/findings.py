"""The findings of a verdict as a list model, filtered by how bad they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.messages import Severity
from workbench.ui.text import plain_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages import Finding

FINDING_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the Finding itself."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

TONES = {
    Severity.FATAL: "error",
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "note",
}
"""Shape and colour of a severity."""
WORDS = {"error": "Error", "warning": "Warning", "note": "Note"}


def spoken(finding: Finding) -> str:
    """A finding for a screen reader."""
    line = f"line {finding.place.line}" if finding.place else ""
    fix = f"fix available: {finding.fix.label}" if finding.fix else ""
    parts = (WORDS[TONES[finding.severity]], finding.text, finding.resource, finding.rule, line, fix)
    return ", ".join(part for part in parts if part)


class FindingModel(QAbstractListModel):
    """Findings in the order of the verdict; hidden tones are left out."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Finding, ...] = ()
        self._shown: tuple[Finding, ...] = ()
        self._hidden: frozenset[str] = frozenset()

    def show(self, findings: Sequence[Finding]) -> None:
        """Replace the findings."""
        self._all = tuple(findings)
        self._refresh()

    def hide(self, tones: frozenset[str]) -> None:
        """Leave out findings of these tones."""
        self._hidden = tones
        self._refresh()

    def counts(self) -> dict[str, int]:
        """How many findings of each tone there are, hidden ones included."""
        return {tone: sum(TONES[f.severity] == tone for f in self._all) for tone in WORDS}

    def at(self, row: int) -> Finding:
        """The finding of a row."""
        return self._shown[row]

    def _refresh(self) -> None:
        shown = tuple(f for f in self._all if TONES[f.severity] not in self._hidden)
        if shown == self._shown:
            return
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        finding = self._shown[index.row()]
        if role == FINDING_ROLE:
            return finding
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(finding)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{finding.text}\n{finding.path}\n{finding.source}")
        return None
