"""The pages of the inspector: each shows one side of an `ExchangeDetail` and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from workbench.evidence.lanes import seconds_words
from workbench.rules.scores import scores
from workbench.ui.models.findings import FINDING_ROLE, TONES, WORDS, FindingModel
from workbench.ui.panels.compose_headers import HeaderCard
from workbench.ui.panels.message_views import MessageTree, summary_card
from workbench.ui.theme import em, font, scaled
from workbench.ui.widgets import (
    Area,
    Banner,
    Card,
    Chip,
    EmptyState,
    Label,
    Pic,
    RowDelegate,
    RowPaint,
    Segments,
    clear,
    column,
    facts_grid,
    list_view,
    row,
    scroll_area,
)
from workbench.ui.widgets.code_editor import CodeEditor

if TYPE_CHECKING:
    from workbench.correlation import Link
    from workbench.headers import DecodedHeader
    from workbench.messages import Finding, Message, Summary
    from workbench.session.views import ExchangeDetail
    from workbench.ui.widgets.rows import Index


class CardsPage(QWidget):
    """A column of cards that scrolls; cards are made anew for every leg."""

    def __init__(self) -> None:
        super().__init__()
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(scaled(12), scaled(12), scaled(12), scaled(12))
        self._column.setSpacing(scaled(12))
        self._column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll_area(self._inner, role="canvas"))

    def replace(self, cards: list[QWidget]) -> None:
        """Show other cards."""
        clear(self._column, keep=1)
        for place, card in enumerate(cards):
            self._column.insertWidget(place, card)


class SummaryPage(CardsPage):
    """In plain words: what it says, why it is part of the conversation, what came back, clocks that differ."""

    def show_detail(self, detail: ExchangeDetail) -> None:
        """Show a leg."""
        cards: list[QWidget] = [self._main(detail)]
        failure = detail.exchange.failure
        if failure is not None:
            unknown = failure.kind.value in ("unknown", "cut")
            cards.append(Banner("unknown" if unknown else "error", failure.sentence, failure.next_step))
        child = [link for link in detail.links if link.child == detail.exchange.id]
        if child:
            cards.append(self._why(child))
        if detail.answer_summary is not None:
            cards.append(self._answer(detail.answer_summary, detail.summary))
        if detail.skew_s:
            ahead = self.tr("ahead") if detail.skew_s > 0 else self.tr("behind")
            words = self.tr("The other side's clock is {n:.0f} s {ahead}").format(n=abs(detail.skew_s), ahead=ahead)
            cards.append(Banner("note", words, self.tr("Times are shown as this machine saw them.")))
        self.replace(cards)

    @staticmethod
    def _main(detail: ExchangeDetail) -> QWidget:
        chips = [Chip(words, tone.value) for tone, words in detail.chips]
        return summary_card(detail.summary, chips)

    def _why(self, links: list[Link]) -> QWidget:
        parts: list[object] = [Label(self.tr("Why this is part of the conversation"), weight=600)]
        for link in links:
            certain = link.strength.value == "certain"
            likely = link.strength.value == "likely"
            warned = "not the request" in link.reason.lower() or "but" in link.reason.lower().split()
            tone = "warning" if warned else "ok" if certain or likely else "note"
            parts.append(
                row((Pic(tone, 16, tone=tone), 0, Qt.AlignmentFlag.AlignTop), (Label(link.reason, wrap=True), 1))
            )
        return Card(column(*parts, margins=(16, 12, 16, 12), spacing=8))

    def _answer(self, summary: Summary, asked: Summary) -> QWidget:
        """What came back; an answer repeats most of the message, so only the facts that are new are shown."""
        parts: list[object] = [
            Label(self.tr("The answer"), weight=600),
            Label(summary.sentence, role="text2", wrap=True),
        ]
        said = {value for _, value in asked.facts}
        facts = [(name, value) for name, value in summary.facts if value not in said]
        if facts:
            parts.append(facts_grid(facts, label_width=76))
        return Card(column(*parts, margins=(16, 12, 16, 12), spacing=8))


class HeadersPage(CardsPage):
    """The headers of request and answer, decoded."""

    def show_detail(self, detail: ExchangeDetail) -> None:
        """Show a leg."""
        cards: list[QWidget] = [Label(self.tr("Request"), weight=600), *self._cards(detail.headers)]
        if detail.answer_headers:
            cards += [Label(self.tr("Answer"), weight=600), *self._cards(detail.answer_headers)]
        self.replace(cards)

    @staticmethod
    def _cards(headers: tuple[DecodedHeader, ...]) -> list[QWidget]:
        return [HeaderCard(header) for header in headers]


class BundlePage(QWidget):
    """The message as a tree and as its source, request or answer."""

    def __init__(self) -> None:
        super().__init__()
        self._messages: tuple[Message | None, Message | None] = (None, None)
        self._bodies: tuple[str, str] = ("", "")
        self._which = Segments([(self.tr("Request"), ""), (self.tr("Answer"), "")])
        self._how = Segments([(self.tr("Tree"), "tree"), (self.tr("Source"), "code")])
        self._tree = MessageTree("bundle-tree")
        self._source = CodeEditor()
        self._source.setReadOnly(True)
        self._source.setAccessibleName(self.tr("Message as text"))
        self._none = EmptyState("doc", self.tr("No message here"), self.tr("This part of the call has no FHIR body."))
        self._pages = QStackedWidget()
        for page in (self._tree, self._source, self._none):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Area(row(self._which, None, self._how, margins=(12, 6, 12, 6)), role="canvas", edges="b"))
        layout.addWidget(self._pages, 1)
        self._which.chosen.connect(self._show)
        self._how.chosen.connect(self._show)

    def show_detail(self, detail: ExchangeDetail) -> None:
        """Show a leg."""
        answer = detail.exchange.response.body if detail.exchange.response is not None else b""
        self._messages = (detail.request, detail.response)
        self._bodies = tuple(
            body.decode("utf-8", "backslashreplace") for body in (detail.exchange.request.body, answer)
        )  # type: ignore[assignment]
        self._show(0)

    def _show(self, _: int) -> None:
        place = self._which.current()
        message, body = self._messages[place], self._bodies[place]
        if not body:
            self._pages.setCurrentWidget(self._none)
        elif self._how.current() == 1 or message is None:
            self._source.show_text(body, xml=body.lstrip()[:1] == "<")
            self._pages.setCurrentWidget(self._source)
        else:
            self._tree.show_message(message)
            self._pages.setCurrentWidget(self._tree)


class FindingsPage(QWidget):
    """What was found in the message, its headers and the answer: three lines a finding."""

    def __init__(self) -> None:
        super().__init__()
        self._model = FindingModel()
        self._list = list_view(
            self._model,
            RowDelegate(None, self._height, self._paint),
            name=self.tr("Findings"),
            object_name="leg-findings",
        )
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._line)
        layout.addWidget(self._pages, 1)

    def show_detail(self, detail: ExchangeDetail) -> None:
        """Show a leg."""
        self._score(detail)
        verdicts = [verdict for verdict in (detail.verdict, detail.answer_verdict) if verdict is not None]
        findings = tuple(finding for verdict in verdicts for finding in verdict.findings)
        self._model.show(findings)
        self._pages.setCurrentWidget(self._list if findings else self._none if verdicts else self._unjudged)

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

    @staticmethod
    def _height(_: Index) -> int:
        return round(3 * em()) + scaled(24)

    @staticmethod
    def _paint(paint: RowPaint, index: Index) -> None:
        finding: Finding = index.data(FINDING_ROLE)
        tone = TONES[finding.severity]
        line = em()
        left, right, y = paint.box.x() + scaled(16), paint.box.right() - scaled(12), paint.box.y() + scaled(8)
        end = paint.shape(tone, left, tone=tone, y=y + line / 2)
        paint.text(QRectF(end + scaled(8), y, right - end, line), WORDS[tone], step="caption", weight=600, tone=tone)
        paint.text(
            QRectF(left + scaled(100), y, right - left - scaled(100), line),
            finding.rule + (f", line {finding.place.line}" if finding.place else ""),
            step="caption",
            role="text3",
        )
        y += line + scaled(2)
        paint.text(QRectF(left, y, right - left, line), finding.text, weight=500)
        paint.text(
            QRectF(left, y + line + scaled(2), right - left, line), finding.resource, step="caption", role="text2"
        )
        paint.rule()


class WirePage(QWidget):
    """The exact text of request and answer, with times and the secure connection."""

    def __init__(self) -> None:
        super().__init__()
        self._texts = ("", "")
        self._which = Segments([(self.tr("Request"), ""), (self.tr("Answer"), "")])
        self._facts = Label("", step="caption", role="text2", wrap=True)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFont(font("code"))
        self._text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setAccessibleName(self.tr("Exact bytes as text"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = column(row(self._which, None), self._facts, margins=(12, 6, 12, 8), spacing=6)
        layout.addWidget(Area(head, role="canvas", edges="b"))
        layout.addWidget(self._text, 1)
        self._which.chosen.connect(self._show)

    def show_detail(self, detail: ExchangeDetail) -> None:
        """Show a leg."""
        self._texts = (detail.wire_request, detail.wire_response)
        timing = detail.exchange.timing
        phases = (
            (self.tr("connect"), timing.connect),
            (self.tr("TLS"), timing.tls),
            (self.tr("send"), timing.send),
            (self.tr("wait"), timing.wait),
            (self.tr("receive"), timing.receive),
        )
        parts = [f"{name} {seconds_words(spent)}" for name, spent in phases if spent is not None]
        if detail.exchange.tls is not None:
            tls = detail.exchange.tls
            parts.append(f"{tls.version}, {tls.cipher}, {tls.subject}")
        if detail.exchange.peer_date is not None:
            parts.append(self.tr("their clock {time:%H:%M:%S}").format(time=detail.exchange.peer_date.astimezone()))
        self._facts.setText(", ".join(parts) or self.tr("No times were measured."))
        self._show(0)

    def _show(self, _: int) -> None:
        text = self._texts[self._which.current()]
        self._text.setPlainText(text or self.tr("There is no answer."))
