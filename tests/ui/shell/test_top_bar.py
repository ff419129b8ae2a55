"""What surrounds the panels, in the running window: top_bar with its buttons, rail, status_bar, toasts, appearance,
commands, dialogs, opening and pictures.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

from workbench.errors import ErrorCode, InputError
from workbench.session.views import ReceiverView, TokenView, Tone
from workbench.settings import AppSettings
from workbench.ui.actions import ActionId
from workbench.ui.context import PanelId
from workbench.ui.models.palette import ENTRY_ROLE
from workbench.ui.shell import dialogs
from workbench.ui.shell.dialogs import HostDialog
from workbench.ui.shell.opening import Opening
from workbench.ui.shell.pictures import Camera
from workbench.ui.shell.status_bar import StatusBar, StatusChip
from workbench.ui.shell.toasts import MOST, Toasts
from workbench.ui.theme import DARK, LIGHT, theme_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.ui.driving import Person
    from workbench.app import Desk

NOW = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)


# where one is, and who one is


def test_environment_and_identity_are_chosen_from_menus(person: Person) -> None:
    top = person.window._top
    pill = person.find(QAbstractButton, "environment")
    assert pill.accessibleName().startswith("Environment: Embedded sandbox")
    menu = top.environment_menu()
    offered = {action.data(): action for action in menu.actions()}
    assert list(offered)[:4] == ["embedded", "sandbox", "int", "production"]
    assert offered["embedded"].isChecked()
    for id, action in offered.items():
        assert action.isEnabled() or action.text().partition(": ")[2], f"{id} is greyed and does not say why"
    people = top.identity_menu().actions()
    assert len(people) > 1
    other = next(action for action in people if not action.isChecked())
    other.trigger()
    button = person.find(QAbstractButton, "identity")
    person.until(lambda: other.text().split(":")[0] in button.accessibleName())
    offered["sandbox"].trigger()
    person.until(lambda: pill.accessibleName().startswith("Environment: Sandbox"))
    assert person.window._strip._environment == "sandbox"


def test_a_narrow_window_leaves_out_what_does_not_fit(person: Person) -> None:
    top, rail = person.window._top, person.window._rail
    person.window.resize(1440, 900)
    wide = top._pill.sizeHint().width()
    compose = person.find(QToolButton, "rail-compose")
    assert compose.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextUnderIcon
    person.window.resize(1024, 700)
    assert top._pill.sizeHint().width() < wide
    assert not top._name.isVisible()
    assert compose.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly
    assert compose.toolTip() == "Compose (Ctrl+1)"
    assert rail.width() < 76


def test_the_rail_marks_the_panel_in_front(person: Person) -> None:
    for panel in (PanelId.TIMELINE, PanelId.SETTINGS, PanelId.KEYS):
        person.press(f"rail-{panel.value}")
        checked = [b.objectName() for b in person.window._rail.findChildren(QToolButton) if b.isChecked()]
        assert checked == [f"rail-{panel.value}"]
        assert person.window._stack.currentWidget() is person.window.panel(panel)
    person.run("go-start")
    assert not [b for b in person.window._rail.findChildren(QToolButton) if b.isChecked()]
    person.run("about")
    person.until(lambda: "About" in person.words(person.window.panel(PanelId.SETTINGS)))


@pytest.mark.parametrize("panel", PanelId)
def test_whatever_takes_the_focus_says_what_it_is(person: Person, panel: PanelId) -> None:
    person.go(panel)
    silent = []
    for widget in person.window.findChildren(QWidget):
        if not widget.isVisible() or widget.focusPolicy() is Qt.FocusPolicy.NoFocus or widget.focusProxy():
            continue
        if widget in (person.window._stack, person.window) or widget.objectName().startswith("qt_"):
            continue
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        text = widget.accessibleName() or (widget.text() if hasattr(widget, "text") else "")
        if not text:
            silent.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    assert not silent


def test_the_menus_come_with_f10_or_alt_and_go_again(person: Person) -> None:
    bar = person.window.menuBar()
    titles = [action.text().replace("&", "") for action in bar.actions()]
    assert titles == ["File", "View", "Message", "Run", "Help"]
    assert not bar.isVisible()
    person.run("menu-bar")
    assert bar.isVisible()
    (open_, *_) = bar.actions()[0].menu().actions()
    assert open_ is person.action("open-file")
    person.run("menu-bar")
    assert not bar.isVisible()
    person.bot.keyPress(person.window, Qt.Key.Key_Alt)
    person.bot.keyRelease(person.window, Qt.Key.Key_Alt)
    assert bar.isVisible()
    bar.hide()
    person.bot.keyPress(person.window, Qt.Key.Key_Alt)
    person.bot.keyPress(person.window, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    person.bot.keyRelease(person.window, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    person.bot.keyRelease(person.window, Qt.Key.Key_Alt)
    assert not bar.isVisible(), "Alt with another key is not Alt alone"


# the foot


def test_the_token_counts_down_and_runs_out(qtbot: QtBot, tmp_path: Path, person: Person) -> None:
    status = person.window._status
    assert status is not None
    present = [NOW]
    foot = StatusBar(lambda: present[0])
    qtbot.addWidget(foot)
    token = TokenView(Tone.OK, "Token", client="app-1", expires=NOW + timedelta(seconds=65))
    foot.show_status(replace(status, token=token))
    chip = foot.findChild(StatusChip, "token")
    assert chip.accessibleName() == "Token 1 min 05 s left, app-1"
    present[0] += timedelta(seconds=66)
    foot._show_token()
    assert chip.accessibleName() == "Token has run out"
    assert not foot._tick.isActive()
    foot.show_status(replace(status, awaited=2, receiver=ReceiverView(False, "", "", "Receiver stopped")))
    assert foot.findChild(StatusChip, "awaited").accessibleName() == "2 replies awaited"
    assert foot.findChild(StatusChip, "receiver").accessibleName() == "Receiver stopped"
    foot.show_status(replace(status, awaited=1))
    assert foot.findChild(StatusChip, "awaited").accessibleName() == "1 reply awaited"


def test_replies_that_are_due_count_down(qtbot: QtBot, person: Person) -> None:
    status = person.window._status
    assert status is not None
    present = [NOW]
    foot = StatusBar(lambda: present[0])
    qtbot.addWidget(foot)
    idle = replace(status.token, expires=None)
    receiver = replace(status.receiver, due=1, due_at=NOW + timedelta(seconds=12))
    foot.show_status(replace(status, token=idle, receiver=receiver))
    chip = foot.findChild(StatusChip, "due")
    assert chip.accessibleName() == "1 reply due in 12 s"
    present[0] += timedelta(seconds=12)
    foot._on_tick()
    assert chip.accessibleName() == "1 reply due now"
    later = replace(receiver, due=2, due_at=NOW + timedelta(minutes=5))
    foot.show_status(replace(status, token=idle, receiver=later))
    assert chip.accessibleName() == "2 replies due in 5 min"
    foot.show_status(replace(status, token=idle, receiver=replace(receiver, due=0, due_at=None)))
    assert not chip.isVisibleTo(foot)
    assert not foot._tick.isActive()


def test_a_fact_at_the_foot_leads_to_its_panel(person: Person) -> None:
    person.press("receiver")
    assert person.window._stack.currentWidget() is person.window.panel(PanelId.RECEIVER)
    person.press("token")
    assert person.window._stack.currentWidget() is person.window.panel(PanelId.KEYS)


def test_a_token_is_fetched_and_the_receiver_switched_from_anywhere(person: Person) -> None:
    person.run("renew-token")
    token = person.find(QAbstractButton, "token")
    person.until(lambda: "left" in token.accessibleName())
    receiver = person.find(QAbstractButton, "receiver")
    assert "127.0.0.1" in receiver.accessibleName()
    person.run("receiver-switch")
    person.until(lambda: "127.0.0.1" not in receiver.accessibleName())
    person.run("receiver-switch")
    person.until(lambda: "127.0.0.1" in receiver.accessibleName())


# toasts


def test_toasts_are_few_and_each_can_be_closed(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 600)
    foot = QWidget(host)
    foot.resize(900, 28)
    host.show()
    toasts = Toasts(host, foot)
    done: list[str] = []
    for number in range(MOST + 2):
        toasts.show_toast("ok", f"Sent {number}", "Open", lambda n=number: done.append(str(n)))
    assert [text for text in toasts.texts() if "Sent" in text] == list(toasts.texts())
    assert len(toasts.texts()) == MOST
    assert toasts.texts()[-1].endswith(f"Sent {MOST + 1}")
    shown = toasts._shown[-1]
    assert shown.geometry().bottom() < host.height() - foot.height()
    qtbot.mouseClick(shown.findChild(QAbstractButton, "toast-action"), Qt.MouseButton.LeftButton)
    assert done == [str(MOST + 1)]
    assert len(toasts.texts()) == MOST - 1


def test_a_known_error_is_a_toast_and_a_mistake_is_a_dialog(person: Person) -> None:
    person.window.failed(InputError(ErrorCode.INPUT_MISSING, what="a.json", cause="it is not there"))
    assert "a.json" in person.toasts()
    person.window.failed(ValueError("a mistake of ours"))
    details = person.find(QWidget, "details")
    text = details.findChild(QPlainTextEdit)
    assert "ValueError: a mistake of ours" in text.toPlainText()
    copy = next(b for b in details.findChildren(QAbstractButton) if b.text() == "Copy details")
    person.bot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == text.toPlainText()
    details.close()


# commands


def test_the_palette_runs_commands_by_keyboard(person: Person) -> None:
    person.run("palette")
    field = person.find(QLineEdit, "palette-field")
    person.until(field.hasFocus)
    found = person.find(QListView, "palette-list").model()
    person.bot.keyClicks(field, "timel")
    assert found.index(1, 0).data(ENTRY_ROLE).key == "action:go-timeline"
    person.bot.keyClick(field, Qt.Key.Key_Return)
    assert person.window._stack.currentWidget() is person.window.panel(PanelId.TIMELINE)
    assert not person.find(QWidget, "command-palette").isVisible()
    person.run("palette")
    person.until(lambda: any(one.key.startswith("service:") for one in person.values("palette-list", ENTRY_ROLE)))
    person.bot.keyClicks(field, "#northgate emerg")
    person.bot.keyClick(field, Qt.Key.Key_Return)
    person.until(lambda: "Northgate Emergency Department" in person.words(person.window.panel(PanelId.SERVICES)))
    person.run("palette")
    person.bot.keyClicks(field, "no such command anywhere")
    assert "Nothing fits" in person.words(person.find(QWidget, "command-palette"))
    person.bot.keyClick(field, Qt.Key.Key_Escape)
    assert not person.find(QWidget, "command-palette").isVisible()


def test_the_palette_opens_a_conversation(person: Person) -> None:
    person.compose()
    person.run("send")
    person.until(lambda: "200" in person.toasts())
    person.run("palette")
    field = person.find(QLineEdit, "palette-field")
    found = person.find(QListView, "palette-list").model()
    person.bot.keyClicks(field, "@111")
    person.until(lambda: found.rowCount() > 1)
    person.bot.keyClick(field, Qt.Key.Key_Down)
    person.bot.keyClick(field, Qt.Key.Key_Return)
    timeline = person.window.panel(PanelId.TIMELINE)
    person.until(lambda: timeline._view is not None)
    assert timeline._view.row.title == "111 to ED: referral, new"


# dialogs


def test_production_asks_for_the_host_name_exactly(qtbot: QtBot) -> None:
    dialog = HostDialog(None, "api.service.nhs.uk", "111 to ED: referral, new")  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    assert [label.text() for label in dialog.findChildren(QLabel)] == [
        "Send to PRODUCTION?",
        "111 to ED: referral, new",
        "This is about a real person and cannot be taken back. Type the host name to send it.",
        "Expected: api.service.nhs.uk",
    ]
    field = dialog.findChild(QLineEdit)
    buttons = dialog.findChild(QDialogButtonBox)
    send = next(b for b in buttons.buttons() if b.text() == "Send to production")
    assert not send.isEnabled()
    for typed, possible in (("api.service.nhs", False), ("api.service.nhs.uk.", False), (" api.service.nhs.uk ", True)):
        field.setText(typed)
        assert send.isEnabled() is possible
    assert dialog.typed() == "api.service.nhs.uk"


def drag(data: QMimeData) -> QDragEnterEvent:
    left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    made = QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, data, left, plain)
    made.ignore()
    return made


def test_files_are_opened_by_choice_and_by_dropping(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = tmp_path / "one.json"
    message.write_text(json.dumps({"resourceType": "Bundle", "type": "message", "entry": []}), encoding="utf-8")
    monkeypatch.setattr(dialogs, "ask_file", lambda _: str(message))
    person.run("open-file")
    person.until(lambda: '"message"' in person.source.toPlainText())
    other = tmp_path / "two.xml"
    other.write_text('<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/></Bundle>', encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(other))])
    person.window.dragEnterEvent(entering := drag(data))
    assert entering.isAccepted()
    place, copy = QPointF(20, 20), Qt.DropAction.CopyAction
    person.window.dropEvent(QDropEvent(place, copy, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    person.until(lambda: "collection" in person.source.toPlainText())
    assert person.source.toPlainText().lstrip().startswith("<Bundle")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.json", None, "gone.json"),
        ("picture.json", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "picture.json"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(
    person: Person, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    person.window.open_files([str(tmp_path / name)])
    person.until(person.toasts)
    assert said in person.toasts()
    person.go(PanelId.TIMELINE)


# how it looks


def test_theme_and_text_size_change_while_it_runs(person: Person, tmp_path: Path) -> None:
    person.run("theme-dark")
    assert theme_for(QApplication.palette()) is DARK
    person.run("theme-light")
    assert theme_for(QApplication.palette()) is LIGHT
    person.compose()
    before = QApplication.font().pointSizeF(), person.source.toPlainText()
    person.desk.appearance.change("text_percent", "200")
    person.until(lambda: person.window.panel(PanelId.COMPOSE)._draft is not None)
    person.judged()
    assert QApplication.font().pointSizeF() == pytest.approx(before[0] * 2)
    assert person.source.toPlainText() == before[1]
    person.desk.appearance.change("text_percent", "100")
    person.quiet()
    person.desk.appearance.change("text_percent", "many")
    assert QApplication.font().pointSizeF() == pytest.approx(before[0])


def test_pictures_of_every_panel(person: Person, tmp_path: Path) -> None:
    seen: list[PanelId] = []
    camera = Camera(person.window, person.desk.bridge, person.desk.appearance)
    folder = tmp_path / "out"
    folder.mkdir()
    made = camera.take(folder, sizes=[(1024, 700)], percents=[100], ready=seen.append)
    assert {path.name for path in made} == {
        f"{name}-{theme}-1024x700-100.png" for name in (*PanelId, "palette") for theme in ("light", "dark")
    }
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in made)
    assert set(seen) == set(PanelId)
    with pytest.raises(OSError, match="could not be written"):
        camera._save(tmp_path / "nowhere", "start", "light", (1024, 700), 100)


# opening


def test_opening_says_why_it_cannot(qtbot: QtBot) -> None:
    page = Opening()
    qtbot.addWidget(page)
    page.show()
    page.begin()
    page.show_problem("The workspace cannot be read.", "Choose another folder. [workspace.damaged]")
    banner = page.findChild(QWidget, "opening-problem")
    qtbot.waitUntil(banner.isVisible)
    words = " ".join(label.text() for label in banner.findChildren(QLabel))
    assert "cannot be read" in words
    assert "workspace.damaged" in words


def test_a_folder_that_is_no_workspace_is_said_in_the_window(
    qtbot: QtBot, tmp_path: Path, open_desk: Callable[..., Desk]
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "diary.txt").write_text("not ours", encoding="utf-8")
    (folder / "workspace.json").write_text("{ broken", encoding="utf-8")
    desk = open_desk(folder, app=AppSettings())
    assert desk.session is None
    banner = desk.window.findChild(QWidget, "opening-problem")
    assert banner is not None
    qtbot.waitUntil(banner.isVisible)
    desk.window.to_panel(PanelId.COMPOSE)
    desk.window.open_files([str(folder / "diary.txt")])
    assert desk.window.actions_[ActionId.QUIT].isEnabled()


def test_a_status_that_was_overtaken_is_no_news(person: Person) -> None:
    person.quiet()
    newest = person.window._status
    assert newest is not None
    stopped = replace(newest, receiver=ReceiverView(False, "", "", "Not receiving"), serial=newest.serial - 1)
    person.window._show_status(stopped)
    assert person.window._status is newest
    person.window._show_status(replace(stopped, serial=newest.serial + 1))
    assert person.find(QAbstractButton, "receiver").accessibleName() == "Not receiving"
