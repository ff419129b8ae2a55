"""How calls of an environment reach the network: what is trusted and shown, the proxy, and secrets out of the vault.

Holds what a person leaves unchecked for this session; it ends with the program and is written nowhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import ConfigError, ErrorCode, VaultError
from workbench.keys import VaultState
from workbench.session.environment_views import CLIENT_CERTIFICATE, PROXY
from workbench.transport.system_proxy import proxy_for, system_settings
from workbench.transport.tls import NEVER_UNVERIFIED, TlsChoice, may_skip, target_of
from workbench.transport.tls_look import Proxy

if TYPE_CHECKING:
    from workbench.directory import Environment
    from workbench.keys import Vault
    from workbench.session.environment_views import EnvironmentEdit

PURPOSE = "environment-secret"


class Network:
    """The choices of every environment over one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._unverified: set[str] = set()

    def tls(self, environment: Environment, passphrase: str | None = None) -> TlsChoice:
        """What its client trusts and shows; VaultError while the passphrase of its certificate is locked away."""
        if passphrase is None:
            passphrase = self.secret(environment.id, CLIENT_CERTIFICATE) if environment.certificate else ""
        return TlsChoice(
            ca=Path(environment.ca) if environment.ca else None,
            certificate=Path(environment.certificate) if environment.certificate else None,
            key=Path(environment.certificate_key) if environment.certificate_key else None,
            passphrase=passphrase,
            unverified=frozenset(self._unverified),
        )

    def proxy(self, environment: Environment, password: str | None = None) -> Proxy | None:
        """Its proxy with user and password, or the one that this machine's settings name.

        VaultError while a password is locked away, ConfigError where the machine's proxy cannot be used.
        """
        if environment.system_proxy:
            return proxy_for(environment.base_url, system_settings())
        if not environment.proxy:
            return None
        if password is None:
            password = self.secret(environment.id, PROXY) if environment.proxy_user else ""
        return Proxy(environment.proxy, environment.proxy_user, password)

    # secrets

    def has(self, environment: str, what: str) -> bool:
        """Whether a secret is kept; known while the vault is locked, too."""
        return any(item.name == _name(environment, what) for item in self._vault.items())

    def secret(self, environment: str, what: str) -> str:
        """A secret, empty where none is kept; VaultError while it is locked away."""
        return self._vault.get(_name(environment, what)).decode("utf-8") if self.has(environment, what) else ""

    def obstacle(self) -> str:
        """Why no secret can be kept now, one sentence; empty when one can."""
        try:
            self._check_open()
        except VaultError as error:
            return f"{error.sentence} {error.next_step}"
        return ""

    def keep(self, edit: EnvironmentEdit) -> None:
        """Keep or forget the secrets of an edit; VaultError when they cannot be kept, and nothing is changed then."""
        wanted = {CLIENT_CERTIFICATE: edit.passphrase, PROXY: edit.proxy_password}
        if any(wanted.values()):
            self._check_open()
        for what, value in wanted.items():
            name = _name(edit.environment.id, what)
            if value:
                public = {"purpose": PURPOSE, "environment": edit.environment.id}
                self._vault.put(name, value.encode("utf-8"), public)
            elif value is not None:
                self._vault.remove(name)

    def forget(self, environment: str) -> None:
        """Take away every secret of an environment."""
        for what in (CLIENT_CERTIFICATE, PROXY):
            self._vault.remove(_name(environment, what))

    # verification

    def verifies(self, environment: Environment) -> bool:
        """Whether the certificates of its addresses are checked."""
        return all(self.tls(environment, "").verifies(url) for url in _urls(environment))

    def verify(self, environment: Environment, wanted: bool) -> None:
        """Check its certificates, or leave that out until the program ends; ConfigError where that is never done."""
        urls = _urls(environment)
        if not wanted:
            for url in urls:
                if environment.live or not may_skip(url):
                    cause = "it is production" if environment.live else f"it lies in {NEVER_UNVERIFIED}"
                    raise ConfigError(ErrorCode.CONFIG_VERIFICATION, what=target_of(url), cause=cause)
        targets = {target_of(url) for url in urls}
        self._unverified = self._unverified - targets if wanted else self._unverified | targets

    def _check_open(self) -> None:
        what = "a passphrase or password"
        if self._vault.state is VaultState.LOCKED:
            raise VaultError(ErrorCode.VAULT_LOCKED, what=what)
        if self._vault.state is VaultState.MEMORY:
            raise VaultError(ErrorCode.VAULT_NO_BACKEND, what=what)


def skippable(environment: Environment) -> bool:
    """Whether leaving the check out may be asked for at all."""
    urls = _urls(environment)
    return bool(urls) and not environment.live and all(may_skip(url) for url in urls)


def _urls(environment: Environment) -> tuple[str, ...]:
    """Its addresses over TLS."""
    return tuple(url for url in (environment.base_url, environment.token_url or "") if url.startswith("https://"))


def _name(environment: str, what: str) -> str:
    return f"environment-{environment}-{what}"
