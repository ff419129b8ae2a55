"""Buttons: kinds, names, actions they follow, one of a few, filters that can be switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QFont, QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from tests.ui.widgets import pixels
from workbench.ui.icons import icon
from workbench.ui.theme import LIGHT
from workbench.ui.widgets import FilterChips, Segments, action_button, action_tool, button, set_kind, tool

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")


class Ear(QObject):
    """Counts what it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0

    def hear(self) -> None:
        self.heard += 1


def an_action(text: str = "&Send", shortcut: str = "Ctrl+Return") -> QAction:
    action = QAction(icon("send"), text)
    action.setObjectName("send")
    action.setShortcut(QKeySequence(shortcut))
    return action


def test_a_button_runs_its_slot(qtbot: QtBot) -> None:
    ear = Ear()
    made = button("Send", ear.hear, kind="primary", icon="send", name="send-now")
    qtbot.addWidget(made)
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert (ear.heard, made.objectName(), made.property("kind"), made.icon().name()) == (
        1,
        "send-now",
        "primary",
        "send",
    )
    assert made.font().weight() == QFont.Weight.DemiBold


def test_an_ordinary_button_has_no_kind(qtbot: QtBot) -> None:
    made = button("Send")
    qtbot.addWidget(made)
    assert made.property("kind") is None
    set_kind(made, "danger")
    assert made.property("kind") == "danger"
    set_kind(made, "")
    assert made.property("kind") is None


def test_an_icon_alone_keeps_its_words_as_name_and_tooltip(qtbot: QtBot) -> None:
    ear = Ear()
    made = tool("Copy", "copy", ear.hear, icon_only=True, name="copy-it")
    qtbot.addWidget(made)
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert (pixels.spoken(made), made.toolTip(), made.objectName(), ear.heard) == ("Copy", "Copy", "copy-it", 1)
    assert made.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_words_stand_beside_the_icon_but_under_it_in_the_rail(qtbot: QtBot) -> None:
    styles = [tool("A", "copy").toolButtonStyle(), tool("A", "copy", kind="nav").toolButtonStyle()]
    assert styles == [
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon,
        Qt.ToolButtonStyle.ToolButtonTextUnderIcon,
    ]


def test_a_button_of_an_action_follows_it(qtbot: QtBot) -> None:
    action, ear = an_action(), Ear()
    action.triggered.connect(ear.hear)
    made = action_button(action, kind="primary")
    qtbot.addWidget(made)
    assert (made.text(), made.toolTip(), made.objectName()) == ("Send", "Send (Ctrl+Return)", "send-button")
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    action.setEnabled(False)
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert (ear.heard, made.isEnabled()) == (1, False)
    action.setText("&Open a message")
    assert (made.text(), pixels.spoken(made)) == ("Open a message", "Open a message")


def test_other_words_stay_until_they_are_taken_back(qtbot: QtBot) -> None:
    action = an_action()
    made = action_button(action)
    qtbot.addWidget(made)
    made.show_words("Send to PRODUCTION")
    action.setEnabled(False)
    kept = (made.text(), pixels.spoken(made))
    made.show_words("")
    assert (kept, made.text()) == (("Send to PRODUCTION", "Send to PRODUCTION"), "Send")


def test_a_tool_of_an_action_has_its_name(qtbot: QtBot) -> None:
    action, ear = an_action(), Ear()
    action.triggered.connect(ear.hear)
    made = action_tool(action)
    qtbot.addWidget(made)
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert (pixels.spoken(made), made.objectName(), ear.heard) == ("Send", "send-tool", 1)


def test_one_of_a_few(qtbot: QtBot) -> None:
    segments = Segments([("JSON", ""), ("XML", "code")], 0)
    qtbot.addWidget(segments)
    second = segments.findChildren(QToolButton)[1]
    with qtbot.waitSignal(segments.chosen) as told:
        qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert (told.args, segments.current()) == ([1], 1)
    with qtbot.assertNotEmitted(segments.chosen):
        segments.choose(0)
    assert segments.current() == 0


def chips_of(filters: FilterChips) -> list[QToolButton]:
    return [chip for chip in filters.findChildren(QToolButton) if not chip.isHidden()]


def test_filters_can_be_switched_off(qtbot: QtBot) -> None:
    filters = FilterChips()
    qtbot.addWidget(filters)
    filters.show_filters([("error", "2 errors", "error"), ("note", "1 note", "note")])
    filters.show()
    assert filters.off() == frozenset()
    with qtbot.waitSignal(filters.changed):
        qtbot.mouseClick(chips_of(filters)[1], Qt.MouseButton.LeftButton)
    assert filters.off() == {"note"}


def test_filters_keep_their_state_when_the_counts_change(qtbot: QtBot) -> None:
    filters = FilterChips()
    qtbot.addWidget(filters)
    filters.show_filters([("error", "2 errors", "error"), ("note", "1 note", "note")])
    chips_of(filters)[0].setChecked(False)
    filters.show_filters([("warning", "1 warning", "warning"), ("error", "3 errors", "error")])
    texts = {chip.text(): chip.isChecked() for chip in chips_of(filters)}
    assert texts == {"3 errors": False, "1 warning": True}
    assert filters.off() == {"error"}


def test_a_filter_shows_the_shape_of_its_tone(qtbot: QtBot) -> None:
    filters = FilterChips()
    qtbot.addWidget(filters)
    filters.show_filters([("error", "2 errors", "error")])
    filters.resize(filters.sizeHint())
    assert LIGHT.error.solid in pixels.colours(filters)


def test_an_arrow_is_drawn_where_a_menu_opens(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    pictures = []
    for arrow in (False, True):
        made = tool("More", arrow=arrow)
        qtbot.addWidget(made)
        made.resize(120, 28)
        pictures.append(bytes(pixels.image_of(made).constBits()))
    assert pictures[0] != pictures[1]
