"""What delegates and own-drawn widgets paint with: elided text, rounded shapes, the background of a chosen row."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from workbench.ui.theme import colour, scaled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QRect

    from workbench.ui.theme import Theme

LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
FIXED = "fixed"
"""The kind of a control that shows its value and cannot be operated."""
CENTRE = Qt.AlignmentFlag.AlignCenter


@contextmanager
def kept(painter: QPainter) -> Iterator[None]:
    """Antialiased painting whose settings are taken back at the end, whatever happens."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        yield
    finally:
        painter.restore()


def draw_text(
    painter: QPainter, place: QRectF, text: str, font: QFont, ink: str, alignment: Qt.AlignmentFlag = LEFT
) -> float:
    """Draw one line of plain text, elided at its right end where it does not fit; gives the width it took."""
    room = place.width()
    wide = text_width(text, font)
    if wide > room:
        text, wide = _elided(text, font, room), room
    painter.setFont(font)
    painter.setPen(colour(ink))
    painter.drawText(place, _one_line(alignment), text)
    return wide


@lru_cache(maxsize=4096)
def text_width(text: str, font: QFont) -> float:
    """How wide one line of text is, px; what lists show is measured once, not in every frame."""
    return QFontMetricsF(font).horizontalAdvance(text)


@lru_cache(maxsize=4096)
def _elided(text: str, font: QFont, room: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room))


@lru_cache(maxsize=16)
def _one_line(alignment: Qt.AlignmentFlag) -> int:
    return int(alignment | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip)


def rounded(
    painter: QPainter,
    place: QRectF | QRect,
    radius: float,
    *,
    fill: str = "",
    edge: str = "",
    width: float = 1.0,
) -> None:
    """A rounded rectangle that stays within `place`; an empty colour leaves that part out."""
    box = QRectF(place)
    with kept(painter):
        if edge:
            half = width / 2
            box = box.adjusted(half, half, -half, -half)
            painter.setPen(QPen(colour(edge), width))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius, radius)


def row_background(painter: QPainter, box: QRect, theme: Theme) -> None:
    """The chosen row of a list: a tint with an accent bar at its left."""
    inset = scaled(6)
    tint = QRectF(box).adjusted(inset, 1, -inset, -1)
    rounded(painter, tint, scaled(6), fill=theme.selected)
    edge = min(scaled(8), tint.height() / 5)
    rounded(painter, QRectF(tint.x(), tint.y() + edge, 3, tint.height() - 2 * edge), 1.5, fill=theme.accent)


def row_rule(painter: QPainter, box: QRect, theme: Theme, *, inset: int = 0) -> None:
    """A hairline along the bottom of a row."""
    painter.fillRect(QRectF(box.x() + inset, box.bottom(), box.width() - 2 * inset, 1), colour(theme.hairline))
