"""A new passphrase, typed twice: long enough and twice the same, or it says what is wrong under the field."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.ui.widgets import Field, column, line

SHORTEST = 15
"""Characters of a passphrase at least."""


def secret_line(name: str) -> QLineEdit:
    """A field that shows dots for what is typed."""
    made = line("", name=name)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


class PassphrasePair(QWidget):
    """Two fields; `entered()` comes with Enter, `take` gives the passphrase once both are right."""

    entered = Signal()

    def __init__(self, name: str, label: str = "") -> None:
        super().__init__()
        self._first = secret_line(name)
        self._second = secret_line(f"{name}-again")
        self._first_field = Field(label or self.tr("Passphrase"), self._first)
        self._second_field = Field(self.tr("Once more"), self._second)
        self.setLayout(column(self._first_field, self._second_field, spacing=10))
        for field in (self._first, self._second):
            field.returnPressed.connect(self.entered)

    def take(self) -> str:
        """The passphrase, or an empty text with the reason shown."""
        typed = self._first.text()
        short = len(typed) < SHORTEST
        hint = self.tr("At least {n} characters: a few words in a row work well.").format(n=SHORTEST)
        self._first_field.show_finding("error" if short else "", hint if short else "")
        differs = not short and typed != self._second.text()
        self._second_field.show_finding("error" if differs else "", self.tr("The two differ.") if differs else "")
        return "" if short or differs else typed

    def forget(self) -> None:
        """Empty both fields."""
        for field in (self._first, self._second):
            field.clear()
        for shown in (self._first_field, self._second_field):
            shown.show_finding("", "")
