"""What does not fit together in the open conversation, as sentences under its title; each leads to its message.

Asks the session; nothing is decided here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.ui.theme import scaled
from workbench.ui.widgets import Area, Label, Pic, button, clear, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.correlation import Conflict
    from workbench.ui.context import PanelContext

SHOWN = 3
"""Sentences that are shown; of more it says how many."""


class ConflictLines(Area):
    """`chosen(str)` carries the exchange at which a conflict was seen."""

    chosen = Signal(str)

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(role="sunken", edges="b", parent=parent)
        self.setObjectName("conflicts")
        self.setAccessibleName(self.tr("What does not fit in this conversation"))
        self._context = context
        self._conversation = ""
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(scaled(16), scaled(6), scaled(12), scaled(6))
        self._lines.setSpacing(scaled(4))
        self.hide()

    def show_for(self, conversation: str, count: int) -> None:
        """Say what does not fit in a conversation that has so many conflicts."""
        self._conversation = conversation
        if not count:
            self._on_conflicts((), None)
            return
        asked = self._context.session.relating.conflicts(conversation)
        self._context.bridge.submit(asked, partial(self._on_asked, conversation))

    def _on_asked(self, conversation: str, found: Sequence[Conflict] | None, error: BaseException | None) -> None:
        """An answer about a conversation that is open no more says nothing."""
        if conversation == self._conversation:
            self._on_conflicts(found, error)

    def _on_conflicts(self, found: Sequence[Conflict] | None, error: BaseException | None) -> None:
        if found is None:
            if error is not None:
                self._context.go.failed(error)
            return
        clear(self._lines)
        for number, one in enumerate(found[:SHOWN]):
            words = Label(one.sentence, step="caption", wrap=True)
            go = button(self.tr("Show"), kind="link", name=f"conflict-{number}")
            go.setProperty("exchange", one.exchange)
            go.setAccessibleName(self.tr("Show the message: {sentence}").format(sentence=one.sentence))
            go.clicked.connect(self._on_show)
            self._lines.addLayout(row(Pic("warning", 15, tone="warning"), (words, 1), go, spacing=8))
        more = len(found) - SHOWN
        if more > 0:
            self._lines.addWidget(Label(self.tr("and {count} more").format(count=more), step="caption", role="text3"))
        self.setVisible(bool(found))

    def _on_show(self) -> None:
        self.chosen.emit(str(self.sender().property("exchange")))
