"""Calls of other tools taken in by the window: pasted, from a file, refused in words, opened in Compose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit

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
    assert not person.find(QAbstractButton, "import-open").isEnabled()
    assert "no message" in person.find(QLabel, "import-about").text()
    assert "2000011147" in person.find(QLabel, "import-about").text()


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
