"""Every call of the interface: chosen, its form filled in, what would be sent shown with its findings, its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.session.call_views import CallAnswer, CallForm, CallOffer, CallOrder, CallPreview
from workbench.session.views import Choice, DraftView, ServiceDetail
from workbench.ui.panels.services_answers import AnswerView
from workbench.ui.panels.services_form import CallFormView
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import (
    Area,
    Banner,
    Busy,
    Card,
    Combo,
    Field,
    Label,
    Pic,
    Picker,
    button,
    clear,
    column,
    holder,
    row,
    scroll_area,
    splitter,
)

if TYPE_CHECKING:
    from concurrent.futures import Future
    from typing import Any

    from PySide6.QtGui import QResizeEvent

    from workbench.session.call_views import FoundRow, SlotRow
    from workbench.ui.context import PanelContext

NARROW_EM = 70
PAUSE_MS = 250
FORM = 400
"""Design pixels of the form beside the answer."""
FIRST = "slot-search"
_READS = {
    "Appointment": "appointment-read",
    "ServiceRequest": "service-request-read",
    "DocumentReference": "pointer-read",
    "Organization": "organization-read",
    "HealthcareService": "healthcare-service-read",
    "Endpoint": "endpoint-read",
}


class CallsPage(QWidget):
    """The page."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._services: tuple[ServiceDetail, ...] = ()
        self._offer: CallOffer | None = None
        self._form: CallForm | None = None
        self._id = ""
        """An id that the next form is to have."""
        self._wanted: CallOrder | None = None
        """A whole call that the next form is to have, and the one whose form was asked for."""
        self._begun: CallOrder | None = None
        self._left_out: tuple[str, ...] = ()
        """What of a call of another tool was not taken over; said until another call is chosen."""
        self._bare = False
        """Whether the form is shown unmasked, as a person confirmed; until another one is chosen."""
        self._working: Future[Any] | None = None
        self.preview: CallPreview | None = None
        self.answer: CallAnswer | None = None
        self._call = Picker(self.tr("Call"), "send", self.tr("Choose a call"))
        self._call.setObjectName("pick-call")
        self._to = Picker(self.tr("To service"), "building", self.tr("Choose a service"))
        self._to.setObjectName("pick-call-service")
        self._api = Combo()
        self._api.setObjectName("call-version")
        self._patient = Combo()
        self._patient.setObjectName("call-patient")
        self._view = CallFormView(context)
        top = row(
            (Field(self.tr("Version of the interface"), self._api), 1),
            (Field(self.tr("Patient to fill in"), self._patient), 1),
            spacing=12,
        )
        inner = QWidget()
        inner.setLayout(column(self._call, self._to, top, self._view, None, margins=(16, 12, 16, 16), spacing=12))
        left = Area(role="canvas")
        left.setLayout(column((scroll_area(inner, role="canvas"), 1)))
        self._send = button(self.tr("Send"), self._on_send, kind="primary", icon="send", name="send-call")
        self._line = Label("", wrap=True, mono=True, breaks_anywhere=True)
        self._line.setObjectName("call-line")
        self._line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._details = QVBoxLayout()
        self._details.setContentsMargins(0, 0, 0, 0)
        self._details.setSpacing(scaled(6))
        self._busy = Busy()
        self._busy.hide()
        self._busy.stopped.connect(self._on_stop)
        card = Card(
            column(
                row((self._line, 1), (self._send, 0, Qt.AlignmentFlag.AlignTop), spacing=12),
                self._busy,
                self._details,
                margins=(16, 12, 16, 12),
                spacing=8,
            )
        )
        self._answer = AnswerView(context)
        self._answer.hide()
        shown = QWidget()
        shown.setLayout(column(card, None, margins=(12, 12, 12, 12)))
        above = scroll_area(shown, role="canvas")
        self._right = splitter(above, self._answer)
        self._right.setOrientation(Qt.Orientation.Vertical)
        self._split = splitter(left, self._right)
        self._split.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._preview)
        self._call.picked.connect(self._on_call)
        self._to.picked.connect(self._on_service)
        self._api.chosen.connect(self._on_version)
        self._patient.chosen.connect(self._on_filled)
        self._view.changed.connect(self._pause.start)
        self._answer.book_wanted.connect(self._on_book)
        self._answer.direct_wanted.connect(self._on_book_directly)
        self._answer.open_wanted.connect(self._on_open)
        self._answer.cancel_wanted.connect(self._on_cancel)
        self._answer.timeline_wanted.connect(self._on_timeline)
        self._view.masked.unmask_wanted.connect(self._on_unmask)
        self._answer.masked.unmask_wanted.connect(self._on_unmask_answer)

    # what can be called

    def shown(self) -> None:
        """Read services and calls; what was filled in stays."""
        self._context.bridge.submit(self._context.session.services(), self._on_services)

    def choose_service(self, service: str) -> None:
        """Call this service from now on."""
        self._to.choose(service)
        self._form = None

    def fill_in(self, order: CallOrder, left_out: tuple[str, ...]) -> None:
        """Show a call that was made elsewhere, with what of it was not taken over."""
        self._wanted = order
        self._left_out = left_out
        self.shown()

    def _on_services(self, services: tuple[ServiceDetail, ...] | None, error: BaseException | None) -> None:
        if services is None:
            self._failed(error)
            return
        self._services = tuple(one for one in services if not one.own)
        self._to.show_choices(
            [Choice(one.id, one.name, f"{one.system}|{one.value}", one.organisation) for one in self._services]
        )
        if not self._to.current() and self._services:
            self._to.choose(self._services[0].id)
        if self._wanted is not None:
            self._ask(self._wanted.api, self._wanted.operation)
            return
        self._ask(self._api.value() if self._offer is not None else "")

    def _ask(self, api: str, wanted: str = "") -> None:
        self._context.bridge.submit(self._context.session.calls.offer(api, wanted), self._on_offer)

    def _on_offer(self, offer: CallOffer | None, error: BaseException | None) -> None:
        if offer is None:
            self._failed(error)
            return
        changed = self._offer is None or offer.api != self._offer.api
        self._offer = offer
        self._api.show_choices([(one, one) for one in offer.versions], offer.api)
        self._patient.show_choices(offer.patients)
        calls = [Choice(one.id, one.title, f"{one.method} {one.path}", one.group) for one in offer.calls]
        self._call.show_choices(calls)
        if self._wanted is not None:
            if self._wanted is self._begun:
                return  # its form is on the way
            self._begun = self._wanted
            self._to.choose(self._wanted.service)
            self._call.choose(self._wanted.operation)
            self._form = None
        if self._call.current() not in {one.id for one in offer.calls}:
            self._call.choose(FIRST)
            changed = True
        if changed or self._form is None:
            self._fill()
        else:
            self._preview()

    def _fill(self) -> None:
        if self._offer is None or not self._to.current():
            return
        form = self._context.session.calls.form(
            self._call.current(), self._to.current(), self._offer.api, self._patient.value(), unmasked=self._bare
        )
        self._context.bridge.submit(form, self._on_form)

    def _on_form(self, form: CallForm | None, error: BaseException | None) -> None:
        if form is None:
            self._failed(error)
            return
        self._form = form
        self._view.show_form(form)
        if self._wanted is not None and self._wanted.operation == form.call.id:
            for key, value in self._wanted.values:
                self._view.set_value(key, value)
            if form.has_body:
                self._view.set_body(self._wanted.body)
            self._wanted = None
        send = bool(self._id)
        if self._id:
            self._view.set_value("id", self._id)
            self._id = ""
        self._pause.stop()
        self._preview()
        if send:
            self._on_send()

    def _on_call(self, _: str) -> None:
        self._left_out = ()
        self._bare = False
        self._fill()

    def _on_service(self, _: str) -> None:
        self._fill()

    def _on_filled(self, _: str) -> None:
        self._bare = False
        self._fill()

    # people masked or not

    def show_anew(self) -> None:
        """Show form and answer as they are to be shown now that people are masked, or no longer."""
        self._bare, self._left_out = False, ()
        self._recall()
        if self.answer is not None:
            self._ask_answer(self.answer, unmasked=False)

    def _recall(self) -> None:
        if (order := self._order()) is not None:
            recalled = self._context.session.calls.recalled(order, unmasked=self._bare)
            self._context.bridge.submit(recalled, self._on_order)

    def _on_unmask(self) -> None:
        self._bare = True
        self._recall()

    def _on_unmask_answer(self) -> None:
        if self.answer is not None:
            self._ask_answer(self.answer, unmasked=True)

    def _ask_answer(self, answer: CallAnswer, *, unmasked: bool) -> None:
        asked = self._context.session.calls.answer(answer.order, answer.result.exchange, unmasked=unmasked)
        self._context.bridge.submit(asked, self._on_answer_again)

    def _on_answer_again(self, answer: CallAnswer | None, error: BaseException | None) -> None:
        if answer is None:
            self._failed(error)
        elif self.answer is not None and self.answer.result.exchange == answer.result.exchange:
            self.answer = answer
            self._answer.show_answer(answer)

    def _on_version(self, api: str) -> None:
        self._form = None
        self._ask(api)

    # what would be sent

    def _order(self) -> CallOrder | None:
        if self._form is None:
            return None
        return CallOrder(self._form.call.id, self._to.current(), self._form.api, self._view.values(), self._view.body())

    def _preview(self) -> None:
        if (order := self._order()) is not None:
            self._context.bridge.submit(self._context.session.calls.preview(order), self._on_preview)

    def _on_preview(self, preview: CallPreview | None, error: BaseException | None) -> None:
        clear(self._details)
        self.preview = preview
        self._send.setEnabled(preview is not None and not preview.reason and self._working is None)
        if preview is None:
            self._line.setText("")
            sentence = getattr(error, "sentence", "")
            if sentence:
                self._details.addWidget(Banner("note", sentence, getattr(error, "next_step", "")))
            else:
                self._failed(error)
            return
        self._line.setText(f"{preview.method} {preview.url}")
        if preview.reason:
            self._details.addWidget(Banner("warning", preview.reason))
        if self._left_out:
            self._details.addWidget(Banner("note", self.tr("Not taken over"), " ".join(self._left_out)))
        for finding in preview.findings:
            tone = {"fatal": "error", "information": "note"}.get(finding.severity.value, finding.severity.value)
            words = Label(f"{finding.text} ({finding.rule})", wrap=True, breaks_anywhere=True)
            self._details.addWidget(holder(row((Pic(tone, 16, tone=tone), 0), (words, 1), spacing=8)))
        if not preview.findings:
            words = Label(self.tr("Nothing is wrong with headers and parameters."), role="text2", wrap=True)
            self._details.addWidget(holder(row((Pic("ok", 16, tone="ok"), 0), (words, 1), spacing=8)))
        if preview.body_findings:
            said = self.tr("{n} findings on what is sent; Compose shows them.").format(n=preview.body_findings)
            self._details.addWidget(Label(said, role="text2", wrap=True))
        for header in preview.headers:
            name = Label(header.name, step="caption", role="text3")
            name.setMinimumWidth(scaled(190))
            shown = ", ".join(value for _, value in header.rows) or header.value
            self._details.addWidget(
                holder(row((name, 0), (Label(shown, wrap=True, breaks_anywhere=True), 1), spacing=12))
            )

    # sending

    def _on_send(self) -> None:
        order = self._order()
        if order is None or self._working is not None:
            return
        status = self._context.status()
        changes = self._form is not None and self._form.call.method != "GET"
        if status is not None and status.environment.production and changes:
            host = self._context.go.confirm_host(status.environment.host, self._to_name())
            if not host:
                return
            order = CallOrder(order.operation, order.service, order.api, order.values, order.body, host)
        self._send.setEnabled(False)
        self._busy.start(self.tr("Calling {service}").format(service=self._to_name()))
        self._working = self._context.bridge.submit(self._context.session.make_call(order), self._on_answer)

    def _on_stop(self) -> None:
        if self._working is not None:
            self._working.cancel()
            self._working = None
            self._busy.finish()
            self._send.setEnabled(self.preview is not None and not self.preview.reason)

    def _on_answer(self, answer: CallAnswer | None, error: BaseException | None) -> None:
        self._working = None
        self._busy.finish()
        self._send.setEnabled(self.preview is not None and not self.preview.reason)
        if answer is None:
            self._failed(error)
            return
        self.answer = answer
        self._answer.show_answer(answer)
        if not self._answer.isVisible():
            self._answer.show()
            if self._split.orientation() is Qt.Orientation.Vertical:  # the answer needs more room than the form now
                self._split.setSizes([self.height() // 4, self.height() * 3 // 4])
            self._right.setSizes([self._right.height() // 3, self._right.height() * 2 // 3])

    def _to_name(self) -> str:
        return next((one.name for one in self._services if one.id == self._to.current()), "")

    # what follows from an answer

    def _on_timeline(self) -> None:
        if self.answer is not None:
            self._context.go.open_conversation(self.answer.result.exchange, self.answer.result.exchange)

    def _on_book(self, slot: SlotRow) -> None:
        if self.answer is not None:
            exchange = self.answer.result.exchange
            booking = self._context.session.calls.book(exchange, slot.id, self._patient.value())
            self._context.bridge.submit(booking, self._on_draft)

    def _on_book_directly(self, slot: SlotRow) -> None:
        if self.answer is not None:
            made = self._context.session.calls.book_directly(self.answer.order, slot, self._patient.value())
            self._context.bridge.submit(made, self._on_order)

    def _on_order(self, order: CallOrder | None, error: BaseException | None) -> None:
        if order is not None:
            self.fill_in(order, ())
        else:
            self._failed(error)

    def _on_cancel(self, found: FoundRow) -> None:
        self._context.bridge.submit(self._context.session.calls.cancel(found.kind, found.id), self._on_draft)

    def _on_draft(self, draft: DraftView | None, error: BaseException | None) -> None:
        if draft is not None:
            self._context.go.open_draft(draft)
        else:
            self._failed(error)

    def _on_open(self, found: FoundRow) -> None:
        """Read what was found by its id; what a pointer leads to is read from the service that holds it."""
        kind, self._id = found.leads_to or (found.kind, found.id)
        keeper = next((one for one in self._services if found.target and one.target == found.target), None)
        if keeper is not None:
            self._to.choose(keeper.id)
        self._call.choose(_READS.get(kind, FIRST))
        self._fill()

    def _failed(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() / em() < NARROW_EM
        self._split.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        if narrow:
            self._split.setSizes([self.height() // 2, self.height() // 2])
        else:
            self._split.setSizes([scaled(FORM), max(1, self.width() - scaled(FORM))])
