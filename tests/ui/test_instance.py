"""A second window on a workspace: the first comes forward with its files; where none answers, the second only reads."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalSocket

from workbench import workspace
from workbench.settings import load_app_settings
from workbench.ui import instance
from workbench.ui.context import PanelId
from workbench.ui.instance import Doorbell, ask_first

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.ui.driving import Person
    from workbench.app import Desk


def test_nobody_at_home_is_no_answer(qapp: object) -> None:
    assert not ask_first(str(uuid4()), ())


@pytest.mark.parametrize("request_", [b"not JSON\n", b'{"files": []}\n', b"[1]\n", b"x" * (instance.LONGEST + 10)])
def test_what_is_no_request_is_hung_up_on(qtbot: QtBot, request_: bytes) -> None:
    bell, workspace = Doorbell(), str(uuid4())
    asked: list[list[str]] = []
    bell.asked.connect(asked.append)
    assert bell.listen(workspace)
    socket = QLocalSocket()
    socket.connectToServer(f"bars-workbench-{workspace}")
    assert socket.waitForConnected(2_000)
    socket.write(request_)
    qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert not asked
    bell.close()


def test_the_first_window_comes_forward_with_the_files(
    person: Person, tmp_path: Path, open_desk: Callable[..., Desk]
) -> None:
    file = tmp_path / "patient.json"
    file.write_text('{"resourceType": "Patient", "id": "one"}', encoding="utf-8")
    person.window.showMinimized()
    second = open_desk(tmp_path / "demo", files=(str(file),))
    assert second.session is None
    person.until(lambda: person.window._stack.currentWidget() is person.window.panel(PanelId.COMPOSE))
    person.until(lambda: '"Patient"' in person.source.toPlainText())
    assert not person.window.windowState() & Qt.WindowState.WindowMinimized


def test_where_nobody_answers_the_second_window_only_reads(
    person: Person, tmp_path: Path, open_desk: Callable[..., Desk]
) -> None:
    person.compose()
    person.run("send")
    person.until(lambda: "200" in person.toasts())
    assert person.desk._doorbell is not None
    person.desk._doorbell.close()
    second = type(person)(person.bot, open_desk(tmp_path / "demo"))
    assert second.desk.session is not None
    second.until(lambda: "this window only reads" in second.toasts())
    second.go(PanelId.TIMELINE)
    second.until(second.conversations)
    assert not second.action("run-all").isEnabled()
    assert not second.action("retry").isEnabled()
    second.go(PanelId.COMPOSE)
    assert not second.action("send").isEnabled()


def test_the_workspace_opened_last_is_opened_again(
    tmp_path: Path, person: Person, open_desk: Callable[..., Desk]
) -> None:
    person.window.close()
    person.desk.close()
    assert load_app_settings({}).last_workspace == ""
    open_desk(tmp_path / "demo", remember=True).close()
    kept = load_app_settings({})
    assert workspace.choose(None, kept) == tmp_path / "demo"
