"""What is shown masked beside messages, and the deliberate step to see it: what is held, notes, forms and answers."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QPlainTextEdit

from tests.ui.driving import Person
from tests.ui.panels.test_receiver_state import choose_kind, rows, text
from tests.ui.panels.test_services_calls import choose, send
from tests.ui.seeded import HELD, NUMBER, SEEDED, SERVICE, seeded_workspace
from workbench.ui.context import PanelId
from workbench.ui.panels import receiver_state
from workbench.ui.shell import dialogs
from workbench.ui.widgets import Chip, DataTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from workbench.app import Desk


__all__ = ["seeded_workspace"]


@pytest.fixture
def reader(qtbot: QtBot, tmp_path: Path, seeded_workspace: Path, open_desk: Callable[..., Desk]) -> Person:
    """Somebody at that workspace, with people as they are."""
    shutil.copytree(seeded_workspace, tmp_path / "demo")
    return Person(qtbot, open_desk(tmp_path / "demo"))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What the person says to the question whether people are to be seen; asked while it is empty, they say no."""
    given: list[bool] = []
    monkeypatch.setattr(dialogs, "ask_unmasked", lambda _: bool(given) and given.pop())
    return given


def switch(person: Person) -> None:
    status = person.window._status
    assert status is not None
    before = status.masked
    person.run("masking")
    person.until(lambda: person.window._status.masked is not before)
    person.quiet()


def badge(person: Person, name: str) -> str:
    chip = person.find(Chip, f"{name}-masked")
    return chip.text() if chip.isVisible() else ""


def test_what_is_held_is_read_masked_and_changed_only_unmasked(
    reader: Person, answers: list[bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reader.go(PanelId.RECEIVER)
    reader.press("open-state")
    reader.until(lambda: rows(reader))
    choose_kind(reader, "referral")
    reader.find(DataTable, "held").choose(0)
    reader.until(lambda: NUMBER in text(reader).toPlainText())
    assert badge(reader, "held") == ""
    switch(reader)
    reader.until(lambda: badge(reader, "held") == "Masked")
    assert HELD in text(reader).toPlainText()
    assert NUMBER not in text(reader).toPlainText()
    assert text(reader).isReadOnly()
    assert not reader.find(QAbstractButton, "held-keep").isVisible()
    reader.press("held-unmask")
    reader.quiet()
    assert badge(reader, "held") == "Masked", "the person was asked, and said no"
    answers.append(True)
    reader.press("held-unmask")
    reader.until(lambda: NUMBER in text(reader).toPlainText())
    assert badge(reader, "held") == "Not masked"
    assert not text(reader).isReadOnly()
    monkeypatch.setattr(receiver_state, "ask_save", lambda _: str(tmp_path / "state.json"))
    reader.press("held-save")
    reader.quiet()
    assert not (tmp_path / "state.json").exists(), "a file of all people is asked about too"
    switch(reader)
    reader.until(lambda: badge(reader, "held") == "" and NUMBER in text(reader).toPlainText())
    reader.press("held-save")
    reader.until((tmp_path / "state.json").is_file)


def test_a_note_is_shown_masked_and_written_only_unmasked(reader: Person, answers: list[bool]) -> None:
    switch(reader)
    panel = reader.go(PanelId.TIMELINE)
    place = next(row for row in panel._list.model._rows if row.note)
    panel._desk._row = place
    panel._desk._on_note()
    reader.until(lambda: badge(reader, "note") == "Masked")
    field = reader.find(QPlainTextEdit, "note-text")
    assert field.toPlainText().startswith("Rang ")
    assert SEEDED[0] not in field.toPlainText()
    assert field.isReadOnly()
    assert not reader.find(QAbstractButton, "note-save").isEnabled()
    answers.append(True)
    reader.press("note-unmask")
    reader.until(lambda: badge(reader, "note") == "Not masked")
    assert SEEDED[0] in field.toPlainText()
    field.appendPlainText("Again.")
    reader.press("note-save")
    reader.until(lambda: not any(one.isVisible() for one in reader.window.findChildren(QDialog, "note-dialog")))
    kept = next(row.note for row in panel._list.model._rows if row.note)
    assert kept == f"{place.note}\nAgain."


def test_a_call_is_filled_in_and_answered_masked_and_sent_as_it_is(reader: Person, answers: list[bool]) -> None:
    panel = reader.go(PanelId.SERVICES)
    reader.window.open_service(SERVICE)
    reader.quiet()
    reader.press("call-service")
    page = panel.calls
    reader.until(lambda: page.preview is not None)
    choose(reader, page, "appointment-search")
    page._view.set_value("patient:identifier", f"https://fhir.nhs.uk/Id/nhs-number|{NUMBER}")
    reader.until(lambda: NUMBER in reader.find(QLabel, "call-line").text())
    switch(reader)
    reader.until(lambda: badge(reader, "call") == "Masked")
    reader.until(lambda: NUMBER not in reader.find(QLabel, "call-line").text())
    assert NUMBER not in str(page._view.values())
    send(reader, page)
    reader.until(lambda: badge(reader, "answer") == "Masked")
    assert [row.id for row in page.answer.rows] == [HELD], "the real number was asked for"
    assert NUMBER not in page.answer.text
    answers += [True, True]
    reader.press("answer-unmask")
    reader.until(lambda: badge(reader, "answer") == "Not masked")
    assert NUMBER in page.answer.text
    reader.press("call-unmask")
    reader.until(lambda: badge(reader, "call") == "Not masked")
    assert NUMBER in str(page._view.values())
    choose(reader, page, "appointment-read")
    assert badge(reader, "call") == "Masked", "another call is masked again"
