"""Where the own receiver listens and how it is made secure: chosen, kept, and turned into a certificate.

An address that others can reach is chosen for this session only: the next start is on this machine again. The key of
the test authority lies in the vault, or in memory where nothing can be kept. Must not know any window.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import ConfigError, ErrorCode, InputError, VaultError
from workbench.keys import VaultState
from workbench.keys.authority import Authority, general_name, issue, issue_client, make_authority
from workbench.keys.writing import certificate_pem, certificate_pkcs12
from workbench.session.files import write_bytes, write_text
from workbench.session.listening_views import AuthorityView, Callers, Https, NetworkEdit, NetworkView, Reach
from workbench.settings import changed
from workbench.transport.interfaces import WILDCARDS, interfaces, is_loopback, names_of
from workbench.transport.server_tls import ServerTls
from workbench.transport.tls_chain import facts_of
from workbench.transport.tls_files import KeyedCertificate, read_authorities

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cryptography import x509

    from workbench.exchange import Address
    from workbench.keys import Vault
    from workbench.session.engine import Engine
    from workbench.settings import WorkspaceSettings

ITEM = "receiver-test-authority"
KEY_ITEM = "receiver-server-key"
"""The passphrase of the key of the own certificate."""
PURPOSE = "test-authority"
_IN_MEMORY = "Kept for this run only: no keyring and no passphrase opens a vault here."
_IN_VAULT = "Its key lies encrypted in the vault of this workspace."
_SETTINGS = (
    ("receiver_port", "port"),
    ("receiver_names", "names"),
    ("receiver_https", "https"),
    ("receiver_certificate", "certificate"),
    ("receiver_certificate_key", "key"),
    ("receiver_callers", "callers"),
    ("receiver_client_ca", "client_ca"),
)
"""(setting, field of an edit); the address is not among them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to listen."""

    host: str
    port: int
    names: tuple[str, ...]
    tls: ServerTls | None


class Listening:
    """The network of the own receiver; called on the I/O thread."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault
        self._host = ""
        """Chosen in this session; empty = as the settings say."""
        self._in_memory: Authority | None = None
        self._shown: ServerTls | None = None
        self._address: Callable[[], Address | None] = lambda: None
        self._restart: Callable[[], Awaitable[None]] | None = None

    def attach(self, address: Callable[[], Address | None], restart: Callable[[], Awaitable[None]]) -> None:
        """Say where it listens now, and how it is made to listen anew if it does."""
        self._address, self._restart = address, restart

    @property
    def host(self) -> str:
        """Where it is to listen: what was chosen in this session, what this run was told, else this machine only."""
        if self._host:
            return self._host
        settings = self._engine.settings
        told = settings.workspace.receiver_host
        return told if is_loopback(told) or settings.overridden("receiver_host") else "127.0.0.1"

    async def wanted(self) -> Wanted:
        """How to listen now. InputError or VaultError when the certificate cannot be had: it never falls to http."""
        own = self._engine.settings.workspace
        self._shown = await self._tls(own, self.host)
        return Wanted(self.host, own.receiver_port, tuple(own.receiver_names.split()), self._shown)

    async def view(self) -> NetworkView:
        """The pane as things are now."""
        own, settings = self._engine.settings.workspace, self._engine.settings
        reaches = await asyncio.to_thread(_reaches)
        address = self._address()
        return NetworkView(
            edit=NetworkEdit(
                host=self.host,
                port=own.receiver_port,
                names=own.receiver_names,
                https=Https(own.receiver_https),
                certificate=own.receiver_certificate,
                key=own.receiver_certificate_key,
                callers=Callers(own.receiver_callers),
                client_ca=own.receiver_client_ca,
            ),
            reaches=reaches
            if self.host in {one.address for one in reaches}
            else (*reaches, Reach(self.host, f"{self.host}, not an address of this machine now", False)),
            authority=await asyncio.to_thread(self._authority_view),
            shown=_certificate_words(self._shown) if address is not None and address.secure else (),
            base_url=address.origin if address is not None else "",
            lan=address is not None and not is_loopback(address.host),
            fixed=tuple(name for name, _ in (("receiver_host", ""), *_SETTINGS) if settings.overridden(name)),
            read_only=self._engine.workspace.read_only,
            has_passphrase=self._has(KEY_ITEM),
        )

    async def apply(self, edit: NetworkEdit) -> NetworkView:
        """Keep what was chosen and listen by it if it listens; nothing is kept of what cannot work.

        ConfigError for an address that is not of this machine or a setting this run decides, InputError for names and
        files that cannot be used, NetworkError when the port cannot be had (it then listens no more).
        """
        engine = self._engine
        if edit.host not in {one.address for one in await asyncio.to_thread(interfaces)}:
            cause = "it is not an address of this machine now; choose one of the list"
            raise ConfigError(ErrorCode.CONFIG_SETTING, what=edit.host or "The address", cause=cause)
        for name in edit.names.split():
            general_name(name)
        settings = engine.settings
        for name, field in _SETTINGS:
            value = str(getattr(edit, field))
            if value != settings.text(name):
                settings = changed(settings, name, value)
        if is_loopback(edit.host) and not settings.overridden("receiver_host"):
            settings = changed(settings, "receiver_host", edit.host)
        elif settings.overridden("receiver_host") and edit.host != self.host:
            raise ConfigError(
                ErrorCode.CONFIG_SETTING,
                what="receiver_host",
                cause=f"{settings.origin('receiver_host')} decides it",
            )
        files = ("receiver_certificate", "receiver_certificate_key")
        others = any(settings.text(name) != engine.settings.text(name) for name in files)
        passphrase = "" if edit.passphrase is None and others else edit.passphrase
        await self._tls(settings.workspace, edit.host, passphrase)
        if passphrase is not None:
            await asyncio.to_thread(self._keep_passphrase, passphrase)
        engine.workspace.write("settings.json", settings.workspace_json())
        engine.settings, self._host = settings, edit.host
        if self._restart is not None and self._address() is not None:
            await self._restart()
        return await self.view()

    async def listen_on(self, port: int) -> None:
        """Take another port and listen there; errors as `apply`."""
        await self.apply(replace((await self.view()).edit, port=port))
        if self._restart is not None and self._address() is None:
            await self._restart()

    # the test authority

    async def make_authority(self) -> NetworkView:
        """Make a test authority; one that is there already is replaced. VaultError while the vault is locked."""
        made = make_authority(f"Test authority of {self._engine.workspace.name}", self._engine.clock())
        await asyncio.to_thread(self._keep, made)
        return await self.view()

    async def issue_client(self, name: str, path: str, passphrase: str) -> None:
        """Write a certificate of the test authority for a caller, with its key: PKCS#12 as `.p12` or `.pfx`, else PEM.

        InputError for a name that is none, VaultError for a passphrase under 15 characters or while the authority is
        locked away, StoreError when the file cannot be written. The key is kept nowhere else.
        """
        authority = await asyncio.to_thread(self._authority)
        issued = issue_client(authority, name, self._engine.clock())
        if Path(path).suffix.lower() in (".p12", ".pfx"):
            whole = await asyncio.to_thread(certificate_pkcs12, issued.chain, issued.key, passphrase, name)
            await asyncio.to_thread(write_bytes, path, whole)
        else:
            text = await asyncio.to_thread(certificate_pem, issued.chain, issued.key, passphrase)
            await asyncio.to_thread(write_text, path, text)

    async def export_authority(self, path: str) -> None:
        """Write the authority's certificate, without its key, for the other side to trust; one is made if absent."""
        authority = await asyncio.to_thread(self._authority)
        write_text(path, authority.pem.decode("ascii"))

    def _keep(self, authority: Authority) -> None:
        if self._vault.state is VaultState.MEMORY:
            self._in_memory = authority
            return
        self._vault.put(ITEM, authority.to_secret(), {"purpose": PURPOSE, "certificate": authority.pem.decode("ascii")})

    def _known(self) -> Authority | None:
        if self._has(ITEM):
            return Authority.from_secret(self._vault.get(ITEM))
        return self._in_memory

    def _authority(self) -> Authority:
        """The one there is, or a new one where there is none or its time is over."""
        now, known = self._engine.clock(), self._known()
        if known is None or known.certificate.not_valid_after_utc <= now:
            known = make_authority(f"Test authority of {self._engine.workspace.name}", now)
            self._keep(known)
        return known

    def _authority_view(self) -> AuthorityView:
        if self._vault.state is VaultState.LOCKED and self._has(ITEM):
            return AuthorityView("The test authority", "", "", "Its key is locked: unlock the vault under Keys.")
        authority = self._known()
        if authority is None:
            return AuthorityView()
        facts = facts_of(authority.certificate)
        kept = _IN_MEMORY if authority is self._in_memory else _IN_VAULT
        return AuthorityView(facts.subject, facts.dates, facts.fingerprint, kept)

    # certificates

    async def _tls(self, own: WorkspaceSettings, host: str, passphrase: str | None = None) -> ServerTls | None:
        https, callers = Https(own.receiver_https), Callers(own.receiver_callers)
        if https is Https.OFF:
            return None
        authorities = await asyncio.to_thread(self._of_callers, own) if callers is not Callers.ANY else ()
        required = callers is Callers.REQUIRED
        if https is Https.FILES:
            if not own.receiver_certificate:
                cause = "name its file, or choose the test certificate"
                raise InputError(ErrorCode.INPUT_CERTIFICATE, what="The receiver's certificate", cause=cause)
            key = Path(own.receiver_certificate_key) if own.receiver_certificate_key else None
            certificate = Path(own.receiver_certificate)
            if passphrase is None:
                passphrase = await asyncio.to_thread(self._passphrase)
            tls = await asyncio.to_thread(ServerTls.read, certificate, key, passphrase=passphrase)
        else:
            tls = await asyncio.to_thread(self._issued, host, own.receiver_names.split())
        tls = replace(tls, authorities=authorities, required=required)
        tls.context(self._engine.clock())
        return tls

    def _of_callers(self, own: WorkspaceSettings) -> tuple[x509.Certificate, ...]:
        """The authorities whose certificates callers may show: those of a file, or the test authority."""
        if own.receiver_client_ca:
            return tuple(read_authorities(Path(own.receiver_client_ca)))
        return (self._authority().certificate,)

    def _has(self, item: str) -> bool:
        return any(one.name == item for one in self._vault.items())

    def _passphrase(self) -> str:
        """That of the key of the own certificate; empty where none is kept. VaultError while it is locked away."""
        return self._vault.get(KEY_ITEM).decode("utf-8") if self._has(KEY_ITEM) else ""

    def _keep_passphrase(self, passphrase: str) -> None:
        """Keep it, or with an empty one forget it; VaultError where nothing can be kept."""
        if not passphrase:
            self._vault.remove(KEY_ITEM)
        elif self._vault.state is VaultState.MEMORY:
            raise VaultError(ErrorCode.VAULT_NO_BACKEND, what="a passphrase or password")
        else:
            self._vault.put(KEY_ITEM, passphrase.encode("utf-8"), {"purpose": "receiver-secret"})

    def _issued(self, host: str, names: list[str]) -> ServerTls:
        """A certificate of the test authority for the address, further names, and this machine's own."""
        local = sorted(names_of(host) - set(names) - {host})
        first = [] if host in WILDCARDS else [host]
        issued = issue(self._authority(), [*names, *first, *local], self._engine.clock())
        return ServerTls(KeyedCertificate(issued.chain, issued.key), "The test certificate")


def _reaches() -> tuple[Reach, ...]:
    """Each address of this machine, in words."""
    return tuple(
        Reach(
            one.address,
            f"{one.address}, this machine only" if one.loopback else f"{one.address} ({one.name})",
            one.loopback,
        )
        for one in interfaces()
    )


def _certificate_words(tls: ServerTls | None) -> tuple[tuple[str, str], ...]:
    if tls is None:
        return ()
    facts = facts_of(tls.shown.chain[0])
    return (
        ("Certificate", facts.subject),
        ("For", ", ".join(facts.names) or "no names"),
        ("Issued by", facts.issuer),
        ("Dates", facts.dates),
    )
