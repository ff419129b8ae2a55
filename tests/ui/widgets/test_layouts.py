"""Rows and columns: every kind of item lands where it is written, lengths are scaled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel

from workbench.ui.theme import scaled
from workbench.ui.widgets import clear, column, holder, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


def test_items_stand_in_the_order_written(qtbot: QtBot) -> None:
    first, second, third = QLabel("a"), QLabel("b"), QLabel("c")
    inner = column(second)
    made = row(first, (inner, 2), 10, None, (third, 1, Qt.AlignmentFlag.AlignTop), margins=(1, 2, 3, 4), spacing=6)
    held = holder(made)
    qtbot.addWidget(held)
    kinds = [
        made.itemAt(n).widget() or made.itemAt(n).layout() or made.itemAt(n).spacerItem() for n in range(made.count())
    ]
    assert kinds[:2] == [first, inner]
    assert kinds[4] is third
    assert [made.stretch(n) for n in range(made.count())] == [0, 2, 0, 1, 1]
    assert made.itemAt(4).alignment() == Qt.AlignmentFlag.AlignTop
    assert made.spacing() == scaled(6)


def test_lengths_are_those_of_the_design(qtbot: QtBot, qapp: QApplication) -> None:
    large = QFont(qapp.font())
    large.setPointSizeF(19.5)
    qapp.setFont(large)
    made = column(QLabel("a"), 5, margins=(16, 10, 12, 7), spacing=8)
    margins = made.contentsMargins()
    assert (margins.left(), margins.top(), margins.right(), margins.bottom()) == (32, 20, 24, 14)
    assert (made.spacing(), made.itemAt(1).sizeHint().height()) == (16, 10)


def test_room_that_grows_pushes_apart(qtbot: QtBot) -> None:
    first, second = QLabel("a"), QLabel("b")
    made = holder(row(first, None, second))
    qtbot.addWidget(made)
    made.resize(400, 30)
    made.grab()
    assert (first.x(), second.geometry().right()) == (0, 399)


def test_anything_else_is_refused(qapp: object) -> None:
    with pytest.raises(TypeError, match="str"):
        row("text")


def test_clearing_keeps_the_last_items(qtbot: QtBot) -> None:
    first, second, last = QLabel("a"), QLabel("b"), QLabel("c")
    made = column(first, None, second, last)
    held = holder(made)
    qtbot.addWidget(held)
    held.show()
    clear(made, keep=1)
    assert made.count() == 1
    assert (first.isVisible(), second.isVisible(), last.isVisible()) == (False, False, True)
    clear(made)
    clear(made)
    assert made.count() == 0
