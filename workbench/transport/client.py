"""The one HTTP client: exact headers, a total deadline, capped bodies, and a failure in words for whatever goes wrong.

With `wire` the only import of httpx. One client an environment, at most eight connections (more in one pool are
slower). Never raises for what the network does; certificates are verified but for single targets that a person named.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpcore
import httpx

from workbench.errors import ErrorCode, WorkbenchError
from workbench.exchange import Failure, FailureKind, Phase, Response, Timing, TlsFacts, header
from workbench.exchange.coding import LARGEST, TooLarge, Undecodable, decoded
from workbench.transport.failures import UnusableRequest, check_request, failure_of
from workbench.transport.tls import TlsChoice, client_context, tls_facts
from workbench.transport.tls_failures import EXPLAINED, seen_facts
from workbench.transport.tls_look import Proxy, ProxyRefused, look, proxy_name
from workbench.transport.wire import CONNECT_S, TALLY, Tally, Wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.exchange import Clock, Request

    FindProxy = Callable[[], Proxy | None]
    """Names the proxy at this moment; a WorkbenchError where it cannot be used."""

TOTAL_S = 40.0
"""Longer than the 32 s after which the platform gives up on a receiver (API specification, live proxy)."""
LARGEST_ANSWER = LARGEST
MOST_HEADERS = 200
KEPT_OPEN_S = 5.0
"""Seconds that an idle connection is kept for the next call."""
MOST_CONNECTIONS = 8
LOOK_S = 5.0
"""How long a look at a certificate that was refused may take."""
_OF_THE_WAY = frozenset(
    {ErrorCode.NET_NO_ADDRESS, ErrorCode.NET_REFUSED, ErrorCode.NET_UNREACHABLE, ErrorCode.NET_CONNECT_TIMEOUT}
)
"""What went wrong before a proxy was reached, where there is one."""
_TIMEOUTS = {"connect": CONNECT_S, "read": 35.0, "write": 15.0, "pool": TOTAL_S}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request: a response or a failure, and how it went."""

    response: Response | None
    failure: Failure | None
    timing: Timing
    tls: TlsFacts | None = None
    peer_date: datetime | None = None


class Client:
    """Sends requests of one environment. Used on one loop; `timer` gives seconds of a monotonic clock."""

    def __init__(
        self,
        *,
        timer: Callable[[], float],
        clock: Clock,
        tls: TlsChoice = TlsChoice(),  # noqa: B008 - frozen
        proxy: Proxy | FindProxy | None = None,
        total_s: float = TOTAL_S,
    ) -> None:
        """`tls`: what is trusted and shown; `proxy`: through which HTTP proxy every call goes, or who names it anew for
        each (in a thread of its own: it may ask the machine)."""
        self._timer = timer
        self._clock = clock
        self._tls = tls
        self._proxy = proxy
        self._total_s = total_s
        self._http: dict[tuple[bool, Proxy | None], httpx.AsyncClient] = {}
        """By whether certificates are verified, and by proxy."""

    async def __call__(self, request: Request) -> Response | Failure:
        """The `Send` port: the answer, or why there is none."""
        outcome = await self.send(request)
        return outcome.response if outcome.response is not None else _there(outcome.failure)

    async def send(self, request: Request, told: Callable[[Phase], None] | None = None) -> Outcome:
        """Send one request exactly as it is given and wait for the whole answer.

        `told` hears of each phase as it begins. A connection that was kept open and turns out to be dead is replaced
        once, silently, as long as not one byte of an answer came.
        """
        started, begun = self._clock(), self._timer()
        where = _where(request.url)
        try:
            check_request(request)
            proxy = self._proxy
            if proxy is not None and not isinstance(proxy, Proxy):
                proxy = await asyncio.to_thread(proxy)
            http = self._client(request.url, proxy)
        except UnusableRequest as problem:
            return Outcome(None, problem.failure, Timing(started))
        except WorkbenchError as error:
            failure = Failure(FailureKind.NOT_SENT, error.code, error.sentence, error.next_step)
            return Outcome(None, failure, Timing(started))
        tally = Tally(self._timer, told)
        try:
            async with asyncio.timeout(self._total_s):
                try:
                    return await self._exchange(http, request, tally, started, begun)
                except httpx.TransportError as error:
                    if tally.connected or tally.raw or isinstance(error, httpx.TimeoutException):
                        raise
                    tally = Tally(self._timer, told)
                    return await self._exchange(http, request, tally, started, begun)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            failure = failure_of(error, where, tally, size=len(request.body), total_s=self._total_s)
            told_why = await self._explained(failure, error, request.url, proxy)
            return Outcome(None, told_why, _timing(tally, started, begun))

    async def close(self) -> None:
        """Close every connection."""
        opened, self._http = self._http, {}
        for one in opened.values():
            await one.aclose()

    async def _explained(self, failure: Failure, error: Exception, url: str, proxy: Proxy | None) -> Failure:
        """A failure of the certificate with its names and dates; one of the proxy with the proxy's name."""
        if failure.code in EXPLAINED:
            try:
                async with asyncio.timeout(LOOK_S):
                    chain = (await look(url, proxy)).chain
            except (OSError, ProxyRefused, TimeoutError):
                chain = ()
            return _worded(failure, failure.code, what=_where(url), **seen_facts(failure.code, chain, self._clock()))
        if proxy is None:
            return failure
        if isinstance(error, httpx.ProxyError):
            cause = str(error) or "it gives no reason"
            return _worded(failure, ErrorCode.NET_PROXY, what=proxy_name(proxy), target=_where(url), cause=cause)
        if failure.code in _OF_THE_WAY:
            return _worded(failure, failure.code, what=f"the proxy {proxy_name(proxy)}", limit="10", cause=str(error))
        return failure

    async def _exchange(
        self, http: httpx.AsyncClient, request: Request, tally: Tally, started: datetime, begun: float
    ) -> Outcome:
        TALLY.set(tally)
        made = httpx.Request(
            request.method,
            request.url,
            headers=list(on_the_wire(request).headers),
            content=request.body if _has_body(request) else None,
            extensions={"timeout": dict(_TIMEOUTS)},
        )
        answer = await http.send(made, stream=True)
        tally.answered = True
        received = bytearray()
        try:
            tls = _tls_facts(answer, verified=self._tls.verifies(request.url))
            headers_in = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw)
            if len(headers_in) > MOST_HEADERS:
                return self._flagged(request, tally, started, begun, ErrorCode.NET_HEADERS, count=len(headers_in))
            async for part in answer.aiter_raw():
                received += part
                if len(received) > LARGEST_ANSWER:
                    raise TooLarge("")
            raw = bytes(received)
            body = decoded(raw, header(headers_in, "Content-Encoding"))
        except Undecodable as problem:
            if not isinstance(problem, TooLarge):
                return self._flagged(request, tally, started, begun, ErrorCode.NET_DECODING, cause=problem.text)
            code = ErrorCode.NET_BOMB if problem.text else ErrorCode.NET_TOO_LARGE
            return self._flagged(request, tally, started, begun, code, limit="10 MiB")
        finally:
            await answer.aclose()
        tally.end(Phase.RECEIVE)
        response = Response(answer.status_code, answer.reason_phrase, headers_in, body, b"" if body == raw else raw)
        return Outcome(response, None, _timing(tally, started, begun), tls, _peer_date(headers_in))

    def _flagged(
        self, request: Request, tally: Tally, started: datetime, begun: float, code: ErrorCode, **facts: object
    ) -> Outcome:
        """An answer that came and cannot be used: its bytes are kept as they came."""
        failure = Failure.of(
            FailureKind.CUT, code, sent=tally.body, received=bytes(tally.raw), what=_where(request.url), **facts
        )
        return Outcome(None, failure, _timing(tally, started, begun))

    def _client(self, url: str, proxy: Proxy | None) -> httpx.AsyncClient:
        verified = self._tls.verifies(url)
        if (verified, proxy) not in self._http:
            transport = _Transport(client_context(self._tls, self._clock(), verified=verified), proxy)
            made = httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)
            self._http[verified, proxy] = made
        return self._http[verified, proxy]


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


class _Transport(httpx.AsyncHTTPTransport):
    """httpx over a pool whose sockets are those of `wire`."""

    def __init__(self, context: ssl.SSLContext, proxy: Proxy | None) -> None:
        login = (proxy.user, proxy.password) if proxy is not None and proxy.user else None
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            proxy=httpcore.Proxy(proxy.url, auth=login) if proxy is not None else None,
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=MOST_CONNECTIONS,
            keepalive_expiry=KEPT_OPEN_S,
            network_backend=Wire(),
        )


def _timing(tally: Tally, started: datetime, begun: float) -> Timing:
    """The phases that happened; one that was under way when it ended counts up to then."""
    now = tally.timer()
    spent = Timing(started, **{phase.value: tally.spent(phase, now) for phase in Phase})
    return spent if spent.total is not None else Timing(started, connect=now - begun)


def _there(failure: Failure | None) -> Failure:
    if failure is None:
        raise AssertionError("an outcome is a response or a failure")
    return failure


def _worded(failure: Failure, chosen: ErrorCode, /, **facts: object) -> Failure:
    """The same failure in other words."""
    return Failure.of(failure.kind, chosen, sent=failure.sent, received=failure.received, **facts)


def _tls_facts(answer: httpx.Response, *, verified: bool) -> TlsFacts | None:
    stream = answer.extensions.get("network_stream")
    secure = stream.get_extra_info("ssl_object") if stream is not None else None
    return tls_facts(secure, verified=verified) if isinstance(secure, ssl.SSLObject) else None


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
