"""What a panel says about itself: Banner, Toast, EmptyState, Busy and Skeleton."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QProgressBar, QPushButton, QSizePolicy, QWidget

from workbench.ui.theme import scaled, theme_for
from workbench.ui.widgets.areas import Card
from workbench.ui.widgets.buttons import button, tool
from workbench.ui.widgets.labels import Label, Pic
from workbench.ui.widgets.layouts import column, row
from workbench.ui.widgets.painting import rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    Deed = tuple[str, Callable[..., object], str]
    """Words, slot (a bound method) and kind of a button."""

TOAST_MS = 6000
_MARGIN = 16
_TOP = Qt.AlignmentFlag.AlignTop
_MIDDLE = Qt.AlignmentFlag.AlignCenter


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say something now."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def _buttons(deeds: Sequence[Deed]) -> list[QPushButton]:
    return [button(text, slot, kind=kind) for text, slot, kind in deeds]


class Banner(Card):
    """Something that stays in the panel until its cause is gone: what happened, why, and buttons for it.

    `below` puts the buttons under the words, for the verdict of a page.
    """

    def __init__(
        self,
        tone: str,
        title: str,
        text: str = "",
        buttons: Sequence[Deed] = (),
        *,
        below: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tone=tone, bar=tone, parent=parent)
        self._shape = Pic(str(tone), 20, tone=str(tone))
        self._title = Label(title, step="lead" if below else "body", weight=600, wrap=True)
        self._text = Label(text, role="text2", wrap=True)
        self._text.setVisible(bool(text))
        made = _buttons(buttons)
        words: list[object] = [self._title, self._text]
        if below and made:
            words += [6, row(*made, None)]
        items: list[object] = [(self._shape, 0, _TOP), (column(*words, spacing=2), 1)]
        items += [] if below else made
        self.setLayout(row(*items, margins=(14, 10, 12, 10), spacing=10))
        self.setAccessibleName(f"{title}. {text}".strip())

    def show_notice(self, tone: str, title: str, text: str = "") -> None:
        """Say something else."""
        self._tone = self._bar = str(tone)
        self._shape.show_icon(str(tone), tone=str(tone))
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title}. {text}".strip())
        self.update()


class Toast(Card):
    """A sentence for six seconds with at most one thing to do; `gone` tells that it is over.

    The time starts anew while the pointer is over it or the focus within. The window places it and shows at most three.
    """

    gone = Signal()

    def __init__(
        self,
        tone: str,
        text: str,
        action: str = "",
        slot: Callable[..., object] | None = None,
        *,
        life_ms: int = TOAST_MS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(fill="raised", bar=tone, parent=parent)
        self.setObjectName("toast")
        self.setAccessibleName(text)
        self._text = text
        self._slot = slot
        items: list[object] = [Pic(str(tone), 18, tone=str(tone)), (Label(text, weight=500, wrap=True), 1)]
        if action:
            items.append(button(action, self._on_action, kind="link", name="toast-action"))
        items.append(tool(self.tr("Close"), "close", self._end, icon_only=True))
        self.setLayout(row(*items, margins=(12, 6, 6, 6)))
        self._clock = QTimer(self, singleShot=True, interval=life_ms)
        self._clock.timeout.connect(self._on_time)

    def begin(self) -> None:
        """Show it, announce it and start its time."""
        self.show()
        announce(self, self._text)
        self._clock.start()

    def _on_time(self) -> None:
        if self.underMouse() or self.isAncestorOf(self.window().focusWidget() or self.window()):
            self._clock.start()
        else:
            self._end()

    def _on_action(self) -> None:
        if self._slot is not None:
            self._slot()
        self._end()

    def _end(self) -> None:
        self._clock.stop()
        self.hide()
        self.gone.emit()


class EmptyState(QWidget):
    """What an empty pane says: an icon, a sentence, and the two likeliest things to do as (words, slot, kind)."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        actions: Sequence[Deed] = (),
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shape = Pic(icon, 40, role="text3")
        self._title = Label(title, step="lead", weight=600, wrap=True, align=_MIDDLE)
        self._text = Label(text, role="text2", wrap=True, align=_MIDDLE)
        self._deeds = _buttons(actions)
        self._beside = row(*((one, 0, Qt.AlignmentFlag.AlignHCenter) for one in self._deeds))
        parts: list[object] = [None, row(None, self._shape, None), self._title, self._text]
        if self._deeds:
            parts.append(row(None, self._beside, None))
        self.setLayout(column(*parts, None, margins=(_MARGIN,) * 4, spacing=8))
        self.setAccessibleName(f"{title}. {text}".strip())

    def show_words(self, icon: str, title: str, text: str = "") -> None:
        """Say something else."""
        self._shape.show_icon(icon, role="text3")
        self._title.setText(title)
        self._text.setText(text)
        self.setAccessibleName(f"{title}. {text}".strip())

    def minimumSizeHint(self) -> QSize:
        widest = max((one.sizeHint().width() for one in self._deeds), default=0)
        return QSize(widest + 2 * scaled(_MARGIN), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What can be done stands in a row, or where that is too narrow one below the other."""
        super().resizeEvent(event)
        room = self.width() - 2 * scaled(_MARGIN)
        gaps = self._beside.spacing() * max(0, len(self._deeds) - 1)
        narrow = sum(one.sizeHint().width() for one in self._deeds) + gaps > room
        ways = QBoxLayout.Direction
        self._beside.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)


class Skeleton(QWidget):
    """Grey rows where the shape of what is coming is known."""

    def __init__(self, rows: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setAccessibleName(self.tr("Loading"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(scaled(200), scaled(38) * self._rows + scaled(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            fill = theme_for(self.palette()).hover
            shares = ((0.62, 0.40), (0.70, 0.34), (0.55, 0.46))
            for number in range(self._rows):
                long, short = shares[number % len(shares)]
                top = scaled(6) + scaled(38) * number
                rounded(painter, QRectF(scaled(4), top, self.width() * long, scaled(12)), scaled(4), fill=fill)
                rounded(
                    painter, QRectF(scaled(4), top + scaled(17), self.width() * short, scaled(9)), scaled(4), fill=fill
                )


class Busy(QWidget):
    """Something that takes longer than 200 ms: what, a bar (`show_share`), Stop when `stopped` is asked for.

    `start` shows it only after the 200 ms; `finish` hides it.
    """

    stopped = Signal()

    def __init__(self, text: str = "", *, can_stop: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = Label(text, weight=500, elide=True)
        self._bar = progress()
        self._bar.setAccessibleName(text or self.tr("Progress"))
        self._stop = button(self.tr("Stop"), self.stopped.emit, icon="stop", name="busy-stop")
        self._stop.setVisible(can_stop)
        first = row(Pic("running", tone="waiting"), (self._text, 1), self._stop)
        self.setLayout(column(first, self._bar, spacing=10))
        self.setAccessibleName(text)
        self._late = QTimer(self, singleShot=True, interval=200)
        self._late.timeout.connect(self.show)

    def start(self, text: str) -> None:
        """Something begins; the length is not known until `show_share`."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._bar.setAccessibleName(text)
        self._bar.setRange(0, 0)
        self._late.start()

    def show_share(self, share: float) -> None:
        """How much is done, 0 to 1."""
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(share * 1000))

    def finish(self) -> None:
        """It is done."""
        self._late.stop()
        self.hide()


def progress(*, height: int = 6) -> QProgressBar:
    """A thin bar without words, 0 to 100."""
    made = QProgressBar()
    made.setRange(0, 100)
    made.setTextVisible(False)
    made.setFixedHeight(scaled(height))
    return made
