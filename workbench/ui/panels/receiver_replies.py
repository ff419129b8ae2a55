"""The reply to a message that was taken: which kind, with what words; opened in Compose or sent at once.

For a message that came in the workbench replies; for one that went out a person plays the party that took it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.session.replying import STATUSES, Extra
from workbench.session.views import Tone
from workbench.ui.theme import scaled
from workbench.ui.widgets import Banner, Combo, Field, Label, button, column, line, row

if TYPE_CHECKING:
    from workbench.session.views import Choice, DraftView, SendResult
    from workbench.ui.context import PanelContext


class ReplyDialog(QDialog):
    """Asks which reply; `outgoing` says that the message went out from here."""

    def __init__(self, context: PanelContext, exchange: str, parent: QWidget, *, outgoing: bool) -> None:
        super().__init__(parent)
        self.setObjectName("reply-dialog")
        self._context = context
        self._exchange = exchange
        self._choices: tuple[Choice, ...] = ()
        title = self.tr("Reply as the other party") if outgoing else self.tr("Reply")
        self.setWindowTitle(title)
        words = (
            self.tr("The party of the sandbox that took this message sends it at once, to this workbench.")
            if outgoing
            else self.tr("It goes to the source of this message, with roles swapped and in the same conversation.")
        )
        self._kind = Combo()
        self._kind.setObjectName("reply-kind")
        self._about = Label("", step="caption", role="text2", wrap=True)
        self._why = line(name="reply-why")
        self._why_field = Field(self.tr("Reason"), self._why, hint=self.tr("Empty gives the usual one."))
        self._status = Combo(tuple((status, status) for status in STATUSES), "in-progress")
        self._status.setObjectName("reply-status")
        self._status_field = Field(self.tr("How far it is"), self._status)
        self._problem = Banner("error", "")
        self._problem.hide()
        self._open = button(self.tr("Open in Compose"), self._on_open, icon="compose", name="reply-open")
        self._open.setVisible(not outgoing)
        self._send = button(self.tr("Send now"), self._on_send, kind="primary", icon="send", name="reply-send")
        leave = button(self.tr("Close"), self.reject, name="reply-close")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(20), scaled(16), scaled(20), scaled(16))
        layout.addLayout(
            column(
                Label(title, step="heading", weight=600),
                Label(words, role="text2", wrap=True),
                Field(self.tr("Reply"), self._kind),
                self._about,
                self._status_field,
                self._why_field,
                self._problem,
                None,
                row(None, leave, self._open, self._send, spacing=8),
                spacing=10,
            )
        )
        self.resize(scaled(520), scaled(360))
        self._kind.chosen.connect(self._on_kind)
        self._allow(False)
        self._on_kind("")
        context.bridge.submit(context.session.replies.offers(exchange), self._on_offers)

    def _on_offers(self, choices: tuple[Choice, ...] | None, error: BaseException | None) -> None:
        if choices is None:
            self._fail(error)
            return
        self._choices = choices
        self._kind.show_choices([(one.id, one.title) for one in choices])
        self._allow(bool(choices))
        if not choices:
            self._problem.show_notice(
                "note",
                self.tr("This message has no reply"),
                self.tr("Only a referral or validation request that was taken, and is open, is replied to."),
            )
            self._problem.show()
        self._on_kind(self._kind.value())

    def _on_kind(self, id: str) -> None:
        chosen = next((one for one in self._choices if one.id == id), None)
        self._about.setText(chosen.subtitle if chosen is not None else "")
        self._why_field.setVisible(chosen is not None and chosen.group == Extra.WHY)
        self._status_field.setVisible(chosen is not None and chosen.group == Extra.STATUS)

    def _allow(self, allowed: bool) -> None:
        self._open.setEnabled(allowed)
        self._send.setEnabled(allowed)

    def _words(self) -> dict[str, str]:
        """What is said beside the kind; fields that are not shown say nothing."""
        return {
            "why": "" if self._why_field.isHidden() else self._why.text().strip(),
            "status": "" if self._status_field.isHidden() else self._status.value(),
        }

    def _on_open(self) -> None:
        self._allow(False)
        work = self._context.session.replies.draft(self._exchange, self._kind.value(), **self._words())
        self._context.bridge.submit(work, self._on_draft)

    def _on_draft(self, draft: DraftView | None, error: BaseException | None) -> None:
        if draft is None:
            self._fail(error)
            return
        self.accept()
        self._context.go.open_draft(draft)

    def _on_send(self) -> None:
        status, host = self._context.status(), ""
        if status is not None and status.environment.production:
            host = self._context.go.confirm_host(status.environment.host, self._kind.currentText())
            if not host:
                return
        self._allow(False)
        work = self._context.session.replies.send(
            self._exchange, self._kind.value(), confirm_host=host, **self._words()
        )
        self._context.bridge.submit(work, self._on_sent)

    def _on_sent(self, result: SendResult | None, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
            return
        self.accept()
        if result is None:
            self._context.go.toast(Tone.OK, self.tr("The other party replies: it is in the timeline as it arrives."))
        else:
            self._context.go.toast(result.tone, result.text)

    def _fail(self, error: BaseException | None) -> None:
        self._allow(bool(self._choices))
        if isinstance(error, WorkbenchError):
            self._problem.show_notice("error", error.sentence, error.next_step)
            self._problem.show()
        elif error is not None:
            self._context.go.failed(error)
