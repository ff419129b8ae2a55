"""What stands above the lanes while the list of conversations is behind a button: the button, where one is, a search.

Shows and tells gestures; it knows neither the list nor the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from workbench.ui.theme import scaled
from workbench.ui.widgets import Area, Label, SearchField, button, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class NarrowBar(Area):
    """`list_wanted()` asks for the list, `typed(str)` carries what is being typed for the box of the list."""

    list_wanted = Signal()
    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(role="canvas", edges="b", parent=parent)
        back = button(self.tr("Conversations"), self.list_wanted.emit, icon="left", name="show-conversations")
        self._count = Label("", step="caption", role="text3")
        self._count.setObjectName("place-among")
        self._field = SearchField(self.tr("Search"))
        self._field.setAccessibleName(self.tr("Search everything"))
        self._field.setObjectName("narrow-search")
        self._field.setMaximumWidth(scaled(300))
        self.setLayout(row(back, self._count, None, (self._field, 1), margins=(12, 6, 12, 6)))
        self._field.textEdited.connect(self.typed)

    def show_place(self, place: int, count: int, *, more: bool) -> None:
        """Say which of how many conversations is open, from 0; -1 where it is none of those listed."""
        shown = self.tr("{count} and more").format(count=count) if more else str(count)
        words = self.tr("{place} of {count}").format(place=place + 1, count=shown) if place >= 0 else shown
        self._count.setText(words if count else "")

    def show_list(self, *, listed: bool, text: str) -> None:
        """While the list is there its own box is the one to search with; afterwards this one says what was searched."""
        self._field.setVisible(not listed)
        if not listed and self._field.text() != text:
            self._field.setText(text)
