"""The draft as summary, tree and source: JSON or XML, search, where the cursor stands, the editor with the findings.

The source is what is edited; summary and tree follow the last text that could be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from workbench.ui.models.findings import TONES
from workbench.ui.panels.message_views import MessageTree, SummaryView, no_message
from workbench.ui.theme import scaled
from workbench.ui.widgets import Area, Label, Segments, column, holder, row, tool
from workbench.ui.widgets.code_editor import CodeEditor, Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages import Finding, Message, Summary
    from workbench.ui.actions import Actions


SUMMARY, TREE, SOURCE = range(3)
"""The ways to look at a draft, in the order of their buttons."""


class SourceView(Area):
    """`edited`, `syntax_chosen(str)`, `fix_asked(int)` and `headers_toggled(bool)` tell what a person did."""

    edited = Signal()
    syntax_chosen = Signal(str)
    fix_asked = Signal(int)
    headers_toggled = Signal(bool)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(role="surface", parent=parent)
        self._syntax = "json"
        self._findings: tuple[Finding, ...] = ()
        self._message: Message | None = None
        self._held: str | None = None
        """The text since its last change, once somebody asked for it."""
        self._narrow = False
        self._views = Segments([(self.tr("Summary"), ""), (self.tr("Tree"), ""), (self.tr("Source"), "")], SOURCE)
        self._views.setObjectName("draft-views")
        self._segments = Segments([("JSON", ""), ("XML", "")])
        self._segments.setObjectName("syntax")
        self._search = QLineEdit()
        self._search.setObjectName("find-in-message")
        self._search.setAccessibleName(self.tr("Find in message"))
        self._search.setPlaceholderText(self.tr("Find in message  (Ctrl+F)"))
        self._search.setMinimumWidth(scaled(120))
        self._search.setMaximumWidth(scaled(240))
        self._saved = Label("", step="caption", role="text3")
        self._headers = tool(self.tr("Headers"), "id", kind="boxed", checkable=True)
        self._headers.setObjectName("toggle-headers")
        self._headers.hide()
        bar = Area(
            row(
                self._views,
                self._segments,
                (self._search, 1),
                None,
                self._saved,
                self._headers,
                margins=(16, 8, 12, 8),
                spacing=8,
            ),
            role="surface",
            edges="b",
        )
        bar.setFixedHeight(scaled(46))
        self._crumbs = Label("", step="caption", role="text3", elide=True)
        self._place = Label("", step="caption", role="text3")
        self._strip = Area(
            row((self._crumbs, 1), self._place, margins=(16, 5, 16, 5), spacing=12), role="sunken", edges="b"
        )
        self.editor = CodeEditor()
        self.editor.setObjectName("source")
        self._summary = SummaryView()
        self._tree = MessageTree("draft-tree")
        self._no_tree = no_message(self.tr("The findings below say what is wrong."))
        self._pages = QStackedWidget()
        source = holder(column(self._strip, (self.editor, 1), spacing=0))
        for page in (self._summary, self._tree, source, self._no_tree):
            self._pages.addWidget(page)
        self._pages.setCurrentIndex(SOURCE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(self._pages, 1)
        self._views.chosen.connect(self._show_view)
        self._tree.activated_path.connect(self._on_path)
        self.editor.document().contentsChanged.connect(self._on_contents)
        self.editor.edited.connect(self.edited)
        self.editor.place_changed.connect(self._on_place)
        self.editor.fix_asked.connect(self.fix_asked)
        self._segments.chosen.connect(self._on_segment)
        self._search.returnPressed.connect(self._on_search)
        self._headers.toggled.connect(self.headers_toggled)

    def text(self) -> str:
        """The text as it stands."""
        if self._held is None:  # a long one takes a while to be put together
            self._held = self.editor.toPlainText()
        return self._held

    def syntax(self) -> str:
        """`json` or `xml`, as shown."""
        return self._syntax

    def show_text(self, text: str, syntax: str) -> None:
        """Show another draft."""
        self.now_in(syntax)
        self.editor.show_text(text, xml=syntax == "xml")
        self._saved.setText("")
        self._on_place()

    def replace_text(self, text: str) -> None:
        """Put a changed text in its place as one step that undo takes back."""
        if text != self.text():
            self.editor.replace_text(text)

    def now_in(self, syntax: str) -> None:
        """Say which syntax is shown."""
        self._syntax = syntax
        self._segments.choose(1 if syntax == "xml" else 0)
        self.editor.set_xml(syntax == "xml")

    def saved(self) -> None:
        """Say when the draft was kept."""
        self._saved.setText(self.tr("Draft saved {time}").format(time=QTime.currentTime().toString("HH:mm:ss")))

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

    def show_message(self, message: Message | None, summary: Summary | None, *, too_large: bool = False) -> None:
        """What the text says by the last verdict; a large text is shown as source and summary only."""
        self._message = message
        words = self.tr("It is too large for the tree: over 1 MiB. Its source and its findings are here.")
        title = self.tr("No tree") if too_large else self.tr("No message yet")
        self._no_tree.show_words("doc", title, words if too_large else self.tr("The findings below say what is wrong."))
        self._summary.show_summary(summary)
        if self._views.current() == TREE:
            self._show_view(TREE)

    def finding(self, number: int) -> Finding | None:
        """The finding behind a mark."""
        return self._findings[number] if 0 <= number < len(self._findings) else None

    def reveal(self, path: str, line: int, column: int) -> None:
        """Go to an element: in the tree where that is in front, else in the text, with the focus in it."""
        if self._pages.currentWidget() is self._tree:
            self._tree.reveal(path)
            return
        self._show_view(SOURCE)
        self.editor.go_to(line, column)
        self.editor.setFocus()

    def start_search(self) -> None:
        """Put the focus into the search field."""
        self._show_view(SOURCE)
        self._search.show()
        self._search.setFocus()
        self._search.selectAll()

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the headers are behind a button, and the search behind its shortcut."""
        self._narrow = narrow
        self._headers.setVisible(narrow)
        self._saved.setVisible(not narrow)
        self._search.setVisible(not narrow and self._views.current() == SOURCE)
        if not narrow:
            self._headers.setChecked(False)

    def set_low(self, low: bool) -> None:
        """In a low window every line belongs to the text."""
        self._strip.setVisible(not low)

    def headers_wanted(self) -> bool:
        """Whether a person asked for the headers in a narrow window."""
        return self._headers.isVisible() and self._headers.isChecked()

    def _show_view(self, place: int) -> None:
        self._views.choose(place)
        if place == TREE and self._message is not None:
            chosen = self._tree.current_path()
            self._tree.show_message(self._message)
            self._tree.reveal(chosen)
        absent = place == TREE and self._message is None
        self._pages.setCurrentIndex(self._pages.indexOf(self._no_tree) if absent else place)
        for part in (self._segments, self._search):
            part.setVisible(place == SOURCE)
        if self._narrow:
            self._search.hide()

    def _on_path(self, path: str) -> None:
        """From an element of the tree to its place in the text."""
        place = self._message.place(path) if self._message is not None else None
        if place is not None:
            self._show_view(SOURCE)
            self.editor.go_to(place.line, place.column)
            self.editor.setFocus()

    def _on_segment(self, number: int) -> None:
        wanted = "xml" if number else "json"
        if wanted != self._syntax:
            self.syntax_chosen.emit(wanted)

    def _on_search(self) -> None:
        found = self.editor.find_text(self._search.text())
        self._search.setProperty("severity", None if found or not self._search.text() else "error")
        self._search.update()

    def _on_contents(self) -> None:
        self._held = None

    def _on_place(self) -> None:
        line, column = self.editor.place()
        self._crumbs.show_text("  ›  ".join(("Message", *self.editor.crumbs())))
        size = (self.editor.document().characterCount() - 1) / 1000
        self._place.setText(
            self.tr("Line {line}, column {column}   {size} kB").format(line=line, column=column, size=f"{size:.1f}")
        )
