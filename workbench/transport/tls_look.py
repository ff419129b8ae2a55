"""A look at a server before anything is sent: its addresses, the connection, and what its TLS handshake shows.

Nothing is trusted here and nothing is sent but the handshake. Never raises for what the network does not allow:
OSError and its kin come out as they are, for `failures` to word.
"""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from workbench.transport.tls import host_of, looking_context, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator

HANDSHAKE, CERTIFICATE, REQUEST = 22, 11, 13
"""Content type and message types of RFC 8446, 5.1 and 4."""
TLS13 = 0x0304
AUTHORITIES = 47
"""The extension certificate_authorities (RFC 8446, 4.2.4)."""
LONGEST_ANSWER = 16 * 1024
_COMMON_NAME, _OWNER = b"\x06\x03\x55\x04\x03", b"\x06\x03\x55\x04\x0a"


class Proxy(NamedTuple):
    """An HTTP proxy and what it asks for; the password shows in no text of ours."""

    url: str
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Proxy({self.url!r})"


class ProxyRefused(Exception):  # noqa: N818 - says what happened
    """A proxy did not open the way."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a handshake showed."""

    chain: tuple[bytes, ...] = ()
    """The certificates as the server sends them, DER, its own first."""
    asked: bool = False
    """Whether it asked for a client certificate."""
    accepted: tuple[bytes, ...] = ()
    """Names (DER) of the authorities it takes client certificates of; empty = it does not say."""
    protocol: str = ""
    cipher: str = ""
    problem: str = ""
    """What OpenSSL said where the handshake did not come to its end."""


async def addresses(url: str) -> tuple[str, ...]:
    """The addresses of the host of a URL, in the order they are tried; socket.gaierror where there are none."""
    host, _, port = target_of(url).rpartition(":")
    found = await asyncio.get_running_loop().getaddrinfo(host, int(port), type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(row[4][0]) for row in found))


async def connect(url: str, proxy: Proxy | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the host of a URL, through the proxy where there is one; ProxyRefused with its own words."""
    host, _, port = target_of(proxy.url if proxy is not None else url).rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    if proxy is not None:
        try:
            await _ask_proxy(reader, writer, target_of(url), proxy)
        except BaseException:
            writer.close()
            raise
    return reader, writer


async def look(url: str, proxy: Proxy | None = None, context: ssl.SSLContext | None = None) -> Look:
    """What the TLS handshake of a server shows; OSError or ProxyRefused where there is no connection to begin with.

    `context` is what is shown to the server; by default it trusts anybody and shows no certificate.
    """
    _, writer = await connect(url, proxy)
    try:
        return await shake(writer, host_of(url), context)
    finally:
        writer.close()


async def shake(writer: asyncio.StreamWriter, host: str, context: ssl.SSLContext | None = None) -> Look:
    """The handshake on an open connection; with a context of somebody else's only its end is told, no messages."""
    seen = Seen()
    if context is None:
        context = looking_context()
        setattr(context, "_msg_callback", seen.note)  # noqa: B010 - CPython's own hook: no public one shows messages
    problem = ""
    try:
        await writer.start_tls(context, server_hostname=host)
    except (ssl.SSLError, OSError) as error:
        problem = str(error) or type(error).__name__
    secure = writer.get_extra_info("ssl_object")
    known = isinstance(secure, ssl.SSLObject) and not problem
    cipher = secure.cipher() if known else None
    return Look(
        chain=tuple(seen.chain),
        asked=seen.asked,
        accepted=tuple(seen.accepted),
        protocol=str(secure.version()) if known else "",
        cipher=str(cipher[0]) if cipher else "",
        problem=problem,
    )


def short_name(name: bytes) -> str:
    """Whom a DER name stands for: its common name, else its organisation."""
    for sign in (_COMMON_NAME, _OWNER):
        begin = name.find(sign)
        if begin >= 0:
            length = name[begin + 6]
            return name[begin + 7 : begin + 7 + length].decode("utf-8", "replace")
    return "an authority without a name"


@dataclass(slots=True)
class Seen:
    """Notes what is of interest among the handshake messages of the server."""

    chain: list[bytes] = field(default_factory=list)
    accepted: list[bytes] = field(default_factory=list)
    asked: bool = False

    def note(self, _: object, direction: str, version: int, content: int, kind: int, data: bytes) -> None:
        """One message; `direction` is `read` for the server's."""
        if direction != "read" or content != HANDSHAKE:
            return
        body, new = data[4:], int(version) == TLS13
        if kind == CERTIFICATE:
            self.chain = list(_sent_chain(body, new))
        elif kind == REQUEST:
            self.asked, self.accepted = True, list(_taken(body, new))


def _sent_chain(body: bytes, new: bool) -> Iterator[bytes]:
    """The certificates of a Certificate message (RFC 5246, 7.4.2; RFC 8446, 4.4.2)."""
    place = (1 + body[0] if new else 0) + 3
    while place + 3 <= len(body):
        size = int.from_bytes(body[place : place + 3], "big")
        yield body[place + 3 : place + 3 + size]
        place += 3 + size
        if new:
            place += 2 + int.from_bytes(body[place : place + 2], "big")


def _taken(body: bytes, new: bool) -> Iterator[bytes]:
    """The authorities of a CertificateRequest message (RFC 5246, 7.4.4; RFC 8446, 4.3.2)."""
    if not new:
        place = 1 + body[0]
        place += 2 + int.from_bytes(body[place : place + 2], "big")
        yield from _names(body[place:])
        return
    place = 1 + body[0] + 2
    while place + 4 <= len(body):
        kind, size = int.from_bytes(body[place : place + 2], "big"), int.from_bytes(body[place + 2 : place + 4], "big")
        if kind == AUTHORITIES:
            yield from _names(body[place + 4 : place + 4 + size])
        place += 4 + size


def _names(body: bytes) -> Iterator[bytes]:
    place = 2
    while place + 2 <= len(body):
        size = int.from_bytes(body[place : place + 2], "big")
        yield body[place + 2 : place + 2 + size]
        place += 2 + size


async def _ask_proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: str, proxy: Proxy) -> None:
    """CONNECT (RFC 9110, 9.3.6); ProxyRefused with the status when it is not granted."""
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.user:
        given = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode("ascii")
        lines.append(f"Proxy-Authorization: Basic {given}")
    writer.write("\r\n".join((*lines, "", "")).encode("ascii"))
    await writer.drain()
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        part = await reader.readline()
        head += part
        if not part or len(head) > LONGEST_ANSWER:
            raise ProxyRefused("it closed the connection without an answer it could be understood by")
    status = head.split(b"\r\n", 1)[0].decode("latin-1")
    version, _, rest = status.partition(" ")
    if not version.startswith("HTTP/") or not rest.startswith("2"):
        raise ProxyRefused(f"it answers '{rest or status}'")


def proxy_name(proxy: Proxy) -> str:
    """Host and port of a proxy, for sentences."""
    return urlsplit(proxy.url).netloc.rpartition("@")[2]
