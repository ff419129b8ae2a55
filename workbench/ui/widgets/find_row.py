"""Finding and replacing in an editor by keyboard: a field that searches, and a row that replaces.

Enter goes to the next hit, Shift+Enter to the one before, Escape back to the text. Must not know what the text is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from workbench.ui.widgets.areas import Area
from workbench.ui.widgets.buttons import button, tool
from workbench.ui.widgets.fields import line
from workbench.ui.widgets.labels import Label
from workbench.ui.widgets.layouts import row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit

    from workbench.ui.widgets.code_editor import CodeEditor

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Finder(QObject):
    """A field that searches an editor."""

    def __init__(self, field: QLineEdit, editor: CodeEditor) -> None:
        super().__init__(field)
        self._field = field
        self._editor = editor
        field.installEventFilter(self)
        field.textEdited.connect(self._on_typed)

    def find(self, *, backwards: bool = False) -> bool:
        """Go to the next hit or the one before; the field shows when there is none."""
        words = self._field.text()
        found = self._editor.find_text(words, backwards=backwards)
        self._field.setProperty("severity", None if found or not words else "error")
        self._field.update()
        return found

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        if event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # else the key is offered to the window and does not come here
            elif event.type() == QEvent.Type.KeyPress:
                self._editor.setFocus()
            return True
        if event.type() == QEvent.Type.KeyPress and event.key() in _ENTER:
            self.find(backwards=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return True
        return False

    def _on_typed(self) -> None:
        self._field.setProperty("severity", None)
        self._field.update()


class ReplaceRow(Area):
    """What is found is replaced by what stands here: the hit that is chosen, or all of them as one step."""

    def __init__(self, finder: Finder, field: QLineEdit, editor: CodeEditor) -> None:
        self._finder = finder
        self._field = field
        self._editor = editor
        self._with = line(placeholder="", name="replace-with")
        self._with.setAccessibleName(self.tr("Replace with"))
        self._with.setPlaceholderText(self.tr("Replace with"))
        self._said = Label("", step="caption", role="text3")
        super().__init__(
            row(
                (self._with, 1),
                button(self.tr("Replace"), self._on_one, name="replace-one"),
                button(self.tr("Replace all"), self._on_all, name="replace-all"),
                self._said,
                tool(self.tr("Close"), "close", self._on_close, icon_only=True, name="replace-close"),
                margins=(16, 6, 12, 6),
                spacing=8,
            ),
            role="sunken",
            edges="b",
        )
        self._with.returnPressed.connect(self._on_one)
        self._with.installEventFilter(self)
        self.hide()

    def start(self) -> None:
        """Show it, with the focus where what is looked for is typed."""
        self._said.setText("")
        self.show()
        (self._with if self._field.text() else self._field).setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            self._on_close()
        return True

    def _on_one(self) -> None:
        if self._editor.replace_hit(self._field.text(), self._with.text()):
            self._said.setText("")
        self._finder.find()

    def _on_all(self) -> None:
        count = self._editor.replace_all(self._field.text(), self._with.text())
        self._said.setText(self.tr("{n} replaced").format(n=count))

    def _on_close(self) -> None:
        self.hide()
        self._editor.setFocus()
