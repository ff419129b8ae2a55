"""What must be seen all the time: the red sentence and frame of production, certificates that are not checked, a clock.

It shows a `Status` and decides nothing; `asked` and `clock_asked` fire when a person wants to do something about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from workbench.ui import icons
from workbench.ui.theme import colour, font, scaled, theme_for
from workbench.ui.widgets.painting import draw_text

if TYPE_CHECKING:
    from workbench.session.views import EnvironmentView

FRAME = 4
"""Width of the frame in design pixels (visual design, environments)."""
HEIGHT = 28


class LoudBar(QPushButton):
    """One sentence across the window, red or (`mild`) amber, with a shape in front; a press asks what can be done."""

    def __init__(self, icon: str, name: str, *, mild: bool = False) -> None:
        super().__init__()
        self._mild = mild
        self.setObjectName(name)
        self._picture = icon
        self.setFlat(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(max(scaled(HEIGHT), round(QFontMetricsF(font("body", 600)).height()) + scaled(8)))
        self.hide()

    def say(self, words: str) -> None:
        """Show a sentence, or nothing at all for an empty one."""
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        self.setToolTip("")
        self.setVisible(bool(words))

    def paintEvent(self, _: QPaintEvent) -> None:
        theme = theme_for(self.palette())
        pair = theme.warning if self._mild else theme.env_production
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colour(pair.solid))
            shown, words, size = font("body", 600), self.accessibleName(), scaled(14)
            room = self.width() - scaled(2 * 16) - size - scaled(8)
            fitting = QFontMetricsF(shown).elidedText(words, Qt.TextElideMode.ElideRight, room)
            wide = QFontMetricsF(shown).horizontalAdvance(fitting)
            x = (self.width() - wide - size - scaled(8)) / 2
            drawn = icons.pixmap(self._picture, pair.on, size, self.devicePixelRatioF())
            painter.drawPixmap(round(x), round((self.height() - size) / 2), drawn)
            place = QRectF(x + size + scaled(8), 0, wide + 2, self.height())
            draw_text(
                painter, place, fitting, shown, pair.on, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            )
            if self.hasFocus():
                painter.setPen(colour(pair.on))
                painter.drawRect(self.rect().adjusted(2, 2, -3, -3))


class Guard(QWidget):
    """The sentences, one under the other."""

    asked = Signal()
    """The environments are to be seen."""
    clock_asked = Signal(str)
    """The token is to be seen: `token`."""

    def __init__(self) -> None:
        super().__init__()
        self._production = LoudBar("lock", "production-bar")
        self._unchecked = LoudBar("unlock", "unverified-bar")
        self._clock = LoudBar("clock", "clock-bar", mild=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        for bar in (self._production, self._unchecked, self._clock):
            layout.addWidget(bar)
            bar.clicked.connect(self._on_clock if bar is self._clock else self._on_clicked)

    def show_environment(self, environment: EnvironmentView) -> None:
        """Say what must be known of an environment; nothing for most."""
        live = self.tr("PRODUCTION: live patients. Every send asks for the host name.")
        unchecked = self.tr("The certificate of {host} is not checked until the program is closed.")
        self._production.say(live if environment.production else "")
        self._unchecked.say(unchecked.format(host=environment.unverified) if environment.unverified else "")
        self._clock.say(environment.clock)

    def _on_clicked(self) -> None:
        self.asked.emit()

    def _on_clock(self) -> None:
        self.clock_asked.emit("token")


class WindowFrame(QFrame):
    """What holds everything inside the window: in production a red frame is around it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = False

    def show_production(self, live: bool) -> None:
        """Put the frame around, or take it away."""
        self._live = live
        width = scaled(FRAME) if live else 0
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(width, 0, width, width)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._live:
            red, width, box = colour(theme_for(self.palette()).env_production.solid), scaled(FRAME), self.rect()
            with QPainter(self) as painter:
                painter.fillRect(0, 0, width, box.height(), red)
                painter.fillRect(box.width() - width, 0, width, box.height(), red)
                painter.fillRect(0, box.height() - width, box.width(), width, red)
