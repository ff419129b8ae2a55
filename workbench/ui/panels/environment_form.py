"""The form of one environment: every value in a field of its own, what is wrong with it below, secrets write-only.

It turns fields into an `EnvironmentEdit` and back; what is right or wrong is the session's business.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from workbench.session.environment_views import EnvironmentEdit
from workbench.ui.widgets import Combo, Field, Label, SwitchRow, button, column, line, row

if TYPE_CHECKING:
    from workbench.directory import Environment
    from workbench.session.environment_views import EnvironmentDetail, EnvironmentsPage, Problem

QUIET_MS = 300
"""A pause in typing of this length has the form judged."""
OTHER = "other"
TEXTS = (
    "title",
    "subtitle",
    "base_url",
    "token_url",
    "client_id",
    "api_other",
    "ca",
    "certificate",
    "certificate_key",
    "passphrase",
    "proxy",
    "proxy_user",
    "proxy_password",
)
COMBOS = ("colour", "identity", "key", "proxy_way", "application", "application_version", "core", "api_version")
NO_PROXY, SYSTEM, OWN_PROXY = "none", "system", "own"
SECRETS = ("passphrase", "proxy_password")


def ask_certificate(parent: QWidget) -> str:
    """The certificate or key file a person chose, or an empty text."""
    title = QCoreApplication.translate("EnvironmentForm", "Choose a certificate file")
    kinds = QCoreApplication.translate(
        "EnvironmentForm", "Certificates (*.pem *.crt *.cer *.p12 *.pfx *.key);;All files (*)"
    )
    return QFileDialog.getOpenFileName(parent, title, "", kinds)[0]


class EnvironmentForm(QWidget):
    """The fields; `changed` tells that a person rested after a change."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._environment: Environment | None = None
        self._page: EnvironmentsPage | None = None
        self._fields: dict[str, Field] = {}
        self._lines = {name: line("", name=f"environment-{name}") for name in TEXTS}
        self._combos = {name: Combo(()) for name in COMBOS}
        self._emptied: set[str] = set()
        self._token = SwitchRow(self.tr("Calls need a token"))
        self._live = SwitchRow(
            self.tr("Real patients are behind it"),
            self.tr("Then it is red, and every send asks for the host name."),
        )
        self._token.box.setObjectName("environment-needs_token")
        self._live.box.setObjectName("environment-production")
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self.changed)
        for name, combo in self._combos.items():
            combo.setObjectName(f"environment-{name}")
            combo.chosen.connect(self._on_change)
        for name in SECRETS:
            self._lines[name].setEchoMode(QLineEdit.EchoMode.Password)
        for made in self._lines.values():
            made.textEdited.connect(self._on_change)
        self._combos["application"].chosen.connect(self._on_application)
        self._token.toggled.connect(self._on_change)
        self._live.toggled.connect(self._on_change)
        self._network = QWidget()
        self._network.setLayout(column(*self._network_rows(), spacing=12))
        self.setLayout(column(*self._first_rows(), self._network, *self._last_rows(), spacing=12))

    # building

    def _first_rows(self) -> list[object]:
        return [
            self._pair(
                self._text("title", self.tr("Name"), required=True), self._text("subtitle", self.tr("What it is"))
            ),
            self._pair(self._combo("colour", self.tr("Colour")), self._combo("identity", self.tr("Acts as"))),
        ]

    def _network_rows(self) -> list[object]:
        hints = self.tr("Kept in the vault, never in a file of the workspace.")
        self._proxy_login = self._pair(
            self._text("proxy_user", self.tr("User")), self._text("proxy_password", self.tr("Password"), hint=hints)
        )
        return [
            self._text("base_url", self.tr("Address of the calls"), required=True),
            self._live,
            self._token,
            self._text("token_url", self.tr("Address of tokens")),
            self._pair(
                self._text("client_id", self.tr("API key of the application")),
                self._combo("key", self.tr("Signing key")),
            ),
            self._head(self.tr("Certificates")),
            self._file("ca", self.tr("CA file"), self.tr("Trusted beside the authorities of this machine.")),
            self._file("certificate", self.tr("Client certificate"), self.tr("PEM, or PKCS#12 with its key.")),
            self._file(
                "certificate_key", self.tr("Key of the client certificate"), self.tr("If it is in another file.")
            ),
            self._text("passphrase", self.tr("Passphrase of the client certificate"), hint=hints),
            self._head(self.tr("Proxy")),
            self._combo("proxy_way", self.tr("Calls go through")),
            self._text("proxy", self.tr("Address of the HTTP proxy"), hint=self.tr("http://host:port")),
            self._proxy_login,
        ]

    def _last_rows(self) -> list[object]:
        other = self._text("api_other", self.tr("Which API version"))
        return [
            self._head(self.tr("Versions")),
            self._pair(
                self._combo("application", self.tr("Application")),
                self._combo("application_version", self.tr("Its version")),
            ),
            self._pair(self._combo("core", self.tr("Core line")), self._combo("api_version", self.tr("API version"))),
            other,
        ]

    def _text(self, name: str, label: str, *, required: bool = False, hint: str = "") -> Field:
        self._fields[name] = Field(label, self._lines[name], required=required, hint=hint)
        return self._fields[name]

    def _combo(self, name: str, label: str) -> Field:
        self._fields[name] = Field(label, self._combos[name])
        return self._fields[name]

    def _file(self, name: str, label: str, hint: str) -> QWidget:
        made = self._text(name, label, hint=hint)
        choose = button(self.tr("Choose..."), getattr(self, f"_on_{name}"), name=f"choose-{name}")
        choose.setAccessibleName(self.tr("Choose {what}").format(what=label))
        made.layout().insertLayout(1, row((self._lines[name], 1), choose))  # type: ignore[union-attr]
        return made

    @staticmethod
    def _head(words: str) -> Label:
        return Label(words, weight=600)

    @staticmethod
    def _pair(left: QWidget, right: QWidget) -> QWidget:
        made = QWidget()
        made.setLayout(row((column(left, None), 1), (column(right, None), 1), spacing=14))
        return made

    # showing

    def show_environment(
        self, environment: Environment, page: EnvironmentsPage, detail: EnvironmentDetail | None
    ) -> None:
        """Fill the fields; `detail` is None for one that is not kept yet."""
        self._environment, self._page, self._emptied = environment, page, set()
        local = environment.id == "embedded"
        self._network.setVisible(not local)
        for name in TEXTS:
            if name not in (*SECRETS, "api_other"):
                self._lines[name].setText(str(getattr(environment, name) or ""))
                self._lines[name].setCursorPosition(0)
        kept = {
            "passphrase": detail is not None and detail.has_passphrase,
            "proxy_password": detail is not None and detail.has_proxy_password,
        }
        for name in SECRETS:
            self._lines[name].clear()
            self._lines[name].setPlaceholderText(self.tr("Kept; type to replace it") if kept[name] else "")
        self._token.show_state(environment.needs_token)
        self._live.show_state(environment.production)
        self._show_choices(environment, page)
        self.show_problems(())
        self._fit()

    def _show_choices(self, environment: Environment, page: EnvironmentsPage) -> None:
        anybody, newest = self.tr("Whoever is chosen"), self.tr("The newest that may be used here")
        fitting = [(kid, words) for kid, words, environments in page.keys if environment.id in environments]
        known = {api for api, _ in page.apis}
        own = environment.api_version if environment.api_version in known else OTHER if environment.api_version else ""
        applications = [(str(one.number), one.words) for one in page.applications]
        choices = {
            "colour": (list(page.colours), environment.colour or environment.shown_colour),
            "identity": ([("", anybody), *page.identities], environment.identity),
            "key": ([("", newest), *fitting], environment.key),
            "proxy_way": (
                [
                    (NO_PROXY, self.tr("No proxy")),
                    (SYSTEM, self.tr("The proxy of this machine's settings")),
                    (OWN_PROXY, self.tr("This one")),
                ],
                SYSTEM if environment.system_proxy else OWN_PROXY if environment.proxy else NO_PROXY,
            ),
            "application": (applications, str(environment.application)),
            "core": ([("", self.tr("The one that goes with the API version")), *page.cores], environment.core),
            "api_version": (
                [("", self.tr("The least a message needs")), *page.apis, (OTHER, self.tr("Another one..."))],
                own,
            ),
        }
        for name, (offered, value) in choices.items():
            self._combos[name].show_choices(offered)
            self._combos[name].choose(value)
        self._lines["api_other"].setText(environment.api_version if own == OTHER else "")
        self._show_versions(environment.application_version)

    def _show_versions(self, chosen: str) -> None:
        number = self._combos["application"].value()
        of = next((one for one in self._page.applications if str(one.number) == number), None) if self._page else None
        versions = list(of.versions) if of is not None else []
        self._combos["application_version"].show_choices([("", self.tr("The newest")), *versions])
        self._combos["application_version"].choose(chosen)

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Say below each field what is wrong with it."""
        found: dict[str, Problem] = {}
        for one in problems:
            name = (
                "api_other" if one.field == "api_version" and self._fields["api_other"].isVisibleTo(self) else one.field
            )
            if name not in found or (one.severe and not found[name].severe):
                found[name] = one
        for name, shown in self._fields.items():
            problem = found.get(name)
            tone = "" if problem is None else "error" if problem.severe else "warning"
            shown.show_finding(tone, problem.text if problem is not None else "")

    def edit(self) -> EnvironmentEdit | None:
        """What stands in the fields; None before anything was shown."""
        if self._environment is None:
            return None
        text = {name: self._lines[name].text().strip() for name in TEXTS if name not in SECRETS}
        chosen = {name: combo.value() for name, combo in self._combos.items()}
        made = replace(
            self._environment,
            title=text["title"],
            subtitle=text["subtitle"],
            base_url=text["base_url"],
            token_url=text["token_url"] or None,
            client_id=text["client_id"],
            ca=text["ca"],
            certificate=text["certificate"],
            certificate_key=text["certificate_key"],
            proxy=text["proxy"] if chosen["proxy_way"] == OWN_PROXY else "",
            proxy_user=text["proxy_user"] if chosen["proxy_way"] == OWN_PROXY else "",
            system_proxy=chosen["proxy_way"] == SYSTEM,
            needs_token=self._token.is_on(),
            production=self._live.is_on(),
            colour=chosen["colour"],
            identity=chosen["identity"],
            key=chosen["key"],
            application=int(chosen["application"] or 1),
            application_version=chosen["application_version"],
            core=chosen["core"],
            api_version=text["api_other"] if chosen["api_version"] == OTHER else chosen["api_version"],
        )
        password = self._secret("proxy_password") if chosen["proxy_way"] == OWN_PROXY else ""
        return EnvironmentEdit(made, self._secret("passphrase"), password)

    def _secret(self, name: str) -> str | None:
        typed = self._lines[name].text()
        return typed if typed or name in self._emptied else None

    # changes

    def _on_application(self, _: str) -> None:
        self._show_versions("")

    def _on_ca(self) -> None:
        self._choose("ca")

    def _on_certificate(self) -> None:
        self._choose("certificate")

    def _on_certificate_key(self) -> None:
        self._choose("certificate_key")

    def _choose(self, name: str) -> None:
        chosen = ask_certificate(self)
        if chosen:
            self._lines[name].setText(chosen)
            self._on_change()

    def _on_change(self, *_: object) -> None:
        for name, of in (("passphrase", "certificate"), ("proxy_password", "proxy_user")):
            if not self._lines[of].text().strip():
                self._emptied.add(name)
        self._fit()
        self._quiet.start()

    def _fit(self) -> None:
        """Show what matters with what is chosen."""
        self._fields["api_other"].setVisible(self._combos["api_version"].value() == OTHER)
        for name in ("token_url", "client_id", "key"):
            self._fields[name].setEnabled(self._token.is_on())
        for name in ("certificate_key", "passphrase"):
            self._fields[name].setVisible(bool(self._lines["certificate"].text().strip()))
        own = self._combos["proxy_way"].value() == OWN_PROXY
        self._fields["proxy"].setVisible(own)
        self._proxy_login.setVisible(own)
        self._lines["proxy_user"].setEnabled(bool(self._lines["proxy"].text().strip()))
        self._lines["proxy_password"].setEnabled(bool(self._lines["proxy_user"].text().strip()))
