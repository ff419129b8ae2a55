"""Break it: the list of named faults that fit the draft in front, and what becomes of the one that is picked.

Asks the session; whoever owns the draft takes the broken text, so that its undo takes it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QPoint, Signal

from workbench.session.views import Tone
from workbench.ui.actions import ActionId
from workbench.ui.theme import scaled
from workbench.ui.widgets import ChoicePopup

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.breaking import BreakMenu, Broken
    from workbench.ui.context import PanelContext
    from workbench.ui.widgets import ActionButton

WIDTH = 640
"""Design pixels of the list: a fault with its answer in a line each."""


class Front(NamedTuple):
    """The draft in front of the person."""

    draft: str
    text: str


class BreakDesk(QObject):
    """`text_broken(asked_of, text, label)` hands over a broken text, `headers_broken` asks for a new verdict."""

    text_broken = Signal(str, str, str)
    headers_broken = Signal()

    def __init__(self, context: PanelContext, button: ActionButton, front: Callable[[], Front | None]) -> None:
        """`front` gives the draft as it stands now; None while there is none."""
        super().__init__(button)
        self._context = context
        self._button = button
        self._front = front
        self._asked: Front | None = None
        self._popup = ChoicePopup(button, self.tr("Faults"))
        self._popup.setObjectName("break-menu")
        self._popup.picked.connect(self._on_picked)
        context.actions[ActionId.BREAK_IT].triggered.connect(self.open)

    def production(self, on: bool) -> None:
        """Off in production, with the reason where the button is."""
        words = self.tr("Break it is off in production: nothing is broken on purpose for real patients.")
        self._button.explain(words if on else "")

    def open(self) -> None:
        """Ask what can be broken, and show it."""
        front = self._front()
        if front is not None:
            self._asked = front
            self._context.bridge.submit(self._context.session.breaking.menu(front.draft, front.text), self._on_menu)

    def _on_menu(self, menu: BreakMenu | None, error: BaseException | None) -> None:
        if menu is None:
            self._fail(error)
        elif menu.reason:
            self._context.go.toast(Tone.WARNING, menu.reason)
        elif self._front() == self._asked:  # else the draft went on meanwhile, and the list is another one
            width = min(scaled(WIDTH), self._button.window().width())
            place = self._button.mapToGlobal(QPoint(self._button.width() - width, self._button.height() + 2))
            self._popup.open(menu.choices, "", place, width)

    def _on_picked(self, mutation: str) -> None:
        front = self._front()
        if front is not None:
            self._asked = front
            broken = self._context.session.breaking.apply(front.draft, front.text, mutation)
            self._context.bridge.submit(broken, self._on_broken)

    def _on_broken(self, broken: Broken | None, error: BaseException | None) -> None:
        if broken is None or self._asked is None:
            self._fail(error)
            return
        if broken.headers:
            self._context.go.toast(Tone.WARNING, f"{broken.label}. {broken.expected}.", self.tr("Undo"), self._undo)
            self.headers_broken.emit()
            return
        now = self._front()
        if now is None or now != self._asked:  # what was typed meanwhile is worth more than the answer
            self._context.go.toast(Tone.WARNING, self.tr("The draft has changed meanwhile; nothing was broken."))
            return
        self.text_broken.emit(self._asked.text, broken.text, broken.label)
        words = self.tr("{label}. {expected}. Undo takes it back.")
        self._context.go.toast(Tone.WARNING, words.format(label=broken.label, expected=broken.expected))

    def _undo(self) -> None:
        """Give the draft whose headers were broken last the ones it had before."""
        if self._asked is not None:
            back = self._context.session.breaking.take_back(self._asked.draft)
            self._context.bridge.submit(back, self._on_taken_back)

    def _on_taken_back(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
        else:
            self.headers_broken.emit()

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)
