"""TLS servers with everything that can be wrong with one, on loopback; files of certificates for them."""

from __future__ import annotations

import asyncio
import socket
import socketserver
import ssl
import threading
import warnings
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import load_pem_x509_certificate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

HOST = "127.0.0.1"
PATIENCE_S = 5.0
LONGEST = 64 * 1024
PASSPHRASE = "a phrase that opens it"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


@dataclass
class Farm:
    """One server after the other; `requests` is all that any of them read."""

    folder: Path
    ca: trustme.CA = field(default_factory=lambda: trustme.CA(organization_name="Hill Authority"))
    stranger: trustme.CA = field(default_factory=lambda: trustme.CA(organization_name="Valley Authority"))
    requests: list[bytes] = field(default_factory=list)

    @property
    def ca_file(self) -> Path:
        """The authority the client is to trust."""
        return self.write("hill-ca.pem", self.ca.cert_pem.bytes())

    def write(self, name: str, content: bytes) -> Path:
        """A file of the farm."""
        path = self.folder / name
        path.write_bytes(content)
        return path

    def context(
        self, leaf: trustme.LeafCert | None = None, *, wants: trustme.CA | None = None, required: bool = True
    ) -> ssl.SSLContext:
        """The context of a server that shows a certificate (a good one by default), and may want one of the client."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (leaf or self.ca.issue_cert(HOST)).configure_cert(made)
        if wants is not None:
            made.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_OPTIONAL
            wants.configure_trust(made)
        return made

    def old(self) -> ssl.SSLContext:
        """A server that speaks nothing newer than TLS 1.1."""
        made = self.context()
        made.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            made.minimum_version = ssl.TLSVersion.TLSv1
            made.maximum_version = ssl.TLSVersion.TLSv1_1
        return made

    def dated(self, begins: float, ends: float) -> trustme.LeafCert:
        """A certificate that is valid from and until so many days from now."""
        now = datetime.now(UTC)  # noqa: TID251 - OpenSSL reads the clock of the machine
        return self.ca.issue_cert(HOST, not_before=now + timedelta(days=begins), not_after=now + timedelta(days=ends))

    def self_signed(self) -> ssl.SSLContext:
        """A server whose certificate nobody but itself has signed."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(
            self.write("own.pem", self.stranger.private_key_pem.bytes() + self.stranger.cert_pem.bytes())
        )
        return made

    def client_pem(self, by: trustme.CA | None = None, name: str = "client.pem") -> Path:
        """A client certificate with its key in one PEM file."""
        return self.write(name, (by or self.ca).issue_cert("client.example").private_key_and_cert_chain_pem.bytes())

    def client_p12(self) -> Path:
        """A client certificate as PKCS#12 behind a passphrase."""
        leaf = self.ca.issue_cert("client.example")
        key = load_pem_private_key(leaf.private_key_pem.bytes(), None)
        own = load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes())
        issuer = load_pem_x509_certificate(self.ca.cert_pem.bytes())
        content = pkcs12.serialize_key_and_certificates(
            b"client", key, own, [issuer], BestAvailableEncryption(PASSPHRASE.encode())
        )  # type: ignore[arg-type]
        return self.write("client.p12", content)

    @asynccontextmanager
    async def serving(self, secure: ssl.SSLContext | None, answer: bytes = ANSWER) -> AsyncIterator[str]:
        """A server that answers every request in the same way; gives its origin. It has threads: asyncio's own TLS
        servers close a handshake that failed without the alert that says why."""
        farm = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                talk: socket.socket = self.request
                talk.settimeout(PATIENCE_S)
                try:
                    if secure is not None:
                        talk = secure.wrap_socket(talk, server_side=True, do_handshake_on_connect=False)
                        talk.do_handshake()
                    farm.requests.append(talk.recv(LONGEST))
                    talk.sendall(answer)
                except OSError:
                    pass  # handshakes that fail are what these servers are for
                finally:
                    _let_read(talk)
                    talk.close()

        class Serving(socketserver.ThreadingTCPServer):
            daemon_threads = True

        with Serving((HOST, 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield f"https://{HOST}:{server.server_address[1]}"
            finally:
                await asyncio.to_thread(server.shutdown)
                thread.join()


def _let_read(talk: socket.socket) -> None:
    """Have the other side read what was said last, the alert, before the connection is gone."""
    with suppress(OSError):
        talk.shutdown(socket.SHUT_WR)
        while talk.recv(LONGEST):
            pass
