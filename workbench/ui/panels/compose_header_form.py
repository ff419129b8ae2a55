"""A header that can be changed: its parts as fields, its text as it goes out, left out, or as composed.

Tells what a person wants; what becomes of it is the session's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.headers.fields import header_fields, with_fields
from workbench.headers.ids import TRANSACTION_IDS
from workbench.ui.panels.compose_header_card import HeaderCard
from workbench.ui.widgets import Field, Label, LinesField, Pic, Segments, button, column, line, row, tool

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit

    from workbench.headers import DecodedHeader

MOST_LINES = 12
"""Lines that the field of a header shows at most before it scrolls."""
ID_CHOICES = ("new", "keep", "absent")
"""How a transaction id is chosen, in the order of the buttons."""


class HeaderForm(HeaderCard):
    """A header that can be changed.

    `value_wanted(name, written)`, `absence_wanted(name)`, `restore_wanted(name)` and `id_wanted(name, how)`.
    """

    value_wanted = Signal(str, str)
    absence_wanted = Signal(str)
    restore_wanted = Signal(str)
    id_wanted = Signal(str, str)

    def __init__(self, header: DecodedHeader, *, changed: bool) -> None:
        self._changed = changed
        self._fields: list[tuple[str, QLineEdit]] = []
        self._text: LinesField | None = None
        super().__init__(header, changed=changed)

    def _beside(self) -> list[object]:
        name = self.tr("Change {name}").format(name=self.header.name)
        return [tool(name, "compose", self._on_change, icon_only=True, name="change-header")]

    def _below(self) -> list[object]:
        parts: list[object] = []
        if self.header.name in TRANSACTION_IDS:
            self._how = Segments([(self.tr("New"), ""), (self.tr("Keep"), ""), (self.tr("Leave out"), "")])
            self._how.setObjectName("id-choice")
            self._how.setAccessibleName(self.tr("How {name} is made").format(name=self.header.name))
            self._how.choose(1 if self.header.written else 0)
            self._how.chosen.connect(self._on_how)
            parts.append(row(self._how, None))
        if self._changed:
            words = self.tr("Set by hand: it no longer follows the draft.")
            if self.header.name in TRANSACTION_IDS:
                words = self.tr("The same with every send: whoever took it once answers 409, a duplicate.")
            parts.append(_warning(words))
            parts.append(
                row(button(self.tr("As composed"), self._on_restore, kind="link", name="restore-header"), None)
            )
        self._form, self._raw = QWidget(), QWidget()
        self._form.hide()
        self._raw.hide()
        return [*parts, self._form, self._raw]

    def _on_change(self) -> None:
        """Show the form, or put it away; a value that has no parts is changed as text."""
        if self._form.isVisible() or self._raw.isVisible():
            self._form.hide()
            self._raw.hide()
            return
        if self._form.layout() is None:
            self._build()
        if not self._fields:
            self._on_raw()
            return
        self._form.show()
        self._fields[0][1].setFocus()

    def _build(self) -> None:
        """The form is made when it is first asked for: most headers stay as they are."""
        rows: list[object] = []
        for part in header_fields(self.header.name, self.header.written):
            field = line(part.value, name=f"header-part-{part.key}")
            field.returnPressed.connect(self._on_use_fields)
            self._fields.append((part.key, field))
            rows.append(Field(part.label, field))
        deeds = row(
            button(self.tr("Use it"), self._on_use_fields, kind="primary", name="use-fields"),
            button(self.tr("Leave it out"), self._on_leave, name="leave-header"),
            None,
            spacing=6,
        )
        raw = button(self.tr("Edit as text"), self._on_raw, kind="link", name="edit-raw")
        self._form.setLayout(column(*rows, deeds, row(raw, None), spacing=6))

    def _on_raw(self) -> None:
        """Show the text in place of the parts."""
        if self._text is None:
            self._text = self._build_raw()
        self._form.hide()
        self._raw.show()
        self._text.setFocus()

    def _build_raw(self) -> LinesField:
        text = LinesField(self.header.written, mono=True, name="header-value")
        text.setAccessibleName(self.tr("Value of {name}").format(name=self.header.name))
        text.show_lines(min(max(2, self.header.written.count("\n") + 1), MOST_LINES))
        if self.header.encoded:
            words = self.tr("JSON is encoded; anything else goes out as it is typed, right or wrong.")
        else:
            words = self.tr("It goes out as it is typed, right or wrong.")
        deeds = row(
            button(self.tr("Use it"), self._on_use, kind="primary", name="use-header"),
            button(self.tr("Leave it out"), self._on_leave, name="leave-header"),
            None,
            spacing=6,
        )
        self._raw.setLayout(column(text, _warning(words), deeds, spacing=6))
        return text

    def _on_use(self) -> None:
        if self._text is not None:
            self.value_wanted.emit(self.header.name, self._text.toPlainText())

    def _on_use_fields(self) -> None:
        values = {key: field.text() for key, field in self._fields}
        self.value_wanted.emit(self.header.name, with_fields(self.header.name, self.header.written, values))

    def _on_leave(self) -> None:
        self.absence_wanted.emit(self.header.name)

    def _on_restore(self) -> None:
        self.restore_wanted.emit(self.header.name)

    def _on_how(self, number: int) -> None:
        self.id_wanted.emit(self.header.name, ID_CHOICES[number])


def _warning(words: str) -> object:
    """A sentence of warning over the width of the card."""
    return row(
        Pic("warning", 14, tone="warning"), (Label(words, step="caption", role="text2", wrap=True), 1), spacing=6
    )
