"""Finding and replacing in an editor by keyboard: a field that searches, and a row with the hits and what replaces.

Enter goes to the next hit, Shift+Enter to the one before, Escape back to the text. Must not know what the text is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from workbench.ui.widgets.areas import Area
from workbench.ui.widgets.buttons import button, tool
from workbench.ui.widgets.fields import line
from workbench.ui.widgets.find_hits import MOST, Hits
from workbench.ui.widgets.labels import Label
from workbench.ui.widgets.layouts import holder, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit

    from workbench.ui.widgets.code_editor import CodeEditor

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
PAUSE_MS = 120
"""A pause in typing of this length counts the hits anew."""


class Finder(QObject):
    """A field that searches an editor. `told(str)` says how many hits there are and which one is chosen, `left` that
    somebody goes back to the text."""

    told = Signal(str)
    left = Signal()

    def __init__(self, field: QLineEdit, editor: CodeEditor) -> None:
        super().__init__(field)
        self._field = field
        self._editor = editor
        self._case = False
        self._open = False
        self._hits = Hits(editor.toPlainText, self)
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._count)
        self._hits.changed.connect(self._tell)
        field.installEventFilter(self)
        field.textChanged.connect(self._on_changed)
        editor.textChanged.connect(self._on_text)
        editor.cursorPositionChanged.connect(self._tell)

    @property
    def case(self) -> bool:
        """Whether capitals have to be the same."""
        return self._case

    def match_case(self, case: bool) -> None:
        """Whether capitals have to be the same from now on."""
        self._case = case
        self._on_changed()

    def open(self) -> None:
        """Somebody wants to find something: count and mark the hits from now on."""
        self._open = True
        self._count()

    def close(self) -> None:
        """Nobody looks for anything any more."""
        self._open = False
        self._soon.stop()
        self._hits.look_for("", case=False)
        self._editor.show_hits(None)

    def find(self, *, backwards: bool = False) -> bool:
        """Go to the next hit or the one before; the field shows when there is none."""
        words = self._field.text()
        found = self._editor.find_text(words, backwards=backwards, case=self._case)
        self._field.setProperty("severity", None if found or not words else "error")
        self._field.update()
        return found

    def words(self) -> str:
        """`3 of 17`, `17 hits`, `No hits`; empty while nothing is looked for or all is not counted yet."""
        if self._hits.pattern is None or not self._hits.counted:
            return ""
        count = self._hits.count()
        if not count:
            return self.tr("No hits")
        many = f"{MOST:,}+" if count >= MOST else f"{count:,}"
        cursor = self._editor.textCursor()
        number = self._hits.number(cursor.selectionStart()) if cursor.hasSelection() else 0
        if number:
            return self.tr("{number} of {count}").format(number=f"{number:,}", count=many)
        return self.tr("1 hit") if count == 1 else self.tr("{count} hits").format(count=many)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        if event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # else the key is offered to the window and does not come here
            elif event.type() == QEvent.Type.KeyPress:
                self._editor.setFocus()
                self.left.emit()
            return True
        if event.type() == QEvent.Type.KeyPress and event.key() in _ENTER:
            self.find(backwards=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return True
        return False

    def _on_changed(self) -> None:
        self._field.setProperty("severity", None)
        self._field.update()
        self._on_text()

    def _on_text(self) -> None:
        if self._open:
            self._soon.start()

    def _count(self) -> None:
        self._hits.look_for(self._field.text(), case=self._case)
        self._editor.show_hits(self._hits.pattern)

    def _tell(self) -> None:
        if self._open:
            self.told.emit(self.words())


class FindRow(Area):
    """Under a field that searches: how many hits there are, capitals, back and on; and what replaces them, the hit that
    is chosen, or all of them as one step."""

    def __init__(self, finder: Finder, field: QLineEdit, editor: CodeEditor) -> None:
        self._finder = finder
        self._field = field
        self._editor = editor
        self._count = Label("", step="caption", role="text2", weight=600)
        self._count.setObjectName("find-count")
        self._case = tool(self.tr("Match case"), kind="filter", checkable=True, name="find-case")
        self._with = line(placeholder="", name="replace-with")
        self._with.setAccessibleName(self.tr("Replace with"))
        self._with.setPlaceholderText(self.tr("Replace with"))
        self._said = Label("", step="caption", role="text3")
        self._replacing = holder(
            row(
                (self._with, 1),
                button(self.tr("Replace"), self._on_one, name="replace-one"),
                button(self.tr("Replace all"), self._on_all, name="replace-all"),
                self._said,
                spacing=8,
            )
        )
        super().__init__(
            row(
                tool(self.tr("Previous hit"), "up", self._on_previous, icon_only=True, name="find-previous"),
                tool(self.tr("Next hit"), "down", self._on_next, icon_only=True, name="find-next"),
                self._case,
                self._count,
                (self._replacing, 20),
                None,
                tool(self.tr("Close"), "close", self.close_row, icon_only=True, name="replace-close"),
                margins=(12, 6, 12, 6),
                spacing=8,
            ),
            role="sunken",
            edges="b",
        )
        self._case.toggled.connect(finder.match_case)
        finder.told.connect(self._on_told)
        finder.left.connect(self.close_row)
        field.textEdited.connect(self._on_typed)
        self._with.returnPressed.connect(self._on_one)
        self._with.installEventFilter(self)
        editor.installEventFilter(self)
        self._replacing.hide()
        self.hide()

    def start_find(self) -> None:
        """Show the hits of what is looked for."""
        self._replacing.hide()
        self._begin()

    def start(self) -> None:
        """Show all of it, with the focus where what is looked for is typed."""
        self._said.setText("")
        self._replacing.show()
        self._begin()
        (self._with if self._field.text() else self._field).setFocus()

    def set_read_only(self, read_only: bool) -> None:
        """Whether something can be replaced."""
        self._replacing.setEnabled(not read_only)

    def close_row(self) -> None:
        """Put it away, and go back to the text."""
        self.hide()
        self._finder.close()
        self._editor.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape or not self.isVisible():
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            self.close_row()
        return True

    def _begin(self) -> None:
        self.show()
        self._finder.open()

    def _on_typed(self, text: str) -> None:
        if text and not self.isVisible():
            self.start_find()

    def _on_told(self, words: str) -> None:
        self._count.setText(words)

    def _on_next(self) -> None:
        self._finder.find()

    def _on_previous(self) -> None:
        self._finder.find(backwards=True)

    def _on_one(self) -> None:
        if self._editor.replace_hit(self._field.text(), self._with.text(), case=self._finder.case):
            self._said.setText("")
        self._finder.find()

    def _on_all(self) -> None:
        count = self._editor.replace_all(self._field.text(), self._with.text(), case=self._finder.case)
        self._said.setText(self.tr("{n} replaced").format(n=count))
