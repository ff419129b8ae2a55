"""Every hit of some words in the text of an editor, counted a turn at a time so that a long text holds nobody up."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 100_000
"""Hits after which nobody counts on."""
TURN_MS = 8
"""So long one turn of counting may take."""
SLICE = 512 * 1024
"""Characters that are searched before the clock is looked at."""


def pattern_of(words: str, *, case: bool) -> re.Pattern[str] | None:
    """What finds some words as they are written, with or without regard to capitals; None for no words."""
    return re.compile(re.escape(words), re.NOFLAG if case else re.IGNORECASE) if words else None


class Hits(QObject):
    """`changed` tells that more is known of how many there are."""

    changed = Signal()

    def __init__(self, text: Callable[[], str], parent: QObject | None = None) -> None:
        """`text` gives the text as it now stands."""
        super().__init__(parent)
        self._text_of = text
        self._text = ""
        self._pattern: re.Pattern[str] | None = None
        self._length = 0
        self._starts: list[int] = []
        self._at = 0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """What is looked for, None for nothing."""
        return self._pattern

    @property
    def counted(self) -> bool:
        """Whether all of the text was looked at, or enough of it."""
        return not self._timer.isActive()

    def look_for(self, words: str, *, case: bool) -> None:
        """Count anew."""
        self._pattern, self._length = pattern_of(words, case=case), len(words)
        self._starts, self._at = [], 0
        self._text = self._text_of() if self._pattern is not None else ""
        if self._pattern is not None:
            self._timer.start()
            self._turn()
        else:
            self._end()

    def count(self) -> int:
        """How many were found so far."""
        return len(self._starts)

    def number(self, position: int) -> int:
        """Which hit begins at a position of the document, 1 for the first; 0 where none does."""
        if not self._text.isascii():  # Qt counts characters beyond the first plane twice
            before = self._text.encode("utf-16-le", "surrogatepass")[: 2 * position]
            position = len(before.decode("utf-16-le", "replace"))
        place = bisect_left(self._starts, position)
        return place + 1 if place < len(self._starts) and self._starts[place] == position else 0

    def _turn(self) -> None:
        if self._pattern is None:
            return
        clock = QElapsedTimer()
        clock.start()
        first = True
        while self._more() and (first or clock.elapsed() < TURN_MS):
            first = False
            end = self._at + SLICE  # a hit that begins in this slice may end in the next one
            for found in self._pattern.finditer(self._text, self._at, end + self._length - 1):
                self._starts.append(found.start())
                end = max(end, found.end())
            self._at = end
        if not self._more():
            self._end()

    def _more(self) -> bool:
        """Whether there is something left to be looked at."""
        return self._at < len(self._text) and len(self._starts) < MOST

    def _end(self) -> None:
        self._timer.stop()
        del self._starts[MOST:]
        self.changed.emit()
