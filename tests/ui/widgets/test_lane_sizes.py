"""The button for the size of the lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QMenu

from workbench.ui.widgets.lane_sizes import LaneSizes

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")


def test_its_menu_zooms_and_shows_every_call(qtbot: QtBot) -> None:
    sizes = LaneSizes()
    qtbot.addWidget(sizes)
    told: list[object] = []
    sizes.steps.connect(told.append)
    sizes.unfolded.connect(told.append)
    larger, smaller, designed, _, every = sizes.findChild(QMenu).actions()
    for action in (larger, smaller, designed, every, every):
        action.trigger()
    assert told == [1, -1, 0, True, False]
