"""Controls to fill in: Field (label above, hint or finding below), lines, combos, numbers, check boxes, search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QSpinBox, QWidget

from workbench.ui import icons
from workbench.ui.theme import font, scaled, theme_for
from workbench.ui.widgets.labels import Label, Pic
from workbench.ui.widgets.layouts import column, row
from workbench.ui.widgets.painting import FIXED

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOP = Qt.AlignmentFlag.AlignTop
QUIET_MS = 200
"""A pause in typing of this length starts a search."""


def set_severity(control: QWidget, severity: str) -> None:
    """Edge of a field: error, warning, note, or "" for none."""
    control.setProperty("severity", severity or None)
    control.update()


def line(
    text: str = "", *, placeholder: str = "", mono: bool = False, read_only: bool = False, name: str = ""
) -> QLineEdit:
    """A field for one line; give it a name by putting it into a Field."""
    made = QLineEdit(text)
    made.setPlaceholderText(placeholder)
    made.setReadOnly(read_only)
    made.setObjectName(name)
    made.setMinimumWidth(scaled(60))
    made.setCursorPosition(0)
    if mono:
        made.setFont(font("body", mono=True))
    return made


class LinesField(QPlainTextEdit):
    """A field for several lines, which Tab leaves as any other field; its edge is that of a line."""

    def __init__(self, text: str = "", *, mono: bool = False, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setObjectName(name)
        self.setProperty("kind", "lines")
        self.setTabChangesFocus(True)
        if mono:
            self.setFont(font("caption", mono=True))
        self.document().setDocumentMargin(0)
        self.setViewportMargins(scaled(9), scaled(6), scaled(4), scaled(6))
        self.viewport().setAutoFillBackground(False)

    def show_lines(self, count: int) -> None:
        """Be as high as so many lines."""
        margins = self.viewportMargins()
        lines = round(count * QFontMetricsF(self.font()).lineSpacing())
        self.setFixedHeight(lines + margins.top() + margins.bottom() + 2 * self.frameWidth())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def check(text: str, checked: bool = False, *, name: str = "") -> QCheckBox:
    """A check box."""
    made = QCheckBox(text)
    made.setChecked(checked)
    made.setObjectName(name)
    return made


def number(value: int, least: int, most: int, *, suffix: str = "", prefix: str = "", name: str = "") -> QSpinBox:
    """A field for a whole number."""
    made = QSpinBox()
    made.setRange(least, most)
    made.setPrefix(prefix)
    made.setSuffix(suffix)
    made.setValue(value)
    made.setObjectName(name)
    return made


class Combo(QComboBox):
    """One of several as (value, words); `chosen(str)` tells the value that a person chose, `choose` tells nothing."""

    chosen = Signal(str)

    def __init__(
        self, choices: Sequence[tuple[str, str]] = (), current: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setMinimumWidth(scaled(60))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.show_choices(choices, current)
        self.activated.connect(self._on_activated)

    def show_choices(self, choices: Sequence[tuple[str, str]], current: str = "") -> None:
        """Replace the choices."""
        wanted = current or self.value()
        self.blockSignals(True)
        self.clear()
        for value, words in choices:
            self.addItem(words, value)
        self.blockSignals(False)
        self.choose(wanted)

    def choose(self, value: str) -> None:
        """Show a value; one that is not there changes nothing."""
        place = self.findData(value)
        if place >= 0:
            self.setCurrentIndex(place)

    def value(self) -> str:
        """The value shown, empty when there is none."""
        return str(self.currentData() or "")

    def _on_activated(self, _: int) -> None:
        self.chosen.emit(self.value())


def set_fixed(combo: QComboBox, fixed: bool) -> None:
    """Let a combo be read as any read-only field, without its list; greyed words would say that they do not count."""
    combo.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, fixed)
    combo.setFocusPolicy(Qt.FocusPolicy.NoFocus if fixed else Qt.FocusPolicy.StrongFocus)
    if (typed := combo.lineEdit()) is not None:
        typed.setReadOnly(fixed)
        typed.setFocusPolicy(Qt.FocusPolicy.NoFocus if fixed else Qt.FocusPolicy.StrongFocus)
    combo.setProperty("kind", FIXED if fixed else None)
    combo.update()


class SearchField(QLineEdit):
    """A field that searches: `searched(str)` comes after a pause in typing, and at once with Enter."""

    searched = Signal(str)

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(scaled(120))
        self.setTextMargins(scaled(28), 0, scaled(6), 0)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._tell)
        self.textEdited.connect(self._on_edited)
        self.textChanged.connect(self._on_changed)
        self.returnPressed.connect(self._tell)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with QPainter(self) as painter:
            size, ink = scaled(16), theme_for(self.palette()).text3
            shape = icons.pixmap("search", ink, size, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(scaled(9), (self.height() - size) / 2), shape)

    def _on_edited(self, _: str) -> None:
        self._quiet.start()

    def _on_changed(self, text: str) -> None:
        if not text:
            self._quiet.start()

    def _tell(self) -> None:
        self._quiet.stop()
        self.searched.emit(self.text())


class Field(QWidget):
    """A control with its label above, which names it, and a hint or a finding below."""

    def __init__(
        self,
        label: str,
        control: QWidget,
        *,
        required: bool = False,
        hint: str = "",
        code: str = "",
        holder: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`code` stands at the right of the label; `holder` is what the control stands in together with others."""
        super().__init__(parent)
        self.control = control
        self._hint = hint
        caption = Label(label, step="caption", weight=600, role="text2")
        caption.setBuddy(control)
        control.setAccessibleName(f"{label}, {self.tr('required')}" if required else label)
        control.setAccessibleDescription(hint)
        head: list[object] = [caption]
        if required:
            head.append(Label(self.tr("required"), step="caption", role="text3"))
        head.append(None)
        self._code = Label("", step="caption", role="text3", mono=True)
        head.append(self._code)
        caption.setMinimumHeight(self._code.sizeHint().height())  # fields beside each other stand on one line
        self._shape = Pic("error", 14, tone="error")
        self._below = Label(hint, step="caption", role="text3", wrap=True)
        self._foot = row((self._shape, 0, _TOP), (self._below, 1), spacing=5)
        self.setLayout(column(row(*head, spacing=6), holder or control, self._foot, spacing=4))
        self.show_code(code)
        self.show_finding("", "")

    def show_code(self, code: str) -> None:
        """Show another code at the right of the label."""
        self._code.setText(code)
        self._code.setVisible(bool(code))

    def show_hint(self, hint: str) -> None:
        """Show another hint, now or once no finding stands in its place."""
        if hint == self._hint:
            return
        before, self._hint = self._hint, hint
        if not self._shape.isVisibleTo(self) and self._below.text() == before:
            self.show_finding("", "")

    def show_finding(self, tone: str, text: str) -> None:
        """Show a finding under the control and at its edge; the hint comes back when the tone is empty."""
        found = bool(tone)
        self._shape.setVisible(found)
        if found:
            self._shape.show_icon(str(tone), tone=str(tone))
        self._below.show_tone(tone, text if found else self._hint)
        self._below.show_weight(500 if found else 400)
        self._below.setVisible(found or bool(self._hint))
        set_severity(self.control, tone)
        self.control.setAccessibleDescription(text if found else self._hint)


class SwitchRow(QWidget):
    """A check box with a sentence under it; `toggled(bool)` tells that a person or the program switched it."""

    toggled = Signal(bool)

    def __init__(self, text: str, help: str = "", checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = check(text, checked)
        self.box.setAccessibleDescription(help)
        self._help = Label(help, step="caption", role="text3", wrap=True)
        self._help.setVisible(bool(help))
        self.setLayout(column(self.box, row((self._help, 1), margins=(24, 0, 0, 0)), spacing=2))
        self.box.toggled.connect(self.toggled)

    def is_on(self) -> bool:
        """Whether it is on."""
        return self.box.isChecked()

    def show_state(self, on: bool) -> None:
        """Show a state without telling."""
        self.box.blockSignals(True)
        self.box.setChecked(on)
        self.box.blockSignals(False)
