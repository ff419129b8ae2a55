"""How the program looks as a whole: theme by choice or by the system, size of the text; changed while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont

from workbench.ui.style import WorkbenchStyle
from workbench.ui.theme import DARK, LIGHT, palette_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


_FONT = "system-font"
"""The font before any text size was applied, kept at the application: there is one for the whole program."""


class Appearance(QObject):
    """Owns style, palette and font of the application; `text_changed` fires when the size of the text did."""

    text_changed = Signal()

    def __init__(self, application: QApplication, theme: str, percent: int) -> None:
        super().__init__(application)
        self._application = application
        kept = application.property(_FONT)
        self._system_font = QFont(kept) if isinstance(kept, QFont) else QFont(application.font())
        application.setProperty(_FONT, self._system_font)
        self._theme = theme
        self._percent = percent
        self._style = WorkbenchStyle()
        application.setStyle(self._style)
        application.styleHints().colorSchemeChanged.connect(self._on_system)
        self._apply()

    def change(self, name: str, value: str) -> None:
        """Follow a setting: `theme` (`system`, `light`, `dark`) or `text_percent`; others are not looked at."""
        if name == "theme":
            self._theme = value
        elif name == "text_percent":
            if not value.isdigit() or int(value) == self._percent:
                return
            self._percent = int(value)
        else:
            return
        self._apply()
        if name == "text_percent":
            self.text_changed.emit()

    def _apply(self) -> None:
        font = QFont(self._system_font)
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * self._percent / 100)
        else:
            font.setPixelSize(round(font.pixelSize() * self._percent / 100))
        if font != self._application.font():
            self._application.setFont(font)
        system_dark = self._application.styleHints().colorScheme() is Qt.ColorScheme.Dark
        dark = self._theme == "dark" or (self._theme == "system" and system_dark)
        self._application.setPalette(palette_for(DARK if dark else LIGHT))

    def _on_system(self) -> None:
        self._apply()
