"""The swim lanes: three lifelines, an arrow for each leg, folds, and dotted links from replies to what they answer.

A list view whose delegate draws; it shows rows that were laid out elsewhere and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.evidence.lanes import LaneHead, LaneKind, LaneRow, LaneTone
from workbench.ui import icons
from workbench.ui.models.lanes import ROW_ROLE, LaneModel
from workbench.ui.theme import Pair, Theme, colour, font, scaled, theme_for
from workbench.ui.widgets.chip import chip_width, paint_chip
from workbench.ui.widgets.painting import draw_text, row_background

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintDevice

_MIDDLE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the gutter ends and the lifelines run, for a width."""

    gutter: float
    sender: float
    broker: float
    receiver: float


def columns(width: float) -> Columns:
    """The same function for the heads and the rows, so that they always meet."""
    gutter = scaled(78)
    inner = max(1.0, width - gutter)
    edge = inner * 0.155
    return Columns(gutter, gutter + edge, gutter + inner / 2, gutter + inner - edge)


def tone_pair(theme: Theme, tone: LaneTone) -> Pair:
    """The colours of a tone."""
    return {
        LaneTone.OK: theme.ok,
        LaneTone.ERROR: theme.error,
        LaneTone.WARNING: theme.warning,
        LaneTone.WAITING: theme.waiting,
        LaneTone.UNKNOWN: theme.unknown,
        LaneTone.NEUTRAL: theme.neutral,
    }[tone]


class LaneDelegate(QStyledItemDelegate):
    """Draws one row."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row: LaneRow = index.data(ROW_ROLE)
        tall = {
            LaneKind.DAY: 34,
            LaneKind.CHECK: 46,
            LaneKind.FOLD: 40,
            LaneKind.MESSAGE: 94 if row.note or row.ident else 80,
            LaneKind.END: 44,
        }[row.kind]
        return QSize(0, scaled(tall))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: LaneRow = index.data(ROW_ROLE)
        box: QRect = option.rect
        theme = theme_for(option.palette)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            row_background(painter, box.adjusted(0, 2, 0, -2), theme)
        lanes = columns(box.width())
        self._lifelines(painter, box, theme, lanes, dotted=row.kind is LaneKind.FOLD)
        drawing = _Drawing(painter, QRectF(box), theme, lanes, theme.selected if selected else theme.surface)
        if row.kind is LaneKind.DAY:
            drawing.pill(row.title, theme.canvas, theme.hairline, theme.text3)
        elif row.kind is LaneKind.FOLD:
            drawing.fold(row.title)
        elif row.kind is LaneKind.END:
            drawing.end(row)
        elif row.kind is LaneKind.CHECK:
            drawing.check(row)
        else:
            drawing.message(row)
        painter.restore()

    @staticmethod
    def _lifelines(painter: QPainter, box: QRect, theme: Theme, lanes: Columns, *, dotted: bool) -> None:
        style = Qt.PenStyle.DotLine if dotted else Qt.PenStyle.SolidLine
        painter.setPen(QPen(colour(theme.lane), 1.5, style))
        for x in (lanes.sender, lanes.broker, lanes.receiver):
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom() + 1))


@dataclass(slots=True)
class _Drawing:
    """One row being drawn: painter, place, colours."""

    painter: QPainter
    box: QRectF
    theme: Theme
    lanes: Columns
    ground: str

    def pill(self, text: str, fill: str, edge: str, ink: str, *, icon: str = "", icon_ink: str = "") -> QRectF:
        """A rounded label across the lanes."""
        shown = font("caption", 600)
        wide = QFontMetricsF(shown).horizontalAdvance(text) + scaled(44 if icon else 24)
        centre = (self.lanes.sender + self.lanes.receiver) / 2
        tall = scaled(24)
        place = QRectF(centre - wide / 2, self.box.center().y() - tall / 2, wide, tall)
        self.painter.setPen(QPen(colour(edge), 1) if edge else Qt.PenStyle.NoPen)
        self.painter.setBrush(colour(fill))
        self.painter.drawRoundedRect(place, tall / 2, tall / 2)
        inner = place
        if icon:
            size = scaled(14)
            shape = icons.pixmap(icon, icon_ink or ink, size, self._ratio(), knock=fill)
            self.painter.drawPixmap(QPointF(place.x() + scaled(10), place.center().y() - size / 2), shape)
            inner = place.adjusted(scaled(24), 0, 0, 0)
        draw_text(self.painter, inner, text, shown, ink, _MIDDLE)
        return place

    def fold(self, text: str) -> None:
        """A gap in time."""
        y = self.box.center().y()
        self.painter.setPen(QPen(colour(self.theme.hairline), 1))
        self.painter.drawLine(QPointF(self.box.x() + scaled(14), y), QPointF(self.box.right() - scaled(14), y))
        self.pill(text, self.theme.sunken, self.theme.lane, self.theme.text2, icon="clock")

    def end(self, row: LaneRow) -> None:
        """How the conversation stands."""
        pair = tone_pair(self.theme, row.tone)
        self.pill(row.title, pair.bg, "", pair.fg, icon=row.tone.value, icon_ink=pair.solid)

    def check(self, row: LaneRow) -> None:
        """A read or a token call: one thin line."""
        y = self.box.y() + scaled(29)
        ink = self.theme.error.fg if row.tone is LaneTone.ERROR else self.theme.text3
        ahead = row.from_sender
        start, end = self._ends(ahead)
        self._line(start, end, y, ink, 1, Qt.PenStyle.SolidLine)
        self._head(end, y, 1 if ahead else -1, ink, 6)
        self._ring(y, ink)
        title = QRectF(self.lanes.sender + scaled(10), y - scaled(21), self._half() - scaled(16), scaled(18))
        detail = QRectF(self.lanes.broker + scaled(12), y - scaled(21), self._half() - scaled(20), scaled(18))
        words = ", ".join(part for part in (row.detail, row.status, row.took) if part)
        draw_text(self.painter, title, row.title, font("caption", 600), self.theme.text2, _LEFT)
        draw_text(self.painter, detail, words, font("caption"), self.theme.text3, _LEFT)
        self._time(row)

    def message(self, row: LaneRow) -> None:
        """A message and its answer."""
        theme, lanes = self.theme, self.lanes
        fault = row.tone is LaneTone.ERROR
        y_ask, y_answer = self.box.y() + scaled(33), self.box.y() + scaled(60)
        main = theme.error.fg if fault else theme.accent
        start, end = self._ends(row.from_sender)
        way = 1 if row.from_sender else -1
        self._line(start, end, y_ask, main, 2, Qt.PenStyle.SolidLine)
        self._head(end, y_ask, way, main, 9)
        self._ring(y_ask, main)
        pair = tone_pair(theme, row.tone)
        back = pair.fg if fault else theme.text3
        if row.tone is not LaneTone.WAITING:
            self._line(end, start, y_answer, back, 1.3, Qt.PenStyle.DashLine)
            self._head(start, y_answer, -way, back, 7)
            self._ring(y_answer, back)
        near = QRectF(lanes.sender + scaled(10), 0, self._half() - scaled(18), scaled(20))
        far = QRectF(lanes.broker + scaled(12), 0, self._half() - scaled(22), scaled(20))
        own, other = (near, far) if row.from_sender else (far, near)
        draw_text(self.painter, own.translated(0, y_ask - scaled(24)), row.title, font("body", 600), theme.text, _LEFT)
        detail = other.translated(0, y_ask - scaled(23))
        draw_text(self.painter, detail, row.detail, font("caption"), theme.text2, _LEFT)
        self._answer(row, pair, own, other, y_answer)
        if row.ident:
            ident = QRectF(far.x(), y_answer + scaled(10), far.width(), scaled(18))
            draw_text(self.painter, ident, row.ident, font("caption"), theme.text3, _LEFT)
        if row.note:
            self._note(row, y_answer)
        self._time(row)

    def _answer(self, row: LaneRow, pair: Pair, own: QRectF, other: QRectF, y: float) -> None:
        shown = font("caption", 600)
        icon = row.tone.value if row.tone is not LaneTone.NEUTRAL else "skip"
        wide = min(chip_width(row.status, icon, shown), own.width())
        x = own.x() if row.from_sender else own.right() - wide
        chip = QRectF(x, y - scaled(11), wide, scaled(22))
        self.painter.fillRect(chip.adjusted(-scaled(4), 0, scaled(4), 0), colour(self.ground))
        paint_chip(self.painter, chip, row.status, pair, icon, shown)
        if not row.took:
            return
        wide = QFontMetricsF(font("caption")).horizontalAdvance(row.took) + scaled(8)
        x = other.x() if row.from_sender else other.right() - wide
        took = QRectF(x, y - scaled(9), wide, scaled(18))
        self.painter.fillRect(took, colour(self.ground))
        draw_text(self.painter, took, row.took, font("caption"), self.theme.text2, _MIDDLE)

    def _note(self, row: LaneRow, y: float) -> None:
        warning = row.note_tone is LaneTone.WARNING
        ink = self.theme.warning.fg if warning else self.theme.waiting.fg
        size = scaled(13)
        x = self.lanes.sender + scaled(10)
        shape = icons.pixmap(
            "warning" if warning else "link", self.theme.warning.solid if warning else ink, size, self._ratio()
        )
        self.painter.drawPixmap(QPointF(x, y + scaled(13)), shape)
        place = QRectF(x + scaled(18), y + scaled(10), self.lanes.receiver - x - scaled(18), scaled(18))
        self.painter.fillRect(
            QRectF(
                place.x(),
                place.y() + 2,
                min(place.width(), QFontMetricsF(font("caption", 500)).horizontalAdvance(row.note)),
                place.height() - 2,
            ),
            colour(self.ground),
        )
        draw_text(self.painter, place, row.note, font("caption", 500), ink, _LEFT)

    def _time(self, row: LaneRow) -> None:
        place = QRectF(self.box.x() + scaled(16), self.box.y() + scaled(9), scaled(62), scaled(18))
        draw_text(self.painter, place, row.time, font("caption", 500), self.theme.text2, _LEFT)

    def _ends(self, ahead: bool) -> tuple[float, float]:
        return (self.lanes.sender, self.lanes.receiver) if ahead else (self.lanes.receiver, self.lanes.sender)

    def _half(self) -> float:
        return self.lanes.broker - self.lanes.sender

    def _ratio(self) -> float:
        device: QPaintDevice = self.painter.device()
        return device.devicePixelRatioF()

    def _line(self, x0: float, x1: float, y: float, ink: str, width: float, style: Qt.PenStyle) -> None:
        self.painter.setPen(QPen(colour(ink), width, style))
        self.painter.drawLine(QPointF(x0, y), QPointF(x1, y))

    def _head(self, x: float, y: float, way: int, ink: str, size: float) -> None:
        draw_head(self.painter, x, y, way, ink, size)

    def _ring(self, y: float, ink: str) -> None:
        self.painter.setPen(QPen(colour(ink), 1.6))
        self.painter.setBrush(colour(self.ground))
        self.painter.drawEllipse(QPointF(self.lanes.broker, y), scaled(4), scaled(4))


def draw_head(painter: QPainter, x: float, y: float, way: int, ink: str, size: float) -> None:
    """A filled arrow head whose tip is at (x, y); `way` 1 points right, -1 left."""
    long = scaled(size)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(ink))
    tail = x - way * long
    painter.drawPolygon(QPolygonF([QPointF(x, y), QPointF(tail, y - long * 0.58), QPointF(tail, y + long * 0.58)]))
    painter.restore()


class LaneView(QListView):
    """The rows; `leg_chosen(str)` tells the exchange a person went to."""

    leg_chosen = Signal(str)

    def __init__(self, model: LaneModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lanes")
        self.setAccessibleName(self.tr("Messages of the conversation"))
        self._lanes = model
        self.setModel(model)
        self.setItemDelegate(LaneDelegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def choose(self, row: int) -> None:
        """Select a row and bring it into view."""
        if 0 <= row < self._lanes.rowCount():
            self.setCurrentIndex(self._lanes.index(row))
            self.scrollTo(self._lanes.index(row))

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and (exchange := self._lanes.row(current.row()).exchange):
            self.leg_chosen.emit(exchange)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = theme_for(self.palette())
        lanes = columns(self.viewport().width())
        first = max(0, self.indexAt(QPoint(5, 0)).row())
        last = self.indexAt(QPoint(5, self.viewport().height() - 1)).row()
        last = last if last >= 0 else self._lanes.rowCount() - 1
        painter.setPen(QPen(colour(theme.waiting.fg), 1.6, Qt.PenStyle.DotLine))
        for track, (reply, asked) in enumerate(self._lanes.links):
            if reply < first or asked > last:
                continue
            y1 = self.visualRect(self._lanes.index(reply)).y() + scaled(33)
            y0 = self.visualRect(self._lanes.index(asked)).y() + scaled(46)
            self._paint_link(painter, theme, lanes, y0, y1, scaled(14) + scaled(12) * (track % 4))
        painter.end()

    def _paint_link(self, painter: QPainter, theme: Theme, lanes: Columns, y0: float, y1: float, away: float) -> None:
        x, bend = lanes.sender - away, 6.0
        path = QPainterPath(QPointF(lanes.sender - scaled(4), y1))
        path.lineTo(x + bend, y1)
        path.quadTo(x, y1, x, y1 - bend)
        path.lineTo(x, y0 + bend)
        path.quadTo(x, y0, x + bend, y0)
        path.lineTo(lanes.sender - scaled(6), y0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        draw_head(painter, lanes.sender - scaled(2), y0, 1, theme.waiting.fg, 7)


class LaneHeads(QWidget):
    """Who stands over each lane; fixed above the rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads: tuple[tuple[LaneHead, str], ...] = ()
        self.setFixedHeight(scaled(58))

    def show_heads(self, sender: LaneHead, broker: LaneHead, receiver: LaneHead, broker_icon: str) -> None:
        """Set the three heads."""
        self._heads = ((sender, "building"), (broker, broker_icon), (receiver, "stetho"))
        self.setAccessibleName(", ".join(f"{head.role} {head.name}" for head, _ in self._heads))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = theme_for(self.palette())
        painter.fillRect(self.rect(), colour(theme.surface))
        painter.setPen(colour(theme.hairline))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        lanes = columns(self.width())
        edge = scaled(8)
        wide = min(lanes.broker - lanes.sender - scaled(10), 2 * (self.width() - lanes.receiver) - scaled(10))
        wide = max(wide, scaled(110))
        for (head, icon), x in zip(self._heads, (lanes.sender, lanes.broker, lanes.receiver), strict=False):
            left = min(max(x - wide / 2, edge), self.width() - edge - wide)
            place = QRectF(left, scaled(8), wide, scaled(42))
            painter.setPen(QPen(colour(theme.hairline), 1))
            painter.setBrush(colour(theme.sunken))
            painter.drawRoundedRect(place, 6, 6)
            inset = scaled(10)
            if wide > scaled(172):
                size = scaled(16)
                shape = icons.pixmap(icon, theme.text2, size, self.devicePixelRatioF())
                painter.drawPixmap(QPointF(place.x() + inset, place.center().y() - size / 2), shape)
                inset = scaled(34)
            room = place.width() - inset - scaled(4)
            role = QRectF(place.x() + inset, place.y() + scaled(3), room, scaled(18))
            name = QRectF(place.x() + inset, place.y() + scaled(20), room, scaled(19))
            draw_text(painter, role, head.role, font("caption"), theme.text3, _LEFT)
            draw_text(painter, name, head.name, font("body", 600), theme.text, _LEFT)
        painter.end()
