"""Toasts at the bottom right: at most three, six seconds each, never the only place where something is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.ui.theme import scaled
from workbench.ui.widgets import Toast

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

MOST = 3
WIDE = 440


class Toasts(QObject):
    """Places the toasts of a host above its foot."""

    def __init__(self, host: QWidget, foot: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._foot = foot
        self._shown: list[Toast] = []

    def show_toast(self, tone: str, text: str, action: str = "", slot: Callable[[], None] | None = None) -> None:
        """Say something; the oldest goes when there are too many."""
        toast = Toast(tone, text, action, slot, parent=self._host)
        toast.gone.connect(self._on_gone)
        self._shown.append(toast)
        while len(self._shown) > MOST:
            self._shown.pop(0).deleteLater()
        self.place()
        toast.begin()

    def place(self) -> None:
        """Put them where they belong in the host's present size."""
        bottom = self._host.height() - self._foot.height() - scaled(12)
        wide = min(scaled(WIDE), self._host.width() - scaled(32))
        for toast in reversed(self._shown):
            tall = max(toast.sizeHint().height(), toast.heightForWidth(wide))
            bottom -= tall
            toast.setGeometry(self._host.width() - wide - scaled(16), bottom, wide, tall)
            toast.raise_()
            bottom -= scaled(8)

    def texts(self) -> tuple[str, ...]:
        """What is being said now, oldest first."""
        return tuple(toast.accessibleName() for toast in self._shown)

    def _on_gone(self) -> None:
        gone = self.sender()
        if isinstance(gone, Toast):
            self._shown = [toast for toast in self._shown if toast is not gone]
            gone.deleteLater()
        self.place()
