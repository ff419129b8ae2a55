"""One message shown in other ways than its source: its summary in plain words, and the tree of its elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from workbench.ui.models.tree import PATH_ROLE, TreeModel
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import (
    Card,
    EmptyState,
    Label,
    column,
    facts_grid,
    row,
    separator,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages import Message, Summary
    from workbench.ui.widgets import Chip


def summary_card(summary: Summary, chips: Sequence[Chip] = ()) -> Card:
    """Who asks whom for what, in a sentence, with its facts."""
    sentence = Label(summary.sentence, step="lead", weight=500, wrap=True)
    sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    parts: list[object] = [row(*chips, None, spacing=6)] if chips else []
    parts += [sentence, *summary_facts(summary)]
    return Card(column(*parts, margins=(16, 12, 16, 12), spacing=10))


def summary_facts(summary: Summary) -> list[object]:
    """The facts of a summary as items of a column, each section under a line."""
    parts: list[object] = []
    for heading, facts in summary.sections:
        if facts:
            parts.append(separator())
            parts += [Label(heading, step="caption", weight=600, role="text2")] if heading else []
            parts.append(facts_grid(facts, label_width=98))
    return parts


class TreeRows(QStyledItemDelegate):
    """Rows as high as those of lists."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), round(em()) + scaled(8))


class MessageTree(QTreeView):
    """Elements and values of a message. `activated_path(str)` tells which one was double-clicked or entered."""

    activated_path = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None, *, model: TreeModel | None = None) -> None:
        super().__init__(parent)
        self._model = model or TreeModel()
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Message as a tree"))
        self.setModel(self._model)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setItemDelegate(TreeRows(self))
        self.setIndentation(scaled(16))
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(True)
        self.activated.connect(self._on_activated)

    def show_message(self, message: Message) -> None:
        """Show a message, its resources open."""
        self._model.show(message)
        self.expandToDepth(1)
        self.setColumnWidth(0, max(scaled(180), self.width() * 2 // 5))

    def current_path(self) -> str:
        """The path of the chosen element, empty when there is none."""
        index = self.currentIndex()
        return str(index.data(PATH_ROLE)) if index.isValid() else ""

    def reveal(self, path: str) -> None:
        """Choose an element, or the nearest above it."""
        index = self._model.path_index(path) if path else QModelIndex()
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def _on_activated(self, index: QModelIndex) -> None:
        self.activated_path.emit(str(index.data(PATH_ROLE)))


def no_message(text: str) -> EmptyState:
    """Said where a text cannot be read as a message."""
    return EmptyState("doc", QCoreApplication.translate("MessageViews", "No message yet"), text)
