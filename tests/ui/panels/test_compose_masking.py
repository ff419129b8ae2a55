"""People masked in Compose: read only in every view, until a person asks to see the draft as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QTreeView, QWidget

from tests.ui.panels.test_compose_form import field, form, views
from workbench.ui.context import PanelId
from workbench.ui.shell import dialogs
from workbench.ui.widgets import Chip, Picker

if TYPE_CHECKING:
    from tests.ui.driving import Person


@pytest.fixture
def masked(person: Person) -> Person:
    """Somebody who masked people with a referral in Compose."""
    person.compose()
    person.run("masking")
    person.until(lambda: badge(person) == "Masked")
    settled(person)
    return person


def settled(person: Person) -> None:
    person.judged()
    person.quiet()
    person.until(lambda: views(person)._message is not None)


def badge(person: Person) -> str:
    chip = person.find(Chip, "draft-masked")
    return chip.text() if chip.isVisible() else ""


def names(person: Person) -> list[str]:
    """What the draft says of its patient."""
    session = person.window.session
    assert session is not None
    patient = session._engine.directory.patients[0]
    return [patient.given, patient.family, patient.nhs_number, patient.line]


def seen(person: Person) -> str:
    """Everything that can be read in Compose now."""
    panel = person.window.panel(PanelId.COMPOSE)
    told = [person.words(panel)]
    told += [one.text() for one in panel.findChildren(QLineEdit) if one.isVisible()]
    told += [one.currentText() for one in panel.findChildren(QComboBox) if one.isVisible()]
    told += [one.toPlainText() for one in panel.findChildren(QPlainTextEdit) if one.isVisible()]
    told += [one.accessibleName() for one in panel.findChildren(Picker)]
    for tree in panel.findChildren(QTreeView):
        if tree.isVisible():
            tree.expandAll()
            index = tree.model().index(0, 0)
            while index.isValid():
                told.append(str(index.siblingAtColumn(1).data()))
                index = tree.indexBelow(index)
    return "\n".join(told)


@pytest.mark.parametrize("view", ["Form", "Tree", "Source"])
def test_no_view_shows_anybody_while_people_are_masked(masked: Person, view: str) -> None:
    masked.look(view)
    if view == "Form":
        form(masked)
        assert field(masked, "Patient", "Family name").control.text()
    masked.quiet()
    shown = seen(masked)
    assert "ServiceRequest" in shown or "Referral" in shown, "it is shown"
    assert [one for one in names(masked) if one in shown] == []
    assert all(one in masked.window.panel(PanelId.COMPOSE)._source.text() for one in names(masked)), "the draft stays"


def test_what_is_masked_can_be_read_and_not_changed(masked: Person) -> None:
    form(masked)
    before = masked.window.panel(PanelId.COMPOSE)._source.text()
    family = field(masked, "Patient", "Family name").control
    gender = field(masked, "Patient", "Gender").control
    family.setFocus()
    masked.bot.keyClicks(family, "x")
    masked.bot.mouseClick(gender, Qt.MouseButton.LeftButton)
    assert not gender.view().isVisible()
    assert gender.isEnabled(), "its words count, and are not greyed"
    for id in ("undo", "redo", "replace", "lay-out", "break-it", "fix-all"):
        assert not masked.action(id).isEnabled(), id
    assert not masked.find(QAbstractButton, "form-add").isEnabled()
    assert not masked.window.panel(PanelId.COMPOSE).findChildren(QAbstractButton, "change-header")
    masked.look("Source")
    source = masked.find(QPlainTextEdit, "masked-source")
    masked.until(source.isVisible)
    masked.bot.keyClicks(source, "x")
    masked.look("Tree")
    masked.bot.keyClick(masked.find(QTreeView, "draft-tree"), Qt.Key.Key_Delete)
    masked.quiet()
    assert masked.window.panel(PanelId.COMPOSE)._source.text() == before


def test_the_real_text_is_shown_after_a_question_until_another_draft_is_in_front(
    masked: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(dialogs, "ask_unmasked", lambda _: asked.append(True) or len(asked) > 1)
    masked.press("unmask-draft")
    masked.quiet()
    assert badge(masked) == "Masked", "a question that is answered with no changes nothing"
    masked.press("unmask-draft")
    masked.until(lambda: badge(masked) == "Not masked")
    form(masked)
    assert names(masked)[1] in seen(masked)
    family = field(masked, "Patient", "Family name").control
    family.setFocus()
    masked.bot.keyClicks(family, "x")
    masked.until(lambda: masked.action("undo").isEnabled())
    masked.press("mask-draft")
    masked.until(lambda: badge(masked) == "Masked")
    settled(masked)
    assert names(masked)[1] not in seen(masked)
    masked.run("unmask")
    masked.until(lambda: badge(masked) == "Not masked")
    masked.compose("111 to ED: booking, new")
    masked.until(lambda: badge(masked) == "Masked")


def test_a_finding_is_gone_to_in_the_masked_text_and_copied_from_there(masked: Person) -> None:
    masked.look("Source")
    source = masked.find(QPlainTextEdit, "masked-source")
    masked.until(source.isVisible)
    masked.run("find")
    field_ = next(one for one in masked.window.findChildren(QLineEdit, "find-in-message") if one.isVisible())
    masked.bot.keyClicks(field_, "birthDate")
    masked.bot.keyClick(field_, Qt.Key.Key_Return)
    assert source.textCursor().selectedText() == "birthDate"
    source.selectAll()
    source.copy()
    assert [one for one in names(masked) if one in QGuiApplication.clipboard().text()] == []


def test_nothing_of_the_real_draft_is_left_in_sight_when_the_switch_is_turned(person: Person) -> None:
    person.compose()
    person.look("Source")
    person.run("masking")
    person.until(lambda: badge(person) == "Masked")
    shown = person.words(views(person)) + person.find(QPlainTextEdit, "masked-source").toPlainText()
    assert not person.source.isVisible()
    assert [one for one in names(person) if one in shown] == [], "not even before the masks are there"
    settled(person)
    person.until(lambda: [one for one in names(person) if one in seen(person)] == [])
    person.run("masking")
    person.until(lambda: badge(person) == "")
    settled(person)
    person.until(lambda: person.source.isVisible())
    assert all(one in person.source.toPlainText() for one in names(person))
    assert person.find(QWidget, "pick-patient").current()
    person.until(lambda: names(person)[1] in seen(person))


def test_a_draft_that_is_masked_is_sent_as_it_is(masked: Person) -> None:
    text = masked.window.panel(PanelId.COMPOSE)._source.text()
    masked.run("send")
    panel = masked.window.panel(PanelId.COMPOSE)
    masked.until(lambda: not panel._watch.busy)
    session = masked.window.session
    assert session is not None
    sent: list[str] = []
    conversations = session._engine.history.queries

    async def last() -> str:
        page = await conversations.conversations()
        legs = await conversations.legs(page[0].id)
        exchange = await conversations.exchange(next(one.exchange.id for one in legs))
        return exchange.request.body.decode()

    masked.desk.bridge.submit(last(), lambda body, error: sent.append(body or str(error)))
    masked.until(lambda: sent)
    assert sent == [text]
