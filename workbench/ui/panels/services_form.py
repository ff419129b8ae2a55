"""The form of one call: a control for each of its values, made from the form's own description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from workbench.session.call_views import FieldKind
from workbench.ui.panels.masked_bar import MaskedBar
from workbench.ui.theme import scaled
from workbench.ui.widgets import Combo, Field, Label, Pic, check, clear, column, holder, line, row
from workbench.ui.widgets.code_editor import CodeEditor

if TYPE_CHECKING:
    from workbench.session.call_views import CallField, CallForm
    from workbench.ui.context import PanelContext

_BODY_LINES = 220
"""Design pixels of height for what is sent."""


class Flags(QWidget):
    """Check boxes of which any may be on; `changed` tells that one was switched."""

    changed = Signal()

    def __init__(self, field: CallField) -> None:
        super().__init__()
        chosen = field.value.split(",")
        self._boxes: dict[str, QCheckBox] = {}
        for value, words in field.choices:
            box = check(words, value in chosen, name=f"call-{field.key}-{value}")
            box.toggled.connect(self._on_toggled)
            self._boxes[value] = box
        boxes = list(self._boxes.values())
        self.setLayout(row(*boxes, None) if len(boxes) < 3 else column(*boxes, spacing=4))

    def choose(self, value: str) -> None:
        """Have these on, with commas between, and no others."""
        chosen = value.split(",")
        for one, box in self._boxes.items():
            box.setChecked(one in chosen)

    def value(self) -> str:
        """What is on, with commas between."""
        return ",".join(value for value, box in self._boxes.items() if box.isChecked())

    def _on_toggled(self, _: bool) -> None:
        self.changed.emit()


class CallFormView(QWidget):
    """The controls. `changed` tells that a value or the body is another one now."""

    changed = Signal()

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self.masked = MaskedBar(context, "call")
        words = self.tr("What you leave as it stands here is sent as it really is.")
        self._as_it_is = Label(words, step="caption", role="text2", wrap=True)
        self._as_it_is.hide()
        self._controls: dict[str, QLineEdit | Combo | Flags] = {}
        self._fields = column(spacing=12)
        self._body = CodeEditor()
        self._body.setObjectName("call-body")
        self._body.setMinimumHeight(scaled(_BODY_LINES))
        self._body.textChanged.connect(self.changed)
        self._body_field = Field(self.tr("What is sent"), self._body)
        self.setLayout(column(row(self.masked, None), self._as_it_is, self._fields, self._body_field, None, spacing=12))

    def show_form(self, form: CallForm) -> None:
        """Show a form with the values it comes with."""
        clear(self._fields)
        self._controls = {}
        for note in form.notes:
            words = Label(note, step="caption", role="text2", wrap=True)
            self._fields.addWidget(holder(row((Pic("note", 14, tone="note"), 0), (words, 1), spacing=6)))
        for field in form.fields:
            control = self._control(field)
            self._controls[field.key] = control
            self._fields.addWidget(
                Field(field.label, control, required=field.required, hint=field.hint, code=_code(field))
            )
        self.masked.show_state(form.masked)
        self._as_it_is.setVisible(form.masked)
        self._body.setReadOnly(form.masked)
        self._body_field.setVisible(form.has_body)
        self._body.show_text(form.body, xml=form.body.lstrip()[:1] == "<")

    def values(self) -> tuple[tuple[str, str], ...]:
        """Every value by the key of its field."""
        return tuple((key, _value(control)) for key, control in self._controls.items())

    def body(self) -> str:
        """What is sent."""
        return self._body.toPlainText()

    def set_value(self, key: str, value: str) -> None:
        """Fill in one value; a form without it is left alone."""
        control = self._controls.get(key)
        if isinstance(control, QLineEdit):
            control.setText(value)
        elif isinstance(control, Flags | Combo):
            control.choose(value)

    def set_body(self, text: str) -> None:
        """Fill in what is sent."""
        self._body.show_text(text, xml=text.lstrip()[:1] == "<")

    def _control(self, field: CallField) -> QLineEdit | Combo | Flags:
        if field.kind in (FieldKind.FLAGS, FieldKind.REPEATED):
            flags = Flags(field)
            flags.changed.connect(self.changed)
            return flags
        if field.choices:
            combo = Combo(field.choices, field.value)
            combo.setObjectName(f"call-{field.key}")
            combo.chosen.connect(self._on_chosen)
            return combo
        made = line(field.value, mono=True, name=f"call-{field.key}")
        made.textChanged.connect(self._on_chosen)
        return made

    def _on_chosen(self, _: str) -> None:
        self.changed.emit()


def _code(field: CallField) -> str:
    """The name of the parameter, where the label does not say it already."""
    return field.name if len(field.name) <= 24 and field.kind is not FieldKind.PATH else ""


def _value(control: QLineEdit | Combo | Flags) -> str:
    return control.text() if isinstance(control, QLineEdit) else control.value()
