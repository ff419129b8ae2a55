"""Tabs over a stack of pages: a flat row of words, the chosen one underlined; what has no room goes under More."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy, QTabBar, QToolButton, QWidget

from workbench.ui.widgets.buttons import tool
from workbench.ui.widgets.layouts import row

if TYPE_CHECKING:
    from collections.abc import Sequence


class Tabs(QWidget):
    """`Tabs(["Summary", "Headers"])`; `chosen(int)` tells the tab that came to the front."""

    chosen = Signal(int)

    def __init__(self, titles: Sequence[str], *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QTabBar()
        self._bar.setAccessibleName(name or self.tr("Pages"))
        self._bar.setExpanding(False)
        self._bar.setDrawBase(False)
        self._bar.setUsesScrollButtons(False)
        self._bar.setElideMode(Qt.TextElideMode.ElideNone)
        self._bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._more = tool(self.tr("More"), arrow=True, name="more-tabs")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self._more)
        self._more.setMenu(self._menu)
        self._more.hide()
        self.setLayout(row((self._bar, 0), None, self._more, spacing=0))
        for title in titles:
            self._bar.addTab(title)
        self._bar.currentChanged.connect(self.chosen)
        self._menu.triggered.connect(self._on_more)

    def bar(self) -> QTabBar:
        """The tab bar itself."""
        return self._bar

    def count(self) -> int:
        """How many tabs there are."""
        return self._bar.count()

    def current(self) -> int:
        """Number of the tab in front."""
        return self._bar.currentIndex()

    def choose(self, place: int) -> None:
        """Bring a tab to the front."""
        self._bar.setTabVisible(place, True)
        self._bar.setCurrentIndex(place)

    def show_title(self, place: int, title: str) -> None:
        """Change the words of a tab."""
        self._bar.setTabText(place, title)

    def show_first(self, count: int) -> None:
        """Leave so many tabs in the row (the one in front always), the others under More; 0 shows all."""
        total = self._bar.count()
        kept = total if count <= 0 else count
        current = self._bar.currentIndex()
        self._menu.clear()
        for place in range(total):
            shown = place < kept or place == current
            self._bar.setTabVisible(place, shown)
            if not shown:
                action = QAction(self._bar.tabText(place), self._menu)
                action.setData(place)
                self._menu.addAction(action)
        self._more.setVisible(not self._menu.isEmpty())

    def _on_more(self, action: QAction) -> None:
        place = int(action.data())
        visible = sum(self._bar.isTabVisible(n) for n in range(self._bar.count()))
        self.choose(place)
        self.show_first(visible - (1 if visible > 1 and place >= visible else 0))
