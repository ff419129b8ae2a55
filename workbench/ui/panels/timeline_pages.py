"""The pages of the inspector: each shows one side of an `ExchangeDetail` and decides nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.ui.panels.compose_header_card import HeaderCard
from workbench.ui.panels.doctor_views import diagnosis_cards, explanation_card
from workbench.ui.panels.message_views import MessageTree, summary_card
from workbench.ui.text import plain_tip
from workbench.ui.theme import scaled
from workbench.ui.widgets import (
    Area,
    Banner,
    Card,
    Chip,
    EmptyState,
    Label,
    Pic,
    Segments,
    clear,
    column,
    facts_grid,
    row,
    scroll_area,
)
from workbench.ui.widgets.code_editor import CodeEditor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.messages import Message, Summary
    from workbench.session.belonging import Why
    from workbench.session.views import ExchangeDetail

_GUID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


class CardsPage(QWidget):
    """A column of cards that scrolls. Cards come later than they are asked for, in turns of their own: all together
    hold the window for too long."""

    def __init__(self) -> None:
        super().__init__()
        self._of: tuple[str, bool] | None = None
        self._said: tuple[object, ...] | None = None
        self._coming: Iterator[QWidget] = iter(())
        self._made: list[QWidget] = []
        self._placed = False
        self._making = QTimer(self, singleShot=True, interval=0)
        self._making.timeout.connect(self._make_one)
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(scaled(12), scaled(12), scaled(12), scaled(12))
        self._column.setSpacing(scaled(12))
        self._column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll_area(self._inner, role="canvas"))

    def replace(self, detail: ExchangeDetail, said: tuple[object, ...], cards: Iterator[QWidget]) -> None:
        """Show other cards, unless what they say is `said` already; until the last is made those of this leg stay.

        Nothing stays of another leg, whose title is gone, nor of people who are masked from now on.
        """
        self._inner.setUpdatesEnabled(True)
        of = (detail.exchange.id, detail.masked)
        if of != self._of:
            self._of, self._said = of, None
            clear(self._column, keep=1)
        if said == self._said:
            return
        for card in self._made:
            card.deleteLater()
        self._said, self._coming, self._made, self._placed = said, cards, [], False
        self._making.start()

    def _make_one(self) -> None:
        """One step: a card is made, or all are put in place, or they are painted."""
        self._making.start()
        try:
            card = next(self._coming, None)
        except Exception:  # told where every exception is; what was made stands in the next step
            self._said = None
            raise
        if card is not None:
            self._made.append(card)
        elif not self._placed:
            self._inner.setUpdatesEnabled(False)
            clear(self._column, keep=1)
            for place, made in enumerate(self._made):
                self._column.insertWidget(place, made)
            self._made, self._placed = [], True
        else:
            self._making.stop()
            self._inner.setUpdatesEnabled(True)


class SummaryPage(CardsPage):
    """In plain words: what it says, why it is part of the conversation, what came back, clocks that differ."""

    def show_detail(self, detail: ExchangeDetail) -> None:
        """Show a leg; nothing is made anew where it says the same, as after each step of a message just received."""
        exchange = detail.exchange
        said = (
            exchange.failure,
            exchange.response.remark if exchange.response is not None else "",
            detail.summary,
            detail.answer_summary,
            detail.chips,
            detail.diagnosis,
            detail.explanation,
            detail.why,
            detail.answered_by,
            detail.skew_s,
        )
        self.replace(detail, said, self._cards(detail))

    def _cards(self, detail: ExchangeDetail) -> Iterator[QWidget]:
        yield self._main(detail)
        failure = detail.exchange.failure
        if failure is not None:
            unknown = failure.kind.value in ("unknown", "cut")
            yield Banner("unknown" if unknown else "error", failure.sentence, failure.next_step)
        if detail.diagnosis is not None:
            yield from diagnosis_cards(detail.diagnosis, compact=True, said=detail.explanation is None)
        if detail.explanation is not None:
            yield explanation_card(detail.explanation)
        if detail.why:
            yield self._why(detail.why)
        if detail.answer_summary is not None:
            yield self._answer(detail.answer_summary, detail.summary)
        if detail.answered_by:
            yield self._rule(detail.answered_by)
        if detail.exchange.response is not None and detail.exchange.response.remark:
            yield Banner("warning", self.tr("Taken, but odd"), detail.exchange.response.remark)
        if detail.skew_s:
            ahead = self.tr("ahead") if detail.skew_s > 0 else self.tr("behind")
            words = self.tr("The other side's clock is {n:.0f} s {ahead}").format(n=abs(detail.skew_s), ahead=ahead)
            yield Banner("note", words, self.tr("Times are shown as this machine saw them."))

    @staticmethod
    def _main(detail: ExchangeDetail) -> QWidget:
        chips = [Chip(words, tone.value) for tone, words in detail.chips]
        return summary_card(detail.summary, chips)

    def _why(self, reasons: Sequence[Why]) -> QWidget:
        parts: list[object] = [Label(self.tr("Why this is part of the conversation"), weight=600)]
        for one in reasons:
            detail = Label(_GUID.sub(r"\1…", one.detail), step="caption", role="text2", wrap=True)
            detail.setToolTip(plain_tip(one.detail))
            mark = Pic(one.tone.value, 16, tone=one.tone.value)
            said = column(Label(one.title, weight=500, wrap=True), detail, spacing=0)
            parts.append(row((mark, 0, Qt.AlignmentFlag.AlignTop), (said, 1)))
        return Card(column(*parts, margins=(16, 12, 16, 12), spacing=8))

    def _rule(self, words: str) -> QWidget:
        """Which rule of the receiver or of the sandbox gave the answer."""
        said = Label(words, wrap=True)
        said.setObjectName("answered-by")
        return Card(
            column(Label(self.tr("The rule that answered"), weight=600), said, margins=(16, 12, 16, 12), spacing=4)
        )

    def _answer(self, summary: Summary, asked: Summary) -> QWidget:
        """What came back; an answer repeats most of the message, so only the facts that are new are shown."""
        parts: list[object] = [
            Label(self.tr("The answer"), weight=600),
            Label(summary.sentence, role="text2", wrap=True),
        ]
        said = {value for _, value in asked.facts}
        facts = [(name, value) for name, value in summary.facts if value not in said and name != "By"]
        if facts:
            parts.append(facts_grid(facts, label_width=76))
        return Card(column(*parts, margins=(16, 12, 16, 12), spacing=8))


class HeadersPage(CardsPage):
    """The headers of request and answer, decoded."""

    def show_detail(self, detail: ExchangeDetail) -> None:
        """Show a leg."""
        self.replace(detail, (detail.headers, detail.answer_headers), self._cards(detail))

    def _cards(self, detail: ExchangeDetail) -> Iterator[QWidget]:
        yield Label(self.tr("Request"), weight=600)
        yield from map(HeaderCard, detail.headers)
        if detail.answer_headers:
            yield Label(self.tr("Answer"), weight=600)
            yield from map(HeaderCard, detail.answer_headers)


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

    def show_place(self, path: str, *, answer: bool) -> None:
        """Choose an element in the tree of the request or the answer; in the source where there is no tree."""
        self._which.choose(1 if answer else 0)
        self._how.choose(0)
        self._show(0)
        message = self._messages[1 if answer else 0]
        if message is not None:
            self._tree.reveal(path)
            self._tree.setFocus(Qt.FocusReason.OtherFocusReason)

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
