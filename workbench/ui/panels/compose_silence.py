"""Silencing known noise of a service, with the reason; and what is silenced, to be looked at and taken back.

Dialogs that stand beside the work; what is done is told by signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QWidget

from workbench.directory.silences import Silence, pattern_of
from workbench.ui.models.table import Column
from workbench.ui.theme import scaled
from workbench.ui.widgets import DataTable, Label, button, column, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages import Finding

_MARGINS = (20, 16, 20, 16)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Silence", text)


class SilenceDialog(QDialog):
    """Asks why a finding is known noise. `decided(object, str, str, str)` carries finding, pattern, reason and who."""

    decided = Signal(object, str, str, str)

    def __init__(self, parent: QWidget, finding: Finding, service: str, who: str) -> None:
        super().__init__(parent)
        self.setObjectName("silence")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = _tr("Silence {rule} for {service}?").format(rule=finding.rule, service=service)
        self.setWindowTitle(title)
        self._finding = finding
        self._reason = _field("silence-reason", _tr("Reason"), "")
        self._path = _field("silence-path", _tr("Only where the path is"), pattern_of(finding.path))
        self._who = _field("silence-who", _tr("Who says so"), who)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._use = buttons.addButton(_tr("Silence"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._use.setObjectName("silence-use")
        self._use.setProperty("kind", "primary")
        self._use.setEnabled(False)
        sentence = _tr("It no longer counts as an error for this service. It is listed apart, and can be taken back.")
        hint = _tr("* stands for anything; empty means wherever this rule finds something.")
        self.setLayout(
            column(
                Label(title, step="heading", weight=600, wrap=True),
                Label(finding.text, role="text2", wrap=True),
                Label(sentence, step="caption", role="text3", wrap=True),
                _labelled(_tr("Reason"), self._reason, _tr("required")),
                _labelled(_tr("Only where the path is"), self._path),
                Label(hint, step="caption", role="text3", wrap=True),
                _labelled(_tr("Who says so"), self._who),
                buttons,
                margins=_MARGINS,
                spacing=8,
            )
        )
        self.setMinimumWidth(scaled(520))
        self._reason.textChanged.connect(self._on_reason)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)

    def _on_reason(self, text: str) -> None:
        self._use.setEnabled(bool(text.strip()))

    def _on_accepted(self) -> None:
        self.decided.emit(self._finding, self._path.text(), self._reason.text(), self._who.text())
        self.accept()


class SilencedDialog(QDialog):
    """What is silenced for a service. `taken_back(object)` carries the Silence that shall count again."""

    taken_back = Signal(object)

    def __init__(self, parent: QWidget, service: str) -> None:
        super().__init__(parent)
        self.setObjectName("silenced")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = _tr("Silenced for {service}").format(service=service)
        self.setWindowTitle(title)
        columns = (
            Column[Silence](_tr("Rule"), _rule, 76, mono=True, step="caption"),
            Column[Silence](_tr("Where"), _where, role="text2", step="caption"),
            Column[Silence](_tr("Reason"), _reason_of),
            Column[Silence](_tr("By"), _by, 110, role="text2"),
            Column[Silence](_tr("When"), _when, 96, role="text3", step="caption"),
        )
        self._table = DataTable(columns, name=title, object_name="silenced-rows")
        self._none = Label(_tr("Nothing is silenced for this service."), role="text2")
        self._back = button(_tr("Let it count again"), self._on_back, icon="refresh", name="unsilence")
        close = button(_tr("Close"), self.reject, name="silenced-close")
        self.setLayout(
            column(
                Label(title, step="heading", weight=600, elide=True),
                self._none,
                (self._table, 1),
                row(self._back, None, close),
                margins=_MARGINS,
                spacing=10,
            )
        )
        self.resize(scaled(860), scaled(360))
        self._table.chosen.connect(self._on_chosen)

    def show_silences(self, silences: Sequence[Silence]) -> None:
        """Show them, the newest first."""
        self._table.show_rows(sorted(silences, key=lambda one: one.when, reverse=True))
        self._none.setVisible(not silences)
        self._table.setVisible(bool(silences))
        if silences:
            self._table.choose(0)
        self._back.setEnabled(self._table.value() is not None and bool(silences))

    def _on_chosen(self, _: object) -> None:
        self._back.setEnabled(True)

    def _on_back(self) -> None:
        silence = self._table.value()
        if silence is not None:
            self.taken_back.emit(silence)


def _field(name: str, label: str, text: str) -> QLineEdit:
    made = QLineEdit(text)
    made.setObjectName(name)
    made.setAccessibleName(label)
    return made


def _labelled(label: str, field: QLineEdit, note: str = "") -> QWidget:
    made = QWidget()
    words = row(Label(label, step="caption", weight=600), Label(note, step="caption", role="text3"), None, spacing=6)
    made.setLayout(column(words, field, spacing=4))
    return made


def _rule(one: Silence) -> str:
    return one.rule


def _where(one: Silence) -> str:
    return one.path or _tr("everywhere")


def _reason_of(one: Silence) -> str:
    return one.reason


def _by(one: Silence) -> str:
    return one.by


def _when(one: Silence) -> str:
    return f"{one.when.astimezone():%d %b %Y}"
