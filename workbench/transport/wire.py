"""The sockets under the client: names resolved and connected within one budget, and everything that passes counted.

Which request is on its way is known from the task that sends it: the `Tally` it has hung out. Must not know what a
request means. With `client.py` the only import of httpcore.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import threading
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpcore

from workbench.exchange import Phase
from workbench.exchange.coding import LARGEST

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

CONNECT_S = 10.0
"""For looking the name up and for every attempt to connect together."""
LONGEST_HEAD = 100 * 1024
MOST_KEPT = LARGEST + LONGEST_HEAD
"""Bytes of an answer that are kept as they came."""
MOST_INTERIM = 20
"""Answers 1xx that may come before the real one."""
PIECE = 64 * 1024
_INTERIM = re.compile(rb"(?:HTTP/1\.[01] 1\d\d[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n){%d}" % (MOST_INTERIM + 1))


class InterimStormError(Exception):
    """A server gives one interim answer after the other."""


class AttemptsError(OSError):
    """No address of a name took the connection; tells of each. The last failure is its cause."""


@dataclass(slots=True)
class Tally:
    """How far one request has come; filled by the sockets it goes through."""

    timer: Callable[[], float]
    told: Callable[[Phase], None] | None = None
    begun: dict[Phase, float] = field(default_factory=dict)
    ended: dict[Phase, float] = field(default_factory=dict)
    head: int = 0
    """Bytes of the request head that left."""
    body: int = 0
    """Bytes of the body that left."""
    raw: bytearray = field(default_factory=bytearray)
    """What came back, as it came."""
    answered: bool = False
    """Whether the head of the answer is whole."""

    def begin(self, phase: Phase) -> None:
        """A phase goes on from now on; only its first beginning counts."""
        if phase not in self.begun:
            self.begun[phase] = self.timer()
            if self.told is not None:
                self.told(phase)

    def end(self, phase: Phase) -> None:
        """A phase is over; its last end counts."""
        self.ended[phase] = self.timer()

    def spent(self, phase: Phase, now: float) -> float | None:
        """Seconds of a phase, up to now where it has not ended; None where it never began."""
        if phase not in self.begun:
            return None
        return self.ended.get(phase, now) - self.begun[phase]

    @property
    def connected(self) -> bool:
        """Whether this request opened a connection of its own."""
        return Phase.CONNECT in self.begun


TALLY: ContextVar[Tally | None] = ContextVar("tally", default=None)


class Wire(httpcore.AsyncNetworkBackend):
    """Opens the connections of a pool."""

    def __init__(self) -> None:
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address that takes it; each but the last gets half of the time that is left."""
        tally = TALLY.get() or Tally(asyncio.get_running_loop().time)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + (timeout or CONNECT_S)
        tally.begin(Phase.RESOLVE)
        try:
            async with asyncio.timeout_at(deadline):
                addresses = await _addresses(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("the name was not found in time") from error
        finally:
            tally.end(Phase.RESOLVE)
        tally.begin(Phase.CONNECT)
        tried: list[str] = []
        try:
            for number, address in enumerate(addresses):
                left = deadline - loop.time()
                share = left if number == len(addresses) - 1 else left / 2
                try:
                    stream = await self._inner.connect_tcp(
                        address, port, timeout=max(share, 0.001), socket_options=socket_options
                    )
                except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                    tried.append(f"{address}: {_why(error)}")
                    if number < len(addresses) - 1:
                        continue
                    if len(tried) > 1:
                        raise AttemptsError("; ".join(tried)) from error
                    raise
                return _Stream(stream, tunnel=False)
            raise httpcore.ConnectError(f"{host} has no address")
        finally:
            tally.end(Phase.CONNECT)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that counts what passes for the request under way.

    What goes to an HTTP proxy before the connection is secure is nobody's message and is not counted.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream, *, tunnel: bool) -> None:
        self._inner = inner
        self._tunnel = tunnel

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        tally = TALLY.get()
        if tally is None or self._tunnel:
            return await self._inner.read(max_bytes, timeout)
        if not tally.raw:
            tally.begin(Phase.WAIT)
        part = await self._inner.read(max_bytes, timeout)
        if part:
            if not tally.raw:
                tally.end(Phase.WAIT)
                tally.begin(Phase.RECEIVE)
            tally.raw += part[: max(0, MOST_KEPT - len(tally.raw))]
            if not tally.answered and _INTERIM.match(tally.raw):
                raise InterimStormError
        return part

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        tally = TALLY.get()
        if buffer.startswith(b"CONNECT "):
            self._tunnel = True
        if tally is None or self._tunnel:
            await self._inner.write(buffer, timeout)
            return
        first = Phase.SEND not in tally.begun
        tally.begin(Phase.SEND)
        for start in range(0, len(buffer), PIECE):
            piece = buffer[start : start + PIECE]
            await self._inner.write(piece, timeout)
            if first:
                tally.head += len(piece)
            else:
                tally.body += len(piece)
        tally.end(Phase.SEND)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        tally = TALLY.get()
        if tally is not None:
            tally.begin(Phase.TLS)
        try:
            return _Stream(await self._inner.start_tls(ssl_context, server_hostname, timeout), tunnel=False)
        finally:
            if tally is not None:
                tally.end(Phase.TLS)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


async def _addresses(host: str, port: int) -> list[str]:
    """The addresses of a name in the system's order; a lookup that hangs keeps nobody, not even the program's end."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()

    def settle(addresses: list[str], error: OSError | None) -> None:
        if found.done():
            return
        if error is not None:
            found.set_exception(error)
        else:
            found.set_result(addresses)

    def look_up() -> None:
        addresses: list[str] = []
        problem: OSError | None = None
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(row[4][0]) for row in rows))
        except OSError as error:
            problem = error
        with suppress(RuntimeError):  # the loop has ended meanwhile: nobody waits any more
            loop.call_soon_threadsafe(settle, addresses, problem)

    threading.Thread(target=look_up, name="resolver", daemon=True).start()
    return await found


def _why(error: BaseException) -> str:
    """Why an address did not take the connection, in a few words."""
    if isinstance(error, httpcore.ConnectTimeout):
        return "no answer"
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ConnectionRefusedError):
            return "refused"
        if isinstance(inner, OSError) and inner.strerror:
            return inner.strerror.lower()
        inner = inner.__cause__ or inner.__context__
    return "failed"
