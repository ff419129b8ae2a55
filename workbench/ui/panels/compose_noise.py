"""What the person of Compose does not want to see: layers switched off, and known noise of the service in front.

Speaks with the session and opens the dialogs; which findings these are is decided there.
"""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from workbench.directory.silences import Silence
    from workbench.messages import Finding, Layer
    from workbench.session.views import NoiseView
    from workbench.ui.context import PanelContext
    from workbench.ui.panels.compose_silence import SilencedDialog


class NoiseDesk(QObject):
    """`layers_changed(object)` carries the layers that are off, `silences_changed` asks for a new verdict."""

    layers_changed = Signal(object)
    silences_changed = Signal()

    def __init__(self, context: PanelContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._host = parent
        self._view: NoiseView | None = None
        self._service = ("", "")
        self._review: SilencedDialog | None = None

    def load(self) -> None:
        """Ask what is set."""
        self._context.bridge.submit(self._context.session.noise(), self._on_view)

    def show_service(self, id: str, name: str) -> None:
        """Say for which service is composed."""
        self._service = (id, name)

    def switch(self, off: frozenset[Layer]) -> None:
        """Hide the findings of these layers."""
        self._context.bridge.submit(self._context.session.switch_layers(off), self._on_view)

    def ask_silence(self, finding: Finding) -> None:
        """Ask why a finding is known noise of the service in front."""
        from workbench.ui.panels.compose_silence import SilenceDialog

        if not self._service[0]:
            return
        dialog = SilenceDialog(self._host, finding, self._service[1], _who())
        dialog.decided.connect(self._on_decided)
        dialog.open()

    def review(self) -> None:
        """Show what is silenced for the service in front."""
        from workbench.ui.panels.compose_silence import SilencedDialog

        dialog = SilencedDialog(self._host, self._service[1])
        dialog.show_silences(self._of_service())
        dialog.taken_back.connect(self._on_taken_back)
        dialog.finished.connect(self._on_reviewed)
        self._review = dialog
        dialog.open()

    def _of_service(self) -> tuple[Silence, ...]:
        silences = self._view.silences if self._view is not None else ()
        return tuple(one for one in silences if one.service == self._service[0])

    def _on_decided(self, finding: Finding, path: str, reason: str, who: str) -> None:
        silenced = self._context.session.silence(self._service[0], finding, path=path, reason=reason, by=who)
        self._context.bridge.submit(silenced, self._on_silences)

    def _on_taken_back(self, silence: Silence) -> None:
        self._context.bridge.submit(self._context.session.unsilence(silence), self._on_silences)

    def _on_reviewed(self, _: int) -> None:
        self._review = None

    def _on_view(self, view: NoiseView | None, error: BaseException | None) -> None:
        if view is not None:
            self._view = view
            self.layers_changed.emit(view.off)
        elif error is not None:
            self._context.go.failed(error)

    def _on_silences(self, view: NoiseView | None, error: BaseException | None) -> None:
        if view is None:
            if error is not None:
                self._context.go.failed(error)
            return
        self._view = view
        if self._review is not None:
            self._review.show_silences(self._of_service())
        self.silences_changed.emit()


def _who() -> str:
    """The name a person is logged in with; empty where the system does not tell."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return ""
