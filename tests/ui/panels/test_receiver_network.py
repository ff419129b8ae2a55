"""The Network pane in the running window: address, HTTPS, the test authority's certificate, what cannot work.

Also the certificate for a caller (receiver_client).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QSpinBox, QToolButton

from workbench.ui.context import PanelId
from workbench.ui.panels import receiver_client, receiver_network
from workbench.ui.panels.receiver_client import ClientCertificateDialog
from workbench.ui.panels.receiver_network import NetworkPane
from workbench.ui.widgets import Chip, Combo

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.ui.driving import Person


def pane(person: Person) -> NetworkPane:
    person.go(PanelId.RECEIVER)
    person.quiet()
    person.press("open-network")
    person.until(lambda: person.window.findChildren(NetworkPane))
    (found,) = person.window.findChildren(NetworkPane)
    person.until(lambda: found._view is not None)
    return found


def choose(shown: NetworkPane, words: str) -> None:
    (segment,) = (one for one in shown.findChildren(QToolButton) if one.text() == words)
    segment.click()


def test_https_with_the_test_certificate_and_its_authority_saved(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = pane(person)
    assert shown._view is not None
    assert shown._view.base_url.startswith("http://127.0.0.1:")
    assert person.find(Combo, "network-host").currentText() == "127.0.0.1, this machine only"
    choose(shown, "Test certificate")
    person.find(QLineEdit, "network-names").setText("receiver.example")
    person.press("network-apply")
    person.until(lambda: shown._view is not None and shown._view.base_url.startswith("https://"))
    person.until(lambda: "Test authority of" in person.words(shown))
    assert "receiver.example" in person.words(shown)
    monkeypatch.setattr(receiver_network, "ask_where", lambda *_: str(tmp_path / "ca.pem"))
    person.press("network-export")
    person.until(lambda: (tmp_path / "ca.pem").exists())
    assert "PRIVATE" not in (tmp_path / "ca.pem").read_text("ascii")
    choose(shown, "Plain HTTP")
    person.press("network-apply")
    person.until(lambda: shown._view is not None and shown._view.base_url.startswith("http://"))


def test_a_certificate_for_a_caller_is_saved_and_asking_for_one_stays_in_sight(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = pane(person)
    choose(shown, "Test certificate")
    choose(shown, "Asked for")
    person.press("network-apply")
    panel = person.window.panel(PanelId.RECEIVER)
    person.until(lambda: [one.text() for one in panel.findChildren(Chip)][:1] == ["Client certificate asked"])
    monkeypatch.setattr(receiver_client, "ask_file", lambda *_: str(tmp_path / "client.pem"))
    person.press("network-issue")
    (dialog,) = person.window.findChildren(ClientCertificateDialog)
    person.press("client-save")
    assert "A certificate needs a name." in person.words(dialog)
    person.find(QLineEdit, "client-name").setText("Hill 111")
    for name in ("client-passphrase", "client-passphrase-again"):
        person.find(QLineEdit, name).setText("several words in a row")
    person.press("client-save")
    person.until(lambda: (tmp_path / "client.pem").exists())
    text = (tmp_path / "client.pem").read_text("ascii")
    assert ("ENCRYPTED PRIVATE KEY" in text, text.count("BEGIN CERTIFICATE")) == (True, 2)
    person.until(lambda: "Saved" in person.toasts())


def test_that_everybody_can_reach_it_is_said_all_the_time(person: Person) -> None:
    shown = pane(person)
    person.until(lambda: shown._view is not None)
    assert shown._view is not None
    title = "Everybody on this network can reach the receiver"
    assert title not in person.words(shown)
    shown._on_read(replace(shown._view, lan=True), None)
    person.until(lambda: title in person.words(shown))
    for _ in range(2):  # it is not made anew, which would leave a gap for a moment
        shown._on_read(replace(shown._view, lan=True), None)
        assert title in person.words(shown)


def test_what_cannot_work_is_said_and_the_fields_stay_until_they_are_undone(person: Person) -> None:
    shown = pane(person)
    choose(shown, "Own certificate")
    person.find(QLineEdit, "network-certificate").setText("/nowhere/cert.pem")
    person.find(QSpinBox, "network-port").setValue(0)
    person.press("network-apply")
    person.until(lambda: "there is no file /nowhere/cert.pem" in person.words(shown))
    assert person.find(QLineEdit, "network-certificate").text() == "/nowhere/cert.pem"
    assert shown._view is not None
    assert shown._view.base_url.startswith("http://")
    shown.refresh()  # as every call that comes does
    person.quiet()
    assert "there is no file /nowhere/cert.pem" in person.words(shown)
    person.press("network-undo")
    assert "there is no file" not in person.words(shown)
    assert person.find(QLineEdit, "network-certificate").text() == ""
