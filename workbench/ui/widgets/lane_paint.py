"""How one row of the swim lanes is drawn: where the lanes run, the sizes at a zoom, and the parts of every kind of row.

Draws what a `LaneRow` says and decides nothing; which row is shown where is the view's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from workbench.evidence.lanes import LaneKind, LaneRow, LaneTone
from workbench.ui import icons
from workbench.ui.theme import Pair, Theme, colour, font, scaled
from workbench.ui.widgets.chip import chip_width, paint_chip

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintDevice

_ONE_LINE = Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip
_MIDDLE = int(Qt.AlignmentFlag.AlignCenter | _ONE_LINE)
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | _ONE_LINE)
MOST_KEPT = 8192
"""Words whose width is remembered."""
_HEIGHTS = {LaneKind.DAY: 34, LaneKind.CHECK: 46, LaneKind.FOLD: 40, LaneKind.MESSAGE: 80, LaneKind.END: 44}
ASK_Y, ANSWER_Y, NOTE = 33, 60, 18
"""Design pixels from the top of a message's row to its two lines, and the height of a line of words under them."""


class Scale:
    """Sizes at a zoom (1.0 is the size of the design), taken when it is made; words are measured once."""

    def __init__(self, zoom: float = 1.0) -> None:
        self.zoom = zoom
        self._factor = scaled(1000) / 1000 * zoom
        self._lengths: dict[float, int] = {}
        self._fonts: dict[tuple[str, int], QFont] = {}
        self._metrics: dict[tuple[str, int], QFontMetricsF] = {}
        self._widths: dict[tuple[str, str, int], float] = {}
        self._cut: dict[tuple[str, str, int, int], str] = {}

    def px(self, length: float) -> int:
        """A length of the design in pixels; never less than 1 for a positive one."""
        found = self._lengths.get(length)
        if found is None:
            found = self._lengths[length] = max(1, round(length * self._factor))
        return found

    def font(self, step: str, weight: int = 400) -> QFont:
        """The font of a step at this zoom."""
        found = self._fonts.get((step, weight))
        if found is None:
            found = font(step, weight)
            if found.pointSizeF() > 0:
                found.setPointSizeF(found.pointSizeF() * self.zoom)
            else:
                found.setPixelSize(max(1, round(found.pixelSize() * self.zoom)))
            self._fonts[step, weight] = found
            self._metrics[step, weight] = QFontMetricsF(found)
        return found

    def width(self, text: str, step: str, weight: int = 400) -> float:
        """The width of words, px."""
        found = self._widths.get((text, step, weight))
        if found is None:
            self.font(step, weight)
            self._forget(self._widths)
            found = self._widths[text, step, weight] = self._metrics[step, weight].horizontalAdvance(text)
        return found

    def fitting(self, text: str, step: str, weight: int, room: float) -> str:
        """The words, cut with three dots where they are wider than there is room."""
        if self.width(text, step, weight) <= room:
            return text
        key = (text, step, weight, max(0, int(room)))
        found = self._cut.get(key)
        if found is None:
            self._forget(self._cut)
            elided = self._metrics[step, weight].elidedText(text, Qt.TextElideMode.ElideRight, key[3])
            found = self._cut[key] = elided
        return found

    def height(self, row: LaneRow) -> int:
        """How high a row is, px."""
        tall = _HEIGHTS[row.kind]
        if row.kind is LaneKind.MESSAGE and (row.note or row.ident):
            tall += (bool(row.note) + bool(row.ident)) * NOTE - 4
        return self.px(tall)

    @staticmethod
    def _forget(known: dict[Any, Any]) -> None:
        if len(known) > MOST_KEPT:
            known.clear()


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the gutter ends and the lifelines run, for a width."""

    gutter: float
    sender: float
    broker: float
    receiver: float


def columns(width: float, zoom: float = 1.0) -> Columns:
    """The same function for the heads and the rows, so that they always meet."""
    gutter = scaled(78 * zoom)
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


@dataclass(slots=True)
class Drawing:
    """One row being drawn: painter, place, colours, sizes."""

    painter: QPainter
    box: QRectF
    theme: Theme
    lanes: Columns
    ground: str
    """The colour behind the row; words that lie on a line are written on it."""
    scale: Scale

    def row(self, row: LaneRow) -> None:
        """The lifelines and the row itself."""
        self._lifelines(dotted=row.kind is LaneKind.FOLD)
        if row.kind is LaneKind.DAY:
            self._pill(row.title, self.theme.canvas, self.theme.hairline, self.theme.text3)
        elif row.kind is LaneKind.FOLD:
            self._fold(row.title)
        elif row.kind is LaneKind.END:
            pair = tone_pair(self.theme, row.tone)
            self._pill(row.title, pair.bg, "", pair.fg, icon=row.tone.value, icon_ink=pair.solid)
        elif row.kind is LaneKind.CHECK:
            self._check(row)
        else:
            self._message(row)

    def _lifelines(self, *, dotted: bool) -> None:
        style = Qt.PenStyle.DotLine if dotted else Qt.PenStyle.SolidLine
        self.painter.setPen(QPen(colour(self.theme.lane), 1.5, style))
        for x in (self.lanes.sender, self.lanes.broker, self.lanes.receiver):
            self.painter.drawLine(QPointF(x, self.box.top()), QPointF(x, self.box.bottom()))

    def _pill(self, text: str, fill: str, edge: str, ink: str, *, icon: str = "", icon_ink: str = "") -> None:
        """A rounded label across the lanes."""
        px = self.scale.px
        wide = self._wide(text, "caption", 600) + px(42 if icon else 24)
        centre = (self.lanes.sender + self.lanes.receiver) / 2
        tall = px(24)
        place = QRectF(centre - wide / 2, self.box.center().y() - tall / 2, wide, tall)
        self.painter.setPen(QPen(colour(edge), 1) if edge else Qt.PenStyle.NoPen)
        self.painter.setBrush(colour(fill))
        self.painter.drawRoundedRect(place, tall / 2, tall / 2)
        inner = place
        if icon:
            self._icon(icon, place.x() + px(10), place.center().y(), 14, icon_ink or ink, knock=fill)
            inner = place.adjusted(px(18), 0, 0, 0)
        self._words(inner, text, "caption", 600, ink, _MIDDLE)

    def _fold(self, text: str) -> None:
        """A gap in time."""
        y, edge = self.box.center().y(), self.scale.px(14)
        self.painter.setPen(QPen(colour(self.theme.hairline), 1))
        self.painter.drawLine(QPointF(self.box.x() + edge, y), QPointF(self.box.right() - edge, y))
        self._pill(text, self.theme.sunken, self.theme.lane, self.theme.text2, icon="clock")

    def _check(self, row: LaneRow) -> None:
        """A read, a token call or a run of discovery calls: one thin line."""
        px, theme = self.scale.px, self.theme
        y = self.box.y() + px(29)
        ink = theme.error.fg if row.tone is LaneTone.ERROR else theme.text3
        start, end = self._ends(row.from_sender)
        self._line(start, end, y, ink, 1, Qt.PenStyle.SolidLine)
        self._head(end, y, 1 if row.from_sender else -1, ink, 6)
        self._ring(y, ink)
        own, other = self._halves(row.from_sender, 18)
        own, other = own.translated(0, y - px(21)), other.translated(0, y - px(21))
        if row.members:
            picture = "down" if row.opened else "right"
            self._icon(picture, own.x() - px(2), own.center().y(), 14, theme.text2)
            own.setLeft(own.x() + px(16))
        elif row.inner:
            own.setLeft(own.x() + px(16))
        words = ", ".join(part for part in (row.detail, row.status, row.took) if part)
        self._words(own, row.title, "caption", 400 if row.inner else 600, theme.text2)
        self._words(other, words, "caption", 400, ink if row.tone is LaneTone.ERROR else theme.text3)
        self._time(row)

    def _message(self, row: LaneRow) -> None:
        """A message and its answer."""
        px, theme = self.scale.px, self.theme
        fault = row.tone is LaneTone.ERROR
        y_ask, y_answer = self.box.y() + px(ASK_Y), self.box.y() + px(ANSWER_Y)
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
        own, other = self._halves(row.from_sender, 20)
        self._title(row, own.translated(0, y_ask - px(24)))
        self._words(other.translated(0, y_ask - px(23)), row.detail, "caption", 400, theme.text2)
        self._answer(row, pair, own, other, y_answer)
        y = y_answer + px(10)
        if row.ident:
            place = self._halves(True, 18)[1].translated(0, y)
            self._words(place, row.ident, "caption", 400, pair.fg if fault else theme.text3)
            y += px(NOTE)
        if row.note:
            self._note(row, y)
        self._time(row)

    def _title(self, row: LaneRow, place: QRectF) -> None:
        """The title in the half of who speaks; where the other half is empty a long one may go on into it."""
        wide = self._wide(row.title, "body", 600)
        if not row.detail and wide > place.width():
            room = self.lanes.receiver - self.lanes.sender - self.scale.px(20)
            left = self.lanes.sender + self.scale.px(10) if not row.from_sender else place.x()
            left = max(left, place.right() - wide) if not row.from_sender else left
            place = QRectF(left, place.y(), min(wide, room), place.height())
            self.painter.fillRect(place, colour(self.ground))
        self._words(place, row.title, "body", 600, self.theme.text)

    def _answer(self, row: LaneRow, pair: Pair, own: QRectF, other: QRectF, y: float) -> None:
        px = self.scale.px
        shown = self.scale.font("caption", 600)
        icon = row.tone.value if row.tone is not LaneTone.NEUTRAL else "skip"
        wide = min(self._wide(row.status, "caption", 600) + chip_width("", icon, shown), own.width())
        x = own.x() if row.from_sender else own.right() - wide
        chip = QRectF(x, y - px(11), wide, px(22))
        self.painter.fillRect(chip.adjusted(-px(4), 0, px(4), 0), colour(self.ground))
        paint_chip(self.painter, chip, row.status, pair, icon, shown)
        if not row.took:
            return
        wide = self._wide(row.took, "caption") + px(8)
        x = other.x() if row.from_sender else other.right() - wide
        took = QRectF(x, y - px(9), wide, px(18))
        self.painter.fillRect(took, colour(self.ground))
        self._words(took, row.took, "caption", 400, self.theme.text2, _MIDDLE)

    def _note(self, row: LaneRow, y: float) -> None:
        px = self.scale.px
        warning = row.note_tone is LaneTone.WARNING
        pair = self.theme.warning if warning else self.theme.waiting
        x = self.lanes.sender + px(10)
        self._icon("warning" if warning else "link", x, y + px(9), 13, pair.solid if warning else pair.fg)
        room = self.lanes.receiver - x - px(18)
        place = QRectF(x + px(18), y, min(room, self._wide(row.note, "caption", 500) + 1), px(18))
        self.painter.fillRect(place.adjusted(0, 2, 0, 0), colour(self.ground))
        self._words(place, row.note, "caption", 500, pair.fg)

    def _time(self, row: LaneRow) -> None:
        px = self.scale.px
        place = QRectF(self.box.x() + px(16), self.box.y() + px(9), px(62), px(18))
        self._words(place, row.time, "caption", 500, self.theme.text3 if row.inner else self.theme.text2)

    def _halves(self, from_sender: bool, tall: float) -> tuple[QRectF, QRectF]:
        """Where the words of who speaks stand, and those of the other side; at y 0."""
        px, half = self.scale.px, self.lanes.broker - self.lanes.sender
        left = QRectF(self.lanes.sender + px(10), 0, half - px(18), px(tall))
        right = QRectF(self.lanes.broker + px(12), 0, half - px(22), px(tall))
        return (left, right) if from_sender else (right, left)

    def _words(
        self,
        place: QRectF,
        text: str,
        step: str,
        weight: int,
        ink: str,
        alignment: int = _LEFT,
    ) -> None:
        """One line of words, elided where it does not fit."""
        if not text:
            return
        text = self.scale.fitting(text, step, weight, place.width())
        self.painter.setFont(self.scale.font(step, weight))
        self.painter.setPen(colour(ink))
        self.painter.drawText(place, alignment, text)

    def _wide(self, text: str, step: str, weight: int = 400) -> float:
        return self.scale.width(text, step, weight)

    def _icon(self, name: str, x: float, middle: float, size: float, ink: str, *, knock: str = "") -> None:
        device: QPaintDevice = self.painter.device()
        side = self.scale.px(size)
        shape = icons.pixmap(name, ink, side, device.devicePixelRatioF(), knock)
        self.painter.drawPixmap(QPointF(x, middle - side / 2), shape)

    def _ends(self, ahead: bool) -> tuple[float, float]:
        return (self.lanes.sender, self.lanes.receiver) if ahead else (self.lanes.receiver, self.lanes.sender)

    def _line(self, x0: float, x1: float, y: float, ink: str, width: float, style: Qt.PenStyle) -> None:
        self.painter.setPen(QPen(colour(ink), width, style))
        self.painter.drawLine(QPointF(x0, y), QPointF(x1, y))

    def _head(self, x: float, y: float, way: int, ink: str, size: float) -> None:
        draw_head(self.painter, x, y, way, ink, self.scale.px(size))

    def _ring(self, y: float, ink: str) -> None:
        self.painter.setPen(QPen(colour(ink), 1.6))
        self.painter.setBrush(colour(self.ground))
        radius = self.scale.px(4)
        self.painter.drawEllipse(QPointF(self.lanes.broker, y), radius, radius)


def draw_head(painter: QPainter, x: float, y: float, way: int, ink: str, size: float) -> None:
    """A filled arrow head so long (px) whose tip is at (x, y); `way` 1 points right, -1 left."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(ink))
    tail = x - way * size
    painter.drawPolygon(QPolygonF([QPointF(x, y), QPointF(tail, y - size * 0.58), QPointF(tail, y + size * 0.58)]))
