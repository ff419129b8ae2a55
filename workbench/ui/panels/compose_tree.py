"""The draft as a tree that can be changed: add, remove, duplicate, reorder, write values; broken links are red.

Beside it who points to whom around the chosen resource. It must not know how a change becomes text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QMenu, QStyleOptionViewItem, QToolButton, QTreeView, QVBoxLayout, QWidget

from workbench.messages import owner_of
from workbench.session.forming import Duplicated, ElementAdded, LinkMap, Moved, Removed, ValueSet
from workbench.ui.models.tree import BROKEN_ROLE, PATH_ROLE, TreeModel
from workbench.ui.panels.compose_tree_links import LinkGraph
from workbench.ui.panels.message_views import MessageTree, TreeRows
from workbench.ui.theme import colour, em, scaled, theme_for
from workbench.ui.widgets import Area, Banner, row, splitter, tool

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from PySide6.QtGui import QResizeEvent

    from workbench.messages import Message
    from workbench.ui.context import PanelContext

Index = QModelIndex | QPersistentModelIndex
LINKS_EM = 70
"""Ems of width from which on the links have room beside the tree."""


class DraftTreeModel(TreeModel):
    """`written(str, str)` tells that a person wrote a value at a path."""

    written = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.read_only = False
        self.names: dict[str, str] = {}
        """What entries are called, by the path of their resource."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        single = index.isValid() and index.column() == 1 and self.is_value(index)
        return flags | Qt.ItemFlag.ItemIsEditable if single and not self.read_only else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.EditRole and index.isValid():
            return self.value_text(index)
        if role == Qt.ItemDataRole.DisplayRole and index.isValid() and index.column() == 1:
            name = self.names.get(f"{super().data(index, PATH_ROLE)}.resource")
            return name or super().data(index, role)
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or self.read_only:
            return False
        if str(value) != self.value_text(index):
            self.written.emit(str(index.data(PATH_ROLE)), str(value))
        return True


class _Rows(TreeRows):
    """Rows whose broken links are red, with a shape."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if index.data(BROKEN_ROLE):
            ink = colour(theme_for(option.palette).error.fg)
            for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
                option.palette.setColor(role, ink)


class DraftTree(MessageTree):
    """The tree of a draft; it keeps open what is open when the message changes.

    `remove_asked` and `move_asked(int)` tell the keys for them: Delete, and Alt with an arrow.
    """

    remove_asked = Signal()
    move_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.draft_model = DraftTreeModel()
        super().__init__("draft-tree", parent, model=self.draft_model)
        self.setItemDelegate(_Rows(self))
        self.setEditTriggers(QTreeView.EditTrigger.EditKeyPressed)
        self._known = False

    def show_message(self, message: Message) -> None:
        """Show a message; what was open and chosen before stays so."""
        before, top = self.current_path(), self.verticalScrollBar().value()
        opened = self._opened() if self._known else None
        self.draft_model.show(message)
        self._known = True
        if opened is None:
            self.expandToDepth(0)
            self.setColumnWidth(0, max(scaled(180), self.width() * 2 // 5))
        else:
            for path in opened:
                index = self.draft_model.path_index(path)
                if index.isValid() and index.data(PATH_ROLE) == path:
                    self.setExpanded(index, True)
        if before:
            self.reveal(before)
        self.verticalScrollBar().setValue(top)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
            return
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_asked.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
            return
        super().keyPressEvent(event)

    def forget(self) -> None:
        """The next message is another one: begin with its resources open."""
        self._known = False
        self.draft_model.show(None)

    def _opened(self) -> list[str]:
        opened: list[str] = []
        stack = [self.draft_model.index(0, 0)]
        while stack:
            index = stack.pop()
            if index.isValid() and self.isExpanded(index):
                opened.append(str(index.data(PATH_ROLE)))
                stack += [self.draft_model.index(n, 0, index) for n in range(self.draft_model.rowCount(index))]
        return opened


class TreePage(QWidget):
    """`wanted(object, str)` carries a change and its run, `activated_path(str)` what is to be seen in the source."""

    wanted = Signal(object, str)
    activated_path = Signal(str)

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._message: Message | None = None
        self._links: LinkMap | None = None
        self._read_only = False
        self._next = ""
        """What is chosen once the change is shown."""
        self._asking: Future[Any] | None = None
        self.tree = DraftTree()
        self._graph = LinkGraph()
        self._menu = QMenu(self)
        self._banner = Banner("warning", "", "")
        self._banner.hide()
        self._add = self._tool(self.tr("Add"), "plus", "tree-add", self._on_add)
        self._remove = self._tool(self.tr("Remove"), "trash", "tree-remove", self._on_remove)
        self._double = self._tool(self.tr("Duplicate"), "copy", "tree-duplicate", self._on_duplicate)
        self._up = self._tool(self.tr("Up"), "up", "tree-up", lambda: self._on_move(-1))
        self._down = self._tool(self.tr("Down"), "down", "tree-down", lambda: self._on_move(1))
        self._edit = self._tool(self.tr("Write value"), "edit", "tree-edit", self._on_edit)
        self._tools = (self._add, self._remove, self._double, self._up, self._down, self._edit)
        bar = Area(row(*self._tools, None, margins=(12, 4, 12, 4), spacing=4), role="surface", edges="b")
        self._middle = splitter(self.tree, self._graph, horizontal=True)
        self._middle.setStretchFactor(0, 3)
        self._middle.setStretchFactor(1, 2)
        self._middle.setSizes([scaled(560), scaled(400)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addLayout(row((self._banner, 1), margins=(16, 0, 16, 0)))
        layout.addWidget(self._middle, 1)
        self.tree.activated_path.connect(self.activated_path)
        self.tree.draft_model.written.connect(self._on_written)
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        self.tree.remove_asked.connect(self._remove.click)
        self.tree.move_asked.connect(self._on_move)
        self._graph.chosen.connect(self._on_linked)
        self._graph.path_chosen.connect(self.tree.reveal)
        self._show_tools()

    def show_message(self, message: Message, links: LinkMap) -> None:
        """Show a message as it now is."""
        self._message, self._links = message, links
        self.tree.draft_model.names = {path: name for _, path, name in links.names}
        self.tree.show_message(message)
        if self._next:
            held = message.at(self._next)
            self.tree.reveal(f"{self._next}[{len(held) - 1}]" if isinstance(held, list) else self._next)
            self._next = ""
        elif not self.tree.current_path():
            focus = f"Bundle.entry[{links.focus}]" if links.focus is not None else message.resource_type
            self.tree.reveal(focus)
        self._show_links()
        self._show_tools()

    def forget(self) -> None:
        """Another draft is in front."""
        self._message, self._links, self._next = None, None, ""
        self.tree.forget()
        self._graph.show_links(None, None)

    def show_state(self, read_only: bool, title: str = "", text: str = "") -> None:
        """Whether it can be changed, and why not where it is not told elsewhere."""
        self._read_only = self.tree.draft_model.read_only = read_only
        if title:
            self._banner.show_notice("warning", title, text)
        self._banner.setVisible(read_only and bool(title))
        self._show_tools()

    # what a person does

    def _tool(self, words: str, icon: str, name: str, slot: Callable[[], None]) -> QToolButton:
        made = tool(words, icon, kind="ghost", name=name)
        made.clicked.connect(lambda: slot())
        return made

    def _on_add(self) -> None:
        """Ask what fits below the chosen element, or beside a single value, and offer it."""
        path = self._holder()
        if self._message is not None and path:
            self._menu.setProperty("path", path)
            asked = self._context.session.forms.can_add(self._message, path)
            self._asking = self._context.bridge.submit(asked, self._on_offered)

    def _on_offered(self, names: tuple[str, ...] | None, error: BaseException | None) -> None:
        if names is None:
            if error is not None:
                self._context.go.failed(error)
            return
        path = str(self._menu.property("path"))
        self._menu.clear()
        for name in names:
            self._menu.addAction(name).triggered.connect(lambda _=False, name=name: self.add_element(path, name))
        if names:
            self._menu.popup(self._add.mapToGlobal(self._add.rect().bottomLeft()))

    def add_element(self, path: str, name: str) -> None:
        """Add an element below another, and choose it."""
        self._next = f"{path}.{name}"
        self.tree.setExpanded(self.tree.draft_model.path_index(path), True)
        self.wanted.emit(ElementAdded(path, name), "")

    def _on_remove(self) -> None:
        if path := self.tree.current_path():
            self.wanted.emit(Removed(path), "")

    def _on_duplicate(self) -> None:
        path = self._item()
        if path:
            self.wanted.emit(Duplicated(path), "")

    def _on_move(self, by: int) -> None:
        path = self._item()
        if path and not self._read_only:
            above, _, place = path.rpartition("[")
            self._next = f"{above}[{max(0, int(place[:-1]) + by)}]"
            self.wanted.emit(Moved(path, by), "")

    def _on_edit(self) -> None:
        index = self.tree.currentIndex().siblingAtColumn(1)
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.tree.edit(index)

    def _on_written(self, path: str, text: str) -> None:
        self.wanted.emit(ValueSet(path, text), "")

    def _on_linked(self, entry: int) -> None:
        self.tree.reveal(f"Bundle.entry[{entry}].resource")
        self.tree.setFocus()

    def _on_current(self, index: QModelIndex, _: QModelIndex) -> None:
        self._show_links()
        self._show_tools()

    # inside

    def _holder(self) -> str:
        """The chosen element where it can hold others, else what it stands in."""
        index = self.tree.currentIndex()
        while index.isValid() and self.tree.draft_model.is_value(index):
            index = index.parent()
        path = str(index.data(PATH_ROLE)) if index.isValid() else ""
        return f"{path}.resource" if path.startswith("Bundle.entry[") and path.count(".") == 1 else path

    def _item(self) -> str:
        """The chosen element where it is one of a list: for what is a resource its entry; empty for others."""
        path = self.tree.current_path()
        if path.startswith("Bundle.entry[") and path.endswith(".resource") and path.count(".") == 2:
            path = path.removesuffix(".resource")
        return path if path.endswith("]") else ""

    def _show_links(self) -> None:
        if self._links is None:
            return
        owner = owner_of(self.tree.current_path() or "")
        if not owner.startswith("Bundle.entry["):
            path = self.tree.current_path()
            owner = f"{path}.resource" if path.startswith("Bundle.entry[") else owner
        entry = next((number for number, path, _ in self._links.names if path == owner), self._links.focus)
        self._graph.show_links(self._links, entry)

    def _show_tools(self) -> None:
        path = self.tree.current_path()
        may = not self._read_only and self._message is not None and bool(path)
        root = "." not in path and "[" not in path
        index = self.tree.currentIndex()
        self._add.setEnabled(may)
        self._remove.setEnabled(may and not root)
        for one in (self._double, self._up, self._down):
            one.setEnabled(may and bool(self._item()))
        self._edit.setEnabled(may and index.isValid() and self.tree.draft_model.is_value(index))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() / em(self) >= LINKS_EM / 2
        self._graph.setVisible(wide)
        icons = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if wide else Qt.ToolButtonStyle.ToolButtonIconOnly
        for one in self._tools:
            one.setToolButtonStyle(icons)
