"""The source of a draft in the running window: find, replace, format, back to the text with Escape, brackets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from workbench.ui.context import PanelId

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.driving import Person


def test_escape_in_the_find_field_returns_to_the_text(person: Person) -> None:
    person.compose()
    person.run("find")
    field = person.find(QLineEdit, "find-in-message")
    person.until(lambda: person.window.focusWidget() is field)
    person.bot.keyClicks(field, "ServiceRequest")
    person.bot.keyClick(field, Qt.Key.Key_Return)
    line = person.source.place()[0]
    assert line > 1
    person.bot.keyClick(field, Qt.Key.Key_Escape)
    person.until(lambda: person.window.focusWidget() is person.source)
    assert person.source.place()[0] == line
    assert person.window.panel(PanelId.COMPOSE).isVisible()


def test_everything_is_replaced_by_keyboard_and_one_undo_takes_it_back(person: Person) -> None:
    person.compose()
    before = person.source.toPlainText()
    family = json.loads(before)["meta"]["versionId"]
    person.run("find")
    person.type_into("find-in-message", family)
    person.run("replace")
    row = person.find(QLineEdit, "replace-with")
    person.until(lambda: person.window.focusWidget() is row)
    person.bot.keyClicks(row, "9.9.9")
    person.bot.mouseClick(person.find(QAbstractButton, "replace-all"), Qt.MouseButton.LeftButton)
    assert person.source.toPlainText() == before.replace(family, "9.9.9")
    person.until(lambda: "BUN-006" in person.rules())
    person.bot.keyClick(row, Qt.Key.Key_Escape)
    person.until(lambda: person.window.focusWidget() is person.source)
    assert not row.isVisible()
    person.source.undo()
    person.until(lambda: person.source.toPlainText() == before)


def test_keys_go_from_hit_to_hit_and_say_which_one_it_is(person: Person) -> None:
    person.compose()
    hits = person.source.toPlainText().lower().count("servicerequest")
    person.run("find")
    field = person.find(QLineEdit, "find-in-message")
    person.bot.keyClicks(field, "servicerequest")
    count = person.find(QLabel, "find-count")
    person.until(lambda: count.text() == f"{hits} hits")
    lines = []
    for id, number in (
        ("find-next-hit", 1),
        ("find-next-hit", 2),
        ("find-previous-hit", 1),
        ("find-previous-hit", hits),
    ):
        person.run(id)
        assert count.text() == f"{number} of {hits}"
        lines.append(person.source.place()[0])
    assert lines[0] == lines[2] < lines[1] < lines[3]
    assert (person.action("find-next-hit").shortcut().toString(), person.action("find").shortcut().toString()) == (
        "F3",
        "Ctrl+F",
    )
    person.bot.keyClick(person.source, Qt.Key.Key_Escape)
    assert not count.isVisible()
    person.look("Form")
    person.run("find-next-hit")
    person.until(count.isVisible)
    assert count.text() == f"1 of {hits}", "what was looked for last is found from any view"


def test_the_line_above_the_text_says_in_words_where_the_cursor_stands(person: Person) -> None:
    person.compose()
    lines = person.source.toPlainText().splitlines()
    person.source.go_to(next(n for n, one in enumerate(lines, 1) if '"intent"' in one), 10)
    strip = person.words(person.window.panel(PanelId.COMPOSE))
    assert "Referral (ServiceRequest)" in strip
    assert person.find(QLabel, "source-here").text() == "intent"


def test_over_a_mebibyte_form_and_tree_say_what_to_do(person: Person, tmp_path: Path) -> None:
    person.compose()
    file = tmp_path / "large.json"
    file.write_text(person.source.toPlainText().replace('"id":', f'"language": "{"x" * (1 << 20)}",\n  "id":', 1))
    person.window.open_files([str(file)])
    panel = person.window.panel(PanelId.COMPOSE)
    person.until(lambda: panel._verdict is not None and panel._verdict.too_large)
    for view in ("Form", "Tree"):
        person.look(view)
        person.until(lambda: "too large for form and tree" in person.words(panel))
        button = next(one for one in panel.findChildren(QAbstractButton) if one.text() == "Open the source")
        person.until(button.isVisible)
        person.bot.mouseClick(button, Qt.MouseButton.LeftButton)
        person.until(person.source.isVisible)
    before = len(person.source.toPlainText())
    person.bot.keyClicks(person.source, " ")
    assert len(person.source.toPlainText()) == before + 1


def test_a_text_is_formatted_as_one_step(person: Person) -> None:
    person.compose()
    before = person.source.toPlainText()
    flat = json.dumps(json.loads(before), ensure_ascii=False)
    person.source.setPlainText(flat)
    person.judged()
    person.run("lay-out")
    person.until(lambda: person.source.toPlainText() == before)
    person.source.undo()
    person.until(lambda: person.source.toPlainText() == flat)


def test_a_text_that_does_not_end_is_not_formatted(person: Person) -> None:
    person.compose()
    person.source.setPlainText('{"resourceType": "Bund')
    person.judged()
    person.run("lay-out")
    person.until(lambda: "does not end" in person.toasts())
    assert person.source.toPlainText() == '{"resourceType": "Bund'


def test_the_bracket_at_the_cursor_and_its_partner_are_marked(person: Person) -> None:
    person.compose()
    person.source.go_to(1, 1)
    pair = [one.cursor.selectedText() for one in person.source.extraSelections()[1:]]
    assert pair == ["{", "}"]
    person.source.go_to(2, 4)
    assert len(person.source.extraSelections()) == 1
