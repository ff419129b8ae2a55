"""One send as it is seen at the foot of the window: what it is doing, which attempt, how long until the next, Stop.

Turns SendProgress into words; what is sent and when is decided elsewhere.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from workbench.exchange import Phase
from workbench.session.events import SendProgress
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Future

    from workbench.session.events import SessionEvent
    from workbench.session.views import SendResult
    from workbench.ui.context import PanelContext

TICK_MS = 250


class SendWatch(QObject):
    """Follows one send of a panel at a time, and says what became of it; where that is unknown it offers the retry."""

    def __init__(
        self, context: PanelContext, changed: Callable[[], None], done: Callable[[SendResult], None], parent: QObject
    ) -> None:
        """`changed` is called when a send begins or is over, `done` with what became of one."""
        super().__init__(parent)
        self._context = context
        self._changed = changed
        self._done = done
        self._title = ""
        self._call = ""
        self._last: SendProgress | None = None
        self._result: SendResult | None = None
        self._future: Future[Any] | None = None
        self._since = QElapsedTimer()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._say)

    @property
    def busy(self) -> bool:
        """Whether a send is under way."""
        return self._future is not None

    def begin(self, call: str, title: str, sending: Coroutine[Any, Any, SendResult]) -> None:
        """Have something sent and show it: `call` as its progress names it."""
        self._call, self._title, self._last = call, title, None
        self._future = self._context.bridge.submit(sending, self._on_result)
        self._changed()
        self._say()

    def on_event(self, event: SessionEvent) -> None:
        """Show what the send does now."""
        if isinstance(event, SendProgress) and event.call == self._call and self._future is not None:
            self._last = event
            self._since.start()
            if event.phase is None:
                self._tick.start()
            else:
                self._tick.stop()
            self._say()

    def _over(self) -> None:
        self._future = None
        self._tick.stop()
        self._context.go.working("")
        self._changed()

    def _on_result(self, result: SendResult | None, error: BaseException | None) -> None:
        self._over()
        if result is None:
            if error is not None:
                self._context.go.failed(error)
            return
        self._result = result
        unknown = result.tone is Tone.UNKNOWN
        action = self.tr("Retry, same ids") if unknown else self.tr("Open")
        self._context.go.toast(result.tone, result.text, action, self._retry if unknown else self._open)
        self._done(result)

    def _open(self) -> None:
        if self._result is not None:
            self._context.go.open_conversation(self._result.conversation, self._result.exchange)

    def _retry(self) -> None:
        """Send the same bytes and ids again: nobody knows whether they arrived."""
        result, host, status = self._result, "", self._context.status()
        if result is None or self.busy:
            return
        if status is not None and status.environment.production:
            host = self._context.go.confirm_host(status.environment.host, self._title)
            if not host:
                return
        self.begin(result.exchange, self._title, self._context.session.retry(result.exchange, host))

    def stop(self) -> None:
        """Give it up; the history keeps what was sent and what is known of it."""
        if self._future is None or not self._future.cancel():
            return
        words = self._stopped_words()
        self._over()
        self._context.go.toast(*words)

    def _stopped_words(self) -> tuple[Tone, str]:
        if self._last is not None and self._last.phase is None:
            return Tone.NEUTRAL, self.tr("Stopped: it is not sent again. The timeline keeps what was sent.")
        if self._last is None or self._last.phase in (Phase.RESOLVE, Phase.CONNECT, Phase.TLS):
            return Tone.NEUTRAL, self.tr("Stopped before anything was sent; the timeline keeps it.")
        return Tone.UNKNOWN, self.tr("Stopped. Whether the message arrived is not known; the timeline keeps it.")

    def _say(self) -> None:
        self._context.go.working(self.words(), self.stop)

    def words(self) -> str:
        """What is under way."""
        last = self._last
        if last is None:
            return self.tr("Sending {title}").format(title=self._title)
        if last.phase is None:
            left = max(0, math.ceil(last.wait_s - self._since.elapsed() / 1000))
            words = self.tr("{title}: attempt {number} of {of} in {left} s")
            return words.format(title=self._title, number=last.attempt, of=last.of, left=left)
        doing = {
            Phase.RESOLVE: self.tr("looking the address up"),
            Phase.CONNECT: self.tr("connecting"),
            Phase.TLS: self.tr("securing the connection"),
            Phase.SEND: self.tr("sending"),
            Phase.WAIT: self.tr("waiting for the answer"),
            Phase.RECEIVE: self.tr("reading the answer"),
        }[last.phase]
        if last.attempt == 1:
            return self.tr("{title}: {doing}").format(title=self._title, doing=doing)
        words = self.tr("{title}, attempt {number} of {of}: {doing}")
        return words.format(title=self._title, number=last.attempt, of=last.of, doing=doing)
