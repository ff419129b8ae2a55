"""The command palette: a card over the window with a field and a list; everything by keyboard.

It shows what it is given and tells what was chosen; it runs nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workbench.ui import icons
from workbench.ui.models.palette import ENTRY_ROLE, Entry, Group, PaletteModel, find
from workbench.ui.theme import colour, font, scaled, theme_for
from workbench.ui.widgets import Area, Card, KeyCap, Label, Pic, column, row
from workbench.ui.widgets.painting import draw_text, row_background

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
MOST_ROWS = 9


class _Delegate(QStyledItemDelegate):
    """Headings, and rows with icon, title, note and key caps."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        entry: Entry = index.data(ENTRY_ROLE)
        return QSize(0, scaled(40 if entry.key else 28))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        box: QRect = option.rect
        theme = theme_for(option.palette)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not entry.key:
            place = QRectF(box).adjusted(scaled(18), scaled(4), 0, 0)
            draw_text(painter, place, entry.title, font("caption", 600), theme.text3, _LEFT)
            painter.restore()
            return
        if chosen:
            row_background(painter, box, theme)
        size = scaled(18)
        ink = theme.accent if chosen else theme.text2
        ratio = painter.device().devicePixelRatioF()
        shape = icons.pixmap(entry.icon, ink, size, ratio)
        painter.drawPixmap(QPointF(box.x() + scaled(18), box.center().y() - size / 2 + 1), shape)
        left = box.x() + scaled(48)
        right = self._keys(painter, box, entry, theme)
        shown = font("body", 500)
        metrics = QFontMetricsF(shown)
        wide = min(metrics.horizontalAdvance(entry.title), right - left)
        draw_text(painter, QRectF(left, box.y(), wide + 1, box.height()), entry.title, shown, theme.text, _LEFT)
        start, length = entry.hit
        if length:
            x0 = left + metrics.horizontalAdvance(entry.title[:start])
            x1 = x0 + metrics.horizontalAdvance(entry.title[start : start + length])
            y = box.center().y() + metrics.height() / 2
            painter.setPen(QPen(colour(theme.accent), 2))
            painter.drawLine(QPointF(x0, y), QPointF(x1, y))
        note = QRectF(left + wide + scaled(10), box.y(), max(0.0, right - left - wide - scaled(20)), box.height())
        draw_text(painter, note, entry.note, font("caption"), theme.text2 if chosen else theme.text3, _LEFT)
        painter.restore()

    @staticmethod
    def _keys(painter: QPainter, box: QRect, entry: Entry, theme: object) -> float:
        """Draw the shortcut from the right; gives where the text must end."""
        shown = font("caption", 500)
        metrics = QFontMetricsF(shown)
        right = float(box.right() - scaled(18))
        for key in reversed(entry.keys):
            wide = max(scaled(20), metrics.horizontalAdvance(key) + scaled(10))
            cap = QRectF(right - wide, box.center().y() - scaled(9), wide, scaled(20))
            painter.setPen(QPen(colour(theme.hairline), 1))  # type: ignore[attr-defined]
            painter.setBrush(colour(theme.sunken))  # type: ignore[attr-defined]
            painter.drawRoundedRect(cap, 4, 4)
            centre = Qt.AlignmentFlag.AlignCenter
            draw_text(painter, cap, key, shown, theme.text2, centre)  # type: ignore[attr-defined]
            right -= wide + scaled(4)
        return right - scaled(8)


class CommandPalette(QWidget):
    """Covers its window with a scrim; `chosen(str)` gives the key of the entry that was run."""

    chosen = Signal(str)

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("command-palette")
        self._host = host
        self._groups: tuple[Group, ...] = ()
        self._before: QWidget | None = None
        self._model = PaletteModel()
        self._field = QLineEdit()
        self._field.setObjectName("palette-field")
        self._field.setAccessibleName(self.tr("Search or run a command"))
        self._field.setPlaceholderText(self.tr("Search or run a command"))
        self._field.setFrame(False)
        self._field.setFont(font("heading"))
        self._list = QListView()
        self._list.setObjectName("palette-list")
        self._list.setAccessibleName(self.tr("What was found"))
        self._list.setModel(self._model)
        self._list.setItemDelegate(_Delegate(self._list))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = Label(self.tr("Nothing fits. Fewer letters find more."), role="text3")
        self._nothing.setContentsMargins(scaled(18), scaled(12), scaled(18), scaled(16))
        self._nothing.hide()
        top = row(Pic("search", 20), self._field, KeyCap("Esc"), margins=(16, 10, 12, 10), spacing=10)
        foot = Area(
            row(
                KeyCap("↑"),
                KeyCap("↓"),
                Label(self.tr("move"), step="caption", role="text3"),
                KeyCap("Enter"),
                Label(self.tr("run"), step="caption", role="text3"),
                None,
                Label(self.tr("> actions   @ conversations   # services"), step="caption", role="text3"),
                margins=(16, 8, 16, 8),
                spacing=8,
            ),
            role="sunken",
            edges="t",
        )
        self._card = Card(
            column(Area(top, role="raised", edges="b"), self._list, self._nothing, foot, spacing=0),
            fill="raised",
        )
        self._card.setParent(self)
        self.hide()
        self._field.textChanged.connect(self._on_typed)
        self._field.installEventFilter(self)
        self._list.clicked.connect(self._on_clicked)
        host.installEventFilter(self)

    def open(self, groups: Sequence[Group]) -> None:
        """Show the palette over the window with these candidates."""
        self._groups = tuple(groups)
        self._before = QApplication.focusWidget()
        self._field.clear()
        self._on_typed("")
        self._place()
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def renew(self, groups: Sequence[Group]) -> None:
        """Other candidates for what is typed; nothing happens while it is hidden."""
        self._groups = tuple(groups)
        if self.isVisible():
            self._on_typed(self._field.text())

    def dismiss(self) -> None:
        """Hide it and give the focus back to where it was."""
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme_for(self.palette()).scrim))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self._list.currentIndex())
        elif key not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        return True

    def _on_typed(self, typed: str) -> None:
        self._model.show(find(self._groups, typed))
        self._nothing.setVisible(self._model.rowCount() == 0)
        first = self._model.next_choice(-1, 1) if self._model.rowCount() else -1
        if first >= 0:
            self._list.setCurrentIndex(self._model.index(first))
        self._place()

    def _on_clicked(self, index: QModelIndex) -> None:
        self._run(index)

    def _move(self, step: int) -> None:
        if self._model.rowCount() == 0:
            return
        following = self._model.next_choice(self._list.currentIndex().row(), step)
        if following >= 0:
            self._list.setCurrentIndex(self._model.index(following))
            self._list.scrollTo(self._list.currentIndex())

    def _run(self, index: QModelIndex) -> None:
        if not index.isValid() or not (key := self._model.at(index.row()).key):
            return
        self.dismiss()
        self.chosen.emit(key)

    def _place(self) -> None:
        self.setGeometry(self._host.rect())
        wide = min(scaled(660), self.width() - scaled(48))
        rows = sum(self._list.sizeHintForRow(n) for n in range(min(self._model.rowCount(), MOST_ROWS + 4)))
        self._list.setFixedHeight(min(rows + 4, max(scaled(120), self.height() - scaled(260))))
        self._list.setVisible(self._model.rowCount() > 0)
        tall = self._card.sizeHint().height()
        top = min(scaled(108), max(scaled(16), (self.height() - tall) // 3))
        self._card.setGeometry((self.width() - wide) // 2, top, wide, min(tall, self.height() - top - scaled(16)))
