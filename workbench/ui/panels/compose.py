"""Compose: what, to whom, about whom; the source with its findings; the headers that go with it; Send.

Turns gestures into calls on the session; every judgement comes from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.headers import HeaderChoices
from workbench.session.events import PackagesChanged, SessionEvent, StatusChanged
from workbench.session.linking import FOLLOW, Follow
from workbench.ui.actions import ActionId
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.panels.compose_bar import SendBar
from workbench.ui.panels.compose_break import BreakDesk, Front
from workbench.ui.panels.compose_findings import FindingsView
from workbench.ui.panels.compose_header_desk import HeaderDesk
from workbench.ui.panels.compose_headers import HeadersView
from workbench.ui.panels.compose_keeping import Keeper
from workbench.ui.panels.compose_masking import MaskDesk
from workbench.ui.panels.compose_noise import NoiseDesk
from workbench.ui.panels.compose_repairs import RepairDesk
from workbench.ui.panels.compose_templates import TemplateDesk
from workbench.ui.panels.compose_views import DraftViews
from workbench.ui.shell.send_watch import SendWatch
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import EmptyState, splitter

if TYPE_CHECKING:
    from concurrent.futures import Future

    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent

    from workbench.messages import Finding, Layer
    from workbench.session.views import ComposeOffer, DraftVerdict, DraftView, SendResult

QUIET_MS = 120
"""A pause in typing of this length asks for a verdict; the newest text wins."""
FINDINGS = 172
"""Design pixels that the findings get at first."""
FINDINGS_SHARE = 0.26
"""The part of the panel's height that they get at most in a low window."""
NARROW_SHARE = 0.7
"""The same where they were asked for in a narrow window."""
LOW_EM = 24
"""Ems of height below which the source does without the line that tells where the cursor stands."""


class ComposePanel(QWidget):
    """The panel; it owns the draft in front of the person."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._draft: DraftView | None = None
        self._verdict: DraftVerdict | None = None
        self._judging: Future[Any] | None = None
        """The verdict that is asked for."""
        self._laid_out = False
        self._could = (False, False)
        """What undo and redo could do when it was told last."""
        self._live = False
        """Whether a send would go to production."""
        self._watch = SendWatch(context, self._on_watch, self._on_sent, self)
        self._bar = SendBar(context.actions)
        self._masks = MaskDesk(context, self, lambda: self._draft.id if self._draft is not None else "")
        self._source = DraftViews(context, self._masks.strip)
        self._findings = FindingsView(context.actions)
        self._noise = NoiseDesk(context, self)
        self._breaks = BreakDesk(context, self._bar.breaks, self._front)
        self._templates = TemplateDesk(context, self._bar.templates, self._front)
        self._headers = HeadersView()
        self._header_desk = HeaderDesk(context, self._headers, self._front)
        self._repairs = RepairDesk(context, self._source, self._findings, self._front)
        self._keeper = Keeper(context, self._front, self)
        self._empty = EmptyState(
            "compose",
            self.tr("Nothing to compose yet"),
            self.tr("Choose a message above, or open a file."),
            [(self.tr("Open a file"), context.go.choose_file, "primary")],
        )
        self._pages = QStackedWidget()
        self._middle = splitter(horizontal=True)
        self._middle.addWidget(self._source)
        self._middle.addWidget(self._headers)
        self._middle.setStretchFactor(0, 1)
        self._work = splitter(horizontal=False)
        self._work.addWidget(self._middle)
        self._work.addWidget(self._findings)
        self._work.setStretchFactor(0, 1)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._work)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar)
        layout.addWidget(self._pages, 1)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._judge)
        self._bar.message_picked.connect(self._on_message)
        self._bar.service_picked.connect(self._on_address)
        self._bar.patient_picked.connect(self._on_address)
        self._source.edited.connect(self._on_edited)
        self._source.syntax_chosen.connect(self._repairs.convert)
        self._source.fix_asked.connect(self._repairs.fix_number)
        self._source.headers_toggled.connect(self._on_headers_toggled)
        self._header_desk.changed.connect(self._judge)
        self._repairs.rewritten.connect(self._judge)
        self._keeper.kept.connect(self._source.saved)
        self._findings.chosen.connect(self._on_finding)
        self._findings.fix_asked.connect(self._repairs.fix)
        self._findings.help_asked.connect(self._show_rule)
        self._findings.switched.connect(self._noise.switch)
        self._findings.folded_changed.connect(self._on_folded)
        self._findings.silenced_asked.connect(self._noise.review)
        self._noise.layers_changed.connect(self._on_layers)
        self._noise.silences_changed.connect(self._judge)
        self._breaks.text_broken.connect(self._repairs.take)
        self._breaks.headers_broken.connect(self._judge)
        self._masks.shown.connect(self._on_shown)
        self._masks.turned.connect(self._look)
        self._templates.draft_opened.connect(self._show)
        self._templates.draft_gone.connect(self._on_gone)
        for id, slot in (
            (ActionId.SEND, self._send),
            (ActionId.NEXT_FINDING, self._findings.next),
            (ActionId.FIX_FINDING, self._repairs.fix_current),
            (ActionId.FIX_ALL, self._repairs.fix_all),
            (ActionId.RULE_HELP, self._show_current_rule),
            (ActionId.SILENCE, self._silence_current),
            (ActionId.FIND, self._source.start_search),
            (ActionId.FIND_NEXT, self._source.find_next),
            (ActionId.FIND_PREVIOUS, self._source.find_previous),
            (ActionId.REPLACE, self._source.start_replace),
            (ActionId.LAY_OUT, self._source.lay_out),
            (ActionId.UNDO, self._source.undo),
            (ActionId.REDO, self._source.redo),
        ):
            context.actions[id].triggered.connect(slot)
        self._first = True

    # what the window asks of a panel

    def facts(self) -> dict[str, bool]:
        """Its share of the context of actions."""
        return {
            "draft": self._draft is not None,
            "editable": self._draft is not None and not self._masks.masked,
            "finding": self._findings.any(),
            "fixable": bool(self._findings.certain()),
            "service": self._draft is not None and bool(self._draft.service),
            "running": self._watch.busy,
            "undoable": self._source.draft_text.can_undo and not self._masks.masked,
            "redoable": self._source.draft_text.can_redo and not self._masks.masked,
            "production": self._live,
        }

    def shown(self) -> None:
        """Fill the pickers the first time, and take up the draft that was worked on last."""
        status = self._context.status()
        self._production(status is not None and status.environment.production)
        self._masks.look()
        if self._first:
            self._first = False
            self._context.bridge.submit(self._context.session.offer(), self._on_offer)
            self._noise.load()
            if self._draft is None:
                self._context.bridge.submit(self._context.session.drafts.last(), self._on_last)

    def on_event(self, event: SessionEvent) -> None:
        """A changed environment or identity changes the offer and the headers; other packages change the verdict."""
        self._watch.on_event(event)
        if isinstance(event, PackagesChanged) and self._draft is not None and not self._quiet.isActive():
            self._quiet.start()
        if isinstance(event, StatusChanged):
            self._production(event.status.environment.production)
            if self._masks.look() and not self._first:
                self._context.bridge.submit(self._context.session.offer("", self._bar.service()), self._on_offer)
                self._look()
            if self._draft is not None and not self._quiet.isActive():
                self._quiet.start()

    def _production(self, on: bool) -> None:
        """Say what production means for the draft."""
        self._live = on
        self._bar.production(on)
        self._breaks.production(on)
        self._context.go.context_changed()

    # the draft

    def _front(self) -> Front | None:
        """The draft as it stands."""
        return Front(self._draft.id, self._source.text()) if self._draft is not None else None

    def open_draft(self, draft: DraftView) -> None:
        """Show a draft that was made elsewhere."""
        self._show(draft)

    def start(self, message: str, service: str, patient: str) -> None:
        """Begin a message; empty ids take the first that fits."""
        self._bar.choose(message, service, patient)
        self._on_message()

    def _on_offer(self, offer: ComposeOffer | None, error: BaseException | None) -> None:
        if offer is None:
            self._fail(error)
            return
        self._bar.show_offer(offer)
        if self._draft is not None:
            self._bar.show_draft(self._draft)

    def _on_last(self, draft: DraftView | None, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
        elif draft is not None and self._draft is None:
            self._show(draft)

    def _on_message(self) -> None:
        wanted = self._bar.message()
        if wanted.startswith(FOLLOW):
            _, exchange, what = wanted.split(":")
            self._context.bridge.submit(self._context.session.linking.follow(exchange, Follow(what)), self._on_followed)
        elif wanted:
            asked = self._context.session.offer(wanted, self._bar.service())
            self._context.bridge.submit(asked, self._on_narrowed)

    def _on_narrowed(self, offer: ComposeOffer | None, error: BaseException | None) -> None:
        """What takes the chosen message is known: compose it for the service that is chosen, or the first that fits."""
        if offer is None:
            self._fail(error)
            return
        self._bar.show_offer(offer)
        wanted = self._bar.chosen()
        if wanted is not None:
            self._context.bridge.submit(self._context.session.new_draft(*wanted), self._on_draft)

    def _on_followed(self, drafts: tuple[DraftView, ...] | None, error: BaseException | None) -> None:
        self._on_draft(drafts[0] if drafts else None, error)

    def _on_address(self) -> None:
        wanted = self._bar.chosen()
        if self._draft is None or wanted is None:
            self._on_message()
            return
        again = self._context.session.readdress(self._draft.id, self._source.text(), wanted[1], wanted[2])
        self._context.bridge.submit(again, self._on_draft)

    def _on_draft(self, draft: DraftView | None, error: BaseException | None) -> None:
        if draft is None:
            self._fail(error)
            return
        self._show(draft)

    def _on_gone(self) -> None:
        """The draft in front was deleted: go on with the one before, if there is one."""
        self._keeper.forget()
        self._draft = None
        self._pages.setCurrentWidget(self._empty)
        self._context.bridge.submit(self._context.session.drafts.last(), self._on_last)
        self._context.go.context_changed()

    def _show(self, draft: DraftView) -> None:
        self._keeper.save_now()
        self._draft = draft
        self._verdict = None
        self._pages.setCurrentWidget(self._work)
        self._bar.show_draft(draft)
        self._noise.show_service(draft.service, self._bar.service_name() or draft.service)
        self._source.show_masked(self._masks.masked)
        self._masks.look()
        self._source.show_draft(draft)
        self._findings.waiting()
        self._judge()
        self._context.go.context_changed()

    def _on_edited(self) -> None:
        self._give_up()
        can = (self._source.draft_text.can_undo, self._source.draft_text.can_redo)
        if can != self._could:
            self._could = can
            self._context.go.context_changed()
        self._quiet.start()
        self._keeper.typed()

    # the verdict

    def _judge(self) -> None:
        """Ask for the verdict on the text as it stands; an older question is given up."""
        self._give_up()
        if self._draft is not None:
            asked = self._context.session.validate(self._draft.id, self._source.text())
            self._judging = self._context.bridge.submit(asked, self._on_verdict)

    def _give_up(self) -> None:
        """Nobody waits for the verdict on an older text any more."""
        if self._judging is not None:
            self._judging.cancel()
            self._judging = None

    def _on_verdict(self, verdict: DraftVerdict | None, error: BaseException | None) -> None:
        if verdict is None:
            self._judging = None
            self._fail(error)
            return
        if self._draft is None or verdict.draft != self._draft.id or verdict.text != self._source.text():
            return  # it crossed with an edit or another draft, which have asked anew or are about to
        self._judging = None
        self._verdict = verdict
        self._masks.show(verdict)

    def _on_shown(self, verdict: DraftVerdict) -> None:
        """Show a verdict, in which people may be masked."""
        if self._draft is None:
            return
        masked = self._masks.masked
        self._findings.show_verdict(verdict, self._bar.service_name())
        self._noise.show_service(self._draft.service, self._bar.service_name() or self._draft.service)
        self._headers.show_headers(verdict.headers, verdict.choices, read_only=masked)
        if masked:
            self._source.show_text(verdict.text)
        self._source.show_message(verdict.message, verdict.summary, too_large=verdict.too_large)
        self._mark()

    def _look(self) -> None:
        """The draft is to be shown with its people, or without them: nothing of the other stays in sight."""
        self._masks.look()
        self._source.show_masked(self._masks.masked)
        self._findings.waiting()
        self._headers.show_headers((), HeaderChoices(), read_only=True)
        self._judge()
        self._context.go.context_changed()

    def _mark(self) -> None:
        """Mark the findings of the layers that are on."""
        self._source.show_findings(self._findings.model.on())
        self._context.go.context_changed()

    def _on_layers(self, off: frozenset[Layer]) -> None:
        self._findings.show_off(off)
        self._mark()

    def _on_finding(self, finding: Finding) -> None:
        if finding.path.startswith("headers["):
            self._headers.reveal(finding.path)
        elif finding.place is not None:
            self._source.reveal(finding.path, finding.place.line, finding.place.column)

    def _show_rule(self, finding: Finding) -> None:
        self._context.go.show_rule(finding.rule)

    def _show_current_rule(self) -> None:
        finding = self._findings.current()
        if finding is not None:
            self._show_rule(finding)

    def _silence_current(self) -> None:
        finding = self._findings.current()
        if finding is not None:
            self._noise.ask_silence(finding)

    # sending

    def _send(self) -> None:
        self._source.when_settled(self._send_now)

    def _send_now(self) -> None:
        """Send what stands in the text, now that everything from the form is in it."""
        if self._draft is None or self._watch.busy:
            return
        host = ""
        status = self._context.status()
        if status is not None and status.environment.production:
            host = self._context.go.confirm_host(status.environment.host, self._draft.title)
            if not host:
                return
        sent = self._context.session.send(self._draft.id, self._source.text(), confirm_host=host)
        self._watch.begin(self._draft.id, self._draft.title, sent)

    def _on_sent(self, _: SendResult) -> None:
        """The draft stays; the toast of the watch says what became of it, and What offers what may follow."""
        self._context.bridge.submit(self._context.session.offer("", self._bar.service()), self._on_offer)

    def _on_watch(self) -> None:
        self._bar.busy(self._watch.busy)
        self._context.go.context_changed()

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)

    # size

    def _on_headers_toggled(self, shown: bool) -> None:
        """A narrow window has room for the headers or for the rows of findings."""
        self._headers.setVisible(shown)
        if shown:
            self._findings.fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width() / em(self)
        narrow = width < 55
        self._bar.set_narrow(narrow)
        self._findings.set_narrow(narrow)
        self._source.set_narrow(narrow)
        if not self._source.headers_wanted():
            self._headers.setVisible(not narrow)
        self._headers.set_narrow(narrow)
        self._middle.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        self._source.set_low(self.height() / em(self) < LOW_EM)
        if self._laid_out and not self._findings.asked_for:
            wanted = self._work.sizes()[1] or scaled(FINDINGS)
            self._share_out(min(wanted, round(self.height() * FINDINGS_SHARE)))

    def _on_folded(self) -> None:
        """Who asks for the findings in a narrow window wants to read them."""
        if self._findings.asked_for:
            self._source.put_headers_away()
        self._share_out(round(self._work.height() * NARROW_SHARE))

    def _share_out(self, findings: int) -> None:
        """Give the findings so many pixels, as far as they take them."""
        _shares(self._work, min(findings, self._findings.maximumHeight()))

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed last, and its steps: the window may be closing, or be made anew."""
        super().hideEvent(event)
        self._keeper.save_now()
        self._source.draft_text.put_aside()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._laid_out:
            self._laid_out = True
            _shares(self._middle, scaled(348))
            self._share_out(scaled(FINDINGS))


def _shares(divided: QSplitter, last: int) -> None:
    """Give the last part its natural size and the rest to the first."""
    whole = sum(divided.sizes())
    divided.setSizes([max(1, whole - last), last])


PANEL = PanelSpec(PanelId.COMPOSE, "Compose", "compose", ComposePanel)
