"""The source of a draft in the running window: find, replace, format, back to the text with Escape, brackets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from workbench.ui.context import PanelId

if TYPE_CHECKING:
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
