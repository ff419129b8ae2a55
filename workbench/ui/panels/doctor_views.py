"""What the doctor says as cards: why something was refused with every cause tested, and what an error means.

Shows values and decides nothing; the same for the Keys panel and the inspector of the timeline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QWidget

from workbench.doctor import Retry, State
from workbench.ui.theme import colour, scaled, theme_for
from workbench.ui.widgets import Banner, Card, Chip, Label, Pic, column, facts_grid, row, separator, tool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from workbench.doctor import Check, Diagnosis, Explanation
    from workbench.ui.widgets.notices import Deed

_TOP = Qt.AlignmentFlag.AlignTop
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
_TONES = {State.CAUSE: "error", State.WRONG: "warning", State.FINE: "ok", State.UNTESTED: "neutral"}
_ROW = (15, 6, 15, 6)
"""Margins of a row of the tests, which is as wide as its card."""
_FAILED = (State.CAUSE, State.WRONG)
_RETRY = {Retry.YES: "waiting", Retry.NO: "error", Retry.NOT_NEEDED: "ok", Retry.AFTER_FIX: "warning"}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Doctor", text)


def state_words(state: State, *, refused: bool = True) -> str:
    """The word of a state; without a refusal nothing is `also` wrong."""
    return {
        State.CAUSE: _tr("Cause"),
        State.WRONG: _tr("Also wrong") if refused else _tr("Wrong"),
        State.FINE: _tr("Fine"),
        State.UNTESTED: _tr("Not tested"),
    }[state]


def diagnosis_cards(
    diagnosis: Diagnosis, *, compact: bool, said: bool = True, deeds: Sequence[Deed] = ()
) -> list[QWidget]:
    """The likely cause with the next step, what was tested, and (unless shown elsewhere) the other side's own words.

    `compact` shows of the tests only what is wrong, for a narrow place; `deeds` become buttons of the cause.
    """
    text = f"{diagnosis.text} {diagnosis.next_step}".strip()
    cards: list[QWidget] = [Banner("error", diagnosis.title, text, deeds, below=bool(deeds))]
    if not compact or any(check.state in _FAILED for check in diagnosis.checks):
        cards.append(checks_card(diagnosis.checks, compact=compact))
    if said:
        cards.append(SaidCard(diagnosis.said, diagnosis.support, longest=40 if compact else 90))
    return cards


def checks_card(checks: Sequence[Check], *, compact: bool = False, refused: bool = True) -> Card:
    """Every possible cause with what was found; without a refusal, the rules of the platform, kept or not."""
    counts = {state: sum(check.state is state for check in checks) for state in State}
    words = {
        State.FINE: _tr("{n} fine"),
        State.CAUSE: _tr("{n} cause"),
        State.WRONG: _tr("{n} also wrong") if refused else _tr("{n} wrong"),
        State.UNTESTED: _tr("{n} not tested"),
    }
    chips = [Chip(text.format(n=counts[state]), _TONES[state]) for state, text in words.items() if counts[state]]
    counted = _tr("{n} possible causes") if refused else _tr("{n} rules of the platform")
    title = Label(counted.format(n=len(checks)), weight=600)
    head: list[object] = [title, row(*chips, None, spacing=6)] if compact else [row(title, *chips, None, spacing=8)]
    shown = [check for check in checks if not compact or check.state in _FAILED]
    parts: list[object] = [column(*head, margins=(16, 0, 16, 8), spacing=6)]
    for check in shown:
        parts += [separator(), _check(check, compact=compact, refused=refused)]
    return Card(column(*parts, margins=(1, 12, 1, 6), spacing=0))


def _check(check: Check, *, compact: bool, refused: bool) -> QWidget:
    tone = _TONES[check.state]
    name, found = Label(check.name, weight=600, wrap=True), _found(check)
    state = Label(state_words(check.state, refused=refused), step="caption", weight=600, tone=tone, align=_RIGHT)
    widest = max(state.fontMetrics().horizontalAdvance(state_words(one)) for one in State)
    state.setMinimumWidth(widest + scaled(2))
    shape = (Pic(tone, 16, tone=tone), 0, _TOP)
    holder = _CauseRow() if check.state is State.CAUSE else QWidget()
    holder.setAccessibleName(f"{check.name}: {check.words}, {state.text()}")
    if compact:
        holder.setLayout(column(row(shape, (name, 1), (state, 0, _TOP)), found, margins=_ROW, spacing=2))
    else:
        holder.setLayout(row(shape, (name, 2, _TOP), (found, 5, _TOP), (state, 0, _TOP), margins=_ROW, spacing=10))
    return holder


class _CauseRow(QWidget):
    """The row of the likely cause, on the tint of an error."""

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colour(theme_for(self.palette()).tone("error").bg))


def _found(check: Check) -> Label:
    long = any(len(word) > 24 for word in check.words.split())
    return Label(check.words, role="text2", wrap=True, breaks_anywhere=long)


class SaidCard(Card):
    """What the other side answered, word for word, to copy."""

    def __init__(self, said: str, support: str, *, longest: int) -> None:
        """`longest`: characters of a word that still fits into a line."""
        super().__init__()
        self._said = said
        copy = tool(_tr("Copy the answer"), "copy", self._copy, icon_only=True, name="copy-said")
        broken = any(len(word) > longest for word in said.split())
        words = Label(said, step="code", mono=True, role="text2", wrap=True, breaks_anywhere=broken)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        parts: list[object] = [row(Label(_tr("What was answered"), weight=600), None, copy), words]
        if support:
            hint = _tr("Give the platform's support the message id {id}.").format(id=support)
            parts.append(Label(hint, step="caption", role="text2", wrap=True))
        self.setLayout(column(*parts, margins=(16, 8, 10, 12), spacing=6))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._said)


def explanation_card(told: Explanation) -> Card:
    """What an error means, whose it is, what to do, and whether to send it again."""
    tone = "ok" if told.delivered else _RETRY[told.retry]
    code = " ".join(part for part in (told.code, told.issue) if part) or _tr("no code of the standard")
    rows = [
        (_tr("Code"), code),
        (_tr("Means"), told.meaning),
        (_tr("Whose"), told.whose),
        (_tr("To do"), told.next_step),
        (_tr("Retry"), told.retry_words),
    ]
    if told.said:
        rows.insert(2, (_tr("In their words"), told.said))
    rows += [(_tr("Also"), f"{name}: {words}".rstrip(": ")) for name, words in told.others]
    chips = [Chip(_tr("written by BaRS"), "note")] if told.rewritten else []
    title = row((Pic(tone, 18, tone=tone), 0, _TOP), (Label(told.title, weight=600, wrap=True), 1), spacing=8)
    parts: list[object] = [title, *([row(*chips, None)] if chips else []), facts_grid(rows, label_width=84)]
    return Card(column(*parts, margins=(16, 12, 16, 12), spacing=8))
