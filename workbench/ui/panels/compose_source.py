"""The source of a draft: where the cursor stands, the editor with the findings, the search in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from workbench.ui.models.findings import TONES
from workbench.ui.panels.compose_editor import DraftEditor
from workbench.ui.theme import scaled
from workbench.ui.widgets import Area, Label, row
from workbench.ui.widgets.code_painting import Mark
from workbench.ui.widgets.find_row import Finder, ReplaceRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages import Finding


class SourceView(QWidget):
    """The editor with the line above it; `search` is the field that stands in the bar of the views."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: tuple[Finding, ...] = ()
        self.search = QLineEdit()
        self.search.setObjectName("find-in-message")
        self.search.setAccessibleName(self.tr("Find in message"))
        self.search.setPlaceholderText(self.tr("Find in message  (Ctrl+F)"))
        self.search.setMinimumWidth(scaled(120))
        self.search.setMaximumWidth(scaled(240))
        self._crumbs = Label("", step="caption", role="text3", elide=True)
        self._place = Label("", step="caption", role="text3")
        self._strip = Area(
            row((self._crumbs, 1), self._place, margins=(16, 5, 16, 5), spacing=12), role="sunken", edges="b"
        )
        self.editor = DraftEditor()
        self.editor.setObjectName("source")
        self._finder = Finder(self.search, self.editor)
        self._replace = ReplaceRow(self._finder, self.search, self.editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._replace)
        layout.addWidget(self._strip)
        layout.addWidget(self.editor, 1)
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
        self.search.setFocus()
        self.search.selectAll()

    def start_replace(self) -> None:
        """Show the row that replaces what is found."""
        self.search.show()
        self._replace.start()

    def set_low(self, low: bool) -> None:
        """In a low window every line belongs to the text."""
        self._strip.setVisible(not low)

    def show_place(self) -> None:
        """Say where the cursor stands."""
        line, column = self.editor.place()
        self._crumbs.show_text("  ›  ".join(("Message", *self.editor.crumbs())))
        size = (self.editor.document().characterCount() - 1) / 1000
        self._place.setText(
            self.tr("Line {line}, column {column}   {size} kB").format(line=line, column=column, size=f"{size:.1f}")
        )
