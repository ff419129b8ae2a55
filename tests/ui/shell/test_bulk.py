"""A folder of messages sent from the window, its results kept, one opened, the rest stopped; also traffic."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QSpinBox, QTableView

from tests.session.test_bulk import SERVICE, fill
from workbench.ui.context import PanelId
from workbench.ui.shell import dialogs
from workbench.ui.widgets import Combo

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.ui.driving import Person


def rows(person: Person) -> list[list[str]]:
    """File and answer of each row, by file."""
    model = person.find(QTableView, "bulk-files").model()
    return sorted([str(model.index(row, column).data()) for column in (1, 2)] for row in range(model.rowCount()))


def sentence(person: Person) -> str:
    return person.find(QLabel, "bulk-sentence").text()


def begin(person: Person, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogs, "ask_folder_to_send", lambda _: str(folder))
    person.run("send-folder")
    person.quiet()
    assert sentence(person) == str(folder)
    person.find(Combo, "bulk-service").choose(SERVICE)


def test_a_folder_is_sent_and_its_results_are_kept(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(person, fill(tmp_path / "files", 3), monkeypatch)
    person.press("bulk-send")
    person.until(lambda: sentence(person).startswith("5 of 5 sent."))
    assert rows(person) == [
        ["000.json", "200"], ["001.json", "200"], ["002.json", "200"], ["y-broken.json", "400"],
        ["z-utf16.json", "not sent"],
    ]  # fmt: skip
    assert sentence(person).endswith("3 taken, 2 refused or not sent, 0 unknown")
    target = tmp_path / "results.json"
    monkeypatch.setattr(dialogs, "ask_results", lambda _: str(target))
    person.press("bulk-save")
    person.until(target.is_file)
    assert len(json.loads(target.read_text("utf-8"))["sent"]) == 5
    table = person.find(QTableView, "bulk-files")
    model = table.model()
    place = next(row for row in range(model.rowCount()) if model.index(row, 1).data() == "001.json")
    point = table.visualRect(model.index(place, 1)).center()
    person.bot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
    person.press("bulk-open")
    person.until(lambda: person.window._panel is PanelId.TIMELINE)
    person.until(lambda: person.window.panel(PanelId.TIMELINE)._leg != "")


def test_stop_ends_the_sending_with_what_was_sent(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(person, fill(tmp_path / "files", 30), monkeypatch)
    person.find(QSpinBox, "bulk-lanes").setValue(2)
    person.find(QSpinBox, "bulk-pace").setValue(20)
    person.press("bulk-send")
    person.until(lambda: len(rows(person)) > 0)
    person.press("bulk-stop")
    assert person.find(QAbstractButton, "bulk-send").isVisible()
    person.quiet()
    person.until(lambda: not person.window.findChild(QDialog, "bulk")._soon.isActive())
    sent = len(rows(person))
    assert 0 < sent < 32
    assert sentence(person).startswith(f"Stopped after {sent} of 32; what was under way is in the timeline.")


def test_production_asks_for_its_host(person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(person, fill(tmp_path / "files", 1), monkeypatch)
    dialog = person.window.findChild(QDialog, "bulk")
    assert dialog is not None
    asked: list[str] = []

    def refuse(host: str, what: str) -> str:
        asked.append(f"{host} {what}")
        return ""

    from dataclasses import replace

    status = person.window._status
    assert status is not None
    live = replace(status.environment, production=True, host="live.example")
    dialog._status = replace(status, environment=live)
    dialog._confirm = refuse
    person.press("bulk-send")
    assert asked == [f"live.example every message of {tmp_path / 'files'}"]
    assert rows(person) == []


def test_nothing_is_sent_where_no_folder_is_chosen(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogs, "ask_folder_to_send", lambda _: "")
    person.run("send-folder")
    assert not person.window.findChildren(QDialog, "bulk")


def test_a_folder_that_is_gone_is_said(person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(person, tmp_path / "none", monkeypatch)
    person.press("bulk-send")
    person.until(lambda: "none was not found" in person.toasts())
