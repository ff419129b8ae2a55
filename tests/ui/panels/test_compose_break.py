"""Break it in the running window: the list, a fault picked by keyboard, undone, and none of it in production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListView, QWidget

from workbench.ui.widgets import ChoicePopup

if TYPE_CHECKING:
    from tests.ui.driving import Person
    from workbench.ui.widgets.picker import ChoiceModel


def opened(person: Person) -> ChoicePopup:
    """The list of faults, opened by its shortcut."""
    person.run("break-it")
    popup = person.window.findChild(ChoicePopup, "break-menu")
    assert popup is not None
    person.until(popup.isVisible)
    return popup


def break_it(person: Person, typed: str) -> None:
    """Pick the first fault that holds what is typed."""
    popup = opened(person)
    person.bot.keyClicks(popup.field, typed)
    person.bot.keyClick(popup.field, Qt.Key.Key_Return)
    person.until(lambda: not popup.isVisible())


def shown(model: ChoiceModel) -> list[str]:
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def test_the_list_is_grouped_and_searched_and_says_what_is_answered(person: Person) -> None:
    person.compose()
    popup = opened(person)
    rows = shown(popup.model)
    groups = [row for row in range(popup.model.rowCount()) if popup.model.at(row) is None]
    assert [rows[row] for row in groups][:4] == ["Headers", "Ids", "Envelope", "MessageHeader"]
    assert len(rows) > 100
    person.bot.keyClicks(popup.field, "wrong event")
    assert shown(popup.model)[0] == "MessageHeader"
    assert shown(popup.model)[1].startswith(
        "Wrong event, A correct receiver answers 400 (REC_BAD_REQUEST); MSG-013. The event is"
    )
    person.bot.keyClick(popup.field, Qt.Key.Key_Escape)
    person.until(lambda: not popup.isVisible())
    assert person.find(QListView, "findings").isVisible()


def test_a_fault_is_made_by_keyboard_found_by_its_rule_and_undone(person: Person) -> None:
    person.compose()
    good = person.source.toPlainText()
    assert "MSG-013" not in person.rules()
    break_it(person, "wrong event")
    person.until(lambda: "MSG-013" in person.rules())
    assert "Break it: Wrong event. A correct receiver answers 400 (REC_BAD_REQUEST)." in person.toasts()
    assert "A correct receiver answers 400 (REC_BAD_REQUEST)" in person.words()
    person.source.undo()
    person.until(lambda: "MSG-013" not in person.rules())
    assert person.source.toPlainText() == good


def test_broken_headers_are_shown_and_taken_back(person: Person) -> None:
    person.compose()
    text = person.source.toPlainText()
    break_it(person, "no correlation id")
    person.until(lambda: "HDR-001" in person.rules())
    assert "BaRS itself answers 400 (BAD_REQUEST)" in person.toasts()
    person.until(lambda: person.window.findChild(QWidget, "absent-X-Correlation-Id"))
    assert person.source.toPlainText() == text
    person.press("toast-action")
    person.until(lambda: "HDR-001" not in person.rules())
    person.until(lambda: not person.window.findChild(QWidget, "absent-X-Correlation-Id"))


def test_a_text_that_is_no_message_is_not_broken(person: Person) -> None:
    person.compose()
    person.source.setPlainText("{")
    person.judged()
    person.run("break-it")
    person.until(lambda: "cannot be read as a message" in person.toasts())
    popup = person.window.findChild(ChoicePopup, "break-menu")
    assert popup is not None
    assert not popup.isVisible()


def test_it_is_off_in_production_with_the_reason(person: Person) -> None:
    person.compose()
    button = person.find(QAbstractButton, "break-it-button")
    assert button.isEnabled()
    assert "Ctrl+Shift+B" in button.toolTip()
    person.desk.bridge.submit(person.desk.session.choose_environment("production"), lambda *_: None)
    person.until(lambda: not button.isEnabled())
    assert "off in production" in button.toolTip()
    assert "off in production" in button.accessibleDescription()
    assert not person.action("break-it").isEnabled()
    person.desk.bridge.submit(person.desk.session.choose_environment("embedded"), lambda *_: None)
    person.until(button.isEnabled)
    assert button.accessibleDescription() == ""


def test_the_list_can_be_searched_by_rule(person: Person) -> None:
    person.compose()
    popup = opened(person)
    field = popup.findChild(QLineEdit)
    assert field is popup.field
    person.bot.keyClicks(field, "pat-001")
    assert all("PAT-001" in row for row in shown(popup.model)[1:])
    assert len(shown(popup.model)) > 2
