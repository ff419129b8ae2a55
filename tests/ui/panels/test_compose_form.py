"""The form in the running window: compose_form, compose_form_card, compose_form_field, compose_form_sections,
compose_form_summary, compose_views, compose_text and compose_editor."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QListView, QWidget

from tests.ui.driving import A_PATIENT
from workbench.ui.context import PanelId
from workbench.ui.panels.compose_form_card import FormCard

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.driving import Person
    from workbench.ui.panels.compose_form import FormPage
    from workbench.ui.panels.compose_form_field import FormField
    from workbench.ui.panels.compose_views import DraftViews

MOST_TABS = 400


def views(person: Person) -> DraftViews:
    """The three views of the draft."""
    found: DraftViews = person.window.panel(PanelId.COMPOSE)._source
    return found


def form(person: Person) -> FormPage:
    """The form, in front and whole."""
    person.look("Form")
    page = views(person).form
    person.until(lambda: page.isVisible() and page.ready and not views(person)._stale)
    return page


def field(person: Person, card: str, label: str) -> FormField:
    """A field of the card of a resource type."""
    page = views(person).form
    return next(
        one
        for shown in page.findChildren(FormCard)
        if not shown.isHidden() and card in (shown.card.title.partition(":")[0], shown.card.note)
        for one in shown.fields()
        if one.view.spec.label == label
    )


def tab_to(person: Person, target: QWidget) -> None:
    """Go to a widget by the Tab key alone."""
    for _ in range(MOST_TABS):
        here = person.window.focusWidget()
        if here is target or target.isAncestorOf(here):
            return
        person.bot.keyClick(here or person.window, Qt.Key.Key_Tab)
    raise AssertionError(f"{target.objectName()} cannot be reached by Tab")


def text_of(person: Person) -> str:
    """The text of the draft."""
    return views(person).text()


def test_a_field_changes_the_source_and_undo_takes_it_back(person: Person) -> None:
    person.compose()
    before = text_of(person)
    page = form(person)
    family = field(person, "Patient", "Family name")
    card = next(one for one in page._cards if family in list(one.fields()))
    family.control.setFocus()
    family.control.selectAll()
    person.bot.keyClicks(family.control, "Quill")
    person.until(lambda: '"family": "Quill"' in text_of(person))
    person.judged()
    person.until(lambda: page.ready and not views(person)._stale)
    assert text_of(person) == before.replace('"family": "Jones"', '"family": "Quill"', 1)
    assert person.source.toPlainText() == text_of(person), "the source shows it at once"
    assert person.window.focusWidget() is family.control, "nobody is thrown out of a field"
    assert card in page._cards, "the card stays the same widget"
    person.run("undo")
    person.until(lambda: text_of(person) == before)
    person.until(lambda: family.control.text() == "Jones")
    assert not person.action("undo").isEnabled(), "what was typed into one field is one step"
    person.run("redo")
    person.until(lambda: '"family": "Quill"' in text_of(person))


def test_what_is_typed_in_the_source_is_in_the_form(person: Person) -> None:
    person.compose()
    person.source.find_text('"family": "Jones')
    cursor = person.source.textCursor()
    cursor.setPosition(cursor.selectionEnd())
    person.source.setTextCursor(cursor)
    person.bot.keyClicks(person.source, "on")
    form(person)
    person.until(lambda: field(person, "Patient", "Family name").control.text() == "Joneson")
    person.run("undo")
    person.until(lambda: field(person, "Patient", "Family name").control.text() == "Jones")


def test_steps_of_all_views_are_taken_back_in_turn(person: Person) -> None:
    person.compose()
    states = [text_of(person)]
    form(person)
    gender = field(person, "Patient", "Gender").control
    gender.setFocus()
    person.bot.keyClick(gender, Qt.Key.Key_Down)
    person.until(lambda: text_of(person) != states[-1])
    states.append(text_of(person))
    person.judged()
    person.look("Tree")
    tree = views(person).tree
    person.until(tree.isVisible)
    tree.tree.reveal("Bundle.entry[4].resource.birthDate")
    person.press("tree-remove")
    person.until(lambda: text_of(person) != states[-1])
    states.append(text_of(person))
    person.judged()
    person.look("Source")
    person.spoil(A_PATIENT)
    person.until(lambda: text_of(person) != states[-1])
    for state in reversed(states[1:]):
        while text_of(person) != state:
            person.run("undo")
            person.quiet()
    while person.action("undo").isEnabled():
        person.run("undo")
        person.quiet()
    assert text_of(person) == states[0]


def test_a_finding_stands_under_its_field_and_marks_its_section(person: Person) -> None:
    person.compose()
    person.spoil(A_PATIENT)
    person.until(lambda: "PAT-001" in person.rules())
    page = form(person)
    number = field(person, "Patient", "NHS number")
    person.until(lambda: "(PAT-001)" in person.words(number))
    row = next(one for one in page._sections.rows() if one.id == "patient")
    assert (row.tone, row.words) == ("error", "1 error")
    view = person.find(QListView, "findings")
    view.setCurrentIndex(view.model().index(person.rules().index("PAT-001"), 0))
    person.bot.keyClick(view, Qt.Key.Key_Return)
    assert person.window.focusWidget() is number.control, "a finding leads to its field"
    person.run("fix-finding")
    person.until(lambda: "PAT-001" not in person.rules())
    person.until(lambda: "(PAT-001)" not in person.words(number))


def test_while_the_source_cannot_be_read_the_form_is_only_to_be_seen(person: Person) -> None:
    person.compose()
    form(person)
    person.look("Source")
    person.source.moveCursor(person.source.textCursor().MoveOperation.Start)
    person.bot.keyClick(person.source, Qt.Key.Key_Delete)
    person.judged()
    person.look("Form")
    panel = person.window.panel(PanelId.COMPOSE)
    person.until(lambda: "cannot be read as a message" in person.words(panel))
    family = field(person, "Patient", "Family name").control
    assert isinstance(family, QLineEdit)
    assert (family.text(), family.isReadOnly()) == ("Jones", True)
    assert not person.find(QAbstractButton, "form-add").isEnabled()
    person.run("undo")
    person.until(lambda: not family.isReadOnly())
    assert "cannot be read as a message" not in person.words(panel)


def test_resources_and_items_are_added_and_removed(person: Person) -> None:
    person.compose("111 to ED: referral, new")
    before = text_of(person)
    page = form(person)
    menu = person.find(QAbstractButton, "form-add").menu()  # type: ignore[attr-defined]
    next(one for one in menu.actions() if one.text() == "Safeguarding concern").trigger()
    person.until(lambda: '"resourceType": "Flag"' in text_of(person))
    person.judged()
    person.until(lambda: any(row.id == "flags" for row in page._sections.rows()) and page.ready)
    assert not [rule for rule in person.rules() if rule.startswith(("SYN", "REF"))]
    card = next(one for one in page._cards if one.card.path.startswith("Bundle.entry") and "Flag" in one.card.title)
    remove = next(one for one in card.findChildren(QAbstractButton, "remove"))
    person.bot.mouseClick(remove, Qt.MouseButton.LeftButton)
    person.until(lambda: text_of(person) == before)
    patient = next(one for one in page._cards if one.card.title == "Patient")
    person.bot.mouseClick(patient.findChild(QAbstractButton, "add-Phone or email"), Qt.MouseButton.LeftButton)
    person.until(lambda: '"use": "mobile"' in text_of(person))
    person.until(lambda: "Number or address" in [one.view.spec.label for c in page._cards for one in c.fields()])


def test_codes_references_and_times_are_picked(person: Person) -> None:
    person.compose()
    form(person)
    disposition = field(person, "CarePlan", "Disposition").control
    assert isinstance(disposition, QComboBox)
    assert disposition.currentText().startswith("DX02: ")
    disposition.setFocus()
    disposition.lineEdit().selectAll()
    person.bot.keyClicks(disposition.lineEdit(), "Dx335")
    person.until(lambda: '"code": "Dx335"' in text_of(person))
    assert "A clinician from our service" in text_of(person), "the published words come with the code"
    until = field(person, "ServiceRequest", "Wanted until")
    zone = until._zone
    assert zone is not None
    until.control.setFocus()
    until.control.selectAll()
    person.bot.keyClicks(until.control, "2 March 2026 14:05")
    person.until(lambda: '"end": "2026-03-02T14:05:00+00:00"' in text_of(person))
    zone.setFocus()
    person.bot.keyClick(zone, Qt.Key.Key_Down)
    person.until(lambda: '"end": "2026-03-02T14:05:00+01:00"' in text_of(person))
    about = field(person, "Envelope", "About").control
    words = [about.itemText(number) for number in range(about.count())]
    assert "Referral: Transfer of Care" in words, "a reference is picked by name"


def test_line_ends_and_odd_characters_of_a_file_are_kept(person: Person, tmp_path: Path) -> None:
    source = json.dumps(
        {"resourceType": "Patient", "gender": "female", "name": [{"family": "J\u00a0\u2028x"}]}, indent=1
    )
    written = source.replace("\n", "\r\n").replace("\\u00a0", "\u00a0").replace("\\u2028", "\u2028")
    file = tmp_path / "patient.json"
    file.write_bytes(written.encode())
    panel = person.go(PanelId.COMPOSE)
    person.window.open_files([str(file)])
    person.until(lambda: panel._draft is not None)
    person.judged()
    form(person)
    born = field(person, "Patient", "Born").control
    born.setFocus()
    person.bot.keyClicks(born, "4 May 1959")
    person.until(lambda: '"birthDate": "1959-05-04"' in text_of(person))
    changed = text_of(person)
    assert changed.replace(',\r\n "birthDate": "1959-05-04"', "") == written
    person.look("Source")
    person.source.moveCursor(person.source.textCursor().MoveOperation.End)
    person.bot.keyClick(person.source, Qt.Key.Key_Return)
    person.until(lambda: text_of(person) == changed + "\r\n")
    while person.action("undo").isEnabled():
        person.run("undo")
        person.quiet()
    assert text_of(person) == written


def test_a_large_form_does_not_stop_the_window(person: Person, tmp_path: Path) -> None:
    flags = [{"resource": {"resourceType": "Flag", "status": "active"}} for _ in range(45)]
    file = tmp_path / "many.json"
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": flags}))
    panel = person.go(PanelId.COMPOSE)
    person.window.open_files([str(file)])
    person.until(lambda: panel._draft is not None)
    page = form(person)
    assert "5 more resources are in the tree." in person.words(page)
    assert len(page._cards) == 41


def test_who_turns_to_another_window_while_typing_comes_back_to_the_same_step(person: Person) -> None:
    person.compose()
    before = text_of(person)
    form(person)
    family = field(person, "Patient", "Family name").control
    family.setFocus()
    family.selectAll()
    person.bot.keyClicks(family, "Qu")
    person.until(lambda: '"family": "Qu"' in text_of(person))
    for kind in (QEvent.Type.FocusOut, QEvent.Type.FocusIn):
        QCoreApplication.sendEvent(family, QFocusEvent(kind, Qt.FocusReason.ActiveWindowFocusReason))
    person.bot.keyClicks(family, "ill")
    person.until(lambda: '"family": "Quill"' in text_of(person))
    person.run("undo")
    person.until(lambda: text_of(person) == before)


def test_half_a_date_stays_while_a_verdict_comes_in(person: Person) -> None:
    person.compose()
    panel = person.window.panel(PanelId.COMPOSE)
    form(person)
    born = field(person, "Patient", "Born").control
    born.setFocus()
    born.selectAll()
    person.bot.keyClicks(born, "4 Ma")
    panel._verdict = None
    panel._judge()
    person.judged()
    person.until(lambda: not views(person)._stale)
    assert born.text() == "4 Ma"
    person.bot.keyClicks(born, "y 1959")
    person.until(lambda: '"birthDate": "1959-05-04"' in text_of(person))


def test_a_letter_taken_back_while_a_verdict_comes_in_is_taken_back(person: Person) -> None:
    person.compose()
    form(person)
    family = field(person, "Patient", "Family name")
    family.control.setFocus()
    family.control.selectAll()
    person.bot.keyClicks(family.control, "Q")
    person.until(lambda: '"family": "Q"' in text_of(person))
    person.judged()
    person.until(lambda: not views(person)._stale)
    older = family.view
    person.bot.keyClicks(family.control, "u")
    family.show_view(older, keep=True)  # a picture of the text before the last letter
    person.bot.keyClick(family.control, Qt.Key.Key_Backspace)
    person.until(lambda: '"family": "Q"' in text_of(person))
    person.quiet()
    assert '"family": "Qu"' not in text_of(person)


def test_steps_can_be_taken_back_after_another_draft_was_in_front(person: Person) -> None:
    person.compose()
    panel = person.window.panel(PanelId.COMPOSE)
    first = panel._draft
    before = text_of(person)
    person.spoil(A_PATIENT)
    changed = text_of(person)
    person.compose("111 to ED: booking, new")
    person.until(lambda: panel._draft.id != first.id)
    assert not person.action("undo").isEnabled()
    panel.open_draft(replace(first, text=changed))
    person.judged()
    for id, text in (("undo", before), ("redo", changed)):
        while person.action(id).isEnabled():
            person.run(id)
            person.quiet()
        assert text_of(person) == text


def test_cards_say_how_many_there_may_be_and_the_menu_why_no_more_can_be_added(person: Person) -> None:
    person.compose("999 to CAS: validation, new, full")
    page = form(person)
    cards = {one.card.note or one.card.title: one for one in page.findChildren(FormCard) if not one.isHidden()}
    assert cards["Patient"].findChild(QLabel, "card-asked").text() == "required, 1 of 1"
    assert not cards["Bundle"].findChild(QLabel, "card-asked").isVisible()
    menu = person.find(QAbstractButton, "form-add").menu()  # type: ignore[attr-defined]
    possible = {one.text(): one.isEnabled() for one in menu.actions()}
    assert possible["Location (1 of 1, the message definition allows no more)"] is False
    assert possible["Safeguarding concern"] is True


def test_the_summary_opens_on_demand_and_stays_open(person: Person) -> None:
    person.compose()
    page = form(person)
    summary = person.find(QWidget, "form-summary")
    sentence = person.window.panel(PanelId.COMPOSE)._verdict.summary.sentence
    person.until(lambda: sentence in person.words(summary))
    assert "Who and references" not in person.words(summary)
    person.press("form-summary-toggle")
    person.until(lambda: "Who and references" in person.words(summary))
    gender = field(person, "Patient", "Gender").control
    gender.setFocus()
    person.bot.keyClick(gender, Qt.Key.Key_Down)
    person.judged()
    person.until(lambda: page.ready and "Who and references" in person.words(summary))
    person.press("form-summary-toggle")
    person.until(lambda: "Who and references" not in person.words(summary))


def test_what_is_long_is_whole_in_the_tip_of_its_field(person: Person) -> None:
    person.compose()
    form(person)
    disposition = field(person, "CarePlan", "Disposition").control
    assert disposition.toolTip() == disposition.currentText() != ""
