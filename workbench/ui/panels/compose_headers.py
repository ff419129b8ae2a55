"""The headers of the call in front, decoded: one card each with why it is there and whether it travels.

In Compose a card is a form too: another value, left out, or as it is composed; what becomes of that is the session's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.headers import MADE_WHEN_SENT
from workbench.ui.panels.compose_header_card import HeaderCard
from workbench.ui.panels.compose_header_form import HeaderForm
from workbench.ui.theme import scaled
from workbench.ui.widgets import (
    NO_LIMIT,
    Area,
    Card,
    Chip,
    Field,
    Label,
    button,
    clear,
    column,
    line,
    row,
    scroll_area,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.headers import DecodedHeader, HeaderChoices


class AbsentCard(Card):
    """A header that a person left out, with the way back."""

    restore_wanted = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__(fill="sunken")
        self._name = name
        self.setObjectName(f"absent-{name}")
        back = button(self.tr("Put it back"), self._on_back, kind="link", name="restore-header")
        back.setAccessibleName(self.tr("Put {name} back").format(name=name))
        title = row((Label(name, weight=600, elide=True), 1), Chip(self.tr("Left out"), "warning"), spacing=6)
        self.setLayout(column(title, row(back, None), margins=(12, 10, 12, 8), spacing=4))

    def _on_back(self) -> None:
        self.restore_wanted.emit(self._name)


class NewHeaderCard(Card):
    """A header of one's own. `value_wanted(name, written)`."""

    value_wanted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._open = button(self.tr("Add a header"), self._on_open, icon="plus", kind="link", name="add-header")
        self._name, self._value = line(name="new-header-name"), line(name="new-header-value")
        self._form = QWidget()
        self._form.setLayout(
            column(
                Field(self.tr("Name"), self._name),
                Field(self.tr("Value"), self._value),
                row(button(self.tr("Add it"), self._on_add, kind="primary", name="use-new-header"), None),
                spacing=6,
            )
        )
        self._form.hide()
        self._value.returnPressed.connect(self._on_add)
        self.setLayout(column(row(self._open, None), self._form, margins=(12, 8, 12, 10), spacing=6))

    def clear(self) -> None:
        """The header was taken: make ready for another one."""
        self._name.clear()
        self._value.clear()
        self._form.hide()

    def _on_open(self) -> None:
        self._form.setVisible(self._form.isHidden())
        if self._form.isVisible():
            self._name.setFocus()

    def _on_add(self) -> None:
        self.value_wanted.emit(self._name.text(), self._value.text())


class HeadersView(Area):
    """All cards under a head that counts them; the signals are those of the cards."""

    value_wanted = Signal(str, str)
    absence_wanted = Signal(str)
    restore_wanted = Signal(str)
    id_wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(role="canvas", parent=parent)
        self.setObjectName("headers")
        self._shown: tuple[DecodedHeader, ...] = ()
        self._choices: HeaderChoices | None = None
        self._read_only = False
        self._count = Label("", step="caption", role="text3")
        self._head = Area(
            row(Label(self.tr("Headers"), weight=600), self._count, None, margins=(16, 8, 8, 8)),
            role="canvas",
            edges="b",
        )
        self._head.setFixedHeight(scaled(46))
        self._new = NewHeaderCard()
        self._new.value_wanted.connect(self.value_wanted)
        self._none = Label(self.tr("Choose a service: the headers follow from it."), role="text2", wrap=True)
        self._none.hide()
        self._cards = QWidget()
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(scaled(8))
        self._whole = column(self._none, self._column, self._new, None, margins=(12, 12, 12, 12))
        self._cards.setLayout(self._whole)
        self._scroll = scroll_area(self._cards, role="canvas")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self._scroll, 1)

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the cards have the whole width, and the button that shows them says what they are."""
        self._head.setVisible(not narrow)
        side, above = scaled(16 if narrow else 12), scaled(12)
        self._whole.setContentsMargins(side, above, side, above)
        self.setMinimumWidth(scaled(300))
        self.setMaximumWidth(NO_LIMIT if narrow else scaled(440))

    def show_headers(
        self, headers: Sequence[DecodedHeader], choices: HeaderChoices, *, read_only: bool = False
    ) -> None:
        """Replace the cards; nothing is rebuilt when nothing changed."""
        fresh = tuple(headers)
        if fresh == self._shown and choices == self._choices and read_only == self._read_only:
            return
        self._read_only = read_only
        if choices != self._choices:
            self._new.clear()
        self._shown, self._choices = fresh, choices
        kept = self._scroll.verticalScrollBar().value()
        clear(self._column)
        changed = {name.lower() for name, _ in choices.overrides}
        for header in fresh:
            self._column.addWidget(self._card(header, changed=header.name.lower() in changed))
        for name in sorted(choices.absent):
            card = AbsentCard(name)
            card.setEnabled(not read_only)
            card.restore_wanted.connect(self.restore_wanted)
            self._column.addWidget(card)
        any_ = bool(fresh or choices.absent)
        self._none.setVisible(not any_)
        self._new.setVisible(any_ and not read_only)
        words = self.tr("{n}, all decoded, {bytes:,} bytes").format(n=len(fresh), bytes=sum(h.size for h in fresh))
        self._count.setText(words if any_ else "")
        self._scroll.verticalScrollBar().setValue(kept)

    def _card(self, header: DecodedHeader, *, changed: bool) -> HeaderCard:
        if header.name.lower() in MADE_WHEN_SENT or self._read_only:
            return HeaderCard(header, changed=changed)
        form = HeaderForm(header, changed=changed)
        form.value_wanted.connect(self.value_wanted)
        form.absence_wanted.connect(self.absence_wanted)
        form.restore_wanted.connect(self.restore_wanted)
        form.id_wanted.connect(self.id_wanted)
        return form

    def reveal(self, path: str) -> None:
        """Bring the card that a finding's path names into view: `headers['Name']...`."""
        name = path.partition("['")[2].partition("']")[0].lower()
        for card in self._cards.findChildren(HeaderCard):
            if card.header.name.lower() == name:
                self._scroll.ensureWidgetVisible(card)
                return
