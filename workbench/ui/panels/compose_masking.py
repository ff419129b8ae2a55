"""The draft in front while people are masked: for reading only, until a person asks to see it as it is.

The same switch, masks and question as in the timeline. It must not know how a draft is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.ui.actions import ActionId
from workbench.ui.panels.timeline_masking import BareLeg
from workbench.ui.widgets import Area, Chip, Label, button, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from workbench.session.views import DraftVerdict
    from workbench.ui.context import PanelContext


class MaskStrip(Area):
    """Says that people are masked, or that they are not in this draft, with the step to the other."""

    def __init__(self, unmask: Callable[[], None], mask: Callable[[], None], parent: QWidget | None = None) -> None:
        self._chip = Chip("", "neutral", icon="eyeoff")
        self._chip.setObjectName("draft-masked")
        self._words = Label("", step="caption", role="text2", wrap=True)
        self._words.setObjectName("draft-masked-words")
        self._unmask = button(self.tr("Show the real text to edit"), unmask, kind="link", name="unmask-draft")
        self._mask = button(self.tr("Mask it again"), mask, kind="link", name="mask-draft")
        super().__init__(
            row(self._chip, (self._words, 1), self._unmask, self._mask, margins=(16, 6, 10, 6), spacing=10),
            role="sunken",
            edges="b",
            parent=parent,
        )
        self.hide()

    def show_state(self, *, switched_on: bool, masked: bool) -> None:
        """Whether people are masked at all, and whether this draft is."""
        self.setVisible(switched_on)
        self._unmask.setVisible(masked)
        self._mask.setVisible(not masked)
        if masked:
            self._chip.show_status(self.tr("Masked"), "neutral", icon="eyeoff")
            words = self.tr("People here are invented, so this is for reading. The draft stays, and is sent, as it is.")
        else:
            self._chip.show_status(self.tr("Not masked"), "warning", icon="eye")
            words = self.tr("People are shown as they are in this draft, until another one is in front.")
        self._words.setText(words)


class MaskDesk(QObject):
    """`shown(object)` carries the DraftVerdict to show; `turned` tells that the draft is to be shown otherwise."""

    shown = Signal(object)
    turned = Signal()

    def __init__(self, context: PanelContext, owner: QWidget, front: Callable[[], str]) -> None:
        """`front` gives the id of the draft in front, empty while there is none."""
        super().__init__(owner)
        self._context = context
        self._front = front
        self._bare = BareLeg(context, owner, front, self._on_bare)
        self.strip = MaskStrip(context.actions[ActionId.UNMASK].trigger, self._on_masked)

    @property
    def masked(self) -> bool:
        """Whether the draft in front is shown without its people."""
        return self._bare.masked and not self._bare.holds(self._front())

    def look(self) -> bool:
        """Show how the draft in front is shown; tells whether the switch was turned since this was asked last."""
        turned = self._bare.switched()
        self.strip.show_state(switched_on=self._bare.masked, masked=self.masked)
        return turned

    def show(self, verdict: DraftVerdict) -> None:
        """Have a verdict shown as the draft is to be shown: at once, or once people are masked in it."""
        if self.masked:
            self._context.bridge.submit(self._context.session.masked_drafts.shown(verdict), self._on_shown)
        else:
            self.shown.emit(verdict)

    def _on_shown(self, verdict: DraftVerdict | None, error: BaseException | None) -> None:
        if verdict is None:
            if error is not None:
                self._context.go.failed(error)
        elif self.masked and verdict.draft == self._front():  # else it was asked for before
            self.shown.emit(verdict)

    def _on_bare(self, _: str) -> None:
        self.turned.emit()

    def _on_masked(self) -> None:
        self._bare.holds("")
        self.turned.emit()
