"""The receiver's panel in the running window: both tabs, the live log, state, start and stop, a port that is taken."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QTabBar, QWidget

from workbench.ui.context import PanelId
from workbench.ui.models.table import VALUE_ROLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ui.driving import Person
    from workbench.session.views import LogEntry


def log(person: Person) -> list[LogEntry]:
    return person.values("receiver-log", VALUE_ROLE)


def show(person: Person, tab: int) -> QWidget:
    panel = person.go(PanelId.RECEIVER)
    panel.findChild(QTabBar).setCurrentIndex(tab)
    person.quiet()
    return panel


def test_what_arrives_is_logged_and_leads_to_the_timeline(person: Person) -> None:
    panel = show(person, 0)
    assert "Nothing has arrived yet" in person.words(panel)
    assert person.model("answers").rowCount() > 0, "the rules of its answers are listed"
    person.compose()
    person.run("send")
    panel = show(person, 0)
    person.until(lambda: [one.status[:3] for one in log(person)] == ["200"])
    (entry,) = log(person)
    assert entry.method == "POST"
    assert entry.path.endswith("/$process-message")
    view = person.find(QAbstractItemView, "receiver-log")
    view.setCurrentIndex(view.model().index(0, 0))
    view.setFocus()
    person.bot.keyClick(view, Qt.Key.Key_Return)
    timeline = person.window.panel(PanelId.TIMELINE)
    person.until(lambda: timeline._leg == entry.exchange)


def test_the_address_is_one_that_can_be_called(person: Person) -> None:
    show(person, 0)
    person.press("copy-address")
    address = QGuiApplication.clipboard().text()
    assert address.startswith("http://127.0.0.1:")
    answer = httpx.get(f"{address}/metadata", trust_env=False, timeout=10)
    assert answer.status_code in (200, 400, 404)
    assert answer.json()["resourceType"] in ("CapabilityStatement", "OperationOutcome")
    person.until(lambda: any(one.path.endswith("/metadata") for one in log(person)))


def test_a_paused_list_stands_still(person: Person) -> None:
    show(person, 0)
    person.press("pause-log")
    before = len(log(person))
    person.press("copy-address")
    address = QGuiApplication.clipboard().text()
    httpx.get(f"{address}/metadata", trust_env=False, timeout=10)
    httpx.get(f"{address}/metadata", trust_env=False, timeout=10)
    person.quiet()
    assert len(log(person)) == before
    person.press("pause-log")
    person.until(lambda: len(log(person)) == before + 2)


def test_it_is_stopped_and_started(person: Person) -> None:
    panel = show(person, 0)
    button = person.find(QAbstractButton, "receiver-switch-button")
    assert button.text() == "Stop"
    person.press("receiver-switch-button")
    person.until(lambda: button.text() == "Start")
    assert not person.find(QAbstractButton, "copy-address").isVisible()
    person.press("receiver-switch-button")
    person.until(lambda: button.text() == "Stop")
    assert panel._page.listening


def test_the_sandbox_shows_what_it_holds_until_it_is_reset(person: Person) -> None:
    person.compose()
    person.run("send")
    panel = show(person, 1)
    held = lambda: dict(panel._page.state)  # noqa: E731 - a short name for what is asked again and again
    person.until(lambda: any(value.startswith("1") for value in held().values()))
    before = held()
    person.press("reset-state")
    person.press("reset-keep")
    assert held() == before
    person.press("reset-state")
    person.press("reset-sure")
    person.until(lambda: held() != before)
    assert not any(value.startswith("1") for value in held().values())
    assert not person.find(QAbstractButton, "receiver-switch-button").isVisible(), "the sandbox is always there"


@pytest.mark.expects_warnings
def test_a_taken_port_is_said_with_what_to_do(
    person: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, open_desk: Callable[..., object]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        person.desk.bridge.submit(person.desk.session.change_setting("receiver_port", str(port)), lambda *_: None)
        person.quiet()
        panel = show(person, 0)
        if panel._page.listening:
            person.press("receiver-switch-button")
            person.until(lambda: not panel._page.listening)
            person.press("receiver-switch-button")
        person.until(lambda: str(port) in person.words(panel))
        assert "Choose another port under Settings" in person.words(panel)
    person.press("receiver-switch-button")
    person.until(lambda: panel._page.listening)
