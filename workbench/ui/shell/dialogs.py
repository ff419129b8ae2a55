"""Dialogs, one function each, so that tests can replace them: choosing a file, the host of production, a bug, About.

Every text is plain; nothing here decides anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QVBoxLayout,
)

from workbench.logs import redacted
from workbench.ui.theme import font, scaled
from workbench.ui.widgets import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def _tr(text: str) -> str:
    return QCoreApplication.translate("Dialogs", text)


def ask_file(parent: QWidget) -> str:
    """The message file a person chose, or an empty text."""
    chosen, _ = QFileDialog.getOpenFileName(
        parent, _tr("Open a message"), "", _tr("FHIR messages (*.json *.xml);;All files (*)")
    )
    return chosen


def ask_files(parent: QWidget) -> list[str]:
    """The message files a person chose, or none."""
    chosen, _ = QFileDialog.getOpenFileNames(
        parent, _tr("Validate files"), "", _tr("FHIR messages (*.json *.xml);;All files (*)")
    )
    return chosen


def ask_folder(parent: QWidget) -> str:
    """The folder a person chose, or an empty text."""
    return QFileDialog.getExistingDirectory(parent, _tr("Validate a folder"))


def ask_folder_to_send(parent: QWidget) -> str:
    """The folder of messages a person chose to send, or an empty text."""
    return QFileDialog.getExistingDirectory(parent, _tr("Send a folder"))


def ask_import(parent: QWidget) -> str:
    """The file with calls of another tool a person chose, or an empty text."""
    chosen, _ = QFileDialog.getOpenFileName(
        parent, _tr("Import calls"), "", _tr("Calls and reports (*.json *.txt *.sh *.har *.zip);;All files (*)")
    )
    return chosen


def ask_folder_to_import(parent: QWidget) -> str:
    """The folder of recorded messages a person chose, or an empty text."""
    return QFileDialog.getExistingDirectory(parent, _tr("Take a folder into the timeline"))


def ask_table(parent: QWidget) -> str:
    """The table of patients a person chose, or an empty text."""
    chosen, _ = QFileDialog.getOpenFileName(parent, _tr("A table of patients"), "", _tr("CSV (*.csv);;All files (*)"))
    return chosen


def ask_folder_for_messages(parent: QWidget) -> str:
    """The folder a person chose for messages to be written into, or an empty text."""
    return QFileDialog.getExistingDirectory(parent, _tr("Write the messages into"))


def ask_export(parent: QWidget, name: str) -> str:
    """Where an export is to be kept, with the ending of the name that is proposed, or an empty text."""
    ending = name.rpartition(".")[2]
    chosen, _ = QFileDialog.getSaveFileName(parent, _tr("Export"), name, f"{ending.upper()} (*.{ending})")
    return chosen if not chosen or chosen.lower().endswith(f".{ending}") else f"{chosen}.{ending}"


def ask_unmasked(parent: QWidget) -> bool:
    """Whether a person confirms to see people as they are."""
    box = QMessageBox(QMessageBox.Icon.Warning, _tr("Show it unmasked?"), "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(_tr("Names, addresses and numbers of people will be readable for whoever sees this screen."))
    box.setInformativeText(_tr("It is for what you chose alone: whatever you choose next is masked again."))
    show = box.addButton(_tr("Show it unmasked"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    return box.clickedButton() is show


def ask_name(parent: QWidget, title: str, value: str) -> str:
    """The name a person typed, or an empty text."""
    typed, accepted = QInputDialog.getText(parent, title, _tr("Name"), QLineEdit.EchoMode.Normal, value)
    return typed.strip() if accepted else ""


def ask_results(parent: QWidget) -> str:
    """Where the results of a bulk send are to be kept, with the ending of what was chosen, or an empty text."""
    chosen, kind = QFileDialog.getSaveFileName(
        parent, _tr("Save results"), "results.csv", _tr("CSV (*.csv);;JSON (*.json)")
    )
    known = chosen.endswith((".csv", ".json"))
    return chosen if known or not chosen else chosen + kind.rpartition("*")[2].rstrip(")")


def ask_report(parent: QWidget) -> str:
    """Where a report is to be kept, with the ending of what was chosen, or an empty text."""
    chosen, kind = QFileDialog.getSaveFileName(
        parent, _tr("Save report"), "report.txt", _tr("Text (*.txt);;JUnit XML (*.xml);;JSON (*.json)")
    )
    ending = kind.rpartition("*")[2].rstrip(")")
    known = chosen.endswith((".txt", ".xml", ".json"))
    return chosen if known or not chosen else f"{chosen}{ending}"


def ask_host(parent: QWidget, expected: str, what: str) -> str:
    """What a person typed to allow a send of something to production; empty when it was given up."""
    dialog = HostDialog(parent, expected, what)
    return dialog.typed() if dialog.exec() == QDialog.DialogCode.Accepted else ""


class HostDialog(QDialog):
    """Asks for the host name; sending is possible once it is typed exactly."""

    def __init__(self, parent: QWidget, expected: str, what: str) -> None:
        super().__init__(parent)
        self.setMinimumWidth(scaled(380))
        self.setWindowTitle(_tr("Send to PRODUCTION?"))
        self._expected = expected
        self._field = QLineEdit()
        self._field.setAccessibleName(_tr("Host name"))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._send = self._buttons.addButton(_tr("Send to production"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._send.setProperty("kind", "danger")
        self._send.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(20), scaled(16), scaled(20), scaled(16))
        layout.setSpacing(scaled(8))
        layout.addWidget(Label(_tr("Send to PRODUCTION?"), step="heading", weight=600))
        layout.addWidget(Label(what, weight=600, wrap=True))
        words = _tr("This is about a real person and cannot be taken back. Type the host name to send it.")
        layout.addWidget(Label(words, role="text2", wrap=True))
        layout.addWidget(self._field)
        layout.addWidget(Label(_tr("Expected: {host}").format(host=expected), step="caption", role="text3"))
        layout.addWidget(self._buttons)
        self._field.textChanged.connect(self._on_text)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def typed(self) -> str:
        """What stands in the field."""
        return self._field.text().strip()

    def _on_text(self, _: str) -> None:
        self._send.setEnabled(self.typed() == self._expected)


def show_details(parent: QWidget, title: str, sentence: str, details: str) -> None:
    """A mistake of this program: what was being done, details to copy without secrets, and on with the work."""
    dialog = DetailsDialog(parent, title, sentence, redacted(details))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


class DetailsDialog(QDialog):
    """A sentence with details in the fixed font that can be copied."""

    def __init__(self, parent: QWidget, title: str, sentence: str, details: str) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self.setWindowTitle(title)
        self._details = QPlainTextEdit(details)
        self._details.setReadOnly(True)
        self._details.setFont(font("code"))
        self._details.setAccessibleName(_tr("Details"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(_tr("Copy details"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(20), scaled(16), scaled(20), scaled(16))
        layout.setSpacing(scaled(8))
        layout.addWidget(Label(title, step="heading", weight=600))
        layout.addWidget(Label(sentence, role="text2", wrap=True))
        layout.addWidget(self._details, 1)
        layout.addWidget(buttons)
        buttons.rejected.connect(self.reject)
        self.resize(scaled(640), scaled(420))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details.toPlainText())
