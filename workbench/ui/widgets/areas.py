"""Grounds that hold other widgets: Area, Card, HeadBar, PageColumn, scroll areas, splitters and separators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from workbench.ui.theme import colour, scaled, theme_for
from workbench.ui.widgets.labels import Label
from workbench.ui.widgets.layouts import column, holder, row
from workbench.ui.widgets.painting import rounded

if TYPE_CHECKING:
    from workbench.ui.theme import Theme

_ALL = 10_000
"""Stretch of what takes all room up to its widest, beside stretches of 1."""
READER = 1060
"""Widest column of text and cards, design pixels."""
_PALETTE_ROLES = {
    "canvas": QPalette.ColorRole.Window,
    "surface": QPalette.ColorRole.Base,
    "sunken": QPalette.ColorRole.AlternateBase,
    "raised": QPalette.ColorRole.Button,
}


class Area(QWidget):
    """A flat ground in a colour of the theme, with hairlines on named edges (`"b"`, `"tl"`)."""

    def __init__(
        self,
        layout: QLayout | None = None,
        *,
        role: str = "surface",
        edges: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role, self._edges = role, edges
        if layout is not None:
            self.setLayout(layout)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_for(self.palette())
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), colour(theme.role(self._role)))
            wide, tall, line = self.width(), self.height(), colour(theme.hairline)
            for edge, (x, y, w, h) in (
                ("t", (0, 0, wide, 1)),
                ("b", (0, tall - 1, wide, 1)),
                ("l", (0, 0, 1, tall)),
                ("r", (wide - 1, 0, 1, tall)),
            ):
                if edge in self._edges:
                    painter.fillRect(x, y, w, h, line)


class Card(QFrame):
    """A rounded ground with a hairline; `tone` tints it, `bar` puts a status bar at its left, `selected` outlines it.

    A card stands on an area, never in another card.
    """

    def __init__(
        self,
        layout: QLayout | None = None,
        *,
        fill: str = "surface",
        tone: str = "",
        bar: str = "",
        selected: bool = False,
        radius: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fill, self._tone, self._bar, self._selected, self._radius = fill, str(tone), str(bar), selected, radius
        if layout is not None:
            self.setLayout(layout)

    def set_selected(self, selected: bool) -> None:
        """Outline it in the accent, or no longer."""
        if selected != self._selected:
            self._selected = selected
            self.update()

    def set_fill(self, fill: str) -> None:
        """Take another ground of the theme."""
        self._fill = fill
        self.update()

    def set_bar(self, bar: str) -> None:
        """Show another status at the left; none when empty."""
        self._bar = str(bar)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_for(self.palette())
        with QPainter(self) as painter:
            radius = scaled(self._radius)
            box = QRectF(self.rect())
            if self._tone:
                rounded(painter, box, radius, fill=theme.tone(self._tone).bg)
            else:
                edge, width = (theme.accent, 2.0) if self._selected else (theme.hairline, 1.0)
                rounded(painter, box, radius, fill=theme.role(self._fill), edge=edge, width=width)
            if self._bar:
                self._paint_bar(painter, theme, box, radius)

    def _paint_bar(self, painter: QPainter, theme: Theme, box: QRectF, radius: int) -> None:
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(path)
        solid = theme.env_production.solid if self._bar == "production" else theme.tone(self._bar).solid
        painter.fillRect(QRectF(box.x(), box.y(), scaled(4), box.height()), colour(solid))


class HeadBar(Area):
    """Head of a column: a title, what stands beside it, and controls at the right; 46 or 82 design pixels high.

    `below` (a widget or layout) makes it 82 high and stands under the title.
    """

    def __init__(
        self,
        title: str = "",
        *right: object,
        beside: object | None = None,
        subtitle: str = "",
        below: object | None = None,
        role: str = "surface",
        edges: str = "b",
        step: str = "lead",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(role=role, edges=edges, parent=parent)
        self.title = Label(title, step=step, weight=600, elide=True, hug=beside is not None)
        self.subtitle = Label(subtitle, step="caption", role="text3", elide=True)
        self.subtitle.setVisible(bool(subtitle))
        first = [self.title, beside, None] if beside is not None else [(self.title, 1)]
        words = column(row(*first), self.subtitle, spacing=1)
        self._tall = below is not None
        items: list[object] = [row((words, 1), *right, spacing=8)]
        items += [below] if below is not None else []
        self.setLayout(column(*items, margins=(16, 6, 12, 7), spacing=6))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_title(self, title: str, subtitle: str = "") -> None:
        """Change the words."""
        self.title.setText(title)
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))

    def sizeHint(self) -> QSize:
        wanted = super().sizeHint()
        return QSize(wanted.width(), max(wanted.height(), scaled(82 if self._tall else 46)))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


class PageColumn(QWidget):
    """Reader's width: its content stands in the middle and never grows wider than `widest` design pixels."""

    def __init__(self, content: QLayout, *, widest: int = READER, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = holder(content)
        inner.setMaximumWidth(scaled(widest))
        self.setLayout(row(None, (inner, _ALL), None, spacing=0))


class ScrollArea(QScrollArea):
    """Scrolls one widget up and down; its width is that of the view unless it cannot be that narrow."""

    def __init__(self, content: QWidget, *, role: str = "surface", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = _PALETTE_ROLES[role]
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setBackgroundRole(self._role)
        self.setWidget(content)
        content.setAutoFillBackground(False)


def scroll_area(content: QWidget, *, role: str = "surface") -> ScrollArea:
    """A widget that scrolls on a ground of the theme (canvas, surface, sunken or raised)."""
    return ScrollArea(content, role=role)


def splitter(*widgets: QWidget, horizontal: bool = True) -> QSplitter:
    """A splitter with a line of one pixel; its parts cannot be pushed shut."""
    made = QSplitter(Qt.Orientation.Horizontal if horizontal else Qt.Orientation.Vertical)
    made.setHandleWidth(1)
    made.setChildrenCollapsible(False)
    for widget in widgets:
        made.addWidget(widget)
    return made


def separator(*, vertical: int = 0) -> QWidget:
    """A hairline across a column, or one of `vertical` design pixels between the items of a row."""
    line = Area(role="hairline")
    if vertical:
        line.setFixedSize(1, scaled(vertical))
    else:
        line.setFixedHeight(1)
    return line


def page(*items: object, role: str = "canvas", widest: int = READER, spacing: int = 12) -> ScrollArea:
    """A panel's page: items in a reader's column that scrolls, with the panel's edge around them."""
    inner = column(*items, None, margins=(16, 16, 16, 16), spacing=spacing)
    host = QWidget()
    outer = QVBoxLayout(host)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(PageColumn(inner, widest=widest))
    return ScrollArea(host, role=role)
