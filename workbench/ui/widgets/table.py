"""A table of values: our header and row height, chips in cells, no grid; `chosen(object)` tells the value gone to."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QFrame,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from workbench.ui.models.table import Column, TableModel
from workbench.ui.theme import colour, em, scaled, theme_for
from workbench.ui.widgets.painted import PaintedTable
from workbench.ui.widgets.painting import LEFT, RIGHT, kept, row_rule
from workbench.ui.widgets.rows import RowPaint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPalette, QResizeEvent

OPEN_LEAST, LEAST = 140, 48
"""Design pixels: what a column without a width gets at least while there is room, and what none goes under."""


def _paint_cell(
    painter: QPainter, box: QRect, palette: QPalette, shown: Column[Any], value: Any, *, chosen: bool, first: bool
) -> None:
    """Paint a cell as its column says."""
    theme = theme_for(palette)
    if chosen:
        painter.fillRect(box, colour(theme.selected))
        if first:
            painter.fillRect(QRectF(box.x(), box.y() + 2, 3, box.height() - 4), colour(theme.accent))
    row_rule(painter, box, theme)
    if shown.checked is not None:
        _paint_check(painter, palette, box, shown.checked(value))
        return
    inner = QRectF(box).adjusted(scaled(10), 0, -scaled(10 if shown.right else 4), 0)
    paint = RowPaint(painter, inner, theme, chosen)
    words = shown.text(value)
    tone = str(shown.tone(value)) if shown.tone is not None else ""
    if tone:
        paint.chip(words, tone, inner.x(), inner.center().y(), most=inner.width())
        return
    align = RIGHT if shown.right else LEFT
    paint.text(inner, words, step=shown.step, weight=shown.weight, role=shown.role, mono=shown.mono, align=align)


def _paint_check(painter: QPainter, palette: QPalette, box: QRect, ticked: bool | None) -> None:
    """A check box at the left of a cell, as the style draws one; none where there is nothing to tick."""
    if ticked is None:
        return
    button = QStyleOptionButton()
    button.palette = palette
    button.state = QStyle.StateFlag.State_Enabled
    button.state |= QStyle.StateFlag.State_On if ticked else QStyle.StateFlag.State_Off
    size = scaled(18)
    button.rect = QRect(box.x() + scaled(12), box.center().y() - size // 2, size, size)
    QApplication.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, button, painter, _styled())


@cache
def _styled() -> QCheckBox:
    """A check box that is never shown: it has the style sheet's look of its kind."""
    return QCheckBox()


class DataTable(PaintedTable):
    """Shows values through columns; `fit` makes it as tall as its rows, for a table within a page.

    `ticked(object, bool)` tells that a person wants a check box on or off, by a click on it or with the space bar.
    """

    chosen = Signal(object)
    ticked = Signal(object, bool)

    def __init__(
        self,
        columns: Sequence[Column[Any]],
        *,
        name: str,
        fit: bool = False,
        object_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fit = fit
        self._table: TableModel[Any] = TableModel(columns)
        self.setModel(self._table)
        self.setAccessibleName(name)
        self.setObjectName(object_name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        if fit:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(scaled(24))
        head.setDefaultAlignment(LEFT)
        self.verticalHeader().hide()
        self._measure()

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Replace the values; the chosen row stays chosen where there are as many rows as before."""
        self._table.show(rows)
        if self._fit:
            self.updateGeometry()

    def add_rows(self, rows: Sequence[Any]) -> None:
        """Put more values at the end; the chosen row and the place stay."""
        self._table.add(rows)
        if self._fit:
            self.updateGeometry()

    def paint_row(self, painter: QPainter, row: int, cells: Sequence[tuple[int, QRect]], *, chosen: bool) -> None:
        value, palette = self._table.at(row), self.palette()
        for column, box in cells:
            with kept(painter):
                shown = self._table.columns[column]
                _paint_cell(painter, box, palette, shown, value, chosen=chosen, first=column == 0)

    def made_of(self, row: int) -> tuple[object, ...]:
        return (self._table.at(row),)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._tick(index.row(), index.column())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() == Qt.Key.Key_Space and index.isValid():
            for column in range(len(self._table.columns)):
                self._tick(index.row(), column)
            return
        super().keyPressEvent(event)

    def _tick(self, row: int, column: int) -> None:
        shown, value = self._table.columns[column], self._table.at(row)
        state = shown.checked(value) if shown.checked is not None else None
        if state is not None:
            self.ticked.emit(value, not state)

    def value(self) -> Any | None:
        """The chosen value, None when nothing is chosen."""
        index = self.currentIndex()
        return self._table.at(index.row()) if index.isValid() else None

    def choose(self, row: int) -> None:
        """Choose a row."""
        if 0 <= row < self._table.rowCount():
            self.selectRow(row)

    def hide_columns(self, places: Sequence[int]) -> None:
        """Leave out some columns, for a narrow table; the others share their room."""
        for place in range(len(self._table.columns)):
            self.setColumnHidden(place, place in places)
        self._share()

    def table(self) -> TableModel[Any]:
        """The model."""
        return self._table

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and current.row() != previous.row():
            self.chosen.emit(self._table.at(current.row()))

    def sizeHint(self) -> QSize:
        if not self._fit:
            return super().sizeHint()
        rows = self._table.rowCount() * self.verticalHeader().defaultSectionSize()
        bar = self.horizontalScrollBar().sizeHint().height() if self.horizontalScrollBar().maximum() > 0 else 0
        return QSize(super().sizeHint().width(), rows + self.horizontalHeader().height() + bar)

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(120), self.sizeHint().height() if self._fit else scaled(80))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()
        if self._fit:
            self.updateGeometry()

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(round(em()) + scaled(18))
        self.horizontalHeader().setFixedHeight(round(em()) + scaled(12))
        self._share()

    def _share(self) -> None:
        """Give columns their widths; the whole is never wider than the view unless every column is at its least."""
        columns = self._table.columns
        shown = [place for place in range(len(columns)) if not self.isColumnHidden(place)]
        widths = shared({place: scaled(columns[place].width) for place in shown}, self.viewport().width())
        for place, width in widths.items():
            self.horizontalHeader().resizeSection(place, width)


def shared(wanted: Mapping[int, int], room: int) -> dict[int, int]:
    """Widths of columns by number, px: those that want 0 share what the others leave.

    Where that is too little all shrink alike, but none under a least width.
    """
    least = scaled(OPEN_LEAST)
    asked = {place: width or least for place, width in wanted.items()}
    spare = room - sum(asked.values())
    takers = [place for place, width in wanted.items() if not width] or list(wanted)[-1:]
    if spare >= 0:
        for number, place in enumerate(takers):
            asked[place] += spare * (number + 1) // len(takers) - spare * number // len(takers)
        return asked
    floors = {place: min(width, scaled(LEAST)) for place, width in asked.items()}
    for _ in asked:
        loose = {place: width for place, width in asked.items() if width > floors[place]}
        over = sum(asked.values()) - room
        if over <= 0 or not loose:
            break
        for place, width in loose.items():
            asked[place] = max(floors[place], width - -(-over * width // sum(loose.values())))
    return asked
