"""Colouring a text block by block, as Qt asks for it; which piece is what is `code_text`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from workbench.ui.theme import colour
from workbench.ui.widgets.code_text import TokenKind, tokens

if TYPE_CHECKING:
    from workbench.ui.theme import Theme


class Colours(QSyntaxHighlighter):
    """The colours of one document."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self.xml = False
        self._formats: dict[TokenKind, QTextCharFormat] = {}
        self._theme: Theme | None = None
        self.use(theme)

    def use(self, theme: Theme) -> bool:
        """Take the colours of a theme; whether they are others, so that the caller must rehighlight."""
        if theme == self._theme:
            return False
        self._theme = theme
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
        return True

    def highlightBlock(self, text: str) -> None:
        for token in tokens(text, xml=self.xml):
            self.setFormat(token.start, token.length, self._formats[token.kind])
