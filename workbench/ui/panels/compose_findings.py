"""The findings under the source: filters with counts, one line a finding, its repair, what a receiver would answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from workbench.ui import icons
from workbench.ui.models.findings import FINDING_ROLE, TONES, WORDS, FindingModel
from workbench.ui.theme import Pair, Theme, colour, font, scaled, theme_for
from workbench.ui.widgets import Area, FilterChips, KeyCap, Label, row
from workbench.ui.widgets.painting import draw_text, row_background

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

    from workbench.messages import Finding
    from workbench.session.views import DraftVerdict

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
FIX_WIDTH = 132
WIDE = 820
"""From this width on a row also shows the element, the rule and the line."""


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
        finding: Finding = index.data(FINDING_ROLE)
        box: QRect = option.rect
        theme = theme_for(option.palette)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        tone = TONES[finding.severity]
        pair = tone_colours(theme, tone)
        ratio = painter.device().devicePixelRatioF()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            row_background(painter, box, theme)
        size = scaled(16)
        x = box.x() + scaled(18)
        shape = icons.pixmap(tone, pair.solid, size, ratio)
        painter.drawPixmap(QPointF(x, box.center().y() - size / 2 + 1), shape)
        x += scaled(24)
        word = font("caption", 600)
        draw_text(painter, QRectF(x, box.y(), scaled(64), box.height()), WORDS[tone], word, pair.fg, _LEFT)
        x += scaled(64)
        wide = box.width() > scaled(WIDE)
        right = box.right() - scaled(16) - scaled(FIX_WIDTH if finding.fix or wide else 0)
        middle = right - scaled(340) if wide else right
        sentence = font("body", 600 if chosen else 500)
        draw_text(
            painter,
            QRectF(x, box.y(), middle - x - scaled(12), box.height()),
            finding.text,
            sentence,
            theme.text,
            _LEFT,
        )
        if wide:
            place = QRectF(middle, box.y(), scaled(176), box.height())
            draw_text(painter, place, finding.resource, font("caption"), theme.text2, _LEFT)
            rule = QRectF(middle + scaled(182), box.y(), scaled(72), box.height())
            draw_text(painter, rule, finding.rule, font("caption", 500, mono=True), theme.text2, _LEFT)
            line = f"line {finding.place.line}" if finding.place else "header" if "headers" in finding.path else ""
            at = QRectF(middle + scaled(258), box.y(), scaled(76), box.height())
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
            finding: Finding = index.data(FINDING_ROLE)
            if finding.fix is not None and self.fix_box(option.rect).contains(event.position()):
                self.fix_clicked.emit(index.row())
                return True
        return super().editorEvent(event, model, option, index)


class FindingsView(Area):
    """`chosen(object)` and `fix_asked(object)` carry the Finding."""

    chosen = Signal(object)
    fix_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(role="surface", parent=parent)
        self.model = FindingModel()
        self._filters = FilterChips()
        self._filters.setObjectName("finding-filters")
        self._took = Label("", step="caption", role="text3")
        self._likely = Label(
            "",
            step="caption",
            weight=500,
            role="text2",
            elide=True,
            align=Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
        )
        self._likely.setObjectName("likely-answer")
        self._hints = [
            KeyCap("F8"),
            Label(self.tr("next"), step="caption", role="text3"),
            KeyCap("Alt Enter"),
            Label(self.tr("fix"), step="caption", role="text3"),
        ]
        self._list = QListView()
        self._list.setObjectName("findings")
        self._list.setAccessibleName(self.tr("Findings"))
        self._list.setModel(self.model)
        self._delegate = FindingDelegate(self._list)
        self._list.setItemDelegate(self._delegate)
        self._list.setFrameShape(QListView.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(True)
        self._list.setMinimumHeight(scaled(40))
        self._none = Label(self.tr("No findings. This message follows every rule that was checked."), role="text2")
        self._none.setContentsMargins(scaled(16), scaled(10), scaled(16), scaled(10))
        self._none.hide()
        head = row(
            Label(self.tr("Findings"), weight=600),
            self._filters,
            self._took,
            (self._likely, 6),
            None,
            *self._hints,
            margins=(16, 7, 16, 7),
            spacing=8,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, scaled(4))
        layout.setSpacing(0)
        layout.addWidget(Area(head, role="surface", edges="b"))
        layout.addWidget(self._none)
        layout.addWidget(self._list, 1)
        layout.addStretch(0)  # takes the room that the list leaves where it is hidden
        self._filters.changed.connect(self._on_filter)
        self._list.clicked.connect(self._on_clicked)
        self._delegate.fix_clicked.connect(self._on_fix)
        self._list.installEventFilter(self)

    def any(self) -> bool:
        """Whether there is a finding to go to."""
        return self.model.rowCount() > 0

    def waiting(self) -> None:
        """A draft was opened and is not judged yet."""
        self.model.show(())
        self._took.setText(self.tr("judging..."))
        self._likely.show_text("")
        self._none.hide()

    def show_verdict(self, verdict: DraftVerdict) -> None:
        """Show findings, counts and the likely answer; the chosen finding stays chosen where it is still there."""
        before = self.current()
        self.model.show(verdict.verdict.findings)
        counts = self.model.counts()
        self._filters.show_filters(
            [(tone, f"{n} {WORDS[tone].lower()}{'s' if n != 1 else ''}", tone) for tone, n in counts.items() if n]
        )
        took = max(1, round(verdict.verdict.seconds * 1000))
        self._took.setText(self.tr("judged in {ms} ms, {rules} rules").format(ms=took, rules=verdict.rules))
        self._likely.show_text(verdict.likely)
        empty = not any(counts.values())
        self._none.setVisible(empty)
        self._list.setVisible(not empty)
        if before is not None:
            for number in range(self.model.rowCount()):
                if (self.model.at(number).rule, self.model.at(number).path) == (before.rule, before.path):
                    self._list.setCurrentIndex(self.model.index(number))
                    return

    def current(self) -> Finding | None:
        """The chosen finding, else the first."""
        index = self._list.currentIndex()
        if index.isValid():
            return self.model.at(index.row())
        return self.model.at(0) if self.model.rowCount() else None

    def next(self) -> None:
        """Choose the next finding and go to it, starting over at the end."""
        count = self.model.rowCount()
        if not count:
            return
        following = (self._list.currentIndex().row() + 1) % count
        self._list.setCurrentIndex(self.model.index(following))
        self.chosen.emit(self.model.at(following))

    def set_narrow(self, narrow: bool) -> None:
        """Keep only what fits: a summary line and the rows."""
        self._took.setVisible(not narrow)
        for hint in self._hints[2:]:
            hint.setVisible(not narrow)
        self._likely.setVisible(not narrow)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self._list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if plain and event.modifiers() == Qt.KeyboardModifier.NoModifier and (finding := self.current()):
                self.chosen.emit(finding)
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _on_filter(self) -> None:
        self.model.hide(self._filters.off())

    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.at(index.row()))

    def _on_fix(self, number: int) -> None:
        self.fix_asked.emit(self.model.at(number))
