"""Python's own upkeep where a window shares the interpreter with other threads: when it collects, how long a turn is.

A collection that another thread happens to begin would end widgets and timers of the window in that thread, which Qt
answers with a crash; so Python collects on the window's thread only. Must not know what the program does.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 500
TURN_S = 0.001
"""So long a busy thread keeps the interpreter when the window wants it; Python's own 5 ms add up within one repaint."""


class Housekeeping(QObject):
    """From its making until `end` it collects in place of Python; one at a time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turn = sys.getswitchinterval()
        self._was_enabled = gc.isenabled()
        gc.disable()
        sys.setswitchinterval(TURN_S)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the generations that are due, by Python's own thresholds; the oldest that is due takes the rest."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [number for number in range(len(counts)) if counts[number] > thresholds[number]]
        if due:
            gc.collect(due[-1])

    @staticmethod
    def settle() -> None:
        """What is there now stays: the program has been loaded, and no collection needs to look at it again."""
        gc.freeze()

    def end(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        sys.setswitchinterval(self._turn)
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
