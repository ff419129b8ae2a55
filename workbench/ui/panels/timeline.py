"""The timeline: conversations, the swim lanes of the chosen one, and the inspector of the chosen leg; live.

Turns gestures into questions to the session; what belongs together is decided there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.evidence.lanes import LaneRow
from workbench.session.events import ExchangeRecorded, SessionEvent, VerdictReady
from workbench.session.views import Tone
from workbench.ui.actions import ActionId
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.models.lanes import LaneModel
from workbench.ui.models.table import Column
from workbench.ui.panels.timeline_inspector import Inspector
from workbench.ui.panels.timeline_list import ConversationList
from workbench.ui.shell.buttons import EnvironmentPill
from workbench.ui.shell.send_watch import SendWatch
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import Area, Chip, DataTable, EmptyState, HeadBar, Segments, button, splitter
from workbench.ui.widgets.lane_view import LaneHeads, LaneView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from workbench.history import ConversationRow
    from workbench.session.views import ConversationView, DraftView, ExchangeDetail, SendResult

PAGE = 200
SOON_MS = 60
"""Events that come together are shown together."""
NARROW_EM = 80
"""Below, the list of conversations is behind a button."""
TINY_EM = 50
"""Below, the inspector is behind a button too."""


class TimelinePanel(QWidget):
    """The panel; it remembers which conversation and leg are chosen."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._id = ""
        self._leg = ""
        self._view: ConversationView | None = None
        self._outgoing = False
        self._message = False
        self._environment = ""
        self._head_words = ""
        self._wanted_leg = ""
        self._watch = SendWatch(context, context.go.context_changed, self._on_retried, self)
        self._list = ConversationList(self._empty())
        self._inspector = Inspector(context.actions)
        self._lanes = LaneModel()
        self._build()
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._reload)
        self._list.chosen.connect(self.open)
        self._list.settled.connect(self._on_settled)
        self._list.searched.connect(self._on_searched)
        self._list.more_wanted.connect(self._on_more)
        self._lane_view.leg_chosen.connect(self._on_leg)
        self._table.chosen.connect(self._on_row)
        self._how.chosen.connect(self._on_how)
        context.actions[ActionId.RETRY].triggered.connect(self._retry)
        context.actions[ActionId.FORK].triggered.connect(self._fork)
        context.actions[ActionId.COPY_CURL].triggered.connect(self._copy_curl)
        context.actions[ActionId.CANCEL].triggered.connect(self._cancel)

    def _empty(self) -> EmptyState:
        return EmptyState(
            "timeline",
            self.tr("No conversations yet"),
            self.tr("Send a message, or let the sandbox play one."),
            [
                (self.tr("Play a conversation"), self._play, "primary"),
                (self.tr("Compose"), self._compose, ""),
            ],
        )

    def _build(self) -> None:
        self._chip = Chip()
        self._back = button(self.tr("Conversations"), self._toggle_list, icon="list", name="show-conversations")
        self._how = Segments([(self.tr("Lanes"), "timeline"), (self.tr("List"), "list")])
        self._details = button(self.tr("Details"), self._toggle_details, icon="doc", name="show-details")
        self._head = HeadBar("", self._back, self._details, self._how, beside=self._chip)
        self._head.setMinimumHeight(scaled(46))
        self._heads = LaneHeads()
        self._lane_view = LaneView(self._lanes)
        self._table = DataTable(
            (
                Column[LaneRow](self.tr("Time"), lambda one: one.time, width=76),
                Column[LaneRow](self.tr("Message"), lambda one: one.title, weight=500),
                Column[LaneRow](self.tr("Answer"), lambda one: one.status, width=150, tone=lambda one: one.tone.value),
                Column[LaneRow](self.tr("Took"), lambda one: one.took, width=76, role="text2"),
                Column[LaneRow](self.tr("Why it is here"), lambda one: one.note or one.detail, role="text2"),
            ),
            name=self.tr("Messages of the conversation"),
            object_name="legs",
        )
        lanes = QWidget()
        inner = QVBoxLayout(lanes)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self._heads)
        inner.addWidget(self._lane_view, 1)
        self._kinds = QStackedWidget()
        self._kinds.addWidget(lanes)
        self._kinds.addWidget(self._table)
        middle = Area(role="surface")
        column_ = QVBoxLayout(middle)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(0)
        column_.addWidget(self._head)
        column_.addWidget(self._kinds, 1)
        self._work = QStackedWidget()
        self._work.addWidget(middle)
        self._work.addWidget(
            EmptyState("timeline", self.tr("No conversation chosen"), self.tr("Choose one at the left."))
        )
        self._split = splitter(self._list, self._work, self._inspector)
        for place, stretch in enumerate((0, 1, 0)):
            self._split.setStretchFactor(place, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        self._work.setCurrentIndex(1)
        self._inspector.hide()
        self._list_wanted = False
        self._details_wanted = False

    # what the window asks of a panel

    def facts(self) -> dict[str, bool]:
        """Its share of the context of actions."""
        return {"exchange": bool(self._leg), "outgoing": self._outgoing, "message": self._message}

    def shown(self) -> None:
        """Read the first page, and the leg in the inspector again: what is silenced may have changed."""
        self._first_page()
        if self._leg:
            self._on_leg(self._leg)

    def on_event(self, event: SessionEvent) -> None:
        """Show what was recorded; the open conversation is read again a moment later."""
        self._watch.on_event(event)
        if isinstance(event, ExchangeRecorded):
            self._list.put(event.conversation)
            if event.conversation.id == self._id or not self._id or self._merged(event):
                self._reload_soon()
        elif isinstance(event, VerdictReady) and event.exchange == self._leg:
            self._reload_soon()

    def _reload_soon(self) -> None:
        """A moment after the first event, however many follow."""
        if not self._soon.isActive():
            self._soon.start()

    def open(self, conversation: str, exchange: str = "") -> None:
        """Show a conversation, with one of its legs chosen; until it is read, the leg in the inspector stays chosen."""
        self._wanted_leg = exchange
        self._id = conversation
        self._list.choose(conversation)
        self._ask(conversation)

    # the list

    def _first_page(self) -> None:
        asked = self._context.session.conversations(None, self._list.typed(), PAGE)
        self._context.bridge.submit(asked, self._on_first_page)

    def _on_first_page(self, rows: Sequence[ConversationRow] | None, error: BaseException | None) -> None:
        if rows is None:
            self._fail(error)
            return
        if not self._id and rows:
            self.open(rows[0].id)
        self._list.show_rows(rows, self._id)

    def _on_searched(self, _: str) -> None:
        self._first_page()

    def _on_more(self, last: ConversationRow) -> None:
        asked = self._context.session.conversations(last.key, self._list.typed(), PAGE)
        self._context.bridge.submit(asked, self._on_page)

    def _on_page(self, rows: Sequence[ConversationRow] | None, error: BaseException | None) -> None:
        if rows is None:
            self._fail(error)
        else:
            self._list.append(rows)

    def _on_settled(self) -> None:
        """In a narrow window the list has done its duty."""
        if self._is_narrow():
            self._list_wanted = False
            self._arrange()

    # the conversation

    def _merged(self, event: ExchangeRecorded) -> bool:
        """Whether an exchange of the open conversation has become part of another one."""
        return self._view is not None and any(row.exchange == event.exchange for row in self._view.lanes.rows)

    def _reload(self) -> None:
        if self._id:
            self._ask(self._id)
        else:
            self._first_page()

    def _ask(self, id: str) -> None:
        self._context.bridge.submit(self._context.session.conversation(id), self._on_view)

    def _on_view(self, view: ConversationView | None, error: BaseException | None) -> None:
        if view is None:
            if isinstance(error, KeyError):
                self._id = ""
                self._first_page()
            else:
                self._fail(error)
            return
        self._view = view
        self._id = view.row.id
        self._list.choose(self._id)
        self._work.setCurrentIndex(0)
        self._head.show_title(view.row.title)
        self._chip.show_status(view.chip, view.tone.value)
        icon = EnvironmentPill.ICONS.get(view.row.environment, "globe")
        self._heads.show_heads(view.lanes.sender, view.lanes.broker, view.lanes.receiver, icon)
        self._lanes.show(view.lanes.rows)
        self._table.show_rows([row for row in view.lanes.rows if row.exchange])
        wanted = self._wanted_leg or self._leg
        place = self._lanes.row_of(wanted)
        place = place if place >= 0 else self._lanes.last_message()
        place = place if place >= 0 else next((n for n, r in enumerate(view.lanes.rows) if r.exchange), -1)
        self._wanted_leg = ""
        if place >= 0:
            self._lane_view.choose(place)
            self._on_leg(self._lanes.row(place).exchange)

    def _on_leg(self, exchange: str) -> None:
        self._leg = exchange
        self._context.bridge.submit(self._context.session.detail(exchange), self._on_detail)

    def _on_row(self, row_: LaneRow) -> None:
        if row_.exchange != self._leg:
            self._lane_view.choose(self._lanes.row_of(row_.exchange))

    def _on_detail(self, detail: ExchangeDetail | None, error: BaseException | None) -> None:
        if detail is None:
            self._fail(error)
            return
        if detail.exchange.id != self._leg:
            return
        self._outgoing = detail.exchange.direction.value == "out"
        self._message = bool(detail.exchange.request.body)
        self._environment = detail.exchange.environment
        self._head_words = detail.title
        first = self._inspector.isHidden()
        self._inspector.show_detail(detail)
        if first:
            self._arrange()
        self._context.go.context_changed()

    def _on_how(self, place: int) -> None:
        self._kinds.setCurrentIndex(place)

    # what can be done with a leg

    def _retry(self) -> None:
        host, status = "", self._context.status()
        places = status.environments if status is not None else ()
        place = next((one for one in places if one.id == self._environment and one.production), None)
        if place is not None:
            host = self._context.go.confirm_host(place.host, self._head_words)
            if not host:
                return
        if not self._watch.busy:
            self._watch.begin(self._leg, self._head_words, self._context.session.retry(self._leg, host))

    def _on_retried(self, result: SendResult) -> None:
        self.open(result.conversation, result.exchange)

    def _copy_curl(self) -> None:
        self._context.bridge.submit(self._context.session.foreign.curl(self._leg), self._on_curl)

    def _on_curl(self, command: str | None, error: BaseException | None) -> None:
        if command is None:
            self._fail(error)
            return
        QGuiApplication.clipboard().setText(command)
        words = self.tr("Copied as a curl command for a POSIX shell. Secrets are variables to set first.")
        self._context.go.toast(Tone.OK, words)

    def _fork(self) -> None:
        self._context.bridge.submit(self._context.session.fork(self._leg), self._on_draft)

    def _cancel(self) -> None:
        self._context.bridge.submit(self._context.session.cancel_draft(self._leg), self._on_draft)

    def _on_draft(self, draft: DraftView | None, error: BaseException | None) -> None:
        if draft is None:
            self._fail(error)
        else:
            self._context.go.open_draft(draft)

    def _play(self) -> None:
        self._context.go.play_scenario("validation")

    def _compose(self) -> None:
        self._context.go.to_panel(PanelId.COMPOSE)

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)

    # size

    def _ems(self) -> float:
        return self.width() / em()

    def _is_narrow(self) -> bool:
        return self._ems() < NARROW_EM

    def _toggle_list(self) -> None:
        self._list_wanted = not self._list_wanted
        self._arrange()

    def _toggle_details(self) -> None:
        self._details_wanted = not self._details_wanted
        self._arrange()

    def _arrange(self) -> None:
        """Three columns where there is room; below that the list, then the inspector is behind a button."""
        narrow, tiny = self._is_narrow(), self._ems() < TINY_EM
        self._back.setVisible(narrow)
        self._details.setVisible(tiny)
        self._chip.setVisible(not tiny)
        self._how.setVisible(not tiny)
        listed = not narrow or self._list_wanted or not self._id
        self._list.setVisible(listed)
        room = not tiny or (self._details_wanted and not self._list_wanted)
        self._inspector.setVisible(bool(self._leg) and room and (not narrow or not self._list_wanted))
        self._inspector.set_narrow(narrow)
        self._list.setMinimumWidth(scaled(220))
        self._inspector.setMinimumWidth(scaled(300))
        side, left = scaled(340 if narrow else 412), scaled(272)
        if tiny:
            side = self.width() // 2
        self._split.setSizes([left, max(scaled(200), self.width() - left - side), side])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


PANEL = PanelSpec(PanelId.TIMELINE, "Timeline", "timeline", TimelinePanel)
