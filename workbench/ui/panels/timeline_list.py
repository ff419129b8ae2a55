"""The conversations at the left of the timeline: search, pages as one scrolls, newest activity first, live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRectF, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.session.timeline import state_tone
from workbench.ui.models.conversations import ROW_ROLE, ConversationModel
from workbench.ui.theme import em, font, scaled
from workbench.ui.widgets import Area, EmptyState, Label, RowDelegate, RowPaint, SearchField, column, list_view, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.history import ConversationRow
    from workbench.ui.widgets.rows import Index

_EDGE = 18


class ConversationList(Area):
    """`chosen(str)` carries a conversation's id, `searched(str)` what was typed, `more_wanted(object)` the last row.

    `settled` tells that a person clicked a row or pressed Enter on it, the chosen one included.
    """

    chosen = Signal(str)
    settled = Signal()
    searched = Signal(str)
    more_wanted = Signal(object)

    def __init__(self, empty: EmptyState, parent: QWidget | None = None) -> None:
        super().__init__(role="surface", parent=parent)
        self.model = ConversationModel()
        self._count = Label("", step="caption", role="text3")
        self._search = SearchField(self.tr("Search names, titles, initials"))
        self._search.setObjectName("conversation-search")
        head = Area(
            column(
                row(Label(self.tr("Conversations"), step="lead", weight=600), self._count, None),
                self._search,
                margins=(16, 8, 12, 8),
                spacing=6,
            ),
            role="surface",
            edges="b",
        )
        head.setMinimumHeight(scaled(82))
        self._list = list_view(
            self.model,
            RowDelegate(None, self._height, self._paint),
            name=self.tr("Conversations"),
            object_name="conversations",
        )
        self._nothing = EmptyState("search", self.tr("Nothing found"), self.tr("Fewer letters find more."))
        self._pages = QStackedWidget()
        for page in (self._list, empty, self._nothing):
            self._pages.addWidget(page)
        self._empty = empty
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._pages, 1)
        self._list.selectionModel().currentChanged.connect(self._on_current)
        self._list.clicked.connect(self.settled)
        self._list.activated.connect(self.settled)
        self._search.searched.connect(self.searched)
        self.model.page_wanted.connect(self.more_wanted)
        self._quiet = False

    def typed(self) -> str:
        """What is searched for."""
        return self._search.text().strip()

    def show_rows(self, rows: Sequence[ConversationRow], current: str) -> None:
        """Show the first page, the current conversation chosen if it is among them."""
        self._quiet = True
        self.model.show(rows)
        self.choose(current)
        self._quiet = False
        self._count_up()

    def append(self, rows: Sequence[ConversationRow]) -> None:
        """Add a page that was asked for."""
        self.model.append(rows)
        self._count_up()

    def put(self, conversation: ConversationRow) -> None:
        """A conversation that is new or went on; while something is searched for, the list stays as it is."""
        if self.typed():
            return
        self._quiet = True
        self.model.put(conversation)
        self._quiet = False
        self._count_up()

    def choose(self, id: str) -> None:
        """Choose a conversation without telling anybody."""
        before, self._quiet = self._quiet, True
        place = self.model.row_of(id)
        self._list.setCurrentIndex(self.model.index(place) if place >= 0 else QModelIndex())
        if place >= 0:
            self._list.scrollTo(self.model.index(place))
        self._quiet = before

    def first(self) -> str:
        """Id of the newest conversation, empty when there is none."""
        return self.model.at(0).id if self.model.rowCount() else ""

    def _count_up(self) -> None:
        count = self.model.rowCount()
        self._count.setText(str(count) if count else "")
        self._pages.setCurrentWidget(self._list if count else self._nothing if self.typed() else self._empty)

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            self.chosen.emit(self.model.at(current.row()).id)

    def _height(self, _: Index) -> int:
        return round(3 * em()) + scaled(28)

    def _paint(self, paint: RowPaint, index: Index) -> None:
        conversation: ConversationRow = index.data(ROW_ROLE)
        box = paint.box
        line = em()
        left, right = box.x() + scaled(_EDGE), box.right() - scaled(12)
        y = box.y() + scaled(8)
        when = f"{conversation.last_activity.astimezone():%H:%M}"
        wide = QFontMetricsF(font("caption", 500)).horizontalAdvance(when)
        paint.text(QRectF(right - wide - 2, y, wide + 2, line), when, step="caption", weight=500, role="text3")
        title = QRectF(left, y, right - left - wide - scaled(10), line)
        paint.text(title, conversation.title, weight=600)
        y += line + scaled(2)
        who = " to ".join(part for part in (conversation.sender, conversation.receiver) if part)
        paint.text(QRectF(left, y, right - left, line), who, step="caption", role="text2")
        y += line + scaled(12)
        end = paint.chip(conversation.status_text, state_tone(conversation).value, left, y, most=(right - left) * 0.62)
        patient = QRectF(end + scaled(8), y - line / 2, right - end - scaled(30), line)
        paint.text(patient, str(conversation.patient or ""), step="caption", role="text2")
        if conversation.attention:
            paint.shape("warning", right - scaled(16), size=15, tone="warning", y=y)
        paint.rule()
