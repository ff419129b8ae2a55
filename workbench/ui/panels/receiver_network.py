"""The Network pane of the receiver: on which address and port it listens, and how it is made secure.

Fields into a `NetworkEdit` and back; what can work is the session's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.session.listening_views import Callers, Https, NetworkEdit, NetworkView
from workbench.session.views import Tone
from workbench.ui.panels.environment_form import ask_certificate
from workbench.ui.panels.keys_passphrase import secret_line
from workbench.ui.panels.receiver_client import ClientCertificateDialog
from workbench.ui.widgets import (
    Banner,
    Card,
    Combo,
    Facts,
    Field,
    Label,
    Segments,
    button,
    column,
    holder,
    line,
    number,
    page,
    row,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.ui.context import PanelContext

HTTPS = (Https.OFF, Https.TEST, Https.FILES)
CALLERS = (Callers.ANY, Callers.ASKED, Callers.REQUIRED)
LAST_PORT = 65535


def ask_where(parent: QWidget, title: str) -> str:
    """Where the certificate of the authority goes, or an empty text."""
    return QFileDialog.getSaveFileName(parent, title, "bars-workbench-test-ca.pem", "PEM (*.pem)")[0]


class NetworkPane(QWidget):
    """What a person chooses stays in the fields until it is applied; `refresh` reads anew what is so."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._view: NetworkView | None = None
        self._reach = Combo(())
        self._reach.setObjectName("network-host")
        self._reach.chosen.connect(self._on_change)
        self._port = number(0, 0, LAST_PORT, name="network-port")
        self._names = line("", name="network-names")
        self._names.setPlaceholderText("receiver.example")
        self._https = Segments(
            [(self.tr("Plain HTTP"), ""), (self.tr("Test certificate"), ""), (self.tr("Own certificate"), "")]
        )
        self._callers = Segments(
            [(self.tr("Not asked for"), ""), (self.tr("Asked for"), ""), (self.tr("Required"), "")]
        )
        self._names.textEdited.connect(self._on_change)
        self._port.valueChanged.connect(self._on_change)
        for choice, name in ((self._https, self.tr("HTTPS")), (self._callers, self.tr("Certificates of callers"))):
            choice.setAccessibleName(name)
            choice.chosen.connect(self._on_change)
        self._certificate = line("", name="network-certificate")
        self._key = line("", name="network-key")
        self._passphrase = secret_line("network-passphrase")
        self._client_ca = line("", name="network-client-ca")
        self._wrong, self._open, self._fixed = (Banner(tone, "") for tone in ("error", "warning", "info"))
        self._above = holder(column(self._wrong, self._open, self._fixed, spacing=8))
        for one in (self._wrong, self._open, self._fixed, self._above):
            one.hide()
        self._apply = button(self.tr("Apply"), self._on_apply, kind="primary", name="network-apply")
        self._undo = button(self.tr("Undo"), self._show_again, name="network-undo")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page(self._above, self._where_card(), self._secure_card(), row(self._apply, self._undo, None)))
        self._fit()

    # building

    def _where_card(self) -> Card:
        alone = self.tr("127.0.0.1 keeps it to this machine. Any other address lasts until the program ends.")
        self._reach_field = Field(self.tr("Listens on"), self._reach, hint=alone)
        self._port_field = Field(self.tr("Port"), self._port, hint=self.tr("0 takes any free port at every start."))
        hint = self.tr("Host names by which callers reach it, with blanks between; calls to any other are refused.")
        self._names_field = Field(self.tr("Further names"), self._names, hint=hint)
        pair = row((column(self._reach_field, None), 2), (column(self._port_field, None), 1), spacing=14)
        return Card(
            column(Label(self.tr("Where"), weight=600), pair, self._names_field, margins=(16, 12, 16, 14), spacing=10)
        )

    def _secure_card(self) -> Card:
        self._authority = Facts(label_width=96)
        self._none = Label(
            self.tr("There is no test authority yet: one is made with the first certificate."), role="text2", wrap=True
        )
        self._export = button(self.tr("Save CA certificate..."), self._on_export, icon="save", name="network-export")
        self._remake = button(self.tr("Make a new one"), self._on_remake, name="network-remake")
        self._test = QWidget()
        self._issue = button(self.tr("Certificate for a caller..."), self._on_issue, icon="id", name="network-issue")
        self._test.setLayout(column(self._none, self._authority, row(self._export, self._remake, None), spacing=8))
        self._own = QWidget()
        self._own.setLayout(
            column(
                self._file(self.tr("Certificate"), self._certificate, self._on_certificate, "PEM, PKCS#12"),
                self._file(self.tr("Key"), self._key, self._on_key, self.tr("If it is in another file.")),
                self._secret(),
                spacing=10,
            )
        )
        signed = self.tr("The authority that signs the certificates of callers, in PEM. Empty: the test authority.")
        self._ca = self._file(self.tr("CA of the callers"), self._client_ca, self._on_client_ca, signed)
        self._mutual = QWidget()
        self._mutual.setLayout(
            column(
                Label(self.tr("Certificates of callers"), step="caption", weight=600, role="text2"),
                row(self._callers, None),
                self._ca,
                row(self._issue, None),
                spacing=6,
            )
        )
        self._shown = Facts(label_width=96)
        return Card(
            column(
                Label(self.tr("HTTPS"), weight=600),
                row(self._https, None),
                self._shown,
                self._test,
                self._own,
                self._mutual,
                margins=(16, 12, 16, 14),
                spacing=12,
            )
        )

    def _secret(self) -> Field:
        hint = self.tr("If the key is encrypted; kept in the vault. What is kept is used while this is empty.")
        self._passphrase.textEdited.connect(self._on_change)
        return Field(self.tr("Passphrase of the key"), self._passphrase, hint=hint)

    def _file(self, label: str, field: QLineEdit, slot: Callable[[], None], hint: str) -> Field:
        made = Field(label, field, hint=hint)
        choose = button(self.tr("Choose..."), slot, name=f"choose-{field.objectName()}")
        choose.setAccessibleName(self.tr("Choose {what}").format(what=label))
        made.layout().insertLayout(1, row((field, 1), choose))  # type: ignore[union-attr]
        return made

    # showing

    def refresh(self) -> None:
        """Read how things are; what a person has changed and not applied stays."""
        self._context.bridge.submit(self._context.session.listening.view(), self._on_read)

    def _on_read(self, view: NetworkView | None, error: BaseException | None) -> None:
        if view is None:
            if error is not None:
                self._context.go.failed(error)
            return
        changed = self._view is not None and self._edit() != self._view.edit
        self._view = view
        if not changed:
            self._show_edit(view.edit)
        self._show_facts(view)

    def _show_again(self) -> None:
        if self._view is not None:
            self._wrong.hide()
            self._show_edit(self._view.edit)
            self._show_facts(self._view)

    def _show_edit(self, edit: NetworkEdit) -> None:
        reaches = self._view.reaches if self._view is not None else ()
        self._reach.show_choices([(one.address, one.words) for one in reaches], edit.host)
        self._port.setValue(edit.port)
        self._https.choose(HTTPS.index(edit.https))
        self._callers.choose(CALLERS.index(edit.callers))
        for field, text in (
            (self._names, edit.names),
            (self._certificate, edit.certificate),
            (self._key, edit.key),
            (self._client_ca, edit.client_ca),
        ):
            field.setText(text)
            field.setCursorPosition(0)
        self._passphrase.clear()
        self._fit()

    def _show_facts(self, view: NetworkView) -> None:
        authority = view.authority
        rows = (
            (self.tr("Authority"), authority.name),
            (self.tr("Dates"), authority.dates),
            (self.tr("SHA-256"), authority.fingerprint),
            (self.tr("Key"), authority.kept),
        )
        self._authority.show_facts(tuple((name, words) for name, words in rows if words))
        self._none.setVisible(not authority.name)
        self._authority.setVisible(bool(authority.name))
        self._remake.setVisible(bool(authority.name))
        self._shown.show_facts(view.shown)
        self._shown.setVisible(bool(view.shown))
        self._passphrase.setPlaceholderText(self.tr("One is kept") if view.has_passphrase else "")
        self._apply.setEnabled(not view.read_only)
        title = self.tr("Everybody on this network can reach the receiver")
        text = self.tr("At {url}, until it is stopped or the program ends.").format(url=view.base_url)
        self._open.show_notice("warning", title, text)
        self._open.setVisible(view.lan)
        words = self.tr("This run was started with {names}: these cannot be changed here.")
        self._fixed.show_notice("info", words.format(names=", ".join(view.fixed)))
        self._fixed.setVisible(bool(view.fixed))
        self._show_above()
        self._fit()

    def _show_above(self) -> None:
        banners = (self._wrong, self._open, self._fixed)
        self._above.setVisible(any(not one.isHidden() for one in banners))

    def _fit(self) -> None:
        """Show what matters with what is chosen."""
        https = HTTPS[self._https.current()]
        self._test.setVisible(https is Https.TEST)
        self._own.setVisible(https is Https.FILES)
        self._mutual.setVisible(https is not Https.OFF)
        self._ca.setVisible(CALLERS[self._callers.current()] is not Callers.ANY)
        self._issue.setVisible(CALLERS[self._callers.current()] is not Callers.ANY)
        chosen = self._reach.value()
        reaches = self._view.reaches if self._view is not None else ()
        open_to_all = any(one.address == chosen and not one.only_here for one in reaches)
        words = self.tr("Everybody on this network can then reach it. It lasts until the program ends.")
        self._reach_field.show_finding("warning" if open_to_all else "", words if open_to_all else "")
        self._undo.setEnabled(self._view is not None and self._edit() != self._view.edit)

    # changes

    def _edit(self) -> NetworkEdit:
        return NetworkEdit(
            host=self._reach.value(),
            port=self._port.value(),
            names=self._names.text().strip(),
            https=HTTPS[self._https.current()],
            certificate=self._certificate.text().strip(),
            key=self._key.text().strip(),
            callers=CALLERS[self._callers.current()],
            client_ca=self._client_ca.text().strip(),
            passphrase=self._passphrase.text() or None,
        )

    def _on_change(self, *_: object) -> None:
        self._fit()

    def _on_apply(self) -> None:
        self._apply.setEnabled(False)
        self._context.bridge.submit(self._context.session.listening.apply(self._edit()), self._on_applied)

    def _on_applied(self, view: NetworkView | None, error: BaseException | None) -> None:
        self._apply.setEnabled(True)
        if view is None:
            self._say(error)
            return
        self._view = view
        self._show_again()
        words = self.tr("Listening on {url}").format(url=view.base_url) if view.base_url else self.tr("Kept")
        self._context.go.toast(Tone.OK, words)

    def _say(self, error: BaseException | None) -> None:
        """What cannot work stands above the fields, which stay as they were filled in."""
        if not isinstance(error, WorkbenchError):
            if error is not None:
                self._context.go.failed(error)
            return
        self._wrong.show_notice("error", error.sentence, error.next_step)
        self._wrong.show()
        self._show_above()

    def _on_export(self) -> None:
        where = ask_where(self, self.tr("Save the certificate of the test authority"))
        if where:
            self._context.bridge.submit(self._context.session.listening.export_authority(where), self._on_exported)

    def _on_exported(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            self._say(error)
            return
        self._context.go.toast(Tone.OK, self.tr("Saved. The other side adds it to the authorities it trusts."))
        self.refresh()

    def _on_issue(self) -> None:
        ClientCertificateDialog(self._context, self).open()

    def _on_remake(self) -> None:
        self._context.bridge.submit(self._context.session.listening.make_authority(), self._on_remade)

    def _on_remade(self, view: NetworkView | None, error: BaseException | None) -> None:
        if view is None:
            self._say(error)
            return
        self._on_read(view, None)
        words = self.tr("Apply to show a certificate of the new one. The other side needs its CA certificate again.")
        self._context.go.toast(Tone.OK, words)

    def _on_certificate(self) -> None:
        self._choose(0)

    def _on_key(self) -> None:
        self._choose(1)

    def _on_client_ca(self) -> None:
        self._choose(2)

    def _choose(self, place: int) -> None:
        if chosen := ask_certificate(self):
            (self._certificate, self._key, self._client_ca)[place].setText(chosen)
            self._fit()
