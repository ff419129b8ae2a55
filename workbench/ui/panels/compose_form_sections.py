"""The sections of the form as a list with the worst state of each, or as one combo where it is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from workbench.ui.theme import em, scaled
from workbench.ui.widgets import Area, Combo, Label, RowDelegate, RowPaint, column, list_view, row, tool

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from workbench.session.forming import Addition

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
WIDE = 240


class SectionRow(NamedTuple):
    """One section in the list."""

    id: str
    title: str
    icon: str
    tone: str
    """`error`, `warning`, `note`, or `ok`."""
    words: str
    """`1 error`, `Complete`."""


class SectionModel(QAbstractListModel):
    """The sections in order."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[SectionRow, ...] = ()

    def show(self, rows: Sequence[SectionRow]) -> None:
        """Show sections; where they are the same ones only their states change."""
        if [row.id for row in rows] == [row.id for row in self.rows]:
            self.rows = tuple(rows)
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.title}: {row.words}"
        return None


def _adder(words: str, menu: QMenu, name: str) -> QToolButton:
    made = tool(words, "plus", kind="boxed", name=name)
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    made.setMenu(menu)
    return made


def _height(_: Index) -> int:
    return round(em()) + scaled(16)


def _paint(paint: RowPaint, index: Index) -> None:
    row: SectionRow = index.data(ROW_ROLE)
    box = paint.box
    paint.shape(row.icon, box.x() + scaled(14), size=16)
    mark = scaled(16)
    right = box.right() - scaled(14) - mark
    plain = row.tone == "ok"
    paint.shape("check" if plain else row.tone, right, size=16, tone=row.tone)
    room = QRectF(box.x() + scaled(38), box.y(), right - box.x() - scaled(42), box.height())
    paint.text(room, row.title, weight=600 if paint.chosen else 400)


class SectionList(Area):
    """`chosen(str)` carries the id of a section that a person chose, `add_wanted(str)` that of what is to be added."""

    chosen = Signal(str)
    add_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(role="surface", edges="r", parent=parent)
        self._model = SectionModel()
        delegate = RowDelegate(None, _height, _paint)
        self._view = list_view(self._model, delegate, name=self.tr("Sections"), object_name="form-sections")
        self._view.selectionModel().currentChanged.connect(self._on_current)
        self._menu = QMenu(self)
        self.add = _adder(self.tr("Add to the message"), self._menu, "form-add")
        self.also_add = _adder(self.tr("Add"), self._menu, "form-add-narrow")
        """The same for a window that has no room for the list."""
        head = Label(self.tr("Sections"), step="caption", weight=600, role="text3")
        head.setContentsMargins(scaled(16), scaled(10), 0, scaled(2))
        self.setLayout(
            column(head, (self._view, 1), row(self.add, None, margins=(12, 8, 12, 10)), margins=(0, 0, 1, 0), spacing=0)
        )
        self.setFixedWidth(scaled(WIDE))
        self._menu.triggered.connect(lambda action: self.add_wanted.emit(str(action.data())))
        self._quiet = False

    def show_sections(self, rows: Sequence[SectionRow], additions: Sequence[Addition]) -> None:
        """Show sections with their states, and what can be added."""
        before = self.current()
        self._quiet = True
        self._model.show(rows)
        self.choose(before)
        self._quiet = False
        texts = [f"{one.words} ({one.reason})" if one.reason else one.words for one in additions]
        if [one.text() for one in self._menu.actions()] != texts:
            self._menu.clear()
            for addition, text in zip(additions, texts, strict=True):
                action = self._menu.addAction(text)
                action.setData(addition.id)
                action.setEnabled(not addition.reason)
        for one in (self.add, self.also_add):
            one.setVisible(bool(additions))

    def set_read_only(self, read_only: bool) -> None:
        """Whether something can be added."""
        for one in (self.add, self.also_add):
            one.setEnabled(not read_only)

    def choose(self, id: str) -> None:
        """Show which section is in front, without telling."""
        place = next((n for n, one in enumerate(self._model.rows) if one.id == id), 0)
        self._quiet = True
        self._view.setCurrentIndex(self._model.index(place))
        self._quiet = False

    def current(self) -> str:
        """The section in front, empty while there is none."""
        place = self._view.currentIndex().row()
        return self._model.rows[place].id if 0 <= place < len(self._model.rows) else ""

    def rows(self) -> tuple[SectionRow, ...]:
        """What is shown."""
        return self._model.rows

    def _on_current(self, index: QModelIndex, _: QModelIndex) -> None:
        if not self._quiet and index.isValid():
            self.chosen.emit(self._model.rows[index.row()].id)


class SectionCombo(Area):
    """The same in one line, for a narrow window."""

    chosen = Signal(str)

    def __init__(self, add: QWidget, parent: QWidget | None = None) -> None:
        """`add` stands beside it."""
        super().__init__(role="canvas", parent=parent)
        self._combo = Combo()
        self._combo.setObjectName("form-section")
        self._combo.setAccessibleName(self.tr("Section"))
        self._combo.chosen.connect(self.chosen)
        caption = Label(self.tr("Section"), step="caption", weight=600, role="text2")
        self.setLayout(row(caption, (self._combo, 1), add, margins=(16, 6, 16, 4), spacing=8))

    def show_sections(self, rows: Sequence[SectionRow]) -> None:
        """Show sections with their states in words."""
        self._combo.show_choices([(row.id, f"{row.title}: {row.words}") for row in rows], self._combo.value())

    def choose(self, id: str) -> None:
        """Show which section is in front, without telling."""
        self._combo.choose(id)
