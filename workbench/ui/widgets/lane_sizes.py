"""The button that makes the swim lanes larger or smaller, and shows or hides the calls of every capability check."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from workbench.ui.widgets.buttons import tool


class LaneSizes(QWidget):
    """`steps(int)`: larger (1), smaller (-1), as designed (0); `unfolded(bool)`: whether every call is to be shown."""

    steps = Signal(int)
    unfolded = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = tool(self.tr("Size of the lanes"), "updown", icon_only=True, name="lane-sizes")
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._button)
        for words, keys, by in (
            (self.tr("Larger"), "Ctrl++", 1),
            (self.tr("Smaller"), "Ctrl+-", -1),
            (self.tr("As designed"), "Ctrl+0", 0),
        ):
            action = QAction(f"{words}\t{keys}", menu)
            action.setData(by)
            action.triggered.connect(self._on_step)
            menu.addAction(action)
        menu.addSeparator()
        every = QAction(self.tr("Show every call of the checks"), menu)
        every.setCheckable(True)
        every.toggled.connect(self.unfolded)
        menu.addAction(every)
        self._button.setMenu(menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._button)

    def _on_step(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.steps.emit(int(action.data()))
