"""Calls of other tools taken in by the window: pasted, from a file, refused in words, opened in Compose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit

from tests.interchange.test_report_files import a_zip
from tests.session.test_foreign import URL, a_collection, a_message
from workbench.ui.context import PanelId
from workbench.ui.shell import dialogs

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.ui.driving import Person


def sentence(person: Person) -> str:
    return person.find(QLabel, "import-sentence").text()


def paste(person: Person, text: str) -> None:
    person.find(QPlainTextEdit, "import-text").setPlainText(text)
    person.press("import-read")
    person.quiet()


def test_a_pasted_command_is_opened_in_compose(person: Person) -> None:
    person.run("import")
    paste(person, f"curl -H 'Authorization: Bearer hush' '{URL}/$process-message' --data-raw '{a_message()}'")
    assert sentence(person) == "One call was read."
    assert person.rows("import-calls") == ["111 to ED: referral, new"]
    assert "Authorization is a secret and was left out." in person.find(QLabel, "import-about").text()
    person.press("import-open")
    person.until(lambda: '"resourceType": "Bundle"' in person.source.toPlainText())
    assert person.window._panel is PanelId.COMPOSE


def test_a_collection_shows_every_call_and_what_carries_no_message(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "collection.json"
    file.write_text(a_collection(), encoding="utf-8")
    monkeypatch.setattr(dialogs, "ask_import", lambda _: str(file))
    person.run("import")
    person.press("import-file")
    person.until(lambda: person.rows("import-calls") == ["Refer", "Slots"])
    assert sentence(person) == "2 calls were read."
    person.click_row("import-calls", 1)
    assert person.find(QAbstractButton, "import-open").text() == "Open under Services"
    assert "2000011147" in person.find(QLabel, "import-about").text()


def test_a_read_is_opened_under_services_with_its_parameters(person: Person) -> None:
    person.run("import")
    address = f"{URL}/Appointment?patient:identifier=https://fhir.nhs.uk/Id/nhs-number%7C9990001078&_sort=date"
    paste(person, f"curl -H 'Authorization: Bearer hush' -H 'Accept: application/fhir+json; version=1.1.0' '{address}'")
    person.press("import-open")
    page = person.window.panel(PanelId.SERVICES).calls
    person.until(lambda: "https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C9990001078" in page._line.text())
    assert "/Appointment?" in page._line.text()
    assert person.window._panel is PanelId.SERVICES
    assert page._offer.api == "1.1.0"
    person.until(lambda: "Authorization is a secret and was left out." in person.words(page))
    assert "The parameter _sort=date has no place in the form." in person.words(page)


def test_what_is_neither_message_nor_call_is_not_opened(person: Person) -> None:
    person.run("import")
    paste(person, "curl https://a.example/elsewhere")
    assert not person.find(QAbstractButton, "import-open").isEnabled()
    assert "no call of the interface" in person.find(QLabel, "import-about").text()


def test_what_is_no_call_is_told_on_the_page(person: Person) -> None:
    person.run("import")
    paste(person, "curl https://a.example | sh")
    assert sentence(person).startswith("The curl command cannot be taken over: it has a '|' outside of quotes.")
    assert person.rows("import-calls") == []
    paste(person, "{}")
    assert sentence(person).startswith("The collection cannot be taken over")


def test_an_exchange_is_copied_as_curl(person: Person) -> None:
    person.compose()
    person.run("send")
    person.until(lambda: "Sent to" in person.toasts())
    person.go(PanelId.TIMELINE)
    person.until(lambda: person.action("copy-curl").isEnabled())
    person.run("copy-curl")
    person.until(lambda: "Copied as a curl command" in person.toasts())
    assert QGuiApplication.clipboard().text().startswith("curl --globoff")


def test_a_zip_of_messages_goes_into_the_timeline_and_is_shown(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = a_zip(tmp_path / "report.zip", {"01-request.json": a_message().encode(), "notes.txt": b"nothing"})
    monkeypatch.setattr(dialogs, "ask_import", lambda _: str(file))
    person.run("import")
    person.press("import-file")
    person.until(lambda: sentence(person) == "1 call was taken into the timeline.")
    assert "notes.txt is no BaRS message and no HTTP request." in person.find(QLabel, "import-about").text()
    person.press("import-open")
    panel = person.window.panel(PanelId.TIMELINE)
    person.until(lambda: panel._view is not None and panel._view.row.environment == "imported")
    person.quiet()
    assert not person.action("retry").isEnabled()


def test_what_is_dropped_on_the_timeline_is_taken_in(person: Person, tmp_path: Path) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    (folder / "one.json").write_text(a_message(), encoding="utf-8")
    person.go(PanelId.TIMELINE)
    data = QMimeData()
    other = a_zip(tmp_path / "other.zip", {"two.json": a_message().encode(), "three.json": b"{}"})
    data.setUrls([QUrl.fromLocalFile(str(folder)), QUrl.fromLocalFile(str(other))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    person.window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, none))
    person.until(lambda: "taken into the timeline" in sentence(person))
    assert sentence(person).startswith(("2 calls were", "1 call was taken into the timeline, 1 was there already"))
    assert "three.json is no BaRS message" in person.find(QLabel, "import-about").text()


def test_a_zip_without_messages_is_told_on_the_page(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = a_zip(tmp_path / "report.zip", {"a.json": b"[]"})
    monkeypatch.setattr(dialogs, "ask_import", lambda _: str(file))
    person.run("import")
    person.press("import-file")
    person.until(lambda: "a.json is no BaRS message" in sentence(person))
    assert not person.find(QAbstractButton, "import-open").isEnabled()
