"""Labels: plain text, the theme's colours, elision that never asks for width, breaking at any character."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QSizePolicy

from tests.ui.widgets import pixels
from workbench.ui.theme import LIGHT, font, scaled
from workbench.ui.widgets import KeyCap, Label, Pic

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")
LONG = "d877b820-e72b-44d1-a627-195f54bf0000"


def ink(label: Label) -> str:
    return label.palette().color(label.foregroundRole()).name().upper()


def test_markup_is_shown_as_it_is(qtbot: QtBot) -> None:
    label = Label("<b>a</b>")
    qtbot.addWidget(label)
    assert (label.textFormat(), label.text()) == (Qt.TextFormat.PlainText, "<b>a</b>")
    assert label.sizeHint().width() > Label("a").sizeHint().width() * 3


def test_font_and_colour_are_those_asked_for(qtbot: QtBot) -> None:
    label = Label("text", step="heading", weight=600, role="text3", mono=False)
    qtbot.addWidget(label)
    assert label.font() == font("heading", 600)
    assert ink(label) == LIGHT.text3
    label.show_tone("error", "it failed")
    assert (ink(label), label.text()) == (LIGHT.error.fg, "it failed")
    label.show_tone("")
    label.show_role("text2")
    label.show_weight(500)
    assert (ink(label), label.font()) == (LIGHT.text2, font("heading", 500))


def test_a_disabled_label_is_pale(qtbot: QtBot) -> None:
    label = Label("text", role="text2")
    qtbot.addWidget(label)
    disabled = label.palette().color(QPalette.ColorGroup.Disabled, label.foregroundRole())
    assert disabled.name().upper() == LIGHT.disabled


def test_an_eliding_label_never_asks_for_width(qtbot: QtBot) -> None:
    label = Label(LONG, elide=True)
    qtbot.addWidget(label)
    assert label.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Ignored
    assert label.minimumSizeHint().width() == scaled(40)


def test_what_is_cut_is_whole_in_the_tooltip(qtbot: QtBot) -> None:
    label = Label(LONG, elide=True)
    qtbot.addWidget(label)
    label.show()
    label.resize(80, 20)
    cut = label.toolTip()
    label.resize(1000, 20)
    assert (cut, label.toolTip(), label.text()) == (LONG, "", LONG)
    label.show_text("short")
    assert label.toolTip() == ""


def test_a_cut_text_ends_within_the_label(qtbot: QtBot) -> None:
    label = Label("mmmmmmmmmmmmmmmmmmmm", elide=True)
    qtbot.addWidget(label)
    label.resize(80, 20)
    image = pixels.image_of(label)
    ground = image.pixelColor(0, 0)
    last = max(x for x in range(80) for y in range(20) if image.pixelColor(x, y) != ground)
    assert last < 80


def test_a_hugging_label_is_as_wide_as_its_text_at_most(qtbot: QtBot) -> None:
    label = Label("Title", elide=True, hug=True)
    qtbot.addWidget(label)
    assert label.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Maximum
    assert label.sizeHint().width() == Label("Title").sizeHint().width()


def test_encoded_text_breaks_anywhere(qtbot: QtBot) -> None:
    label = Label("A" * 400, mono=True, breaks_anywhere=True)
    qtbot.addWidget(label)
    narrow, wide = label.heightForWidth(100), label.heightForWidth(1000)
    assert narrow > 5 * wide
    assert label.minimumSizeHint().width() < 100
    label.resize(100, narrow)
    image = pixels.image_of(label)
    ground = image.pixelColor(99, narrow - 1)
    bottom = range(narrow - 20, narrow)
    assert any(image.pixelColor(x, y) != ground for x in range(90) for y in bottom)


def test_a_wrapped_label_gets_the_height_for_its_width(qtbot: QtBot) -> None:
    label = Label("several words that need more than one line", wrap=True)
    qtbot.addWidget(label)
    assert label.hasHeightForWidth()
    assert label.heightForWidth(80) > 2 * label.heightForWidth(800)


def test_the_whole_text_can_be_copied(qtbot: QtBot) -> None:
    label = Label(LONG, elide=True)
    qtbot.addWidget(label)
    label._copy()
    assert QGuiApplication.clipboard().text() == LONG


def test_a_picture_takes_its_colour_and_size(qtbot: QtBot) -> None:
    pic = Pic("stop", 28, tone="error")
    qtbot.addWidget(pic)
    pic.resize(pic.sizeHint())
    assert pic.sizeHint().width() == scaled(28)
    assert LIGHT.error.solid in pixels.colours(pic)
    pic.show_icon("stop", role="accent")
    assert (pic.name(), LIGHT.accent in pixels.colours(pic)) == ("stop", True)
    pic.setEnabled(False)
    assert LIGHT.disabled in pixels.colours(pic)


def test_a_key_is_named(qtbot: QtBot) -> None:
    key = KeyCap("Ctrl")
    qtbot.addWidget(key)
    assert pixels.spoken(key) == "Ctrl"
    assert key.sizeHint().width() >= scaled(20)
