"""The findings of a verdict as a list model: filtered by how bad they are and by layer, grouped by resource or not."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.messages import Severity, owner_of
from workbench.ui.text import plain_tip

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from workbench.messages import Finding, Layer

FINDING_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the Finding itself; None for the head of a group."""
GROUP_ROLE = Qt.ItemDataRole.UserRole + 2
"""Gives the Group of a head; None for a finding."""
ELEMENT_ROLE = Qt.ItemDataRole.UserRole + 3
"""Gives the element in words: under the head of its resource without that resource."""
MEMBER_ROLE = Qt.ItemDataRole.UserRole + 4
"""Gives whether a finding stands under a head."""

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


class Order(StrEnum):
    """How findings are sorted."""

    PLACE = "place"
    """As in the message; those of one resource under its name."""
    WORST = "worst"


class Group(NamedTuple):
    """The head of several findings of one resource."""

    words: str
    size: int


class _Row(NamedTuple):
    finding: Finding | None
    group: Group | None
    element: str
    member: bool = False


def spoken(finding: Finding) -> str:
    """A finding for a screen reader."""
    line = f"line {finding.place.line}" if finding.place else ""
    fix = f"fix available: {finding.fix.label}" if finding.fix else ""
    parts = (WORDS[TONES[finding.severity]], finding.text, finding.resource, finding.rule, line, fix)
    return ", ".join(part for part in parts if part)


class FindingModel(QAbstractListModel):
    """Findings in the order of the verdict; hidden tones and layers are left out, but never what is fatal."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Finding, ...] = ()
        self._shown: tuple[_Row, ...] = ()
        self._tones: frozenset[str] = frozenset()
        self._layers: frozenset[Layer] = frozenset()
        self._owners: Mapping[str, str] = {}
        self._order = Order.PLACE

    def show(self, findings: Sequence[Finding], owners: Mapping[str, str] | None = None) -> None:
        """Replace the findings; with `owners` (path of a resource: its words) several of one stand under its name."""
        self._all = tuple(findings)
        self._owners = owners or {}
        self._refresh()

    def hide(self, tones: frozenset[str]) -> None:
        """Leave out findings of these tones."""
        self._tones = tones
        self._refresh()

    def switch_off(self, layers: Collection[Layer]) -> None:
        """Leave out findings of these layers."""
        self._layers = frozenset(layers)
        self._refresh()

    def sort_by(self, order: Order) -> None:
        """Sort otherwise."""
        self._order = order
        self._refresh()

    def counts(self) -> dict[str, int]:
        """How many findings of each tone there are, hidden tones included; layers that are off do not count."""
        counted = Counter(TONES[finding.severity] for finding in self.on())
        return {tone: counted[tone] for tone in WORDS}

    def on(self) -> tuple[Finding, ...]:
        """The findings of the layers that are on."""
        return tuple(one for one in self._all if not self._is_off(one))

    def off_counts(self) -> dict[Layer, int]:
        """How many findings of each layer that is off are left out."""
        counted = Counter(one.layer for one in self._all if self._is_off(one))
        return {layer: counted[layer] for layer in sorted(self._layers)}

    def at(self, row: int) -> Finding | None:
        """The finding of a row, None for the head of a group."""
        return self._shown[row].finding

    def findings(self) -> tuple[Finding, ...]:
        """The findings that are shown, in their order."""
        return tuple(row.finding for row in self._shown if row.finding is not None)

    def row_of(self, rule: str, path: str) -> int | None:
        """Where a finding stands."""
        for place, row in enumerate(self._shown):
            if row.finding is not None and (row.finding.rule, row.finding.path) == (rule, path):
                return place
        return None

    def following(self, row: int) -> int | None:
        """The next row with a finding, from the start again after the last; None where there is none."""
        count = len(self._shown)
        places = ((row + step) % count for step in range(1, count + 1))
        return next((place for place in places if self._shown[place].finding is not None), None)

    def _is_off(self, finding: Finding) -> bool:
        return finding.layer in self._layers and finding.severity is not Severity.FATAL

    def _refresh(self) -> None:
        wanted = [one for one in self.on() if TONES[one.severity] not in self._tones]
        if self._order is Order.WORST:
            wanted.sort(key=lambda one: one.severity.rank)
        shown = self._grouped(wanted) if self._order is Order.PLACE and self._owners else _plain(wanted)
        if shown == self._shown:
            return
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def _grouped(self, findings: Sequence[Finding]) -> tuple[_Row, ...]:
        """Findings of one resource together, at the place of its first one, under its name where they are several."""
        groups: dict[str, list[Finding]] = {}
        for one in findings:
            groups.setdefault(owner_of(one.path), []).append(one)
        rows: list[_Row] = []
        for path, members in groups.items():
            words = self._owners.get(path, "")
            if len(members) < 2 or not words:
                rows += _plain(members)
                continue
            rows.append(_Row(None, Group(capital(words), len(members)), ""))
            rows += [_Row(one, None, capital(_without(one.resource, words)), True) for one in members]
        return tuple(rows)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The head of a group is read and passed over."""
        if index.isValid() and self._shown[index.row()].finding is None:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._shown[index.row()]
        if role == FINDING_ROLE:
            return row.finding
        if role == GROUP_ROLE:
            return row.group
        if role == ELEMENT_ROLE:
            return row.element
        if role == MEMBER_ROLE:
            return row.member
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _group_words(row.group) if row.finding is None else spoken(row.finding)
        if role == Qt.ItemDataRole.ToolTipRole and row.finding is not None:
            one = row.finding
            return plain_tip(f"{one.text}\n{capital(one.resource)}\n{one.path}\n{one.source}")
        return None


def capital(words: str) -> str:
    """Words with a capital at their start."""
    return words[:1].upper() + words[1:]


def _plain(findings: Sequence[Finding]) -> tuple[_Row, ...]:
    return tuple(_Row(one, None, capital(one.resource)) for one in findings)


def _without(words: str, owner: str) -> str:
    """An element's words without those of its resource; what is said of the resource itself keeps them."""
    rest = words.removeprefix(owner)
    for joint in ("'s ", ": "):
        if rest != words and rest.startswith(joint):
            return rest.removeprefix(joint)
    return words


def _group_words(group: Group | None) -> str:
    return f"{group.words}, {group.size} findings" if group is not None else ""
