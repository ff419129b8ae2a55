"""The only crossing between the window and the loop: one thread that runs asyncio, coroutines in, results out.

Results are delivered on the GUI thread, to bound methods (plain or in a `partial`) of objects that still exist. asyncio
is imported when the thread starts, after the first paint: the import alone takes a third as long as that of Qt.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine

    Done = Callable[[Any, BaseException | None], None]

CLOSING_S = 8.0
"""Seconds that closing may take before the thread is left to end with the process."""


class Bridge(QObject):
    """`events` carries what the session publishes; `idle` fires when nothing that was submitted is under way.

    `mistake` carries an exception that nobody on the loop expected.
    """

    events = Signal(object)
    mistake = Signal(object)
    idle = Signal()
    _finished = Signal(object)
    _come = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._pending: dict[Future[Any], Done] = {}
        self._published: deque[object] = deque()
        self._called = False
        """Whether the GUI thread knows already that something was published."""
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._come.connect(self._carry, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Start the loop's thread; a second call does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="io", daemon=True)
            self._thread.start()
            self._ready.wait()

    def submit(self, work: Coroutine[Any, Any, Any], on_done: Done) -> Future[Any]:
        """Run a coroutine on the loop; `on_done(value, error)` is called on the GUI thread, one of the two None.

        Nothing is called when it was cancelled through the future that is given back, or once the bridge is closed: a
        timer of the window may still fire then.
        """
        import asyncio

        if self._loop is None:
            work.close()
            if self._thread is None:
                raise AssertionError("the bridge is started before anything is submitted")
            never: Future[Any] = Future()
            never.cancel()
            return never
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        self._pending[future] = on_done
        future.add_done_callback(self._finished.emit)
        return future

    def publish(self, event: object) -> None:
        """Have `events` carry this on the GUI thread, in order; called on any thread.

        What comes until that thread has time goes with it: each call across costs a turn of the threads.
        """
        self._published.append(event)
        if not self._called:
            self._called = True
            self._come.emit()

    @Slot()
    def _carry(self) -> None:
        self._called = False  # before anything is taken: what is published from now on calls again
        left = len(self._published)
        while left and self._published:  # a slot that waits for a person lets another call carry the rest
            left -= 1
            self.events.emit(self._published.popleft())

    @property
    def pending(self) -> int:
        """How many results have not been delivered yet."""
        return len(self._pending)

    def close(self, last: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """Run one last coroutine, cancel what is left, end the thread; nothing is delivered any more."""
        import asyncio

        loop, self._loop = self._loop, None
        self._pending.clear()
        if loop is None or self._thread is None:
            return
        if last is not None:
            done = asyncio.run_coroutine_threadsafe(last(), loop)
            try:
                done.result(CLOSING_S)
            except TimeoutError:
                done.cancel()
            finally:
                self._end(loop, self._thread)
            return
        self._end(loop, self._thread)

    @staticmethod
    def _end(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(CLOSING_S)

    def _run(self) -> None:
        """The loop's thread."""
        import asyncio

        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        self._loop = loop
        loop.set_exception_handler(self._on_mistake)
        loop.call_soon(self._ready.set)
        try:
            loop.run_forever()
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            loop.close()

    def _on_mistake(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.mistake.emit(context.get("exception") or RuntimeError(str(context.get("message"))))

    @Slot(object)
    def _deliver(self, future: Future[Any]) -> None:
        import asyncio

        on_done = self._pending.pop(future, None)
        if on_done is not None and not future.cancelled() and _there(on_done):
            error = future.exception()
            if not isinstance(error, CancelledError | asyncio.CancelledError):
                on_done(None if error is not None else future.result(), error)
        if not self._pending:
            self.idle.emit()


def _there(on_done: Done) -> bool:
    """Whether the object whose method is to be called still exists on Qt's side."""
    owner = getattr(on_done.func if isinstance(on_done, partial) else on_done, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)
