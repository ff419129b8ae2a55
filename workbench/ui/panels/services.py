"""Services: the directory as a table that can be searched, and the chosen service with what it offers when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.session.views import ComposeOffer, DraftView, ServiceCheck, ServiceDetail
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.models.table import Column
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import (
    Area,
    Banner,
    Card,
    DataTable,
    EmptyState,
    HeadBar,
    Label,
    Pic,
    SearchField,
    button,
    clear,
    column,
    facts_grid,
    row,
    scroll_area,
    separator,
    splitter,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from workbench.session.events import SessionEvent

NARROW_EM = 70
TINY_EM = 45
ORGANISATION, USE_CASES = 2, 4
"""Columns that a very narrow window leaves out; the card below shows them."""


class ServicesPanel(QWidget):
    """The panel."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._all: tuple[ServiceDetail, ...] = ()
        self._current: ServiceDetail | None = None
        self._check: ServiceCheck | None = None
        self._asking = False
        self._problem: tuple[str, str] | None = None
        self._wanted = ""
        self._search = SearchField(self.tr("Search services"))
        self._search.setObjectName("service-search")
        self._search.setMinimumWidth(scaled(240))
        self._count = Label("", step="caption", role="text3")
        head = HeadBar(self.tr("Services"), self._search, beside=self._count)
        self._table = DataTable(
            (
                Column[ServiceDetail](self.tr("Name"), lambda one: one.name, weight=500),
                Column[ServiceDetail](self.tr("Identifier"), lambda one: one.value, width=110),
                Column[ServiceDetail](self.tr("Organisation"), lambda one: f"{one.organisation} ({one.ods_code})"),
                Column[ServiceDetail](
                    self.tr("Role"),
                    lambda one: "Own" if one.own else "Receiver",
                    width=104,
                    tone=lambda one: "note" if one.own else "",
                ),
                Column[ServiceDetail](
                    self.tr("Use cases"),
                    lambda one: str(len(one.use_cases)) if one.use_cases else "",
                    width=96,
                    right=True,
                    role="text2",
                ),
            ),
            name=self.tr("Services"),
            object_name="services",
        )
        none = EmptyState("search", self.tr("No service fits"), self.tr("Fewer letters find more."))
        self._lists = QStackedWidget()
        self._lists.addWidget(self._table)
        self._lists.addWidget(none)
        left = Area(role="surface")
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(0, 0, 0, 0)
        left_column.setSpacing(0)
        left_column.addWidget(head)
        left_column.addWidget(self._lists, 1)
        self._side = Area(role="canvas")
        self._side_column = QVBoxLayout(self._side)
        self._side_column.setContentsMargins(0, 0, 0, 0)
        self._side_column.setSpacing(0)
        self._split = splitter(left, self._side)
        self._split.setStretchFactor(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        self._table.chosen.connect(self._on_chosen)
        self._search.searched.connect(self._on_searched)

    # what the window asks of a panel

    def facts(self) -> dict[str, bool]:
        """Nothing here decides about actions."""
        return {}

    def shown(self) -> None:
        """Read the directory."""
        self._context.bridge.submit(self._context.session.services(), self._on_services)

    def on_event(self, event: SessionEvent) -> None:
        """Nothing that happens changes the directory."""

    def choose(self, id: str) -> None:
        """Show one service."""
        self._wanted = id
        self.shown()

    # the list

    def _on_services(self, services: tuple[ServiceDetail, ...] | None, error: BaseException | None) -> None:
        if services is None:
            if error is not None:
                self._context.go.failed(error)
            return
        self._all = services
        self._on_searched(self._search.text())

    def _on_searched(self, typed: str) -> None:
        words = typed.lower().split()
        found = [one for one in self._all if all(word in _haystack(one) for word in words)]
        self._table.show_rows(found)
        self._lists.setCurrentIndex(0 if found else 1)
        self._count.setText(str(len(found)))
        wanted = self._wanted or (self._current.id if self._current is not None else "")
        self._wanted = ""
        place = next((n for n, one in enumerate(found) if one.id == wanted), 0)
        self._table.choose(place)
        if found:
            self._on_chosen(found[place])

    def _on_chosen(self, service: ServiceDetail) -> None:
        if self._current is None or service.id != self._current.id:
            self._check, self._problem = None, None
        self._current = service
        self._draw()

    # the chosen service

    def _draw(self) -> None:
        clear(self._side_column)
        service = self._current
        if service is None:
            return
        self._side_column.addWidget(HeadBar(service.name, role="canvas"))
        cards: list[object] = [self._facts(service)]
        if self._problem is not None:
            cards.append(Banner("error", *self._problem))
        if self._check is not None and self._check.service == service.id:
            cards.append(self._answers(self._check))
        if service.use_cases:
            cases = [Label(name, role="text2", wrap=True) for name in service.use_cases]
            title = Label(self.tr("Use cases it takes"), weight=600)
            cards.append(Card(column(title, *cases, margins=(16, 12, 16, 12), spacing=5)))
        inner = QWidget()
        inner.setLayout(column(*cards, None, margins=(12, 12, 12, 12), spacing=12))
        self._side_column.addWidget(scroll_area(inner, role="canvas"), 1)

    def _facts(self, service: ServiceDetail) -> Card:
        rows = [
            (self.tr("Value"), service.value),
            (self.tr("System"), service.system),
            (self.tr("Organisation"), f"{service.organisation} ({service.ods_code})"),
            (self.tr("Environments"), service.environments or self.tr("not stated")),
            (self.tr("Served at"), service.address or self.tr("not known here")),
        ]
        ask = button(
            self.tr("Asking...") if self._asking else self.tr("Check now"),
            self._on_check,
            icon="refresh",
            name="check-service",
        )
        ask.setEnabled(not self._asking)
        compose = button(self.tr("Compose for it"), self._on_compose, icon="compose", name="compose-for-service")
        compose.setVisible(not service.own)
        ask.setVisible(not service.own)
        items: list[object] = [
            Label(self.tr("Target identifier and address"), weight=600),
            facts_grid(rows, label_width=92),
        ]
        if service.notes:
            items += [separator(), Label(service.notes, role="text2", wrap=True)]
        items.append(row(ask, compose, None))
        return Card(column(*items, margins=(16, 12, 16, 12), spacing=10))

    def _answers(self, check: ServiceCheck) -> Card:
        items: list[object] = [Label(self.tr("What it says about itself"), weight=600)]
        for tone, label, answer in check.rows:
            words = column(Label(label, step="caption", role="text3"), Label(answer, wrap=True), spacing=1)
            items.append(row((Pic(tone.value, 16, tone=tone.value), 0), (words, 1), spacing=8))
        items.append(row(button(self.tr("Open in the timeline"), self._on_open, kind="link", name="open-check"), None))
        return Card(column(*items, margins=(16, 12, 16, 10), spacing=8))

    def _on_check(self) -> None:
        if self._current is not None:
            self._asking, self._problem = True, None
            self._draw()
            self._context.bridge.submit(self._context.session.check_service(self._current.id), self._on_checked)

    def _on_checked(self, check: ServiceCheck | None, error: BaseException | None) -> None:
        self._asking = False
        if check is not None:
            self._check = check
        elif error is not None:
            sentence = getattr(error, "sentence", "")
            if sentence:
                self._problem = (sentence, getattr(error, "next_step", ""))
            else:
                self._context.go.failed(error)
        self._draw()

    def _on_open(self) -> None:
        if self._check is not None:
            self._context.go.open_conversation(self._check.exchange, self._check.exchange)

    def _on_compose(self) -> None:
        self._context.bridge.submit(self._context.session.offer(), self._on_offer)

    def _on_offer(self, offer: ComposeOffer | None, error: BaseException | None) -> None:
        service = self._current
        if offer is None or service is None:
            if error is not None:
                self._context.go.failed(error)
            return
        fitting = (one.id for one in offer.messages if not service.use_cases or one.group in service.use_cases)
        message = next(fitting, offer.messages[0].id)
        draft = self._context.session.new_draft(message, service.id, offer.patients[0].id)
        self._context.bridge.submit(draft, self._on_draft)

    def _on_draft(self, draft: DraftView | None, error: BaseException | None) -> None:
        if draft is not None:
            self._context.go.open_draft(draft)
        elif error is not None:
            self._context.go.failed(error)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() / em() < NARROW_EM
        self._table.hide_columns((ORGANISATION, USE_CASES) if self.width() / em() < TINY_EM else ())
        self._split.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        if narrow:
            self._split.setSizes([self.height() - scaled(280), scaled(280)])
        else:
            self._split.setSizes([max(1, self.width() - scaled(400)), scaled(400)])


def _haystack(service: ServiceDetail) -> str:
    parts = (service.name, service.value, service.organisation, service.ods_code, service.notes, *service.use_cases)
    return " ".join(parts).lower()


PANEL = PanelSpec(PanelId.SERVICES, "Services", "services", ServicesPanel)
