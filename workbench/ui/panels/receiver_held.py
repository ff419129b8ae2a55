"""The card that says what a receiver holds, with the way to look into it and to have it forgotten.

`opened` asks for the state itself, `forgotten` that everything is to be forgotten: a person has been asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.ui.widgets import Card, Facts, Label, button, column, row, separator

if TYPE_CHECKING:
    from collections.abc import Sequence


class HeldCard(Card):
    """State it holds."""

    opened = Signal()
    forgotten = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._facts = Facts(label_width=110)
        self._reset = button(self.tr("Reset"), self._on_reset, icon="trash", kind="ghost", name="reset-state")
        self._open = button(self.tr("Show and edit"), self._on_open, icon="list", name="open-state")
        self._open.hide()
        self._sure = QWidget()
        self._sure.setLayout(
            column(
                separator(),
                Label(self.tr("Forget everything it holds?"), wrap=True),
                row(
                    button(self.tr("Forget it"), self._on_sure, kind="danger", name="reset-sure"),
                    button(self.tr("Keep it"), self.keep, name="reset-keep"),
                    None,
                ),
                spacing=8,
            )
        )
        self._sure.hide()
        title = row(Label(self.tr("State it holds"), weight=600), None, self._reset)
        self.setLayout(
            column(title, self._facts, row(self._open, None), self._sure, margins=(16, 10, 12, 14), spacing=8)
        )

    def show_state(self, facts: Sequence[tuple[str, str]], *, can_open: bool) -> None:
        """Show the counts; `can_open` offers the state itself."""
        self._facts.show_facts(tuple(facts))
        self._open.setVisible(can_open)

    def keep(self) -> None:
        """Ask no longer whether everything is to be forgotten."""
        self._sure.hide()

    def _on_reset(self) -> None:
        self._sure.show()

    def _on_sure(self) -> None:
        self._sure.hide()
        self.forgotten.emit()

    def _on_open(self) -> None:
        self.opened.emit()
