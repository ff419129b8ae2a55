"""The steps of a scenario as cards: who does what to whom, what must come back, how far it is, what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.session.views import StepState
from workbench.ui.theme import scaled
from workbench.ui.widgets import Card, Chip, Label, Pic, clear, column, row, scroll_area

if TYPE_CHECKING:
    from workbench.session.views import ExpectationView, ScenarioView, StepView

STATES = {
    StepState.TO_COME: "neutral",
    StepState.RUNNING: "running",
    StepState.PASSED: "ok",
    StepState.FAILED: "error",
}
"""The tone of a state."""


class StepsView(QWidget):
    """Cards in order; they are made anew when the scenario or its run has changed."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: ScenarioView | None = None
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(scaled(16), scaled(12), scaled(16), scaled(16))
        self._column.setSpacing(scaled(12))
        self._column.addStretch(1)
        self._scroll = scroll_area(self._inner, role="canvas")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)

    def show_scenario(self, view: ScenarioView) -> None:
        """Show a scenario as it stands."""
        if view == self._shown:
            return
        self._shown = view
        clear(self._column, keep=1)
        for place, step in enumerate(view.steps):
            expected = [one for one in view.expectations if one.step == step.number]
            self._column.insertWidget(place, self._card(step, expected))

    def _card(self, step: StepView, expected: list[ExpectationView]) -> Card:
        words = {
            StepState.TO_COME: self.tr("To come"),
            StepState.RUNNING: self.tr("Waiting for it"),
            StepState.PASSED: self.tr("Passed"),
            StepState.FAILED: self.tr("Failed"),
        }[step.state]
        who = f"{step.actor} → {step.other}" if step.other else step.actor
        head = row(
            Label(str(step.number), step="heading", weight=600, role="text3"),
            (
                column(
                    Label(step.sentence, weight=600, wrap=True),
                    Label(who, step="caption", role="text2", elide=True),
                    spacing=2,
                ),
                1,
            ),
            Label(step.took, step="caption", role="text3"),
            Chip(words, STATES[step.state]),
            spacing=14,
        )
        items: list[object] = [head]
        if step.must_come_back and not expected:
            items.append(
                Label(
                    self.tr("Must come back: {what}").format(what=step.must_come_back),
                    step="caption",
                    role="text2",
                    wrap=True,
                )
            )
        for one in expected:
            tone = "ok" if one.passed else "error"
            items.append(
                row(
                    (Pic(tone, 15, tone=tone), 0, Qt.AlignmentFlag.AlignTop),
                    (Label(one.text, role="text2" if one.passed else "text", wrap=True), 1),
                    margins=(26, 0, 0, 0),
                    spacing=8,
                )
            )
        bar = {StepState.RUNNING: "running", StepState.FAILED: "error"}.get(step.state, "")
        return Card(column(*items, margins=(16, 12, 16, 12), spacing=6), bar=bar)
