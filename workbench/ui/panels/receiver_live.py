"""The live log of the Receiver panel: each call as it comes, with its answer, the rule that gave it and its time.

`opened(LogEntry)` asks for a call in the timeline, `paused(bool)` tells that the list stands still or goes on;
`message_wanted(str)` and `file_wanted` ask for something to be sent to the receiver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QToolButton

from workbench.session.views import LogEntry
from workbench.ui.models.table import Column
from workbench.ui.theme import scaled
from workbench.ui.widgets import Card, Chip, DataTable, EmptyState, Label, button, column, row, tool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction

_CALLER, _ABOUT, _RULE, _TOOK = 2, 3, 5, 6


class LiveCard(Card):
    """The log with its buttons."""

    opened = Signal(object)
    file_wanted = Signal()
    message_wanted = Signal(str)
    paused = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._still = False
        self._log = DataTable(
            (
                Column[LogEntry](self.tr("Time"), _time, width=112, mono=True, role="text2"),
                Column[LogEntry](self.tr("Call"), lambda one: f"{one.method} {one.path}", mono=True, step="caption"),
                Column[LogEntry](self.tr("Caller"), lambda one: one.caller, width=150, role="text2"),
                Column[LogEntry](self.tr("About"), lambda one: one.about),
                Column[LogEntry](self.tr("Answer"), lambda one: one.status, width=178, tone=lambda one: one.tone.value),
                Column[LogEntry](self.tr("By rule"), lambda one: one.answered_by, width=140, role="text2"),
                Column[LogEntry](self.tr("Took"), lambda one: took(one.seconds), width=76, role="text2", right=True),
            ),
            name=self.tr("Calls"),
            object_name="receiver-log",
        )
        self._quiet = EmptyState(
            "pulse", self.tr("Nothing has arrived yet"), self.tr("Send a message or play a scenario.")
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(self._log)
        self._pages.addWidget(self._quiet)
        self._pages.setMinimumHeight(scaled(230))
        self._running = Chip(self.tr("running"), "ok", icon="dot")
        self._pause = tool(self.tr("Pause the list"), "pause", self._on_pause, icon_only=True, name="pause-log")
        self._open = button(self.tr("Open in timeline"), self._on_open, icon="timeline", kind="ghost", name="open-call")
        self._open.setEnabled(False)
        self._to_me = tool(self.tr("Send to me"), "send", arrow=True, name="send-to-me")
        self._to_me.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self._to_me)
        self._to_me.setMenu(self._menu)
        self._menu.triggered.connect(self._on_message)
        head = row(
            Label(self.tr("Live"), weight=600),
            self._running,
            None,
            self._to_me,
            self._pause,
            self._open,
            margins=(14, 8, 10, 8),
        )
        self.setLayout(column(head, self._pages, margins=(1, 0, 1, 6), spacing=0))
        self._log.activated.connect(self._on_open)
        self._log.chosen.connect(self._on_chosen)

    @property
    def still(self) -> bool:
        """Whether the list was paused."""
        return self._still

    def show_log(self, log: Sequence[LogEntry], listening: bool) -> None:
        """Show the newest calls, the latest on top."""
        self._running.setVisible(listening)
        self._log.show_rows(log)
        self._pages.setCurrentIndex(0 if log else 1)
        self._on_chosen(self._log.value())

    def show_choices(self, choices: Sequence[tuple[str, str]], *, can_send: bool) -> None:
        """What can be sent to the receiver as if another party had: (id, words); nothing hides the button."""
        self._to_me.setVisible(can_send)
        if self._menu.isEmpty():
            self._menu.addAction(self.tr("A message in a file…")).setData("")
            self._menu.addSeparator()
            for id, words in choices:
                self._menu.addAction(words).setData(id)

    def _on_message(self, action: QAction) -> None:
        id = str(action.data())
        if id:
            self.message_wanted.emit(id)
        else:
            self.file_wanted.emit()

    def show_narrow(self, ems: float) -> None:
        """Leave out columns that have no room."""
        hidden = [] if ems > 92 else [_TOOK] if ems > 80 else [_RULE, _TOOK]
        self._log.hide_columns(hidden if ems > 55 else [_CALLER, _RULE, _TOOK])
        self._open.setText(self.tr("Open in timeline") if ems > 50 else self.tr("Open"))

    def _on_chosen(self, entry: object) -> None:
        self._open.setEnabled(isinstance(entry, LogEntry) and bool(entry.exchange))

    def _on_open(self) -> None:
        entry = self._log.value()
        if isinstance(entry, LogEntry) and entry.exchange:
            self.opened.emit(entry)

    def _on_pause(self) -> None:
        self._still = not self._still
        words = self.tr("Go on") if self._still else self.tr("Pause the list")
        self._pause.setToolTip(words)
        self._pause.setAccessibleName(words)
        tone, state = ("neutral", self.tr("paused")) if self._still else ("ok", self.tr("running"))
        self._running.show_status(state, tone, icon="dot")
        self.paused.emit(self._still)


def took(seconds: float | None) -> str:
    """How long an answer took, as the list says it: `38 ms`, `1.2 s`."""
    if seconds is None:
        return ""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _time(entry: LogEntry) -> str:
    local = entry.time.astimezone()
    return f"{local:%H:%M:%S}.{local.microsecond // 1000:03}"
