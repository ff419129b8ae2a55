"""Painting: text is elided and stays plain, shapes stay within their place, painters come back as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from workbench.ui.theme import LIGHT, font
from workbench.ui.widgets.painting import RIGHT, draw_text, kept, rounded, row_background, row_rule, text_width

if TYPE_CHECKING:
    from collections.abc import Iterator


class Canvas:
    """A white picture with a painter on it."""

    def __init__(self) -> None:
        self.image = QImage(120, 40, QImage.Format.Format_RGB32)
        self.image.fill("#FFFFFF")
        self.painter = QPainter(self.image)

    def at(self, x: int, y: int) -> str:
        return self.image.pixelColor(x, y).name().upper()

    def inked(self) -> QRect:
        """The smallest rectangle around everything that is not white."""
        found = [
            (x, y) for x in range(self.image.width()) for y in range(self.image.height()) if self.at(x, y) != "#FFFFFF"
        ]
        if not found:
            return QRect()
        left, right = min(x for x, _ in found), max(x for x, _ in found)
        top, bottom = min(y for _, y in found), max(y for _, y in found)
        return QRect(left, top, right - left + 1, bottom - top + 1)


@pytest.fixture
def canvas(qapp: object) -> Iterator[Canvas]:
    made = Canvas()
    yield made
    made.painter.end()


def test_text_that_fits_takes_its_width(canvas: Canvas) -> None:
    shown = font("body")
    wide = draw_text(canvas.painter, QRectF(0, 0, 120, 40), "Send", shown, "#000000")
    assert wide == QFontMetricsF(shown).horizontalAdvance("Send")
    assert canvas.inked().right() <= wide + 1


def test_text_that_does_not_fit_is_elided(canvas: Canvas) -> None:
    wide = draw_text(canvas.painter, QRectF(10, 0, 60, 40), "a sentence much too long", font("body"), "#000000")
    assert wide == 60
    assert QRect(9, 0, 62, 40).contains(canvas.inked())


def test_a_text_is_measured_anew_for_another_font_and_elided_anew_for_another_room(canvas: Canvas) -> None:
    words = "a referral that was sent twice"
    for shown in (font(), font("title"), font("body", 600)):
        assert text_width(words, shown) == QFontMetricsF(shown).horizontalAdvance(words)
    changed = font()
    before = text_width(words, changed)
    changed.setPointSizeF(changed.pointSizeF() * 2)
    assert text_width(words, changed) > before
    inked = []
    for room in (100, 50, 100):
        canvas.image.fill("#FFFFFF")
        draw_text(canvas.painter, QRectF(0, 0, room, 40), words, font(), "#000000")
        inked.append(canvas.inked().width())
    assert inked[0] == inked[2] > 50 >= inked[1]


def test_no_room_draws_nothing(canvas: Canvas) -> None:
    draw_text(canvas.painter, QRectF(10, 0, -5, 40), "text", font("body"), "#000000")
    assert canvas.inked().width() <= 1


def test_text_can_stand_at_the_right(canvas: Canvas) -> None:
    draw_text(canvas.painter, QRectF(0, 0, 120, 40), "Send", font("body"), "#000000", RIGHT)
    assert canvas.inked().right() >= 116


def test_lines_and_markup_stay_one_plain_line(canvas: Canvas) -> None:
    draw_text(canvas.painter, QRectF(0, 0, 120, 40), "<b>a</b>\nb", font("body"), "#000000")
    assert canvas.inked().height() < 20


def test_a_rounded_shape_stays_within_its_place(canvas: Canvas) -> None:
    rounded(canvas.painter, QRect(10, 5, 50, 20), 6, fill="#FF0000", edge="#0000FF", width=2)
    assert canvas.inked() == QRect(10, 5, 50, 20)
    assert (canvas.at(35, 15), canvas.at(35, 5), canvas.at(10, 5)) == ("#FF0000", "#0000FF", "#FFFFFF")


def test_empty_colours_leave_parts_out(canvas: Canvas) -> None:
    rounded(canvas.painter, QRect(10, 5, 50, 20), 6)
    assert canvas.inked().isNull()
    rounded(canvas.painter, QRect(10, 5, 50, 20), 0, edge="#0000FF")
    assert (canvas.at(35, 15), canvas.at(35, 5)) == ("#FFFFFF", "#0000FF")


def test_a_chosen_row_has_a_tint_and_an_accent_bar(canvas: Canvas) -> None:
    row_background(canvas.painter, QRect(0, 0, 120, 40), LIGHT)
    found = {canvas.at(x, 20) for x in range(120)}
    assert {LIGHT.selected, LIGHT.accent} <= found
    assert canvas.at(0, 20) == "#FFFFFF"


def test_a_rule_is_one_pixel_at_the_bottom(canvas: Canvas) -> None:
    row_rule(canvas.painter, QRect(0, 0, 120, 40), LIGHT, inset=10)
    assert canvas.inked() == QRect(10, 39, 100, 1)


def test_a_painter_comes_back_as_it_was_even_after_an_error(canvas: Canvas) -> None:
    def spoil() -> None:
        with kept(canvas.painter):
            canvas.painter.setOpacity(1.0)
            canvas.painter.setPen(Qt.PenStyle.NoPen)
            raise ValueError("no")

    canvas.painter.setOpacity(0.5)
    with pytest.raises(ValueError, match="no"):
        spoil()
    assert canvas.painter.opacity() == 0.5
    assert canvas.painter.pen().style() == Qt.PenStyle.SolidLine
