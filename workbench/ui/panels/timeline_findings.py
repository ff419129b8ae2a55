"""The findings of a leg: what counts, what is silenced for the service that was called, and the scores of its answer.

Shows what an `ExchangeDetail` holds and decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.rules.scores import scores
from workbench.ui.models.findings import FINDING_ROLE, TONES, WORDS, FindingModel, capital
from workbench.ui.theme import em, scaled
from workbench.ui.widgets import Area, EmptyState, Label, RowDelegate, RowPaint, button, column, list_view, row
from workbench.ui.widgets.rows import paragraph_height

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex

    from workbench.messages import Finding
    from workbench.session.views import ExchangeDetail
    from workbench.ui.widgets.rows import Index

_LEFT, _RIGHT = 16, 12
"""Design pixels beside a row's words."""


class FindingsPage(QWidget):
    """What was found in the message, its headers and the answer, each sentence as long as it is.

    `place_wanted(str, bool)` carries the path of a finding that was clicked, and whether it is one of the answer's.
    """

    place_wanted = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._detail: ExchangeDetail | None = None
        self._with_silenced = False
        self._of_answer: frozenset[tuple[str, str, str]] = frozenset()
        self._reasons: dict[tuple[str, str, str], str] = {}
        self._model = FindingModel()
        self._list = list_view(
            self._model,
            RowDelegate(None, self._height, self._paint),
            name=self.tr("Findings"),
            object_name="leg-findings",
        )
        self._list.clicked.connect(self._on_wanted)
        self._list.activated.connect(self._on_wanted)
        self._none = EmptyState("ok", self.tr("No findings"), self.tr("Every rule that was checked is followed."))
        self._unjudged = EmptyState(
            "running", self.tr("Not judged"), self.tr("There is no message to judge in this call.")
        )
        self._pages = QStackedWidget()
        for page in (self._list, self._none, self._unjudged):
            self._pages.addWidget(page)
        self._scores = Label("", step="caption", role="text2", wrap=True)
        self._scores.setObjectName("leg-scores")
        self._line = Area(column(self._scores, margins=(16, 6, 12, 6)), role="canvas", edges="b")
        self._silenced = Label("", step="caption", role="text2", elide=True, hug=True)
        self._silenced.setObjectName("leg-silenced")
        self._show = button(self.tr("Show"), self._on_show, kind="link", name="leg-show-silenced")
        self._noise = Area(
            row(self._silenced, self._show, None, margins=(16, 0, 12, 0), spacing=10), role="sunken", edges="b"
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._line)
        layout.addWidget(self._noise)
        layout.addWidget(self._pages, 1)

    def show_detail(self, detail: ExchangeDetail) -> None:
        """Show a leg."""
        self._detail = detail
        self._reasons = {_key(one.finding): capital(one.silence.words) for one in detail.silenced}
        self._score(detail)
        self._list_findings(detail)

    def _list_findings(self, detail: ExchangeDetail) -> None:
        """What counts, and what is silenced after it where that is wanted."""
        self._noise.setVisible(bool(detail.silenced))
        self._silenced.show_text(self.tr("{count} silenced").format(count=len(detail.silenced)))
        self._show.setText(self.tr("Hide") if self._with_silenced else self.tr("Show"))
        answered = detail.answer_verdict.findings if detail.answer_verdict is not None else ()
        self._of_answer = frozenset(_key(finding) for finding in answered)
        verdicts = [verdict for verdict in (detail.verdict, detail.answer_verdict) if verdict is not None]
        counted = tuple(finding for verdict in verdicts for finding in verdict.findings)
        silenced = tuple(one.finding for one in detail.silenced) if self._with_silenced else ()
        self._model.show((*counted, *silenced))
        shown = counted or silenced
        self._pages.setCurrentWidget(self._list if shown else self._none if verdicts else self._unjudged)

    def _on_wanted(self, index: QModelIndex) -> None:
        finding: Finding = index.data(FINDING_ROLE)
        self.place_wanted.emit(finding.path, _key(finding) in self._of_answer)

    def _on_show(self) -> None:
        self._with_silenced = not self._with_silenced
        if self._detail is not None:
            self._list_findings(self._detail)

    def _score(self, detail: ExchangeDetail) -> None:
        """The two scores of the answer's headers, what is missed in the tooltip."""
        response = detail.exchange.response
        judged = response is not None and detail.answer_verdict is not None
        self._line.setVisible(judged)
        if response is None or not judged:
            return
        found = scores(detail.exchange.request, response)
        self._scores.setText(self.tr("Headers of the answer: {scores}").format(scores="; ".join(found.lines)))
        missed = [*found.standard.missed, *found.advice.missed]
        self._scores.setToolTip(self.tr("Not met: {list}").format(list="; ".join(missed)) if missed else "")

    def _height(self, index: Index) -> int:
        finding: Finding = index.data(FINDING_ROLE)
        width = self._list.viewport().width() - scaled(_LEFT) - scaled(_RIGHT)
        return round(2 * em()) + paragraph_height(finding.text, width, weight=500) + scaled(24)

    def _paint(self, paint: RowPaint, index: Index) -> None:
        finding: Finding = index.data(FINDING_ROLE)
        reason = self._reasons.get(_key(finding), "")
        tone = "note" if reason else TONES[finding.severity]
        line = em()
        left, right, y = paint.box.x() + scaled(_LEFT), paint.box.right() - scaled(_RIGHT), paint.box.y() + scaled(8)
        end = paint.shape(tone, left, tone=tone, y=y + line / 2)
        words = self.tr("Silenced") if reason else WORDS[tone]
        paint.text(QRectF(end + scaled(8), y, right - end, line), words, step="caption", weight=600, tone=tone)
        paint.text(
            QRectF(left + scaled(100), y, right - left - scaled(100), line),
            finding.rule + (f", line {finding.place.line}" if finding.place else ""),
            step="caption",
            role="text3",
        )
        y += line + scaled(2)
        tall = paragraph_height(finding.text, right - left, weight=500)
        paint.paragraph(QRectF(left, y, right - left, tall), finding.text, weight=500)
        under = QRectF(left, y + tall + scaled(2), right - left, line)
        where = self.tr("Answer: {place}") if _key(finding) in self._of_answer else "{place}"
        paint.text(under, reason or where.format(place=finding.resource), step="caption", role="text2")
        paint.rule()


def _key(finding: Finding) -> tuple[str, str, str]:
    return (finding.rule, finding.path, finding.text)
