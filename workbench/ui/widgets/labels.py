"""Words and pictures that cannot be operated: Label, Pic and KeyCap. Text from outside stays plain text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from workbench.ui import icons
from workbench.ui.text import plain_tip
from workbench.ui.theme import font, scaled, theme_for
from workbench.ui.widgets.painting import CENTRE, draw_text, rounded

_COLOUR_EVENTS = frozenset({QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange})
_ANYWHERE = int(Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


class Label(QLabel):
    """Plain text in a step of the type scale and a colour of the theme.

    `tone` takes the words' colour of a status instead of `role`. `wrap` breaks lines between words, `breaks_anywhere`
    at any character (for encoded text). `elide` keeps one line that never asks for width: what does not fit ends in an
    ellipsis, is whole in the tooltip, and can be copied from the context menu; with `hug` it is no wider than its text.
    """

    def __init__(
        self,
        text: str = "",
        *,
        step: str = "body",
        weight: int = 400,
        role: str = "text",
        tone: str = "",
        mono: bool = False,
        wrap: bool = False,
        elide: bool = False,
        hug: bool = False,
        breaks_anywhere: bool = False,
        align: Qt.AlignmentFlag | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._step, self._weight, self._mono = step, weight, mono
        self._role, self._tone = role, str(tone)
        self._elide, self._anywhere = elide, breaks_anywhere
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(step, weight, mono=mono))
        if wrap or breaks_anywhere:
            self.setWordWrap(True)
        elif elide:
            across = QSizePolicy.Policy.Maximum if hug else QSizePolicy.Policy.Ignored
            self.setSizePolicy(across, QSizePolicy.Policy.Preferred)
        if align is not None:
            self.setAlignment(align)
        self._ink()
        self.setText(text)

    def show_text(self, text: str) -> None:
        """Change the text (the same as setText)."""
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._tell_whole()

    def show_tone(self, tone: str, text: str | None = None) -> None:
        """Take the colour of a status (none when empty), and a text with it where one is given."""
        self._tone = str(tone)
        self._ink()
        if text is not None:
            self.setText(text)

    def show_role(self, role: str) -> None:
        """Take another colour of the theme."""
        self._role = role
        self._ink()

    def show_weight(self, weight: int) -> None:
        """Take another weight."""
        self._weight = weight
        self.setFont(font(self._step, weight, mono=self._mono))

    def _ink(self) -> None:
        theme = theme_for(self.palette())
        ink = QColor(theme.tone(self._tone).fg if self._tone else theme.role(self._role))
        role = self.foregroundRole()
        palette = self.palette()
        if palette.color(QPalette.ColorGroup.Active, role) == ink:
            return
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            palette.setColor(group, role, ink)
        self.setPalette(palette)

    def _tell_whole(self) -> None:
        if self._elide:
            room = self.contentsRect().width()
            cut = QFontMetrics(self.font()).horizontalAdvance(self.text()) > room
            self.setToolTip(plain_tip(self.text()) if cut else "")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _COLOUR_EVENTS:
            self._ink()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def hasHeightForWidth(self) -> bool:
        return self._anywhere or super().hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        if not self._anywhere:
            return super().heightForWidth(width)
        return self._broken(width).height()

    def sizeHint(self) -> QSize:
        if not self._anywhere:
            return super().sizeHint()
        width = scaled(240)
        return QSize(width, self._broken(width).height())

    def minimumSizeHint(self) -> QSize:
        if self._anywhere or self._elide:
            return QSize(scaled(40), QFontMetrics(self.font()).height())
        return super().minimumSizeHint()

    def _broken(self, width: int) -> QRect:
        return QFontMetrics(self.font()).boundingRect(QRect(0, 0, max(1, width), 1 << 20), _ANYWHERE, self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not (self._elide or self._anywhere):
            super().paintEvent(event)
            return
        with QPainter(self) as painter:
            ink = self.palette().color(self.foregroundRole())
            if self._elide:
                draw_text(painter, QRectF(self.contentsRect()), self.text(), self.font(), ink.name(), self.alignment())
            else:
                painter.setPen(ink)
                painter.drawText(self.contentsRect(), _ANYWHERE, self.text())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not (self._elide or self._anywhere):
            super().contextMenuEvent(event)
            return
        menu = QMenu(self)
        menu.addAction(icons.icon("copy"), self.tr("Copy"), self._copy)
        menu.exec(event.globalPos())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())


class Pic(QWidget):
    """An icon of `size` design pixels in a colour of the theme, or in the solid colour of a status."""

    def __init__(
        self, name: str, size: int = 16, *, role: str = "text2", tone: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._size, self._role, self._tone = name, size, role, str(tone)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, *, role: str = "text2", tone: str = "") -> None:
        """Change the icon and its colour."""
        self._name, self._role, self._tone = name, role, str(tone)
        self.update()

    def name(self) -> str:
        """Name of the icon."""
        return self._name

    def sizeHint(self) -> QSize:
        return QSize(scaled(self._size), scaled(self._size))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_for(self.palette())
        ink = theme.tone(self._tone).solid if self._tone else theme.role(self._role)
        if not self.isEnabled():
            ink = theme.disabled
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, icons.pixmap(self._name, ink, scaled(self._size), self.devicePixelRatioF()))


class KeyCap(QWidget):
    """A key of the keyboard: `KeyCap("Ctrl")`."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setAccessibleName(key)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(font("caption", 500))
        wide = max(scaled(20), metrics.horizontalAdvance(self._key) + scaled(10))
        return QSize(wide, metrics.height() + scaled(4))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_for(self.palette())
        with QPainter(self) as painter:
            rounded(painter, self.rect(), scaled(4), fill=theme.sunken, edge=theme.hairline)
            draw_text(painter, QRectF(self.rect()), self._key, font("caption", 500), theme.text2, CENTRE)
