"""Templates and drafts in the running window: kept, begun from, renamed, deleted, and many from a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton

from workbench.ui.context import PanelId
from workbench.ui.shell import dialogs
from workbench.ui.shell.bulk import BulkDialog
from workbench.ui.widgets import ChoicePopup

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    import pytest

    from tests.ui.driving import Person


def opened(person: Person) -> dict[str, tuple[str, str]]:
    """The rows of the menu by their ids, as (title, reason)."""
    person.run("templates")
    popup = person.window.findChild(ChoicePopup, "template-menu")
    person.until(popup.isVisible)
    rows = [popup.model.at(row) for row in range(popup.model.rowCount())]
    return {one.id: (one.title, one.reason) for one in rows if one is not None}


def picked(person: Person, typed: str) -> None:
    opened(person)
    person.pick_from("template-menu", typed)


def named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(dialogs, "ask_name", lambda *_: name)


def test_a_draft_becomes_a_template_and_begins_another_message(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person.compose()
    before = person.source.toPlainText()
    named(monkeypatch, "Ankle at night")
    picked(person, "save as")
    person.until(lambda: "'Ankle at night' is among your templates." in person.toasts())
    picked(person, "ankle")
    person.until(lambda: person.source.toPlainText() != before)
    person.judged()
    assert [one for one in person.findings() if one.severity.value != "information"] == []
    picked(person, "delete a template")
    person.pick_from("template-menu", "ankle")
    person.until(lambda: "The template is deleted." in person.toasts())
    assert not [id for id in opened(person) if id.startswith("template:")]


def test_drafts_are_gone_on_with_renamed_and_deleted(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person.compose()
    first = person.source.toPlainText()
    named(monkeypatch, "The first one")
    picked(person, "rename")
    person.until(lambda: "The first one" in [one.title for one in drafts(person)])
    person.compose("111 to ED: booking, new")
    person.until(lambda: '"Slot"' in person.source.toPlainText())
    person.judged()
    person.source.insertPlainText("typed ")
    picked(person, "the first one")
    person.until(lambda: person.source.toPlainText() == first)
    person.until(lambda: kept(person, "booking").startswith("typed "))
    picked(person, "delete this draft")
    person.until(lambda: person.source.toPlainText().startswith("typed "))
    assert "The first one" not in [title for title, _ in opened(person).values()]


def told(person: Person, question: Coroutine[Any, Any, Any]) -> Any:
    """What the session answers."""
    found: list[Any] = []
    person.desk.bridge.submit(question, lambda value, error: found.append((value, error)))
    person.until(lambda: found)
    return found[0][0]


def drafts(person: Person) -> Any:
    return told(person, person.desk.session.drafts.all())


def kept(person: Person, words: str) -> str:
    """The text of the draft with these words in its title, as it was saved."""
    id = next(one.id for one in drafts(person) if words in one.title.lower())
    return told(person, person.desk.session.drafts.open(id)).text


def test_a_table_of_patients_becomes_messages_to_send(
    person: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = tmp_path / "people.csv"
    table.write_text("family,given,nhs_number\nThistle,Rowan,9990001073\nBirch,Ada,9990001146\n", "utf-8")
    monkeypatch.setattr(dialogs, "ask_table", lambda _: str(table))
    monkeypatch.setattr(dialogs, "ask_folder_for_messages", lambda _: str(tmp_path))
    person.compose()
    picked(person, "one message for each")
    person.until(lambda: "Messages written: 2." in person.toasts())
    assert len(list(tmp_path.glob("message-*.json"))) == 2
    next(one for one in person.window.findChildren(QAbstractButton) if one.text() == "Send them...").click()
    person.until(lambda: person.window.findChild(BulkDialog) is not None)
    person.window.findChild(BulkDialog).close()


def test_a_variable_is_copied_and_what_needs_a_draft_says_so(person: Person) -> None:
    person.go(PanelId.COMPOSE)
    assert {reason for _, reason in opened(person).values()} == {"There is no draft yet"}
    person.window.findChild(ChoicePopup, "template-menu").hide()
    person.compose()
    picked(person, "copy a variable")
    person.pick_from("template-menu", "today + 2 h")
    person.until(lambda: QGuiApplication.clipboard().text() == "{{today + 2 h}}")
