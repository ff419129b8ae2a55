"""The source editor: marks, folds, places, search and repairs; its painting in both themes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from tests.ui.widgets import pixels
from workbench.ui.theme import DARK, LIGHT, THEMES, Theme, palette_for
from workbench.ui.widgets import code_editor
from workbench.ui.widgets.code_editor import CodeEditor
from workbench.ui.widgets.code_painting import Mark
from workbench.ui.widgets.find_hits import pattern_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")

TEXT = """{
  "resourceType": "Patient",
  "name": [
    {
      "family": "Jones"
    }
  ],
  "active": true
}
"""
WRONG = Mark(5, 7, 8, "error", "No such name", "Use Smith")
ODD = Mark(8, 3, 0, "warning", "Odd")


def an_editor(qtbot: QtBot, text: str = TEXT, *, xml: bool = False) -> CodeEditor:
    editor = CodeEditor()
    qtbot.addWidget(editor)
    editor.resize(700, 300)
    editor.show_text(text, xml=xml)
    editor.show()
    return editor


def visible_lines(editor: CodeEditor) -> list[int]:
    document = editor.document()
    return [n + 1 for n in range(document.blockCount()) if document.findBlockByNumber(n).isVisible()]


def line_middle(editor: CodeEditor, line: int) -> int:
    block = editor.document().findBlockByNumber(line - 1)
    return round(editor.blockBoundingGeometry(block).translated(editor.contentOffset()).center().y())


def test_showing_a_text_is_no_edit(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    with qtbot.assertNotEmitted(editor.edited):
        editor.show_text("{}", xml=False)
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClicks(editor, " ")
    assert pixels.spoken(editor) == "Message source"


def test_a_replacement_is_one_step_back_and_keeps_the_line(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    editor.go_to(5, 3)
    with qtbot.waitSignal(editor.edited):
        editor.replace_text(TEXT.replace("Jones", "Smith"))
    assert (editor.place(), "Smith" in editor.toPlainText()) == ((5, 1), True)
    editor.undo()
    assert editor.toPlainText() == TEXT


def test_places_are_counted_from_one(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    with qtbot.waitSignal(editor.place_changed):
        editor.go_to(5, 7)
    assert (editor.place(), editor.crumbs()) == ((5, 7), ("name 0", "family"))
    editor.go_to(5, 999)
    end_of_line = editor.place()
    editor.go_to(999, 1)
    assert (end_of_line, editor.place()) == ((5, 24), (5, 24))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_marks_are_painted_in_the_colours_of_their_tone(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    qapp.setPalette(palette_for(theme))
    editor = an_editor(qtbot)
    before = set(pixels.colours(editor))
    editor.show_marks([WRONG, ODD])
    found = set(pixels.colours(editor))
    tones = {theme.error.bg, theme.error.solid, theme.warning.bg, theme.warning.solid}
    assert tones <= found
    assert not tones & before
    editor.show_marks([])
    assert not tones & set(pixels.colours(editor))


def test_the_text_is_coloured(qtbot: QtBot) -> None:
    editor = an_editor(qtbot, "\n".join(['  "key": "some text",'] * 12))
    found = pixels.colours(editor)
    assert {LIGHT.syn_key, LIGHT.syn_str} <= set(found)


def test_colours_follow_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    editor = an_editor(qtbot, "\n".join(['  "key": "some text",'] * 12))
    qapp.setPalette(palette_for(DARK))
    qapp.processEvents()
    assert {DARK.syn_key, DARK.syn_str} <= set(pixels.colours(editor))


def test_a_very_large_text_is_shown_without_colours(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_editor, "COLOURED_UP_TO", 10)
    editor = an_editor(qtbot, "\n".join(['  "key": "some text",'] * 12))
    assert not {LIGHT.syn_key, LIGHT.syn_str} & set(pixels.colours(editor))


def test_a_click_on_a_repair_asks_for_it(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    editor.show_marks([ODD, WRONG])
    editor.grab()
    ((box, number),) = editor._chips
    with qtbot.waitSignal(editor.fix_asked) as told:
        qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert (told.args, number) == ([1], 1)


def test_alt_enter_asks_for_the_repair_on_the_line(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    editor.show_marks([ODD, WRONG])
    editor.go_to(5, 1)
    with qtbot.waitSignal(editor.fix_asked) as told:
        qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    editor.go_to(1, 1)
    with qtbot.assertNotEmitted(editor.fix_asked):
        qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert (told.args, editor.mark_at_cursor(), editor.toPlainText()) == ([1], None, TEXT)


def test_lines_fold_away_by_a_click_in_the_gutter(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    qtbot.mousePress(editor._gutter, Qt.MouseButton.LeftButton, pos=QPoint(40, line_middle(editor, 3)))
    folded = visible_lines(editor)
    editor.fold_at(QPointF(0, line_middle(editor, 3)).y())
    assert (folded, visible_lines(editor)) == ([1, 2, 3, 7, 8, 9, 10], list(range(1, 11)))


def test_going_to_a_folded_line_unfolds_it(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    editor.toggle_fold(2)
    editor.toggle_fold(1)
    editor.go_to(5, 1)
    assert (editor.place(), 5 in visible_lines(editor)) == ((5, 1), True)


def test_a_search_goes_round(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    editor.go_to(8, 1)
    assert editor.find_text("Jones")
    found = editor.place()[0]
    assert editor.find_text("resourceType", backwards=True)
    assert (found, editor.place()[0]) == (5, 2)
    before = editor.place()
    assert not editor.find_text("not there")
    assert not editor.find_text("")
    assert editor.place() == before


def test_a_click_in_the_overview_goes_there(qtbot: QtBot) -> None:
    editor = an_editor(qtbot, "\n".join(str(n) for n in range(100)))
    strip = editor._overview
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(4, strip.height() // 2))
    assert 48 <= editor.place()[0] <= 53


def test_the_strips_stand_beside_the_text(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    gutter, strip, view = editor._gutter.geometry(), editor._overview.geometry(), editor.viewport().geometry()
    assert gutter.right() < view.left()
    assert strip.left() > view.right()
    assert gutter.left() == editor.contentsRect().left()


def test_xml_is_coloured_as_xml(qtbot: QtBot) -> None:
    editor = an_editor(qtbot, "\n".join(['<family value="Jones"/>'] * 12), xml=True)
    as_xml = pixels.colours(editor)[LIGHT.syn_key]
    editor.set_xml(False)
    assert as_xml > pixels.colours(editor)[LIGHT.syn_key]


def test_a_long_finding_gives_way_to_its_repair_and_neither_leaves_the_view(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    editor.show_marks(
        [Mark(5, 7, 8, "error", "A sentence that is far too long for the end of a line " * 3, "Use Smith")]
    )
    editor.grab()
    ((box, number),) = editor._chips
    assert number == 0
    assert box.right() <= editor.viewport().width()
    editor.resize(330, 300)
    editor.grab()
    assert editor._chips == [], "where there is no room for words the shape in the gutter says it"


def test_the_tip_of_a_line_says_all_that_is_found_in_it(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    editor.show_marks([WRONG, replace(WRONG, text="A <b>second</b> thing")])
    place = QPoint(10, line_middle(editor, 5))
    for widget in (editor.viewport(), editor._gutter):
        event = QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place))
        QCoreApplication.sendEvent(widget, event)
        qtbot.waitUntil(lambda: "No such name" in QToolTip.text())
        assert "<b>second" not in QToolTip.text(), "text from outside is no markup"
        QToolTip.hideText()


def test_hits_are_framed_wherever_they_are_in_sight(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    plain = editor.viewport().grab().toImage()
    editor.show_hits(pattern_of("jones", case=False))
    assert editor.viewport().grab().toImage() != plain
    editor.show_hits(pattern_of("jones", case=True))
    assert editor.viewport().grab().toImage() == plain
    editor.show_hits(None)
    assert editor.viewport().grab().toImage() == plain
