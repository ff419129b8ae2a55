"""The table: columns share the room, a row is chosen as a whole, cells are chips where they have a status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.ui.widgets import pixels
from workbench.ui.models.table import Column
from workbench.ui.theme import LIGHT, scaled
from workbench.ui.widgets import DataTable
from workbench.ui.widgets.table import shared

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")
COLUMNS = (
    Column[str]("No.", str, width=60),
    Column[str]("Path", str),
    Column[str]("Answer", str, width=120, tone=lambda text: "error" if text == "422" else ""),
)


def a_table(qtbot: QtBot, rows: tuple[str, ...] = ("200", "422"), *, fit: bool = False, width: int = 600) -> DataTable:
    table = DataTable(COLUMNS, name="Calls", fit=fit, object_name="calls")
    qtbot.addWidget(table)
    table.show_rows(rows)
    table.resize(width, 200)
    table.show()
    return table


def widths(table: DataTable) -> list[int]:
    return [table.columnWidth(n) for n in range(len(COLUMNS))]


@pytest.mark.parametrize(
    ("wanted", "room", "widths"),
    [
        ({0: 60, 1: 0}, 400, {0: 60, 1: 340}),
        ({0: 0, 1: 60, 2: 0}, 401, {0: 170, 1: 60, 2: 171}),
        ({0: 60, 1: 100}, 400, {0: 60, 1: 340}),
        ({0: 300, 1: 300}, 400, {0: 200, 1: 200}),
        ({0: 30, 1: 500}, 400, {0: 30, 1: 370}),
        ({0: 300, 1: 300}, 10, {0: 48, 1: 48}),
    ],
)
def test_columns_share_the_room(
    qapp: object, monkeypatch: pytest.MonkeyPatch, wanted: dict[int, int], room: int, widths: dict[int, int]
) -> None:
    monkeypatch.setattr("workbench.ui.widgets.table.scaled", int)
    assert shared(wanted, room) == widths


def test_columns_fill_the_table(qtbot: QtBot) -> None:
    table = a_table(qtbot)
    assert sum(widths(table)) == table.viewport().width()
    assert widths(table)[0] == scaled(60)
    assert table.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("width", [150, 200, 240, 300, 333])
def test_a_narrow_table_does_not_scroll_sideways(qtbot: QtBot, width: int) -> None:
    table = a_table(qtbot, width=width)
    table.resize(width - 1, 200)
    table.resize(width, 200)
    assert table.horizontalScrollBar().maximum() == 0


def test_columns_can_be_left_out(qtbot: QtBot) -> None:
    table = a_table(qtbot)
    table.hide_columns([2])
    assert (table.isColumnHidden(2), widths(table)[0] + widths(table)[1]) == (True, table.viewport().width())


def test_a_row_is_chosen_as_a_whole_and_told_once(qtbot: QtBot) -> None:
    table = a_table(qtbot)
    heard: list[object] = []
    table.chosen.connect(heard.append)
    first = table.visualRect(table.table().index(0, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=first)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=first + QPoint(200, 0))
    assert (heard, table.value()) == (["200"], "200")
    assert len(table.selectedIndexes()) == 3


def test_the_keyboard_goes_down_the_rows_and_tab_leaves(qtbot: QtBot) -> None:
    table = a_table(qtbot)
    table.choose(0)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert (table.value(), table.tabKeyNavigation()) == ("422", False)


def test_nothing_is_chosen_at_first(qtbot: QtBot) -> None:
    table = a_table(qtbot)
    table.choose(7)
    assert table.value() is None


def test_the_chosen_row_stays_while_values_change(qtbot: QtBot) -> None:
    table = a_table(qtbot)
    table.choose(1)
    table.show_rows(("200", "503"))
    assert table.value() == "503"


def test_cells_with_a_status_are_chips(qtbot: QtBot) -> None:
    table = a_table(qtbot, ("422",))
    assert LIGHT.error.bg in pixels.colours(table)
    table.show_rows(("200",))
    assert LIGHT.error.bg not in pixels.colours(table)


def test_a_chosen_row_is_tinted_with_a_bar(qtbot: QtBot) -> None:
    table = a_table(qtbot)
    table.choose(0)
    found = pixels.colours(table)
    assert found[LIGHT.selected] > 2000
    assert LIGHT.accent in found


def test_a_table_in_a_page_is_as_tall_as_its_rows(qtbot: QtBot) -> None:
    table = a_table(qtbot, fit=True)
    two = table.sizeHint().height()
    table.show_rows(("1", "2", "3"))
    three = table.sizeHint().height()
    assert three - two == table.rowHeight(0)
    table.resize(600, three)
    assert table.verticalScrollBar().maximum() == 0
    assert (table.objectName(), pixels.spoken(table)) == ("calls", "Calls")
