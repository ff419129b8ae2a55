"""A table view whose rows are painted in one go: by one call of ours for all that is to be seen.

Qt's own painting asks model, style and delegate again and again for each cell. Each such call from Qt takes the
interpreter anew, and waits its turn for it while threads of the program are busy.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QTableView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

KEPT = 120
"""Pictures of rows; some screens full."""


class PaintedTable(QTableView):
    """Fixed rows without grid and spans; what is built on it paints a row, and says what that is made of.

    A row whose parts have not changed since is not painted again: its picture is kept while it is near.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: tuple[object, ...] = ()
        """What all pictures depend on."""
        self._pictures: dict[int, tuple[tuple[object, ...], QPixmap]] = {}
        """What a row was made of and how it looked, by the identity of its first part, which is held here."""

    @abstractmethod
    def paint_row(self, painter: QPainter, row: int, cells: Sequence[tuple[int, QRect]], *, chosen: bool) -> None:
        """Paint the cells of a row, given with their columns and places in the viewport, px."""

    @abstractmethod
    def made_of(self, row: int) -> tuple[object, ...]:
        """Everything that the picture of a row depends on, its value first; empty where it is otherwise each time."""

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            columns = [
                (place, self.columnViewportPosition(place), self.columnWidth(place))
                for place in range(self.horizontalHeader().count())
                if not self.isColumnHidden(place)
            ]
            chosen = {index.row() for index in self.selectedIndexes()}
            area = event.rect()
            top, end = self.rowAt(max(0, area.top())), self.rowAt(area.bottom())
            last = self.verticalHeader().count() - 1 if end < 0 else end
            self._take_look(columns)
            for row in range(top, last + 1) if top >= 0 else ():
                y, height = self.rowViewportPosition(row), self.rowHeight(row)
                if row not in chosen and self._whole_pixels and (made_of := self.made_of(row)):
                    painter.drawPixmap(0, y, self._picture(row, made_of, columns, height))
                else:
                    self.paint_row(painter, row, _cells(columns, y, height), chosen=row in chosen)

    @property
    def _whole_pixels(self) -> bool:
        """Whether a picture is shown pixel by pixel: on other screens it would be blurred."""
        return self.devicePixelRatioF().is_integer()

    def _take_look(self, columns: list[tuple[int, int, int]]) -> None:
        """Forget the pictures where something has changed that all of them depend on."""
        size, font = self.viewport().size(), QApplication.font()
        look = (columns, size.width(), self.palette().cacheKey(), font.toString(), self.devicePixelRatioF())
        if look != self._look:
            self._look = look
            self._pictures.clear()

    def _picture(
        self, row: int, made_of: tuple[object, ...], columns: list[tuple[int, int, int]], height: int
    ) -> QPixmap:
        """How a row looks that is not chosen."""
        known = self._pictures.get(id(made_of[0]))
        if known is not None and known[0] == made_of and known[1].height() == height * self.devicePixelRatioF():
            return known[1]
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(self.viewport().width() * ratio), round(height * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(self.viewport().palette().color(self.viewport().backgroundRole()))
        with QPainter(picture) as painter:
            self.paint_row(painter, row, _cells(columns, 0, height), chosen=False)
        if len(self._pictures) >= KEPT:
            self._pictures.clear()
        self._pictures[id(made_of[0])] = (made_of, picture)
        return picture


def _cells(columns: list[tuple[int, int, int]], y: int, height: int) -> list[tuple[int, QRect]]:
    return [(place, QRect(x, y, width, height)) for place, x, width in columns]
