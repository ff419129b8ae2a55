"""List rows that are painted: one delegate that asks two functions, and a list view set up for it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from workbench.ui import icons
from workbench.ui.theme import colour, font, scaled, theme_for
from workbench.ui.widgets.chip import chip_height, chip_width, paint_chip
from workbench.ui.widgets.painted import PaintedTable
from workbench.ui.widgets.painting import LEFT, draw_text, kept, row_background, row_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QAbstractItemModel, QObject, QPersistentModelIndex
    from PySide6.QtGui import QPainter, QPalette

    from workbench.ui.theme import Theme

    Index = QModelIndex | QPersistentModelIndex


_PARAGRAPH = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_ENDLESS = 1_000_000.0


@dataclass(frozen=True, slots=True)
class RowPaint:
    """One row while it is painted: where, in which colours, and the parts that rows are made of."""

    painter: QPainter
    box: QRectF
    theme: Theme
    chosen: bool
    """Whether the row is the chosen one; its background is painted already."""

    def text(
        self,
        place: QRectF,
        words: str,
        *,
        step: str = "body",
        weight: int = 400,
        role: str = "text",
        tone: str = "",
        mono: bool = False,
        align: Qt.AlignmentFlag = LEFT,
    ) -> float:
        """One line of text in a colour of the theme or the words' colour of a status; gives the width it took."""
        ink = self.theme.tone(tone).fg if tone else self.theme.role(role)
        return draw_text(self.painter, place, words, font(step, weight, mono=mono), ink, align)

    def paragraph(
        self, place: QRectF, words: str, *, step: str = "body", weight: int = 400, role: str = "text"
    ) -> None:
        """Words on as many lines as they need; `paragraph_height` tells how high the place must be."""
        self.painter.setFont(font(step, weight))
        self.painter.setPen(colour(self.theme.role(role)))
        self.painter.drawText(place, int(_PARAGRAPH), words)

    def shape(
        self, name: str, x: float, *, size: int = 16, role: str = "text2", tone: str = "", y: float = -1
    ) -> float:
        """An icon at x, in the middle of the row unless a `y` (its middle) is given; gives where it ends."""
        ink = self.theme.tone(tone).solid if tone else self.theme.role(role)
        wide = scaled(size)
        middle = self.box.center().y() if y < 0 else y
        picture = icons.pixmap(name, ink, wide, self.painter.device().devicePixelRatioF())
        self.painter.drawPixmap(QPointF(x, middle - wide / 2), picture)
        return x + wide

    def chip(self, words: str, tone: str, x: float, y: float, *, most: float = 0, icon: str | None = None) -> float:
        """A chip at x with its middle at y, at most so wide; gives where it ends."""
        shown = font("caption", 600)
        picture = str(tone) if icon is None else icon
        wide = chip_width(words, picture, shown)
        wide = min(wide, most) if most else wide
        tall = chip_height(shown)
        paint_chip(self.painter, QRectF(x, y - tall / 2, wide, tall), words, self.theme.tone(tone), picture, shown)
        return x + wide

    def rule(self, inset: int = 18) -> None:
        """A hairline along the bottom, unless the row is the chosen one."""
        if not self.chosen:
            row_rule(self.painter, self.box.toRect(), self.theme, inset=scaled(inset))


def paragraph_height(words: str, width: float, *, step: str = "body", weight: int = 400) -> int:
    """How high words are, px, that are wrapped to a width."""
    room = QRectF(0, 0, max(1.0, width), _ENDLESS)
    return ceil(QFontMetricsF(font(step, weight)).boundingRect(room, int(_PARAGRAPH), words).height())


class RowDelegate(QStyledItemDelegate):
    """Asks `height(index)` for the height of a row, px, and has `paint_row(paint, index)` paint it.

    Both are functions or bound methods of what shows the list; the background of the chosen row is painted before.
    """

    def __init__(
        self,
        parent: QObject | None,
        height: Callable[[Index], int],
        paint_row: Callable[[RowPaint, Index], None],
    ) -> None:
        super().__init__(parent)
        self._height, self._paint_row = height, paint_row

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._height(index))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self.paint_in(painter, option.rect, option.palette, index, chosen=chosen)

    def paint_in(self, painter: QPainter, box: QRect, palette: QPalette, index: Index, *, chosen: bool) -> None:
        """Paint a row into a place of the viewport, px."""
        theme = theme_for(palette)
        with kept(painter):
            if chosen:
                row_background(painter, box, theme)
            self._paint_row(RowPaint(painter, QRectF(box), theme, chosen), index)


class TallList(PaintedTable):
    """A list of very many painted rows of one height; adding rows costs the same however many there are.

    `made_of(index)` gives what the picture of a row depends on, its value first, or nothing where it changes by itself.

    A QListView measures all its rows again whenever one comes: at 25,000 rows that holds the window for a quarter of
    a second.
    """

    def __init__(
        self,
        model: QAbstractItemModel,
        delegate: RowDelegate,
        made_of: Callable[[Index], tuple[object, ...]],
        *,
        name: str,
        object_name: str = "",
    ) -> None:
        super().__init__()
        self._rows, self._made_of = delegate, made_of
        _dress(self, model, delegate, name, object_name)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def show_height(self, pixels: int) -> None:
        """How high every row is from now on."""
        if self.verticalHeader().defaultSectionSize() != pixels:
            self.verticalHeader().setDefaultSectionSize(pixels)

    def paint_row(self, painter: QPainter, row: int, cells: Sequence[tuple[int, QRect]], *, chosen: bool) -> None:
        for column, box in cells:
            self._rows.paint_in(painter, box, self.palette(), self.model().index(row, column), chosen=chosen)

    def made_of(self, row: int) -> tuple[object, ...]:
        return self._made_of(self.model().index(row, 0))

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End lead to the first and the last row, as in any list."""
        rows = self.model().rowCount()
        ends = {QAbstractItemView.CursorAction.MoveHome: 0, QAbstractItemView.CursorAction.MoveEnd: rows - 1}
        if action in ends and rows:
            return self.model().index(ends[action], 0)
        return super().moveCursor(action, modifiers)


def list_view(
    model: QAbstractItemModel, delegate: QStyledItemDelegate, *, name: str, object_name: str = ""
) -> QListView:
    """A list of painted rows without frame; `name` is what a screen reader calls it."""
    view = QListView()
    _dress(view, model, delegate, name, object_name)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    return view


def _dress(
    view: QAbstractItemView, model: QAbstractItemModel, delegate: QStyledItemDelegate, name: str, object_name: str
) -> None:
    view.setAccessibleName(name)
    view.setObjectName(object_name)
    view.setModel(model)
    delegate.setParent(view)
    view.setItemDelegate(delegate)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
