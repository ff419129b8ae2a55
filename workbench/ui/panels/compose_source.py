"""The source of a draft: where the cursor stands, the editor with the findings, the search in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from workbench.session.forming import crumb_words
from workbench.ui.models.findings import TONES
from workbench.ui.panels.compose_editor import DraftEditor
from workbench.ui.theme import scaled
from workbench.ui.widgets import Area, Label, row
from workbench.ui.widgets.code_painting import Mark
from workbench.ui.widgets.find_row import Finder, FindRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages import Finding


class SourceView(QWidget):
    """The editor with the line above it; `search` is the field that stands in the bar of the views."""

    def __init__(self, *, read_only: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: tuple[Finding, ...] = ()
        self.search = QLineEdit()
        self.search.setObjectName("find-in-message")
        self.search.setAccessibleName(self.tr("Find in message"))
        self.search.setPlaceholderText(self.tr("Find in message  (Ctrl+F)"))
        self.search.setMinimumWidth(scaled(120))
        self.search.setMaximumWidth(scaled(240))
        self._crumbs = Label("", step="caption", role="text3", elide=True, hug=True)
        self._here = Label("", step="caption", weight=600)
        self._here.setObjectName("source-here")
        self._place = Label("", step="caption", role="text3")
        self._strip = Area(
            row(self._crumbs, self._here, None, 12, self._place, margins=(16, 5, 16, 5), spacing=0),
            role="sunken",
            edges="b",
        )
        self.editor = DraftEditor()
        self.editor.setObjectName("masked-source" if read_only else "source")
        self._finder = Finder(self.search, self.editor)
        self._find = FindRow(self._finder, self.search, self.editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._find)
        layout.addWidget(self._strip)
        layout.addWidget(self.editor, 1)
        if read_only:
            self.editor.setReadOnly(True)
            by_keyboard = Qt.TextInteractionFlag.TextSelectableByKeyboard
            self.editor.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | by_keyboard)
            self._find.set_read_only(True)
        self.editor.place_changed.connect(self.show_place)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Mark every finding that has a place."""
        self._findings = tuple(f for f in findings if f.place is not None and not f.path.startswith("headers["))
        self.editor.show_marks(
            [
                Mark(f.place.line, f.place.column, 0, TONES[f.severity], f.text, f.fix.label if f.fix else "")
                for f in self._findings
                if f.place is not None
            ]
        )

    def finding(self, number: int) -> Finding | None:
        """The finding behind a mark."""
        return self._findings[number] if 0 <= number < len(self._findings) else None

    def go_to(self, line: int, column: int) -> None:
        """Go to a place, with the focus in the text."""
        self.editor.go_to(line, column)
        self.editor.setFocus()

    def start_search(self) -> None:
        """Put the focus into the search field."""
        self.search.show()
        chosen = self.editor.textCursor().selectedText()
        if chosen and "\u2029" not in chosen:
            self.search.setText(chosen)
        self._find.start_find()
        self.search.setFocus()
        self.search.selectAll()

    def find_again(self, *, backwards: bool) -> None:
        """Go to the next hit, or the one before, of what was looked for last."""
        if self.search.text():
            self._find.start_find()
            self._finder.find(backwards=backwards)
        else:
            self.start_search()

    def start_replace(self) -> None:
        """Show the row that replaces what is found."""
        self.search.show()
        self._find.start()

    def set_low(self, low: bool) -> None:
        """In a low window every line belongs to the text."""
        self._strip.setVisible(not low)

    def show_place(self) -> None:
        """Say where the cursor stands."""
        line, column = self.editor.place()
        crumbs = [self.tr("Message"), *(crumb_words(one) for one in self.editor.crumbs())]
        self._crumbs.show_text("".join(f"{one}  ›  " for one in crumbs[:-1]))
        self._crumbs.setVisible(len(crumbs) > 1)
        self._here.setText(crumbs[-1])
        size = (self.editor.document().characterCount() - 1) / 1000
        self._place.setText(
            self.tr("Line {line}, column {column}   {size} kB").format(line=line, column=column, size=f"{size:.1f}")
        )
