"""Buttons of the top bar that show more than a word: the environment, who one is, and the way to the palette.

They show what they are given; what a click leads to is connected by whoever makes them.
"""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workbench.ui import icons
from workbench.ui.text import plain_tip
from workbench.ui.theme import colour, font, scaled, theme_for
from workbench.ui.widgets.painting import draw_text

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_CENTRE = Qt.AlignmentFlag.AlignCenter


class TopButton(QAbstractButton):
    """A button that paints itself; `narrow` leaves out its second part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrow = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_narrow(self, narrow: bool) -> None:
        """Show only what matters most."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.updateGeometry()
            self.update()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def _frame(self, painter: QPainter, fill: str, edge: str, *, radius: float = 6) -> None:
        """Fill and edge; the edge is the focus ring while it has the keyboard."""
        theme = theme_for(self.palette())
        ring = self.hasFocus()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(theme.accent if ring else edge), 2 if ring else 1))
        painter.setBrush(colour(fill))
        inset = 1.0 if ring else 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)

    def _icon(self, painter: QPainter, name: str, ink: str, x: float, size: int) -> None:
        shape = icons.pixmap(name, ink, scaled(size), self.devicePixelRatioF())
        painter.drawPixmap(QPointF(x, (self.height() - scaled(size)) / 2), shape)


class EnvironmentPill(TopButton):
    """The environment with its icon, colour and what it is."""

    ICONS: ClassVar = {"embedded": "box", "sandbox": "flask", "int": "plug", "production": "lock"}
    """By id; an own environment has the globe."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("environment")
        self._id, self._title, self._subtitle, self._colours = "embedded", "", "", "embedded"

    def show_environment(self, id: str, title: str, subtitle: str, colours: str) -> None:
        """Show another environment; `colours` is the name of its colours."""
        shown = title.upper() if id == "production" else title  # the one word that stands in capitals
        self._id, self._title, self._subtitle, self._colours = id, shown, subtitle, colours
        self.setAccessibleName(self.tr("Environment: {title}, {subtitle}").format(title=title, subtitle=subtitle))
        self.setToolTip(self.tr("Work in another environment"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        wide = QFontMetricsF(font("body", 600)).horizontalAdvance(self._title)
        if self._subtitle and not self._narrow:
            wide += scaled(8) + QFontMetricsF(font("caption")).horizontalAdvance(self._subtitle)
        return QSize(round(wide) + scaled(64), round(QFontMetricsF(font("body")).height()) + scaled(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_for(self.palette())
        pair = theme.environment(self._colours)
        filled = self._colours == "production"
        ink = pair.on if filled else pair.fg
        with QPainter(self) as painter:
            self._frame(painter, pair.solid if filled else pair.bg, pair.solid)
            self._icon(painter, self.ICONS.get(self._id, "globe"), ink, scaled(10), 18)
            x = float(scaled(36))
            name = font("body", 600)
            wide = QFontMetricsF(name).horizontalAdvance(self._title)
            draw_text(painter, QRectF(x, 0, wide + 2, self.height()), self._title, name, ink, _LEFT)
            if self._subtitle and not self._narrow:
                room = QRectF(x + wide + scaled(8), 0, self.width() - x - wide - scaled(30), self.height())
                draw_text(painter, room, self._subtitle, font("caption"), ink, _LEFT)
            self._icon(painter, "down", ink, self.width() - scaled(22), 14)


class IdentityButton(TopButton):
    """Who the workbench acts as; `tiny` leaves the shape alone, the name is in its tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("identity")
        self._name, self._person = "", ""
        self._tiny = False

    def show_identity(self, name: str, person: str) -> None:
        """Show another identity."""
        self._name, self._person = name, person
        self.setAccessibleName(self.tr("Acting as {name}, {person}").format(name=name, person=person))
        self.setToolTip(plain_tip(self.tr("{name}, {person}. Act as somebody else").format(name=name, person=person)))
        self.updateGeometry()
        self.update()

    def set_tiny(self, tiny: bool) -> None:
        """Show no words at all."""
        if tiny != self._tiny:
            self._tiny = tiny
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        wide = QFontMetricsF(font("body", 500)).horizontalAdvance("" if self._tiny else self._name)
        if not self._narrow:
            wide = max(wide, QFontMetricsF(font("caption")).horizontalAdvance(self._person))
        lines = font("body"), font("caption")
        tall = sum(QFontMetricsF(one).height() for one in lines)
        return QSize(round(wide) + scaled(64), round(tall) + scaled(2))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_for(self.palette())
        with QPainter(self) as painter:
            if self.hasFocus() or self.underMouse():
                self._frame(painter, theme.hover if self.underMouse() else theme.canvas, theme.canvas)
            self._icon(painter, "id", theme.text2, scaled(8), 18)
            x = scaled(34)
            room = self.width() - x - scaled(26)
            if self._narrow:
                name = "" if self._tiny else self._name
                draw_text(painter, QRectF(x, 0, room, self.height()), name, font("body", 500), theme.text, _LEFT)
            else:
                half = self.height() / 2
                top = QRectF(x, scaled(1), room, half)
                draw_text(painter, top, self._name, font("body", 500), theme.text, _LEFT)
                below = QRectF(x, half - scaled(1), room, half)
                draw_text(painter, below, self._person, font("caption"), theme.text2, _LEFT)
            self._icon(painter, "down", theme.text2, self.width() - scaled(22), 14)


class SearchButton(TopButton):
    """Looks like a field and opens the command palette."""

    def __init__(self, words: str, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self._words, self._keys = words, keys
        self.setAccessibleName(words)
        self.setToolTip(words)

    def sizeHint(self) -> QSize:
        keys = QFontMetricsF(font("caption", 500)).horizontalAdvance(self._keys)
        wide = scaled(52) + keys if self._narrow else scaled(300)
        return QSize(round(wide), round(QFontMetricsF(font("body")).height()) + scaled(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_for(self.palette())
        with QPainter(self) as painter:
            self._frame(painter, theme.surface, theme.border)
            self._icon(painter, "search", theme.text2, scaled(10), 16)
            shown = font("caption", 500)
            wide = QFontMetricsF(shown).horizontalAdvance(self._keys) + scaled(10)
            cap = QRectF(self.width() - wide - scaled(8), (self.height() - scaled(20)) / 2, wide, scaled(20))
            painter.setPen(QPen(colour(theme.hairline), 1))
            painter.setBrush(colour(theme.sunken))
            painter.drawRoundedRect(cap, 4, 4)
            draw_text(painter, cap, self._keys, shown, theme.text2, _CENTRE)
            if not self._narrow:
                room = QRectF(scaled(34), 0, cap.x() - scaled(42), self.height())
                draw_text(painter, room, self._words, font("body"), theme.text3, _LEFT)
