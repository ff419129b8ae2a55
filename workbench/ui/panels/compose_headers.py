"""The headers of the call in front, decoded: one card each with why it is there and whether it travels.

In Compose a card is a form too: another value, left out, or as it is composed; what becomes of that is the session's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from workbench.headers import MADE_WHEN_SENT
from workbench.ui.theme import font, scaled
from workbench.ui.widgets import (
    Area,
    Card,
    Chip,
    Field,
    Label,
    Pic,
    button,
    clear,
    column,
    facts_grid,
    line,
    row,
    scroll_area,
    tool,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.headers import DecodedHeader, HeaderChoices

MOST_LINES = 12
"""Lines that the field of a header shows at most before it scrolls."""


class HeaderCard(Card):
    """One header: name, why, decoded rows, where it ends, and its encoded form on demand."""

    def __init__(self, header: DecodedHeader, *, changed: bool = False) -> None:
        super().__init__()
        self.header = header
        self.setObjectName(f"header-{header.name}")
        self._encoded = Label(header.encoded, step="caption", mono=True, role="text2", wrap=True, breaks_anywhere=True)
        self._encoded.hide()
        self._toggle = button(self.tr("Show encoded"), kind="link")
        self._toggle.setAccessibleName(self.tr("Show {name} encoded").format(name=header.name))
        self._toggle.clicked.connect(self._on_toggle)
        travels = self.tr("Travels to the receiver") if header.travels else self.tr("Stops at BaRS")
        foot = row(
            Pic("aright" if header.travels else "stop", 13, role="text3"),
            Label(travels, step="caption", role="text3"),
            None,
            self._toggle if header.encoded else None,
            spacing=5,
        )
        if changed:
            chip = Chip(self.tr("Changed"), "warning")
        else:
            chip = Chip(self.tr("Required") if header.required else self.tr("Optional"), "neutral", icon="")
        parts: list[object] = [
            row((Label(header.name, weight=600, elide=True), 1), chip, spacing=6),
            row((Label(header.title, step="caption", role="text3", wrap=True), 1), *self._beside(), spacing=6),
            facts_grid(header.rows, label_width=84),
        ]
        if header.problem:
            parts.append(
                row(
                    Pic("error", 14, tone="error"),
                    (Label(header.problem, step="caption", tone="error", wrap=True), 1),
                    spacing=6,
                )
            )
        parts += [foot, self._encoded, *self._below()]
        self.setLayout(column(*parts, margins=(12, 10, 12, 8), spacing=4))

    def _beside(self) -> list[object]:
        """What a card of another kind adds beside the words that say why it is there."""
        return []

    def _below(self) -> list[object]:
        """What a card of another kind adds at the end."""
        return []

    def _on_toggle(self) -> None:
        shown = self._encoded.isHidden()
        self._encoded.setVisible(shown)
        self._toggle.setText(self.tr("Hide encoded") if shown else self.tr("Show encoded"))


class HeaderForm(HeaderCard):
    """A header that can be changed. `value_wanted(name, written)`, `absence_wanted(name)`, `restore_wanted(name)`."""

    value_wanted = Signal(str, str)
    absence_wanted = Signal(str)
    restore_wanted = Signal(str)

    def __init__(self, header: DecodedHeader, *, changed: bool) -> None:
        self._changed = changed
        super().__init__(header, changed=changed)

    def _beside(self) -> list[object]:
        name = self.tr("Change {name}").format(name=self.header.name)
        return [tool(name, "compose", self._on_change, icon_only=True, name="change-header")]

    def _below(self) -> list[object]:
        restore = button(self.tr("As composed"), self._on_restore, kind="link", name="restore-header")
        restore.setVisible(self._changed)
        self._form = QWidget()
        self._form.hide()
        return [row(restore, None), self._form]

    def _on_change(self) -> None:
        if self._form.layout() is None:
            self._build()
        self._form.setVisible(self._form.isHidden())
        if self._form.isVisible():
            self._text.setFocus()

    def _build(self) -> None:
        """The form is made when it is first asked for: most headers stay as they are."""
        self._text = QPlainTextEdit(self.header.written)
        self._text.setObjectName("header-value")
        self._text.setAccessibleName(self.tr("Value of {name}").format(name=self.header.name))
        self._text.setFont(font("caption", mono=True))
        self._text.setTabChangesFocus(True)
        lines = min(max(2, self.header.written.count("\n") + 1), MOST_LINES)
        self._text.setFixedHeight(round(lines * QFontMetricsF(self._text.font()).lineSpacing()) + scaled(14))
        hint = (
            self.tr("JSON is encoded; anything else goes out as it is typed, right or wrong.")
            if self.header.encoded
            else self.tr("It goes out as it is typed, right or wrong.")
        )
        deeds = row(
            button(self.tr("Use it"), self._on_use, kind="primary", name="use-header"),
            button(self.tr("Leave it out"), self._on_leave, name="leave-header"),
            None,
            spacing=6,
        )
        self._form.setLayout(column(self._text, Label(hint, step="caption", role="text3", wrap=True), deeds, spacing=6))

    def _on_use(self) -> None:
        self.value_wanted.emit(self.header.name, self._text.toPlainText())

    def _on_leave(self) -> None:
        self.absence_wanted.emit(self.header.name)

    def _on_restore(self) -> None:
        self.restore_wanted.emit(self.header.name)


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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(role="canvas", parent=parent)
        self.setObjectName("headers")
        self._shown: tuple[DecodedHeader, ...] = ()
        self._choices: HeaderChoices | None = None
        self._count = Label("", step="caption", role="text3")
        head = Area(
            row(Label(self.tr("Headers"), weight=600), self._count, None, margins=(16, 8, 8, 8)),
            role="canvas",
            edges="b",
        )
        head.setFixedHeight(scaled(46))
        self._new = NewHeaderCard()
        self._new.value_wanted.connect(self.value_wanted)
        self._none = Label(self.tr("Choose a service: the headers follow from it."), role="text2", wrap=True)
        self._none.hide()
        self._cards = QWidget()
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(scaled(8))
        self._cards.setLayout(column(self._none, self._column, self._new, None, margins=(12, 12, 12, 12)))
        self._scroll = scroll_area(self._cards, role="canvas")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._scroll, 1)

    def show_headers(self, headers: Sequence[DecodedHeader], choices: HeaderChoices) -> None:
        """Replace the cards; nothing is rebuilt when nothing changed."""
        fresh = tuple(headers)
        if fresh == self._shown and choices == self._choices:
            return
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
            card.restore_wanted.connect(self.restore_wanted)
            self._column.addWidget(card)
        any_ = bool(fresh or choices.absent)
        self._none.setVisible(not any_)
        self._new.setVisible(any_)
        self._count.setText(self.tr("{n}, all decoded").format(n=len(fresh)) if any_ else "")
        self._scroll.verticalScrollBar().setValue(kept)

    def _card(self, header: DecodedHeader, *, changed: bool) -> HeaderCard:
        if header.name.lower() in MADE_WHEN_SENT:
            return HeaderCard(header)
        form = HeaderForm(header, changed=changed)
        form.value_wanted.connect(self.value_wanted)
        form.absence_wanted.connect(self.absence_wanted)
        form.restore_wanted.connect(self.restore_wanted)
        return form

    def reveal(self, path: str) -> None:
        """Bring the card that a finding's path names into view: `headers['Name']...`."""
        name = path.partition("['")[2].partition("']")[0].lower()
        for card in self._cards.findChildren(HeaderCard):
            if card.header.name.lower() == name:
                self._scroll.ensureWidgetVisible(card)
                return
