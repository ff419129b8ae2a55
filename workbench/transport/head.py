"""The head of a request as raw bytes: what is wrong with it before anything reads it further (RFC 9112).

Pure. Stricter than the parser behind it: whatever two programs could read in two ways is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

    from workbench.transport.limits import Limits

METHODS = frozenset({b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE"})
ALLOWED = ", ".join(sorted(method.decode("ascii") for method in METHODS))
"""As a header Allow says it."""
_LINE = re.compile(rb"([^\s]+) ([^\s]+) HTTP/(\d)\.(\d)")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
TLS_HELLO = 0x16


class Problem(NamedTuple):
    """Why a request is refused before it is one."""

    status: int
    issue: str
    """FHIR issue code."""
    text: str


def head_problem(raw: bytes, limits: Limits, hosts: Collection[str] | None) -> Problem | None:
    """What is wrong with a head (all bytes up to and with the empty line), or None.

    `hosts` are the names under which the server may be called, lower case; None = any.
    """
    if b"\x00" in raw:
        return Problem(400, "invalid", "the head holds a NUL byte")
    text = raw.removesuffix(b"\r\n\r\n")
    lines = text.split(b"\r\n")
    if any(b"\n" in line or b"\r" in line for line in lines):
        return Problem(400, "invalid", "a line of the head does not end in CR LF")
    if (problem := _line_problem(lines[0], limits)) is not None:
        return problem
    if len(text) - len(lines[0]) > limits.head:
        return Problem(431, "too-long", f"the headers are larger than {limits.head} bytes")
    if len(lines) - 1 > limits.headers:
        return Problem(431, "too-long", f"there are more than {limits.headers} headers")
    fields: list[tuple[str, bytes]] = []
    for line in lines[1:]:
        if line[:1] in (b" ", b"\t"):
            return Problem(400, "invalid", "a header is folded over two lines")
        name, colon, value = line.partition(b":")
        if not colon or not _NAME.fullmatch(name):
            return Problem(400, "invalid", "a header has no proper name")
        fields.append((name.decode("ascii").lower(), value.strip(b" \t")))
    return _framing_problem(fields, limits) or _host_problem(fields, hosts) or _browser_problem(fields)


def _line_problem(line: bytes, limits: Limits) -> Problem | None:
    if len(line) > limits.request_line:
        return Problem(414, "too-long", f"the request line is longer than {limits.request_line} bytes")
    if line == b"PRI * HTTP/2.0":
        return Problem(505, "not-supported", "HTTP/2 is not spoken here")
    found = _LINE.fullmatch(line)
    if found is None:
        old = len(line.split(b" ")) == 2
        return Problem(505 if old else 400, "invalid", "the request line is not one of HTTP/1.1")
    method, target, major, minor = found.groups()
    if (major, minor) not in ((b"1", b"0"), (b"1", b"1")):
        return Problem(505, "not-supported", f"HTTP/{major.decode()}.{minor.decode()} is not spoken here")
    if method == b"CONNECT":
        return Problem(405, "not-supported", "this is no proxy")
    if method not in METHODS:
        return Problem(501, "not-supported", "the method is not known")
    if not target.startswith(b"/") or not target.isascii():
        return Problem(400, "invalid", "the request target must be a path")
    return None


def _framing_problem(fields: list[tuple[str, bytes]], limits: Limits) -> Problem | None:
    lengths = [value for name, value in fields if name == "content-length"]
    codings = [value for name, value in fields if name == "transfer-encoding"]
    if lengths and codings:
        return Problem(400, "invalid", "Content-Length and Transfer-Encoding stand together: a smuggling shape")
    if len(lengths) > 1:
        return Problem(400, "invalid", "Content-Length stands twice")
    if len(codings) > 1 or any(value.lower() != b"chunked" for value in codings):
        return Problem(501, "not-supported", "the transfer coding is not known")
    if lengths:
        if not lengths[0].isdigit():
            return Problem(400, "invalid", "Content-Length is no number")
        if len(lengths[0]) > 18 or int(lengths[0]) > limits.body:
            return Problem(413, "too-long", f"the body is larger than {limits.body} bytes")
    if any(name == "content-encoding" and value.lower() != b"identity" for name, value in fields):
        return Problem(415, "not-supported", "a body with a content encoding is not taken")
    return None


def _host_problem(fields: list[tuple[str, bytes]], hosts: Collection[str] | None) -> Problem | None:
    named = [value for name, value in fields if name == "host"]
    if len(named) != 1:
        return Problem(400, "invalid", "there must be exactly one Host header")
    if hosts is None:
        return None
    try:
        host = urlsplit(f"//{named[0].decode('ascii')}").hostname or ""
    except (UnicodeDecodeError, ValueError):
        return Problem(400, "invalid", "the Host header cannot be read")
    if host.lower() not in hosts:
        return Problem(421, "forbidden", "the Host header names another server")
    return None


def _browser_problem(fields: list[tuple[str, bytes]]) -> Problem | None:
    """A web page may not call a server on this machine: peers of the standard are servers, not browsers."""
    for name, value in fields:
        if name == "origin" or (name == "sec-fetch-site" and value.lower() not in (b"none", b"same-origin")):
            return Problem(403, "forbidden", "a web page may not call this server")
    return None
