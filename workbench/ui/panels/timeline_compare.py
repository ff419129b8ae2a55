"""The Compare page of the inspector: the chosen message held against another, differences in a tester's words.

Asks the session for what can be compared and shows what it found; what counts as noise is decided there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.messages.diff import ChangeKind
from workbench.session.comparing import ANSWER, REQUEST, MessagePick
from workbench.session.views import Tone
from workbench.ui.models.changes import ROW_ROLE, ChangeModel, ChangeRow
from workbench.ui.theme import colour, em, scaled
from workbench.ui.widgets import (
    Area,
    ChoicePopup,
    Combo,
    EmptyState,
    Label,
    RowDelegate,
    RowPaint,
    Segments,
    button,
    column,
    list_view,
    row,
    tool,
)
from workbench.ui.widgets.rows import paragraph_height

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from workbench.session.comparing import ComparePage as Choices
    from workbench.session.comparing import CompareResult
    from workbench.session.views import Choice, ExchangeDetail
    from workbench.ui.context import PanelContext
    from workbench.ui.widgets.rows import Index

_LEFT, _RIGHT = 16, 12
_GAP = 4
"""Design pixels between a row's lines."""
_TONES = {ChangeKind.ADDED: "ok", ChangeKind.REMOVED: "error", ChangeKind.CHANGED: "neutral"}


class ComparePage(QWidget):
    """What differs between the chosen message and another one."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._exchange = ""
        self._result: CompareResult | None = None
        self._with_noise = False
        self._pinned: MessagePick | None = None
        self._other: MessagePick | None = None
        self._picker = ChoicePopup(self, self.tr("Message to compare with"))
        self._picker.setObjectName("compare-other")
        self._picker.picked.connect(self._on_picked)
        self._part = Segments([(self.tr("Request"), ""), (self.tr("Answer"), "")])
        self._part.setAccessibleName(self.tr("Which message of this leg"))
        self._with = Combo()
        self._with.setAccessibleName(self.tr("Compare with"))
        self._with.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._before = tool(self.tr("Compare with the one before"), "left", lambda: self._step(-1), icon_only=True)
        self._after = tool(self.tr("Compare with the next one"), "right", lambda: self._step(1), icon_only=True)
        self._choose = button(self.tr("Choose another..."), self._on_choose, kind="link", name="compare-choose")
        self._told = Label("", step="caption", role="text2", wrap=True)
        self._told.setObjectName("compare-summary")
        self._noise = button(self.tr("Show hidden"), self._on_noise, kind="link", name="compare-noise")
        self._model = ChangeModel()
        self._list = list_view(
            self._model,
            RowDelegate(None, self._height, self._paint),
            name=self.tr("Differences"),
            object_name="changes",
        )
        self._list.setSelectionMode(self._list.SelectionMode.SingleSelection)
        self._none = EmptyState("ok", self.tr("No difference that matters"), self.tr("Both messages say the same."))
        self._alone = EmptyState(
            "diff", self.tr("Nothing to compare with"), self.tr("This conversation has no other message yet.")
        )
        self._unreadable = EmptyState(
            "diff", self.tr("Not comparable"), self.tr("One of the two bodies cannot be read as FHIR.")
        )
        self._pages = QStackedWidget()
        for page in (self._list, self._none, self._alone, self._unreadable):
            self._pages.addWidget(page)
        head = column(
            row(self._part, None),
            row(
                Label(self.tr("Compare with"), step="caption", weight=600),
                None,
                self._choose,
                self._before,
                self._after,
            ),
            self._with,
            row((self._told, 1), (self._noise, 0, Qt.AlignmentFlag.AlignTop)),
            margins=(_LEFT, 8, _RIGHT, 8),
            spacing=6,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Area(head, role="canvas", edges="b"))
        layout.addWidget(self._pages, 1)
        self._part.chosen.connect(lambda _: self._ask())
        self._with.chosen.connect(lambda _: self._compare())

    @property
    def pinned(self) -> str:
        """The exchange that is pinned, empty while there is none."""
        return self._pinned.exchange if self._pinned is not None else ""

    def pin(self, detail: ExchangeDetail | None) -> None:
        """Have this leg stand first among what every other one is compared with; None takes it away."""
        self._pinned = None
        if detail is not None:
            started = detail.exchange.timing.started.astimezone()
            title = self.tr("Pinned: {title}, {time:%H:%M:%S}").format(title=detail.title, time=started)
            self._pinned = MessagePick(detail.exchange.id, REQUEST, title)
        if self._exchange:
            self._ask()

    def show_detail(self, detail: ExchangeDetail) -> None:
        """Hold another leg against what is likeliest."""
        if detail.exchange.id != self._exchange:
            self._other = None
        self._exchange = detail.exchange.id
        self._part.setVisible(detail.response is not None)
        if detail.response is None:
            self._part.choose(0)
        self._ask()

    def _part_name(self) -> str:
        return ANSWER if self._part.current() == 1 else REQUEST

    def _ask(self) -> None:
        self._context.bridge.submit(
            self._context.session.comparing.page(self._exchange, self._part_name()), self._on_choices
        )

    def _on_choices(self, choices: Choices | None, error: BaseException | None) -> None:
        if choices is None:
            self._fail(error)
            return
        first = [one for one in (self._other, self._pinned) if one is not None]
        first = [one for one in first if (one.exchange, one.part) != (self._exchange, self._part_name())]
        shown = {f"{pick.exchange}/{pick.part}": pick.title for pick in reversed((*first, *choices.picks))}
        picks = [(key, shown[key]) for key in reversed(shown)]
        self._with.show_choices(picks, picks[0][0] if picks else "")
        self._with.setEnabled(bool(picks))
        if picks:
            self._compare()
        else:
            self._show(None, self._alone)

    def _on_choose(self) -> None:
        """Offer the messages of other conversations."""
        exchange = self._exchange

        def offered(choices: Sequence[Choice] | None, error: BaseException | None) -> None:
            if choices is None:
                self._fail(error)
            elif exchange == self._exchange and choices:
                place = self._choose.mapToGlobal(QPoint(0, self._choose.height()))
                self._picker.open(choices, "", place, scaled(360))
            elif not choices:
                self._context.go.toast(Tone.NOTE, self.tr("There is no other conversation with a message yet."))

        self._context.bridge.submit(self._context.session.comparing.others(exchange), offered)

    def _on_picked(self, exchange: str) -> None:
        self._context.bridge.submit(self._context.session.comparing.pick(exchange), self._on_pick)

    def _on_pick(self, pick: MessagePick | None, error: BaseException | None) -> None:
        if pick is None:
            self._fail(error)
        else:
            self._other = pick
            self._ask()

    def _step(self, by: int) -> None:
        place = self._with.currentIndex() + by
        if 0 <= place < self._with.count():
            self._with.setCurrentIndex(place)
            self._compare()

    def _compare(self) -> None:
        place = self._with.currentIndex()
        self._before.setEnabled(place > 0)
        self._after.setEnabled(place < self._with.count() - 1)
        other, _, part = self._with.value().rpartition("/")
        mine = (self._exchange, self._part_name())
        asked = self._context.session.comparing.compare((other, part), mine)
        wanted = (mine, self._with.value())

        def answered(result: CompareResult | None, error: BaseException | None) -> None:
            if wanted != ((self._exchange, self._part_name()), self._with.value()):
                return
            if error is not None:
                self._fail(error)
            elif result is None:
                self._show(None, self._unreadable)
            else:
                self._show(result, self._list if result.telling else self._none)

        self._context.bridge.submit(asked, answered)

    def _show(self, result: CompareResult | None, page: QWidget) -> None:
        self._result = result
        heads = (self.tr("Likely why it was refused"), self.tr("Other differences"), self.tr("Hidden as noise"))
        self._model.show(result, with_noise=self._with_noise, heads=heads)
        self._told.setText(self._words(result) if result is not None else "")
        self._noise.setVisible(result is not None and bool(result.noise))
        self._noise.setText(self.tr("Hide them") if self._with_noise else self.tr("Show hidden"))
        self._pages.setCurrentWidget(self._list if self._model.rowCount() else page)

    def _words(self, result: CompareResult) -> str:
        number = len(result.telling)
        words = self.tr("1 difference that matters.") if number == 1 else self.tr("{n} differences that matter.")
        told = words.format(n=number)
        if result.hidden:
            hidden = ", ".join(
                f"{count} {kind if count > 1 else kind.removesuffix('s')}" for kind, count in result.hidden
            )
            told += " " + self.tr("Hidden: {hidden}.").format(hidden=hidden)
        return told

    def _on_noise(self) -> None:
        self._with_noise = not self._with_noise
        result = self._result
        self._show(result, self._none)

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)

    # rows

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Values wrap to the width."""
        super().resizeEvent(event)
        self._list.doItemsLayout()

    def _room(self) -> float:
        return self._list.viewport().width() - scaled(_LEFT + _RIGHT)

    def _height(self, index: Index) -> int:
        shown: ChangeRow = index.data(ROW_ROLE)
        line = round(em() * 1.5)
        if shown.change is None:
            return line + scaled(14)
        words = paragraph_height(shown.change.subject, self._room() * 0.75, weight=600)
        tall = words + scaled(10 + _GAP)
        for value in (shown.change.left, shown.change.right):
            tall += self._value_height(value) if value else 0
        for reason in shown.reasons:
            tall += paragraph_height(reason, self._room() - scaled(20), step="caption") + scaled(_GAP)
        return tall

    def _value_height(self, value: str) -> int:
        return paragraph_height(value, self._room() - scaled(34), step="code") + scaled(_GAP)

    def _paint(self, paint: RowPaint, index: Index) -> None:
        shown: ChangeRow = index.data(ROW_ROLE)
        left, width = paint.box.x() + scaled(_LEFT), self._room()
        y = paint.box.y() + scaled(6)
        if shown.change is None:
            paint.text(QRectF(left, y, width, paint.box.height() - scaled(6)), shown.head, step="caption", weight=600)
            paint.rule(0)
            return
        change = shown.change
        tall = paragraph_height(change.subject, width * 0.75, weight=600)
        paint.paragraph(QRectF(left, y, width * 0.75, tall), change.subject, weight=600)
        kind = {ChangeKind.ADDED: self.tr("Added"), ChangeKind.REMOVED: self.tr("Removed")}.get(
            change.kind, self.tr("Changed")
        )
        where = QRectF(left + width * 0.75, y, width * 0.25, em() * 1.4)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        paint.text(where, kind, step="caption", weight=600, tone=_TONES[change.kind], align=right)
        y += tall + scaled(_GAP)
        for mark, tone, value in (("-", "error", change.left), ("+", "ok", change.right)):
            if value:
                y = self._paint_value(paint, QRectF(left, y, width, self._value_height(value)), mark, tone, value)
        for reason in shown.reasons:
            high = paragraph_height(reason, width - scaled(20), step="caption")
            paint.shape("warning", left, size=14, tone="warning", y=y + em() * 0.7)
            paint.paragraph(
                QRectF(left + scaled(20), y, width - scaled(20), high), reason, step="caption", role="text2"
            )
            y += high + scaled(_GAP)

    def _paint_value(self, paint: RowPaint, box: QRectF, mark: str, tone: str, value: str) -> float:
        paint.painter.fillRect(box, colour(paint.theme.tone(tone).bg))
        paint.text(
            QRectF(box.x() + scaled(8), box.y(), scaled(16), em() * 1.4), mark, step="code", tone=tone, mono=True
        )
        inner = QRectF(box.x() + scaled(26), box.y() + scaled(_GAP) / 2, box.width() - scaled(34), box.height())
        paint.paragraph(inner, value, step="code")
        return box.bottom() + scaled(1)
