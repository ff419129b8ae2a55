"""The dialog that makes a certificate for a caller, so that the other side can try mutual TLS with the own receiver.

The test authority of the workspace issues it; certificate and key leave in one file, under a passphrase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.session.views import Tone
from workbench.ui.panels.keys_passphrase import PassphrasePair
from workbench.ui.theme import scaled
from workbench.ui.widgets import Banner, Field, Label, button, column, line, row

if TYPE_CHECKING:
    from workbench.ui.context import PanelContext


def ask_file(parent: QWidget, title: str) -> str:
    """Where the certificate and its key go, or an empty text."""
    kinds = "PEM (*.pem);;PKCS#12 (*.p12 *.pfx)"
    return QFileDialog.getSaveFileName(parent, title, "bars-workbench-client.pem", kinds)[0]


class ClientCertificateDialog(QDialog):
    """Asks for a name and a passphrase, then for the file."""

    def __init__(self, context: PanelContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("client-certificate")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        title = self.tr("Certificate for a caller")
        self.setWindowTitle(title)
        words = self.tr(
            "The test authority issues it for tests only. The receiver takes it while its callers' authority is the"
            " test authority; give the file and the passphrase to whoever calls."
        )
        self._name = line("", name="client-name")
        self._name_field = Field(self.tr("Name of the caller"), self._name, hint=self.tr("Shown with its calls."))
        self._pair = PassphrasePair("client-passphrase", self.tr("Passphrase of the file"))
        self._problem = Banner("error", "")
        self._problem.hide()
        self._save = button(self.tr("Save..."), self._on_save, kind="primary", icon="save", name="client-save")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(20), scaled(16), scaled(20), scaled(16))
        layout.addLayout(
            column(
                Label(title, step="heading", weight=600),
                Label(words, role="text2", wrap=True),
                self._name_field,
                self._pair,
                self._problem,
                None,
                row(None, button(self.tr("Close"), self.reject, name="client-close"), self._save, spacing=8),
                spacing=10,
            )
        )
        self.resize(scaled(520), scaled(400))
        self._pair.entered.connect(self._on_save)

    def _on_save(self) -> None:
        name = self._name.text().strip()
        self._name_field.show_finding("" if name else "error", "" if name else self.tr("A certificate needs a name."))
        passphrase = self._pair.take()
        if not name or not passphrase:
            return
        path = ask_file(self, self.windowTitle())
        if path:
            self._save.setEnabled(False)
            work = self._context.session.listening.issue_client(name, path, passphrase)
            self._context.bridge.submit(work, self._on_saved)

    def _on_saved(self, _: object, error: BaseException | None) -> None:
        self._save.setEnabled(True)
        if error is None:
            self._pair.forget()
            self.accept()
            self._context.go.toast(Tone.OK, self.tr("Saved. The other side needs the file and its passphrase."))
        elif isinstance(error, WorkbenchError):
            self._problem.show_notice("error", error.sentence, error.next_step)
            self._problem.show()
        else:
            self._context.go.failed(error)
