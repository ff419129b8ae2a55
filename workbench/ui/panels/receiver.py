"""The receiver and the embedded sandbox: listening or not, what arrives, what is answered, what is held; live.

The frame: tabs, head, two columns of cards, and the panes that open over them. Each card is a module beside this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from workbench.session.events import ExchangeRecorded, ReceiverChanged, SessionEvent, StatusChanged
from workbench.ui.actions import ActionId
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.panels.receiver_answers import AnswersCard
from workbench.ui.panels.receiver_faults import FaultsCard
from workbench.ui.panels.receiver_held import HeldCard
from workbench.ui.panels.receiver_live import LiveCard
from workbench.ui.panels.receiver_network import NetworkPane
from workbench.ui.panels.receiver_state import StatePane
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import (
    Area,
    Banner,
    Chip,
    Label,
    Pic,
    Tabs,
    action_button,
    button,
    clear,
    column,
    holder,
    row,
    scroll_area,
    splitter,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from workbench.session.to_me import SentToMe
    from workbench.session.views import LogEntry, ReceiverPage, Tone

PAGES = ("own", "sandbox")
TICK_MS = 1000
"""While replies are due their seconds count down."""
SOON_MS = 100
"""At most ten refreshes a second, whatever arrives."""
NARROW_EM = 75
TINY_EM = 50


def ask_message(parent: QWidget) -> str:
    """The file of a message that is to be sent to the own receiver, or an empty text."""
    title = QCoreApplication.translate("Receiver", "Send a message to your receiver")
    return QFileDialog.getOpenFileName(parent, title, "", "FHIR (*.json *.xml);;All files (*)")[0]


class ReceiverPanel(QWidget):
    """Two tabs over one page: the workbench's own receiver, and the embedded sandbox."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._page: ReceiverPage | None = None
        self._badges: tuple[tuple[Tone, str], ...] = ()
        self._told = ("", "", 0)
        status = context.status()
        self._masked = status is not None and status.masked
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.shown)
        self._tick = QTimer(self, singleShot=True, interval=TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._tabs = Tabs([self.tr("Own receiver"), self.tr("Embedded sandbox")], name=self.tr("Receivers"))
        self._problem = QWidget()
        self._problem_row = QVBoxLayout(self._problem)
        self._problem_row.setContentsMargins(0, 0, 0, 0)
        self._problem.hide()
        self._answers = AnswersCard(context)
        self._live = LiveCard()
        self._faults = FaultsCard(context)
        self._held = HeldCard()
        self._inner = QWidget()
        self._column = column(self._problem, self._answers, (self._live, 1), margins=(16, 16, 16, 16), spacing=12)
        self._inner.setLayout(self._column)
        self._scroll = scroll_area(self._inner, role="canvas")
        self._reveal = QTimer(self, singleShot=True, interval=0)
        self._reveal.timeout.connect(self._on_reveal)
        self._side_column = column(self._faults, self._held, None, margins=(12, 16, 16, 16), spacing=12)
        side = QWidget()
        side.setLayout(self._side_column)
        self._side = scroll_area(side, role="canvas")
        self._split = splitter(self._scroll, self._side)
        self._split.setStretchFactor(0, 1)
        self._front = QStackedWidget()
        self._front.addWidget(self._split)
        self._panes: dict[str, StatePane | NetworkPane] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Area(row((self._tabs, 1), margins=(8, 2, 8, 0)), role="surface", edges="b"))
        layout.addWidget(self._head())
        layout.addWidget(self._front, 1)
        self._tabs.chosen.connect(self._on_tab)
        self._answers.editing.connect(self._reveal.start)
        self._live.opened.connect(self._on_opened)
        self._live.paused.connect(self._on_paused)
        self._live.message_wanted.connect(self._on_message_wanted)
        self._live.file_wanted.connect(self._on_file_wanted)
        self._held.opened.connect(self._on_state)
        self._held.forgotten.connect(self._on_forgotten)

    def _head(self) -> Area:
        self._shape = Pic("neutral", 28, tone="neutral")
        self._heading = Label("", step="heading", weight=600, elide=True)
        self._sentence = Label("", step="caption", role="text2", elide=True)
        self._copy = button(self.tr("Copy address"), self._on_copy, icon="copy", name="copy-address")
        self._reach = button(self.tr("Network"), self._on_network, icon="globe", name="open-network")
        self._reach.hide()
        for one in (self._copy, self._reach):  # in a narrow window their icon is all that is shown
            one.setAccessibleName(one.text())
            one.setToolTip(one.text())
        self._switch = action_button(self._context.actions[ActionId.RECEIVER_SWITCH])
        self._back = button(self.tr("Back"), self.close_pane, icon="left", name="close-pane")
        self._back.hide()
        self.badges = row(spacing=6)
        """Chips that stay in sight: that others can reach it, whether client certificates are asked for."""
        self._chips = holder(self.badges)
        self._chips.hide()
        self._second = row((self._sentence, 1), spacing=8)
        self._first = row(
            self._shape,
            (column(self._heading, self._second, spacing=1), 1),
            self._chips,
            self._copy,
            self._reach,
            self._switch,
            self._back,
            margins=(16, 8, 16, 8),
            spacing=12,
        )
        return Area(self._first, role="surface", edges="b")

    # panes over the columns

    def open_pane(self, id: str) -> None:
        """Bring a pane in front of the columns: `state` (what the receiver holds) or `network` (how it is reached)."""
        page = PAGES[self._tabs.current()]
        pane = self._panes.get(f"{id} {page}")
        if pane is None:
            pane = StatePane(self._context, page) if id == "state" else NetworkPane(self._context)
            self._panes[f"{id} {page}"] = pane
            self._front.addWidget(pane)
        self._front.setCurrentWidget(pane)
        self._back.show()
        self._refresh_pane()

    def close_pane(self) -> None:
        """Go back to the columns."""
        self._back.hide()
        self._front.setCurrentIndex(0)
        self.shown()

    def _refresh_pane(self) -> None:
        for pane in self._panes.values():
            if pane is self._front.currentWidget():
                pane.refresh()

    def _on_state(self) -> None:
        self.open_pane("state")

    def _on_network(self) -> None:
        self.open_pane("network")

    # what the window asks of a panel

    def facts(self) -> dict[str, bool]:
        """Nothing here decides about actions."""
        return {}

    def shown(self) -> None:
        """Read the page in front."""
        id = PAGES[self._tabs.current()]
        self._context.bridge.submit(self._context.session.receiver_page(id), self._on_page)
        self._refresh_pane()

    def on_event(self, event: SessionEvent) -> None:
        """A call came, it was started or stopped, or people are masked now, or no longer."""
        if isinstance(event, StatusChanged) and event.status.masked != self._masked:
            self._masked = event.status.masked
            self._answers.close_editor()  # it may show a number
            self.shown()
        if self._live.still or not self.isVisible():
            return
        if isinstance(event, ReceiverChanged | StatusChanged | ExchangeRecorded) and not self._soon.isActive():
            self._soon.start()

    def _on_reveal(self) -> None:
        """Bring the form of a rule into view, whenever it gets another size; from its first line where it is taller."""
        form = self._answers.editor()
        if form is not None:
            top = form.mapTo(self._inner, QPoint(0, 0)).y()
            bar = self._scroll.verticalScrollBar()
            lowest = top + form.height() + scaled(16) - self._scroll.viewport().height()
            bar.setValue(min(top, max(bar.value(), lowest)))

    # the page

    def _on_tab(self, _: int) -> None:
        self._held.keep()
        self._answers.close_editor()
        self.close_pane()

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
        if page.badges != self._badges:
            self._badges = page.badges
            clear(self.badges)
            self._chips.setVisible(bool(page.badges))
            for tone, words in page.badges:
                self.badges.addWidget(Chip(words, tone.value, icon="warning" if tone == "warning" else "shield"))
        self._copy.setVisible(bool(page.base_url))
        self._switch.setVisible(page.id == "own")
        self._reach.setVisible(page.id == "own")
        self._switch.show_words(self.tr("Stop") if page.listening else self.tr("Start"))
        self._held.show_state(page.state, can_open=True)
        self._answers.show_page(page)
        self._faults.show_page(page)
        self._live.show_log(page.log, page.listening)
        choices = self._context.session.to_me.choices() if page.id == "own" else ()
        self._live.show_choices(choices, can_send=page.id == "own" and page.listening)
        self._show_problem(page)
        if dict(page.state).get("Replies due", "none") != "none":
            self._tick.start()

    def _on_tick(self) -> None:
        if self.isVisible() and not self._live.still:
            self.shown()

    def _show_problem(self, page: ReceiverPage) -> None:
        told = (page.problem, page.problem_step, page.free_port)
        if told == self._told:
            return
        self._told = told
        clear(self._problem_row)
        self._problem.setVisible(bool(page.problem))
        if page.problem:
            other = self.tr("Listen on port {n}").format(n=page.free_port)
            deeds = ((other, self._on_other_port, "primary"),) if page.free_port else ()
            self._problem_row.addWidget(Banner("error", page.problem, page.problem_step, deeds))

    def _on_other_port(self) -> None:
        if self._page is not None and self._page.free_port:
            work = self._context.session.listening.listen_on(self._page.free_port)
            self._context.bridge.submit(work, self._on_reset_done)

    def _on_copy(self) -> None:
        if self._page is not None:
            QGuiApplication.clipboard().setText(self._page.base_url)

    def _on_paused(self, still: bool) -> None:
        if not still:
            self.shown()

    def _on_message_wanted(self, id: str) -> None:
        self._context.bridge.submit(self._context.session.to_me.send(id), self._on_sent_to_me)

    def _on_file_wanted(self) -> None:
        path = ask_message(self)
        if path:
            self._context.bridge.submit(self._context.session.to_me.send_file(path), self._on_sent_to_me)

    def _on_sent_to_me(self, sent: SentToMe | None, error: BaseException | None) -> None:
        if sent is not None:
            self._context.go.toast(sent.tone, sent.sentence)
        elif error is not None:
            self._context.go.failed(error)

    def _on_opened(self, entry: LogEntry) -> None:
        self._context.go.open_conversation(entry.exchange, entry.exchange)

    def _on_forgotten(self) -> None:
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
            for place, card in enumerate((self._faults, self._held)):
                if narrow:
                    self._column.addWidget(card)
                else:
                    self._side_column.insertWidget(place, card)
        self._split.setSizes([max(1, self.width() - scaled(392)), scaled(392)])
        words = ems > TINY_EM
        if narrow is not (self._second.indexOf(self._chips) >= 0):  # the address has the first line for itself
            (self._second if narrow else self._first).insertWidget(0 if narrow else 2, self._chips)
        self._copy.setText(self.tr("Copy address") if words else "")
        self._reach.setText(self.tr("Network") if words else "")
        self._live.show_narrow(ems)
        self._answers.show_narrow(ems)


PANEL = PanelSpec(PanelId.RECEIVER, "Receiver", "receiver", ReceiverPanel)
