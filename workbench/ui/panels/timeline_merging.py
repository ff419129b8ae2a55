"""Making two conversations one by hand, and parting them again: the picker, the menu entries, the way back.

Asks the session; what belongs together is decided there.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint

from workbench.session.views import Tone
from workbench.ui.actions import ActionId
from workbench.ui.theme import scaled
from workbench.ui.widgets import ChoicePopup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QMenu, QWidget

    from workbench.history import ConversationRow
    from workbench.session.views import Choice
    from workbench.ui.context import PanelContext

WIDTH = 460
"""Design pixels of the list."""


class MergeDesk(QObject):
    """`front` gives the open conversation, empty while there is none; `opened` shows one."""

    def __init__(
        self, context: PanelContext, owner: QWidget, front: Callable[[], str], opened: Callable[[str], None]
    ) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._front = front
        self._opened = opened
        self._about = ""
        self._mates = ChoicePopup(owner, self.tr("Conversations to merge with"))
        self._mates.setObjectName("conversation-mates")
        self._mates.picked.connect(self._on_mate)
        context.actions[ActionId.MERGE].triggered.connect(self._on_action)

    def add_to(self, menu: QMenu) -> None:
        """Add the two entries to the menu of a conversation."""
        self._merge = menu.addAction(self.tr("Merge with..."))
        self._merge.setObjectName("merge-conversation")
        self._merge.triggered.connect(self._on_merge)
        self._part = menu.addAction(self.tr("Part what was merged"))
        self._part.setObjectName("part-conversation")
        self._part.triggered.connect(self._on_part)

    def about(self, row: ConversationRow, *, writable: bool) -> None:
        """Say which conversation the menu is about; whether it was merged is read now."""
        self._about = row.id
        self._merge.setEnabled(writable)
        self._part.setEnabled(False)
        if writable:
            asked = self._context.session.relating.merged(row.id)
            self._context.bridge.submit(asked, partial(self._on_merged, row.id))

    def _on_merged(self, conversation: str, merged: bool | None, error: BaseException | None) -> None:
        if merged is None:
            self._fail(error)
        elif conversation == self._about:
            self._part.setEnabled(merged)

    def _on_action(self) -> None:
        self._about = self._front()
        self._on_merge()

    def _on_merge(self) -> None:
        if self._about:
            asked = self._context.session.relating.mates(self._about)
            self._context.bridge.submit(asked, self._on_mates)

    def _on_mates(self, choices: Sequence[Choice] | None, error: BaseException | None) -> None:
        if choices is None:
            self._fail(error)
        elif not choices:
            self._context.go.toast(Tone.NOTE, self.tr("There is no other conversation."))
        else:
            wide = scaled(WIDTH)
            window = self._owner.window()
            corner = QPoint((window.width() - wide) // 2, scaled(90))
            self._mates.open(choices, "", window.mapToGlobal(corner), wide)

    def _on_mate(self, other: str) -> None:
        self._context.bridge.submit(self._context.session.relating.merge(self._about, other), self._on_done)

    def _on_done(self, row: ConversationRow | None, error: BaseException | None) -> None:
        if row is None:
            self._fail(error)
            return
        self._opened(row.id)
        words = self.tr("Merged. It stays one conversation, whatever its ids say.")
        self._context.go.toast(Tone.OK, words, self.tr("Part again"), partial(self._take_back, row.id))

    def _on_part(self) -> None:
        self._take_back(self._about)

    def _take_back(self, conversation: str) -> None:
        self._context.bridge.submit(self._context.session.relating.part(conversation), self._on_parted)

    def _on_parted(self, row: ConversationRow | None, error: BaseException | None) -> None:
        if row is None:
            self._fail(error)
            return
        self._opened(row.id)
        self._context.go.toast(Tone.OK, self.tr("Parted: each is a conversation of its own again."))

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)
