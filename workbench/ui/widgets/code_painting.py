"""What the source editor paints: squiggles, findings in words, the gutter and the overview.

Knows marks and the lines that are in sight; must not know what a person does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from workbench.ui import icons
from workbench.ui.text import plain_tip
from workbench.ui.theme import colour, font, scaled, theme_for
from workbench.ui.widgets.code_text import can_fold

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPaintEvent, QTextBlock

    from workbench.ui.theme import Pair, Theme


LEAST = 90
"""Design pixels that a finding's words need at the end of its line to be worth reading."""
_FRAMED = 10_000
"""Characters of a line in which hits are framed."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding in the text; line and column are 1-based, length 0 marks to the end of the line."""

    line: int
    column: int
    length: int
    tone: str
    """`error`, `warning` or `note`."""
    text: str
    fix: str = ""


class PaintedText(QPlainTextEdit):
    """A text with marks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[Mark, ...] = ()
        self._by_line: dict[int, list[int]] = {}
        self._chips: list[tuple[QRectF, int]] = []
        """Where the repairs that are in sight are offered, with the numbers of their marks."""
        self._hits: re.Pattern[str] | None = None

    def show_hits(self, wanted: re.Pattern[str] | None) -> None:
        """Frame what a search finds wherever it is in sight; None for nothing."""
        self._hits = wanted
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self.show_tip(self.cursorForPosition(event.pos()).blockNumber() + 1, event.globalPos())
            return True
        return super().viewportEvent(event)

    def show_tip(self, line: int, place: QPoint) -> None:
        """Say all that is found in a line, at a place of the screen."""
        found = [self._marks[number].text for number in self._by_line.get(line, ())]
        QToolTip.showText(place, plain_tip("\n".join(found)) if found else "", self)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._chips = []
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme = self._theme()
            block = self.firstVisibleBlock()
            offset = self.contentOffset()
            bottom = self.viewport().height()
            while block.isValid():
                box = self.blockBoundingGeometry(block).translated(offset)
                if box.top() > bottom:
                    break
                if block.isVisible() and self._hits is not None:
                    self._paint_hits(painter, theme, block.text()[:_FRAMED], box)
                if block.isVisible() and (numbers := self._by_line.get(block.blockNumber() + 1)):
                    self._paint_marks(painter, theme, block, box, numbers)
                block = block.next()

    def _paint_hits(self, painter: QPainter, theme: Theme, text: str, box: QRectF) -> None:
        metrics = QFontMetricsF(self.font())
        left = self.contentOffset().x() + self.document().documentMargin()
        painter.setPen(QPen(colour(theme.accent), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for found in self._hits.finditer(text) if self._hits is not None else ():
            x = left + metrics.horizontalAdvance(text[: found.start()])
            wide = metrics.horizontalAdvance(found[0])
            painter.drawRoundedRect(QRectF(x - 0.5, box.y() + 0.5, wide + 1, box.height() - 1), 3, 3)

    def _paint_marks(
        self, painter: QPainter, theme: Theme, block: QTextBlock, box: QRectF, numbers: Sequence[int]
    ) -> None:
        metrics = QFontMetricsF(self.font())
        left = self.contentOffset().x() + self.document().documentMargin()
        text = block.text()
        for number in numbers:
            mark = self._marks[number]
            start = min(max(0, mark.column - 1), len(text))
            end = min(len(text), start + mark.length) if mark.length else len(text.rstrip(","))
            x0 = left + metrics.horizontalAdvance(text[:start])
            x1 = max(x0 + metrics.horizontalAdvance("m"), left + metrics.horizontalAdvance(text[:end]))
            painter.setPen(QPen(colour(self._pair(theme, mark.tone).solid), 1.5))
            painter.drawPolyline(_wave(x0, x1, box.bottom() - 2, scaled(3)))
        mark = self._marks[numbers[0]]
        pair = self._pair(theme, mark.tone)
        words = font("caption", 600)
        wide = QFontMetricsF(words)
        x = left + metrics.horizontalAdvance(text) + scaled(24)
        more = f"  +{len(numbers) - 1}" if len(numbers) > 1 else ""
        edge = scaled(34)
        fix_wide = wide.horizontalAdvance(mark.fix) + scaled(32) if mark.fix else 0.0
        room = self.viewport().width() - x - scaled(8)
        offered = bool(mark.fix) and room >= fix_wide + scaled(8 + LEAST)
        room -= fix_wide + scaled(8) if offered else 0
        if room < scaled(LEAST):
            return  # the shape in the gutter and its tip say it
        told = wide.elidedText(mark.text + more, Qt.TextElideMode.ElideRight, room - edge)
        chip = QRectF(x, box.top() + 1, wide.horizontalAdvance(told) + edge, box.height() - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(pair.bg))
        painter.drawRoundedRect(chip, 4, 4)
        size = min(scaled(13), int(box.height()) - 2)
        ratio = self.devicePixelRatioF()
        shape = icons.pixmap(mark.tone, pair.solid, size, ratio, knock=pair.bg)
        painter.drawPixmap(QPointF(chip.x() + scaled(7), chip.center().y() - size / 2), shape)
        painter.setFont(words)
        painter.setPen(colour(pair.fg))
        painter.drawText(chip.adjusted(scaled(25), 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), told)
        if offered:
            label = mark.fix
            fix = QRectF(chip.right() + scaled(8), chip.y(), fix_wide, chip.height())
            painter.setPen(QPen(colour(theme.border), 1))
            painter.setBrush(colour(theme.surface))
            painter.drawRoundedRect(fix, 4, 4)
            wand = icons.pixmap("wand", theme.text, size, ratio)
            painter.drawPixmap(QPointF(fix.x() + scaled(7), fix.center().y() - size / 2), wand)
            painter.setPen(colour(theme.text))
            painter.drawText(fix.adjusted(scaled(25), 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), label)
            self._chips.append((fix, numbers[0]))

    def paint_gutter(self, gutter: QWidget) -> None:
        """Line numbers, the worst finding of a line, and fold arrows."""
        theme = self._theme()
        with QPainter(gutter) as painter:
            painter.fillRect(gutter.rect(), colour(theme.sunken))
            painter.setFont(font("caption", mono=True))
            here = self.textCursor().blockNumber()
            ratio = self.devicePixelRatioF()
            width = gutter.width()
            block = self.firstVisibleBlock()
            top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
            while block.isValid() and top < gutter.height():
                height = self.blockBoundingRect(block).height()
                if block.isVisible():
                    number = block.blockNumber()
                    painter.setPen(colour(theme.text if number == here else theme.text3))
                    right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
                    painter.drawText(QRectF(0, top, width - scaled(24), height), right, str(number + 1))
                    if marks := self._by_line.get(number + 1):
                        tone = self._marks[marks[0]].tone
                        size = scaled(14)
                        shape = icons.pixmap(tone, self._pair(theme, tone).solid, size, ratio)
                        painter.drawPixmap(QPointF(scaled(5), top + (height - size) / 2), shape)
                    if can_fold(block.text(), block.next().text()):  # not where it ends: that may be far away
                        folded = not block.next().isVisible()
                        size = scaled(12)
                        arrow = icons.pixmap("right" if folded else "down", theme.text3, size, ratio)
                        painter.drawPixmap(QPointF(width - scaled(19), top + (height - size) / 2), arrow)
                top += height
                block = block.next()
            painter.setPen(colour(theme.hairline))
            painter.drawLine(width - 1, 0, width - 1, gutter.height())

    def paint_overview(self, strip: QWidget) -> None:
        """Findings of the whole text as strokes beside the scroll bar."""
        theme = self._theme()
        with QPainter(strip) as painter:
            painter.fillRect(strip.rect(), colour(theme.sunken))
            count = max(1, self.document().blockCount())
            for mark in self._marks:
                left = {"error": 1, "warning": 3}.get(mark.tone, 6)
                y = (mark.line - 1) / count * strip.height()
                painter.fillRect(
                    QRectF(left, y, strip.width() - left - 1, 3), colour(self._pair(theme, mark.tone).solid)
                )

    def _theme(self) -> Theme:
        return theme_for(self.palette())

    @staticmethod
    def _pair(theme: Theme, tone: str) -> Pair:
        return {"error": theme.error, "warning": theme.warning}.get(tone, theme.note)


def _wave(x0: float, x1: float, y: float, step: float) -> QPolygonF:
    """A squiggle of about two pixels height; Qt's own underline can hardly be seen at 1x."""
    points, x, up = [], x0, False
    while x < x1:
        points.append(QPointF(x, y + (1.5 if up else -1.0)))
        x, up = x + step, not up
    return QPolygonF(points)
