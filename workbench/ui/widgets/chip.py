"""A status as shape, word and colour on a tint: a paint function for delegates, and a widget that calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.ui import icons
from workbench.ui.theme import Pair, font, scaled, theme_for
from workbench.ui.widgets.painting import LEFT, draw_text, rounded, text_width

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

_EDGE, _SHAPE, _GAP = 7, 13, 4


def chip_width(text: str, icon: str, shown: QFont) -> float:
    """Width that a chip needs for its word and its shape (an icon's name, empty for none), px."""
    shape = scaled(_SHAPE) + scaled(_GAP) if icon else 0
    return text_width(text, shown) + shape + 2 * scaled(_EDGE)


def chip_height(shown: QFont) -> int:
    """Height of a chip, px."""
    return round(QFontMetricsF(shown).height()) + scaled(5)


def paint_chip(
    painter: QPainter,
    place: QRectF | QRect,
    text: str,
    pair: Pair,
    icon: str,
    shown: QFont,
    *,
    strong: bool = False,
) -> None:
    """Draw a chip into a rectangle; `strong` fills it with the solid colour. Text that does not fit is elided."""
    box = QRectF(place)
    fill, ink, knock = (pair.solid, pair.on, pair.solid) if strong else (pair.bg, pair.fg, pair.bg)
    rounded(painter, box, scaled(5), fill=fill)
    left = box.x() + scaled(_EDGE)
    if icon:
        size = scaled(_SHAPE)
        shape = icons.pixmap(icon, ink, size, painter.device().devicePixelRatioF(), knock)
        painter.drawPixmap(QPointF(left, box.y() + (box.height() - size) / 2), shape)
        left += size + scaled(_GAP)
    room = QRectF(left, box.y(), box.right() - left - scaled(_EDGE) + 1, box.height())
    draw_text(painter, room, text, shown, ink, LEFT)


class Chip(QWidget):
    """A chip as a widget: `Chip("Answered", "ok")`; `icon=""` leaves the shape out, another name replaces it."""

    def __init__(
        self, text: str = "", tone: str = "neutral", *, icon: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text, self._tone, self._icon = "", "", ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_status(text, tone, icon=icon)

    def show_status(self, text: str, tone: str, *, icon: str | None = None) -> None:
        """Change word and status."""
        self._text, self._tone = text, str(tone)
        self._icon = self._tone if icon is None else icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The word."""
        return self._text

    def tone(self) -> str:
        """The status."""
        return self._tone

    def sizeHint(self) -> QSize:
        shown = font("caption", 600)
        return QSize(round(chip_width(self._text, self._icon, shown) + 0.5), chip_height(shown))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            pair = theme_for(self.palette()).tone(self._tone)
            paint_chip(painter, self.rect(), self._text, pair, self._icon, font("caption", 600))
