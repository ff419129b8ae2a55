"""One message shown in other ways than its source: its summary in plain words, and the tree of its elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from workbench.ui.models.tree import PATH_ROLE, TreeModel
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import (
    Card,
    EmptyState,
    Label,
    PageColumn,
    clear,
    column,
    facts_grid,
    row,
    scroll_area,
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
    parts.append(sentence)
    if summary.facts:
        parts += [separator(), facts_grid(summary.facts, label_width=76)]
    return Card(column(*parts, margins=(16, 12, 16, 12), spacing=10))


class _Rows(QStyledItemDelegate):
    """Rows as high as those of lists."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), round(em()) + scaled(8))


class MessageTree(QTreeView):
    """Elements and values of a message. `activated_path(str)` tells which one was double-clicked or entered."""

    activated_path = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = TreeModel()
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Message as a tree"))
        self.setModel(self._model)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setItemDelegate(_Rows(self))
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


class SummaryView(QWidget):
    """The summary of a message that is being written, or why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Summary | None = None
        self._holder = QVBoxLayout()
        self._holder.setContentsMargins(scaled(16), scaled(16), scaled(16), scaled(16))
        inner = QWidget()
        inner.setLayout(column(PageColumn(self._holder), None))
        self._none = no_message(self.tr("The findings below say what is wrong."))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._none)
        self._pages.addWidget(scroll_area(inner, role="canvas"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def show_summary(self, summary: Summary | None) -> None:
        """Show another summary; None where the text is no message."""
        self._pages.setCurrentIndex(0 if summary is None else 1)
        if summary is None or summary == self._shown:
            return
        self._shown = summary
        clear(self._holder)
        self._holder.addWidget(summary_card(summary))


def no_message(text: str) -> EmptyState:
    """Said where a text cannot be read as a message."""
    return EmptyState("doc", QCoreApplication.translate("MessageViews", "No message yet"), text)
