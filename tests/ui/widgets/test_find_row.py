"""Finding and replacing by keyboard in an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QVBoxLayout, QWidget

from workbench.ui.widgets.code_editor import CodeEditor
from workbench.ui.widgets.find_row import Finder, FindRow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")

TEXT = "one\ntwo\nOne\nthree one\n"


class Desk(QWidget):
    """A field, an editor and the row with the hits and what replaces them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.field, self.editor = QLineEdit(), CodeEditor()
        self.editor.show_text(text, xml=False)
        self.finder = Finder(self.field, self.editor)
        self.replacing = FindRow(self.finder, self.field, self.editor)
        layout = QVBoxLayout(self)
        for part in (self.field, self.replacing, self.editor):
            layout.addWidget(part)

    def focus(self) -> QWidget | None:
        return self.focusWidget()

    def with_(self) -> QLineEdit:
        found = self.replacing.findChild(QLineEdit, "replace-with")
        assert found is not None
        return found


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    made = Desk(TEXT)
    qtbot.addWidget(made)
    made.show()
    return made


def test_enter_goes_on_and_shift_enter_goes_back(qtbot: QtBot, desk: Desk) -> None:
    desk.field.setFocus()
    qtbot.keyClicks(desk.field, "one")
    places = []
    for modifier in (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.ShiftModifier,
    ):
        qtbot.keyClick(desk.field, Qt.Key.Key_Return, modifier)
        places.append(desk.editor.place()[0])
    assert places == [1, 3, 4, 1, 4]
    assert desk.field.property("severity") is None
    qtbot.keyClicks(desk.field, "x")
    qtbot.keyClick(desk.field, Qt.Key.Key_Return)
    assert desk.field.property("severity") == "error"
    qtbot.keyClick(desk.field, Qt.Key.Key_Backspace)
    assert desk.field.property("severity") is None


def test_escape_goes_back_to_the_text(qtbot: QtBot, desk: Desk) -> None:
    desk.field.setFocus()
    assert desk.focus() is desk.field
    qtbot.keyClick(desk.field, Qt.Key.Key_Escape)
    assert desk.focus() is desk.editor


def test_the_chosen_hit_is_replaced_and_the_next_one_chosen(qtbot: QtBot, desk: Desk) -> None:
    desk.field.setText("one")
    desk.replacing.start()
    assert desk.focus() is desk.with_()
    qtbot.keyClicks(desk.with_(), "1")
    qtbot.keyClick(desk.with_(), Qt.Key.Key_Return)
    assert desk.editor.toPlainText() == TEXT, "nothing was chosen yet: the first hit is chosen now"
    qtbot.keyClick(desk.with_(), Qt.Key.Key_Return)
    assert desk.editor.toPlainText() == "1\ntwo\nOne\nthree one\n"
    assert desk.editor.textCursor().selectedText() == "One"


def test_all_hits_are_replaced_as_one_step_and_counted(qtbot: QtBot, desk: Desk) -> None:
    desk.field.setText("ONE")
    desk.replacing.start()
    desk.with_().setText(r"\1")
    button = desk.replacing.findChild(QAbstractButton, "replace-all")
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.editor.toPlainText() == "\\1\ntwo\n\\1\nthree \\1\n"
    assert "3 replaced" in [one.text() for one in desk.replacing.findChildren(QLabel)]
    desk.editor.undo()
    assert desk.editor.toPlainText() == TEXT
    desk.field.setText("")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "0 replaced" in [one.text() for one in desk.replacing.findChildren(QLabel)]


def test_escape_closes_the_row_and_without_words_the_field_comes_first(qtbot: QtBot, desk: Desk) -> None:
    desk.replacing.start()
    assert desk.focus() is desk.field
    desk.with_().setFocus()
    qtbot.keyClick(desk.with_(), Qt.Key.Key_Escape)
    assert not desk.replacing.isVisible()
    assert desk.focus() is desk.editor


def count(desk: Desk) -> str:
    found = desk.replacing.findChild(QLabel, "find-count")
    assert found is not None
    return found.text()


def test_the_row_counts_the_hits_and_says_which_one_is_chosen(qtbot: QtBot, desk: Desk) -> None:
    desk.field.setFocus()
    qtbot.keyClicks(desk.field, "one")
    qtbot.waitUntil(lambda: count(desk) == "3 hits")
    for words in ("1 of 3", "2 of 3", "3 of 3", "1 of 3"):
        qtbot.keyClick(desk.field, Qt.Key.Key_Return)
        assert count(desk) == words
    desk.editor.go_to(2, 1)
    assert count(desk) == "3 hits", "no hit is chosen"
    qtbot.keyClicks(desk.editor, "one ")
    qtbot.waitUntil(lambda: count(desk) == "4 hits")
    qtbot.keyClicks(desk.field, "x")
    qtbot.waitUntil(lambda: count(desk) == "No hits")


def test_capitals_matter_where_they_are_asked_to(qtbot: QtBot, desk: Desk) -> None:
    desk.field.setText("One")
    desk.replacing.start()
    assert count(desk) == "3 hits"
    case = desk.replacing.findChild(QAbstractButton, "find-case")
    assert case is not None
    qtbot.mouseClick(case, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: count(desk) == "1 hit")
    assert desk.finder.find()
    assert desk.editor.place()[0] == 3
    assert count(desk) == "1 of 1"
    desk.with_().setText("1")
    for name in ("replace-one", "replace-all"):
        button = desk.replacing.findChild(QAbstractButton, name)
        assert button is not None
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.editor.toPlainText() == "one\ntwo\n1\nthree one\n"


def test_buttons_go_on_and_back_and_escape_in_the_text_puts_the_row_away(qtbot: QtBot, desk: Desk) -> None:
    desk.field.setText("one")
    desk.replacing.start_find()
    places = []
    for name in ("find-next", "find-next", "find-previous"):
        button = desk.replacing.findChild(QAbstractButton, name)
        assert button is not None
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        places.append(desk.editor.place()[0])
    assert places == [1, 3, 1]
    assert not desk.with_().isVisible()
    desk.editor.setFocus()
    qtbot.keyClick(desk.editor, Qt.Key.Key_Escape)
    assert not desk.replacing.isVisible()


def test_what_is_read_only_is_not_replaced(desk: Desk) -> None:
    desk.editor.setReadOnly(True)
    assert desk.finder.find() is False, "nothing is looked for yet"
    desk.field.setText("one")
    assert desk.finder.find()
    assert not desk.editor.replace_hit("one", "1")
    assert desk.editor.replace_all("one", "1") == 0
    assert desk.editor.toPlainText() == TEXT
