"""The inspector of the chosen leg: summary, headers, bundle, findings, wire; each page is built when it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.ui.actions import ActionId
from workbench.ui.panels.timeline_findings import FindingsPage
from workbench.ui.panels.timeline_pages import BundlePage, HeadersPage, SummaryPage, WirePage
from workbench.ui.widgets import Area, EmptyState, HeadBar, Tabs, action_button, action_tool, row, tool

if TYPE_CHECKING:
    from workbench.session.views import ExchangeDetail
    from workbench.ui.actions import Actions

FEW = 3
"""Tabs that stay in the row of a narrow inspector; the others go under More."""


class Inspector(Area):
    """Shows an `ExchangeDetail`; `pin(tab)` names are those of the tabs."""

    shown = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(role="canvas", parent=parent)
        self.setObjectName("inspector")
        self._detail: ExchangeDetail | None = None
        self._drawn: dict[int, str] = {}
        self._tabs = Tabs(
            [self.tr("Summary"), self.tr("Headers"), self.tr("Bundle"), self.tr("Findings"), self.tr("Wire")],
            name=self.tr("About the chosen message"),
        )
        self._head = HeadBar("", below=self._tabs, role="canvas")
        self._pages = QStackedWidget()
        self._parts = (SummaryPage(), HeadersPage(), BundlePage(), FindingsPage(), WirePage())
        self._none = EmptyState("timeline", self.tr("No message chosen"), self.tr("Choose one in the lanes."))
        for page in (*self._parts, self._none):
            self._pages.addWidget(page)
        self._fork = action_button(actions[ActionId.FORK])
        self._resend = action_button(actions[ActionId.RETRY])
        self._foot = Area(
            row(
                self._fork,
                self._resend,
                None,
                action_tool(actions[ActionId.COPY_CURL]),
                tool(self.tr("Copy what was on the wire"), "copy", self._copy, icon_only=True),
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
        found = sum(len(v.findings) for v in (detail.verdict, detail.answer_verdict) if v is not None)
        self._tabs.show_title(3, self.tr("Findings {n}").format(n=found) if found else self.tr("Findings"))
        self._on_tab(self._tabs.current())

    def choose(self, place: int) -> None:
        """Bring a tab to the front."""
        self._tabs.choose(place)

    def set_narrow(self, narrow: bool) -> None:
        """Fewer tabs in the row."""
        self._tabs.show_first(FEW if narrow else 0)
        self._fork.show_words(self.tr("Fork") if narrow else "")
        self._resend.show_words(self.tr("Resend") if narrow else "")

    def _on_tab(self, place: int) -> None:
        if self._detail is None:
            return
        part = self._parts[place]
        if self._drawn.get(place) != self._detail.exchange.id:
            part.show_detail(self._detail)
            self._drawn[place] = self._detail.exchange.id
        self._pages.setCurrentWidget(part)

    def _copy(self) -> None:
        if self._detail is not None:
            parts = (self._detail.wire_request, self._detail.wire_response)
            QGuiApplication.clipboard().setText("\n\n".join(part for part in parts if part))
