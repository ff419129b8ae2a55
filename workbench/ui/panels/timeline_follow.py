"""Follow up: what may follow the chosen message, the slots where one is to be booked, and the drafts it gives.

Asks the session; what can follow and why not is decided there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint

from workbench.session.linking import Follow
from workbench.session.views import Choice, Tone
from workbench.ui.actions import ActionId
from workbench.ui.theme import scaled
from workbench.ui.widgets import ChoicePopup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from workbench.session.linking import SlotsFound
    from workbench.session.views import DraftView
    from workbench.ui.context import PanelContext

WIDTH = 420
"""Design pixels of the lists."""
_BOOKS = (Follow.BOOK, Follow.REBOOK)


class FollowDesk(QObject):
    """Opens under `owner`; `front` gives the id of the chosen exchange, empty while there is none."""

    def __init__(self, context: PanelContext, owner: QWidget, front: Callable[[], str]) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._front = front
        self._exchange = ""
        self._search = ""
        self._what = Follow.BOOK
        self._ways = ChoicePopup(owner, self.tr("Follow up"))
        self._ways.setObjectName("follow-menu")
        self._ways.picked.connect(self._on_way)
        self._slots = ChoicePopup(owner, self.tr("Slots"))
        self._slots.setObjectName("slot-menu")
        self._slots.picked.connect(self._on_slot)
        context.actions[ActionId.FOLLOW_UP].triggered.connect(self.open)

    def open(self) -> None:
        """Ask what may follow, and show it."""
        self._exchange = self._front()
        if self._exchange:
            offered = self._context.session.linking.offers(self._exchange)
            self._context.bridge.submit(offered, self._on_offers)

    def _on_offers(self, choices: Sequence[Choice] | None, error: BaseException | None) -> None:
        if choices is None:
            self._fail(error)
        elif self._front() == self._exchange:  # else another message was chosen meanwhile
            self._show(self._ways, choices)

    def _on_way(self, id: str) -> None:
        self._what = Follow(id)
        linking = self._context.session.linking
        if self._what in _BOOKS:
            self._context.go.working(self.tr("Searching for slots"))
            self._context.bridge.submit(linking.slots(self._exchange), self._on_slots)
        else:
            self._context.bridge.submit(linking.follow(self._exchange, self._what), self._on_drafts)

    def _on_slots(self, found: SlotsFound | None, error: BaseException | None) -> None:
        self._context.go.working("")
        if found is None:
            self._fail(error)
            return
        self._search = found.exchange
        if not found.rows:
            self._context.go.toast(Tone.WARNING, self.tr("The service offers no slot in the next seven days."))
            return
        choices = [
            Choice(
                row.id,
                f"{row.start:%H:%M}" + (f" to {row.end:%H:%M}" if row.end is not None else ""),
                row.where,
                f"{row.start:%A %d %B}",
                "" if row.free else self.tr("It is {status}").format(status=row.status),
            )
            for row in found.rows
        ]
        self._show(self._slots, choices)

    def _on_slot(self, slot: str) -> None:
        followed = self._context.session.linking.follow(self._exchange, self._what, (self._search, slot))
        self._context.bridge.submit(followed, self._on_drafts)

    def _on_drafts(self, drafts: tuple[DraftView, ...] | None, error: BaseException | None) -> None:
        if drafts is None:
            self._fail(error)
            return
        self._context.go.open_draft(drafts[0])
        if len(drafts) > 1:
            words = self.tr("Send this one first. '{title}' is among the drafts, under Templates.")
            self._context.go.toast(Tone.OK, words.format(title=drafts[1].title))

    def _show(self, popup: ChoicePopup, choices: Sequence[Choice]) -> None:
        width = min(scaled(WIDTH), self._owner.window().width())
        popup.open(choices, "", self._owner.mapToGlobal(QPoint(0, self._owner.height() + 2)), width)

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)
