"""How a finding is painted: shape, word, sentence, element in words, rule, line, repair; and the head of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.ui import icons
from workbench.ui.models.findings import ELEMENT_ROLE, FINDING_ROLE, GROUP_ROLE, MEMBER_ROLE, TONES, WORDS
from workbench.ui.theme import Pair, Theme, colour, font, scaled, theme_for
from workbench.ui.widgets.painting import draw_text, kept, row_background

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

    from workbench.messages import Finding
    from workbench.ui.models.findings import Group

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
FIX_WIDTH = 150
WIDE = 820
"""From this width on a row also shows the element, the rule and the line."""
INDENT = 16
"""Design pixels that the findings under a head stand further in."""


def tone_colours(theme: Theme, tone: str) -> Pair:
    """The colours of a finding's tone."""
    return {"error": theme.error, "warning": theme.warning}.get(tone, theme.note)


class FindingDelegate(QStyledItemDelegate):
    """Shape, word, sentence, element in words, rule, line, repair. `fix_clicked` tells the row of a clicked repair."""

    fix_clicked = Signal(int)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, round(QFontMetricsF(font("body")).height()) + scaled(16))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        box: QRect = option.rect
        theme = theme_for(option.palette)
        group: Group | None = index.data(GROUP_ROLE)
        if group is not None:
            with kept(painter):
                _paint_group(painter, box, group, theme)
            return
        finding: Finding = index.data(FINDING_ROLE)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        tone = TONES[finding.severity]
        pair = tone_colours(theme, tone)
        ratio = painter.device().devicePixelRatioF()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            row_background(painter, box, theme)
        size = scaled(16)
        x = box.x() + _indent(index)
        shape = icons.pixmap(tone, pair.solid, size, ratio)
        painter.drawPixmap(QPointF(x, box.center().y() - size / 2 + 1), shape)
        x += scaled(24)
        word = font("caption", 600)
        draw_text(painter, QRectF(x, box.y(), scaled(64), box.height()), WORDS[tone], word, pair.fg, _LEFT)
        wide = box.width() > scaled(WIDE)
        element = _element_width(box)
        place = _sentence_box(box, index)
        middle = place.right() + scaled(12)
        draw_text(painter, place, finding.text, font("body", 600 if chosen else 500), theme.text, _LEFT)
        if wide:
            place = QRectF(middle, box.y(), element, box.height())
            draw_text(painter, place, index.data(ELEMENT_ROLE), font("caption"), theme.text2, _LEFT)
            rule = QRectF(middle + element + scaled(6), box.y(), scaled(72), box.height())
            draw_text(painter, rule, finding.rule, font("caption", 500, mono=True), theme.text2, _LEFT)
            line = f"line {finding.place.line}" if finding.place else "header" if "headers" in finding.path else ""
            at = QRectF(middle + element + scaled(82), box.y(), scaled(76), box.height())
            draw_text(painter, at, line, font("caption"), theme.text3, _LEFT)
        if finding.fix is not None:
            fix = self.fix_box(box)
            painter.setPen(QPen(colour(theme.border), 1))
            painter.setBrush(colour(theme.surface))
            painter.drawRoundedRect(fix, 5, 5)
            small = scaled(14)
            wand = icons.pixmap("wand", theme.text, small, ratio)
            painter.drawPixmap(QPointF(fix.x() + scaled(7), fix.center().y() - small / 2), wand)
            inner = fix.adjusted(scaled(26), 0, -scaled(4), 0)
            draw_text(painter, inner, finding.fix.label, font("caption", 500), theme.text, _LEFT)
        painter.restore()

    @staticmethod
    def is_cut(box: QRect, index: QModelIndex | QPersistentModelIndex) -> bool:
        """Whether the sentence of a row has no room in it when the row is the chosen one."""
        finding: Finding | None = index.data(FINDING_ROLE)
        if finding is None:
            return False
        return QFontMetricsF(font("body", 600)).horizontalAdvance(finding.text) > _sentence_box(box, index).width()

    @staticmethod
    def fix_box(box: QRect) -> QRectF:
        """Where the repair of a row is drawn and clicked."""
        wide, tall = scaled(FIX_WIDTH - 6), min(scaled(24), box.height() - 4)
        return QRectF(box.right() - scaled(16) - wide, box.center().y() - tall / 2 + 1, wide, tall)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            finding: Finding | None = index.data(FINDING_ROLE)
            if finding is not None and finding.fix is not None and self.fix_box(option.rect).contains(event.position()):
                self.fix_clicked.emit(index.row())
                return True
        return super().editorEvent(event, model, option, index)


def _indent(index: QModelIndex | QPersistentModelIndex) -> int:
    """Where the shape of a row begins."""
    return scaled(18 + (INDENT if index.data(MEMBER_ROLE) else 0))


def _sentence_box(box: QRect, index: QModelIndex | QPersistentModelIndex) -> QRectF:
    """The room for the sentence of a row: after shape and word, before element, rule, line and repair."""
    finding: Finding = index.data(FINDING_ROLE)
    wide = box.width() > scaled(WIDE)
    right = box.right() - scaled(16) - scaled(FIX_WIDTH if finding.fix or wide else 0)
    end = right - _element_width(box) - scaled(164) if wide else right
    left = box.x() + _indent(index) + scaled(24 + 64)
    return QRectF(left, box.y(), end - left - scaled(12), box.height())


def _element_width(box: QRect) -> int:
    """Room for the element in words: a fifth of the row, within bounds."""
    return min(scaled(270), max(scaled(170), box.width() // 5))


def _paint_group(painter: QPainter, box: QRect, group: Group, theme: Theme) -> None:
    shown = font("caption", 600)
    left = box.x() + scaled(18)
    wide = min(QFontMetricsF(shown).horizontalAdvance(group.words) + 1, box.width() - scaled(60))
    draw_text(painter, QRectF(left, box.y(), wide, box.height()), group.words, shown, theme.text2, _LEFT)
    count = QRectF(left + wide + scaled(8), box.y(), scaled(40), box.height())
    draw_text(painter, count, str(group.size), font("caption"), theme.text3, _LEFT)
