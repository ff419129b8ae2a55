"""One field of the form: the control that fits its kind, its label, what is found about it.

It shows a value and tells what a person made of it; it must not know the message.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCalendarWidget, QComboBox, QLineEdit, QMenu, QPlainTextEdit, QWidget, QWidgetAction

from workbench.session.forming import FieldKind
from workbench.ui.panels.compose_editor import is_undo
from workbench.ui.panels.compose_form_dates import (
    ZONES,
    age_words,
    date_words,
    moment_words,
    typed_date,
    typed_moment,
)
from workbench.ui.widgets import Combo, Field, LinesField, column, holder, line, row, tool
from workbench.ui.widgets.fields import set_fixed

if TYPE_CHECKING:
    from workbench.session.forming import FieldView

_LISTS = (FieldKind.CODE, FieldKind.TRUTH, FieldKind.REFERENCE)
_LINES = 3
_OPERATING = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.KeyPress})
"""What a list that is only to be read does not follow."""
_FOR_NOW = frozenset({Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason})
"""Why a field loses the focus without being left."""


class FormField(QWidget):
    """`changed(object, str)` carries the FieldView and the text that a person gave it; `left` tells that they went on
    to something else."""

    changed = Signal(object, str)
    left = Signal()

    def __init__(self, view: FieldView, beside: QWidget | None = None, parent: QWidget | None = None) -> None:
        """`beside` stands at the right of its control."""
        super().__init__(parent)
        self.view = view
        self._shown = ""
        """The value that the control shows, as the message has it."""
        self._read_only = False
        kind = view.spec.kind
        self._zone: Combo | None = None
        self._calendar: QWidget | None = None
        self.control = self._made(view)
        self.control.setObjectName(f"field-{view.spec.label}")
        held: QWidget = self.control
        if kind in (FieldKind.DATE, FieldKind.MOMENT):
            held = self._with_calendar()
        if beside is not None:
            held = holder(row((held, 1), beside, spacing=8))
        self.field = Field(
            view.spec.label,
            self.control,
            required=view.required,
            hint=view.spec.hint,
            code=view.note,
            holder=held if held is not self.control else None,
        )
        self.setLayout(column(self.field, None, spacing=0))
        for watched in self._watched():
            watched.installEventFilter(self)
        self.show_view(view, keep=False)

    # what it shows

    def show_view(self, view: FieldView, *, keep: bool) -> None:
        """Show another value of the same field; `keep` leaves what a person is typing in it as it is."""
        self.view = view
        self.field.show_code(view.note)
        if isinstance(self.control, Combo):
            self._fill(self.control, view)
        elif isinstance(self.control, QComboBox) and tuple(self._offered()) != tuple(v for v, _ in view.choices):
            self._offer(self.control, view)
        unchanged = view.value == self._shown  # what is typed beyond it has not been told yet, as half a date
        if not (self.is_in_use() and (keep or unchanged)):
            if view.value != self._told():
                self._put(view.value)
            self._shown = view.value
        if isinstance(self.control, QComboBox):
            self.control.setToolTip(self.control.currentText())  # a long one has no room
        if view.spec.kind is FieldKind.DATE:
            self.field.show_hint(age_words(view.value, date.today()) or view.spec.hint)  # noqa: DTZ011

    def show_finding(self, tone: str, text: str) -> None:
        """What is found about it; empty = nothing."""
        self.field.show_finding(tone, text)

    def set_read_only(self, read_only: bool) -> None:
        """Show without letting anybody change it."""
        self._read_only = read_only
        if isinstance(self.control, QLineEdit | QPlainTextEdit):
            self.control.setReadOnly(read_only)
        for part in (self.control, self._zone):
            if isinstance(part, QComboBox):
                set_fixed(part, read_only)
        if self._calendar is not None:
            self._calendar.setEnabled(not read_only)

    def is_in_use(self) -> bool:
        """Whether the focus is in it."""
        focus = self.window().focusWidget()
        return focus is not None and (focus is self.control or self.isAncestorOf(focus))

    # what a person does

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and is_undo(event):
            event.ignore()
            return True  # one undo for the whole draft, not one for every field
        if self._read_only and isinstance(watched, QComboBox) and event.type() in _OPERATING:
            return True
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QComboBox) and not self.is_in_use():
            event.ignore()
            return True  # who scrolls through the form must not change what lies under the pointer
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            self._on_left(for_now=event.reason() in _FOR_NOW)
        return super().eventFilter(watched, event)

    def _on_text(self) -> None:
        self._tell(self._told())

    def _on_date(self) -> None:
        made = self._made_date()
        if made is not None:
            self._tell(made)

    def _on_left(self, *, for_now: bool) -> None:
        """What is no date yet is told as it stands, so that nothing that was typed is lost.

        Who turns to another window or a menu `for_now` comes back to go on in this field: it is the same step.
        """
        told = self._told()
        if told != self._shown:
            self._tell(told)
        elif not for_now:
            self._put(self._shown)
        if not for_now:
            self.left.emit()

    def _tell(self, text: str) -> None:
        if text != self._shown and not self._read_only:
            self._shown = text
            self.changed.emit(self.view, text)

    # inside

    def _made(self, view: FieldView) -> QWidget:
        kind = view.spec.kind
        if kind in _LISTS or (kind in (FieldKind.CONCEPT, FieldKind.CODING) and not view.spec.open):
            combo = Combo()
            combo.chosen.connect(self._tell)
            return combo
        if kind in (FieldKind.CONCEPT, FieldKind.CODING):
            return self._made_open(view)
        if kind is FieldKind.LINES:
            lines = LinesField()
            lines.setUndoRedoEnabled(False)
            lines.show_lines(_LINES)
            lines.textChanged.connect(self._on_text)
            return lines
        made = line()
        made.textEdited.connect(self._on_date if kind in (FieldKind.DATE, FieldKind.MOMENT) else self._on_text)
        return made

    def _made_open(self, view: FieldView) -> QComboBox:
        combo = QComboBox()
        combo.setEditable(True)
        combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        combo.setMinimumContentsLength(8)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._offer(combo, view)
        if (typed := combo.lineEdit()) is not None:
            typed.setPlaceholderText(self.tr("Choose, or type code: words"))
            typed.textEdited.connect(self._on_text)
        combo.activated.connect(self._on_text)
        return combo

    def _offer(self, combo: QComboBox, view: FieldView) -> None:
        typed = combo.currentText()
        combo.clear()
        for value, words in view.choices:
            combo.addItem(words, value)
        combo.setCurrentIndex(-1)
        combo.setEditText(typed)

    def _offered(self) -> list[str]:
        assert isinstance(self.control, QComboBox)
        return [str(self.control.itemData(number)) for number in range(self.control.count())]

    @staticmethod
    def _fill(combo: Combo, view: FieldView) -> None:
        choices = (("", ""), *view.choices)
        if [(str(combo.itemData(n)), combo.itemText(n)) for n in range(combo.count())] != list(choices):
            combo.show_choices(choices, view.value)
        combo.choose(view.value)

    def _with_calendar(self) -> QWidget:
        parts: list[object] = [(self.control, 1)]
        if self.view.spec.kind is FieldKind.MOMENT:
            self._zone = Combo(ZONES)
            self._zone.setAccessibleName(f"{self.view.spec.label}, {self.tr('time zone')}")
            self._zone.setObjectName(f"zone-{self.view.spec.label}")
            self._zone.chosen.connect(self._on_date)
            parts.append(self._zone)
        pick = tool(self.tr("Pick a date"), "calendar", kind="ghost", icon_only=True)
        pick.clicked.connect(self._open_calendar)
        self._calendar = pick
        parts.append(pick)
        made = QWidget(self)
        made.setLayout(row(*parts, spacing=4))
        return made

    def _open_calendar(self) -> None:
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        day = QDate.fromString(self.view.value[:10], Qt.DateFormat.ISODate)
        if day.isValid():
            calendar.setSelectedDate(day)
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)
        calendar.activated.connect(self._on_day)
        calendar.clicked.connect(self._on_day)
        calendar.activated.connect(menu.close)
        calendar.clicked.connect(menu.close)
        assert self._calendar is not None
        menu.popup(self._calendar.mapToGlobal(self._calendar.rect().bottomLeft()))

    def _on_day(self, day: QDate) -> None:
        """The day that was picked, at the time that stands there."""
        rest = self.view.value[10:]
        if self.view.spec.kind is FieldKind.MOMENT and not rest:
            rest = "T09:00:00+00:00"
        value = day.toString(Qt.DateFormat.ISODate) + rest
        self._put(value)
        self._tell(value)

    def _made_date(self) -> str | None:
        """What was typed as FHIR writes it; None while it is no date."""
        assert isinstance(self.control, QLineEdit)
        text = self.control.text()
        if not text.strip():
            return ""
        if self._zone is None:
            return typed_date(text)
        return typed_moment(text, self._zone.value(), self._shown)

    def _told(self) -> str:
        """What the control says, as a field is told it."""
        if isinstance(self.control, Combo):
            return self.control.value()
        if isinstance(self.control, QComboBox):
            return self.control.currentText().strip()
        if isinstance(self.control, QPlainTextEdit):
            return self.control.toPlainText()
        assert isinstance(self.control, QLineEdit)
        if self.view.spec.kind in (FieldKind.DATE, FieldKind.MOMENT):
            if self.control.text() == self._words_of(self._shown):
                return self._shown
            made = self._made_date()
            return self.control.text() if made is None else made
        return self.control.text()

    def _words_of(self, value: str) -> str:
        return moment_words(value).text if self._zone is not None else date_words(value)

    def _put(self, value: str) -> None:
        """Show a value without telling."""
        if isinstance(self.control, Combo):
            self.control.choose(value)
        elif isinstance(self.control, QComboBox):
            if self.control.currentText() != value:
                self.control.setEditText(value)
                if (typed := self.control.lineEdit()) is not None:
                    typed.setCursorPosition(0)
        elif isinstance(self.control, QPlainTextEdit):
            if self.control.toPlainText() != value:
                self._shown = value
                self.control.setPlainText(value)
        elif isinstance(self.control, QLineEdit):
            self._put_line(self.control, value)
        self._shown = value

    def _put_line(self, control: QLineEdit, value: str) -> None:
        text = value
        if self._zone is not None:
            text, zone = moment_words(value)
            choices = ZONES if not zone or zone in dict(ZONES) else (*ZONES, (zone, "UTC (Z)" if zone == "Z" else zone))
            self._zone.show_choices(choices, zone or "+00:00")
            self._zone.setVisible("T" in value or not value)
        elif self.view.spec.kind is FieldKind.DATE:
            text = date_words(value)
        if control.text() != text:
            control.setText(text)
            control.setCursorPosition(0)

    def _watched(self) -> list[QWidget]:
        watched = [self.control]
        if isinstance(self.control, QComboBox) and (typed := self.control.lineEdit()) is not None:
            watched.append(typed)
        return watched
