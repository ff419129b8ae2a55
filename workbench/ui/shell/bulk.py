"""A folder of messages sent: to whom, in how many lanes and how fast; a row for each answer, Stop, results to keep.

Sending goes on elsewhere: rows come as events of the session.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QWidget

from workbench.evidence.lanes import seconds_words
from workbench.session.bulk import MOST_LANES, BulkOrder
from workbench.session.events import BulkSent, FilesFound
from workbench.session.views import BulkRow, Tone
from workbench.ui.models.table import Column
from workbench.ui.theme import scaled
from workbench.ui.widgets import (
    Combo,
    DataTable,
    Field,
    Label,
    announce,
    button,
    column,
    number,
    progress,
    row,
    separator,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from PySide6.QtGui import QCloseEvent, QResizeEvent

    from workbench.session.events import SessionEvent
    from workbench.session.session import Session
    from workbench.session.views import Status
    from workbench.ui.bridge import Bridge

GATHER_MS = 100
"""Rows that come within this time are shown together."""
NARROW = 760
LANES = 4


class BulkDialog(QDialog):
    """`open_wanted(exchange)` names what is to be seen in the timeline, `failed(object)` what stopped it."""

    open_wanted = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        session: Session,
        bulk: str,
        confirm: Callable[[str, str], str],
    ) -> None:
        """`confirm` asks for the host of production, as the window does for one message."""
        super().__init__(parent)
        self.setObjectName("bulk")
        self.setWindowTitle(self.tr("Send a folder"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge = bridge
        self._session = session
        self._bulk = bulk
        self._confirm = confirm
        self._status: Status | None = None
        self._paths: tuple[str, ...] = ()
        self._running: Future[Any] | None = None
        self._total = 0
        self._stopped = False
        self._rows: list[BulkRow] = []
        self._come: list[BulkRow] = []
        self._title = Label(self.tr("Send a folder"), step="heading", weight=600, elide=True)
        self._sentence = Label("", role="text2", elide=True)
        self._sentence.setObjectName("bulk-sentence")
        self._service = Combo([(one.id, one.title) for one in session.bulk.services()])
        self._service.setObjectName("bulk-service")
        self._lanes = number(LANES, 1, MOST_LANES, name="bulk-lanes")
        self._pace = number(0, 0, 1000, name="bulk-pace")
        self._pace.setSpecialValueText(self.tr("as fast as answered"))
        self._send = button(self.tr("Send"), self._on_send, kind="primary", icon="send", name="bulk-send")
        self._stop = button(self.tr("Stop"), self._on_stop, icon="stop", name="bulk-stop")
        self._bar = progress()
        self._bar.setAccessibleName(self.tr("Progress"))
        columns = (
            Column[BulkRow](self.tr("No."), _number, 52, right=True, role="text3"),
            Column[BulkRow](self.tr("File"), _name, weight=500),
            Column[BulkRow](self.tr("Answer"), _answer, 104, tone=_tone),
            Column[BulkRow](self.tr("Took"), _took, 76, right=True, role="text2"),
            Column[BulkRow](self.tr("Message"), _message, 190, role="text2"),
            Column[BulkRow](self.tr("What became of it"), _text, 300, role="text2"),
        )
        self._table = DataTable(columns, name=self.tr("Sent files"), object_name="bulk-files")
        self._open = button(self.tr("Open in timeline"), self._on_open, icon="timeline", name="bulk-open")
        self._open.setEnabled(False)
        self._save = button(self.tr("Save results..."), self._on_save, icon="download", name="bulk-save")
        self._save.setEnabled(False)
        close = button(self.tr("Close"), self.close, name="bulk-close")
        low = Qt.AlignmentFlag.AlignBottom
        order = row(
            (Field(self.tr("To service"), self._service), 1),
            Field(self.tr("Lanes"), self._lanes),
            Field(self.tr("Messages a second"), self._pace),
            (self._send, 0, low),
            (self._stop, 0, low),
            spacing=12,
        )
        head = column(self._title, self._sentence, order, self._bar, margins=(20, 16, 20, 12), spacing=8)
        foot = row(self._open, self._save, None, close, margins=(20, 10, 20, 14))
        self.setLayout(column(head, separator(), (self._table, 1), separator(), foot, spacing=0))
        self.resize(scaled(1000), scaled(560))
        self._bar.hide()
        self._stop.hide()
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._soon.timeout.connect(self._show_come)
        self._table.chosen.connect(self._on_chosen)
        self._table.doubleClicked.connect(self._on_activated)
        bridge.events.connect(self._on_event)

    def prepare(self, paths: tuple[str, ...]) -> None:
        """Offer to send these files and folders."""
        self._paths = paths
        shown = paths[0] if len(paths) == 1 else self.tr("{count} files").format(count=len(paths))
        self._sentence.setText(shown)
        self._bridge.submit(self._session.status(), self._on_status)

    def rows(self) -> tuple[BulkRow, ...]:
        """What was sent so far."""
        return tuple(self._rows)

    def save(self, path: str) -> None:
        """Write the results: CSV or JSON by the ending."""
        self._bridge.submit(self._session.bulk.save(path, self.rows()), self._on_saved)

    def _on_status(self, status: Status | None, error: BaseException | None) -> None:
        self._status = status
        if error is not None:
            self.failed.emit(error)

    def _on_send(self) -> None:
        if self._running is not None or self._status is None:
            return
        host, place = "", self._status.environment
        if place.production:
            host = self._confirm(place.host, self.tr("every message of {what}").format(what=self._sentence.text()))
            if not host:
                return
        self._rows, self._come, self._total, self._stopped = [], [], 0, False
        self._table.show_rows([])
        order = BulkOrder(
            self._paths, self._service.value(), self._lanes.value(), float(self._pace.value()), confirm_host=host
        )
        self._running = self._bridge.submit(self._session.bulk.send(self._bulk, order), self._on_done)
        self._show_running(on=True)
        self._bar.setRange(0, 0)
        self._sentence.setText(self.tr("Looking for files..."))

    def _show_running(self, *, on: bool) -> None:
        for part in (self._service, self._lanes, self._pace):
            part.setEnabled(not on)
        self._send.setVisible(not on)
        self._stop.setVisible(on)
        self._bar.setVisible(on)

    def _on_event(self, event: SessionEvent) -> None:
        if isinstance(event, FilesFound) and event.batch == self._bulk:
            self._total = event.total
            self._bar.setRange(0, max(1, event.total))
            self._say()
        elif isinstance(event, BulkSent) and event.bulk == self._bulk:
            self._come.append(event.row)
            if not self._soon.isActive():
                self._soon.start()

    def _show_come(self) -> None:
        """Show the rows that have come, as they were answered."""
        come, self._come = self._come, []
        self._rows += come
        self._table.add_rows(come)
        self._bar.setValue(len(self._rows))
        self._save.setEnabled(bool(self._rows))
        self._say()

    def _say(self) -> None:
        words = self.tr("{done} of {total} sent. {summary}")
        if self._stopped:
            words = self.tr("Stopped after {done} of {total}; what was under way is in the timeline. {summary}")
        self._sentence.setText(words.format(done=len(self._rows), total=self._total, summary=self._summary()))

    def _summary(self) -> str:
        taken = sum(one.tone in (Tone.OK, Tone.WARNING) for one in self._rows)
        unknown = sum(one.tone is Tone.UNKNOWN for one in self._rows)
        words = self.tr("{taken} taken, {refused} refused or not sent, {unknown} unknown")
        return words.format(taken=taken, refused=len(self._rows) - taken - unknown, unknown=unknown)

    def _on_done(self, _: object, error: BaseException | None) -> None:
        self._finish()
        if error is not None:
            self._sentence.setText(str(getattr(error, "sentence", error)))
            self.failed.emit(error)

    def _finish(self) -> None:
        self._running = None
        self._soon.stop()
        self._show_come()
        self._show_running(on=False)
        announce(self, self._sentence.text())

    def _on_stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._stopped = True
            self._finish()

    def _on_chosen(self, value: object) -> None:
        self._open.setEnabled(isinstance(value, BulkRow) and bool(value.exchange))

    def _on_activated(self, _: QModelIndex) -> None:
        self._on_open()

    def _on_open(self) -> None:
        chosen = self._table.value()
        if chosen is not None and chosen.exchange:
            self.open_wanted.emit(chosen.exchange)

    def _on_save(self) -> None:
        from workbench.ui.shell import dialogs

        path = dialogs.ask_results(self)
        if path:
            self.save(path)

    def _on_saved(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self.failed.emit(error)
        else:
            self._sentence.setText(self.tr("The results are saved. {words}").format(words=self._summary()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """What still runs is not wanted any more."""
        if self._running is not None:
            self._running.cancel()
            self._running = None
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._table.hide_columns([0, 4] if self.width() < scaled(NARROW) else [])


def _number(one: BulkRow) -> str:
    return str(one.number)


def _name(one: BulkRow) -> str:
    return PurePath(one.path).name or one.path


def _answer(one: BulkRow) -> str:
    if one.status is not None:
        return str(one.status)
    return "unknown" if one.tone is Tone.UNKNOWN else "not sent"


def _tone(one: BulkRow) -> str:
    return one.tone.value


def _took(one: BulkRow) -> str:
    return seconds_words(one.seconds) if one.seconds is not None else ""


def _message(one: BulkRow) -> str:
    return one.message


def _text(one: BulkRow) -> str:
    return one.text
