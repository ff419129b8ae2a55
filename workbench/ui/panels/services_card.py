"""The chosen service of the directory: its facts, what it says about itself, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.session.views import ServiceCheck, ServiceDetail, Tone
from workbench.ui.widgets import (
    Area,
    Banner,
    Card,
    Chip,
    HeadBar,
    Label,
    Pic,
    button,
    clear,
    column,
    facts_grid,
    row,
    scroll_area,
    separator,
    tool,
)

if TYPE_CHECKING:
    from workbench.ui.context import PanelContext

LONGEST_WORD = 36
"""Characters; an answer with a longer word (an address) breaks anywhere, so that it never widens the card."""


class ServiceSide(Area):
    """The cards. `changed` tells that the directory is to be read again."""

    changed = Signal()
    edit_wanted = Signal()
    compose_wanted = Signal()
    calls_wanted = Signal(str)

    def __init__(self, context: PanelContext) -> None:
        super().__init__(role="canvas")
        self._context = context
        self._service: ServiceDetail | None = None
        self.check: ServiceCheck | None = None
        self.found: ServiceCheck | None = None
        self._asking = ""
        self._problem: tuple[str, str] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_service(self, service: ServiceDetail) -> None:
        """Show a service; what was answered stays as long as it is the same one."""
        if self._service is None or service.id != self._service.id:
            self.check, self.found, self._problem = None, None, None
        self._service = service
        self._draw()

    def _draw(self) -> None:
        clear(self._column)
        service = self._service
        if service is None:
            return
        star = tool(
            self.tr("No longer a favourite") if service.entry.favourite else self.tr("Make it a favourite"),
            "star",
            self._on_star,
            icon_only=True,
            checkable=True,
            name="favourite",
        )
        star.setChecked(service.entry.favourite)
        edit = tool(self.tr("Edit"), "edit", self.edit_wanted.emit, icon_only=True, name="edit-service")
        self._column.addWidget(HeadBar(service.name, star, edit, role="canvas"))
        cards: list[object] = [self._facts(service)]
        if self._problem is not None:
            cards.append(Banner("error", *self._problem))
        if self.check is not None:
            cards.append(self._answers(self.tr("What it says about itself"), self.check, "open-check"))
        if not service.own:
            cards.append(self._catalogue())
        if service.use_cases:
            cases = [Label(name, role="text2", wrap=True) for name in service.use_cases]
            title = Label(self.tr("Use cases it takes"), weight=600)
            cards.append(Card(column(title, *cases, margins=(16, 12, 16, 12), spacing=5)))
        inner = QWidget()
        inner.setLayout(column(*cards, None, margins=(12, 12, 12, 12), spacing=12))
        self._column.addWidget(scroll_area(inner, role="canvas"), 1)

    def _facts(self, service: ServiceDetail) -> Card:
        rows = [
            (self.tr("Value"), service.value),
            (self.tr("System"), service.system),
            (self.tr("Organisation"), f"{service.organisation} ({service.ods_code})"),
            (self.tr("Environments"), service.environments or self.tr("not stated")),
            (self.tr("Served at"), service.address or self.tr("not known here")),
        ]
        if service.entry.tags:
            rows.append((self.tr("Tags"), ", ".join(service.entry.tags)))
        copy = button(self.tr("Copy as header"), self._on_copy, kind="link", name="copy-target")
        items: list[object] = [
            row(Label(self.tr("Target identifier"), weight=600), None, copy),
            facts_grid(rows, label_width=92),
        ]
        if service.notes:
            items += [separator(), Label(service.notes, role="text2", wrap=True)]
        if not service.own:
            items += [separator(), *self._asked(service)]
        return Card(column(*items, margins=(16, 12, 16, 12), spacing=10))

    def _asked(self, service: ServiceDetail) -> list[object]:
        """What it last said, and the ways on."""
        words = self.tr("Asking...") if self._asking == "check" else self.tr("Check now")
        ask = button(words, self._on_check, icon="refresh", name="check-service")
        ask.setEnabled(not self._asking)
        items: list[object] = []
        if service.seen:
            tone = service.seen_tone.value
            forget = button(self.tr("Forget it"), self._on_forget, kind="link", name="forget-offer")
            items.append(row((Pic(tone, 16, tone=tone), 0), (Label(service.seen, role="text2", wrap=True), 1), forget))
        items.append(
            row(
                ask,
                button(self.tr("Compose for it"), self.compose_wanted.emit, icon="compose", name="compose-for-service"),
                None,
            )
        )
        items.append(row(button(self.tr("Make a call"), self._on_calls, icon="send", name="call-service"), None))
        return items

    def _catalogue(self) -> Card:
        words = self.tr("Looking...") if self._asking == "catalogue" else self.tr("Look it up")
        ask = button(words, self._on_look_up, icon="search", name="look-up-service")
        ask.setEnabled(not self._asking)
        items: list[object] = [
            row(Label(self.tr("Endpoint catalogue"), weight=600), Chip(self.tr("preview"), "note", icon=""), None),
            row(ask, None),
        ]
        if self.found is not None:
            items += self._rows(self.found, "open-look-up")
        return Card(column(*items, margins=(16, 12, 16, 10), spacing=8))

    def _answers(self, title: str, check: ServiceCheck, name: str) -> Card:
        return Card(column(Label(title, weight=600), *self._rows(check, name), margins=(16, 12, 16, 10), spacing=8))

    def _rows(self, check: ServiceCheck, name: str) -> list[object]:
        items: list[object] = []
        for tone, label, answer in check.rows:
            long = max(len(part) for part in answer.split(" ")) > LONGEST_WORD
            said = Label(answer, wrap=True, breaks_anywhere=long)
            words = column(Label(label, step="caption", role="text3"), said, spacing=1)
            items.append(row((Pic(tone.value, 16, tone=tone.value), 0), (words, 1), spacing=8))
        slot = self._on_open if name == "open-check" else self._on_open_found
        items.append(row(button(self.tr("Open in the timeline"), slot, kind="link", name=name), None))
        return items

    def _on_copy(self) -> None:
        if self._service is not None:
            QGuiApplication.clipboard().setText(self._service.header)
            self._context.go.toast(Tone.OK, self.tr("NHSD-Target-Identifier copied"))

    def _on_star(self, on: bool) -> None:
        if self._service is not None:
            done = self._context.session.directory.set_favourite(self._service.id, on)
            self._context.bridge.submit(done, self._on_done)

    def _on_forget(self) -> None:
        if self._service is not None:
            self.check = None
            self._context.bridge.submit(self._context.session.directory.forget(self._service.id), self._on_done)

    def _on_done(self, _: None, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)
        self.changed.emit()

    def _on_calls(self) -> None:
        if self._service is not None:
            self.calls_wanted.emit(self._service.id)

    def _on_check(self) -> None:
        if self._service is not None:
            self._asking, self._problem = "check", None
            self._draw()
            self._context.bridge.submit(self._context.session.directory.check(self._service.id), self._on_checked)

    def _on_checked(self, check: ServiceCheck | None, error: BaseException | None) -> None:
        if check is not None and self._service is not None and check.service == self._service.id:
            self.check = check
        self._answered(error)

    def _on_look_up(self) -> None:
        if self._service is not None:
            self._asking, self._problem = "catalogue", None
            self._draw()
            self._context.bridge.submit(self._context.session.directory.look_up(self._service.id), self._on_found)

    def _on_found(self, found: ServiceCheck | None, error: BaseException | None) -> None:
        if found is not None and self._service is not None and found.service == self._service.id:
            self.found = found
        self._answered(error)

    def _answered(self, error: BaseException | None) -> None:
        self._asking = ""
        if error is not None:
            sentence = getattr(error, "sentence", "")
            if sentence:
                self._problem = (sentence, getattr(error, "next_step", ""))
            else:
                self._context.go.failed(error)
        self._draw()
        self.changed.emit()

    def _on_open(self) -> None:
        if self.check is not None:
            self._context.go.open_conversation(self.check.exchange, self.check.exchange)

    def _on_open_found(self) -> None:
        if self.found is not None:
            self._context.go.open_conversation(self.found.exchange, self.found.exchange)
