"""Cuts secrets out of an exchange before it is stored; every other byte stays as on the wire.

Access tokens, client assertions, cookies and authorisation values live in memory only. This module must not know
where the rest is kept.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.exchange.coding import begun

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.exchange import Exchange, Failure, Headers, Request, Response

SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})

_FORM = re.compile(rb"((?:^|[&?\s])(?:client(?:_|%5[Ff])assertion|access(?:_|%5[Ff])token)=)([^&#\s]+)")
_JSON = re.compile(rb'("(?:access_token|client_assertion)"\s*:\s*")((?:[^"\\]|\\.)*)', re.DOTALL)
_LINE = re.compile(
    rb"(^(?:%b)[ \t]*:[ \t]*)([^\r\n]+)" % b"|".join(name.encode() for name in sorted(SECRET_HEADERS)), re.I | re.M
)
"""A header line within an answer that was never read as one."""
_PLACEHOLDER = re.compile(r"\[secret sha256:[0-9a-f]{8}\]")


@dataclass(frozen=True, slots=True)
class Cut:
    """One secret that was cut out: where it stood and how many bytes it had."""

    where: str
    """`request.headers.Authorization`, `request.body`, `response.body`, `request.url`, `failure.received`."""
    true_length: int
    placeholder: str


def placeholder(secret: bytes) -> str:
    """What stands in place of a secret: the same secret gives the same text."""
    return f"[secret sha256:{hashlib.sha256(secret).hexdigest()[:8]}]"


def cut_exchange(exchange: Exchange) -> tuple[Exchange, tuple[Cut, ...]]:
    """The exchange as it may be stored, with what was cut; cutting twice changes nothing."""
    request, cuts = cut_request(exchange.request)
    response, failure = exchange.response, exchange.failure
    if response is not None:
        response, more = cut_response(response)
        cuts += more
    if failure is not None:
        failure, more = cut_failure(failure)
        cuts += more
    if not cuts:
        return exchange, ()
    return replace(exchange, request=request, response=response, failure=failure), cuts


def cut_request(request: Request) -> tuple[Request, tuple[Cut, ...]]:
    """A request without its secrets."""
    found: list[Cut] = []
    url = _cut_bytes(request.url.encode("utf-8", "surrogateescape"), "request.url", found)
    fields = _cut_headers(request.headers, "request", found)
    body = _cut_bytes(request.body, "request.body", found)
    if not found:
        return request, ()
    return replace(request, url=url.decode("utf-8", "surrogateescape"), headers=fields, body=body), tuple(found)


def cut_response(response: Response) -> tuple[Response, tuple[Cut, ...]]:
    """A response without its secrets."""
    found: list[Cut] = []
    fields = _cut_headers(response.headers, "response", found)
    body = _cut_bytes(response.body, "response.body", found)
    wire = response.wire
    if wire and body != response.body:
        wire = gzip.compress(body, mtime=0)  # a secret within a coded body goes as well
    return (replace(response, headers=fields, body=body, wire=wire), tuple(found)) if found else (response, ())


def cut_failure(failure: Failure) -> tuple[Failure, tuple[Cut, ...]]:
    """A failure whose partial answer has no secrets."""
    found: list[Cut] = []
    received = _cut_received(failure.received, found)
    return (replace(failure, received=received), tuple(found)) if found else (failure, ())


def _cut_headers(fields: Headers, part: str, found: list[Cut]) -> Headers:
    if not any(name.strip().lower() in SECRET_HEADERS for name, _ in fields):
        return fields

    def kept(name: str, value: str) -> str:
        if name.strip().lower() not in SECRET_HEADERS or not value or _PLACEHOLDER.fullmatch(value):
            return value
        secret = value.encode("utf-8", "surrogateescape")
        found.append(Cut(f"{part}.headers.{name}", len(secret), placeholder(secret)))
        return placeholder(secret)

    return tuple((name, kept(name, value)) for name, value in fields)


def _cut_received(received: bytes, found: list[Cut]) -> bytes:
    """The beginning of an answer, with its head or without, its body coded or not."""
    head, end, body = received.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/"):
        head, end, body = b"", b"", received
    cut: list[Cut] = []
    head = _LINE.sub(_cutter("failure.received", cut), head)
    readable = begun(body) or body
    kept = _cut_bytes(readable, "failure.received", cut)
    found += cut
    return head + end + (body if kept == readable else kept)


def _cut_bytes(data: bytes, where: str, found: list[Cut]) -> bytes:
    cut = _cutter(where, found)
    if b"assertion" in data or b"token" in data:
        for pattern in (_FORM, _JSON):
            data = pattern.sub(cut, data)
    return data


def _cutter(where: str, found: list[Cut]) -> Callable[[re.Match[bytes]], bytes]:
    def cut(match: re.Match[bytes]) -> bytes:
        secret = match[2]
        if not secret or _PLACEHOLDER.fullmatch(secret.decode("latin-1")):
            return match[0]
        found.append(Cut(where, len(secret), placeholder(secret)))
        return match[1] + placeholder(secret).encode()

    return cut
