"""The rail at the left: one button a panel, icon over word; the chosen one has a tint, a bar and more weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from workbench.ui.actions import ActionId
from workbench.ui.context import PanelId
from workbench.ui.theme import em, font, scaled
from workbench.ui.widgets import Area, tool

if TYPE_CHECKING:
    from workbench.ui.actions import Actions

WIDE = 85
"""Ems of window width from which on the words are shown."""
PLACES = (
    (PanelId.COMPOSE, ActionId.GO_COMPOSE),
    (PanelId.TIMELINE, ActionId.GO_TIMELINE),
    (PanelId.SCENARIOS, ActionId.GO_SCENARIOS),
    (PanelId.SERVICES, ActionId.GO_SERVICES),
    (PanelId.KEYS, ActionId.GO_KEYS),
    (PanelId.RECEIVER, ActionId.GO_RECEIVER),
    (PanelId.SETTINGS, ActionId.GO_SETTINGS),
)
"""Which action leads to which panel, from the top; the last stands at the foot."""


class Rail(Area):
    """The buttons; which panel is in front is told by `show_panel`."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(role="canvas", edges="r", parent=parent)
        self.setObjectName("rail")
        self._buttons: dict[PanelId, QToolButton] = {}
        self._front = PanelId.START
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, scaled(6), 1, scaled(6))
        layout.setSpacing(scaled(4))
        for panel, action in PLACES:
            if panel is PanelId.SETTINGS:
                layout.addStretch(1)
            made = actions[action]
            button = tool(made.text(), actions.spec(action).icon, made.trigger, kind="nav", name=f"rail-{panel.value}")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(f"{made.text()} ({made.shortcut().toString()})")
            button.clicked.connect(self._keep)
            self._buttons[panel] = button
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.set_width(10_000)

    def show_panel(self, panel: PanelId) -> None:
        """Mark the panel in front; the start page belongs to none of the buttons."""
        self._front = panel
        self._keep()

    def _keep(self) -> None:
        """A click leads to a panel; which button is marked follows from the panel that is in front."""
        for id, button in self._buttons.items():
            button.setChecked(id is self._front)

    def set_width(self, width: int) -> None:
        """Icons alone in a window narrower than 85 em; the words stay as tool tips and names."""
        words = width / em() >= WIDE
        style = Qt.ToolButtonStyle.ToolButtonTextUnderIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly
        widest = max(QFontMetricsF(font("caption", 600)).horizontalAdvance(b.text()) for b in self._buttons.values())
        wide = max(scaled(68), round(widest) + scaled(16)) if words else scaled(44)
        self.setFixedWidth(wide + scaled(8 if words else 12))
        for button in self._buttons.values():
            button.setToolButtonStyle(style)
            button.setIconSize(QSize(scaled(20), scaled(20)))
            button.setFont(font("caption", 500))
            button.setFixedSize(wide, scaled(52 if words else 40))
