"""A folder of messages sent: to whom, in how many lanes and how fast; a row for each answer, Stop, results to keep.

Sending goes on elsewhere: rows come as events of the session.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from workbench.evidence.lanes import seconds_words
from workbench.session.bulk import MOST_LANES, BulkOrder
from workbench.session.events import BulkSent
from workbench.session.views import BulkRow, Tone
from workbench.ui.models.table import Column
from workbench.ui.shell.files_page import FilesDialog
from workbench.ui.widgets import Combo, Field, button, column, number, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from workbench.session.events import SessionEvent
    from workbench.session.session import Session
    from workbench.session.views import Status
    from workbench.ui.bridge import Bridge

NARROW = 760
LANES = 4


class BulkDialog(FilesDialog[BulkRow]):
    """`open_wanted(exchange)` names what is to be seen in the timeline."""

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        session: Session,
        bulk: str,
        confirm: Callable[[str, str], str],
    ) -> None:
        """`confirm` asks for the host of production, as the window does for one message."""
        super().__init__(parent, bridge, "bulk", self.tr("Send a folder"), NARROW, [0, 4])
        self._session = session
        self._bulk = bulk
        self._confirm = confirm
        self._status: Status | None = None
        self._paths: tuple[str, ...] = ()
        self._stopped = False
        self._service = Combo([(one.id, one.title) for one in session.bulk.services()])
        self._service.setObjectName("bulk-service")
        self._lanes = number(LANES, 1, MOST_LANES, name="bulk-lanes")
        self._pace = number(0, 0, 1000, name="bulk-pace")
        self._pace.setSpecialValueText(self.tr("as fast as answered"))
        self._send = button(self.tr("Send"), self._on_send, kind="primary", icon="send", name="bulk-send")
        columns = (
            Column[BulkRow](self.tr("No."), _number, 52, right=True, role="text3"),
            Column[BulkRow](self.tr("File"), _name, 190, weight=500),
            Column[BulkRow](self.tr("Answer"), _answer, 104, tone=_tone),
            Column[BulkRow](self.tr("Took"), _took, 76, right=True, role="text2"),
            Column[BulkRow](self.tr("Message"), _message, 190, role="text2"),
            Column[BulkRow](self.tr("What became of it"), _text, role="text2"),
        )
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
        opens = button(self.tr("Open in timeline"), self._on_open, icon="timeline", name="bulk-open")
        self._build(head, columns, self.tr("Sent files"), opens, self.tr("Save results..."))
        self._bar.hide()
        self._stop.hide()

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
        self._stopped = False
        order = BulkOrder(
            self._paths, self._service.value(), self._lanes.value(), float(self._pace.value()), confirm_host=host
        )
        self._begin(self._bulk)
        self._show_order(on=False)
        self._running = self._bridge.submit(self._session.bulk.send(self._bulk, order), self._ended)

    def _show_order(self, *, on: bool) -> None:
        """What can be chosen while nothing is sent."""
        for part in (self._service, self._lanes, self._pace):
            part.setEnabled(on)
        self._send.setVisible(on)

    def _row_in(self, event: SessionEvent) -> BulkRow | None:
        return event.row if isinstance(event, BulkSent) and event.bulk == self._work else None

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

    def _finish(self) -> None:
        super()._finish()
        self._show_order(on=True)

    def _on_stop(self) -> None:
        self._stopped = True
        super()._on_stop()

    def _opened(self, one: BulkRow) -> str:
        return one.exchange

    def _ask_path(self) -> str:
        from workbench.ui.shell import dialogs

        return dialogs.ask_results(self)

    def _kept(self) -> str:
        return self.tr("The results are saved. {words}").format(words=self._summary())


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
