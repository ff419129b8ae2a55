"""What our server shows and asks for over HTTPS: its certificate, and whose client certificates it takes.

Certificates come from files or are handed in; TLS 1.2 is the least. Must not know where they are kept.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.transport.tls_chain import date_problem, facts_of
from workbench.transport.tls_files import (
    KeyedCertificate,
    load_authorities,
    load_client,
    read_authorities,
    read_server_certificate,
)

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from cryptography import x509


@dataclass(frozen=True, slots=True)
class ServerTls:
    """A server's certificate with its key, and the authorities whose client certificates are asked for."""

    shown: KeyedCertificate
    what: str = "The certificate"
    """How sentences name it."""
    authorities: tuple[x509.Certificate, ...] = field(default=(), repr=False)
    """Empty = no certificate is asked for."""
    required: bool = True
    """Whether a caller without one is turned away; otherwise it is only noted."""

    @classmethod
    def read(
        cls,
        certificate: Path,
        key: Path | None,
        client_ca: Path | None = None,
        *,
        passphrase: str = "",
        required: bool = True,
    ) -> ServerTls:
        """From files (PEM, DER, PKCS#12); InputError when one cannot be used."""
        shown = read_server_certificate(certificate, key, passphrase)
        authorities = read_authorities(client_ca) if client_ca is not None else ()
        return cls(shown, f"The certificate {certificate.name}", authorities, required)

    def context(self, now: datetime) -> ssl.SSLContext:
        """The context of a server; InputError when the certificate is not valid now."""
        if problem := date_problem(facts_of(self.shown.chain[0]), now):
            raise InputError(ErrorCode.INPUT_CERTIFICATE, what=self.what, cause=f"it {problem}")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            load_client(context, self.shown)
        except (OSError, ssl.SSLError) as error:
            raise InputError(ErrorCode.INPUT_CERTIFICATE, what=self.what, cause=str(error)) from error
        if self.authorities:
            load_authorities(context, self.authorities)
            context.verify_mode = ssl.CERT_REQUIRED if self.required else ssl.CERT_OPTIONAL
        return context
