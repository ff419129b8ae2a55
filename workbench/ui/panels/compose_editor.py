"""The source editor of a draft: what is typed is read with every character, and what was changed elsewhere is shown.

It keeps no undo of its own, since not every change is typed here; it must not know the other views.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor

from workbench.session.forming import difference
from workbench.ui.widgets.code_editor import CodeEditor

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class DraftEditor(CodeEditor):
    """`undo_asked` and `redo_asked`: a person wants a step back or forward, wherever it was made."""

    undo_asked = Signal()
    redo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUndoRedoEnabled(False)

    def plain_text(self) -> str:
        """The text with every character as it is; `toPlainText` makes blanks of some."""
        return self.document().toRawText().replace("\u2029", "\n") + self.rest()

    def show_change(self, before: str, after: str) -> None:
        """Show the text after a change that was made elsewhere, without telling `edited`: only what differs is
        replaced, and the cursor goes there while the editor is out of sight."""
        self.show_all()
        change = difference(before, after)
        start = _units(before[: change.start])
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(start + _units(change.before), QTextCursor.MoveMode.KeepAnchor)
        self._loading = True
        cursor.insertText(change.after)
        self._loading = False
        if not self.isVisible():
            self.setTextCursor(cursor)

    def undo(self) -> None:
        """Ask for the last step to be taken back."""
        self.undo_asked.emit()

    def redo(self) -> None:
        """Ask for what was taken back to be done again."""
        self.redo_asked.emit()

    def event(self, event: QEvent) -> bool:
        """Undo and redo are actions of the window, whoever has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self.textCursor().insertBlock()  # the editor's own would put a character into the text that JSON keeps
            return
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
            return
        if event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
            return
        super().keyPressEvent(event)


def is_undo(event: QEvent) -> bool:
    """Whether it is the key of undo or redo."""
    return isinstance(event, QKeyEvent) and (
        event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
    )


def _units(text: str) -> int:
    """The length of a text as Qt counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
