"""Headers as forms in the running window: parts, text with a warning, ids, sizes; also compose_header_card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget

from workbench.ui.panels.compose_header_card import HeaderCard
from workbench.ui.widgets import Segments

if TYPE_CHECKING:
    from tests.ui.driving import Person


def card(person: Person, name: str) -> HeaderCard:
    """The card of a header as it is shown now: cards are made anew with every verdict that changes a header."""

    def shown() -> list[HeaderCard]:
        return [one for one in person.window.findChildren(HeaderCard, f"header-{name}") if one.isVisible()]

    person.until(shown)
    return shown()[0]


def choose_id(person: Person, name: str, number: int) -> None:
    choice = card(person, name).findChild(Segments, "id-choice")
    assert choice is not None
    person.bot.mouseClick(choice.findChildren(QAbstractButton)[number], Qt.MouseButton.LeftButton)


def test_the_parts_of_a_header_are_filled_in_by_keyboard(person: Person) -> None:
    person.compose()
    name = "NHSD-End-User-Organisation"
    person.press_in(card(person, name), "change-header")
    fields = {one.objectName(): one for one in card(person, name).findChildren(QLineEdit)}
    assert fields["header-part-name"].text() == "NHS 111 Yorkshire"
    code = fields["header-part-identifier"]
    code.selectAll()
    person.bot.keyClicks(code, "zzz9")
    person.bot.keyClick(code, Qt.Key.Key_Return)
    person.until(lambda: "HDR-021" in person.rules())
    assert dict(card(person, name).header.rows)["ODS code"] == "zzz9"
    assert dict(card(person, name).header.rows)["Organisation"] == "NHS 111 Yorkshire", "the other part stays"
    assert "no longer follows the draft" in person.words(card(person, name))
    person.press_in(card(person, name), "restore-header")
    person.until(lambda: "HDR-021" not in person.rules())
    assert "no longer follows the draft" not in person.words(card(person, name))


def test_accept_and_use_context_are_built_from_the_draft_and_have_forms(person: Person) -> None:
    person.compose()
    assert card(person, "Accept").header.value == "application/fhir+json; version=1.0.0"
    context = card(person, "use-context")
    assert context.header.value == "a1t1|referral|servicerequest-request|new"
    person.press_in(context, "change-header")
    field = card(person, "use-context").findChild(QLineEdit, "header-part-3")
    field.setText("update")
    person.press_in(card(person, "use-context"), "use-fields")
    person.until(lambda: "HDR-102" in person.rules())


def test_the_text_of_a_header_is_edited_under_a_warning(person: Person) -> None:
    person.compose()
    name = "NHSD-Target-Identifier"
    person.press_in(card(person, name), "change-header")
    person.press_in(card(person, name), "edit-raw")
    text = card(person, name).findChild(QPlainTextEdit, "header-value")
    assert '"system"' in text.toPlainText()
    assert "anything else goes out as it is typed, right or wrong" in person.words(card(person, name))
    text.setPlainText("not base64")
    person.press_in(card(person, name), "use-header")
    person.until(lambda: "HDR-008" in person.rules())
    person.press_in(card(person, name), "change-header")
    again = card(person, name).findChild(QPlainTextEdit, "header-value")
    assert again.toPlainText() == "not base64", "what has no parts is changed as text at once"


def test_an_id_is_new_kept_or_left_out(person: Person) -> None:
    person.compose()
    name = "X-Correlation-Id"
    assert card(person, name).header.value == "a new one with every send"
    choose_id(person, name, 1)
    person.until(lambda: card(person, name).header.written)
    kept = card(person, name).header.value
    assert "answers 409, a duplicate" in person.words(card(person, name))
    person.spoil('"family": "J')
    person.judged()
    assert card(person, name).header.value == kept
    choose_id(person, name, 2)
    person.until(lambda: person.window.findChildren(QWidget, f"absent-{name}"))
    person.until(lambda: "HDR-001" in person.rules())
    person.press("restore-header")
    person.until(lambda: card(person, name).header.value == "a new one with every send")
    choose_id(person, name, 1)
    person.until(lambda: card(person, name).header.written)
    assert card(person, name).header.value != kept
    choose_id(person, name, 0)
    person.until(lambda: card(person, name).header.value == "a new one with every send")


def test_sizes_are_told_for_each_header_and_for_all(person: Person) -> None:
    person.compose()
    accept = card(person, "Accept")
    assert accept.header.size == len("Accept: application/fhir+json; version=1.0.0\r\n")
    assert f"{accept.header.size} bytes" in person.words(accept)
    headers = person.find(QWidget, "headers")
    cards = headers.findChildren(HeaderCard)
    whole = sum(one.header.size for one in cards)
    assert f"{len(cards)}, all decoded, {whole:,} bytes" in person.words(headers)
    assert card(person, "Authorization").header.size == 0, "the token is hidden, its length too"
