"""Tabs: what came to the front is told; what has no room is under More."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from workbench.ui.widgets import Tabs

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")
TITLES = ["Summary", "Headers", "Bundle", "Findings", "Wire"]


def a_row(qtbot: QtBot) -> Tabs:
    tabs = Tabs(TITLES, name="Details")
    qtbot.addWidget(tabs)
    tabs.resize(600, 40)
    tabs.show()
    return tabs


def shown(tabs: Tabs) -> list[str]:
    return [tabs.bar().tabText(n) for n in range(tabs.count()) if tabs.bar().isTabVisible(n)]


def under_more(tabs: Tabs) -> list[str]:
    return [action.text() for action in tabs.findChild(QMenu).actions()]


def test_a_click_and_the_keyboard_bring_a_tab_to_the_front(qtbot: QtBot) -> None:
    tabs = a_row(qtbot)
    with qtbot.waitSignal(tabs.chosen) as told:
        qtbot.mouseClick(tabs.bar(), Qt.MouseButton.LeftButton, pos=tabs.bar().tabRect(2).center())
    with qtbot.waitSignal(tabs.chosen) as next_:
        qtbot.keyClick(tabs.bar(), Qt.Key.Key_Right)
    assert (told.args, next_.args, tabs.current()) == ([2], [3], 3)
    assert tabs.bar().accessibleName() == "Details"


def test_words_can_change(qtbot: QtBot) -> None:
    tabs = a_row(qtbot)
    tabs.show_title(3, "Findings 1")
    assert shown(tabs) == ["Summary", "Headers", "Bundle", "Findings 1", "Wire"]


def test_words_are_never_cut(qtbot: QtBot) -> None:
    tabs = a_row(qtbot)
    metrics = tabs.bar().fontMetrics()
    assert all(tabs.bar().tabRect(n).width() >= metrics.horizontalAdvance(title) + 8 for n, title in enumerate(TITLES))


def test_what_has_no_room_is_under_more(qtbot: QtBot) -> None:
    tabs = a_row(qtbot)
    tabs.show_first(3)
    assert (shown(tabs), under_more(tabs)) == (["Summary", "Headers", "Bundle"], ["Findings", "Wire"])
    tabs.show_first(0)
    assert (shown(tabs), under_more(tabs)) == (TITLES, [])


def test_the_tab_in_front_never_hides(qtbot: QtBot) -> None:
    tabs = a_row(qtbot)
    tabs.choose(4)
    tabs.show_first(2)
    assert (shown(tabs), tabs.current()) == (["Summary", "Headers", "Wire"], 4)


def test_a_tab_under_more_comes_to_the_front(qtbot: QtBot) -> None:
    tabs = a_row(qtbot)
    tabs.show_first(3)
    menu = tabs.findChild(QMenu)
    with qtbot.waitSignal(tabs.chosen) as told:
        menu.actions()[1].trigger()
    assert (told.args, tabs.current(), "Wire" in shown(tabs)) == ([4], 4, True)
    assert "Findings" in under_more(tabs)


def test_fitting_tabs_go_under_more_where_the_row_is_narrow(qtbot: QtBot) -> None:
    tabs = Tabs(TITLES, name="Details", fitting=True)
    qtbot.addWidget(tabs)
    tabs.resize(900, 40)
    tabs.show()
    assert (shown(tabs), under_more(tabs)) == (TITLES, [])
    tabs.resize(220, 40)
    qtbot.waitUntil(lambda: len(under_more(tabs)) > 0)
    assert [*shown(tabs), *under_more(tabs)] == TITLES
    assert sum(tabs.bar().tabRect(n).width() for n in range(len(TITLES)) if tabs.bar().isTabVisible(n)) <= 220
    tabs.choose(4)
    assert "Wire" in shown(tabs)
    assert "Wire" not in under_more(tabs)
    tabs.resize(900, 40)
    qtbot.waitUntil(lambda: under_more(tabs) == [])
    assert tabs.bar().tabRect(0).left() == 0, "nothing is scrolled away"
