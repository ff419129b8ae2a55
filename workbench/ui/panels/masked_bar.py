"""The badge that says whether people are masked in what stands beside it, and the deliberate step to see them.

Asks the person; what is masked is decided in the session, and given anew by whoever listens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.ui.widgets import Chip, button, row

if TYPE_CHECKING:
    from workbench.ui.context import PanelContext


class MaskedBar(QWidget):
    """`unmask_wanted` tells that a person has confirmed to see what stands beside it as it is.

    Not to be seen while nobody is masked in this window.
    """

    unmask_wanted = Signal()

    def __init__(self, context: PanelContext, name: str) -> None:
        super().__init__()
        self._context = context
        self._on = self._masked_now()
        self._masked = False
        self._chip = Chip("")
        self._chip.setObjectName(f"{name}-masked")
        self._show = button(self.tr("Show it unmasked..."), self._on_show, kind="link", name=f"{name}-unmask")
        self.setLayout(row(self._chip, self._show, spacing=8))
        self.hide()

    @property
    def masked(self) -> bool:
        """Whether what stands beside it was told to be masked."""
        return self._masked

    def switched(self) -> bool:
        """Whether the switch of the window was turned since this was asked last."""
        turned, self._on = self._masked_now() != self._on, self._masked_now()
        return turned

    def show_state(self, masked: bool) -> None:
        """Say whether what stands beside it is masked."""
        self._masked = masked
        self._show.setVisible(masked)
        if masked:
            self._chip.show_status(self.tr("Masked"), "neutral", icon="eyeoff")
        else:
            self._chip.show_status(self.tr("Not masked"), "warning", icon="eye")
        self.setVisible(self._masked_now())

    def confirmed(self) -> bool:
        """Whether people may be given away as they are: asked only while they are masked."""
        from workbench.ui.shell import dialogs

        return not self._masked_now() or dialogs.ask_unmasked(self)

    def _masked_now(self) -> bool:
        status = self._context.status()
        return status is not None and status.masked

    def _on_show(self) -> None:
        if self.confirmed():
            self.unmask_wanted.emit()
