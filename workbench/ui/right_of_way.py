"""The window goes first: work of another thread that comes in many small pieces waits while the window is at something.

Python has no priorities: while messages pour in, the window gets the interpreter back a millisecond late each time it
needs it, and painting it anew needs it a hundred times. Must not know what the pieces are.
"""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QObject, Qt, Signal, Slot

ASKED_S = 0.008
"""So long after it gave a sign the window is asked for the next one, while pieces come."""
LATE_S = 0.004
"""A window that has given none for so long is at something."""
LONGEST_S = 0.05
"""So long a piece waits at most, and then none until the window gives a sign again: whatever holds it, say the system
that puts hidden windows to sleep, messages are taken all the same."""


class RightOfWay(QObject):
    """Lives on the window's thread; `give` is called on one other thread."""

    _asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._given = threading.Event()
        self._given.set()
        self._since = time.monotonic()
        """When the window was asked, or gave its sign."""
        self._patient = True
        self._ended = False
        self._asked.connect(self._give_sign, Qt.ConnectionType.QueuedConnection)

    def give(self) -> None:
        """Before a piece of work: wait until the window is done with what it is at."""
        spent = time.monotonic() - self._since
        if self._ended:
            return
        if self._given.is_set():
            if spent >= ASKED_S:
                self._given.clear()
                self._since = time.monotonic()
                self._asked.emit()
        elif self._patient and spent >= LATE_S:
            self._patient = self._given.wait(LONGEST_S)

    def end(self) -> None:
        """Nobody waits any more: the window is about to close."""
        self._ended = True
        self._given.set()

    @Slot()
    def _give_sign(self) -> None:
        self._since = time.monotonic()
        self._patient = True
        self._given.set()
