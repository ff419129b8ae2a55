"""The conversations at the left of the timeline: search, filter, pages as one scrolls, marks, live.

Shows rows and tells gestures; it asks for nothing itself.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.correlation import ConversationState
from workbench.session.conversation_words import moment, state_words
from workbench.ui.models.conversations import PAGE, ROW_ROLE, ConversationModel
from workbench.ui.panels.timeline_filters import FilterLine
from workbench.ui.panels.timeline_search import SearchBox, paint_place
from workbench.ui.theme import colour, em, font, scaled
from workbench.ui.widgets import (
    Area,
    EmptyState,
    Label,
    RowDelegate,
    RowPaint,
    TallList,
    column,
    row,
    set_kind,
    tool,
)
from workbench.ui.widgets.painting import text_width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from workbench.history import ConversationRow
    from workbench.session.found_places import Snippet
    from workbench.ui.widgets.rows import Index

_EDGE = 18
MOST, KEPT = 1000, 600
"""Rows from which on only the newest are kept, and how many those are."""


class ConversationList(Area):
    """`chosen(str)` carries a conversation's id, `searched(str)` what was typed, `more_wanted(object)` the last row.

    `settled` tells that a person clicked a row or pressed Enter on it, the chosen one included.
    """

    chosen = Signal(str)
    settled = Signal()
    searched = Signal(str)
    more_wanted = Signal(object)
    scrolled = Signal()
    menu_wanted = Signal(object, QPoint)
    """A ConversationRow and the place of the screen at which its menu is wanted."""
    counted = Signal()
    """How many there are, or which of them is chosen, may be otherwise now."""
    filter_wanted = Signal(QPoint)
    all_wanted = Signal()

    def __init__(self, empty: EmptyState, clock: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(role="surface", parent=parent)
        self.model = ConversationModel(clock)
        self._count = Label("", step="caption", role="text3")
        self.search = SearchBox()
        """The one search box."""
        self.place_of: Callable[[str], Snippet | None] = _nowhere
        """Where the hit of a conversation stands, while something is searched for."""
        self._filter = tool(
            self.tr("Filter the conversations"), "filter", self._on_filter, icon_only=True, name="filter-conversations"
        )
        self._only = FilterLine()
        self._only.all_wanted.connect(self.all_wanted)
        self._filtered = False
        head = Area(
            column(
                row(Label(self.tr("Conversations"), step="lead", weight=600), self._count, None, self._filter),
                self.search,
                margins=(16, 8, 12, 8),
                spacing=6,
            ),
            role="surface",
            edges="b",
        )
        head.setMinimumHeight(scaled(82))
        self._list = TallList(
            self.model,
            RowDelegate(None, lambda _: self._height(), self._paint),
            self._made_of,
            name=self.tr("Conversations"),
            object_name="conversations",
        )
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.show_height(self._height())
        self._list.customContextMenuRequested.connect(self._on_menu)
        words = self.tr("Fewer letters or filters find more.")
        self._nothing = EmptyState("search", self.tr("Nothing found"), words)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._list.viewport().update)
        self._pages = QStackedWidget()
        for page in (self._list, empty, self._nothing):
            self._pages.addWidget(page)
        self._empty = empty
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._only)
        layout.addWidget(self._pages, 1)
        self._list.selectionModel().currentChanged.connect(self._on_current)
        self._list.clicked.connect(self.settled)
        self._list.activated.connect(self.settled)
        self.search.searched.connect(self.searched)
        self.model.page_wanted.connect(self.more_wanted)
        self._list.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._quiet = False
        self._awaited = ""
        """The conversation that is brought into view as soon as its row comes."""

    def typed(self) -> str:
        """What is searched for."""
        return self.search.text()

    def standing(self) -> tuple[int, int, bool]:
        """Which row is chosen (-1 for none), how many there are, and whether more of them can be asked for."""
        return self._list.currentIndex().row(), self.model.rowCount(), self.model.canFetchMore(QModelIndex())

    def in_view(self) -> list[str]:
        """Ids of the conversations that are to be seen now, from the top."""
        first = self._list.indexAt(QPoint(1, 1)).row()
        last = self._list.indexAt(QPoint(1, self._list.viewport().height() - 2)).row()
        last = last if last >= 0 else self.model.rowCount() - 1
        return [self.model.at(place).id for place in range(max(0, first), last + 1)]

    def repaint_rows(self) -> None:
        """Paint the rows again: what is known of their hits has changed."""
        self._list.viewport().update()

    def show_rows(self, rows: Sequence[ConversationRow], current: str, more: bool | None = None) -> None:
        """Show the first page, the current conversation chosen if it is among them; `more` as the model has it."""
        self._quiet = True
        self._list.show_height(self._height())
        self.model.show(rows, more)
        self.choose(current)
        self._quiet = False
        self._count_up()

    def append(self, rows: Sequence[ConversationRow], more: bool | None = None) -> None:
        """Add a page that was asked for."""
        self.model.append(rows, more)
        self._count_up()

    def put(self, conversations: Iterable[ConversationRow], gone: Iterable[str] = ()) -> None:
        """Conversations that are new or went on, and ids of those that went into others; while something is left out,
        only rows that are shown change."""
        self._quiet = True
        chosen = self._list.currentIndex()
        id = self.model.at(chosen.row()).id if chosen.isValid() else ""
        with self._still():
            for one in gone:
                self.model.drop(one)
            if self.typed():  # hits stand in the order in which they were found
                self.model.replace(*conversations)
            else:
                self.model.put(*(one for one in conversations if not self._filtered or self.model.row_of(one.id) >= 0))
                self._forget_some()
            if id and self.model.row_of(id) < 0:  # Qt chose the one beside it
                self._list.setCurrentIndex(QModelIndex())
        self._quiet = False
        self._count_up()

    @contextmanager
    def _still(self) -> Iterator[None]:
        """Rows are chosen without scrolling to them."""
        self._list.setAutoScroll(False)
        try:
            yield
        finally:
            self._list.setAutoScroll(True)

    def change(self, *conversations: ConversationRow) -> None:
        """Conversations whose rows say something else now, where they are shown."""
        shown = [one for one in conversations if self.model.row_of(one.id) >= 0]
        if shown:
            self.put(shown)

    def _forget_some(self) -> None:
        """Of very many rows keep the newest, unless a person looks at rows further down: the others come again as they
        scroll, also the chosen one."""
        if self.model.rowCount() <= MOST:
            return
        lowest = self._list.indexAt(QPoint(1, self._list.viewport().height() - 2)).row()
        if lowest < KEPT - PAGE:
            self.model.forget(KEPT)

    def show_filter(self, count: int, words: str) -> None:
        """Say what is chosen: so many conditions, in words."""
        self._filtered = count > 0
        self._only.show_words(words if count else "")
        text = self.tr("Filter the conversations")
        told = self.tr("{text}, {count} set").format(text=text, count=count) if count else text
        self._filter.setAccessibleName(told)
        self._filter.setToolTip(told)
        set_kind(self._filter, "boxed" if count else "ghost")

    def choose(self, id: str, *, into_view: bool = True) -> None:
        """Choose a conversation without telling anybody, and bring it into view, be it when its row has come."""
        before, self._quiet = self._quiet, True
        place = self.model.row_of(id)
        into_view = into_view or id == self._awaited
        self._awaited = id if into_view and place < 0 else ""
        with self._still():
            self._list.setCurrentIndex(self.model.index(place) if place >= 0 else QModelIndex())
        if place >= 0 and into_view:
            self._list.scrollTo(self.model.index(place))
        self._quiet = before
        self.counted.emit()

    def first(self) -> str:
        """Id of the newest conversation, empty when there is none."""
        return self.model.at(0).id if self.model.rowCount() else ""

    def _count_up(self) -> None:
        _, count, more = self.standing()
        self._count.setText(f"{count}{'+' if more else ''}" if count else "")
        narrowed = bool(self.typed()) or self._filtered
        self._pages.setCurrentWidget(self._list if count else self._nothing if narrowed else self._empty)
        if self.model.waiting:
            self._tick.start()
        else:
            self._tick.stop()
        self.counted.emit()

    def _on_scrolled(self, _: int) -> None:
        self.scrolled.emit()

    def _on_filter(self) -> None:
        self.filter_wanted.emit(self._filter.mapToGlobal(QPoint(0, self._filter.height() + 2)))

    def _on_menu(self, place: QPoint) -> None:
        index = self._list.indexAt(place)
        if not index.isValid():
            index = self._list.currentIndex()
            place = self._list.visualRect(index).center()
        if index.isValid():
            self.menu_wanted.emit(self.model.at(index.row()), self._list.viewport().mapToGlobal(place))

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            self.chosen.emit(self.model.at(current.row()).id)

    def _height(self) -> int:
        found = round(em()) + scaled(6) if self.typed() else 0
        return round(3 * em()) + scaled(28) + found

    def _made_of(self, index: Index) -> tuple[object, ...]:
        """What a row's picture depends on; nothing where it says how long has been waited."""
        conversation: ConversationRow = index.data(ROW_ROLE)
        if conversation.state is ConversationState.WAITING:
            return ()
        typed = self.typed()
        place = self.place_of(conversation.id) if typed else None
        return conversation, self.model.now().astimezone().date(), typed, place

    def _paint(self, paint: RowPaint, index: Index) -> None:
        conversation: ConversationRow = index.data(ROW_ROLE)
        now = self.model.now()
        box = paint.box
        line = em()
        left, right = box.x() + scaled(_EDGE), box.right() - scaled(12)
        y = box.y() + scaled(8)
        weight = 700 if conversation.unread else 600
        if conversation.unread:
            paint.painter.setBrush(colour(paint.theme.role("accent")))
            paint.painter.setPen(Qt.PenStyle.NoPen)
            middle = QPointF(left - scaled(8), y + line / 2)
            paint.painter.drawEllipse(middle, scaled(7) / 2, scaled(7) / 2)
        when = moment(conversation.last_activity, now)
        wide = text_width(when, font("caption", 500))
        paint.text(QRectF(right - wide - 2, y, wide + 2, line), when, step="caption", weight=500, role="text3")
        end = right - wide - scaled(8)
        for shown, picture in ((conversation.pinned, "pin"), (bool(conversation.note), "edit")):
            if shown:
                end -= scaled(15)
                paint.shape(picture, end, size=13, role="text3", y=y + line / 2)
                end -= scaled(3)
        paint.text(QRectF(left, y, end - left - scaled(4), line), conversation.title, weight=weight)
        y += line + scaled(2)
        who = " to ".join(part for part in (conversation.sender, conversation.receiver) if part)
        paint.text(QRectF(left, y, right - left, line), who, step="caption", role="text2")
        y += line + scaled(12)
        right = self._attention(paint, conversation, right, y)
        tone, words = state_words(conversation, now)
        end = paint.chip(words, tone.value, left, y, most=right - left)
        patient = QRectF(end + scaled(8), y - line / 2, right - end - scaled(12), line)
        if patient.width() > line:
            paint.text(patient, str(conversation.patient or ""), step="caption", role="text2")
        place = self.place_of(conversation.id) if self.typed() else None
        if place is not None:
            paint_place(paint, QRectF(left, y + line / 2 + scaled(8), box.right() - scaled(12) - left, line), place)
        paint.rule()

    @staticmethod
    def _attention(paint: RowPaint, conversation: ConversationRow, right: float, y: float) -> float:
        """The mark of what a person should look at, with how many things; gives where it begins."""
        if not conversation.attention:
            return right
        count = str(conversation.attention)
        wide = text_width(count, font("caption", 600))
        place = QRectF(right - wide - 2, y - em() / 2, wide + 2, em())
        paint.text(place, count, step="caption", weight=600, role="text2")
        begin = right - wide - scaled(22)
        tone = "error" if conversation.errors else "warning"
        paint.shape(tone, begin, size=15, tone=tone, y=y)
        return begin - scaled(6)


def _nowhere(_: str) -> None:
    """Nothing is known of any hit."""
