"""Pictures of every panel of an open window: each theme, size and text size, saved as PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from workbench.ui.actions import ActionId
from workbench.ui.context import PanelId

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from workbench.ui.bridge import Bridge
    from workbench.ui.shell.appearance import Appearance
    from workbench.ui.window import MainWindow

PALETTE = "palette"
THEMES = ("light", "dark")
QUIET_ROUNDS = 12
"""Rounds of the event loop, 20 ms each, without anything under way, after which a panel is taken to be complete."""
MOST_ROUNDS = 400


class Camera:
    """Takes the pictures of one window."""

    def __init__(self, window: MainWindow, bridge: Bridge, appearance: Appearance) -> None:
        self._window = window
        self._bridge = bridge
        self._appearance = appearance

    def take(
        self,
        folder: Path,
        *,
        sizes: Sequence[tuple[int, int]],
        percents: Sequence[int],
        ready: Callable[[PanelId], None],
    ) -> list[Path]:
        """Save `PANEL-THEME-WxH-PERCENT.png` for everything asked for; `ready` prepares a panel once it is shown."""
        made = []
        for percent in percents:
            self._appearance.change("text_percent", str(percent))
            self.settle()
            for width, height in sizes:
                self._window.resize(width, height)
                for theme in THEMES:
                    self._appearance.change("theme", theme)
                    for panel in PanelId:
                        self._window.to_panel(panel)
                        ready(panel)
                        self.settle()
                        made.append(self._save(folder, panel.value, theme, (width, height), percent))
                    self._window.to_panel(PanelId.TIMELINE)
                    self._window.actions_[ActionId.PALETTE].trigger()
                    self.settle()
                    made.append(self._save(folder, PALETTE, theme, (width, height), percent))
                    self._window.close_palette()
                    self._window.setFocus()
        return made

    def settle(self) -> None:
        """Let events pass until nothing is under way for a while."""
        loop = QEventLoop()
        quiet = rounds = 0

        def look() -> None:
            nonlocal quiet, rounds
            rounds += 1
            quiet = quiet + 1 if self._bridge.pending == 0 else 0
            if quiet >= QUIET_ROUNDS or rounds >= MOST_ROUNDS:
                loop.quit()

        timer = QTimer(interval=20)
        timer.timeout.connect(look)
        timer.start()
        loop.exec()
        timer.stop()
        QApplication.processEvents()

    def _save(self, folder: Path, name: str, theme: str, size: tuple[int, int], percent: int) -> Path:
        path = folder / f"{name}-{theme}-{size[0]}x{size[1]}-{percent}.png"
        if not self._window.grab().save(str(path), "PNG"):
            raise OSError(f"{path} could not be written")
        return path
