"""Rows and columns written as they look: `row(icon, (label, 1), None, button)`; lengths are those of the design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from workbench.ui.theme import scaled

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_LIMIT = (1 << 24) - 1
"""Qt's greatest length, which takes a limit away."""
Margins = tuple[int, int, int, int]
"""Left, top, right, bottom in design pixels."""


def _put(layout: QBoxLayout, item: object) -> None:
    stretch = 0
    alignment = Qt.AlignmentFlag(0)
    if isinstance(item, tuple):
        given = item
        item, stretch = given[0], given[1]
        alignment = given[2] if len(given) > 2 else alignment
    if item is None:
        layout.addStretch(stretch or 1)
    elif isinstance(item, int):
        layout.addSpacing(scaled(item))
    elif isinstance(item, QWidget):
        layout.addWidget(item, stretch, alignment)
    elif isinstance(item, QLayout):
        layout.addLayout(item, stretch)
    else:
        raise TypeError(f"a {type(item).__name__} cannot stand in a row or column")


def _filled(layout: QBoxLayout, items: Sequence[object], margins: Margins, spacing: int) -> None:
    left, top, right, bottom = (scaled(length) for length in margins)
    layout.setContentsMargins(left, top, right, bottom)
    layout.setSpacing(scaled(spacing))
    for item in items:
        _put(layout, item)


def row(*items: object, margins: Margins = (0, 0, 0, 0), spacing: int = 8) -> QHBoxLayout:
    """Items from left to right: a widget or layout, `(item, stretch)`, `(widget, stretch, alignment)`,
    a length in design pixels, or None for room that grows. Anything else raises TypeError."""
    layout = QHBoxLayout()
    _filled(layout, items, margins, spacing)
    return layout


def column(*items: object, margins: Margins = (0, 0, 0, 0), spacing: int = 8) -> QVBoxLayout:
    """Items from top to bottom, given like those of `row`."""
    layout = QVBoxLayout()
    _filled(layout, items, margins, spacing)
    return layout


def clear(layout: QLayout, keep: int = 0) -> None:
    """Take out every item but the last `keep`; widgets vanish now and are deleted when Qt has time."""
    while layout.count() > keep and (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def holder(layout: QLayout) -> QWidget:
    """A bare widget around a layout, for where a widget is asked for."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget
