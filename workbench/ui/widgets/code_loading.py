"""A long text put into an editor piece by piece: its first screen is there at once, and the window never waits.

What is not in the editor yet is kept here as text; it must not know what the text is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPlainTextEdit

AT_ONCE = 128 * 1024
"""Characters up to which a text is shown whole."""
FIRST = 48 * 1024
"""Characters of the first piece of a longer one: more than any screen shows."""
PIECE = 4 * 1024
TURN_MS = 14
"""So long the pieces of one turn may take; keys and paint come in between."""
LONG_LINE = 128 * 1024
"""A text with a longer line is shown whole: a line that grows is laid out anew with every piece."""


class Loading(QObject):
    """The rest of the text of an editor. `adding(bool)` stands around every change of the editor, `finished` ends."""

    adding = Signal(bool)
    finished = Signal()

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._text = ""
        self._at = 0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)

    @property
    def under_way(self) -> bool:
        """Whether something is not in the editor yet."""
        return self._at < len(self._text)

    def rest(self) -> str:
        """What is not in the editor yet."""
        return self._text[self._at :]

    def begin(self, text: str) -> None:
        """Replace the text of the editor; the rest of a long one follows by itself."""
        whole = len(text) <= AT_ONCE or _has_long_line(text)
        self._text = text
        self._at = len(text) if whole else _line_end(text, FIRST)
        self.adding.emit(True)
        self._editor.setPlainText(text[: self._at])
        self.adding.emit(False)
        if self.under_way:
            self._timer.start()
        else:
            self._end()

    def finish(self) -> None:
        """Put in all that is left, now."""
        if self.under_way:
            self._add(self.rest())
            self._at = len(self._text)
            self._end()

    def _turn(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        while self.under_way and clock.elapsed() < TURN_MS:
            end = _line_end(self._text, self._at + PIECE)
            self._add(self._text[self._at : end])
            self._at = end
        if not self.under_way:
            self._end()

    def _add(self, piece: str) -> None:
        self.adding.emit(True)
        cursor = QTextCursor(self._editor.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece)
        self.adding.emit(False)

    def _end(self) -> None:
        self._timer.stop()
        self._text, self._at = "", 0
        self.finished.emit()


def _line_end(text: str, at: int) -> int:
    """The place after the line that a place is in."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _has_long_line(text: str) -> bool:
    at = 0
    while at + LONG_LINE < len(text):
        end = text.rfind("\n", at, at + LONG_LINE)
        if end < 0:
            return True
        at = end + 1
    return False
