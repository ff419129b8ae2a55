"""Many files judged in the window: from the menu of batching, dropped, stopped, opened and reported.

With what files_page gives both kinds of pages.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QTableView

from tests.builders import a_setting
from tests.session.conftest import new_id, now
from workbench.compose import compose
from workbench.messages import Severity
from workbench.ui.shell import dialogs
from workbench.ui.widgets import Combo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.driving import Person
    from workbench.ui.shell.batch import BatchDialog


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good message and a broken text."""
    place = tmp_path / "files"
    place.mkdir()
    (place / "good.json").write_bytes(compose("referral-full", a_setting(), now=now(), ids=new_id).source)
    (place / "no.xml").write_text("<no", encoding="utf-8")
    return place


def rows(person: Person) -> list[list[str]]:
    """What the table says, its numbers left out."""
    model = person.find(QTableView, "batch-files").model()
    return [[str(model.index(row, column).data()) for column in (0, 1, 4)] for row in range(model.rowCount())]


def sentence(person: Person) -> str:
    return person.find(QLabel, "batch-sentence").text()


def done(person: Person) -> bool:
    return bool(person.window.findChildren(QDialog, "batch")) and sentence(person).endswith("files valid")


def test_a_folder_from_the_menu_is_judged_and_reported(
    person: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "ask_folder", lambda _: str(folder))
    person.run("judge-folder")
    person.until(lambda: done(person) and len(rows(person)) == 2)
    assert [row[:2] for row in rows(person)] == [
        ["good.json", "Valid"],
        ["no.xml", "Not valid"],
    ]
    assert rows(person)[0][2] == "111 to ED: referral, new"
    cause = "no.xml is not valid XML: the end of a tag (>) is missing, line 1, column 3."
    assert rows(person)[1][2] == f"Not readable: {cause}"
    assert "1 of 2 files valid" in sentence(person)
    for ending in ("txt", "xml", "json"):
        target = folder / f"report.{ending}"
        monkeypatch.setattr(dialogs, "ask_report", lambda _, target=target: str(target))
        person.press("batch-save")
        person.until(target.is_file)
    assert len(json.loads((folder / "report.json").read_text("utf-8"))["files"]) == 2


def test_a_file_is_opened_in_compose_by_a_double_click(
    person: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "ask_files", lambda _: [str(folder / "good.json"), str(folder / "no.xml")])
    person.run("judge-files")
    person.until(lambda: done(person) and len(rows(person)) == 2)
    table = person.find(QTableView, "batch-files")
    place = table.visualRect(table.model().index(0, 0)).center()
    person.bot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    person.bot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    person.until(lambda: '"resourceType": "Bundle"' in person.source.toPlainText())


def test_what_is_dropped_together_is_a_batch_and_one_file_is_a_draft(person: Person, folder: Path) -> None:
    def drop(*paths: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        event = QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        person.window.dropEvent(event)

    drop(folder / "good.json")
    person.until(lambda: '"resourceType": "Bundle"' in person.source.toPlainText())
    assert not person.window.findChildren(QDialog, "batch")
    drop(folder)
    person.until(lambda: done(person) and len(rows(person)) == 2)


def test_a_batch_is_stopped_with_what_was_judged(person: Person, folder: Path) -> None:
    dialog: BatchDialog = person.window._batches.start([str(folder)] * 50)
    person.until(lambda: len(rows(person)) > 0)
    person.press("batch-stop")
    judged = len(rows(person))
    assert 0 < judged < 100
    assert sentence(person).startswith(f"Stopped after {judged} of 100.")
    assert len(dialog.verdicts()) == judged
    assert not person.find(QAbstractButton, "batch-stop").isVisible()
    person.quiet()
    assert len(rows(person)) == judged


def test_single_resources_are_named_in_words(person: Person, tmp_path: Path) -> None:
    for name in ("Flag", "Observation", "AllergyIntolerance"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"resourceType": name}), encoding="utf-8")
    slots = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": {"resourceType": "Slot"}}]}
    (tmp_path / "slots.json").write_text(json.dumps(slots), encoding="utf-8")
    paths = [str(tmp_path / f"{name}.json") for name in ("Flag", "Observation", "AllergyIntolerance", "slots")]
    person.window._batches.start(paths)
    person.until(lambda: len(rows(person)) == 4)
    assert [row[2] for row in rows(person)] == ["Flag", "Observation", "Allergy intolerance", "Slots found"]


def test_known_noise_of_the_chosen_service_does_not_count(person: Person, folder: Path) -> None:
    made = json.loads((folder / "good.json").read_text("utf-8"))
    del made["type"]
    (folder / "good.json").write_text(json.dumps(made), encoding="utf-8")
    dialog: BatchDialog = person.window._batches.start([str(folder / "good.json")])
    person.until(lambda: done(person) and len(dialog.verdicts()) == 1)
    service = person.find(Combo, "batch-service")
    person.until(lambda: service.count() > 1)
    wrong = [one for one in dialog.verdicts()[0].verdict.findings if one.severity is Severity.ERROR]
    assert wrong
    id = str(service.itemData(1))
    for finding in wrong:
        person.window._bridge.submit(
            dialog._session.silence(id, finding, path="", reason="They know", by="A. Tester"), lambda *_: None
        )
    person.quiet()
    assert rows(person)[0][1] == "Not valid", "nothing is chosen yet"
    service.setCurrentIndex(1)
    service.activated.emit(1)
    person.until(lambda: done(person) and f"{len(wrong)} silenced" in sentence(person))
    assert rows(person)[0][1] == "Valid"


def test_a_path_that_is_not_there_is_said(person: Person, folder: Path) -> None:
    person.window._batches.start([str(folder / "none.json")])
    person.until(lambda: "none.json was not found" in person.toasts())
    assert person.window._batches.start([]) is None
