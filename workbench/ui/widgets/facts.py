"""Facts as label and value, one under the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from workbench.ui.theme import scaled
from workbench.ui.widgets.labels import Label
from workbench.ui.widgets.layouts import clear

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOP = Qt.AlignmentFlag.AlignTop


LONGEST_WORD = 24
"""Characters; a value with a longer word (an id in a sentence) breaks anywhere, so that it never widens a column."""


def _fill(grid: QGridLayout, rows: Iterable[tuple[str, str]], label_width: int) -> None:
    for number, (label, value) in enumerate(rows):
        head = Label(label, step="caption", role="text3")
        head.setMinimumWidth(max(scaled(label_width), head.sizeHint().width()))
        words = " " in value
        long = words and max(len(part) for part in value.split()) > LONGEST_WORD
        shown = Label(value, wrap=words, elide=not words, breaks_anywhere=long)
        shown.setAccessibleName(f"{label}: {value}")
        if words:
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(head, number, 0, _TOP)
        grid.addWidget(shown, number, 1)


def facts_grid(rows: Iterable[tuple[str, str]], *, label_width: int = 96) -> QGridLayout:
    """A layout of (label, value) rows: sentences wrap, ids without blanks elide; `label_width` in design pixels."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(scaled(12))
    grid.setVerticalSpacing(scaled(6))
    grid.setColumnStretch(1, 1)
    _fill(grid, rows, label_width)
    return grid


class Facts(QWidget):
    """Facts that change: `show_facts` replaces them."""

    def __init__(
        self, rows: Iterable[tuple[str, str]] = (), *, label_width: int = 96, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._label_width = label_width
        self._rows = tuple(rows)
        self._grid = facts_grid(self._rows, label_width=label_width)
        self.setLayout(self._grid)

    def show_facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Replace the facts; nothing is rebuilt when nothing changed."""
        fresh = tuple(rows)
        if fresh == self._rows:
            return
        self._rows = fresh
        clear(self._grid)
        _fill(self._grid, fresh, self._label_width)
