"""The timeline: conversations, the swim lanes of the chosen one, and the inspector of the chosen leg; live.

Turns gestures into questions to the session; what belongs together is decided there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.directory.environments import IMPORTED
from workbench.evidence.lanes import LaneRow
from workbench.session.conversation_words import state_words
from workbench.session.events import ExchangeRecorded, HistoryPurged, SessionEvent, StatusChanged, VerdictReady
from workbench.ui.actions import ActionId
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.models.lanes import LaneModel
from workbench.ui.models.table import Column
from workbench.ui.panels.timeline_conflicts import ConflictLines
from workbench.ui.panels.timeline_desk import ListDesk
from workbench.ui.panels.timeline_export import ExportDesk
from workbench.ui.panels.timeline_follow import FollowDesk
from workbench.ui.panels.timeline_inspector import Inspector
from workbench.ui.panels.timeline_legs import LegDesk
from workbench.ui.panels.timeline_list import ConversationList
from workbench.ui.panels.timeline_masking import BareLeg
from workbench.ui.panels.timeline_narrow import NarrowBar
from workbench.ui.panels.timeline_relating import RelateDesk
from workbench.ui.shell.buttons import EnvironmentPill
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import (
    Area,
    Chip,
    DataTable,
    EmptyState,
    HeadBar,
    Segments,
    action_tool,
    button,
    splitter,
)
from workbench.ui.widgets.lane_heads import LaneHeads
from workbench.ui.widgets.lane_sizes import LaneSizes
from workbench.ui.widgets.lane_view import LaneView

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from workbench.session.views import ConversationView, ExchangeDetail

SOON_MS = 60
"""Events that come together are shown together."""
NARROW_EM = 80
"""Below, the list of conversations is behind a button."""
CHIP_EM = 42
"""Below, there is no room to say beside its title how a conversation stands."""
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
        self._wanted_leg = ""
        self._list = ConversationList(self._empty(), lambda: context.session.listing.now())
        self._desk = ListDesk(context, self._list, lambda: self._id, self.open, self.isVisible)
        self._inspector = Inspector(context)
        self._lanes = LaneModel()
        self._build()
        self._arranging = QTimer(self, singleShot=True, interval=0)
        self._arranging.timeout.connect(self._show_inspector)
        self._painting = QTimer(self, singleShot=True, interval=0)
        self._painting.timeout.connect(self._paint_again)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._reload)
        self._list.chosen.connect(self._on_chosen)
        self._list.settled.connect(self._on_settled)
        self._list.counted.connect(self._on_counted)
        self._lane_view.leg_chosen.connect(self._on_leg)
        self._table.chosen.connect(self._on_row)
        self._how.chosen.connect(self._on_how)
        self._follow = FollowDesk(context, self._inspector.follow, self._front)
        self._export = ExportDesk(context, self, self._shown_now)
        self._bare = BareLeg(context, self, self._front, self._on_leg)
        self._legs = LegDesk(context, self, self._front, self._chosen, confirmed=self._bare.confirmed, opened=self.open)
        self._relate = RelateDesk(context, self, self._front, self.open)
        self._lane_view.menu_wanted.connect(self._legs.open_menu)
        self._lane_view.opened.connect(self._on_opened)
        self._lane_view.shaped.connect(self._heads.follow)
        self._table.customContextMenuRequested.connect(self._on_table_menu)
        self._inspector.menu_wanted.connect(self._legs.open_menu)

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
        self._how = Segments([(self.tr("Lanes"), "timeline"), (self.tr("List"), "list")])
        self._details = button(self.tr("Details"), self._toggle_details, icon="doc", name="show-details")
        export = action_tool(self._context.actions[ActionId.EXPORT])
        self._size = LaneSizes()
        self._head = HeadBar("", self._details, self._how, self._size, export, beside=self._chip)
        self._narrow_bar = NarrowBar()
        self._narrow_bar.list_wanted.connect(self._toggle_list)
        self._narrow_bar.typed.connect(self._on_typed)
        self._head.setMinimumHeight(scaled(46))
        self._heads = LaneHeads()
        self._lane_view = LaneView(self._lanes)
        self._size.steps.connect(self._lane_view.zoom_by)
        self._size.unfolded.connect(self._lanes.set_all_open)
        self._table = DataTable(
            (
                Column[LaneRow](self.tr("Time"), lambda one: one.time, width=76),
                Column[LaneRow](self.tr("Message"), lambda one: one.title, weight=500),
                Column[LaneRow](self.tr("Answer"), lambda one: one.status, width=176, tone=lambda one: one.tone.value),
                Column[LaneRow](self.tr("Took"), lambda one: one.took, width=76, role="text2"),
                Column[LaneRow](self.tr("Why it is here"), lambda one: one.note or one.detail, role="text2"),
            ),
            name=self.tr("Messages of the conversation"),
            object_name="legs",
        )
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
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
        column_.addWidget(self._narrow_bar)
        column_.addWidget(self._head)
        self._conflicts = ConflictLines(self._context)
        self._conflicts.chosen.connect(self._on_conflict)
        column_.addWidget(self._conflicts)
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
        self._desk.read_page()
        if self._view is not None:
            self._desk.looked_at(self._view.row)
        if self._leg:
            self._on_leg(self._leg)

    def on_event(self, event: SessionEvent) -> None:
        """Show what was recorded; the open conversation is read again a moment later."""
        self._legs.on_event(event)
        self._export.on_event(event)
        self._desk.on_event(event)
        if isinstance(event, ExchangeRecorded):
            if event.conversation.id == self._id or not self._id or self._merged(event):
                self._reload_soon()
        elif isinstance(event, VerdictReady) and event.exchange == self._leg:
            self._reload_soon()
        elif isinstance(event, HistoryPurged) and self._id in event.conversations:
            self._id = self._leg = ""
            self._work.setCurrentIndex(1)
            self._inspector.hide()
        elif isinstance(event, StatusChanged) and self._bare.switched():
            self._desk.read_page()
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

    def _on_settled(self) -> None:
        """In a narrow window the list has done its duty."""
        if self._is_narrow():
            self._list_wanted = False
            self._arrange()

    def _on_counted(self) -> None:
        place, count, more = self._list.standing()
        self._narrow_bar.show_place(place, count, more=more)

    def _on_typed(self, text: str) -> None:
        """What is typed above the lanes goes on in the list, which shows what is found."""
        self._list_wanted = True
        self._arrange()
        self._list.search.search(text)

    # the conversation

    def _on_chosen(self, conversation: str) -> None:
        """A conversation that was searched for opens at what was found."""
        self.open(conversation, self._desk.hit_of(conversation))

    def _merged(self, event: ExchangeRecorded) -> bool:
        """Whether an exchange of the open conversation has become part of another one."""
        return self._view is not None and any(row.exchange == event.exchange for row in self._view.lanes.rows)

    def _reload(self) -> None:
        if self._id:
            self._ask(self._id)
        else:
            self._desk.read_page()

    def _ask(self, id: str) -> None:
        self._context.bridge.submit(self._context.session.conversation(id), self._on_view)

    def _on_view(self, view: ConversationView | None, error: BaseException | None) -> None:
        if view is None:
            if isinstance(error, KeyError):
                self._id = ""
                self._desk.read_page()
            else:
                self._fail(error)
            return
        self._view = view
        became, self._id = view.row.id != self._id, view.row.id
        self._desk.looked_at(view.row)
        self._conflicts.show_for(view.row.id, view.row.conflicts)
        self._list.choose(self._id, into_view=became)  # else a person may have scrolled since they opened it
        self._work.setCurrentIndex(0)
        self._head.show_title(view.row.title)
        self._show_chip()
        icon = EnvironmentPill.ICONS.get(view.row.environment, "globe")
        self._heads.show_heads(view.lanes.sender, view.lanes.broker, view.lanes.receiver, icon)
        self._lanes.show(view.lanes.rows)
        self._table.show_rows([row for row in view.lanes.rows if row.exchange])
        wanted = self._wanted_leg or self._leg
        place = self._lanes.row_of(wanted)
        place = place if place >= 0 else self._lanes.last_message()
        place = place if place >= 0 else self._lanes.first_leg()
        self._wanted_leg = ""
        if place >= 0:
            self._lane_view.choose(place)
            self._on_leg(wanted if place == self._lanes.row_of(wanted) else self._lanes.row(place).exchange)

    def _show_chip(self) -> None:
        """How it stands; in a narrow window without how long it took, so that the title has room."""
        if self._view is not None:
            short = state_words(self._view.row, self._list.model.now())[1]
            words = short if self._is_narrow() else self._view.chip
            self._chip.show_status(words, self._view.tone.value)

    def _on_conflict(self, exchange: str) -> None:
        place = self._lanes.row_of(exchange)
        if place >= 0:
            self._lane_view.choose(place)
            self._on_leg(exchange)

    def _on_leg(self, exchange: str) -> None:
        self._leg = exchange
        asked = self._context.session.detail(exchange, unmasked=self._bare.holds(exchange))
        self._context.bridge.submit(asked, self._on_detail)

    def _on_row(self, row_: LaneRow) -> None:
        if row_.exchange != self._leg:
            self._lane_view.choose(self._lanes.row_of(row_.exchange))
            self._on_leg(row_.exchange)

    def _on_detail(self, detail: ExchangeDetail | None, error: BaseException | None) -> None:
        if detail is None:
            self._fail(error)
            return
        if detail.exchange.id != self._leg or (
            self._bare.masked and not detail.masked and not self._bare.holds(self._leg)
        ):
            return  # asked for before another one was chosen, or before people were masked
        self._outgoing = detail.exchange.direction.value == "out" and detail.exchange.environment != IMPORTED
        self._message = bool(detail.exchange.request.body)
        first = self._inspector.isHidden()
        self._inspector.show_detail(detail)
        if first:
            self._arranging.start()  # in turns of its own: all together hold the window for too long
        self._context.go.context_changed()

    def _on_how(self, place: int) -> None:
        self._kinds.setCurrentIndex(place)
        self._size.setEnabled(place == 0)

    # what can be done with a leg

    def _front(self) -> str:
        """The chosen leg."""
        return self._leg

    def _chosen(self) -> ExchangeDetail | None:
        """What is known of the chosen leg, once it was read."""
        detail = self._inspector.detail
        return detail if detail is not None and detail.exchange.id == self._leg else None

    def _on_table_menu(self, place: QPoint) -> None:
        self._legs.open_menu(self._table.viewport().mapToGlobal(place))

    def _on_opened(self, _: str) -> None:
        """Somebody wants all about the chosen leg."""
        self._details_wanted, self._list_wanted = True, False
        self._arrange()
        self._inspector.take_focus()

    def _shown_now(self) -> tuple[str, str, str, str]:
        """Conversation and leg that stand here, each with its title."""
        chosen = self._chosen()
        return self._id, self._head.title.text(), self._leg, chosen.title if chosen is not None else ""

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

    def _show_inspector(self) -> None:
        """Arrange in one turn and, where that brings the inspector into sight, paint in the next."""
        if self._has_room():
            self._painting.start()
            self.setUpdatesEnabled(False)
        self._arrange()

    def _has_room(self) -> bool:
        """Whether there is a leg to inspect and room for the inspector beside what is wanted."""
        room = self._ems() >= TINY_EM or (self._details_wanted and not self._list_wanted)
        return bool(self._leg) and room and (not self._is_narrow() or not self._list_wanted)

    def _paint_again(self) -> None:
        self.setUpdatesEnabled(True)

    def _arrange(self) -> None:
        """Three columns where there is room; below that the list, then the inspector is behind a button."""
        narrow, tiny = self._is_narrow(), self._ems() < TINY_EM
        self._narrow_bar.setVisible(narrow)
        self._details.setVisible(tiny)
        self._chip.setVisible(self._ems() >= CHIP_EM)
        self._how.setVisible(not tiny)
        listed = not narrow or self._list_wanted or not self._id
        self._list.setVisible(listed)
        self._narrow_bar.show_list(listed=listed, text=self._list.typed())
        self._show_chip()
        self._list.setMinimumWidth(scaled(220))
        self._inspector.setMinimumWidth(scaled(300))
        self._inspector.set_narrow(narrow)  # before it shows, so that it is laid out once
        self._inspector.setVisible(self._has_room())
        side, left = scaled(340 if narrow else 412), scaled(272)
        if tiny:
            side = self.width() // 2
        self._split.setSizes([left, max(scaled(200), self.width() - left - side), side])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


PANEL = PanelSpec(PanelId.TIMELINE, "Timeline", "timeline", TimelinePanel)
