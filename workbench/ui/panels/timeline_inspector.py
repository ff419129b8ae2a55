"""The inspector of the chosen leg: summary, headers, bundle, findings, wire, compare; each page is built when shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.session.views import Tone
from workbench.ui.actions import ActionId
from workbench.ui.panels.timeline_compare import ComparePage
from workbench.ui.panels.timeline_findings import FindingsPage
from workbench.ui.panels.timeline_pages import BundlePage, HeadersPage, SummaryPage
from workbench.ui.panels.timeline_wire import WirePage
from workbench.ui.widgets import Area, Chip, EmptyState, HeadBar, Tabs, action_button, action_tool, row, tool

if TYPE_CHECKING:
    from workbench.session.views import ExchangeDetail
    from workbench.ui.context import PanelContext

HEADERS = 1
BUNDLE = 2
"""The page with the message itself."""
COMPARE = 5
"""The page that shows other messages too, and so is masked whichever one was asked for unmasked."""


class Inspector(Area):
    """Shows an `ExchangeDetail`, one page of it in front."""

    menu_wanted = Signal(QPoint)
    """Where on the screen the menu of the leg is to stand."""

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(role="canvas", parent=parent)
        self.setObjectName("inspector")
        actions = context.actions
        self._detail: ExchangeDetail | None = None
        self._drawn: dict[int, str] = {}
        self._narrow = False
        self._tabs = Tabs(
            [
                self.tr("Summary"),
                self.tr("Headers"),
                self.tr("Bundle"),
                self.tr("Findings"),
                self.tr("Wire"),
                self.tr("Compare"),
            ],
            name=self.tr("About the chosen message"),
            fitting=True,
        )
        self._context = context
        self._badge = Chip()
        self._badge.setObjectName("masked")
        self._more = tool(self.tr("More"), "more", self._on_more, icon_only=True, name="leg-more")
        self._pin = action_tool(actions[ActionId.PIN_LEG])
        actions[ActionId.PIN_LEG].setCheckable(True)
        actions[ActionId.PIN_LEG].triggered.connect(self._on_pin)
        self._head = HeadBar("", self._badge, self._pin, self._more, below=self._tabs, role="canvas")
        self._pages = QStackedWidget()
        self._bundle, self._findings, self._compare = BundlePage(), FindingsPage(), ComparePage(context)
        self._parts = (SummaryPage(), HeadersPage(), self._bundle, self._findings, WirePage(), self._compare)
        self._findings.place_wanted.connect(self._on_place)
        self._none = EmptyState("timeline", self.tr("No message chosen"), self.tr("Choose one in the lanes."))
        for page in (*self._parts, self._none):
            self._pages.addWidget(page)
        self._fork = action_button(actions[ActionId.FORK])
        self._resend = action_button(actions[ActionId.RETRY])
        self._reply, self._reply_tool = action_button(actions[ActionId.REPLY]), action_tool(actions[ActionId.REPLY])
        self._curl = action_tool(actions[ActionId.COPY_CURL])
        self.follow = action_tool(actions[ActionId.FOLLOW_UP])
        self._foot = Area(
            row(
                self._fork,
                self._resend,
                self._reply,
                None,
                self.follow,
                self._reply_tool,
                self._curl,
                action_tool(actions[ActionId.COPY_WIRE]),
                action_tool(actions[ActionId.EXPORT_MESSAGE]),
                margins=(12, 6, 12, 6),
            ),
            role="surface",
            edges="t",
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._foot)
        self._tabs.chosen.connect(self._on_tab)
        self.show_detail(None)

    def show_detail(self, detail: ExchangeDetail | None) -> None:
        """Show another leg, the same tab in front."""
        self._detail = detail
        self._drawn = {}
        self._head.setVisible(detail is not None)
        self._foot.setVisible(detail is not None)
        if detail is None:
            self._pages.setCurrentWidget(self._none)
            return
        self._head.show_title(detail.title, detail.subtitle)
        sent = detail.exchange.direction.value == "out"
        for part in (self._resend, self._reply_tool):
            part.setVisible(sent)
        self._reply.setVisible(not sent)
        self._name_fork()
        self._context.actions[ActionId.PIN_LEG].setChecked(self._compare.pinned == detail.exchange.id)
        found = sum(len(v.findings) for v in (detail.verdict, detail.answer_verdict) if v is not None)
        self._tabs.show_title(3, self.tr("Findings {n}").format(n=found) if found else self.tr("Findings"))
        self._on_tab(self._tabs.current())

    @property
    def detail(self) -> ExchangeDetail | None:
        """What is shown."""
        return self._detail

    def take_focus(self) -> None:
        """Let the keyboard go on in the page in front."""
        self._tabs.bar().setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, place: int) -> None:
        """Bring a tab to the front."""
        self._tabs.choose(place)

    def set_narrow(self, narrow: bool) -> None:
        """Fewer words on the buttons."""
        self._narrow = narrow
        self._curl.setVisible(not narrow)  # it is in the menu too
        self._name_fork()
        self._resend.show_words(self.tr("Resend"))
        self._reply.show_words(self.tr("Reply"))

    def _name_fork(self) -> None:
        """In few words where there is no room for more."""
        few = self._narrow or not self._resend.isHidden()
        self._fork.show_words(self.tr("Fork") if few else "")

    def _on_tab(self, place: int) -> None:
        if self._detail is None:
            return
        self._show_badge(self._detail.masked or place == COMPARE)
        part = self._parts[place]
        if self._drawn.get(place) != self._detail.exchange.id:
            part.show_detail(self._detail)
            self._drawn[place] = self._detail.exchange.id
        self._pages.setCurrentWidget(part)

    def _show_badge(self, masked: bool) -> None:
        """Say whether people are masked on the page in front, while they are masked at all."""
        status = self._context.status()
        self._badge.setVisible(status is not None and status.masked)
        if masked:
            self._badge.show_status(self.tr("Masked"), "neutral", icon="eyeoff")
        else:
            self._badge.show_status(self.tr("Not masked"), "warning", icon="eye")

    def _on_more(self) -> None:
        self.menu_wanted.emit(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _on_pin(self, pinned: bool) -> None:
        if self._detail is not None:
            self._compare.pin(self._detail if pinned else None)
            if pinned:
                words = self.tr("Pinned: Compare holds other messages against it.")
                self._context.go.toast(Tone.NOTE, words)

    def _on_place(self, path: str, answer: bool) -> None:
        """Show the element that a finding is about."""
        in_body = not path.startswith(("headers[", "parameters["))
        self._tabs.choose(BUNDLE if in_body else HEADERS)
        if in_body:
            self._bundle.show_place(path, answer=answer)
