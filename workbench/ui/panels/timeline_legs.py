"""What can be done with the chosen leg: send it again, make a draft of it, answer it, copy it, pin it; and its menu.

Turns gestures into questions to the session; what may be sent where is decided there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from workbench.session.views import Tone
from workbench.ui.actions import ActionId
from workbench.ui.panels.receiver_replies import ReplyDialog
from workbench.ui.shell.send_watch import SendWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from workbench.session.events import SessionEvent
    from workbench.session.views import DraftView, ExchangeDetail, SendResult
    from workbench.ui.context import PanelContext

_MENU = (
    (ActionId.RETRY, ActionId.SEND_AGAIN),
    (ActionId.FORK, ActionId.REPLY, ActionId.FOLLOW_UP),
    (ActionId.COPY_CURL, ActionId.COPY_WIRE, ActionId.EXPORT_MESSAGE),
    (ActionId.BELONGS, ActionId.UNLINK, ActionId.RELEASE),
    (ActionId.PIN_LEG, ActionId.UNMASK),
)
"""The menu of a leg, with lines between the groups. Nothing in it deletes."""


class LegDesk(QObject):
    """Acts on the leg that `front` names (empty while there is none) and of which `shown` gives what is known."""

    def __init__(
        self,
        context: PanelContext,
        owner: QWidget,
        front: Callable[[], str],
        shown: Callable[[], ExchangeDetail | None],
        *,
        confirmed: Callable[[], bool],
        opened: Callable[[str, str], None],
    ) -> None:
        """`confirmed` asks whether a masked message may go elsewhere, `opened` shows a conversation with a leg."""
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._front = front
        self._shown = shown
        self._confirmed = confirmed
        self._opened = opened
        self._host = ""
        self._watch = SendWatch(context, context.go.context_changed, self._on_sent, self)
        self._menu = QMenu(owner)
        self._menu.setObjectName("leg-menu")
        self._menu.setAccessibleName(self.tr("What can be done with this message"))
        for group in _MENU:
            self._menu.addActions([context.actions[id] for id in group])
            self._menu.addSeparator()
        wanted = {
            ActionId.RETRY: self._retry,
            ActionId.SEND_AGAIN: self._send_again,
            ActionId.FORK: self._fork,
            ActionId.REPLY: self._reply,
            ActionId.COPY_CURL: self._copy_curl,
            ActionId.COPY_WIRE: self._copy_wire,
        }
        for id, slot in wanted.items():
            context.actions[id].triggered.connect(slot)

    def on_event(self, event: SessionEvent) -> None:
        """Follow what is being sent."""
        self._watch.on_event(event)

    def open_menu(self, place: QPoint) -> None:
        """Show the menu of the chosen leg at a place of the screen."""
        self._menu.popup(place)

    # sending

    def _retry(self) -> None:
        detail = self._ready_to_send()
        if detail is not None:
            again = self._context.session.retry(detail.exchange.id, self._host)
            self._watch.begin(detail.exchange.id, detail.title, again)

    def _send_again(self) -> None:
        detail = self._ready_to_send()
        if detail is not None:
            self._context.bridge.submit(self._context.session.drafts.renew(detail.exchange.id), self._on_renewed)

    def _on_renewed(self, draft: DraftView | None, error: BaseException | None) -> None:
        if draft is None:
            self._fail(error)
        elif not self._watch.busy:
            sending = self._context.session.send(draft.id, draft.text, confirm_host=self._host)
            self._watch.begin(draft.id, draft.title, sending)

    def _ready_to_send(self) -> ExchangeDetail | None:
        """The chosen leg, if it may be sent now; a production host is to be typed first."""
        detail, status = self._shown(), self._context.status()
        if detail is None or self._watch.busy:
            return None
        self._host = ""
        places = status.environments if status is not None else ()
        place = next((one for one in places if one.id == detail.exchange.environment and one.production), None)
        if place is not None:
            self._host = self._context.go.confirm_host(place.host, detail.title)
            if not self._host:
                return None
        return detail

    def _on_sent(self, result: SendResult) -> None:
        self._opened(result.conversation, result.exchange)

    # drafts and replies

    def _fork(self) -> None:
        if self._confirmed():
            self._context.bridge.submit(self._context.session.fork(self._front()), self._on_draft)

    def _on_draft(self, draft: DraftView | None, error: BaseException | None) -> None:
        if draft is None:
            self._fail(error)
        else:
            self._context.go.open_draft(draft)

    def _reply(self) -> None:
        detail = self._shown()
        if detail is not None:
            outgoing = detail.exchange.direction.value == "out"
            dialog = ReplyDialog(self._context, detail.exchange.id, self._owner, outgoing=outgoing)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    # copying

    def _copy_curl(self) -> None:
        self._context.bridge.submit(self._context.session.foreign.curl(self._front()), self._on_curl)

    def _on_curl(self, command: str | None, error: BaseException | None) -> None:
        if command is None:
            self._fail(error)
            return
        QGuiApplication.clipboard().setText(command)
        words = self.tr("Copied as a curl command for a POSIX shell. Secrets are variables to set first.")
        self._context.go.toast(Tone.OK, words)

    def _copy_wire(self) -> None:
        detail = self._shown()
        if detail is not None:
            parts = (detail.wire_request, detail.wire_response)
            QGuiApplication.clipboard().setText("\n\n".join(part for part in parts if part))

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)
