"""Who stands over each swim lane; the heads are drawn where the lanes of the view below run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workbench.ui import icons
from workbench.ui.theme import colour, font, scaled, theme_for
from workbench.ui.widgets.lane_paint import columns
from workbench.ui.widgets.painting import LEFT as _LEFT
from workbench.ui.widgets.painting import draw_text

if TYPE_CHECKING:
    from workbench.evidence.lanes import LaneHead


class LaneHeads(QWidget):
    """Who stands over each lane; fixed above the rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads: tuple[tuple[LaneHead, str], ...] = ()
        self._room, self._zoom = 0, 1.0
        self.setFixedHeight(scaled(58))

    def show_heads(self, sender: LaneHead, broker: LaneHead, receiver: LaneHead, broker_icon: str) -> None:
        """Set the three heads."""
        self._heads = ((sender, "building"), (broker, broker_icon), (receiver, "stetho"))
        self.setAccessibleName(", ".join(f"{head.role} {head.name}" for head, _ in self._heads))
        self.update()

    def follow(self, width: int, zoom: float) -> None:
        """Stand where the lanes of a view that is so wide run at its zoom."""
        self._room, self._zoom = width, zoom
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme = theme_for(self.palette())
            painter.fillRect(self.rect(), colour(theme.surface))
            painter.setPen(colour(theme.hairline))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
            lanes = columns(self._room or self.width(), self._zoom)
            edge = scaled(8)
            wide = min(lanes.broker - lanes.sender - scaled(10), 2 * (self.width() - lanes.receiver) - scaled(10))
            wide = max(wide, scaled(110))
            for (head, icon), x in zip(self._heads, (lanes.sender, lanes.broker, lanes.receiver), strict=False):
                left = min(max(x - wide / 2, edge), self.width() - edge - wide)
                place = QRectF(left, scaled(8), wide, scaled(42))
                painter.setPen(QPen(colour(theme.hairline), 1))
                painter.setBrush(colour(theme.sunken))
                painter.drawRoundedRect(place, 6, 6)
                inset = scaled(10)
                if wide > scaled(172):
                    size = scaled(16)
                    shape = icons.pixmap(icon, theme.text2, size, self.devicePixelRatioF())
                    painter.drawPixmap(QPointF(place.x() + inset, place.center().y() - size / 2), shape)
                    inset = scaled(34)
                room = place.width() - inset - scaled(4)
                role = QRectF(place.x() + inset, place.y() + scaled(3), room, scaled(18))
                name = QRectF(place.x() + inset, place.y() + scaled(20), room, scaled(19))
                draw_text(painter, role, head.role, font("caption"), theme.text3, _LEFT)
                draw_text(painter, name, head.name, font("body", 600), theme.text, _LEFT)
