"""A message as a lazy tree: resources, elements and values; a broken link says so in words.

Children are made when somebody opens their parent; the tree itself is never copied.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.messages import Number, ReferenceKind
from workbench.ui.text import plain_tip

if TYPE_CHECKING:
    from workbench.messages import JsonValue, Message

PATH_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the path of the element."""
BROKEN_ROLE = Qt.ItemDataRole.UserRole + 2
"""True where a reference points to nothing in the message."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(slots=True, eq=False)
class _Node:
    name: str
    path: str
    value: JsonValue
    parent: _Node | None
    row: int
    children: list[_Node] | None = field(default=None)


def _children(node: _Node) -> list[_Node]:
    if node.children is None:
        node.children = []
        pairs: list[tuple[str, str, JsonValue]] = []
        if isinstance(node.value, dict):
            for key, value in node.value.items():
                if key == "resourceType":
                    continue
                path = f"{node.path}.{key}"
                if isinstance(value, list):
                    single = len(value) == 1
                    pairs += [(key if single else f"{key} {n}", f"{path}[{n}]", v) for n, v in enumerate(value)]
                else:
                    pairs.append((key, path, value))
        node.children = [_Node(name, path, value, node, row) for row, (name, path, value) in enumerate(pairs)]
    return node.children


def _shown(value: JsonValue) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Number):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return _brief(value)
    return ""


def _brief(value: dict[str, JsonValue]) -> str:
    """What a closed element says for itself: a resource its type, a coding its display, a reference its target."""
    resource = value.get("resource")
    if isinstance(resource, dict):
        return str(resource.get("resourceType", ""))
    for key in ("resourceType", "display", "text", "reference", "value", "code", "family", "start", "url"):
        inner = value.get(key)
        if isinstance(inner, str):
            return inner
        if isinstance(inner, Number):
            return inner.text
    coding = value.get("coding")
    if isinstance(coding, list) and coding and isinstance(coding[0], dict):
        return _brief(coding[0])
    return ""


class TreeModel(QAbstractItemModel):
    """Two columns: element and value."""

    def __init__(self) -> None:
        super().__init__()
        self._top: list[_Node] = []
        self._broken: frozenset[str] = frozenset()

    def show(self, message: Message | None) -> None:
        """Replace what is shown; None empties the tree."""
        self.beginResetModel()
        self._top = []
        self._broken = frozenset()
        if message is not None:
            root = _Node(message.resource_type, message.resource_type, message.resource, None, 0)
            self._top = [root]
            self._broken = frozenset(
                found.path
                for found in message.references()
                if found.kind is ReferenceKind.URN and found.target_entry is None and found.source_entry is not None
            )
        self.endResetModel()

    def path_index(self, path: str) -> QModelIndex:
        """The index of an element by its path; the nearest one above where it is not there."""
        if not self._top:
            return QModelIndex()
        node = self._top[0]
        going = True
        while going and node.path != path:
            going = False
            for child in _children(node):
                if path == child.path or path.startswith((child.path + ".", child.path + "[")):
                    node, going = child, True
                    break
        return self.createIndex(node.row, 0, node)

    def is_value(self, index: Index) -> bool:
        """Whether an element is a single value."""
        node: _Node = index.internalPointer()
        return not isinstance(node.value, dict | list)

    def value_text(self, index: Index) -> str:
        """The value of a single element as it is written; empty for one that holds others."""
        node: _Node = index.internalPointer()
        return _shown(node.value) if self.is_value(index) else ""

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 2

    def rowCount(self, parent: Index = _ROOT) -> int:
        if parent.column() > 0:
            return 0
        return len(_children(parent.internalPointer())) if parent.isValid() else len(self._top)

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        siblings = _children(parent.internalPointer()) if parent.isValid() else self._top
        if not 0 <= row < len(siblings) or not 0 <= column < 2:
            return QModelIndex()
        return self.createIndex(row, column, siblings[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        node: _Node | None = index.internalPointer() if index.isValid() else None
        above = node.parent if node is not None else None
        return self.createIndex(above.row, 0, above) if above is not None else QModelIndex()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (self.tr("Element"), self.tr("Value"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        node: _Node = index.internalPointer()
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column() == 0:
                return node.name
            shown = _shown(node.value)
            return f"{shown}  (not in this message)" if node.path in self._broken else shown
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{node.name} {_shown(node.value)}".strip()
        if role == PATH_ROLE:
            return node.path
        if role == BROKEN_ROLE:
            return node.path in self._broken
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(node.path)
        return None
