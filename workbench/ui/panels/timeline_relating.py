"""Putting the chosen message into another conversation by hand, taking it out of its own, and taking that back.

Asks the session; what may belong together is decided there.
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
    from collections.abc import Callable, Coroutine, Sequence

    from PySide6.QtWidgets import QWidget

    from workbench.history import ConversationRow
    from workbench.session.views import Choice
    from workbench.ui.context import PanelContext

WIDTH = 460
"""Design pixels of the list."""


class RelateDesk(QObject):
    """`front` gives the chosen exchange, empty while there is none; `opened` shows a conversation with a leg."""

    def __init__(
        self,
        context: PanelContext,
        owner: QWidget,
        front: Callable[[], str],
        opened: Callable[[str, str], None],
    ) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._front = front
        self._opened = opened
        self._exchange = ""
        self._targets = ChoicePopup(owner, self.tr("Conversations"))
        self._targets.setObjectName("conversation-targets")
        self._targets.picked.connect(self._on_target)
        context.actions[ActionId.BELONGS].triggered.connect(self._ask)
        context.actions[ActionId.UNLINK].triggered.connect(self._unlink)
        context.actions[ActionId.RELEASE].triggered.connect(self._release)

    def _ask(self) -> None:
        self._exchange = self._front()
        if self._exchange:
            asked = self._context.session.relating.targets(self._exchange)
            self._context.bridge.submit(asked, self._on_targets)

    def _on_targets(self, choices: Sequence[Choice] | None, error: BaseException | None) -> None:
        if choices is None:
            self._fail(error)
        elif not choices:
            self._context.go.toast(Tone.NOTE, self.tr("There is no other conversation."))
        else:
            wide = scaled(WIDTH)
            corner = QPoint((self._owner.width() - wide) // 2, scaled(90))
            self._targets.open(choices, "", self._owner.mapToGlobal(corner), wide)

    def _on_target(self, conversation: str) -> None:
        work = self._context.session.relating.link(self._exchange, conversation)
        self._do(self._exchange, work, self.tr("Linked by hand. It stays here, whatever its ids say."))

    def _unlink(self) -> None:
        exchange = self._front()
        if exchange:
            work = self._context.session.relating.unlink(exchange)
            self._do(exchange, work, self.tr("Unlinked. It is a conversation of its own now."))

    def _release(self) -> None:
        exchange = self._front()
        if exchange:
            work = self._context.session.relating.release(exchange)
            self._do(exchange, work, self.tr("Its ids decide again where it belongs."))

    def _do(self, exchange: str, work: Coroutine[None, None, ConversationRow], words: str) -> None:
        self._context.bridge.submit(work, partial(self._on_done, exchange, words))

    def _on_done(self, exchange: str, words: str, row: ConversationRow | None, error: BaseException | None) -> None:
        if row is None:
            self._fail(error)
            return
        self._opened(row.id, exchange)
        self._context.go.toast(Tone.OK, words)

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)
