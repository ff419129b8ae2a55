"""A long text is put in piece by piece and nothing is lost meanwhile; also code_colours and code_painting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from workbench.ui.widgets import code_loading
from workbench.ui.widgets.code_editor import CodeEditor

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")

TEXT = "".join(f'{{"line": {number}}}\n' for number in range(12_000))


@pytest.fixture
def editor(qtbot: QtBot) -> CodeEditor:
    made = CodeEditor()
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show_text(TEXT, xml=False)
    made.show()
    return made


def test_the_first_screen_is_there_at_once_and_the_whole_text_can_be_read(editor: CodeEditor) -> None:
    assert editor.document().characterCount() < len(TEXT) // 2
    assert editor.document().findBlockByNumber(100).text() == '{"line": 100}'
    assert editor.toPlainText() == TEXT
    assert editor.rest()


def test_the_rest_follows_by_itself_and_is_no_edit(qtbot: QtBot, editor: CodeEditor) -> None:
    with qtbot.assertNotEmitted(editor.edited):
        qtbot.waitUntil(lambda: not editor.rest(), timeout=20_000)
    assert editor.toPlainText() == TEXT
    assert editor.document().characterCount() == len(TEXT) + 1
    assert editor.isUndoRedoEnabled()
    assert not editor.document().isUndoAvailable()


def test_what_is_typed_meanwhile_stands_where_it_was_typed(qtbot: QtBot, editor: CodeEditor) -> None:
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClick(editor, Qt.Key.Key_X)
    assert editor.rest()
    assert editor.toPlainText() == "x" + TEXT
    qtbot.waitUntil(lambda: not editor.rest(), timeout=20_000)
    assert editor.toPlainText() == "x" + TEXT
    assert editor.place() == (1, 2), "the cursor stays"


def test_a_place_further_down_is_gone_to_as_soon_as_it_is_there(qtbot: QtBot, editor: CodeEditor) -> None:
    editor.go_to(11_000, 3)
    assert editor.place() == (1, 1)
    qtbot.waitUntil(lambda: editor.place() == (11_000, 3), timeout=20_000)


def test_a_search_looks_into_what_is_not_there_yet(editor: CodeEditor) -> None:
    assert editor.find_text("11999")
    assert editor.place()[0] == 12_000
    assert not editor.rest()


def test_another_text_takes_the_place_of_one_that_is_on_its_way(qtbot: QtBot, editor: CodeEditor) -> None:
    editor.show_text("{}", xml=False)
    assert (editor.toPlainText(), editor.rest()) == ("{}", "")
    qtbot.keyClick(editor, Qt.Key.Key_X)
    editor.undo()
    assert editor.toPlainText() == "{}"


def test_a_text_on_one_long_line_is_shown_whole(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_loading, "LONG_LINE", 4000)
    made = CodeEditor()
    qtbot.addWidget(made)
    text = "[\n" + "1," * 70_000 + "1\n]"
    made.show_text(text, xml=False)
    assert (made.rest(), made.toPlainText()) == ("", text)
