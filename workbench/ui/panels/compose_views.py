"""The draft as form, tree and source: three views of one text, which any of them changes.

The text is the truth. Form and tree follow the last text that could be read, and are there to be read only while it
cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.session.forming import shown
from workbench.ui.panels.compose_form import FormPage
from workbench.ui.panels.compose_source import SourceView
from workbench.ui.panels.compose_text import DraftText, is_xml
from workbench.ui.panels.compose_tree import TreePage
from workbench.ui.panels.message_views import no_message
from workbench.ui.theme import scaled
from workbench.ui.widgets import NO_LIMIT, Area, EmptyState, Label, Segments, row, tool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from workbench.messages import Finding, Message, Summary
    from workbench.session.forming import Edited, FormChange, Pictured
    from workbench.session.views import DraftView
    from workbench.ui.context import PanelContext


FORM, TREE, SOURCE = range(3)
"""The ways to look at a draft, in the order of their buttons."""


class DraftViews(Area):
    """`edited`, `syntax_chosen(str)`, `fix_asked(int)` and `headers_toggled(bool)` tell what a person did."""

    edited = Signal()
    syntax_chosen = Signal(str)
    fix_asked = Signal(int)
    headers_toggled = Signal(bool)

    def __init__(self, context: PanelContext, strip: QWidget, parent: QWidget | None = None) -> None:
        """`strip` stands under the buttons: it says what holds for all ways to look at the draft."""
        super().__init__(role="surface", parent=parent)
        self._context = context
        self._draft: DraftView | None = None
        self._message: Message | None = None
        self._pictured: Pictured | None = None
        """What form and tree show, of the last text that could be read."""
        self._asking: Future[Any] | None = None
        self._stale = True
        """Whether form and tree have not seen the message yet."""
        self._waiting = True
        """Whether nothing is known of the text yet."""
        self._too_large = False
        self._findings: Sequence[Finding] = ()
        self._in_form = False
        """Whether the last change came from the form."""
        self._narrow = False
        self._masked = False
        """Whether what is shown is the draft without its people, for reading only."""
        self._asked_of = ""
        """The text that was asked to be formatted."""
        self._views = Segments(
            [(self.tr("Form"), "form"), (self.tr("Tree"), "tree"), (self.tr("Source"), "code")], FORM
        )
        self._views.setObjectName("draft-views")
        self._segments = Segments([("JSON", ""), ("XML", "")])
        self._segments.setObjectName("syntax")
        self.source = SourceView()
        self._masked_source = SourceView(read_only=True)
        self._saved = Label("", step="caption", role="text3")
        self._headers = tool(self.tr("Headers"), "id", kind="boxed", checkable=True)
        self._headers.setObjectName("toggle-headers")
        self._headers.hide()
        bar = Area(
            row(
                self._views,
                self._segments,
                (self.source.search, 1),
                (self._masked_source.search, 1),
                None,
                self._saved,
                self._headers,
                margins=(16, 8, 16, 8),
                spacing=8,
            ),
            role="surface",
            edges="b",
        )
        bar.setFixedHeight(scaled(46))
        self._bar = bar
        self.form = FormPage()
        self.tree = TreePage(context)
        self._none = no_message("")
        words = self.tr("Over 1 MiB it is changed in its source: search, findings and Send are there. ")
        words += self.tr("Form and tree are back once it is smaller.")
        self._large = EmptyState(
            "code",
            self.tr("This message is too large for form and tree"),
            words,
            [(self.tr("Open the source"), self._on_source, "primary")],
        )
        self.draft_text = DraftText(context, self.source.editor)
        self._pages = QStackedWidget()
        for page in (self.form, self.tree, self.source, self._masked_source, self._none, self._large):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(strip)
        layout.addWidget(self._pages, 1)
        self._strip = strip
        self._views.chosen.connect(self.show_view)
        self._segments.chosen.connect(self._on_segment)
        self._headers.toggled.connect(self._on_headers)
        self.source.editor.fix_asked.connect(self.fix_asked)
        self.draft_text.edited.connect(self._on_edited)
        self.draft_text.formed.connect(self._on_formed)
        self.draft_text.failed.connect(self._on_failed)
        self.form.wanted.connect(self._on_form)
        self.form.left.connect(self.draft_text.seal)
        self.form.source_wanted.connect(self._on_path)
        self.tree.wanted.connect(self._on_tree)
        self.tree.activated_path.connect(self._on_path)
        self.show_view(FORM)

    # the text

    def text(self) -> str:
        """The text as it stands."""
        return self.draft_text.text()

    def show_draft(self, draft: DraftView) -> None:
        """Show another draft."""
        self._draft = draft
        self._forget()
        self.draft_text.open(draft)
        self.now_in("xml" if is_xml(draft.text) else "json")
        self._saved.setText("")
        self.source.show_place()
        self._show_page()

    def show_masked(self, masked: bool) -> None:
        """Whether the draft is shown without its people, for reading only; what is shown then comes with `show_text`
        and `show_message`, and nothing of the other is seen in between."""
        if masked == self._masked:
            return
        self._masked = masked
        self._forget()
        self.show_text("")
        self.show_view(self._views.current())

    def show_text(self, text: str) -> None:
        """The text of the masked draft."""
        if text != self._masked_source.editor.toPlainText():
            place = self._masked_source.editor.place()
            self._masked_source.editor.show_text(shown(text), xml=is_xml(text))
            self._masked_source.editor.go_to(*place)
            self._masked_source.show_place()

    def replace_text(self, text: str, label: str) -> None:
        """Put a changed text in its place as one step that undo takes back."""
        self.draft_text.put(text, label)

    def when_settled(self, then: Callable[[], None]) -> None:
        """Do something once what was done in form or tree stands in the text."""
        self.draft_text.when_settled(then)

    def now_in(self, syntax: str) -> None:
        """Say which syntax is shown."""
        self._segments.choose(1 if syntax == "xml" else 0)
        self.source.editor.set_xml(syntax == "xml")

    def syntax(self) -> str:
        """`json` or `xml`, as the text is written."""
        return "xml" if is_xml(self.text()) else "json"

    def saved(self) -> None:
        """Say when the draft was kept."""
        self._saved.setText(self.tr("Draft saved {time}").format(time=QTime.currentTime().toString("HH:mm:ss")))

    # what was found

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Mark findings in every view."""
        self._findings = findings
        self._front.show_findings(findings)
        if self._message is not None:  # else they are about a text that the form does not show
            self.form.show_findings(findings)

    def show_message(self, message: Message | None, summary: Summary | None, *, too_large: bool = False) -> None:
        """What the text says by the last verdict; a large text is shown as source only."""
        self._too_large = too_large
        self._waiting = False
        self._message = message
        if message is not None:
            self._stale = True
            self.form.show_summary(summary)
        self._show_page()

    def finding(self, number: int) -> Finding | None:
        """The finding behind a mark."""
        return self.source.finding(number)

    def reveal(self, path: str, line: int, column: int) -> None:
        """Go to an element in the view in front."""
        front = self._pages.currentWidget()
        if front is self.form:
            self.form.reveal(path)
        elif front is self.tree:
            self.tree.tree.reveal(path)
        else:
            self.show_view(SOURCE)
            self._front.go_to(line, column)

    # the views

    def show_view(self, place: int) -> None:
        """Look at the draft in another way."""
        self._views.choose(place)
        self.put_headers_away()
        self._segments.setVisible(place == SOURCE)
        self._show_search()
        self._show_page()

    def start_search(self) -> None:
        """Put the focus into the search field."""
        self.show_view(SOURCE)
        self._front.start_search()

    def find_next(self) -> None:
        """Go to the next hit of what was looked for."""
        self.show_view(SOURCE)
        self._front.find_again(backwards=False)

    def find_previous(self) -> None:
        """Go to the hit before."""
        self.show_view(SOURCE)
        self._front.find_again(backwards=True)

    def lay_out(self) -> None:
        """Write the text with one element a line, as one step."""
        self._asked_of = self.text()
        self._context.bridge.submit(self._context.session.forms.lay_out(self._asked_of), self._on_laid_out)

    def _on_laid_out(self, text: str | None, error: BaseException | None) -> None:
        if text is None:
            self._on_failed(error)
        elif self._asked_of == self.text():  # what was typed meanwhile is worth more than the answer
            self.replace_text(text, self.tr("Format the source"))

    def start_replace(self) -> None:
        """Show what replaces what is found."""
        self.show_view(SOURCE)
        self.source.start_replace()

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the headers are behind a button, and the search behind its shortcut."""
        self._narrow = narrow
        self._headers.setVisible(narrow)
        self._saved.setVisible(not narrow)
        self._show_search()
        if not narrow:
            self._headers.setChecked(False)

    def set_low(self, low: bool) -> None:
        """In a low window every line belongs to the text."""
        for one in (self.source, self._masked_source):
            one.set_low(low)

    def headers_wanted(self) -> bool:
        """Whether a person asked for the headers in a narrow window."""
        return self._headers.isVisible() and self._headers.isChecked()

    def put_headers_away(self) -> None:
        """Show the views where a person asked for the headers in a narrow window."""
        self._headers.setChecked(False)

    # inside

    @property
    def _front(self) -> SourceView:
        """The source that may be seen."""
        return self._masked_source if self._masked else self.source

    def _forget(self) -> None:
        """Nothing is known of what is to be shown."""
        self._give_up()
        self._message, self._pictured, self._stale, self._in_form = None, None, True, False
        self._findings = ()
        self._too_large, self._waiting = False, True
        self.tree.forget()

    def _show_search(self) -> None:
        wanted = not self._narrow and self._views.current() == SOURCE
        for one in (self.source, self._masked_source):
            one.search.setVisible(wanted and one is self._front)

    def _on_source(self) -> None:
        self.show_view(SOURCE)

    def _on_headers(self, shown: bool) -> None:
        """In a narrow window the headers take the room of the views."""
        self._pages.setVisible(not shown)
        self._strip.setMaximumHeight(0 if shown else NO_LIMIT)
        self.setMaximumHeight(self._bar.height() if shown else NO_LIMIT)
        self.headers_toggled.emit(shown)

    def _show_page(self) -> None:
        """Bring the chosen view to the front with what is known, and ask for what it still lacks."""
        place = self._views.current()
        if place == SOURCE:
            self._pages.setCurrentWidget(self._front)
            return
        if self._too_large:
            self._pages.setCurrentWidget(self._large)
            return
        self._show_state()
        if self._message is not None and self._stale and self._draft is not None:
            self._give_up()
            asked = self._context.session.forms.picture(self._message, self._draft.versions, self._draft.service)
            self._asking = self._context.bridge.submit(asked, self._on_pictured)
        if self._pictured is None:
            waits = self._message is not None or self._waiting
            title = "" if waits else self.tr("No message yet")
            self._none.show_words("doc", title, "" if waits else self.tr("The findings below say what is wrong."))
            self._pages.setCurrentWidget(self._none)
            return
        self._pages.setCurrentWidget(self.form if place == FORM else self.tree)

    def _show_state(self) -> None:
        lost = self._message is None
        title = self.tr("The source cannot be read as a message") if lost else ""
        text = self.tr("This is how it last could be. Mend the source, or undo, to go on here.")
        self.form.show_state(lost or self._masked, title, text)
        self.tree.show_state(lost or self._masked, title, text)

    def _on_pictured(self, pictured: Pictured | None, error: BaseException | None) -> None:
        self._asking = None
        if pictured is None:
            self._on_failed(error)
            return
        self._pictured = pictured
        if self._message is None:
            return
        self._stale = False
        self.form.show_form(pictured.form, self._findings, keep=self._in_form)
        self.tree.show_message(self._message, pictured.links)
        self._show_page()

    def _give_up(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _on_edited(self) -> None:
        self.edited.emit()

    def _on_formed(self, edited: Edited) -> None:
        """The form after its own change, before the verdict on it is there."""
        if self._in_form:
            self.form.show_form(edited.form, self._findings, keep=True)

    def _on_form(self, change: FormChange, run: str) -> None:
        self._in_form = True
        self.draft_text.change(change, run)

    def undo(self) -> None:
        """Take back the last step, whichever view it was made in."""
        self._in_form = False
        self.draft_text.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self._in_form = False
        self.draft_text.redo()

    def _on_tree(self, change: FormChange, run: str) -> None:
        self._in_form = False
        self.draft_text.change(change, run)

    def _on_failed(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)

    def _on_path(self, path: str) -> None:
        """From an element to its place in the text."""
        place = self._message.place(path) if self._message is not None else None
        if place is not None:
            self.show_view(SOURCE)
            self._front.go_to(place.line, place.column)

    def _on_segment(self, number: int) -> None:
        wanted = "xml" if number else "json"
        if wanted != self.syntax():
            self.syntax_chosen.emit(wanted)
