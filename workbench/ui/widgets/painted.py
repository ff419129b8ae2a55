"""A table view whose rows are painted in one go: by one call of ours for all that is to be seen.

Qt's own painting asks model, style and delegate again and again for each cell. Each such call from Qt takes the
interpreter anew, and waits its turn for it while threads of the program are busy.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QTableView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent


class PaintedTable(QTableView):
    """Fixed rows without grid and spans; what is built on it paints a row."""

    @abstractmethod
    def paint_row(self, painter: QPainter, row: int, cells: Sequence[tuple[int, QRect]], *, chosen: bool) -> None:
        """Paint the cells of a row, given with their columns and places in the viewport, px."""

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
            for row in range(top, last + 1) if top >= 0 else ():
                y, height = self.rowViewportPosition(row), self.rowHeight(row)
                cells = [(place, QRect(x, y, width, height)) for place, x, width in columns]
                self.paint_row(painter, row, cells, chosen=row in chosen)
