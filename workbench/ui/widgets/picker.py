"""A choice as a caption over its value; it opens a list that can be searched, with greyed rows and why they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from workbench.ui import icons
from workbench.ui.text import plain_tip
from workbench.ui.theme import em, font, scaled, theme_for
from workbench.ui.widgets.fields import SearchField
from workbench.ui.widgets.labels import Label
from workbench.ui.widgets.painting import draw_text, rounded
from workbench.ui.widgets.rows import RowDelegate, RowPaint, list_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.session.views import Choice

CHOICE_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the Choice itself; None for the heading of a group."""
SEARCH_FROM = 8
"""So many choices and more can be searched."""
_MOST_ROWS = 10

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ChoiceModel(QAbstractListModel):
    """The choices that hold every word typed, under the headings of their groups."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Choice, ...] = ()
        self._rows: tuple[tuple[str, Choice | None], ...] = ()

    def show(self, choices: Sequence[Choice], typed: str = "") -> None:
        """Show choices, narrowed by what was typed."""
        self._all = tuple(choices)
        self.narrow(typed)

    def narrow(self, typed: str) -> None:
        """Leave only choices that hold every word."""
        words = typed.lower().split()
        rows: list[tuple[str, Choice | None]] = []
        group = ""
        for choice in self._all:
            held = f"{choice.title} {choice.subtitle} {choice.group} {choice.id}".lower()
            if not all(word in held for word in words):
                continue
            if choice.group and choice.group != group:
                rows.append((choice.group, None))
            group = choice.group
            rows.append((choice.title, choice))
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def at(self, row: int) -> Choice | None:
        """The choice of a row; None for a heading."""
        return self._rows[row][1]

    def row_of(self, id: str) -> int:
        """Row of a choice, -1 when it is not shown."""
        return next((n for n, (_, choice) in enumerate(self._rows) if choice is not None and choice.id == id), -1)

    def next_possible(self, row: int, step: int) -> int:
        """The next row that can be chosen in a direction, going round; -1 when there is none."""
        count = len(self._rows)
        for distance in range(1, count + 1):
            found = (row + step * distance) % count
            choice = self._rows[found][1]
            if choice is not None and not choice.reason:
                return found
        return -1

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        choice = self._rows[index.row()][1] if index.isValid() else None
        if choice is None or choice.reason:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        title, choice = self._rows[index.row()]
        if role == CHOICE_ROLE:
            return choice
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            parts = (title, choice.subtitle, choice.reason) if choice is not None else (title,)
            return ", ".join(part for part in parts if part)
        if role == Qt.ItemDataRole.ToolTipRole and choice is not None:
            return choice.reason or choice.subtitle
        return None


def _row_height(index: Index) -> int:
    choice: Choice | None = index.data(CHOICE_ROLE)
    if choice is None:
        return round(em()) + scaled(12)
    return round(em() * (1.9 if choice.subtitle or choice.reason else 1.0)) + scaled(12)


def _paint_row(paint: RowPaint, index: Index) -> None:
    choice: Choice | None = index.data(CHOICE_ROLE)
    box = paint.box.adjusted(scaled(18), 0, -scaled(14), 0)
    if choice is None:
        paint.text(box, str(index.data()), step="caption", weight=600, role="text3")
        return
    possible = not choice.reason
    below = choice.reason or choice.subtitle
    title = QRectF(box)
    if below:
        title = QRectF(box.x(), box.y() + scaled(5), box.width(), em())
        under = QRectF(box.x(), title.bottom(), box.width(), em() * 0.92)
        paint.text(under, below, step="caption", role="text3")
    paint.text(title, choice.title, weight=600 if paint.chosen else 500, role="text" if possible else "disabled")


class ChoicePopup(QFrame):
    """A list of choices under whatever opens it, with a field to search them. `picked(str)` tells the id."""

    picked = Signal(str)

    def __init__(self, owner: QWidget, name: str) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.model = ChoiceModel()
        self.field = SearchField(self.tr("Search"))
        self.field.setAccessibleName(self.tr("Search: {name}").format(name=name))
        self.view = list_view(self.model, RowDelegate(self, _row_height, _paint_row), name=name)
        self.view.setMouseTracking(True)
        self._none = Label(self.tr("Nothing fits."), role="text3")
        layout = QVBoxLayout(self)
        edge = scaled(8)
        layout.setContentsMargins(1, edge, 1, edge)
        layout.setSpacing(scaled(6))
        self._search = QVBoxLayout()
        self._search.setContentsMargins(edge, 0, edge, 0)
        self._search.addWidget(self.field)
        self._search.addWidget(self._none)
        layout.addLayout(self._search)
        layout.addWidget(self.view)
        self.field.textChanged.connect(self._on_typed)
        self.field.installEventFilter(self)
        self.view.installEventFilter(self)
        self.view.clicked.connect(self._on_clicked)

    def open(self, choices: Sequence[Choice], current: str, place: QPoint, width: int) -> None:
        """Show choices under a place of the screen."""
        self.field.clear()
        self.model.show(choices)
        self.field.setVisible(len(choices) >= SEARCH_FROM)
        self._none.hide()
        self._choose_row(self.model.row_of(current))
        rows = sum(self.view.sizeHintForRow(n) for n in range(min(self.model.rowCount(), _MOST_ROWS)))
        self.view.setFixedHeight(rows + 2)
        self.resize(max(width, scaled(280)), self.sizeHint().height())
        screen = self.screen().availableGeometry()
        left = min(place.x(), screen.right() - self.width())
        top = min(place.y(), screen.bottom() - self.height())
        self.move(max(screen.left(), left), max(screen.top(), top))
        self.show()
        (self.field if self.field.isVisible() else self.view).setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                row = self.view.currentIndex().row()
                self._choose_row(self.model.next_possible(row, 1 if key == Qt.Key.Key_Down else -1))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._pick(self.view.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _choose_row(self, row: int) -> None:
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row))
            self.view.scrollTo(self.model.index(row))

    def _on_typed(self, typed: str) -> None:
        self.model.narrow(typed)
        self._none.setVisible(self.model.rowCount() == 0)
        self._choose_row(self.model.next_possible(-1, 1) if self.model.rowCount() else -1)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._pick(index)

    def _pick(self, index: QModelIndex) -> None:
        choice = self.model.at(index.row()) if index.isValid() else None
        if choice is not None and not choice.reason:
            self.hide()
            self.picked.emit(choice.id)


class Picker(QAbstractButton):
    """A caption over the chosen value. `picked(str)` tells the id that a person chose; `choose` tells nothing."""

    picked = Signal(str)

    def __init__(self, caption: str, icon: str = "", placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption, self._picture, self._placeholder = caption, icon, placeholder
        self._choices: tuple[Choice, ...] = ()
        self._id, self._title = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._popup = ChoicePopup(self, caption)
        self._popup.picked.connect(self._on_picked)
        self.clicked.connect(self.open)
        self._tell()

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Replace the choices; the chosen one stays where it is still there."""
        self._choices = tuple(choices)
        self.choose(self._id, self._title)

    def choose(self, id: str, title: str = "") -> None:
        """Show a choice; `title` is shown for an id that is not among the choices."""
        found = next((choice for choice in self._choices if choice.id == id and id), None)
        self._id = id
        self._title = found.title if found is not None else title
        self._tell()

    def current(self) -> str:
        """id of the chosen one, empty when there is none."""
        return self._id

    def open(self) -> None:
        """Show the list."""
        place = self.mapToGlobal(QPoint(0, self.height() + 2))
        self._popup.open(self._choices, self._id, place, self.width())

    def sizeHint(self) -> QSize:
        return QSize(scaled(220), max(scaled(40), round(em() * 1.92) + scaled(8)))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(120), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_for(self.palette())
        with QPainter(self) as painter:
            possible = self.isEnabled()
            fill = theme.hover if self.underMouse() and possible else theme.surface
            focus = self.hasFocus()
            edge = theme.accent if focus else theme.border if possible else theme.hairline
            rounded(painter, self.rect(), scaled(6), fill=fill, edge=edge, width=2 if focus else 1)
            ratio, ink = self.devicePixelRatioF(), theme.text2 if possible else theme.disabled
            left = float(scaled(10))
            if self._picture:
                size = scaled(18)
                shape = icons.pixmap(self._picture, ink, size, ratio)
                painter.drawPixmap(QPointF(left, (self.height() - size) / 2), shape)
                left += size + scaled(10)
            arrow = scaled(14)
            right = self.width() - arrow - scaled(8)
            painter.drawPixmap(QPointF(right, (self.height() - arrow) / 2), icons.pixmap("updown", ink, arrow, ratio))
            line = em()
            top = (self.height() - line * 1.92) / 2
            caption = QRectF(left, top, right - left - scaled(4), line * 0.92)
            draw_text(painter, caption, self._caption, font("caption"), theme.text3 if possible else theme.disabled)
            value = QRectF(left, caption.bottom(), caption.width(), line)
            words, role = (self._title, theme.text) if self._title else (self._placeholder, theme.text3)
            draw_text(
                painter, value, words, font("body", 600 if self._title else 400), role if possible else theme.disabled
            )

    def _on_picked(self, id: str) -> None:
        self.choose(id)
        self.picked.emit(id)

    def _tell(self) -> None:
        self.setAccessibleName(f"{self._caption}: {self._title or self._placeholder}")
        self.setToolTip(plain_tip(self._title))
        self.update()
