"""Compose in the running window: pickers of compose_bar, text of compose_source, compose_findings, compose_headers,
compose_header_desk, compose_repairs; and message_views."""

from __future__ import annotations

import json
import shutil
import socket
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListView, QPlainTextEdit, QWidget

from tests.ui.driving import A_PATIENT, Person
from workbench.exchange import FailureKind
from workbench.ui.context import PanelId
from workbench.ui.models.findings import FINDING_ROLE
from workbench.ui.panels.compose_finding_rows import FindingDelegate
from workbench.ui.panels.compose_header_card import HeaderCard
from workbench.ui.panels.message_views import MessageTree
from workbench.ui.widgets import Picker, Segments
from workbench.ui.widgets.buttons import FilterChips

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from workbench.app import Desk


def test_nothing_is_composed_at_first(person: Person) -> None:
    panel = person.go(PanelId.COMPOSE)
    assert "Nothing to compose yet" in person.words(panel)
    assert not person.find(QAbstractButton, "send-button").isEnabled()
    assert person.find(Picker, "pick-patient").current(), "a patient is offered from the start"


def test_what_is_picked_is_in_the_message(person: Person) -> None:
    person.compose("999 to ED: referral, new")
    first = person.source.toPlainText()
    assert '"servicerequest-request"' in first
    person.pick("pick-patient", "a")
    person.until(lambda: person.source.toPlainText() != first)
    person.judged()
    second = person.source.toPlainText()
    before = person.find(Picker, "pick-service").current()
    services = person.find(Picker, "pick-service")._choices
    other = next(one for one in services if not one.reason and one.id != before)
    person.pick("pick-service", other.title)
    person.until(lambda: person.source.toPlainText() != second)
    assert person.find(Picker, "pick-service").current() == other.id


def test_a_finding_leads_to_its_place_and_is_repaired_by_mouse(person: Person) -> None:
    person.compose()
    person.spoil(A_PATIENT)
    person.until(lambda: "PAT-001" in person.rules())
    view = person.find(QListView, "findings")
    row = person.rules().index("PAT-001")
    finding = view.model().index(row, 0).data(FINDING_ROLE)
    person.source.moveCursor(person.source.textCursor().MoveOperation.Start)
    person.click_row("findings", row)
    assert person.source.textCursor().blockNumber() + 1 == finding.place.line
    box = view.visualRect(view.model().index(row, 0))
    fix = FindingDelegate.fix_box(box).center().toPoint()
    person.bot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=fix)
    person.until(lambda: "PAT-001" not in person.rules())
    person.source.undo()
    person.until(lambda: "PAT-001" in person.rules())
    view.setCurrentIndex(view.model().index(person.rules().index("PAT-001"), 0))
    person.source.moveCursor(person.source.textCursor().MoveOperation.Start)
    person.bot.keyClick(view, Qt.Key.Key_Return)
    assert person.source.textCursor().blockNumber() + 1 == finding.place.line


def test_filters_hide_kinds_of_findings(person: Person) -> None:
    person.compose()
    person.source.setPlainText('{"resourceType": "Bundle", "type": "message", "entry": []}')
    person.judged()
    shown = len(person.findings())
    chips = person.find(FilterChips, "finding-filters")
    person.until(lambda: _chips(chips, "error"))
    errors = _chips(chips, "error")[0]
    count = int(errors.text().split()[0])
    person.bot.mouseClick(errors, Qt.MouseButton.LeftButton)
    assert len(person.findings()) == shown - count
    person.bot.mouseClick(errors, Qt.MouseButton.LeftButton)
    assert len(person.findings()) == shown


def test_json_and_xml_are_two_sides_of_one_message(person: Person) -> None:
    person.compose()
    json = person.source.toPlainText()
    buttons = person.find(Segments, "syntax").findChildren(QAbstractButton)
    person.bot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    person.until(lambda: person.source.toPlainText().lstrip().startswith("<"))
    person.judged()
    assert not [rule for rule in person.rules() if rule.startswith("SYN")]
    person.bot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    person.until(lambda: person.source.toPlainText() == json)
    person.source.setPlainText("{ not json")
    person.until(lambda: any(rule.startswith(("SYN", "input")) for rule in person.rules()))
    person.bot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    person.until(person.toasts)
    assert person.source.toPlainText() == "{ not json"
    assert buttons[0].isChecked(), "a text that cannot be converted stays what it is"


def view(person: Person, place: int) -> None:
    """Look at the draft as form (0), tree (1) or source (2)."""
    buttons = person.find(Segments, "draft-views").findChildren(QAbstractButton)
    person.bot.mouseClick(buttons[place], Qt.MouseButton.LeftButton)


def test_a_draft_is_looked_at_as_form_tree_and_source(person: Person) -> None:
    person.compose()
    panel = person.window.panel(PanelId.COMPOSE)
    view(person, 0)
    person.until(lambda: panel._verdict.summary.sentence in person.words(panel))
    assert not person.find(QLineEdit, "find-in-message").isVisible()
    view(person, 1)
    tree = person.find(MessageTree, "draft-tree")
    person.until(tree.isVisible)
    assert tree.model().index(0, 0).data() == "Bundle"
    path = "Bundle.entry[0].resource.eventCoding.code"
    tree.reveal(path)
    assert tree.current_path() == path
    person.bot.keyClick(tree, Qt.Key.Key_Return)
    person.until(person.source.isVisible)
    assert '"code"' in person.source.textCursor().block().text(), "from an element to its line"
    person.spoil(A_PATIENT)
    person.until(lambda: "PAT-001" in person.rules())
    view(person, 1)
    person.run("next-finding")
    while person.rules()[person.find(QListView, "findings").currentIndex().row()] != "PAT-001":
        person.run("next-finding")
    assert ".identifier" in tree.current_path(), "a finding leads to its element while the tree is in front"
    person.run("find")
    assert person.source.isVisible()
    person.source.setPlainText("{")
    person.judged()
    for place in (0, 1):
        view(person, place)
        person.until(lambda: "cannot be read as a message" in person.words(panel))


def test_text_is_found_from_the_field(person: Person) -> None:
    person.compose()
    person.run("find")
    field = person.find(QLineEdit, "find-in-message")
    person.until(lambda: person.window.focusWidget() is field)
    person.bot.keyClicks(field, "MessageHeader")
    person.bot.keyClick(field, Qt.Key.Key_Return)
    assert person.source.textCursor().selectedText() == "MessageHeader"
    person.type_into("find-in-message", "no such words")
    person.bot.keyClick(field, Qt.Key.Key_Return)
    assert field.property("severity") == "error"


def test_headers_are_decoded_and_shown_encoded_on_demand(person: Person) -> None:
    person.compose()
    headers = person.find(QWidget, "headers")
    person.until(lambda: all(card.isVisible() for card in headers.findChildren(HeaderCard)))
    names = {card.header.name for card in headers.findChildren(HeaderCard)}
    assert {"NHSD-Target-Identifier", "X-Request-Id", "X-Correlation-Id", "Authorization"} <= names
    card = person.find(HeaderCard, "header-NHSD-Target-Identifier")
    service = next(
        one for one in person.find(Picker, "pick-service")._choices if one.id == "northgate-emergency-department"
    )
    assert dict(card.header.rows)["Service"] in service.subtitle
    encoded = card.header.encoded
    assert encoded not in person.words(card)
    person.bot.mouseClick(card._toggle, Qt.MouseButton.LeftButton)
    assert encoded in person.words(card)
    assert "Hide encoded" in card._toggle.text()
    person.bot.mouseClick(card._toggle, Qt.MouseButton.LeftButton)
    assert encoded not in person.words(card)


def test_a_header_is_changed_left_out_and_put_back(person: Person) -> None:
    person.compose()
    organisation = "header-NHSD-End-User-Organisation"

    def shown() -> list[HeaderCard]:
        return [one for one in person.window.findChildren(HeaderCard, organisation) if one.isVisible()]

    def card() -> HeaderCard:
        person.until(shown)  # cards are made anew with every verdict that changes a header
        return shown()[0]

    person.press_in(card(), "change-header")
    person.press_in(card(), "edit-raw")
    text = card().findChild(QPlainTextEdit, "header-value")
    assert '"resourceType": "Organization"' in text.toPlainText(), "the form shows what is inside"
    text.setPlainText(text.toPlainText().replace("NHS 111 Yorkshire", "Somebody Else"))
    person.press_in(card(), "use-header")
    person.until(lambda: "Somebody Else" in person.words(person.find(QWidget, "headers")))
    person.press_in(card(), "change-header")
    person.press_in(card(), "edit-raw")
    card().findChild(QPlainTextEdit, "header-value").setPlainText("not base64 at all")
    person.press_in(card(), "use-header")
    person.until(lambda: any(rule.startswith("HDR") for rule in person.rules()))
    person.press_in(card(), "restore-header")
    person.until(lambda: not any(rule.startswith("HDR") for rule in person.rules()))
    person.press_in(card(), "change-header")
    person.press_in(card(), "leave-header")
    person.until(lambda: person.window.findChildren(QWidget, "absent-NHSD-End-User-Organisation"))
    person.until(lambda: any(rule.startswith("HDR") for rule in person.rules()))
    person.press("restore-header")
    person.until(lambda: not any(rule.startswith("HDR") for rule in person.rules()))


def test_an_own_header_is_sent_and_an_impossible_one_is_not(person: Person) -> None:
    person.compose()
    person.press("add-header")
    person.type_into("new-header-name", "X Own")
    person.type_into("new-header-value", "1")
    person.press("use-new-header")
    person.until(lambda: "X Own" in person.toasts())
    person.type_into("new-header-name", "X-Own")
    person.press("use-new-header")
    person.until(lambda: person.window.findChildren(HeaderCard, "header-X-Own"))
    person.run("send")
    panel = person.go(PanelId.TIMELINE)
    person.until(lambda: panel._lanes._rows)
    first = next(row.exchange for row in panel._lanes._rows if row.exchange)
    person.window.open_conversation(panel._id, first)
    person.until(lambda: panel._inspector._detail is not None and panel._inspector._detail.exchange.id == first)
    assert "X-Own: 1" in panel._inspector._detail.wire_request.splitlines()


def test_a_narrow_window_keeps_headers_behind_a_button(person: Person) -> None:
    person.compose()
    panel = person.window.panel(PanelId.COMPOSE)
    headers, toggle = person.find(QWidget, "headers"), person.find(QAbstractButton, "toggle-headers")
    assert not toggle.isVisible()
    panel.resize(600, 560)
    person.until(lambda: toggle.isVisible())
    assert not headers.isVisible()
    person.bot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    assert headers.isVisible()
    assert "{" in person.source.toPlainText()


def test_send_says_what_came_back_and_leads_there(person: Person) -> None:
    person.compose()
    person.run("send")
    assert not person.action("send").isEnabled(), "one send at a time"
    person.until(lambda: "200" in person.toasts())
    assert person.action("send").isEnabled()
    person.press("toast-action")
    assert person.window._stack.currentWidget() is person.window.panel(PanelId.TIMELINE)
    person.until(lambda: ("111 to ED: referral, new", "answered", 2) in person.conversations())


def test_a_send_that_waits_can_be_stopped_at_once(
    qtbot: QtBot, tmp_path: Path, made_workspace: Path, open_desk: Callable[..., Desk]
) -> None:
    shutil.copytree(made_workspace, tmp_path / "demo")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        own = {"id": "silent", "title": "Silent", "subtitle": "never answers", "needs_token": False, "token_url": None}
        own |= {"base_url": f"http://127.0.0.1:{silent.getsockname()[1]}/FHIR/R4", "client_id": "", "production": False}
        file = tmp_path / "demo" / "environments.json"
        known = json.loads(file.read_text(encoding="utf-8"))
        known["environments"].append({**own, "api_version": "1.0.0"})
        file.write_text(json.dumps(known), encoding="utf-8")
        person = Person(qtbot, open_desk(tmp_path / "demo"))
        person.compose()
        person.window._top.environment_chosen.emit("silent")
        person.until(lambda: "Silent" in person.find(QAbstractButton, "environment").accessibleName())
        person.run("send")
        person.press("stop-work")
        assert "Whether the message arrived is not known" in person.toasts()
        assert person.action("send").isEnabled()
        assert not person.find(QAbstractButton, "stop-work").isVisible()
        person.go(PanelId.TIMELINE)
        person.until(lambda: len(person.conversations()) == 1)
        panel = person.window.panel(PanelId.TIMELINE)
        person.until(lambda: panel._inspector._detail is not None)
        failure = panel._inspector._detail.exchange.failure
        assert failure is not None
        assert failure.kind is FailureKind.STOPPED
        person.run("retry")
        person.press("stop-work")
        person.until(lambda: len([row for row in panel._lanes._rows if row.exchange]) == 2)


def test_what_was_typed_is_there_after_closing_at_once(person: Person) -> None:
    person.compose()
    person.source.moveCursor(person.source.textCursor().MoveOperation.End)
    person.bot.keyClicks(person.source, " // a last thought")
    typed = person.source.toPlainText()
    person.window.close()
    person.desk.close()
    again = person.again()
    again.go(PanelId.COMPOSE)
    again.until(lambda: again.source.toPlainText())
    assert again.source.toPlainText() == typed


def test_a_message_that_breaks_rules_is_sent_all_the_same(person: Person) -> None:
    person.compose()
    person.spoil(A_PATIENT)
    person.until(lambda: "PAT-001" in person.rules())
    person.run("send")
    person.until(person.toasts)
    assert "200" in person.toasts(), "a receiver forgives the check digit"
    person.go(PanelId.TIMELINE)
    person.until(lambda: len(person.conversations()) == 1)


def test_a_repair_that_comes_late_replaces_nothing_that_was_typed(person: Person) -> None:
    person.compose()
    person.spoil(A_PATIENT)
    person.until(lambda: "PAT-001" in person.rules())
    person.run("next-finding")
    person.run("fix-finding")
    person.source.insertPlainText("typed meanwhile")  # before the repair can be delivered
    typed = person.source.toPlainText()
    person.quiet()
    assert person.source.toPlainText() == typed


def _chips(chips: FilterChips, words: str) -> list[QAbstractButton]:
    """The filters with some words that can be seen: a new one shows itself a moment after its verdict."""
    return [one for one in chips.findChildren(QAbstractButton) if one.isVisible() and words in one.text()]
