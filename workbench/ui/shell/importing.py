"""Calls of other tools taken in: a curl command pasted, or a file of Postman; what they are, and what was left out.

A call that carries a message can be opened in Compose; recorded calls (HTTP archives, reports) go into the timeline.
Reading goes on elsewhere; nothing is sent from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from workbench.errors import WorkbenchError
from workbench.session.call_views import ImportedCall
from workbench.ui.models.table import Column
from workbench.ui.theme import font, scaled
from workbench.ui.widgets import DataTable, Label, announce, button, column, row, separator

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from workbench.session.call_views import CallOrder
    from workbench.session.importing_history import HistoryImport
    from workbench.session.session import Session
    from workbench.session.views import DraftView
    from workbench.ui.bridge import Bridge

NARROW = 720
MOST_NOTES = 8
"""Of an import into the timeline, beside the number of calls."""


class ImportDialog(QDialog):
    """`opened(object)` carries the draft of a call, `failed(object)` what stopped something.

    `call_opened(order, left_out)` carries a call without a message as a filled-in form, `history_opened(str)` the id of
    a conversation that was taken into the timeline.
    """

    opened = Signal(object)
    call_opened = Signal(object, object)
    history_opened = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget, bridge: Bridge, session: Session) -> None:
        super().__init__(parent)
        self.setObjectName("import")
        self.setWindowTitle(self.tr("Import calls"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge = bridge
        self._session = session
        title = Label(self.tr("Import calls"), step="heading", weight=600)
        self._sentence = Label(
            self.tr(
                "Paste a curl command or a Postman collection, or open a file: also an HTTP archive (HAR), or a zip or"
                " folder of messages for the timeline. Nothing is run or sent."
            ),
            role="text2",
            wrap=True,
        )
        self._sentence.setObjectName("import-sentence")
        self._text = QPlainTextEdit()
        self._text.setObjectName("import-text")
        self._text.setFont(font("code"))
        self._text.setAccessibleName(self.tr("curl command or Postman collection"))
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(scaled(120))
        read = button(self.tr("Read it"), self._on_read, kind="primary", name="import-read")
        file = button(self.tr("Open a file..."), self._on_file, icon="folder", name="import-file")
        folder = button(self.tr("Open a folder..."), self._on_folder, icon="folder", name="import-folder")
        columns = (
            Column[ImportedCall](self.tr("Name"), _title, weight=500),
            Column[ImportedCall](self.tr("Call"), _operation, 150, role="text2"),
            Column[ImportedCall](self.tr("Method"), _method, 76, role="text2"),
            Column[ImportedCall](self.tr("Address"), _url, 240, role="text3", mono=True),
            Column[ImportedCall](self.tr("For service"), _service, 120),
        )
        self._table = DataTable(columns, name=self.tr("Calls that were read"), object_name="import-calls")
        self._about = Label("", step="caption", role="text2", wrap=True)
        self._about.setObjectName("import-about")
        self._open = button(self.tr("Open in Compose"), self._on_open, icon="compose", name="import-open")
        self._open.setEnabled(False)
        close = button(self.tr("Close"), self.close, name="import-close")
        head = column(
            title, self._sentence, self._text, row(read, file, folder, None), margins=(20, 16, 20, 12), spacing=8
        )
        low = column(self._about, margins=(20, 8, 20, 4))
        foot = row(self._open, None, close, margins=(20, 6, 20, 14))
        self.setLayout(column(head, separator(), (self._table, 1), separator(), low, foot, spacing=0))
        self.resize(scaled(900), scaled(600))
        self._conversation = ""
        self._waiting: list[str] = []
        self._taken: HistoryImport | None = None
        self._table.chosen.connect(self._on_chosen)
        self._table.doubleClicked.connect(self._on_activated)

    def read_file(self, path: str) -> None:
        """Read the calls of a file; recorded ones are taken into the timeline."""
        if self._session.importing.fits(path):
            self.take_in([path])
        else:
            self._bridge.submit(self._session.foreign.read_file(path), self._on_calls)

    def take_in(self, paths: list[str]) -> None:
        """Take recorded calls, or messages, into the timeline, one file or folder after the other."""
        self._table.show_rows(())
        self._open.setEnabled(False)
        self._about.setText("")
        self._waiting = list(paths)
        self._taken = None
        self._next()

    def _next(self) -> None:
        path = self._waiting.pop(0)
        self._say(self.tr("Reading {name}...").format(name=path.rstrip("/\\").replace("\\", "/").rpartition("/")[2]))
        self._bridge.submit(self._session.importing.take(path), self._on_taken)

    def _on_taken(self, done: HistoryImport | None, error: BaseException | None) -> None:
        if done is None:
            self._waiting = []
            self._on_calls(None, error)
            return
        done = self._taken.with_more(done) if self._taken is not None else done
        self._taken = done
        self._about.setText("\n".join(done.notes[:MOST_NOTES]))
        self._conversation = done.conversation
        if self._waiting:
            self._next()
            return
        self._open.setEnabled(bool(done.conversation))
        self._open.setText(self.tr("Show in the timeline"))
        self._say(done.words)

    def _on_read(self) -> None:
        self._bridge.submit(self._session.foreign.read(self._text.toPlainText()), self._on_calls)

    def _on_file(self) -> None:
        from workbench.ui.shell import dialogs

        path = dialogs.ask_import(self)
        if path:
            self.read_file(path)

    def _on_folder(self) -> None:
        from workbench.ui.shell import dialogs

        path = dialogs.ask_folder_to_import(self)
        if path:
            self.take_in([path])

    def _on_calls(self, calls: tuple[ImportedCall, ...] | None, error: BaseException | None) -> None:
        self._conversation = ""
        self._open.setEnabled(False)
        self._about.setText("")
        self._table.show_rows(calls or ())
        if calls:
            many = self.tr("{count} calls were read.") if len(calls) > 1 else self.tr("One call was read.")
            self._say(many.format(count=len(calls)))
            self._table.choose(0)
        elif isinstance(error, WorkbenchError):
            self._say(f"{error.sentence} {error.next_step}")
        elif error is not None:
            self.failed.emit(error)

    def _say(self, words: str) -> None:
        self._sentence.setText(words)
        announce(self, words)

    def _on_chosen(self, value: object) -> None:
        if not isinstance(value, ImportedCall):
            return
        self._open.setEnabled(value.message or bool(value.call))
        self._open.setText(self.tr("Open under Services") if value.call else self.tr("Open in Compose"))
        facts = [f"{one.title}: {one.value}" for one in value.headers if one.rows]
        nothing = self.tr("It carries no message and is no call of the interface, so there is nothing to open.")
        without = "" if value.message or value.call else nothing
        self._about.setText(" ".join(part for part in (without, *value.foreign.left_out, "; ".join(facts)) if part))

    def _on_activated(self, _: QModelIndex) -> None:
        self._on_open()

    def _on_open(self) -> None:
        chosen = self._table.value()
        if self._conversation:
            self.history_opened.emit(self._conversation)
        elif isinstance(chosen, ImportedCall) and chosen.call:
            self._bridge.submit(self._session.calls.take_in(chosen), self._on_call)
        elif isinstance(chosen, ImportedCall) and chosen.message:
            self._bridge.submit(self._session.foreign.draft(chosen), self._on_draft)

    def _on_draft(self, draft: DraftView | None, error: BaseException | None) -> None:
        if draft is None:
            self.failed.emit(error)
        else:
            self.opened.emit(draft)

    def _on_call(self, taken: tuple[CallOrder, tuple[str, ...]] | None, error: BaseException | None) -> None:
        if taken is None:
            self.failed.emit(error)
        else:
            self.call_opened.emit(*taken)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._table.hide_columns([2, 3] if self.width() < scaled(NARROW) else [])


def _title(call: ImportedCall) -> str:
    return call.title


def _operation(call: ImportedCall) -> str:
    return call.operation


def _method(call: ImportedCall) -> str:
    return call.foreign.request.method


def _url(call: ImportedCall) -> str:
    return call.url


def _service(call: ImportedCall) -> str:
    return call.service
