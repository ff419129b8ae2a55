"""What the network did, mapped once to a failure in words: what was tried, what is known, what to do next.

Looks at the chain of exceptions, not at one library's classes. Must not know what was sent.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.errors import ErrorCode
from workbench.exchange import Failure, FailureKind
from workbench.headers import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.exchange import Request

_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
LONGEST_URL = 8 * 1024


class UnusableRequest(Exception):  # noqa: N818 - carries the failure that the sender gives back
    """A request that must not leave this machine as it is."""

    def __init__(self, code: ErrorCode, what: str, cause: str) -> None:
        super().__init__(cause)
        self.failure = Failure.of(FailureKind.NOT_SENT, code, what=what, cause=cause)


def check_request(request: Request) -> None:
    """UnusableRequest for an address or header that cannot or must not be sent; nothing was opened by then."""
    for name, value in request.headers:
        problem = names.name_problem(name) or names.value_problem(value)
        if problem is not None:
            raise UnusableRequest(ErrorCode.INPUT_HEADER, name if name.isprintable() else "A header", problem)
    _check_url(request)


def _check_url(request: Request) -> None:
    url = request.url
    if len(url) > LONGEST_URL:
        raise UnusableRequest(ErrorCode.INPUT_URL, "The address", f"it is longer than {LONGEST_URL} characters")
    if re.search(r"[\x00-\x20\x7f]", url) or not url.isascii():
        raise UnusableRequest(
            ErrorCode.INPUT_URL, "The address", "it holds a blank, a control or a non-ASCII character"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnusableRequest(ErrorCode.INPUT_URL, "The address", str(error)) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnusableRequest(ErrorCode.INPUT_URL, url[:80], "it must start with https:// and name a host")
    if port == 0:
        raise UnusableRequest(ErrorCode.INPUT_URL, parts.netloc, "port 0 is none")
    if "@" in parts.netloc:
        raise UnusableRequest(ErrorCode.INPUT_URL, parts.hostname, "credentials do not belong into an address")
    secret = request.header("Authorization") is not None or b"client_assertion=" in request.body[:4096]
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and secret:
        raise UnusableRequest(ErrorCode.NET_NOT_ALLOWED, parts.netloc, "a token must not travel over plain http")


def failure_of(
    error: BaseException,
    where: str,
    *,
    sent: int,
    head_sent: bool,
    began: bool,
    received: bytes,
    total_s: float,
) -> Failure:
    """The failure of a request that was on its way: `head_sent` once a byte left, `began` once an answer began."""
    kind = FailureKind.CUT if began else FailureKind.UNKNOWN if head_sent else FailureKind.NOT_SENT
    code, facts = _code_of(error, head_sent=head_sent, began=began, received=received, total_s=total_s)
    return Failure.of(kind, code, sent=sent, received=received, what=where, **facts)


def _code_of(
    error: BaseException, *, head_sent: bool, began: bool, received: bytes, total_s: float
) -> tuple[ErrorCode, dict[str, object]]:
    chain = list(_chain(error))
    words = " ".join(str(one) for one in chain)
    if any(isinstance(one, socket.gaierror) for one in chain):
        return ErrorCode.NET_NO_ADDRESS, {}
    if any(isinstance(one, ssl.SSLError) for one in chain) or "[SSL" in words:
        return _tls_code(words)
    if any(isinstance(one, ConnectionRefusedError) for one in chain) or "Connect call failed" in words:
        return ErrorCode.NET_REFUSED, {}
    if any(isinstance(one, OSError) and one.errno in _UNREACHABLE for one in chain):
        return ErrorCode.NET_UNREACHABLE, {"cause": _first(chain)}
    if any("Timeout" in type(one).__name__ for one in chain):
        if not head_sent:
            return ErrorCode.NET_CONNECT_TIMEOUT, {"limit": "10"}
        return ErrorCode.NET_TIMEOUT, {"limit": f"{total_s:g}" if isinstance(error, TimeoutError) else "35"}
    if "without sending a response" in words:
        return ErrorCode.NET_NO_ANSWER, {}
    if began:
        return ErrorCode.NET_CUT, {"cause": _first(chain).rstrip(".")}
    if any(type(one).__name__ == "RemoteProtocolError" for one in chain):
        return ErrorCode.NET_NOT_HTTP, {"cause": _first(chain).rstrip(".")}
    return ErrorCode.NET_RESET, {"cause": _first(chain).rstrip(".") or type(error).__name__}


def _tls_code(words: str) -> tuple[ErrorCode, dict[str, object]]:
    """What went wrong with the secure connection, in a sentence of its own for the common cases."""
    if "WRONG_VERSION_NUMBER" in words or "record layer failure" in words.lower():
        return ErrorCode.NET_PLAIN_PORT, {}
    for sign, cause in (
        ("CERTIFICATE_REQUIRED", "the server wants a client certificate"),
        ("certificate required", "the server wants a client certificate"),
        ("unknown ca", "the server does not know the authority of the client certificate"),
        ("certificate has expired", "the certificate has expired"),
        ("not yet valid", "the certificate is not valid yet"),
        ("Hostname mismatch", "the certificate is for another host name"),
        ("doesn't match", "the certificate is for another host name"),
        ("self-signed", "the certificate is signed by nobody this machine trusts"),
        ("self signed", "the certificate is signed by nobody this machine trusts"),
        ("unable to get local issuer", "the certificate is signed by an authority this machine does not trust"),
        ("PROTOCOL_VERSION", "the server only offers old versions of TLS"),
        ("UNSUPPORTED_PROTOCOL", "the server only offers old versions of TLS"),
    ):
        if sign in words:
            return ErrorCode.NET_TLS, {"cause": cause}
    return ErrorCode.NET_TLS, {"cause": words[:200]}


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what caused it, innermost last; each once."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        waiting.extend(more for more in (one.__cause__, one.__context__) if more is not None)


def _first(chain: list[BaseException]) -> str:
    """The first words anyone found."""
    return next((str(one) for one in chain if str(one)), type(chain[0]).__name__)
