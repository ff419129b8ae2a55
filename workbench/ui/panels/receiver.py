"""The receiver and the embedded sandbox: listening or not, what arrives, what is answered, what is held; live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.session.events import ExchangeRecorded, ReceiverChanged, SessionEvent, StatusChanged
from workbench.session.views import LogEntry, ReceiverPage
from workbench.ui.actions import ActionId
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.models.table import Column
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import (
    Area,
    Banner,
    Card,
    Chip,
    DataTable,
    EmptyState,
    Facts,
    Label,
    Pic,
    Tabs,
    action_button,
    button,
    clear,
    column,
    row,
    scroll_area,
    separator,
    splitter,
    tool,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

PAGES = ("own", "sandbox")
SOON_MS = 100
"""At most ten refreshes a second, whatever arrives."""
NARROW_EM = 75
TINY_EM = 50

Answer = tuple[str, str, object, str]


class ReceiverPanel(QWidget):
    """Two tabs over one page: the workbench's own receiver, and the embedded sandbox."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._page: ReceiverPage | None = None
        self._paused = False
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.shown)
        self._tabs = Tabs([self.tr("Own receiver"), self.tr("Embedded sandbox")], name=self.tr("Receivers"))
        self._shape = Pic("neutral", 28, tone="neutral")
        self._heading = Label("", step="heading", weight=600, elide=True)
        self._sentence = Label("", step="caption", role="text2", elide=True)
        self._copy = button(self.tr("Copy address"), self._on_copy, icon="copy", name="copy-address")
        self._switch = action_button(context.actions[ActionId.RECEIVER_SWITCH])
        head = Area(
            row(
                self._shape,
                (column(self._heading, self._sentence, spacing=1), 1),
                self._copy,
                self._switch,
                margins=(16, 8, 16, 8),
                spacing=12,
            ),
            role="surface",
            edges="b",
        )
        self._problem = QWidget()
        self._problem_row = QVBoxLayout(self._problem)
        self._problem_row.setContentsMargins(0, 0, 0, 0)
        self._answers = self._answer_table()
        self._log = self._log_table()
        self._quiet = EmptyState(
            "pulse", self.tr("Nothing has arrived yet"), self.tr("Send a message or play a scenario.")
        )
        self._logs = QStackedWidget()
        self._logs.addWidget(self._log)
        self._logs.addWidget(self._quiet)
        self._logs.setMinimumHeight(scaled(230))
        self._running = Chip(self.tr("running"), "ok", icon="dot")
        self._pause = tool(self.tr("Pause the list"), "pause", self._on_pause, icon_only=True, name="pause-log")
        answers = Card(
            column(
                row(
                    Label(self.tr("What it answers"), weight=600),
                    Label(self.tr("first rule that fits wins"), step="caption", role="text3"),
                    None,
                    margins=(14, 10, 14, 8),
                ),
                self._answers,
                margins=(1, 0, 1, 6),
                spacing=0,
            )
        )
        log = Card(
            column(
                row(Label(self.tr("Live"), weight=600), self._running, None, self._pause, margins=(14, 8, 10, 8)),
                self._logs,
                margins=(1, 0, 1, 6),
                spacing=0,
            )
        )
        inner = QWidget()
        self._column = column(self._problem, log, answers, None, margins=(16, 16, 16, 16), spacing=12)
        inner.setLayout(self._column)
        self._held = self._state_card()
        self._side_column = column(self._held, None, margins=(12, 16, 16, 16), spacing=12)
        self._side = Area(self._side_column, role="canvas")
        self._split = splitter(scroll_area(inner, role="canvas"), self._side)
        self._split.setStretchFactor(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Area(row((self._tabs, 1), margins=(8, 2, 8, 0)), role="surface", edges="b"))
        layout.addWidget(head)
        layout.addWidget(self._split, 1)
        self._tabs.chosen.connect(self._on_tab)
        self._log.activated.connect(self._on_activated)

    def _answer_table(self) -> DataTable:
        return DataTable(
            (
                Column[Answer](self.tr("When this arrives"), lambda one: one[0], weight=500),
                Column[Answer](self.tr("Kind"), lambda one: one[1], width=110, role="text2"),
                Column[Answer](self.tr("Answer"), lambda one: one[3], tone=lambda one: str(one[2])),
            ),
            name=self.tr("What it answers"),
            fit=True,
            object_name="answers",
        )

    def _log_table(self) -> DataTable:
        return DataTable(
            (
                Column[LogEntry](self.tr("Time"), _time, width=112, mono=True, role="text2"),
                Column[LogEntry](self.tr("Call"), lambda one: f"{one.method} {one.path}", mono=True),
                Column[LogEntry](self.tr("Caller"), lambda one: one.caller, role="text2"),
                Column[LogEntry](self.tr("About"), lambda one: one.about),
                Column[LogEntry](self.tr("Answer"), lambda one: one.status, width=110, tone=lambda one: one.tone.value),
                Column[LogEntry](self.tr("By rule"), lambda one: one.answered_by, width=144, role="text2"),
            ),
            name=self.tr("Calls"),
            object_name="receiver-log",
        )

    def _state_card(self) -> Card:
        self._state = Facts(label_width=110)
        self._reset = button(self.tr("Reset"), self._on_reset, icon="trash", kind="ghost", name="reset-state")
        self._sure = QWidget()
        self._sure.setLayout(
            column(
                separator(),
                Label(self.tr("Forget everything it holds?"), wrap=True),
                row(
                    button(self.tr("Forget it"), self._on_sure, kind="danger", name="reset-sure"),
                    button(self.tr("Keep it"), self._on_keep, name="reset-keep"),
                    None,
                ),
                spacing=8,
            )
        )
        self._sure.hide()
        title = row(Label(self.tr("State it holds"), weight=600), None, self._reset)
        return Card(column(title, self._state, self._sure, margins=(16, 10, 12, 14), spacing=8))

    # what the window asks of a panel

    def facts(self) -> dict[str, bool]:
        """Nothing here decides about actions."""
        return {}

    def shown(self) -> None:
        """Read the page in front."""
        id = PAGES[self._tabs.current()]
        self._context.bridge.submit(self._context.session.receiver_page(id), self._on_page)

    def on_event(self, event: SessionEvent) -> None:
        """A call came, or it was started or stopped."""
        if self._paused or not self.isVisible():
            return
        if isinstance(event, ReceiverChanged | StatusChanged | ExchangeRecorded) and not self._soon.isActive():
            self._soon.start()

    # the page

    def _on_tab(self, _: int) -> None:
        self._on_keep()
        self.shown()

    def _on_page(self, page: ReceiverPage | None, error: BaseException | None) -> None:
        if page is None:
            if error is not None:
                self._context.go.failed(error)
            return
        if page.id != PAGES[self._tabs.current()]:
            return
        self._page = page
        if page.id == "own":
            self._tabs.show_title(0, page.title)
        tone = "ok" if page.listening else "neutral"
        self._shape.show_icon(tone, tone=tone)
        self._heading.setText(page.heading)
        self._sentence.setText(page.sentence)
        self._copy.setVisible(bool(page.base_url))
        self._switch.setVisible(page.id == "own")
        self._switch.show_words(self.tr("Stop") if page.listening else self.tr("Start"))
        self._running.setVisible(page.listening)
        self._state.show_facts(page.state)
        self._answers.show_rows(page.answers)
        self._log.show_rows(page.log)
        self._logs.setCurrentIndex(0 if page.log else 1)
        self._show_problem(page.problem)

    def _show_problem(self, problem: str) -> None:
        clear(self._problem_row)
        self._problem.setVisible(bool(problem))
        if problem:
            step = self.tr("Choose another port under Settings, or 0 for any free one; then start it again.")
            self._problem_row.addWidget(Banner("error", problem, step))

    def _on_copy(self) -> None:
        if self._page is not None:
            QGuiApplication.clipboard().setText(self._page.base_url)

    def _on_pause(self) -> None:
        self._paused = not self._paused
        self._pause.setToolTip(self.tr("Go on") if self._paused else self.tr("Pause the list"))
        self._pause.setAccessibleName(self._pause.toolTip())
        self._running.show_status(
            self.tr("paused") if self._paused else self.tr("running"), "neutral" if self._paused else "ok", icon="dot"
        )
        if not self._paused:
            self.shown()

    def _on_activated(self) -> None:
        entry = self._log.value()
        if isinstance(entry, LogEntry) and entry.exchange:
            self._context.go.open_conversation(entry.exchange, entry.exchange)

    def _on_reset(self) -> None:
        self._sure.show()

    def _on_keep(self) -> None:
        self._sure.hide()

    def _on_sure(self) -> None:
        self._sure.hide()
        reset = self._context.session.reset_state(PAGES[self._tabs.current()])
        self._context.bridge.submit(reset, self._on_reset_done)

    def _on_reset_done(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)
        self.shown()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        ems = self.width() / em()
        narrow = ems < NARROW_EM
        if narrow is self._side.isVisibleTo(self):
            self._side.setVisible(not narrow)
            if narrow:
                self._column.insertWidget(self._column.count() - 1, self._held)
            else:
                self._side_column.insertWidget(0, self._held)
        self._split.setSizes([max(1, self.width() - scaled(300)), scaled(300)])
        words = ems > TINY_EM
        self._copy.setText(self.tr("Copy address") if words else self.tr("Copy"))
        self._log.hide_columns(() if ems > TINY_EM else (2, 5))


def _time(entry: LogEntry) -> str:
    local = entry.time.astimezone()
    return f"{local:%H:%M:%S}.{local.microsecond // 1000:03}"


PANEL = PanelSpec(PanelId.RECEIVER, "Receiver", "receiver", ReceiverPanel)
