"""Settings that are actions: how the window looks, and whether people are masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.ui.actions import ActionId

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow

    from workbench.session.session import Session
    from workbench.session.views import Status
    from workbench.ui.actions import Actions
    from workbench.ui.bridge import Bridge
    from workbench.ui.context import Navigator


class Switches(QObject):
    """Changes the settings; what follows from that is told by the session."""

    def __init__(
        self,
        window: QMainWindow,
        bridge: Bridge,
        session: Callable[[], Session | None],
        actions: Actions,
        go: Navigator,
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._session = session
        self._go = go
        self._masked = False
        self._mask = actions[ActionId.MASKING]
        actions[ActionId.THEME_LIGHT].triggered.connect(self._on_light)
        actions[ActionId.THEME_DARK].triggered.connect(self._on_dark)
        actions[ActionId.THEME_SYSTEM].triggered.connect(self._on_system)
        self._mask.triggered.connect(self._on_mask)

    def show_status(self, status: Status) -> None:
        """Have the actions say what they would do now."""
        self._masked = status.masked
        self._mask.setText(self.tr("Show people as they are") if status.masked else self.tr("Mask people"))

    def _on_light(self) -> None:
        self._change("theme", "light")

    def _on_dark(self) -> None:
        self._change("theme", "dark")

    def _on_system(self) -> None:
        self._change("theme", "system")

    def _on_mask(self) -> None:
        self._change("masking", "false" if self._masked else "true")

    def _change(self, name: str, value: str) -> None:
        self._go.apply_setting(name, value)
        session = self._session()
        if session is not None:
            self._bridge.submit(session.change_setting(name, value), self._on_done)

    def _on_done(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._go.failed(error)
