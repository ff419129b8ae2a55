"""Keeping what is typed: the draft in front is saved a moment after a change, and at once when something else comes.

What a crash may cost is the moment, never more; it must not know what a text means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.ui.context import PanelContext
    from workbench.ui.panels.compose_break import Front

SAVE_MS = 800
"""From the first change that is not kept to its saving; with the saving itself it stays within a second."""


class Keeper(QObject):
    """`kept` tells that what was typed lies in the workspace."""

    kept = Signal()

    def __init__(self, context: PanelContext, front: Callable[[], Front | None], parent: QObject) -> None:
        """`front` gives the draft as it stands now; None while there is none."""
        super().__init__(parent)
        self._context = context
        self._front = front
        self._soon = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._soon.timeout.connect(self._save)

    def typed(self) -> None:
        """The draft changed; typing on does not put the saving off."""
        if not self._soon.isActive():
            self._soon.start()

    def save_now(self) -> None:
        """Save what is not saved yet: another draft comes, or the window may be closing."""
        if self._soon.isActive():
            self._soon.stop()
            self._save()

    def forget(self) -> None:
        """The draft is gone: nothing of it is to be saved."""
        self._soon.stop()

    def _save(self) -> None:
        front = self._front()
        if front is not None:
            self._context.bridge.submit(self._context.session.save_draft(front.draft, front.text), self._on_saved)

    def _on_saved(self, _: object, error: BaseException | None) -> None:
        if error is None:
            self.kept.emit()
        else:
            self._context.go.failed(error)
