"""The one message that a person has asked to see unmasked, until another one is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.ui.actions import ActionId

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from workbench.ui.context import PanelContext


class BareLeg(QObject):
    """`front` gives the chosen leg, `show` shows a leg again once a person has confirmed to see it unmasked."""

    def __init__(
        self, context: PanelContext, owner: QWidget, front: Callable[[], str], show: Callable[[str], None]
    ) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._front = front
        self._show = show
        self._leg = ""
        self._masked = False
        context.actions[ActionId.UNMASK].triggered.connect(self._on_asked)

    @property
    def masked(self) -> bool:
        """Whether people are masked now."""
        status = self._context.status()
        return status is not None and status.masked

    def switched(self) -> bool:
        """Whether the switch was turned since this was asked last: then nothing is shown unmasked any more."""
        turned, self._masked = self.masked != self._masked, self.masked
        if turned:
            self._leg = ""
        return turned

    def holds(self, leg: str) -> bool:
        """Whether this leg is to be shown unmasked; choosing another one ends it."""
        if leg != self._leg:
            self._leg = ""
        return bool(self._leg)

    def confirmed(self) -> bool:
        """Whether the chosen message may be shown as it is elsewhere too: asked only while people are masked."""
        from workbench.ui.shell import dialogs

        return not self.masked or self.holds(self._front()) or dialogs.ask_unmasked(self._owner)

    def _on_asked(self) -> None:
        from workbench.ui.shell import dialogs

        leg = self._front() if self._owner.isVisible() else ""  # the panel in front is asked
        if leg and self.masked and dialogs.ask_unmasked(self._owner):
            self._leg = leg
            self._show(leg)
