"""Services: the directory, and every call of the interface to one of its services; two tabs over one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.session.events import StatusChanged
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.panels.services_calls import CallsPage
from workbench.ui.panels.services_directory import DirectoryPage
from workbench.ui.widgets import Area, Tabs, row

if TYPE_CHECKING:
    from workbench.session.call_views import CallOrder
    from workbench.session.events import SessionEvent

DIRECTORY, CALLS = 0, 1


class ServicesPanel(QWidget):
    """The panel."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self.directory = DirectoryPage(context)
        self.calls = CallsPage(context)
        self._environment = ""
        status = context.status()
        self._masked = status is not None and status.masked
        self._tabs = Tabs([self.tr("Directory"), self.tr("Calls")], name=self.tr("Services"))
        self._tabs.bar().setObjectName("service-tabs")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.directory)
        self._pages.addWidget(self.calls)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Area(row((self._tabs, 1), margins=(8, 2, 8, 0)), role="surface", edges="b"))
        layout.addWidget(self._pages, 1)
        self._tabs.chosen.connect(self._on_tab)
        self.directory.calls_wanted.connect(self._on_calls_wanted)

    def facts(self) -> dict[str, bool]:
        """Nothing here decides about actions."""
        return {}

    def shown(self) -> None:
        """Read the page in front."""
        page = self.directory if self._tabs.current() == DIRECTORY else self.calls
        page.shown()

    def on_event(self, event: SessionEvent) -> None:
        """In another environment other things are known of a service, and other versions are called.

        Once people are masked, or no longer, what was filled in and answered is shown anew.
        """
        if isinstance(event, StatusChanged) and event.status.masked != self._masked:
            self._masked = event.status.masked
            self.calls.show_anew()
        if isinstance(event, StatusChanged) and event.status.environment.id != self._environment:
            self._environment = event.status.environment.id
            if self.isVisible():
                self.shown()

    def choose(self, id: str) -> None:
        """Show one service of the directory."""
        self._tabs.choose(DIRECTORY)
        self.directory.choose(id)

    def open_call(self, order: CallOrder, left_out: tuple[str, ...]) -> None:
        """Show a call that another tool made, filled in."""
        self.calls.fill_in(order, left_out)
        self._tabs.choose(CALLS)

    def _on_tab(self, place: int) -> None:
        self._pages.setCurrentIndex(place)
        self.shown()

    def _on_calls_wanted(self, service: str) -> None:
        self.calls.choose_service(service)
        self._tabs.choose(CALLS)


PANEL = PanelSpec(PanelId.SERVICES, "Services", "services", ServicesPanel)
