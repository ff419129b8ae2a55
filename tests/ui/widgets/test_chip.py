"""Chips: shape and word in the colours of their status, as wide as they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from tests.ui.widgets import pixels
from workbench.ui.theme import LIGHT, font, scaled
from workbench.ui.widgets import Chip
from workbench.ui.widgets.chip import chip_height, chip_width, paint_chip

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")


@pytest.mark.parametrize("tone", ["error", "warning", "note", "ok", "waiting", "unknown", "neutral"])
def test_a_chip_has_the_tint_of_its_status(qtbot: QtBot, tone: str) -> None:
    chip = Chip("Status", tone)
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())
    assert pixels.colours(chip).most_common(1)[0][0] == LIGHT.tone(tone).bg


def test_width_is_word_shape_and_edges(qapp: object) -> None:
    shown = font("caption", 600)
    word = QFontMetricsF(shown).horizontalAdvance("Answered")
    assert chip_width("Answered", "", shown) == word + 2 * scaled(7)
    assert chip_width("Answered", "ok", shown) == word + 2 * scaled(7) + scaled(13) + scaled(4)
    assert chip_height(shown) == round(QFontMetricsF(shown).height()) + scaled(5)


def test_the_word_is_whole(qtbot: QtBot) -> None:
    chip = Chip("Outcome unknown", "unknown")
    qtbot.addWidget(chip)
    natural = chip.sizeHint()
    chip.resize(natural.width() + 40, natural.height())
    wide = pixels.image_of(chip)
    chip.resize(natural)
    exact = pixels.image_of(chip)
    inner = (slice(0, natural.width() - 8), natural.height() // 2)
    assert [exact.pixelColor(x, inner[1]) for x in range(natural.width() - 8)] == [
        wide.pixelColor(x, inner[1]) for x in range(natural.width() - 8)
    ]


def test_the_shape_is_that_of_the_status_unless_another_is_named(qtbot: QtBot) -> None:
    chips = [Chip("Word", "ok"), Chip("Word", "ok", icon="dot"), Chip("Word", "ok", icon="")]
    for chip in chips:
        qtbot.addWidget(chip)
        chip.resize(chips[0].sizeHint())
    pictures = [bytes(pixels.image_of(chip).constBits()) for chip in chips]
    assert len(set(pictures)) == 3
    assert chips[2].sizeHint().width() < chips[0].sizeHint().width()


def test_a_chip_can_change(qtbot: QtBot) -> None:
    chip = Chip("Waiting", "waiting")
    qtbot.addWidget(chip)
    chip.show_status("Answered in 2 h 18 min", "ok")
    assert (chip.text(), chip.tone(), pixels.spoken(chip)) == ("Answered in 2 h 18 min", "ok", "Answered in 2 h 18 min")
    assert chip.width() >= 0 <= chip.sizeHint().width() - Chip("Waiting", "waiting").sizeHint().width()


def test_a_strong_chip_is_solid(qapp: object) -> None:
    image = QImage(80, 20, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    paint_chip(painter, QRectF(0, 0, 80, 20), "", LIGHT.error, "", font("caption", 600), strong=True)
    painter.end()
    assert image.pixelColor(40, 10).name().upper() == LIGHT.error.solid
