"""The one HTTP client: exact headers, a total deadline, capped bodies, and a failure in words for whatever goes wrong.

The only import of httpx. One client an environment, at most eight connections (more in one pool are slower). Never
raises for what the network does; verification of certificates is always on.
"""

from __future__ import annotations

import asyncio
import ssl
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import truststore

from workbench.errors import ErrorCode, InputError
from workbench.exchange import Failure, FailureKind, Response, Timing, TlsFacts, header
from workbench.transport.failures import UnusableRequest, check_request, failure_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.exchange import Clock, Request

TOTAL_S = 40.0
"""Longer than the 32 s after which the platform gives up on a receiver (API specification, live proxy)."""
LARGEST_ANSWER = 10 * 1024 * 1024
MOST_CONNECTIONS = 8
_TIMEOUTS = {"connect": 10.0, "read": 35.0, "write": 15.0, "pool": 5.0}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request: a response or a failure, and how it went."""

    response: Response | None
    failure: Failure | None
    timing: Timing
    tls: TlsFacts | None = None
    peer_date: datetime | None = None


@dataclass(slots=True)
class _Progress:
    """How far a request has come, told by httpx's trace."""

    timer: Callable[[], float]
    size: int
    marks: dict[str, float] = field(default_factory=dict)
    sent: int = 0
    head_sent: bool = False
    began: bool = False
    received: bytearray = field(default_factory=bytearray)

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        """Note when an event of the connection happened."""
        name = event.partition(".")[2]
        self.marks[name] = self.timer()
        if name == "send_request_headers.started":
            self.head_sent = True
        elif name == "send_request_body.complete":
            self.sent = self.size
        elif name == "receive_response_headers.complete":
            self.began = True

    def timing(self, started: datetime, begun: float) -> Timing:
        """The phases that happened; resolving is part of connecting, as the library does both at once."""
        now = self.timer()

        def phase(first: str, last: str) -> float | None:
            if f"{first}.started" not in self.marks:
                return None
            return self.marks.get(f"{last}.complete", now) - self.marks[f"{first}.started"]

        done = self.marks.get("send_request_body.complete")
        answered = self.marks.get("receive_response_headers.complete")
        wait = None if done is None else (answered if answered is not None else now) - done
        spent = Timing(
            started,
            connect=phase("connect_tcp", "connect_tcp"),
            tls=phase("start_tls", "start_tls"),
            send=phase("send_request_headers", "send_request_body"),
            wait=wait,
            receive=None if answered is None else self.marks.get("receive_response_body.complete", now) - answered,
        )
        return spent if spent.total is not None else Timing(started, connect=now - begun)


class Client:
    """Sends requests of one environment. Used on one loop; `timer` gives seconds of a monotonic clock."""

    def __init__(
        self, *, timer: Callable[[], float], clock: Clock, ca: Path | None = None, total_s: float = TOTAL_S
    ) -> None:
        """`ca`: a PEM file of an authority to trust beside those of the system."""
        self._timer = timer
        self._clock = clock
        self._ca = ca
        self._total_s = total_s
        self._http: httpx.AsyncClient | None = None

    async def __call__(self, request: Request) -> Response | Failure:
        """The `Send` port: the answer, or why there is none."""
        outcome = await self.send(request)
        return outcome.response if outcome.response is not None else _there(outcome.failure)

    async def send(self, request: Request) -> Outcome:
        """Send one request exactly as it is given and wait for the whole answer."""
        started, begun = self._clock(), self._timer()
        progress = _Progress(self._timer, len(request.body))
        where = _where(request.url)
        try:
            check_request(request)
            http = self._client()
        except UnusableRequest as problem:
            return Outcome(None, problem.failure, Timing(started))
        except InputError as error:
            failure = Failure(FailureKind.NOT_SENT, error.code, error.sentence, error.next_step)
            return Outcome(None, failure, Timing(started))
        try:
            async with asyncio.timeout(self._total_s):
                return await self._exchange(http, request, progress, started, begun)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            failure = failure_of(
                error,
                where,
                sent=progress.sent,
                head_sent=progress.head_sent,
                began=progress.began,
                received=bytes(progress.received),
                total_s=self._total_s,
            )
            return Outcome(None, failure, progress.timing(started, begun))

    async def close(self) -> None:
        """Close every connection."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def _exchange(
        self, http: httpx.AsyncClient, request: Request, progress: _Progress, started: datetime, begun: float
    ) -> Outcome:
        made = httpx.Request(
            request.method,
            request.url,
            headers=list(on_the_wire(request).headers),
            content=request.body if _has_body(request) else None,
            extensions={"timeout": dict(_TIMEOUTS), "trace": progress.trace},
        )
        answer = await http.send(made, stream=True)
        try:
            tls = _tls_facts(answer)
            async for part in answer.aiter_raw():
                progress.received += part
                if len(progress.received) > LARGEST_ANSWER:
                    raise _TooLargeError
            headers_in = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw)
            body = _decoded(bytes(progress.received), header(headers_in, "Content-Encoding"))
        except (_TooLargeError, _UndecodableError) as problem:
            code = ErrorCode.NET_TOO_LARGE if isinstance(problem, _TooLargeError) else ErrorCode.NET_DECODING
            failure = Failure.of(
                FailureKind.CUT,
                code,
                sent=progress.sent,
                received=bytes(progress.received[:LARGEST_ANSWER]),
                what=_where(request.url),
                limit="10 MiB",
                cause=str(problem),
            )
            return Outcome(None, failure, progress.timing(started, begun))
        finally:
            await answer.aclose()
        response = Response(answer.status_code, answer.reason_phrase, headers_in, body)
        return Outcome(response, None, progress.timing(started, begun), tls, _peer_date(headers_in))

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = httpx.AsyncClient(
                verify=_context(self._ca),
                trust_env=False,
                follow_redirects=False,
                limits=httpx.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=MOST_CONNECTIONS),
            )
        return self._http


def on_the_wire(request: Request) -> Request:
    """A request with the headers that HTTP itself adds, exactly as they are sent: what is there already stays."""
    headers = list(request.headers)
    if header(request.headers, "Host") is None:
        headers.insert(0, ("Host", urlsplit(request.url).netloc.rpartition("@")[2]))
    if header(request.headers, "Accept-Encoding") is None:
        headers.append(("Accept-Encoding", "gzip, identity"))
    if _has_body(request) and header(request.headers, "Content-Length") is None:
        headers.append(("Content-Length", str(len(request.body))))
    return replace(request, headers=tuple(headers))


def _has_body(request: Request) -> bool:
    return bool(request.body) or request.method in ("POST", "PUT", "PATCH")


class _TooLargeError(Exception):
    """An answer is larger than anyone needs."""


class _UndecodableError(Exception):
    """An answer is not encoded as it says."""


def _there(failure: Failure | None) -> Failure:
    if failure is None:
        raise AssertionError("an outcome is a response or a failure")
    return failure


def _context(ca: Path | None) -> ssl.SSLContext:
    """Verification by the system's authorities, and by one more where it is given; TLS 1.2 or newer."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca is not None:
        try:
            context.load_verify_locations(cafile=str(ca))
        except (OSError, ssl.SSLError) as error:
            raise InputError(ErrorCode.INPUT_CERTIFICATE, what=f"The authority {ca.name}", cause=str(error)) from error
    return context


def _decoded(raw: bytes, encoding: str | None) -> bytes:
    """The body itself. A stream of gzip must reach its end: one cut short may still decode to something."""
    coding = (encoding or "identity").strip().lower()
    if coding in ("", "identity"):
        return raw
    if coding not in ("gzip", "x-gzip"):
        raise _UndecodableError(f"'{coding}' was not asked for")
    reader = zlib.decompressobj(wbits=31)
    try:
        body = reader.decompress(raw, LARGEST_ANSWER + 1)
    except zlib.error as error:
        raise _UndecodableError(str(error)) from error
    if len(body) > LARGEST_ANSWER:
        raise _TooLargeError
    if not reader.eof:
        raise _UndecodableError("the gzip stream ends before its end")
    return body


def _tls_facts(answer: httpx.Response) -> TlsFacts | None:
    stream = answer.extensions.get("network_stream")
    secure = stream.get_extra_info("ssl_object") if stream is not None else None
    if secure is None:
        return None
    certificate: dict[str, Any] = secure.getpeercert() or {}
    until = certificate.get("notAfter")
    cipher = secure.cipher()
    return TlsFacts(
        version=str(secure.version()),
        cipher=str(cipher[0]) if cipher else "",
        subject=_name(certificate.get("subject", ())),
        issuer=_name(certificate.get("issuer", ())),
        not_after=datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC) if isinstance(until, str) else None,
    )


def _name(parts: Any) -> str:
    return ", ".join(f"{key}={value}" for part in parts for key, value in part)


def _peer_date(headers: tuple[tuple[str, str], ...]) -> datetime | None:
    try:
        date = parsedate_to_datetime(header(headers, "Date") or "")
    except (TypeError, ValueError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def _where(url: str) -> str:
    """Host and port of an address, for sentences."""
    try:
        parts = urlsplit(url)
        return parts.netloc.rpartition("@")[2] or url
    except ValueError:
        return "the address"
