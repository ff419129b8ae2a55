"""The list of conversations at work: pages, filters, pins, notes, what is read, and rows that change while one looks.

Turns gestures at the list into questions to the session; what stands in a row is decided there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QMenu

from workbench.session.events import (
    ConversationChanged,
    ConversationsRegrouped,
    ExchangeRecorded,
    HistoryPurged,
    VerdictReady,
)
from workbench.ui.panels.timeline_care import CareMenu
from workbench.ui.panels.timeline_filters import FilterPopup
from workbench.ui.panels.timeline_merging import MergeDesk
from workbench.ui.panels.timeline_notes import NoteDialog
from workbench.ui.panels.timeline_search import SearchDesk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workbench.history import ConversationFilter, ConversationRow
    from workbench.session.events import SessionEvent
    from workbench.session.listing import FilterGroup
    from workbench.ui.context import PanelContext
    from workbench.ui.panels.timeline_list import ConversationList

SOON_MS = 120
"""Verdicts that come together are counted together."""
TOGETHER_MS = 50
"""What is recorded within this time of what was shown last is shown together."""


class ListDesk(QObject):
    """Fills a list. `front` gives the open conversation, `opened` opens one, `seen` tells whether a person sees it."""

    def __init__(
        self,
        context: PanelContext,
        shown: ConversationList,
        front: Callable[[], str],
        opened: Callable[[str], None],
        seen: Callable[[], bool],
    ) -> None:
        super().__init__(shown)
        self._context = context
        self._list = shown
        self._front = front
        self._opened = opened
        self._seen = seen
        self._stale: set[str] = set()
        self._touched: set[str] = set()
        """Conversations that went on while rows are read: what is read of them may be older."""
        self._reading = False
        self._popup = FilterPopup(shown, shown.model.now)
        self._arrived: list[ExchangeRecorded] = []
        self._together = QTimer(self, singleShot=True, interval=TOGETHER_MS)
        self._together.timeout.connect(self._take_in)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._freshen)
        self._menu = QMenu(shown)
        self._menu.setObjectName("conversation-menu")
        self._menu.setAccessibleName(self.tr("What can be done with this conversation"))
        self._pin = self._menu.addAction(self.tr("Pin to the top"))
        self._pin.setObjectName("pin-conversation")
        self._note = self._menu.addAction(self.tr("Note..."))
        self._note.setObjectName("note-conversation")
        self._pin.triggered.connect(self._on_pin)
        self._note.triggered.connect(self._on_note)
        self._row: ConversationRow | None = None
        self._search = SearchDesk(context, shown, shown.search, shown.in_view, self._popup.chosen)
        self._search.found.connect(self._on_found)
        self._search.placed.connect(shown.repaint_rows)
        shown.place_of = self._search.place_of
        shown.scrolled.connect(self._search.on_scrolled)
        self._menu.addSeparator()
        self._merging = MergeDesk(context, shown, front, opened)
        self._merging.add_to(self._menu)
        self._care = CareMenu(context, self._menu, shown)
        shown.searched.connect(self.read_page)
        shown.more_wanted.connect(self._on_more)
        shown.menu_wanted.connect(self._on_menu)
        shown.filter_wanted.connect(self._on_filter)
        shown.all_wanted.connect(self._popup.clear)
        self._popup.changed.connect(self._on_changed)

    # pages

    def read_page(self, _: str = "") -> None:
        """Read the first page of what is searched for and chosen."""
        if self._list.typed():
            self._search.first_page()
            return
        asked = self._context.session.listing.page(None, self._list.typed(), self._popup.chosen())
        self._context.bridge.submit(asked, self._on_first_page)

    def _on_first_page(self, rows: Sequence[ConversationRow] | None, error: BaseException | None) -> None:
        if rows is None:
            self._fail(error)
            return
        self._take_in()
        if not self._front() and rows:
            self._opened(rows[0].id)
        self._list.show_rows(rows, self._front())

    def hit_of(self, conversation: str) -> str:
        """The exchange that a conversation was found by; empty where nothing is searched for."""
        return self._search.hit_of(conversation) if self._list.typed() else ""

    def _on_found(self, rows: Sequence[ConversationRow], first: bool) -> None:
        self._take_in()
        if first:
            self._list.show_rows(rows, self._front(), self._search.more)
        else:
            self._append(rows, self._search.more)

    def _on_more(self, last: ConversationRow) -> None:
        if self._list.typed():
            self._search.next_page()
            return
        asked = self._context.session.listing.page(last.key, self._list.typed(), self._popup.chosen())
        self._context.bridge.submit(asked, self._on_page)

    def _on_page(self, rows: Sequence[ConversationRow] | None, error: BaseException | None) -> None:
        if rows is None:
            self._fail(error)
        else:
            self._take_in()
            self._append(rows)

    def _append(self, rows: Sequence[ConversationRow], more: bool | None = None) -> None:
        self._list.append(rows, more)
        self._choose_again()

    # filters

    def _on_filter(self, place: QPoint) -> None:
        self._context.bridge.submit(self._context.session.listing.groups(), self._on_groups)
        self._popup.open(place)

    def _on_groups(self, groups: Sequence[FilterGroup] | None, error: BaseException | None) -> None:
        if groups is None:
            self._fail(error)
        else:
            self._popup.show_groups(groups)

    def _on_changed(self, chosen: ConversationFilter) -> None:
        self._list.show_filter(chosen.count, self._popup.words())
        self.read_page()

    # what goes on

    def on_event(self, event: SessionEvent) -> None:
        """Keep the rows true."""
        if isinstance(event, ExchangeRecorded):
            self._touched.add(event.conversation.id)
            self._arrived.append(event)
            if not self._together.isActive():
                self._take_in()
        elif isinstance(event, ConversationChanged):
            self._touched.add(event.conversation.id)
            self._take_in()
            self._list.change(event.conversation)
        elif isinstance(event, ConversationsRegrouped | HistoryPurged):
            self.read_page()
        elif isinstance(event, VerdictReady) and event.conversation:
            self._stale.add(event.conversation)
            self._freshen_soon()

    def _take_in(self) -> None:
        """Show what was recorded since the last time, however much: each change has the whole list laid out anew."""
        if not self._arrived:
            return
        events, self._arrived = self._arrived, []
        latest: dict[str, ConversationRow] = {}
        gone: dict[str, None] = {}
        for event in events:
            row = event.conversation
            if event.exchange != row.id:  # what it was by itself is a part of that one now
                latest.pop(event.exchange, None)
                gone[event.exchange] = None
            latest[row.id] = row
            gone.pop(row.id, None)
        self._list.put((row for row in latest.values() if row.listed), gone)
        self._choose_again()
        self._together.start()

    def _choose_again(self) -> None:
        """The open conversation is the chosen one as soon as its row has come."""
        if self._list.standing()[0] < 0 and self._front():
            self._list.choose(self._front(), into_view=False)

    def _freshen(self) -> None:
        """Read rows again whose findings were counted anew."""
        stale, self._stale = self._stale, set()
        self._touched.clear()
        self._reading = True
        self._context.bridge.submit(self._context.session.listing.rows(stale), self._on_rows)

    def _on_rows(self, rows: Sequence[ConversationRow] | None, error: BaseException | None) -> None:
        self._reading = False
        if rows is None:
            self._fail(error)
        else:
            self._stale.update(row.id for row in rows if row.id in self._touched)
            self._take_in()
            self._list.change(*(row for row in rows if row.id not in self._touched))
        if self._stale:
            self._freshen_soon()

    def _freshen_soon(self) -> None:
        if not self._reading and not self._soon.isActive():
            self._soon.start()

    def _on_row(self, row: ConversationRow | None, error: BaseException | None) -> None:
        if row is not None:
            self._take_in()
            self._list.change(row)
        elif not isinstance(error, KeyError):
            self._fail(error)

    def looked_at(self, row: ConversationRow) -> None:
        """A person sees this conversation: what came in is no news any more."""
        if row.unread and self._seen():
            self._context.bridge.submit(self._context.session.listing.read(row.id), self._on_row)

    # marks

    def _on_menu(self, row: ConversationRow, place: QPoint) -> None:
        self._row = row
        status = self._context.status()
        writable = status is None or not status.read_only
        self._pin.setText(self.tr("Unpin") if row.pinned else self.tr("Pin to the top"))
        for action in (self._pin, self._note):
            action.setEnabled(writable)
        self._merging.about(row, writable=writable)
        self._care.about(row, writable=writable)
        self._menu.popup(place)

    def _on_pin(self) -> None:
        if self._row is not None:
            work = self._context.session.listing.pin(self._row.id, not self._row.pinned)
            self._context.bridge.submit(work, self._on_row)

    def _on_note(self) -> None:
        if self._row is not None:
            NoteDialog(self._context, self._row, self._list).open()

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)
