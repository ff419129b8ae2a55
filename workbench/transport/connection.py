"""One connection of the server: whole requests out of bytes, each under its deadlines; answers back into bytes.

h11 reads what has passed our own look at the head. Knows no journal and no handler.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

import h11

from workbench.exchange import Peer, Request
from workbench.transport.chunks import ChunkLines
from workbench.transport.delivering import deliver
from workbench.transport.head import TLS_HELLO, Problem, head_problem
from workbench.transport.tls import tls_facts

if TYPE_CHECKING:
    from collections.abc import Collection

    from workbench.exchange import Response
    from workbench.transport.limits import Limits

CHUNK = 64 * 1024
LINGER_S, LINGER_BYTES = 1.0, 1024 * 1024
"""How long, and for how many bytes, a caller whose request was refused may go on sending."""
_END = b"\r\n\r\n"


class Ended(Exception):  # noqa: N818 - no error: the connection is over
    """The caller has gone, or never said anything; `why` is worth a line in the log, or empty."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


class Refused(Exception):  # noqa: N818 - an outcome that the server words
    """What came is no request that can be taken; `request` is as much of it as could be read."""

    def __init__(self, problem: Problem, request: Request | None = None) -> None:
        super().__init__(problem.text)
        self.problem = problem
        self.request = request


class Connection:
    """Reads and writes one connection; used by one task."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        limits: Limits,
        hosts: Collection[str] | None,
        origin: str,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._limits = limits
        self._hosts = hosts
        self._origin = origin
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=2 * limits.head)
        self._waiting = b""
        """Bytes that came and are not parsed yet."""
        self._chunks: ChunkLines | None = None
        """Watches the size lines where the body is chunked."""
        self._between = True
        """Whether it is between two requests."""
        self._first = True
        self._who: Peer | None = None

    @property
    def must_close(self) -> bool:
        """Whether HTTP or the caller wants the connection to end after this answer."""
        return self._parser.their_state is h11.MUST_CLOSE or self._parser.their_state is h11.ERROR

    def close_when_idle(self) -> None:
        """End it at once if nothing has begun."""
        if self._between:
            self._writer.close()

    async def read(self) -> Request:
        """The next whole request. Ended when there is none, Refused when it cannot be taken."""
        head = await self._head()
        self._between = False
        if (problem := head_problem(head, self._limits, self._hosts)) is not None:
            raise Refused(problem, _tolerant(head, self._origin))
        try:
            self._parser.receive_data(head)
            event = self._parser.next_event()
        except h11.RemoteProtocolError as error:
            raise Refused(Problem(400, "invalid", "the head cannot be read"), _tolerant(head, self._origin)) from error
        if not isinstance(event, h11.Request):
            raise Refused(Problem(400, "invalid", "the head cannot be read"), _tolerant(head, self._origin))
        if self._who is None:
            self._who = self._peer()
        begun = _request(event, self._origin, self._who)
        self._chunks = ChunkLines(self._limits.body) if begun.header("Transfer-Encoding") is not None else None
        early, self._waiting = self._waiting, b""
        if early:  # nothing at all would tell the parser that the caller has gone
            self._take(early, begun)
        body = await self._body(begun)
        return Request(begun.method, begun.url, begun.headers, body, begun.http_version, begun.peer)

    def next_request(self) -> bool:
        """Make ready for another request; False when the connection cannot be used again."""
        if self.must_close:
            return False
        self._waiting = self._parser.trailing_data[0] or b""
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=2 * self._limits.head)
        self._between = True
        return True

    async def write(self, response: Response) -> None:
        """Write a whole response with its headers as they are given, in their case and order.

        TimeoutError when the caller does not take it in time, Dropped where it was to break off.
        """
        reason = response.reason.encode("ascii", "replace")
        head = h11.Response(
            status_code=response.status,
            headers=[
                (name.encode("ascii", "replace"), value.encode("latin-1", "replace"))
                for name, value in response.headers
            ],
            reason=reason,
        )
        first = b"HTTP/1.1 %d %s\r\n" % (response.status, reason)
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in head.headers.raw_items())
        await deliver(self._writer, first + lines + b"\r\n", response.body, response.delivery, self._limits.write_s)

    async def linger(self) -> None:
        """Take what the caller still sends, for a moment and unread: else the system answers it with a reset, and the
        refusal that was just written is lost (RFC 9112, 9.6)."""
        left = LINGER_BYTES
        try:
            if self._writer.can_write_eof():
                self._writer.write_eof()
            async with asyncio.timeout(LINGER_S):
                while left > 0 and (part := await self._reader.read(CHUNK)):
                    left -= len(part)
        except (OSError, TimeoutError, ssl.SSLError):
            return

    async def close(self) -> None:
        """Close the socket; a caller that has gone is no mistake."""
        self._writer.close()
        try:
            async with asyncio.timeout(1.0):
                await self._writer.wait_closed()
        except (ConnectionError, TimeoutError, OSError):
            self._writer.transport.abort()  # nobody reads what is still to be written

    async def _head(self) -> bytes:
        """All bytes up to the empty line; the deadline runs from the first byte on, before that the idle one."""
        limits = self._limits
        received = self._waiting
        self._waiting = b""
        deadline = limits.head_s if self._first or received else limits.idle_s
        self._first = False
        try:
            async with asyncio.timeout(deadline) as time:
                while True:
                    end = received.find(_END)
                    if end >= 0:
                        self._waiting = received[end + len(_END) :]
                        received = received[: end + len(_END)]
                        break
                    if (problem := _early_problem(received, limits)) is not None:
                        raise Refused(problem, _tolerant(received, self._origin))
                    part = await self._reader.read(CHUNK)
                    if not part:
                        raise Ended("the caller left in the middle of a head" if received else "")
                    if not received:
                        time.reschedule(asyncio.get_running_loop().time() + limits.head_s)
                        if part[0] == TLS_HELLO:
                            raise Ended("an https client called a plain http port")
                    received += part
        except TimeoutError:
            if not received:
                raise Ended() from None
            text = f"the head did not come within {limits.head_s:g} s"
            raise Refused(Problem(408, "timeout", text), _tolerant(received, self._origin)) from None
        if len(received) > limits.head + limits.request_line:
            raise Refused(Problem(431, "too-long", f"the head is larger than {limits.head} bytes"))
        return received

    async def _body(self, request: Request) -> bytes:
        """The whole body under its limits of size, time and rate."""
        limits = self._limits
        loop = asyncio.get_running_loop()
        started = loop.time()
        body = bytearray()  # one block that grows goes back to the system when a body that is too large is dropped
        while True:
            try:
                event = self._parser.next_event()
            except h11.RemoteProtocolError as error:
                raise Refused(Problem(400, "invalid", "the body cannot be read"), request) from error
            if isinstance(event, h11.Data):
                if len(body) + len(event.data) > limits.body:
                    body.clear()  # the refusal, and with it this frame, lives on until the caller has gone
                    raise Refused(Problem(413, "too-long", f"the body is larger than {limits.body} bytes"), request)
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                return bytes(body)
            elif isinstance(event, h11.ConnectionClosed):
                raise Ended("the caller left in the middle of a body")
            else:
                await self._more(started, len(body), request)

    async def _more(self, started: float, size: int, request: Request) -> None:
        limits = self._limits
        spent = asyncio.get_running_loop().time() - started
        slow = spent > limits.slow_after_s and size < limits.least_rate * (spent - limits.slow_after_s)
        if slow or spent > limits.body_s:
            raise Refused(Problem(408, "timeout", "the body comes too slowly"), request)
        if self._parser.they_are_waiting_for_100_continue:
            self._writer.write(self._parser.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
        wait = min(limits.body_s - spent, max(limits.slow_after_s - spent, 1.0))
        try:
            async with asyncio.timeout(wait):
                part = await self._reader.read(CHUNK)
        except TimeoutError:
            if limits.slow_after_s <= asyncio.get_running_loop().time() - started:
                raise Refused(Problem(408, "timeout", "the body comes too slowly"), request) from None
            return
        self._take(part, request)

    def _take(self, part: bytes, request: Request) -> None:
        """Hand bytes after the head to the parser; Refused for a bad size line of a chunk."""
        if self._chunks is not None and (problem := self._chunks.problem(part)) is not None:
            raise Refused(problem, request)
        try:
            self._parser.receive_data(part)
        except h11.RemoteProtocolError as error:
            raise Ended("the caller left in the middle of a body") from error

    def _peer(self) -> Peer | None:
        name = self._writer.get_extra_info("peername")
        if not name:
            return None
        secure: ssl.SSLObject | None = self._writer.get_extra_info("ssl_object")
        if secure is None:
            return Peer(str(name[0]), int(name[1]))
        facts = tls_facts(secure, verified=True)  # a certificate that its authority has not signed never gets here
        return Peer(str(name[0]), int(name[1]), facts.subject or None, facts)


def _early_problem(received: bytes, limits: Limits) -> Problem | None:
    """What is wrong already before the empty line has come."""
    if len(received) > limits.request_line and b"\r\n" not in received[: limits.request_line + 2]:
        return Problem(414, "too-long", f"the request line is longer than {limits.request_line} bytes")
    if len(received) > limits.head + limits.request_line:
        return Problem(431, "too-long", f"the head is larger than {limits.head} bytes")
    if b"\n\n" in received or b"\r\r" in received:
        return Problem(400, "invalid", "a line of the head does not end in CR LF")
    return None


def _request(event: h11.Request, origin: str, peer: Peer | None) -> Request:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers.raw_items())
    target = event.target.decode("ascii")
    return Request(
        event.method.decode("ascii"), f"{origin}{target}", headers, b"", event.http_version.decode("ascii"), peer
    )


def _tolerant(head: bytes, origin: str) -> Request | None:
    """As much of a broken head as can be read, so that its ids can be returned with the refusal."""
    lines = head.split(b"\n")
    words = lines[0].split()
    if len(words) < 2:
        return None
    rows = (line.partition(b":") for line in lines[1:])
    decoded = (
        (name.strip().decode("latin-1"), value.strip().decode("latin-1")) for name, colon, value in rows if colon
    )
    headers = tuple((name, value) for name, value in decoded if not any(c in "\r\n\0" for c in name + value))
    return Request(words[0].decode("latin-1"), f"{origin}{words[1].decode('latin-1')}", headers)
