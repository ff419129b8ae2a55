"""Painted rows: the delegate asks for height and painting, and gives painters back whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QStringListModel, Qt

from tests.ui.widgets import pixels
from workbench.ui.theme import LIGHT
from workbench.ui.widgets import RowDelegate, RowPaint, list_view

if TYPE_CHECKING:
    from PySide6.QtWidgets import QListView
    from pytestqt.qtbot import QtBot

    from workbench.ui.widgets.rows import Index

pytestmark = pytest.mark.usefixtures("our_style")


class Things:
    """Paints rows with every part there is, and notes which row was painted as chosen."""

    def __init__(self) -> None:
        self.chosen: dict[str, bool] = {}
        self.ends: list[tuple[float, float, float]] = []

    def height(self, index: Index) -> int:
        return 30 + 10 * index.row()

    def paint(self, paint: RowPaint, index: Index) -> None:
        words = str(index.data())
        self.chosen[words] = paint.chosen
        after_shape = paint.shape("error", paint.box.x() + 10, tone="error")
        wide = paint.text(paint.box.adjusted(40, 0, 0, 0), words, weight=600)
        after_chip = paint.chip("Answered", "ok", 120, paint.box.center().y(), most=90)
        paint.rule()
        self.ends.append((after_shape, wide, after_chip))


def a_list(qtbot: QtBot, things: Things) -> QListView:
    view = list_view(
        QStringListModel(["one", "two"], parent=None),
        RowDelegate(None, things.height, things.paint),
        name="Things",
        object_name="things",
    )
    qtbot.addWidget(view)
    view.resize(300, 120)
    view.show()
    return view


def test_heights_come_from_the_function(qtbot: QtBot) -> None:
    view = a_list(qtbot, Things())
    assert [view.sizeHintForRow(n) for n in range(2)] == [30, 40]
    assert (pixels.spoken(view), view.objectName()) == ("Things", "things")


def test_rows_are_painted_with_their_parts(qtbot: QtBot) -> None:
    things = Things()
    view = a_list(qtbot, things)
    view.setCurrentIndex(view.model().index(1, 0))
    found = pixels.colours(view)
    assert {LIGHT.error.solid, LIGHT.ok.bg, LIGHT.hairline, LIGHT.selected, LIGHT.accent} <= set(found)
    assert things.chosen == {"one": False, "two": True}
    after_shape, wide, after_chip = things.ends[-1]
    assert (after_shape, after_chip <= 210, wide > 0) == (things.ends[0][0], True, True)


def test_the_chosen_row_has_no_rule(qtbot: QtBot) -> None:
    view = a_list(qtbot, Things())
    before = pixels.colours(view)[LIGHT.hairline]
    view.setCurrentIndex(view.model().index(0, 0))
    assert pixels.colours(view)[LIGHT.hairline] < before


def test_the_list_never_scrolls_sideways(qtbot: QtBot) -> None:
    view = a_list(qtbot, Things())
    assert view.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    assert view.itemDelegate().parent() is view
