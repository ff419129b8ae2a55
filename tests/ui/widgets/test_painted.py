"""Tables painted in one go: every row in sight and no other, the chosen one, and painters given back whole."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QStringListModel

import workbench.ui
from tests.ui.widgets import pixels
from workbench.ui.theme import DARK, LIGHT, palette_for
from workbench.ui.widgets import RowDelegate, RowPaint, TallList

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from workbench.ui.widgets.rows import Index

pytestmark = pytest.mark.usefixtures("our_style")
COUNT, HEIGHT = 100, 30


class Seen:
    """Which rows were painted, and which as the chosen one."""

    def __init__(self) -> None:
        self.rows: dict[int, bool] = {}
        self.parts: dict[int, tuple[object, ...]] = {}
        """What rows are made of; the others are painted each time."""

    def made_of(self, index: Index) -> tuple[object, ...]:
        return self.parts.get(index.row(), ())

    def paint(self, paint: RowPaint, index: Index) -> None:
        self.rows[index.row()] = paint.chosen
        paint.text(paint.box, str(index.data()))


def a_list(qtbot: QtBot, seen: Seen) -> TallList:
    model = QStringListModel([f"row {number}" for number in range(COUNT)])
    view = TallList(model, RowDelegate(None, lambda _: HEIGHT, seen.paint), seen.made_of, name="Things")
    model.setParent(view)
    view.show_height(HEIGHT)
    qtbot.addWidget(view)
    view.resize(200, 4 * HEIGHT)
    view.show()
    return view


def test_only_what_is_in_sight_is_painted(qtbot: QtBot) -> None:
    seen = Seen()
    view = a_list(qtbot, seen)
    pixels.image_of(view)
    assert set(seen.rows) == {0, 1, 2, 3}
    seen.rows.clear()
    view.scrollToBottom()
    pixels.image_of(view)
    assert set(seen.rows) == {96, 97, 98, 99}


def test_a_list_shorter_than_its_place_is_painted_to_its_end(qtbot: QtBot) -> None:
    seen = Seen()
    view = a_list(qtbot, seen)
    view.resize(200, (COUNT + 5) * HEIGHT)
    pixels.image_of(view)
    assert set(seen.rows) == set(range(COUNT))


def test_the_chosen_row_is_painted_so(qtbot: QtBot) -> None:
    seen = Seen()
    view = a_list(qtbot, seen)
    view.setCurrentIndex(view.model().index(2, 0))
    assert LIGHT.accent in pixels.colours(view)
    assert [row for row, chosen in seen.rows.items() if chosen] == [2]


def test_a_row_whose_parts_are_the_same_is_not_painted_again(qtbot: QtBot) -> None:
    seen = Seen()
    view = a_list(qtbot, seen)
    once = pixels.image_of(view)
    seen.parts = {row: (f"value {row}",) for row in range(4)}
    assert pixels.image_of(view) == once
    seen.rows.clear()
    assert pixels.image_of(view) == once
    assert not seen.rows
    seen.parts[1] = (seen.parts[1][0], "more")
    pixels.image_of(view)
    assert set(seen.rows) == {1}


@pytest.mark.parametrize("change", ["chosen", "width", "colours"])
def test_a_row_that_looks_otherwise_is_painted_again(qtbot: QtBot, change: str) -> None:
    seen = Seen()
    view = a_list(qtbot, seen)
    seen.parts = {row: (f"value {row}",) for row in range(4)}
    pixels.image_of(view)
    seen.rows.clear()
    if change == "chosen":
        view.setCurrentIndex(view.model().index(2, 0))
    elif change == "width":
        view.resize(260, 4 * HEIGHT)
    else:
        view.setPalette(palette_for(DARK))
    pixels.image_of(view)
    assert set(seen.rows) == ({2} if change == "chosen" else {0, 1, 2, 3})


def test_every_painter_of_the_window_is_ended_whatever_happens() -> None:
    """One that is left active by an exception ends the program with a crash."""
    loose = []
    for path in Path(workbench.ui.__path__[0]).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        held = {id(item.context_expr) for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items}
        loose += [
            f"{path.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QPainter"
            if id(node) not in held
        ]
    assert loose == []
