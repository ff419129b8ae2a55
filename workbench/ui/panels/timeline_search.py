"""The one search box of the timeline: what is typed, searches under a name, and where the hits of each row stand.

Asks the session for pages and for the places of the rows that are in view; what is found is decided there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRectF, QTimer, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QMenu, QWidget

from workbench.session.views import Tone
from workbench.ui.shell.dialogs import ask_name
from workbench.ui.theme import font, scaled
from workbench.ui.widgets import SearchField, row, tool
from workbench.ui.widgets.painting import rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from concurrent.futures import Future
    from typing import Any

    from workbench.history import ConversationFilter, ConversationRow
    from workbench.session.found_places import Snippet
    from workbench.session.searching import Results, SavedSearch
    from workbench.ui.context import PanelContext
    from workbench.ui.widgets import RowPaint

PAGE = 200
SEEN_MS = 60
"""So long after scrolling the rows in view are asked about."""
ENOUGH = 20
"""With fewer rows the next page is asked for at once, while there is one: a phrase is looked for some way back only."""
AT_ONCE = 12
"""Rows that are asked about together, so that the first of them show soon."""


class SearchBox(QWidget):
    """`searched(str)` carries what is searched for; `menu_wanted()` asks for the menu of searches under a name."""

    searched = Signal(str)
    menu_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SearchField(self.tr("Search everything"))
        self.field.setObjectName("conversation-search")
        self.field.setToolTip(
            self.tr('Words, a "phrase in quotes", ids pasted whole, or a field, as status:422 or rule:PAT-001')
        )
        self._more = tool(
            self.tr("Searches and fields"), "star", self.menu_wanted.emit, icon_only=True, name="saved-searches"
        )
        self.setLayout(row((self.field, 1), self._more, spacing=4))
        self.field.searched.connect(self.searched)

    def text(self) -> str:
        """What is searched for."""
        return self.field.text().strip()

    def search(self, text: str) -> None:
        """Search for a text as if it had been typed."""
        self.field.setText(text)
        self.field.setFocus()
        self.searched.emit(text)

    def below(self) -> QPoint:
        """Where a menu of this box opens, in global coordinates."""
        return self._more.mapToGlobal(QPoint(0, self._more.height()))


class SearchDesk(QObject):
    """Pages of what is found. `found(object, bool)` carries rows and whether they are the first; `placed()` new places.

    `in_view` gives the ids of the rows that are to be seen, `chosen` what they are narrowed down to.
    """

    found = Signal(object, bool)
    placed = Signal()

    def __init__(
        self,
        context: PanelContext,
        owner: QWidget,
        box: SearchBox,
        in_view: Callable[[], Sequence[str]],
        chosen: Callable[[], ConversationFilter],
    ) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._box = box
        self._in_view = in_view
        self._chosen = chosen
        self._text = ""
        self._next: int | None = None
        self._asked: Future[Any] | None = None
        self._round = 0
        """Counts first pages: what was asked for an earlier one is not shown."""
        self._shown = False
        """Whether rows of this search are shown; until then those of the one before are."""
        self._looking = False
        self._hits: dict[str, str] = {}
        self._places: dict[str, Snippet | None] = {}
        self._waiting: set[str] = set()
        self._seen = QTimer(self, singleShot=True, interval=SEEN_MS)
        self._seen.timeout.connect(self._ask_places)
        box.menu_wanted.connect(self._ask_menu)

    def first_page(self) -> None:
        """Ask for the first page of what is typed now; a question that is not answered yet is dropped."""
        if self._asked is not None:
            self._asked.cancel()
        self._say_looking(False)
        self._shown = False
        self._places, self._waiting = {}, set()  # people may be masked now that were not before
        self._round += 1
        self._text, self._next, self._hits = self._box.text(), None, {}
        self._ask(first=True)

    def stop(self) -> None:
        """Look no further back; what was found stays."""
        if self._asked is not None:
            self._asked.cancel()
        self._next = None
        self._say_looking(False)
        if not self._shown:
            self._shown = True
            self.found.emit([], True)

    def next_page(self) -> None:
        """Ask for the page after the last one, if there is one."""
        if self._next is not None and (self._asked is None or self._asked.done()):
            self._ask(first=False)

    @property
    def more(self) -> bool:
        """Whether there is a page after the last one."""
        return self._next is not None

    def hit_of(self, conversation: str) -> str:
        """The exchange that a conversation was found by; empty where none was."""
        return self._hits.get(conversation, "")

    def place_of(self, conversation: str) -> Snippet | None:
        """Where its hit stands, once that is known."""
        return self._places.get(self._hits.get(conversation, ""))

    def on_scrolled(self) -> None:
        """Other rows are in view: ask about them in a moment."""
        if self._hits:
            self._seen.start()

    def _ask(self, *, first: bool) -> None:
        text = self._text
        asked = self._context.session.searching.page(text, below=self._next, chosen=self._chosen(), limit=PAGE)

        def answered(results: Results | None, error: BaseException | None) -> None:
            if text != self._box.text():
                if not self._box.text():
                    self._say_looking(False)
                return
            if results is None:
                if error is not None:
                    self._context.go.failed(error)
                return
            self._on_page(results, first=first)

        self._asked = self._context.bridge.submit(asked, answered)

    def _on_page(self, results: Results, *, first: bool) -> None:
        self._next = results.found.next
        rows: list[ConversationRow] = []
        for hit in results.found.hits:
            if hit.row.id not in self._hits:
                rows.append(hit.row)
                self._hits[hit.row.id] = hit.exchange
        further = self._next is not None and len(self._hits) < ENOUGH
        if rows or not further:
            self.found.emit(rows, not self._shown)
            self._shown = True
        self._say_looking(further)
        if further:
            self.next_page()
        if first and results.left:
            words = self.tr("{left} exchanges are still to be taken up by the search.").format(left=f"{results.left:,}")
            self._context.go.toast(Tone.NEUTRAL, words)
        self._seen.start()

    def _say_looking(self, looking: bool) -> None:
        """Say at the foot that older exchanges are looked at, with the way to stop it; what others say there stays."""
        if looking and not self._looking:
            self._context.go.working(self.tr("Looking further back"), self.stop)
        elif self._looking and not looking:
            self._context.go.working("")
        self._looking = looking

    def _ask_places(self) -> None:
        """Ask where the hits of the rows in view stand, some at a time."""
        wanted = [self._hits[id] for id in self._in_view() if id in self._hits]
        fresh = [one for one in wanted if one not in self._places and one not in self._waiting][:AT_ONCE]
        if not fresh:
            return
        text, now = self._text, self._round
        self._waiting.update(fresh)

        def answered(places: dict[str, Snippet] | None, error: BaseException | None) -> None:
            if now != self._round:
                return
            self._waiting.difference_update(fresh)
            if places is None:
                if error is not None:
                    self._context.go.failed(error)
                return
            self._places.update({one: places.get(one) for one in fresh})
            self.placed.emit()
            self._ask_places()

        self._context.bridge.submit(self._context.session.searching.snippets(text, fresh), answered)

    # searches under a name

    def _ask_menu(self) -> None:
        self._context.bridge.submit(self._context.session.searching.saved(), self._open_menu)

    def _open_menu(self, saved: Sequence[SavedSearch] | None, error: BaseException | None) -> None:
        if saved is None:
            if error is not None:
                self._context.go.failed(error)
            return
        menu = QMenu(self._owner)
        menu.setObjectName("search-menu")
        for one in saved:
            menu.addAction(one.name, self._searching(one)).setToolTip(one.text)
        if saved:
            menu.addSeparator()
        keep = menu.addAction(self.tr("Keep this search..."), self._keep)
        keep.setEnabled(bool(self._box.text()))
        if saved:
            forget = menu.addMenu(self.tr("Forget"))
            for one in saved:
                forget.addAction(one.name, self._forgetting(one))
        fields = menu.addMenu(self.tr("Search a field"))
        for name, about in self._context.session.searching.fields:
            fields.addAction(f"{name}:  {about}", self._adding(name))
        menu.setToolTipsVisible(True)
        menu.popup(self._box.below())

    def _searching(self, saved: SavedSearch) -> Callable[[], None]:
        return lambda: self._box.search(saved.text)

    def _forgetting(self, saved: SavedSearch) -> Callable[[], None]:
        return lambda: self._change(self._context.session.searching.forget(saved.name))

    def _adding(self, name: str) -> Callable[[], None]:
        return lambda: self._add_field(name)

    def _add_field(self, name: str) -> None:
        field = self._box.field
        field.setText(f"{field.text().strip()} {name}:".strip())
        field.setFocus()

    def _keep(self) -> None:
        text = self._box.text()
        name = ask_name(self._owner, self.tr("Keep this search"), text)
        if name:
            self._change(self._context.session.searching.save(name, text))

    def _change(self, change: Coroutine[Any, Any, object]) -> None:
        def answered(_: object, error: BaseException | None) -> None:
            if error is not None:
                self._context.go.failed(error)

        self._context.bridge.submit(change, answered)


def paint_place(paint: RowPaint, place: QRectF, snippet: Snippet) -> None:
    """One line that tells where a hit stands, with the hit marked."""
    caption = font("caption")
    metrics, bold = QFontMetricsF(caption), QFontMetricsF(font("caption", 600))
    label = f"{snippet.label}: " if snippet.label else ""
    x = place.x() + paint.text(place, label, step="caption", role="text3")
    end, at = place.right(), 0
    for start, length in (*snippet.marks, (len(snippet.text), 0)):
        for words, marked in ((snippet.text[at:start], False), (snippet.text[start : start + length], True)):
            if not words or x >= end:
                continue
            wide = min((bold if marked else metrics).horizontalAdvance(words) + 1, end - x)
            box = QRectF(x, place.y(), wide, place.height())
            if marked:
                rounded(paint.painter, box.adjusted(-1, 0, 1, 0), scaled(3), fill=paint.theme.warning.bg)
            paint.text(box, words, step="caption", weight=600 if marked else 400, role="text" if marked else "text2")
            x += wide
        at = max(at, start + length)
