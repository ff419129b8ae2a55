"""Python's own upkeep where a window shares the interpreter with other threads: when it collects, how long a turn is.

A collection that another thread happens to begin would end widgets and timers of the window in that thread, which Qt
answers with a crash; so Python collects on the window's thread only. Must not know what the program does.
"""

from __future__ import annotations

import gc
import sys
import time

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 100
"""Often, so that each time little has come: what half a second brings under load takes longer than a frame."""
WHOLE_S, LATEST_S = 60.0, 600.0
"""So long at least between two collections of everything; so long where there is no pause."""
LONG_S = 0.03
"""What outlives a collection of everything that took so long is looked at no more, until the next thorough one."""
THOROUGH_S = 3600.0
"""So long between two collections that look at all of it again, in the first pause from then on."""
MIDDLE = 4
"""After so many looks at what has come, what they found alive is looked at once more; Python's own 10 are too many for
one turn under load."""
CALM = 10
"""So many looks in a row that find little new are a pause; a single one comes about while calls pour in, too."""
TURN_S = 0.001
"""So long a busy thread keeps the interpreter when the window wants it; Python's own 5 ms add up within one repaint."""


class Housekeeping(QObject):
    """From its making until `end` it collects in place of Python; one at a time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turn = sys.getswitchinterval()
        gc.disable()
        sys.setswitchinterval(TURN_S)
        self._whole = self._thorough = time.monotonic()
        self._calm = 0
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect what has come where it is much, by Python's own threshold, and now and then what came lately.

        Everything is looked at once a minute at most, and where much goes on only when that has lasted: under load it
        takes longer than a frame.
        """
        counts, thresholds = gc.get_count(), gc.get_threshold()
        young, _, old = (count > threshold for count, threshold in zip(counts, thresholds, strict=True))
        self._calm = 0 if young else self._calm + 1
        now, calm = time.monotonic(), self._calm >= CALM
        thorough = calm and now - self._thorough >= THOROUGH_S
        if thorough or (old and now - self._whole >= (WHOLE_S if calm else LATEST_S)):
            self._collect_all(thorough=thorough)
        elif young:
            gc.collect(int(counts[1] >= MIDDLE))

    def _collect_all(self, *, thorough: bool) -> None:
        began = time.monotonic()
        if thorough:
            gc.unfreeze()
            self._thorough = began
        gc.collect()
        self._whole = time.monotonic()
        if thorough or self._whole - began >= LONG_S:
            gc.freeze()

    @staticmethod
    def settle() -> None:
        """What is there now stays: the program has been loaded, and no collection needs to look at it again."""
        gc.freeze()

    def end(self) -> None:
        """Collect no more. Python's own collections stay off: what is left of the window is rubbish only now, and must
        not end in another thread. Whoever goes on without a window collects once on this thread, then enables them."""
        self._timer.stop()
        sys.setswitchinterval(self._turn)
        gc.unfreeze()
