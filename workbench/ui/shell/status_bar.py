"""The bar at the foot, always true: the token, the receiver, what is awaited, by which rules is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workbench.ui import icons
from workbench.ui.text import plain_tip
from workbench.ui.theme import em, font, scaled, theme_for
from workbench.ui.widgets import Area, Label, button, row
from workbench.ui.widgets.painting import draw_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from workbench.session.views import Status

_LEADING = ("token", "receiver", "due", "awaited")
"""Chips at the left; the badge that people are masked stands at the right."""
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
NARROW = 70
LATE_MS = 200
"""What is over sooner is not shown as work."""


class StatusChip(QAbstractButton):
    """One fact with its shape; a click leads to where it is explained."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._shape, self._tone, self._words = "", "", ""

    def show_fact(self, shape: str, tone: str, words: str) -> None:
        """`shape` is an icon; `tone` colours it, empty for a plain one."""
        self._shape, self._tone, self._words = shape, tone, words
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(font("caption", 500))
        return QSize(round(metrics.horizontalAdvance(self._words)) + scaled(24), round(metrics.height()) + scaled(8))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(40), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_for(self.palette())
        with QPainter(self) as painter:
            size = scaled(14)
            ink = theme.tone(self._tone).solid if self._tone else theme.text2
            shape = icons.pixmap(self._shape, ink, size, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(0, (self.height() - size) / 2), shape)
            shown = font("caption", 500)
            shown.setUnderline(self.hasFocus() or self.underMouse())
            room = QRectF(scaled(20), 0, self.width() - scaled(20), self.height())
            draw_text(painter, room, self._words, shown, theme.text, _LEFT)


class StatusBar(Area):
    """Shows a `Status`; `asked(str)` names what was clicked: `token`, `receiver`, `due`, `awaited`, `masking`.

    Work that is under way stands here with a way to stop it: `stopped` tells that it was asked for.
    """

    asked = Signal(str)
    stopped = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(role="canvas", edges="t", parent=parent)
        self._now = now
        self._status: Status | None = None
        self._chips = {name: StatusChip(name) for name in (*_LEADING, "masking")}
        self._notice = Label("", step="caption", weight=500, role="text2", elide=True)
        self._rules = Label("", step="caption", role="text2")
        self._work = StatusChip("work")
        self._work.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._stop = button(self.tr("Stop"), self.stopped.emit, kind="link", name="stop-work")
        chips = (*(self._chips[name] for name in _LEADING), self._work, self._stop)
        right = (self._chips["masking"], self._rules)
        self.setLayout(row(*chips, (self._notice, 1), *right, margins=(16, 1, 16, 1), spacing=18))
        self._late = QTimer(self, singleShot=True, interval=LATE_MS)
        self._late.timeout.connect(self._on_late)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._on_tick)
        for chip in self._chips.values():
            chip.hide()
            chip.clicked.connect(self._on_clicked)
        self._work.hide()
        self._stop.hide()

    def show_status(self, status: Status) -> None:
        """Show the present facts."""
        self._status = status
        self._show_token()
        receiver = status.receiver
        tone = "" if receiver.listening and not receiver.lan else "warning"
        shape = "antenna" if not tone else "warning"
        self._chips["receiver"].show_fact(shape, tone, receiver.problem or receiver.text)
        count = status.awaited
        words = self.tr("%n reply awaited", "", count) if count == 1 else self.tr("%n replies awaited", "", count)
        self._chips["awaited"].show_fact("waiting", "waiting", words.replace("%n", str(count)))
        self._chips["masking"].show_fact("eyeoff", "", self.tr("Masking on"))
        self._chips["masking"].setVisible(status.masked)
        self._rules.show_text(status.rules)
        self._notice.show_text(status.notice)
        self._chips["token"].show()
        self._chips["receiver"].show()
        self._chips["awaited"].setVisible(count > 0)
        self._chips["due"].setVisible(receiver.due > 0)
        self._show_due()
        if status.token.expires is not None or receiver.due_at is not None:
            self._tick.start()
        else:
            self._tick.stop()

    def show_work(self, words: str) -> None:
        """Say what is under way once that takes longer than a moment; empty when it is over."""
        if words:
            self._work.show_fact("running", "waiting", words)
            if not self._late.isActive():
                self._late.start()
        else:
            self._late.stop()
            self._work.hide()
            self._stop.hide()

    def _on_late(self) -> None:
        self._work.show()
        self._stop.show()

    def set_width(self, width: int) -> None:
        """Leave out the rules in a narrow window."""
        self._rules.setVisible(width / em() >= NARROW)

    def _on_tick(self) -> None:
        self._show_token()
        self._show_due()

    def _show_due(self) -> None:
        """The replies that rules of the own receiver want: `1 reply due in 12 s`."""
        receiver = self._status.receiver if self._status is not None else None
        if receiver is None or receiver.due_at is None:
            return
        count, left = receiver.due, max(0, round((receiver.due_at - self._now()).total_seconds()))
        words = self.tr("%n reply due", "", count) if count == 1 else self.tr("%n replies due", "", count)
        when = self.tr("now") if left < 1 else self.tr("in {n} s") if left < 120 else self.tr("in {m} min")
        when = when.format(n=left, m=round(left / 60))
        self._chips["due"].show_fact("waiting", "waiting", f"{words.replace('%n', str(count))} {when}")

    def _show_token(self) -> None:
        if self._status is None:
            return
        token = self._status.token
        words, tone = token.text, token.tone.value
        if token.expires is not None:
            left = int((token.expires - self._now()).total_seconds())
            minutes, seconds = divmod(max(0, left), 60)
            if left > 0:
                words = self.tr("Token {minutes} min {seconds:02} s left, {client}").format(
                    minutes=minutes, seconds=seconds, client=token.client
                )
            else:
                words, tone = self.tr("Token has run out"), "neutral"
                if self._status.receiver.due_at is None:
                    self._tick.stop()
        self._chips["token"].show_fact(tone if tone != "neutral" else "neutral", tone, words)

    def _on_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, StatusChip):
            self.asked.emit(sender.objectName())
