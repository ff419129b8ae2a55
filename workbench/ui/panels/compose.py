"""Compose: what, to whom, about whom; the source with its findings; the headers that go with it; Send.

Turns gestures into calls on the session; every judgement comes from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.session.events import PackagesChanged, SessionEvent, StatusChanged
from workbench.session.views import Tone
from workbench.ui.actions import ActionId
from workbench.ui.context import PanelContext, PanelId, PanelSpec
from workbench.ui.panels.compose_bar import SendBar
from workbench.ui.panels.compose_findings import FindingsView
from workbench.ui.panels.compose_headers import HeadersView
from workbench.ui.panels.compose_noise import NoiseDesk
from workbench.ui.panels.compose_source import SourceView
from workbench.ui.shell.send_watch import SendWatch
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import EmptyState, splitter

if TYPE_CHECKING:
    from concurrent.futures import Future

    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent

    from workbench.messages import Finding, Layer
    from workbench.session.repairing import Repaired
    from workbench.session.views import ComposeOffer, DraftVerdict, DraftView, SendResult

QUIET_MS = 120
"""A pause in typing of this length asks for a verdict; the newest text wins."""
SAVE_MS = 800
FINDINGS = 172
"""Design pixels that the findings get at first."""
FINDINGS_SHARE = 0.26
"""The part of the panel's height that they get at most in a low window."""
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
        self._watch = SendWatch(context, self._on_watch, self._on_sent, self)
        self._asked_of = ""
        """The text that a repair or a conversion was asked for."""
        self._bar = SendBar(context.actions)
        self._source = SourceView(context.actions)
        self._findings = FindingsView(context.actions)
        self._noise = NoiseDesk(context, self)
        self._headers = HeadersView()
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
        self._save_soon = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._save_soon.timeout.connect(self._save)
        self._bar.message_picked.connect(self._on_message)
        self._bar.service_picked.connect(self._on_address)
        self._bar.patient_picked.connect(self._on_address)
        self._source.edited.connect(self._on_edited)
        self._source.syntax_chosen.connect(self._on_syntax)
        self._source.fix_asked.connect(self._on_fix_number)
        self._source.headers_toggled.connect(self._on_headers_toggled)
        self._headers.value_wanted.connect(self._on_header_value)
        self._headers.absence_wanted.connect(self._on_header_absent)
        self._headers.restore_wanted.connect(self._on_header_restored)
        self._findings.chosen.connect(self._on_finding)
        self._findings.fix_asked.connect(self._fix)
        self._findings.help_asked.connect(self._show_rule)
        self._findings.switched.connect(self._noise.switch)
        self._findings.silenced_asked.connect(self._noise.review)
        self._noise.layers_changed.connect(self._on_layers)
        self._noise.silences_changed.connect(self._judge)
        for id, slot in (
            (ActionId.SEND, self._send),
            (ActionId.NEXT_FINDING, self._findings.next),
            (ActionId.FIX_FINDING, self._fix_current),
            (ActionId.FIX_ALL, self._fix_all),
            (ActionId.RULE_HELP, self._show_current_rule),
            (ActionId.SILENCE, self._silence_current),
            (ActionId.FIND, self._source.start_search),
        ):
            context.actions[id].triggered.connect(slot)
        self._first = True

    # what the window asks of a panel

    def facts(self) -> dict[str, bool]:
        """Its share of the context of actions."""
        return {
            "draft": self._draft is not None,
            "finding": self._findings.any(),
            "fixable": bool(self._findings.certain()),
            "service": self._draft is not None and bool(self._draft.service),
            "running": self._watch.busy,
        }

    def shown(self) -> None:
        """Fill the pickers the first time, and take up the draft that was worked on last."""
        status = self._context.status()
        self._bar.production(status is not None and status.environment.production)
        if self._first:
            self._first = False
            self._context.bridge.submit(self._context.session.offer(), self._on_offer)
            self._noise.load()
            if self._draft is None:
                self._context.bridge.submit(self._context.session.last_draft(), self._on_last)

    def on_event(self, event: SessionEvent) -> None:
        """A changed environment or identity changes the offer and the headers; other packages change the verdict."""
        self._watch.on_event(event)
        if isinstance(event, PackagesChanged) and self._draft is not None and not self._quiet.isActive():
            self._quiet.start()
        if isinstance(event, StatusChanged):
            self._bar.production(event.status.environment.production)
            if self._draft is not None and not self._quiet.isActive():
                self._quiet.start()

    # the draft

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
        if wanted:
            self._context.bridge.submit(self._context.session.offer(wanted), self._on_narrowed)

    def _on_narrowed(self, offer: ComposeOffer | None, error: BaseException | None) -> None:
        """What takes the chosen message is known: compose it for the service that is chosen, or the first that fits."""
        if offer is None:
            self._fail(error)
            return
        self._bar.show_offer(offer)
        wanted = self._bar.chosen()
        if wanted is not None:
            self._context.bridge.submit(self._context.session.new_draft(*wanted), self._on_draft)

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

    def _show(self, draft: DraftView) -> None:
        self._draft = draft
        self._verdict = None
        self._pages.setCurrentWidget(self._work)
        self._bar.show_draft(draft)
        self._noise.show_service(draft.service, self._bar.service_name() or draft.service)
        self._source.show_text(draft.text, draft.syntax)
        self._findings.waiting()
        self._judge()
        self._context.go.context_changed()

    def _on_edited(self) -> None:
        self._give_up()
        self._quiet.start()
        self._save_soon.start()

    def _save(self) -> None:
        if self._draft is not None:
            saved = self._context.session.save_draft(self._draft.id, self._source.text())
            self._context.bridge.submit(saved, self._on_saved)

    def _on_saved(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
        else:
            self._source.saved()

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
        self._findings.show_verdict(verdict, self._bar.service_name())
        self._noise.show_service(self._draft.service, self._bar.service_name() or self._draft.service)
        self._headers.show_headers(verdict.headers, verdict.choices)
        self._source.show_message(verdict.message, verdict.summary, too_large=verdict.too_large)
        self._mark()

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

    def _on_header_value(self, name: str, written: str) -> None:
        if self._draft is not None:
            changed = self._context.session.change_header(self._draft.id, name, written)
            self._context.bridge.submit(changed, self._on_header)

    def _on_header_absent(self, name: str) -> None:
        if self._draft is not None:
            self._context.bridge.submit(self._context.session.leave_out_header(self._draft.id, name), self._on_header)

    def _on_header_restored(self, name: str) -> None:
        if self._draft is not None:
            self._context.bridge.submit(self._context.session.restore_header(self._draft.id, name), self._on_header)

    def _on_header(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
        else:
            self._judge()

    def _on_fix_number(self, number: int) -> None:
        finding = self._source.finding(number)
        if finding is not None:
            self._fix(finding)

    def _fix_current(self) -> None:
        finding = self._findings.current()
        if finding is not None:
            self._fix(finding)

    def _fix(self, finding: Finding) -> None:
        if finding.fix is None:
            return
        self._asked_of = self._source.text()
        self._context.bridge.submit(self._context.session.apply_fix(self._asked_of, finding), self._on_text)

    def _fix_all(self) -> None:
        """Apply every certain repair of what is shown, as one step that undo takes back."""
        certain = self._findings.certain()
        if self._draft is not None and certain:
            self._asked_of = self._source.text()
            fixed = self._context.session.apply_fixes(self._draft.id, self._asked_of, certain)
            self._context.bridge.submit(fixed, self._on_fixed)

    def _on_fixed(self, fixed: Repaired | None, error: BaseException | None) -> None:
        if fixed is None:
            self._fail(error)
            return
        current = self._asked_of == self._source.text()
        self._on_text(fixed.text, None)
        if current:
            words = self.tr("Repairs applied: {count}. One undo takes them back.")
            self._context.go.toast(Tone.OK, words.format(count=fixed.applied))

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

    def _on_syntax(self, syntax: str) -> None:
        self._asked_of = self._source.text()
        self._context.bridge.submit(self._context.session.convert(self._asked_of, syntax), self._on_converted)

    def _on_converted(self, text: str | None, error: BaseException | None) -> None:
        current = self._asked_of == self._source.text()
        self._on_text(text, error)
        if text is not None and current:
            self._source.now_in("xml" if text.lstrip()[:1] == "<" else "json")
        else:
            self._source.now_in(self._source.syntax())

    def _on_text(self, text: str | None, error: BaseException | None) -> None:
        if text is None:
            self._fail(error)
        elif self._asked_of == self._source.text():  # what was typed meanwhile is worth more than the answer
            self._source.replace_text(text)
            self._judge()

    # sending

    def _send(self) -> None:
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
        """The draft stays; the toast of the watch says what became of it."""

    def _on_watch(self) -> None:
        self._bar.busy(self._watch.busy)
        self._context.go.context_changed()

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)

    # size

    def _on_headers_toggled(self, shown: bool) -> None:
        self._headers.setVisible(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width() / em(self)
        narrow = width < 55
        self._bar.set_narrow(narrow)
        self._findings.set_narrow(narrow)
        self._source.set_narrow(narrow)
        if not self._source.headers_wanted():
            self._headers.setVisible(not narrow)
        self._headers.setMinimumWidth(scaled(300))
        self._headers.setMaximumWidth(scaled(440))
        self._source.set_low(self.height() / em(self) < LOW_EM)
        if self._laid_out:
            most = round(self.height() * FINDINGS_SHARE)
            _shares(self._work, min(self._work.sizes()[1] or scaled(FINDINGS), most))

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed last: the window may be closing."""
        super().hideEvent(event)
        if self._save_soon.isActive():
            self._save_soon.stop()
            self._save()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._laid_out:
            self._laid_out = True
            _shares(self._middle, scaled(332))
            _shares(self._work, scaled(FINDINGS))


def _shares(divided: QSplitter, last: int) -> None:
    """Give the last part its natural size and the rest to the first."""
    whole = sum(divided.sizes())
    divided.setSizes([max(1, whole - last), last])


PANEL = PanelSpec(PanelId.COMPOSE, "Compose", "compose", ComposePanel)
