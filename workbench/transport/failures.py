"""What the network did, mapped once to a failure in words: what was tried, what is known, what to do next.

Looks at the chain of exceptions, not at one library's classes. Must not know what was sent.
"""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
import ssl
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from workbench.errors import ErrorCode
from workbench.exchange import Failure, FailureKind, Phase
from workbench.headers import names
from workbench.transport.tls_failures import NOTHING_TAKEN, tls_code
from workbench.transport.wire import CONNECT_S, LONGEST_HEAD, MOST_INTERIM, AttemptsError, InterimStormError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

    from workbench.exchange import Request
    from workbench.transport.wire import Tally

_WAITING = (ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""How TLS says that it waits for the network: no fault of its own."""
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}
_TLS_ALERT = b"\x15\x03"
_HTTP = re.compile(rb"HTTP/1\.[01] ")
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_HEX = re.compile(rb"[0-9A-Fa-f]{1,8}")
_SHOWN = 60
"""Bytes of an answer that a sentence quotes."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
LONGEST_URL = 8 * 1024
_NEVER_IN_URL = (
    (re.compile(r"[\r\n]"), "it holds a line break"),
    (re.compile(r"[ \t]"), "it holds a blank or tab; write %20 where a blank is meant"),
    (re.compile(r"[\x00-\x1f\x7f]"), "it holds a control character"),
)
_BAD_BRACKETS = "its host in brackets is no IPv6 address"
_NUMERIC_HOST = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)


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
    for pattern, cause in _NEVER_IN_URL:
        if pattern.search(url):
            raise UnusableRequest(ErrorCode.INPUT_URL, "The address", cause)
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UnusableRequest(ErrorCode.INPUT_URL, "The address", _BAD_BRACKETS) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        shown = url.rpartition("@")[2][:80] or "Nothing"
        raise UnusableRequest(ErrorCode.INPUT_URL, shown, "it must start with https:// and name a host")
    if not parts.hostname.isascii():
        raise UnusableRequest(ErrorCode.INPUT_URL, "The address", _foreign_host(parts.hostname))
    if not url.isascii():
        raise UnusableRequest(ErrorCode.INPUT_URL, "The address", "it holds a character beyond ASCII")
    if "@" in parts.netloc:
        raise UnusableRequest(ErrorCode.INPUT_URL, parts.hostname, "credentials do not belong into an address")
    _check_place(parts)
    secret = request.header("Authorization") is not None or b"client_assertion=" in request.body[:4096]
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and secret:
        raise UnusableRequest(ErrorCode.NET_NOT_ALLOWED, parts.netloc, "a token must not travel over plain http")


def _check_place(parts: SplitResult) -> None:
    """Host, port and path mean the same to every program on the way."""
    host = parts.hostname or ""
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise UnusableRequest(ErrorCode.INPUT_URL, parts.netloc, "its port is no number from 1 to 65535")
    if _NUMERIC_HOST.fullmatch(host) and not _is_address(host):
        cause = "its host is a number, which programs read as different addresses"
        raise UnusableRequest(ErrorCode.INPUT_URL, host, cause)
    steps = [unquote(step) for step in parts.path.split("/")]
    if "." in steps or ".." in steps:
        cause = "its path has a step '.' or '..', which programs resolve differently"
        raise UnusableRequest(ErrorCode.INPUT_URL, "The address", cause)
    if any("\0" in step for step in steps):
        raise UnusableRequest(ErrorCode.INPUT_URL, "The address", "its path holds the character NUL (%00)")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _foreign_host(host: str) -> str:
    """Why a host beyond ASCII is not called, with the name that would be looked up, so that look-alikes are seen."""
    try:
        sent = host.encode("idna").decode("ascii")
    except UnicodeError:
        return "its host has letters beyond ASCII and is no host name"
    return f"its host has letters beyond ASCII; if '{sent}' is meant, write it so"


def failure_of(error: BaseException, where: str, tally: Tally, *, size: int, total_s: float) -> Failure:
    """The failure of a request that was on its way, as far as its tally says; `size` is that of its body."""
    left = tally.head > 0
    kind = FailureKind.CUT if tally.answered else FailureKind.UNKNOWN if left else FailureKind.NOT_SENT
    code, facts = _code_of(error, tally, size=size, total_s=total_s)
    if code in NOTHING_TAKEN:
        kind = FailureKind.NOT_SENT
    return Failure.of(kind, code, sent=tally.body, received=bytes(tally.raw), what=where, **facts)


def _code_of(error: BaseException, tally: Tally, *, size: int, total_s: float) -> tuple[ErrorCode, dict[str, object]]:
    chain = list(_chain(error))
    words = " ".join(str(one) for one in chain)
    if any(isinstance(one, socket.gaierror) for one in chain):
        return ErrorCode.NET_NO_ADDRESS, {}
    if tally.raw.startswith(_TLS_ALERT) and Phase.TLS not in tally.begun:
        return ErrorCode.NET_SECURE_PORT, {}
    if any(isinstance(one, ssl.SSLError) and not isinstance(one, _WAITING) for one in chain) or "[SSL" in words:
        return tls_code(words)
    if tally.head == 0 and (code := _unconnected(chain, words, tally)) is not None:
        return code
    if any("Timeout" in type(one).__name__ for one in chain):
        limit = _limit(error, total_s)
        if Phase.WAIT not in tally.begun:
            return ErrorCode.NET_SLOW_SEND, {"limit": limit, "taken": tally.body, "size": size}
        return (ErrorCode.NET_SLOW if tally.raw else ErrorCode.NET_TIMEOUT), {"limit": limit}
    if tally.raw:
        return _half_answered(chain, words, tally)
    if tally.head == 0:
        return ErrorCode.NET_RESET_EARLY, {}
    if tally.body < size:
        return ErrorCode.NET_RESET, {"taken": tally.body, "size": size}
    return ErrorCode.NET_NO_ANSWER, {}


def _limit(error: BaseException, total_s: float) -> str:
    """Seconds after which nobody waited any longer: for the whole, for an answer, or for the message to be taken."""
    if isinstance(error, TimeoutError):
        return f"{total_s:g}"
    return "15" if "Write" in type(error).__name__ else "35"


def _unconnected(chain: list[BaseException], words: str, tally: Tally) -> tuple[ErrorCode, dict[str, object]] | None:
    """Why no connection came about; None where there was one."""
    attempts = next((str(one) for one in chain if isinstance(one, AttemptsError)), "")
    if attempts:
        return ErrorCode.NET_NO_ATTEMPT, {"cause": attempts}
    away = next((one for one in chain if isinstance(one, OSError) and one.errno in _UNREACHABLE), None)
    if away is not None:
        return ErrorCode.NET_UNREACHABLE, {"cause": away.strerror or str(away)}
    if any("Timeout" in type(one).__name__ for one in chain):
        if Phase.RESOLVE not in tally.begun:
            return ErrorCode.NET_BUSY, {}
        late = Phase.CONNECT not in tally.begun
        return (ErrorCode.NET_NAME_TIMEOUT if late else ErrorCode.NET_CONNECT_TIMEOUT), {"limit": f"{CONNECT_S:g}"}
    if any(isinstance(one, ConnectionRefusedError) for one in chain) or "Connect call failed" in words:
        return ErrorCode.NET_REFUSED, {}
    return None


def _half_answered(chain: list[BaseException], words: str, tally: Tally) -> tuple[ErrorCode, dict[str, object]]:
    """What is wrong with an answer of which some came."""
    if any(isinstance(one, InterimStormError) for one in chain):
        return ErrorCode.NET_INTERIM, {"limit": MOST_INTERIM}
    head, end, body = bytes(tally.raw).partition(b"\r\n\r\n")
    if tally.answered:
        told = _LENGTH.search(head)
        came = f"{len(body)} of {int(told[1])} bytes came" if told else f"{_unchunked(body)} bytes came without an end"
        return ErrorCode.NET_CUT, {"cause": came}
    first = head.split(b"\r\n")[0][:_SHOWN]
    if "Receive buffer" in words or len(head) >= LONGEST_HEAD:
        return ErrorCode.NET_HEAD_TOO_LONG, {"limit": f"{LONGEST_HEAD // 1024} KiB"}
    if not _HTTP.match(tally.raw) and len(tally.raw) >= len(b"HTTP/1."):
        return ErrorCode.NET_NOT_HTTP, {"cause": _escaped(first)}
    if end or not any("disconnected" in str(one) or "Reset" in type(one).__name__ for one in chain):
        return (ErrorCode.NET_HEAD, {"cause": _escaped(first)}) if end else (ErrorCode.NET_CUT_HEAD, {})
    return ErrorCode.NET_CUT_HEAD, {}


def _unchunked(body: bytes) -> int:
    """Bytes of content in a chunked body that was cut, as far as its sizes can be read."""
    count = 0
    while body:
        line, end, body = body.partition(b"\r\n")
        if not end or not _HEX.fullmatch(line):
            break
        count += min(int(line, 16), len(body))
        body = body[int(line, 16) + 2 :]
    return count


def _escaped(raw: bytes) -> str:
    """Bytes as text that can be shown anywhere."""
    return "".join(
        char if char.isprintable() else f"\\x{ord(char):02x}" for char in raw.decode("ascii", "backslashreplace")
    )


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
