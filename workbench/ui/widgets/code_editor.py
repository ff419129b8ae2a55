"""The source editor: gutter with numbers, findings and folds, coloured text, squiggles, findings in words, overview.

It shows text and marks and tells what a person did; it must not parse or judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from workbench.ui import icons
from workbench.ui.theme import Pair, Theme, colour, font, scaled, theme_for
from workbench.ui.widgets.code_text import TokenKind, can_fold, crumbs, fold_end, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

COLOURED_UP_TO = 1024 * 1024
"""Characters; a longer text is shown without colours, since colouring it all would block the window."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding in the text; line and column are 1-based, length 0 marks to the end of the line."""

    line: int
    column: int
    length: int
    tone: str
    """`error`, `warning` or `note`."""
    text: str
    fix: str = ""


class _Colours(QSyntaxHighlighter):
    """Colours block by block as Qt asks for it."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self.xml = False
        self._formats: dict[TokenKind, QTextCharFormat] = {}
        self.use(theme)

    def use(self, theme: Theme) -> None:
        """Take the colours of a theme; the caller rehighlights."""
        for kind, value in (
            (TokenKind.KEY, theme.syn_key),
            (TokenKind.TEXT, theme.syn_str),
            (TokenKind.URL, theme.syn_url),
            (TokenKind.NUMBER, theme.syn_num),
            (TokenKind.WORD, theme.syn_kw),
            (TokenKind.PUNCTUATION, theme.syn_punct),
        ):
            shown = QTextCharFormat()
            shown.setForeground(colour(value))
            self._formats[kind] = shown

    def highlightBlock(self, text: str) -> None:
        for token in tokens(text, xml=self.xml):
            self.setFormat(token.start, token.length, self._formats[token.kind])


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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._overview:
            self._editor.go_to_share(event.position().y() / max(1, self.height()))
        else:
            self._editor.fold_at(event.position().y())


class CodeEditor(QPlainTextEdit):
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
        self._marks: tuple[Mark, ...] = ()
        self._by_line: dict[int, list[int]] = {}
        self._chips: list[tuple[QRectF, int]] = []
        self._xml = False
        self._loading = False
        self._colours: _Colours | None = _Colours(self.document(), self._theme())
        self._gutter = _Side(self, overview=False)
        self._overview = _Side(self, overview=True)
        self._apply_font()
        self.textChanged.connect(self._on_text_changed)
        self.cursorPositionChanged.connect(self._on_cursor_moved)
        self.updateRequest.connect(self._on_update_request)
        self.blockCountChanged.connect(self._on_block_count)

    # what it shows

    def show_text(self, text: str, *, xml: bool) -> None:
        """Replace the whole text without telling `edited`; the undo stack starts anew."""
        self._loading = True
        self._xml = xml
        if self._colours is not None:
            self._colours.setDocument(None)
            self._colours = None
        self.setPlainText(text)
        if len(text) <= COLOURED_UP_TO:
            self._colours = _Colours(self.document(), self._theme())
            self._colours.xml = xml
            self._colours.rehighlight()
        self.show_marks(())
        self._loading = False

    def set_xml(self, xml: bool) -> None:
        """Colour as XML or as JSON from now on."""
        self._xml = xml
        if self._colours is not None and self._colours.xml != xml:
            self._colours.xml = xml
            self._colours.rehighlight()

    def replace_text(self, text: str) -> None:
        """Replace the text as one step that undo takes back, keeping the line in view; tells `edited`."""
        line, top = self.textCursor().blockNumber(), self.verticalScrollBar().value()
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
        if not block.isValid():
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

    def find_text(self, words: str, *, backwards: bool = False) -> bool:
        """Select the next (or previous) hit, going round at the end; False when there is none."""
        if not words:
            return False
        how = QTextDocument.FindFlag.FindBackward if backwards else QTextDocument.FindFlag(0)
        if self.find(words, how):
            return True
        before = self.textCursor()
        around = self.textCursor()
        around.movePosition(QTextCursor.MoveOperation.End if backwards else QTextCursor.MoveOperation.Start)
        self.setTextCursor(around)
        if self.find(words, how):
            return True
        self.setTextCursor(before)
        return False

    def mark_at_cursor(self) -> int | None:
        """Number of the first mark with a repair on the cursor's line, else of the first mark there."""
        here = self._by_line.get(self.place()[0], [])
        return next((n for n in here if self._marks[n].fix), here[0] if here else None)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._chips = []
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme()
        block = self.firstVisibleBlock()
        offset = self.contentOffset()
        bottom = self.viewport().height()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(offset)
            if box.top() > bottom:
                break
            if block.isVisible() and (numbers := self._by_line.get(block.blockNumber() + 1)):
                self._paint_marks(painter, theme, block, box, numbers)
            block = block.next()
        painter.end()

    def _paint_marks(
        self, painter: QPainter, theme: Theme, block: QTextBlock, box: QRectF, numbers: Sequence[int]
    ) -> None:
        metrics = QFontMetricsF(self.font())
        left = self.contentOffset().x() + self.document().documentMargin()
        text = block.text()
        for number in numbers:
            mark = self._marks[number]
            start = min(max(0, mark.column - 1), len(text))
            end = min(len(text), start + mark.length) if mark.length else len(text.rstrip(","))
            x0 = left + metrics.horizontalAdvance(text[:start])
            x1 = max(x0 + metrics.horizontalAdvance("m"), left + metrics.horizontalAdvance(text[:end]))
            painter.setPen(QPen(colour(self._pair(theme, mark.tone).solid), 1.5))
            painter.drawPolyline(_wave(x0, x1, box.bottom() - 2, scaled(3)))
        mark = self._marks[numbers[0]]
        pair = self._pair(theme, mark.tone)
        words = font("caption", 600)
        wide = QFontMetricsF(words)
        x = left + metrics.horizontalAdvance(text) + scaled(24)
        more = f"  +{len(numbers) - 1}" if len(numbers) > 1 else ""
        chip = QRectF(x, box.top() + 1, wide.horizontalAdvance(mark.text + more) + scaled(34), box.height() - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(pair.bg))
        painter.drawRoundedRect(chip, 4, 4)
        size = min(scaled(13), int(box.height()) - 2)
        ratio = self.devicePixelRatioF()
        shape = icons.pixmap(mark.tone, pair.solid, size, ratio, knock=pair.bg)
        painter.drawPixmap(QPointF(chip.x() + scaled(7), chip.center().y() - size / 2), shape)
        painter.setFont(words)
        painter.setPen(colour(pair.fg))
        painter.drawText(chip.adjusted(scaled(25), 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), mark.text + more)
        if mark.fix:
            label = mark.fix
            fix = QRectF(chip.right() + scaled(8), chip.y(), wide.horizontalAdvance(label) + scaled(32), chip.height())
            painter.setPen(QPen(colour(theme.border), 1))
            painter.setBrush(colour(theme.surface))
            painter.drawRoundedRect(fix, 4, 4)
            wand = icons.pixmap("wand", theme.text, size, ratio)
            painter.drawPixmap(QPointF(fix.x() + scaled(7), fix.center().y() - size / 2), wand)
            painter.setPen(colour(theme.text))
            painter.drawText(fix.adjusted(scaled(25), 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), label)
            self._chips.append((fix, numbers[0]))

    def paint_gutter(self, gutter: QWidget) -> None:
        """Line numbers, the worst finding of a line, and fold arrows."""
        theme = self._theme()
        painter = QPainter(gutter)
        painter.fillRect(gutter.rect(), colour(theme.sunken))
        painter.setFont(font("caption", mono=True))
        here = self.textCursor().blockNumber()
        ratio = self.devicePixelRatioF()
        width = gutter.width()
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top < gutter.height():
            height = self.blockBoundingRect(block).height()
            if block.isVisible():
                number = block.blockNumber()
                painter.setPen(colour(theme.text if number == here else theme.text3))
                right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
                painter.drawText(QRectF(0, top, width - scaled(24), height), right, str(number + 1))
                if marks := self._by_line.get(number + 1):
                    tone = self._marks[marks[0]].tone
                    size = scaled(14)
                    shape = icons.pixmap(tone, self._pair(theme, tone).solid, size, ratio)
                    painter.drawPixmap(QPointF(scaled(5), top + (height - size) / 2), shape)
                if can_fold(block.text(), block.next().text()):  # not where it ends: that may be far away
                    folded = not block.next().isVisible()
                    size = scaled(12)
                    arrow = icons.pixmap("right" if folded else "down", theme.text3, size, ratio)
                    painter.drawPixmap(QPointF(width - scaled(19), top + (height - size) / 2), arrow)
            top += height
            block = block.next()
        painter.setPen(colour(theme.hairline))
        painter.drawLine(width - 1, 0, width - 1, gutter.height())

    def paint_overview(self, strip: QWidget) -> None:
        """Findings of the whole text as strokes beside the scroll bar."""
        theme = self._theme()
        painter = QPainter(strip)
        painter.fillRect(strip.rect(), colour(theme.sunken))
        count = max(1, self.document().blockCount())
        for mark in self._marks:
            left = {"error": 1, "warning": 3}.get(mark.tone, 6)
            y = (mark.line - 1) / count * strip.height()
            painter.fillRect(QRectF(left, y, strip.width() - left - 1, 3), colour(self._pair(theme, mark.tone).solid))

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

    def changeEvent(self, event: object) -> None:
        super().changeEvent(event)  # type: ignore[arg-type]
        if getattr(self, "_overview", None) is not None:
            self._apply_font()
            self._show_current_line()
            if self._colours is not None:
                self._colours.use(self._theme())
                self._colours.rehighlight()

    def fold_at(self, y: float) -> None:
        """Fold or unfold the line at a height of the gutter."""
        line = self.cursorForPosition(QPointF(0, y).toPoint()).blockNumber()
        self.toggle_fold(line)

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

    def _theme(self) -> Theme:
        return theme_for(self.palette())

    @staticmethod
    def _pair(theme: Theme, tone: str) -> Pair:
        return {"error": theme.error, "warning": theme.warning}.get(tone, theme.note)

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
        self.setViewportMargins(width, 0, strip, 0)
        area = self.contentsRect()
        bar = self.verticalScrollBar().width() if self.verticalScrollBar().isVisible() else 0
        self._gutter.setGeometry(QRect(area.left(), area.top(), width, area.height()))
        self._overview.setGeometry(QRect(area.right() - bar - strip + 1, area.top(), strip, area.height()))

    def _show_current_line(self) -> None:
        selection = QTextEdit.ExtraSelection()
        selection.format.setBackground(colour(self._theme().accent_bg))
        selection.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        cursor = self.textCursor()
        cursor.clearSelection()
        selection.cursor = cursor
        self.setExtraSelections([selection])

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


def _wave(x0: float, x1: float, y: float, step: float) -> QPolygonF:
    """A squiggle of about two pixels height; Qt's own underline can hardly be seen at 1x."""
    points, x, up = [], x0, False
    while x < x1:
        points.append(QPointF(x, y + (1.5 if up else -1.0)))
        x, up = x + step, not up
    return QPolygonF(points)
