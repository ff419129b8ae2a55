"""A page on which many files are worked through: a row for each as it is done, how far it is, Stop, what to keep.

What is done to a file is said by the pages built on it; the work goes on elsewhere, its rows come as events. Tested
with them: tests/ui/shell/test_batch.py and test_bulk.py.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QWidget

from workbench.session.events import FilesFound
from workbench.ui.theme import scaled
from workbench.ui.widgets import DataTable, Label, announce, button, column, progress, row, separator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from PySide6.QtGui import QCloseEvent, QResizeEvent
    from PySide6.QtWidgets import QAbstractButton, QLayout

    from workbench.session.events import SessionEvent
    from workbench.ui.bridge import Bridge
    from workbench.ui.models.table import Column

T = TypeVar("T")

GATHER_MS = 100
"""Rows that come within this time are shown together."""


SOON_SHOWN, SHOWN_TOGETHER = 40, 40
"""Rows that fill the page are shown as they come; those below it, so many together: each time the page is painted."""


class FilesDialog(QDialog, Generic[T]):
    """`open_wanted(str)` names what is to be seen elsewhere, `failed(object)` carries what stopped it.

    A page says what row an event is (`_row_in`), how far it is (`_say`), what is opened (`_opened`), and how the rows
    are kept (`save`, after `_ask_path`).
    """

    open_wanted = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget, bridge: Bridge, name: str, title: str, narrow: int, hidden: list[int]) -> None:
        """`name` begins every object name; the columns `hidden` are left out where the page is `narrow`."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge = bridge
        self._work = ""
        self._narrow, self._hidden = narrow, hidden
        self._running: Future[Any] | None = None
        self._total = 0
        self._rows: list[T] = []
        self._come: list[T] = []
        self._title = Label(title, step="heading", weight=600, elide=True)
        self._sentence = Label("", role="text2", elide=True)
        self._sentence.setObjectName(f"{name}-sentence")
        self._bar = progress()
        self._bar.setAccessibleName(self.tr("Progress"))
        self._stop = button(self.tr("Stop"), self._on_stop, icon="stop", name=f"{name}-stop")
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._soon.timeout.connect(self._show_come)

    def _build(
        self, head: QLayout, columns: Sequence[Column[T]], spoken: str, opens: QAbstractButton, saves: str
    ) -> None:
        """Lay the page out: `head` above the table that is `spoken` of so, `opens` and what `saves` below."""
        name = self.objectName()
        self._table = DataTable(columns, name=spoken, object_name=f"{name}-files")
        self._table.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        )  # else every row gets narrower once
        self._open = opens
        self._open.setEnabled(False)
        self._save = button(saves, self._on_save, icon="download", name=f"{name}-save")
        self._save.setEnabled(False)
        close = button(self.tr("Close"), self.close, name=f"{name}-close")
        foot = row(self._open, self._save, None, close, margins=(20, 10, 20, 14))
        self.setLayout(column(head, separator(), (self._table, 1), separator(), foot, spacing=0))
        self.resize(scaled(1000), scaled(560))
        self._table.chosen.connect(self._on_chosen)
        self._table.doubleClicked.connect(self._on_activated)
        self._bridge.events.connect(self._on_event)

    # what a page says

    @abstractmethod
    def _row_in(self, event: SessionEvent) -> T | None:
        """The row that an event brings, None for an event of something else."""

    @abstractmethod
    def _say(self) -> None:
        """Show in a sentence how far it is."""

    @abstractmethod
    def _opened(self, one: T) -> str:
        """What `open_wanted` carries for a row; empty where nothing can be opened."""

    @abstractmethod
    def _ask_path(self) -> str:
        """Where the rows are to be kept; empty where a person thought better of it."""

    @abstractmethod
    def _kept(self) -> str:
        """What is said once the rows are kept."""

    @abstractmethod
    def save(self, path: str) -> None:
        """Keep the rows; the ending of the path says how."""

    # the flow

    def _begin(self, work: str) -> None:
        """Start over with work of this name; rows of another one that still come are passed over."""
        self._work = work
        self._total, self._rows, self._come = 0, [], []
        self._table.show_rows([])
        self._open.setEnabled(False)
        self._save.setEnabled(False)
        self._bar.setRange(0, 0)
        self._bar.show()
        self._stop.show()
        self._sentence.setText(self.tr("Looking for files..."))

    def _on_event(self, event: SessionEvent) -> None:
        if isinstance(event, FilesFound):
            if event.batch == self._work:
                self._total = event.total
                self._bar.setRange(0, max(1, event.total))
                self._say()
        elif (one := self._row_in(event)) is not None:
            self._come.append(one)
            if not self._soon.isActive():
                self._soon.start()

    def _show_come(self) -> None:
        """Show the rows that have come, in their order."""
        come, self._come = self._come, []
        self._rows += come
        shown = self._table.model().rowCount()
        if self._running is None or shown < SOON_SHOWN or len(self._rows) - shown >= SHOWN_TOGETHER:
            self._table.add_rows(self._rows[shown:])
        self._bar.setValue(len(self._rows))
        self._save.setEnabled(bool(self._rows))
        self._say()

    def _ended(self, _: object, error: BaseException | None) -> None:
        """It is done, or something stopped it."""
        self._finish()
        if error is not None:
            self._sentence.setText(str(getattr(error, "sentence", error)))
            self.failed.emit(error)

    def _finish(self) -> None:
        self._running = None
        self._soon.stop()
        self._stop.hide()
        self._bar.hide()
        self._show_come()
        announce(self, self._sentence.text())

    def _on_stop(self) -> None:
        """Give up what still runs."""
        if self._running is not None:
            self._running.cancel()
            self._finish()

    def _on_chosen(self, value: T) -> None:
        self._open.setEnabled(bool(self._opened(value)))

    def _on_activated(self, _: QModelIndex) -> None:
        self._on_open()

    def _on_open(self) -> None:
        chosen = self._table.value()
        if chosen is not None and (wanted := self._opened(chosen)):
            self.open_wanted.emit(wanted)

    def _on_save(self) -> None:
        path = self._ask_path()
        if path:
            self.save(path)

    def _on_saved(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self.failed.emit(error)
        else:
            self._sentence.setText(self._kept())

    def closeEvent(self, event: QCloseEvent) -> None:
        """What still runs is not wanted any more."""
        if self._running is not None:
            self._running.cancel()
            self._running = None
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._table.hide_columns(self._hidden if self.width() < scaled(self._narrow) else [])
