"""Many files judged: a row for each as it is done, how far it is, Stop, and the report to keep.

Where a service is chosen, its known noise does not count. Judging goes on elsewhere: rows come as events.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QWidget

from workbench.evidence.verdicts import FileVerdict, summary
from workbench.rules.help import SEVERITIES
from workbench.session.events import FileJudged, FilesFound
from workbench.ui.models.table import Column
from workbench.ui.theme import scaled
from workbench.ui.widgets import Combo, DataTable, Label, announce, button, column, progress, row, separator

if TYPE_CHECKING:
    from concurrent.futures import Future

    from PySide6.QtGui import QCloseEvent, QResizeEvent

    from workbench.session.events import SessionEvent
    from workbench.session.session import Session
    from workbench.session.views import ServiceDetail
    from workbench.ui.bridge import Bridge

GATHER_MS = 100
"""Rows that come within this time are shown together."""
NARROW = 720


class BatchDialog(QDialog):
    """`open_wanted(str)` names a file that is to be seen in Compose, `failed(object)` carries what stopped it."""

    open_wanted = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget, bridge: Bridge, session: Session, batch: str) -> None:
        super().__init__(parent)
        self.setObjectName("batch")
        self.setWindowTitle(self.tr("Validate files"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge = bridge
        self._session = session
        self._name = batch
        self._batch = batch
        self._turn = 0
        self._paths: tuple[str, ...] = ()
        self._running: Future[Any] | None = None
        self._total = 0
        self._judged: list[FileVerdict] = []
        self._come: list[FileVerdict] = []
        self._title = Label(self.tr("Validate files"), step="heading", weight=600, elide=True)
        self._sentence = Label(self.tr("Looking for files..."), role="text2", elide=True)
        self._sentence.setObjectName("batch-sentence")
        self._bar = progress()
        self._bar.setAccessibleName(self.tr("Progress"))
        self._service = Combo()
        self._service.setObjectName("batch-service")
        self._service.setAccessibleName(self.tr("For service"))
        self._service.setToolTip(self.tr("What is silenced for this service does not count."))
        self._stop = button(self.tr("Stop"), self._on_stop, icon="stop", name="batch-stop")
        columns = (
            Column[FileVerdict](self.tr("File"), _name, weight=500),
            Column[FileVerdict](self.tr("Verdict"), _verdict, 104, tone=_tone),
            Column[FileVerdict](self.tr("Errors"), _errors, 72, right=True, key=_error_count),
            Column[FileVerdict](self.tr("Warnings"), _warnings, 88, right=True),
            Column[FileVerdict](self.tr("Message"), _kind, 220, role="text2"),
            Column[FileVerdict](self.tr("Folder"), _folder, 150, role="text3", step="caption"),
        )
        self._table = DataTable(columns, name=self.tr("Judged files"), object_name="batch-files")
        self._open = button(self.tr("Open in Compose"), self._on_open, icon="compose", name="batch-open")
        self._open.setEnabled(False)
        self._save = button(self.tr("Save report..."), self._on_save, icon="download", name="batch-save")
        self._save.setEnabled(False)
        close = button(self.tr("Close"), self.close, name="batch-close")
        head = column(
            row((self._title, 1), Label(self.tr("For service"), role="text2"), self._service, self._stop),
            self._sentence,
            self._bar,
            margins=(20, 16, 20, 12),
            spacing=8,
        )
        foot = row(self._open, self._save, None, close, margins=(20, 10, 20, 14))
        self.setLayout(column(head, separator(), (self._table, 1), separator(), foot, spacing=0))
        self.resize(scaled(1000), scaled(560))
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._soon.timeout.connect(self._show_come)
        self._show_services(None, None)
        self._service.chosen.connect(self._on_service)
        self._table.chosen.connect(self._on_chosen)
        self._table.doubleClicked.connect(self._on_activated)
        bridge.events.connect(self._on_event)

    def start(self, paths: tuple[str, ...]) -> None:
        """Judge these files and folders."""
        self._paths = paths
        self._bridge.submit(self._session.services(), self._show_services)
        self._judge()

    def verdicts(self) -> tuple[FileVerdict, ...]:
        """What was judged so far."""
        return tuple(self._judged)

    def save(self, path: str) -> None:
        """Write the report: JSON, JUnit XML or text by its ending."""
        kept = self._session.save_report(path, self.verdicts(), self._service.value())
        self._bridge.submit(kept, self._on_saved)

    def _judge(self) -> None:
        """Begin, for the service that is chosen; rows of another turn that still come are passed over."""
        self._turn += 1
        self._batch = f"{self._name}.{self._turn}"
        self._total, self._judged, self._come = 0, [], []
        self._table.show_rows([])
        self._open.setEnabled(False)
        self._save.setEnabled(False)
        self._bar.setRange(0, 0)
        self._bar.show()
        self._stop.show()
        self._sentence.setText(self.tr("Looking for files..."))
        judging = self._session.judge_files(self._batch, self._paths, self._service.value())
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

    def _on_event(self, event: SessionEvent) -> None:
        if isinstance(event, FilesFound) and event.batch == self._batch:
            self._total = event.total
            self._bar.setRange(0, max(1, event.total))
            self._say()
        elif isinstance(event, FileJudged) and event.batch == self._batch:
            self._come.append(event.file)
            if not self._soon.isActive():
                self._soon.start()

    def _show_come(self) -> None:
        """Show the rows that have come, in their order."""
        come, self._come = self._come, []
        self._judged += come
        self._table.add_rows(come)
        self._bar.setValue(len(self._judged))
        self._save.setEnabled(bool(self._judged))
        self._say()

    def _say(self) -> None:
        words = summary(self._judged)
        if self._running is not None:
            done = self.tr("{done} of {total}").format(done=len(self._judged), total=self._total)
            self._sentence.setText(f"{done}. {words}")
        else:
            self._sentence.setText(words)

    def _on_done(self, turn: int, _: int | None, error: BaseException | None) -> None:
        if turn != self._turn:
            return
        self._finish()
        if error is not None:
            self._sentence.setText(str(getattr(error, "sentence", error)))
            self.failed.emit(error)

    def _finish(self, words: str = "") -> None:
        self._running = None
        self._soon.stop()
        self._show_come()
        self._stop.hide()
        self._bar.hide()
        if words:
            self._sentence.setText(f"{words} {summary(self._judged)}")
        announce(self, self._sentence.text())

    def _on_stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            words = self.tr("Stopped after {done} of {total}.")
            self._finish(words.format(done=len(self._judged) + len(self._come), total=self._total))

    def _on_chosen(self, _: object) -> None:
        self._open.setEnabled(True)

    def _on_activated(self, _: QModelIndex) -> None:
        self._on_open()

    def _on_open(self) -> None:
        file = self._table.value()
        if file is not None:
            self.open_wanted.emit(file.path)

    def _on_save(self) -> None:
        from workbench.ui.shell import dialogs

        path = dialogs.ask_report(self)
        if path:
            self.save(path)

    def _on_saved(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self.failed.emit(error)
        else:
            self._sentence.setText(self.tr("The report is saved. {words}").format(words=summary(self._judged)))

    def closeEvent(self, event: QCloseEvent) -> None:
        """What still runs is not wanted any more."""
        if self._running is not None:
            self._running.cancel()
            self._running = None
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._table.hide_columns([3, 5] if self.width() < scaled(NARROW) else [])


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
