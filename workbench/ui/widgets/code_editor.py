"""The source editor: gutter with numbers, findings and folds, coloured text, squiggles, findings in words, overview.

It shows text and marks and tells what a person did; it must not parse or judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMargins, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from workbench.ui.theme import colour, font, scaled
from workbench.ui.widgets.code_brackets import matching
from workbench.ui.widgets.code_colours import Colours
from workbench.ui.widgets.code_loading import Loading
from workbench.ui.widgets.code_painting import Mark, PaintedText
from workbench.ui.widgets.code_text import can_fold, crumbs, fold_end
from workbench.ui.widgets.find_hits import pattern_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOOKS = frozenset(
    {QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}
)
"""Changes that the look of the text follows; others, such as another window in front, cost nothing."""
COLOURED_UP_TO = 1024 * 1024
"""Characters; a longer text is shown without colours, since colouring it all would block the window."""


class _Side(QWidget):
    """A strip beside the text that the editor paints and handles."""

    def __init__(self, editor: CodeEditor, overview: bool) -> None:
        super().__init__(editor)
        self._editor = editor
        self._overview = overview
        if not overview:
            self.setCursor(Qt.CursorShape.ArrowCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._overview:
            self._editor.paint_overview(self)
        else:
            self._editor.paint_gutter(self)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and not self._overview:
            self._editor.show_tip(self._editor.line_at(event.pos().y()) + 1, event.globalPos())
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._overview:
            self._editor.go_to_share(event.position().y() / max(1, self.height()))
        else:
            self._editor.fold_at(event.position().y())


class CodeEditor(PaintedText):
    """Plain text with everything an editor of messages needs.

    Signals: `edited` after a change a person made; `place_changed` when the cursor moved to another line or column;
    `fix_asked(int)` with the number of the mark whose repair is wanted.
    """

    edited = Signal()
    place_changed = Signal()
    fix_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("source")
        self.setAccessibleName(self.tr("Message source"))
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(scaled(6))
        self._xml = False
        self._loading = False
        self._rest = Loading(self)
        self._undo_after = False
        """Whether steps can be taken back once the whole text is there."""
        self._wanted: tuple[int, int] | None = None
        """A place to go to as soon as it is there."""
        self._colours: Colours | None = Colours(self.document(), self._theme())
        self._gutter = _Side(self, overview=False)
        self._overview = _Side(self, overview=True)
        self._apply_font()
        self._rest.adding.connect(self._on_adding)
        self._rest.finished.connect(self._on_loaded)
        self.textChanged.connect(self._on_text_changed)
        self.cursorPositionChanged.connect(self._on_cursor_moved)
        self.updateRequest.connect(self._on_update_request)
        self.blockCountChanged.connect(self._on_block_count)

    # what it shows

    def show_text(self, text: str, *, xml: bool) -> None:
        """Replace the whole text without telling `edited`; the undo stack starts anew. The end of a long text follows
        while the window goes on."""
        self._xml = xml
        self._wanted = None
        if self._colours is not None:
            self._loading = True
            self._colours.setDocument(None)
            self._colours = None
        undo = self.isUndoRedoEnabled()
        self.setUndoRedoEnabled(False)
        self._undo_after = undo or self._undo_after
        self._rest.begin(text)
        if len(text) <= COLOURED_UP_TO:
            self._colours = Colours(self.document(), self._theme())
            self._colours.xml = xml
            self._on_adding(under_way=True)
            self._colours.rehighlight()
            self._on_adding(under_way=False)
        self.show_marks(())

    def rest(self) -> str:
        """The end of a long text that is not in the document yet."""
        return self._rest.rest()

    def show_all(self) -> None:
        """Have the whole text in the document now."""
        self._rest.finish()

    def toPlainText(self) -> str:
        """The whole text, with the end that is still on its way."""
        return super().toPlainText() + self._rest.rest()

    def set_xml(self, xml: bool) -> None:
        """Colour as XML or as JSON from now on."""
        self._xml = xml
        if self._colours is not None and self._colours.xml != xml:
            self._colours.xml = xml
            self._colours.rehighlight()

    def replace_text(self, text: str) -> None:
        """Replace the text as one step that undo takes back, keeping the line in view; tells `edited`."""
        line, top = self.textCursor().blockNumber(), self.verticalScrollBar().value()
        self.show_all()
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.go_to(line + 1, 1)
        self.verticalScrollBar().setValue(top)

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show findings: squiggle, gutter shape, words at the end of the line, stroke in the overview."""
        self._marks = tuple(marks)
        self._by_line = {}
        for number, mark in enumerate(self._marks):
            self._by_line.setdefault(mark.line, []).append(number)
        self.viewport().update()
        self._gutter.update()
        self._overview.update()

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor at a 1-based place, unfold what hides it, and bring it into the middle."""
        block = self.document().findBlockByNumber(max(0, line - 1))
        last = self._rest.under_way and line >= self.document().blockCount()
        self._wanted = (line, column) if last else None
        if not block.isValid() or last:
            return
        if not block.isVisible():
            self._unfold_around(block)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + min(max(0, column - 1), max(0, block.length() - 1)))
        self.setTextCursor(cursor)
        self.centerCursor()

    def place(self) -> tuple[int, int]:
        """1-based line and column of the cursor."""
        cursor = self.textCursor()
        return cursor.blockNumber() + 1, cursor.positionInBlock() + 1

    def crumbs(self) -> tuple[str, ...]:
        """Where the cursor stands, outermost element first; nothing for a text too long to be searched for it."""
        document = self.document()
        if document.characterCount() > COLOURED_UP_TO:
            return ()
        return crumbs(self._line, document.blockCount(), self.textCursor().blockNumber(), xml=self._xml)

    def find_text(self, words: str, *, backwards: bool = False, case: bool = False) -> bool:
        """Select the next (or previous) hit, going round at the end; False when there is none. With `case` capitals
        have to be the same."""
        if not words:
            return False
        how = QTextDocument.FindFlag.FindBackward if backwards else QTextDocument.FindFlag(0)
        if case:
            how |= QTextDocument.FindFlag.FindCaseSensitively
        if self.find(words, how):
            return True
        self.show_all()
        before = self.textCursor()
        around = self.textCursor()
        around.movePosition(QTextCursor.MoveOperation.End if backwards else QTextCursor.MoveOperation.Start)
        self.setTextCursor(around)
        if self.find(words, how):
            return True
        self.setTextCursor(before)
        return False

    def replace_hit(self, words: str, new: str, *, case: bool = False) -> bool:
        """Replace the hit that is chosen, if one is; capitals matter as when it is searched."""
        cursor = self.textCursor()
        wanted = pattern_of(words, case=case)
        if wanted is None or not wanted.fullmatch(cursor.selectedText()) or self.isReadOnly():
            return False
        cursor.insertText(new)
        return True

    def replace_all(self, words: str, new: str, *, case: bool = False) -> int:
        """Replace every hit as one step; gives how many there were."""
        wanted = pattern_of(words, case=case)
        if wanted is None or self.isReadOnly():
            return 0
        text, count = wanted.subn(lambda _: new, self.toPlainText())
        if count:
            self.replace_text(text)
        return count

    def mark_at_cursor(self) -> int | None:
        """Number of the first mark with a repair on the cursor's line, else of the first mark there."""
        here = self._by_line.get(self.place()[0], [])
        return next((n for n in here if self._marks[n].fix), here[0] if here else None)

    # what a person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if alt and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if (number := self.mark_at_cursor()) is not None:
                self.fix_asked.emit(number)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for box, number in self._chips:
            if box.contains(event.position()):
                self.fix_asked.emit(number)
                return
        super().mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() not in _LOOKS or getattr(self, "_overview", None) is None:
            return
        self._apply_font()
        self._show_current_line()
        if self._colours is not None and self._colours.use(self._theme()):
            self._colours.rehighlight()

    def fold_at(self, y: float) -> None:
        """Fold or unfold the line at a height of the gutter."""
        self.toggle_fold(self.line_at(y))

    def line_at(self, y: float) -> int:
        """The 0-based line at a height of the gutter."""
        return self.cursorForPosition(QPointF(0, y).toPoint()).blockNumber()

    def toggle_fold(self, line: int) -> None:
        """Fold what hangs under a 0-based line, or unfold it."""
        end = self._fold_end(line)
        if end is None:
            return
        document = self.document()
        show = not document.findBlockByNumber(end).isVisible()
        for number in range(line + 1, end + 1):
            document.findBlockByNumber(number).setVisible(show)
        self._relayout(document.findBlockByNumber(line), document.findBlockByNumber(end))

    def go_to_share(self, share: float) -> None:
        """Go to the line at a share (0..1) of the text: a click in the overview."""
        self.go_to(int(share * self.document().blockCount()) + 1, 1)

    # inside

    def _line(self, number: int) -> str:
        return self.document().findBlockByNumber(number).text()

    def _fold_end(self, line: int) -> int | None:
        if not can_fold(self._line(line), self._line(line + 1)):
            return None
        return fold_end(self._line, self.document().blockCount(), line)

    def _apply_font(self) -> None:
        self.setFont(font("body", mono=True))
        self._lay_out()

    def _lay_out(self) -> None:
        digits = len(str(max(999, self.document().blockCount())))
        width = round(QFontMetricsF(font("caption", mono=True)).horizontalAdvance("9") * digits) + scaled(48)
        strip = scaled(12)
        if self.viewportMargins() != QMargins(width, 0, strip, 0):
            self.setViewportMargins(width, 0, strip, 0)
        area = self.contentsRect()
        bar = self.verticalScrollBar().width() if self.verticalScrollBar().isVisible() else 0
        self._gutter.setGeometry(QRect(area.left(), area.top(), width, area.height()))
        self._overview.setGeometry(QRect(area.right() - bar - strip + 1, area.top(), strip, area.height()))

    def _show_current_line(self) -> None:
        """Tint the line of the cursor, and the bracket or tag it stands at with the one that belongs to it."""
        cursor = self.textCursor()
        cursor.clearSelection()
        selections = [self._tinted(cursor, whole_line=True)]
        count = self.document().blockCount()
        pair = matching(self._line, count, cursor.blockNumber(), cursor.positionInBlock(), xml=self._xml)
        for span in pair or ():
            block = self.document().findBlockByNumber(span.line)
            part = QTextCursor(block)
            part.setPosition(block.position() + span.start)
            part.setPosition(block.position() + span.start + span.length, QTextCursor.MoveMode.KeepAnchor)
            selections.append(self._tinted(part, whole_line=False))
        self.setExtraSelections(selections)

    def _tinted(self, cursor: QTextCursor, *, whole_line: bool) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        theme = self._theme()
        selection.format.setBackground(colour(theme.accent_bg if whole_line else theme.selected))
        selection.format.setProperty(QTextFormat.Property.FullWidthSelection, whole_line)
        if not whole_line:
            selection.format.setForeground(colour(theme.accent))
            selection.format.setFontWeight(700)
        selection.cursor = cursor
        return selection

    def _unfold_around(self, block: QTextBlock) -> None:
        document = self.document()
        above = block
        while above.isValid() and not above.isVisible():
            above = above.previous()
        end = self._fold_end(above.blockNumber())
        for number in range(above.blockNumber() + 1, (end or block.blockNumber()) + 1):
            document.findBlockByNumber(number).setVisible(True)
        self._relayout(above, document.findBlockByNumber(end or block.blockNumber()))

    def _relayout(self, first: QTextBlock, last: QTextBlock) -> None:
        self.document().markContentsDirty(first.position(), last.position() + last.length() - first.position())
        self.viewport().update()
        self._gutter.update()

    def _on_adding(self, under_way: bool) -> None:
        self._loading = under_way

    def _on_loaded(self) -> None:
        self.setUndoRedoEnabled(self._undo_after)
        self._undo_after = False
        if self._wanted is not None:
            self.go_to(*self._wanted)

    def _on_text_changed(self) -> None:
        if not self._loading:
            self.edited.emit()

    def _on_cursor_moved(self) -> None:
        self._show_current_line()
        self._gutter.update()
        self.place_changed.emit()

    def _on_update_request(self, area: QRect, moved: int) -> None:
        if moved:
            self._gutter.scroll(0, moved)
        else:
            self._gutter.update(0, area.y(), self._gutter.width(), area.height())

    def _on_block_count(self, count: int) -> None:
        self._lay_out()
