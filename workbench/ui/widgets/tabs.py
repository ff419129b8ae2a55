"""Tabs over a stack of pages: a flat row of words, the chosen one underlined; what has no room goes under More."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFont, QFontMetrics
from PySide6.QtWidgets import QLayout, QMenu, QSizePolicy, QTabBar, QToolButton, QWidget

from workbench.ui.theme import font, scaled
from workbench.ui.widgets.buttons import tool
from workbench.ui.widgets.layouts import row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

_GAP, _FEW_WIDE = 10, 200
"""Design pixels: between the words of tabs that stand close, and the least width of a row of them."""


class _TightBar(QTabBar):
    """Tabs as wide as their words and a small gap."""

    def tabSizeHint(self, index: int) -> QSize:
        wanted = super().tabSizeHint(index)
        heavy = QFont(self.font())
        heavy.setWeight(QFont.Weight.DemiBold)
        words = QFontMetrics(heavy).horizontalAdvance(self.tabText(index))
        return QSize(min(wanted.width(), words + scaled(_GAP)), wanted.height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)


class Tabs(QWidget):
    """`Tabs(["Summary", "Headers"])`; `chosen(int)` tells the tab that came to the front. With `fitting`, tabs stand
    close together, and those that the width has no room for are under More."""

    chosen = Signal(int)

    def __init__(
        self, titles: Sequence[str], *, name: str = "", fitting: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._fitting = fitting
        self._bar = _TightBar() if fitting else QTabBar()
        if fitting:
            self._bar.setFont(font("caption"))
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
        self._row = row((self._bar, 0), None, self._more, spacing=0)
        self.setLayout(self._row)
        if fitting:
            self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
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
        if not self._fitting:
            self._bar.setTabVisible(place, True)
            self._bar.setCurrentIndex(place)
        elif place != self._bar.currentIndex():
            with QSignalBlocker(self._bar):  # a bar scrolls to a tab that has no room yet, so room is made first
                self._fit(place)
                self._bar.setCurrentIndex(place)
            self.chosen.emit(place)

    def show_title(self, place: int, title: str) -> None:
        """Change the words of a tab."""
        if title != self._bar.tabText(place):
            self._bar.setTabText(place, title)
            self._fit()

    def show_first(self, count: int, *, front: int = -1) -> None:
        """Leave so many tabs in the row (the one in front always), the others under More; 0 shows all."""
        total = self._bar.count()
        kept = total if count <= 0 else count
        current = front if front >= 0 else self._bar.currentIndex()
        self._bar.setTabVisible(current, True)
        self._menu.clear()
        for place in range(total):
            shown = place < kept or place == current
            self._bar.setTabVisible(place, shown)
            if not shown:
                action = QAction(self._bar.tabText(place), self._menu)
                action.setData(place)
                self._menu.addAction(action)
        self._more.setVisible(not self._menu.isEmpty())

    def sizeHint(self) -> QSize:
        wanted = super().sizeHint()
        return QSize(scaled(_FEW_WIDE), wanted.height()) if self._fitting else wanted

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() if self._fitting else super().minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self, front: int = -1) -> None:
        """As many tabs as there is room for, always the one in front, or that is about to come there."""
        if not self._fitting:
            return
        widths = [self._bar.tabSizeHint(place).width() for place in range(self._bar.count())]
        if sum(widths) <= self.width():
            self._show_some(0)
            return
        current = front if front >= 0 else self._bar.currentIndex()
        room = self.width() - self._more.sizeHint().width()
        kept = len(widths)
        while kept > 1 and sum(widths[:kept]) + (widths[current] if current >= kept else 0) > room:
            kept -= 1
        self._show_some(kept, current)

    def _show_some(self, count: int, front: int = -1) -> None:
        self.show_first(count, front=front)
        shown = [place for place in range(self._bar.count()) if self._bar.isTabVisible(place)]
        self._bar.setFixedWidth(sum(self._bar.tabSizeHint(place).width() for place in shown))
        self._row.activate()
        with QSignalBlocker(self._bar):  # it stays scrolled as it was while there was less room
            current = self._bar.currentIndex()
            self._bar.setCurrentIndex(0)
            self._bar.setCurrentIndex(current)

    def _on_more(self, action: QAction) -> None:
        place = int(action.data())
        visible = sum(self._bar.isTabVisible(n) for n in range(self._bar.count()))
        self.choose(place)
        if self._fitting:
            return
        self.show_first(visible - (1 if visible > 1 and place >= visible else 0))
