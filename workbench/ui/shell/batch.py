"""Many files judged: a row for each as it is done, how far it is, Stop, and the report to keep.

Where a service is chosen, its known noise does not count. Judging goes on elsewhere: rows come as events.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from workbench.evidence.verdicts import FileVerdict, summary
from workbench.rules.help import SEVERITIES
from workbench.session.events import FileJudged
from workbench.ui.models.table import Column
from workbench.ui.shell.files_page import FilesDialog
from workbench.ui.widgets import Combo, Label, button, column, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from workbench.session.events import SessionEvent
    from workbench.session.session import Session
    from workbench.session.views import ServiceDetail
    from workbench.ui.bridge import Bridge

NARROW = 720


class BatchDialog(FilesDialog[FileVerdict]):
    """`open_wanted(str)` names a file that is to be seen in Compose."""

    def __init__(self, parent: QWidget, bridge: Bridge, session: Session, batch: str) -> None:
        super().__init__(parent, bridge, "batch", self.tr("Validate files"), NARROW, [3, 5])
        self._session = session
        self._batch = batch
        self._turn = 0
        self._stopped = ""
        self._paths: tuple[str, ...] = ()
        self._service = Combo()
        self._service.setObjectName("batch-service")
        self._service.setAccessibleName(self.tr("For service"))
        self._service.setToolTip(self.tr("What is silenced for this service does not count."))
        columns = (
            Column[FileVerdict](self.tr("File"), _name, weight=500),
            Column[FileVerdict](self.tr("Verdict"), _verdict, 104, tone=_tone),
            Column[FileVerdict](self.tr("Errors"), _errors, 72, right=True, key=_error_count),
            Column[FileVerdict](self.tr("Warnings"), _warnings, 88, right=True),
            Column[FileVerdict](self.tr("Message"), _kind, 220, role="text2"),
            Column[FileVerdict](self.tr("Folder"), _folder, 150, role="text3", step="caption"),
        )
        head = column(
            row((self._title, 1), Label(self.tr("For service"), role="text2"), self._service, self._stop),
            self._sentence,
            self._bar,
            margins=(20, 16, 20, 12),
            spacing=8,
        )
        opens = button(self.tr("Open in Compose"), self._on_open, icon="compose", name="batch-open")
        self._build(head, columns, self.tr("Judged files"), opens, self.tr("Save report..."))
        self._show_services(None, None)
        self._service.chosen.connect(self._on_service)

    def start(self, paths: tuple[str, ...]) -> None:
        """Judge these files and folders."""
        self._paths = paths
        self._bridge.submit(self._session.services(), self._show_services)
        self._judge()

    def verdicts(self) -> tuple[FileVerdict, ...]:
        """What was judged so far."""
        return tuple(self._rows)

    def save(self, path: str) -> None:
        """Write the report: JSON, JUnit XML or text by its ending."""
        kept = self._session.save_report(path, self.verdicts(), self._service.value())
        self._bridge.submit(kept, self._on_saved)

    def _judge(self) -> None:
        """Begin, for the service that is chosen."""
        self._turn += 1
        self._stopped = ""
        self._begin(f"{self._batch}.{self._turn}")
        judging = self._session.judge_files(self._work, self._paths, self._service.value())
        turn = self._turn
        self._running = self._bridge.submit(judging, lambda done, error: self._on_done(turn, done, error))

    def _show_services(self, services: tuple[ServiceDetail, ...] | None, error: BaseException | None) -> None:
        names = [(one.id, one.name) for one in services or () if not one.own]
        self._service.show_choices([("", self.tr("any")), *names], self._service.value())
        if error is not None:
            self.failed.emit(error)

    def _on_service(self, _: str) -> None:
        """Judge again: what counts is another matter now."""
        if self._running is not None:
            self._running.cancel()
        self._judge()

    def _row_in(self, event: SessionEvent) -> FileVerdict | None:
        return event.file if isinstance(event, FileJudged) and event.batch == self._work else None

    def _say(self) -> None:
        words = [self._stopped, summary(self._rows)]
        if self._running is not None:
            words[0] = self.tr("{done} of {total}.").format(done=len(self._rows), total=self._total)
        self._sentence.setText(" ".join(part for part in words if part))

    def _on_done(self, turn: int, done: int | None, error: BaseException | None) -> None:
        if turn == self._turn:
            self._ended(done, error)

    def _on_stop(self) -> None:
        done = len(self._rows) + len(self._come)
        self._stopped = self.tr("Stopped after {done} of {total}.").format(done=done, total=self._total)
        super()._on_stop()

    def _opened(self, one: FileVerdict) -> str:
        return one.path

    def _ask_path(self) -> str:
        from workbench.ui.shell import dialogs

        return dialogs.ask_report(self)

    def _kept(self) -> str:
        return self.tr("The report is saved. {words}").format(words=summary(self._rows))


def _name(file: FileVerdict) -> str:
    return PurePath(file.path).name or file.path


def _folder(file: FileVerdict) -> str:
    return str(PurePath(file.path).parent)


def _verdict(file: FileVerdict) -> str:
    return "Valid" if file.verdict.valid else "Not valid"


def _tone(file: FileVerdict) -> str:
    if not file.verdict.valid:
        return "error"
    return "warning" if _count(file, "Warning") else "ok"


def _count(file: FileVerdict, word: str) -> int:
    return sum(SEVERITIES[finding.severity] == word for finding in file.verdict.findings)


def _error_count(file: FileVerdict) -> int:
    return _count(file, "Error")


def _errors(file: FileVerdict) -> str:
    return str(_count(file, "Error") or "")


def _warnings(file: FileVerdict) -> str:
    return str(_count(file, "Warning") or "")


def _kind(file: FileVerdict) -> str:
    """What it is in a few words; why it cannot be read, where it cannot."""
    if file.facts is not None:
        return file.title
    return ": ".join(["Not readable", *(finding.text for finding in file.verdict.findings[:1])])
