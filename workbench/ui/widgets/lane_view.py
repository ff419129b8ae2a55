"""The swim lanes: a list view of the rows, and over them the dotted links from replies to what they answer.

It shows rows that were laid out elsewhere and decides nothing; how a row is drawn is `lane_paint`'s business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.ui.models.lanes import ROW_ROLE, LaneModel
from workbench.ui.theme import colour, theme_for
from workbench.ui.widgets.lane_paint import ASK_Y, Columns, Drawing, Scale, columns, draw_head
from workbench.ui.widgets.painting import rounded, row_background

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintDevice, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from workbench.evidence.lanes import LaneRow
    from workbench.ui.theme import Theme

    Index = QModelIndex | QPersistentModelIndex

ZOOMS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
_LINK_Y, _FIRST, _APART = 46, 14, 12
"""Design pixels: where a link ends below the top of what it answers, and how far out the links run."""
MOST_BYTES = 24_000_000
"""Of rows that are kept drawn."""
_BEND = 6.0
_OUTSIDE = 40.0
"""Pixels beyond the viewport up to which a link is drawn: a long one costs no more than a short one."""
_KEYS = {
    Qt.Key.Key_Plus: 1,
    Qt.Key.Key_Equal: 1,
    Qt.Key.Key_Minus: -1,
    Qt.Key.Key_Underscore: -1,
    Qt.Key.Key_0: 0,
}


class LaneDelegate(QStyledItemDelegate):
    """Draws one row; a row that was drawn before is copied, so that scrolling draws only what comes into view."""

    def __init__(self, view: LaneView) -> None:
        super().__init__(view)
        self._view = view
        self._drawn: dict[tuple[object, ...], QPixmap] = {}
        self._bytes = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: LaneRow = index.data(ROW_ROLE)
        return QSize(0, self._view.scale.height(row))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: LaneRow = index.data(ROW_ROLE)
        box: QRect = option.rect
        theme = theme_for(option.palette)
        ground = theme.surface
        if option.state & QStyle.StateFlag.State_Selected:
            ground = theme.selected
        elif index.row() in self._view.partners:
            ground = theme.waiting.bg
        elif index.row() == self._view.hovered and index.flags() & Qt.ItemFlag.ItemIsSelectable:
            ground = theme.sunken
        device: QPaintDevice = painter.device()
        ratio = device.devicePixelRatioF()
        key = (row, box.size().toTuple(), ground, theme.name, ratio, self._view.scale.zoom)
        found = self._drawn.get(key)
        if found is None:
            found = self._draw(row, box.size(), theme, ground, ratio)
            size = 4 * found.width() * found.height()
            if self._bytes + size > MOST_BYTES:
                self._drawn.clear()
                self._bytes = 0
            self._drawn[key] = found
            self._bytes += size
        painter.drawPixmap(box.topLeft(), found)

    def _draw(self, row: LaneRow, size: QSize, theme: Theme, ground: str, ratio: float) -> QPixmap:
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(colour(theme.surface))
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            inner = QRect(0, 2, size.width(), size.height() - 4)
            if ground == theme.selected:
                row_background(painter, inner, theme)
            elif ground != theme.surface:
                rounded(painter, inner.adjusted(6, 0, -6, 0), 6, fill=ground)
            lanes = columns(size.width(), self._view.scale.zoom)
            Drawing(painter, QRectF(0, 0, size.width(), size.height()), theme, lanes, ground, self._view.scale).row(row)
        return picture


class LaneView(QListView):
    """The rows; `leg_chosen(str)` tells the exchange a person went to, `opened(str)` that Enter or a double click
    wants all about it, `menu_wanted(QPoint)` where on the screen the menu of the chosen leg is to stand,
    `shaped(int, float)` the width of the viewport and the zoom."""

    leg_chosen = Signal(str)
    opened = Signal(str)
    menu_wanted = Signal(QPoint)
    shaped = Signal(int, float)

    def __init__(self, model: LaneModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lanes")
        self.setAccessibleName(self.tr("Messages of the conversation"))
        self.scale = Scale()
        self.hovered = -1
        self.partners: frozenset[int] = frozenset()
        """Rows tied to the one under the pointer."""
        self._lanes = model
        self.setModel(model)
        self.setItemDelegate(LaneDelegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(self.scale.px(40))
        self.doubleClicked.connect(self._on_double)

    def choose(self, row: int) -> None:
        """Select a row and bring it into view."""
        if 0 <= row < self._lanes.rowCount():
            self.setCurrentIndex(self._lanes.index(row))
            self.scrollTo(self._lanes.index(row))

    def toggle(self, row: int) -> None:
        """Open or close the run of calls that a row stands for; nothing for any other row."""
        if row >= 0 and self._lanes.can_open(row):
            self._lanes.set_open(row, opened=not self._lanes.is_open(row))

    # size

    def zoom_by(self, steps: int) -> None:
        """One or more steps larger (positive) or smaller; 0 is the size of the design."""
        place = ZOOMS.index(self.scale.zoom) + steps if steps else ZOOMS.index(1.0)
        zoom = ZOOMS[min(max(place, 0), len(ZOOMS) - 1)]
        if zoom != self.scale.zoom:
            self.scale = Scale(zoom)
            self.doItemsLayout()
            if self.currentIndex().isValid():
                self.scrollTo(self.currentIndex())
            self.viewport().update()
            self.shaped.emit(self.viewport().width(), zoom)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.shaped.emit(self.viewport().width(), self.scale.zoom)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    # keys

    def event(self, event: QEvent) -> bool:
        """While the lanes have the focus, Ctrl with plus, minus or 0 is their zoom before it is a shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _zooms(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if _zooms(event):
            self.zoom_by(_KEYS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(row)
        elif event.key() == Qt.Key.Key_Space:
            self.toggle(row)
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left) and row >= 0 and self._lanes.can_open(row):
            self._lanes.set_open(row, opened=event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Up and Down go from leg to leg; days, gaps and the end are passed over."""
        row, last = self.currentIndex().row(), self._lanes.rowCount()
        moves = QAbstractItemView.CursorAction
        page = max(1, self.viewport().height() // self.scale.px(94))
        if action in (moves.MoveUp, moves.MovePrevious, moves.MoveLeft):
            row = self._lanes.next_leg(row, -1)
        elif action in (moves.MoveDown, moves.MoveNext, moves.MoveRight):
            row = self._lanes.next_leg(row, 1)
        elif action is moves.MoveHome:
            row = self._lanes.next_leg(-1, 1)
        elif action is moves.MoveEnd:
            row = self._lanes.next_leg(last, -1)
        else:
            step = -1 if action is moves.MovePageUp else 1
            for _ in range(page):
                row = self._lanes.next_leg(row, step)
        return self._lanes.index(row) if 0 <= row < last else QModelIndex()

    def _open(self, row: int) -> None:
        if 0 <= row < self._lanes.rowCount():
            exchange = self._lanes.row(row).exchange
            if exchange:
                self.opened.emit(exchange)

    # the pointer

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        if event.button() is Qt.MouseButton.LeftButton and row == self.currentIndex().row():
            self.toggle(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Of the leg under the pointer, or with the Menu key of the chosen one."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.visualRect(self.currentIndex()).center()
        else:
            place = event.pos()
            self.setCurrentIndex(self.indexAt(place))
        row = self.currentIndex().row()
        if row >= 0 and self._lanes.row(row).exchange:
            self.menu_wanted.emit(self.viewport().mapToGlobal(place))

    def _hover(self, row: int) -> None:
        if row == self.hovered:
            return
        self.hovered = row
        self.partners = self._lanes.partners(row) if row >= 0 else frozenset()
        self.viewport().update()

    def _on_double(self, index: QModelIndex) -> None:
        self._open(index.row())

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and (exchange := self._lanes.row(current.row()).exchange):
            self.leg_chosen.emit(exchange)
        self.viewport().update()

    # links

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._lanes.links:
            return
        tall = self.viewport().height()
        first = max(0, self.indexAt(QPoint(5, 0)).row())
        last = self.indexAt(QPoint(5, tall - 1)).row()
        last = last if last >= 0 else self._lanes.rowCount() - 1
        crossing = [link for link in self._lanes.links if link.reply >= first and link.asked <= last]
        if not crossing:
            return
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme, px = theme_for(self.palette()), self.scale.px
            lanes = columns(self.viewport().width(), self.scale.zoom)
            current = self.hovered if self.hovered >= 0 else self.currentIndex().row()
            for link in crossing:
                strong = current in (link.reply, link.asked)
                painter.setPen(QPen(colour(theme.waiting.fg), 2.6 if strong else 1.6, Qt.PenStyle.DotLine))
                y1 = self.visualRect(self._lanes.index(link.reply)).y() + px(ASK_Y)
                y0 = self.visualRect(self._lanes.index(link.asked)).y() + px(_LINK_Y)
                self._paint_link(
                    painter, theme, lanes, max(float(y0), -_OUTSIDE), min(float(y1), tall + _OUTSIDE), link.lane
                )

    def _paint_link(self, painter: QPainter, theme: Theme, lanes: Columns, y0: float, y1: float, lane: int) -> None:
        px = self.scale.px
        x = lanes.sender - px(_FIRST) - px(_APART) * lane
        path = QPainterPath(QPointF(lanes.sender - px(4), y1))
        path.lineTo(x + _BEND, y1)
        path.quadTo(x, y1, x, y1 - _BEND)
        path.lineTo(x, y0 + _BEND)
        path.quadTo(x, y0, x + _BEND, y0)
        path.lineTo(lanes.sender - px(6), y0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        draw_head(painter, lanes.sender - px(2), y0, 1, theme.waiting.fg, px(7))


def _zooms(event: QKeyEvent) -> bool:
    held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    return held == Qt.KeyboardModifier.ControlModifier and event.key() in _KEYS
