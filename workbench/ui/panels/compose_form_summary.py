"""What the draft says, in one sentence above the form; its facts open below on demand.

Tested with the form, in `test_compose_form.py`. It must not know the form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.ui.panels.message_views import summary_facts
from workbench.ui.widgets import Card, Label, button, clear, column, holder, row

if TYPE_CHECKING:
    from workbench.messages import Summary

_TOP = Qt.AlignmentFlag.AlignTop


class SummaryFold(Card):
    """Who asks whom for what; it stays open or shut while the draft changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("form-summary")
        self._summary: Summary | None = None
        self._open = False
        self._sentence = Label("", step="lead", weight=500, wrap=True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._toggle = button("", self._on_toggled, kind="link", name="form-summary-toggle")
        self._facts = QVBoxLayout()
        self.setLayout(
            column(
                row((self._sentence, 1), (self._toggle, 0, _TOP), spacing=12),
                self._facts,
                margins=(16, 10, 10, 10),
                spacing=0,
            )
        )
        self.hide()

    def show_summary(self, summary: Summary | None) -> None:
        """Show another summary; None where the text is no message."""
        if summary == self._summary:
            return
        self._summary = summary
        self._sentence.setText(summary.sentence if summary is not None else "")
        self.setVisible(summary is not None)
        self._show_facts()

    def _on_toggled(self) -> None:
        self._open = not self._open
        self._show_facts()

    def _show_facts(self) -> None:
        clear(self._facts)
        if self._summary is not None and self._open:
            self._facts.addWidget(holder(column(*summary_facts(self._summary), margins=(0, 10, 6, 4), spacing=10)))
        self._toggle.setText(self.tr("Hide the summary") if self._open else self.tr("Show the summary"))
