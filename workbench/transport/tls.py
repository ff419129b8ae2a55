"""How connections are made secure: which authorities are trusted, which certificate is shown, and where not to check.

The system's authorities always count (truststore), TLS 1.2 is the least. Verification can be left out for single
targets only, and never within nhs.uk. Must not know environments.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import truststore
from cryptography import x509

from workbench.exchange import TlsFacts
from workbench.transport.tls_chain import facts_of
from workbench.transport.tls_files import (
    load_authorities,
    load_client,
    read_authorities,
    read_client_certificate,
    usable_at,
)

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

NEVER_UNVERIFIED = "nhs.uk"
"""The domain in which certificates are checked whatever anybody asks for (promise of this program)."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class TlsChoice:
    """What a client of one environment trusts and shows."""

    ca: Path | None = None
    """A file of authorities to trust beside those of the system."""
    certificate: Path | None = None
    """A client certificate: PEM or PKCS#12."""
    key: Path | None = None
    """Its private key, where the certificate's file does not hold it."""
    passphrase: str = field(default="", repr=False, compare=False)
    unverified: frozenset[str] = frozenset()
    """Targets (`host:port`) whose certificate is not checked in this session."""

    def verifies(self, url: str) -> bool:
        """Whether the certificate of an address is checked; within nhs.uk it always is."""
        return target_of(url) not in self.unverified or not may_skip(url)


def target_of(url: str) -> str:
    """Host and port an address leads to, as verification is left out by."""
    parts = urlsplit(url)
    return f"{host_of(url)}:{parts.port or _PORTS.get(parts.scheme, 0)}"


def host_of(url: str) -> str:
    """The host of an address, in small letters and without a dot at its end; empty where it names none."""
    return (urlsplit(url).hostname or "").rstrip(".")


def stays_here(url: str) -> bool:
    """Whether an address leads to this machine."""
    return host_of(url) in ("127.0.0.1", "::1", "localhost")


def may_skip(url: str) -> bool:
    """Whether the check of a certificate may be left out there at all."""
    host = host_of(url)
    return bool(host) and host != NEVER_UNVERIFIED and not host.endswith(f".{NEVER_UNVERIFIED}")


def client_context(choice: TlsChoice, now: datetime, *, verified: bool = True) -> ssl.SSLContext:
    """The context of a client. InputError when the CA file or the client certificate cannot be used now."""
    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if verified else looking_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if choice.ca is not None:
        load_authorities(context, read_authorities(choice.ca))
    if choice.certificate is not None:
        client = read_client_certificate(choice.certificate, choice.key, choice.passphrase)
        usable_at(client, now, choice.certificate.name)
        load_client(context, client)
    return context


def looking_context() -> ssl.SSLContext:
    """A context that trusts anybody: to look at certificates, or for a target whose check a person left out."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def tls_facts(secure: ssl.SSLObject | ssl.SSLSocket, *, verified: bool) -> TlsFacts:
    """What a secure connection turned out to be."""
    cipher, der = secure.cipher(), secure.getpeercert(binary_form=True)
    facts = facts_of(x509.load_der_x509_certificate(der)) if der else None
    return TlsFacts(
        version=str(secure.version()),
        cipher=str(cipher[0]) if cipher else "",
        subject=facts.subject if facts else "",
        issuer=facts.issuer if facts else "",
        not_after=facts.not_after.astimezone(UTC) if facts else None,
        verified=verified,
    )
