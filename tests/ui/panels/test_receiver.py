"""The receiver's panel in the running window: both tabs, the live log (receiver_live) and what is sent to oneself,
state (receiver_held), start and stop, a port that is taken.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QPushButton, QTabBar, QWidget

from workbench.messages import parse
from workbench.ui.context import PanelId
from workbench.ui.models.table import VALUE_ROLE
from workbench.ui.panels import receiver
from workbench.ui.panels.receiver_live import LiveCard

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
        assert "Choose another port" in person.words(panel)
        if sys.platform == "linux":
            assert f"(process {os.getpid()})" in panel._page.problem, panel._page.problem
        other = f"Listen on port {panel._page.free_port}"
        person.until(lambda: [one for one in panel.findChildren(QPushButton) if one.text() == other])
        next(one for one in panel.findChildren(QPushButton) if one.text() == other).click()
        person.until(lambda: panel._page.listening)
    person.until(lambda: "is used by" not in person.words(panel))


def test_an_official_example_that_is_sent_to_me_shows_up_judged_and_answered(
    person: Person, monkeypatch: pytest.MonkeyPatch, shared: Path
) -> None:
    files = sorted((shared / "data" / "examples").rglob("*.json"))
    file = next(one for one in files if parse(one.read_bytes()).facts.event == "servicerequest-request")
    monkeypatch.setattr(receiver, "ask_message", lambda _parent: str(file))
    show(person, 0)
    live = person.window.panel(PanelId.RECEIVER).findChild(LiveCard)
    live.file_wanted.emit()
    person.until(lambda: len(log(person)) == 1)
    (entry,) = log(person)
    assert entry.status.isdecimal()
    assert entry.answered_by, "it was judged, and the rule that answered is named"
    assert entry.about


def test_a_template_is_sent_to_me_as_another_party_would(person: Person) -> None:
    show(person, 0)
    live = person.window.panel(PanelId.RECEIVER).findChild(LiveCard)
    choices = person.desk.session.to_me.choices()
    assert choices
    live.message_wanted.emit(choices[0][0])
    person.until(lambda: len(log(person)) == 1)
    (entry,) = log(person)
    assert (entry.status, entry.caller) == ("200", "Another party")
    person.until(lambda: "Your receiver answered 200" in person.toasts())
