"""One walk through the whole window of a workspace full of one person's texts: masked nothing of them is anywhere.

The same walk with people as they are finds most of them, so that it is known to look.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QTabBar, QWidget

from tests.ui.driving import Person
from tests.ui.seeded import HELD, PERSONAL, SERVICE, a_command, a_file, leaks, seeded_workspace, told_by_window
from workbench.ui.context import PanelId
from workbench.ui.models.table import VALUE_ROLE
from workbench.ui.panels.timeline_notes import NoteDialog
from workbench.ui.shell import dialogs
from workbench.ui.widgets import ChoicePopup, Combo, DataTable, Picker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from workbench.app import Desk
    from workbench.ui.panels.timeline import TimelinePanel

__all__ = ["seeded_workspace"]

AREAS = (
    *("receiver, page 0", "receiver, page 1", "receiver, a rule", "services, answer", "timeline, inspector"),
    *(
        "timeline, note",
        "copied as curl",
        "copied as on the wire",
        "an import",
        "services, an imported call",
        "compose",
    ),
)
"""Steps of the walk that each say something of somebody while nobody is masked."""


class Walk:
    """Goes everywhere, and keeps what the window says at each step, with where that was."""

    def __init__(self, person: Person, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.person, self.files, self.patch = person, files, monkeypatch
        self.told: dict[str, str] = {}
        """Every text with the steps at which it was seen."""

    def look(self, where: str, *, hidden: bool = False) -> None:
        """Note everything that is said now."""
        self.person.quiet()
        QApplication.processEvents()
        for text in told_by_window(hidden=hidden):
            self.told[text] = f"{self.told[text]}; {where}" if text in self.told else where

    @contextmanager
    def opened(self, where: str, name: str) -> Iterator[QDialog]:
        """A dialog that was just asked for, looked at, and closed after."""
        self.person.until(lambda: self.person.window.findChildren(QDialog, name))
        dialog = self.person.window.findChildren(QDialog, name)[-1]
        self.look(where)
        yield dialog
        self.look(where)
        dialog.reject()

    def tabs(self, where: QWidget, name: str) -> None:
        """Every tab of a place."""
        for bar in where.findChildren(QTabBar):
            for place in range(bar.count()):
                if bar.isVisible():
                    bar.setCurrentIndex(place)
                    self.look(f"{name}, {bar.tabText(place)}")

    def everything(self) -> None:
        for panel in PanelId:
            self.tabs(self.person.go(panel), panel.value)
            self.look(panel.value)
        for part in (self.timeline, self.receiver, self.services, self.shell, self.compose):
            part()
            self.look(f"hidden after {part.__name__}", hidden=True)

    def receiver(self) -> None:
        person = self.person
        panel = person.go(PanelId.RECEIVER)
        bar = panel.findChild(QTabBar)
        for page in range(2):
            bar.setCurrentIndex(page)
            self.look(f"receiver, page {page}")
            person.press_in(panel, "open-state")
            pane = panel._front.currentWidget()
            for kind in ("appointment", "referral", "encounter", "received"):
                combo, table = pane.findChild(Combo, "held-kind"), pane.findChild(DataTable, "held")
                combo.choose(kind)
                combo.chosen.emit(kind)
                person.until(lambda table=table: HELD in [row.id for row in held(table)])
                table.choose([row.id for row in held(table)].index(HELD))
                person.quiet()
                person.until(lambda pane=pane: pane._text.toPlainText())
                self.look(f"receiver, page {page}, {kind}")
            panel.close_pane()
        bar.setCurrentIndex(0)
        person.quiet()
        answers = person.find(DataTable, "answers")
        places = person.values("answers", VALUE_ROLE)
        answers.choose(next(n for n, row in enumerate(places) if row.own))
        panel._answers._on_edit()
        person.until(lambda: panel._answers.editor() is not None)
        self.look("receiver, a rule")
        panel._answers.close_editor()
        panel.open_pane("network")
        self.look("receiver, network")
        panel.close_pane()

    def services(self) -> None:
        person = self.person
        panel = person.go(PanelId.SERVICES)
        person.window.open_service(SERVICE)
        person.quiet()
        person.press("call-service")
        page = panel.calls
        person.until(lambda: page.preview is not None)
        person.find(Combo, "call-version").choose("1.1.0")
        page._on_version("1.1.0")
        person.until(lambda: page._offer is not None and page._offer.api == "1.1.0")
        person.quiet()
        picker = person.find(Picker, "pick-call")
        reads = ("service-request-read", "appointment-read", "service-request-search")
        for call in ("process-message", "appointment-create", *reads, "slot-search"):
            picker.choose(call)
            picker.picked.emit(call)
            person.until(lambda call=call: page._form is not None and page._form.call.id == call)
            self.look(f"services, {call}")
            if call.endswith("-create") or call == "process-message":
                continue
            if call.endswith("-read"):
                page._view.set_value("id", HELD)
            page.answer = None
            person.until(lambda: page._send.isEnabled())
            page._on_send()
            person.until(lambda: page.answer is not None)
            if call.endswith("-read"):
                assert page.answer.status == 200, page.answer.text
            self.tabs(page._answer, f"services, answer to {call}")

    def timeline(self) -> None:
        person = self.person
        panel: TimelinePanel = person.go(PanelId.TIMELINE)
        rows = [row.id for row in panel._list.model._rows]
        assert len(rows) == 2, "what was sent and what came in"
        for id in rows:
            person.window.open_conversation(id)
            person.until(lambda id=id: panel._view is not None and panel._view.row.id == id)
            person.quiet()
            for exchange in [row.exchange for row in panel._lanes._rows if row.exchange][:4]:
                panel._lane_view.choose(panel._lanes.row_of(exchange))
                person.until(lambda exchange=exchange: chosen(panel) == exchange)
                self.tabs(panel._inspector, "timeline, inspector")
                for copy, where in (("copy-curl", "copied as curl"), ("copy-wire", "copied as on the wire")):
                    QApplication.clipboard().clear()
                    person.run(copy)
                    person.until(lambda: QApplication.clipboard().text())
                    self.look(where)
            for action in ("reply", "export"):
                if person.action(action).isEnabled():
                    person.run(action)
                    with self.opened(f"timeline, {action}", f"{action}-dialog"):
                        pass
            for action, popup in (("follow-up", "follow-menu"), ("belongs", "conversation-targets")):
                if person.action(action).isEnabled():
                    person.run(action)
                    found = person.window.findChild(ChoicePopup, popup)
                    person.until(found.isVisible)
                    self.look(f"timeline, {action}")
                    found.hide()
        for row in panel._list.model._rows:
            NoteDialog(panel._context, row, panel).open()
            with self.opened("timeline, note", "note-dialog"):
                pass
        panel._list.search.search("status:400")
        person.until(lambda: len(panel._list.model._rows) == 1)
        self.look("timeline, a search")
        panel._list.search.search("")

    def shell(self) -> None:
        person, patch = self.person, self.patch
        person.run("palette")
        self.look("the palette")
        person.window._commands.palette.hide()
        folder = a_file(self.files).parent
        patch.setattr(dialogs, "ask_folder", lambda _: str(folder))
        person.run("judge-folder")
        person.until(lambda: person.window.findChildren(QDialog, "batch"))
        with self.opened("judged files", "batch"):
            person.until(lambda: person.model("batch-files").rowCount())
        patch.setattr(dialogs, "ask_folder_to_send", lambda _: str(folder))
        person.run("send-folder")
        with self.opened("sent files", "bulk"):
            person.find(Combo, "bulk-service").choose(SERVICE)
            person.press("bulk-send")
            person.until(lambda: person.model("bulk-files").rowCount())
        collection = self.files / "collection.json"
        collection.write_text(a_command(), encoding="utf-8")
        patch.setattr(dialogs, "ask_import", lambda _: str(collection))
        person.run("import")
        person.press("import-file")
        person.until(lambda: person.rows("import-calls"))
        self.look("an import")
        person.press("import-open")
        page = person.window.panel(PanelId.SERVICES).calls
        person.until(lambda: page._form is not None and page._form.call.id == "appointment-search")
        self.look("services, an imported call")

    def compose(self) -> None:
        person = self.person
        person.window.open_files([str(a_file(self.files))])
        person.until(lambda: person.window._panel is PanelId.COMPOSE)
        person.quiet()
        for view in ("Form", "Tree", "Source"):
            person.look(view)
            self.look(f"compose, {view}")


def chosen(panel: TimelinePanel) -> str:
    """The id of the exchange that the inspector shows."""
    detail = panel._inspector._detail
    return detail.exchange.id if detail is not None else ""


def held(table: DataTable) -> list[object]:
    model = table.model()
    return [model.index(n, 0).data(VALUE_ROLE) for n in range(model.rowCount())]


@pytest.mark.parametrize("masked", [True, False])
def test_a_masked_window_says_nothing_of_anybody_anywhere(
    masked: bool,
    qtbot: QtBot,
    tmp_path: Path,
    seeded_workspace: Path,
    open_desk: Callable[..., Desk],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(seeded_workspace, tmp_path / "demo")
    if masked:
        monkeypatch.setenv("BARS_WORKBENCH_MASKING", "true")
    walk = Walk(Person(qtbot, open_desk(tmp_path / "demo")), tmp_path / "files", monkeypatch)
    walk.everything()
    found = leaks(walk.told)
    if masked:
        assert found == {}
    else:
        assert len(found) > len(PERSONAL) * 0.9, sorted(set(PERSONAL) - set(found))
        reached = {area for area in AREAS if leaks({text: at for text, at in walk.told.items() if area in at})}
        assert reached == set(AREAS), "the walk looks where they are"
