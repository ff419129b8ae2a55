"""One HTTP server for the receiver and the sandbox: asyncio and h11, every stage bounded in size and time.

A request is journaled before the handler runs, the answer before its first byte leaves. Knows no standard: what never
became a request is answered through `refuse`.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import ssl
from contextlib import suppress
from dataclasses import replace
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, NetworkError, StoreError
from workbench.exchange import Address, Drop, Failure, FailureKind, Response, header
from workbench.transport.connection import Connection, Ended, Refused
from workbench.transport.delivering import Dropped
from workbench.transport.head import ALLOWED
from workbench.transport.interfaces import names_of, reachable_at
from workbench.transport.limits import Limits
from workbench.transport.ports import free_after, holder_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from workbench.exchange import Clock, Handler, Journal, Refuse, Request
    from workbench.transport.server_tls import ServerTls

_log = logging.getLogger(__name__)
_NO_CONTENT = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
"""Statuses whose answers end with their head (RFC 9112, 6.3): a body would be read as the next answer."""
_NOT_SENT_WITH = frozenset({"content-length", "transfer-encoding", "connection", "date"})

_TURNS = 6
"""Turns of the loop from accepting a connection to serving it."""


class Server:
    """Serves one handler. Used on one loop."""

    def __init__(
        self,
        handler: Handler,
        journal: Journal,
        *,
        refuse: Refuse,
        clock: Clock,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        tls: ServerTls | None = None,
        hosts: Collection[str] | None = None,
    ) -> None:
        """`hosts`: further names under which it may be called; the bound address and loopback always may."""
        self._handler = handler
        self._journal = journal
        self._refuse = refuse
        self._clock = clock
        self._limits = limits
        self._tls = tls
        self._hosts = set(hosts or ())
        self._server: asyncio.Server | None = None
        self._address: Address | None = None
        self._open: dict[asyncio.Task[None], Connection] = {}
        self._stopping = False

    async def start(self, host: str, port: int) -> Address:
        """Listen; bound when it returns, port 0 takes any free one. The address is one that callers can use.

        NetworkError when the port is in use, may not be used, or the address is not of this machine; InputError when
        the certificate is not valid now.
        """
        context = self._tls.context(self._clock()) if self._tls is not None else None
        try:
            bound = _bind(host, port)
        except OSError as error:
            raise _listen_error(error, host, port) from error
        self._server = await asyncio.start_server(
            self._connected, sock=bound, ssl=context, backlog=self._limits.connections, limit=2 * self._limits.head
        )
        self._address = Address(reachable_at(host), bound.getsockname()[1], context is not None)
        self._hosts |= names_of(host)
        return self._address

    async def stop(self, drain_s: float = 5.0) -> None:
        """Take no more calls, let what has begun finish for so many seconds, then close; twice is no mistake."""
        server, self._server = self._server, None
        if server is None:
            return
        self._stopping = True
        server.close()
        for _ in range(_TURNS):  # what was accepted a moment ago shows up here only after some turns of the loop
            await asyncio.sleep(0)
        for connection in self._open.values():
            connection.close_when_idle()
        if self._open:
            _, left = await asyncio.wait(tuple(self._open), timeout=drain_s)
            for task in left:
                task.cancel()
            if left:
                await asyncio.wait(left)
        await server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or self._address is None:
            writer.close()
            return
        bound = writer.get_extra_info("sockname")  # the address of this machine that was called
        hosts = {*self._hosts, str(bound[0]).lower()} if bound else self._hosts
        connection = Connection(reader, writer, self._limits, hosts, self._address.origin)
        crowded = len(self._open) >= self._limits.connections
        self._open[task] = connection
        try:
            if crowded:
                response = self._refuse(503, "transient", "too many connections at once", None)
                await connection.write(
                    self._whole(replace(response, headers=(*response.headers, ("Retry-After", "1"))), True)
                )
                await connection.linger()
            else:
                await self._serve(connection)
        except (ConnectionError, TimeoutError, ssl.SSLError) as error:
            _log.info("a connection ended: %s", type(error).__name__)
        finally:
            del self._open[task]
            await connection.close()

    async def _serve(self, connection: Connection) -> None:
        """Request after request until the caller or a rule ends the connection."""
        while not self._stopping:
            try:
                request = await connection.read()
            except Ended as ended:
                if ended.why:
                    _log.info("a connection ended: %s", ended.why)
                return
            except Refused as refused:
                problem = refused.problem
                _log.info("a request was refused with %s: %s", problem.status, problem.text)
                response = self._refuse(problem.status, problem.issue, f"{problem.text}.", refused.request)
                if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
                    response = replace(response, headers=(*response.headers, ("Allow", ALLOWED)))
                await connection.write(self._whole(response, True))
                await connection.linger()
                return
            if not await self._answer(connection, request):
                return

    async def _answer(self, connection: Connection, request: Request) -> bool:
        """Journal, handle, journal, write; whether the connection may go on."""
        try:
            id = await self._journal.received(request)
        except StoreError as error:
            _log.error("a message could not be stored: %s", error.code)
            response = self._refuse(500, "no-store", "the message could not be stored", request)
            await connection.write(self._whole(response, True))
            return False
        closing = connection.must_close or self._stopping
        answer = await self._handled(request)
        if answer.delivery is not None and answer.delivery.drop is Drop.UNREAD:
            return await self._undelivered(id, request, Dropped())
        response = self._whole(answer, closing, request.method == "HEAD")
        try:
            await self._journal.answering(id, response)
        except StoreError as error:
            _log.error("an answer could not be stored: %s", error.code)
            response = self._whole(self._refuse(500, "no-store", "the answer could not be stored", request), True)
            closing = True
        try:
            await connection.write(response)
        except (ConnectionError, TimeoutError, ssl.SSLError, Dropped) as error:
            return await self._undelivered(id, request, error)
        await self._journal.delivered(id, None)
        dropped = response.delivery is not None and response.delivery.drop is Drop.AFTER
        return not closing and not dropped and connection.next_request()

    async def _undelivered(self, id: str, request: Request, error: Exception) -> bool:
        """Note that an answer did not reach the caller; the connection does not go on."""
        cause = _why_undelivered(error)
        peer = request.peer.host if request.peer is not None else "the caller"
        failure = Failure.of(FailureKind.NOT_DELIVERED, ErrorCode.NET_NOT_DELIVERED, what=peer, cause=cause)
        await self._journal.delivered(id, failure)
        return False

    async def _handled(self, request: Request) -> Response:
        try:
            return await self._handler(request)
        except Exception:
            _log.exception("the handler of %s failed", request.method)
            return self._refuse(500, "exception", "an unexpected error; the log of the receiver has more", request)

    def _whole(self, response: Response, closing: bool, no_body: bool = False) -> Response:
        """The response with the headers that HTTP asks for and those that keep it from being stored or sniffed."""
        given = tuple(row for row in response.headers if row[0].lower() not in _NOT_SENT_WITH)
        added = [("Date", _http_date(int(self._clock().timestamp())))]
        if response.status in _NO_CONTENT:
            no_body = True
        else:
            added.append(("Content-Length", str(len(response.body))))
        for name, value in (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")):
            if header(given, name) is None:
                added.append((name, value))
        if closing:
            added.append(("Connection", "close"))
        return replace(response, headers=(*given, *added), body=b"" if no_body else response.body)


@lru_cache(maxsize=4)
def _http_date(second: int) -> str:
    """A time (seconds since 1970, UTC) as the header Date has it (RFC 9110, 5.6.7)."""
    return formatdate(second, usegmt=True)


def _why_undelivered(error: Exception) -> str:
    if isinstance(error, Dropped):
        return "the connection was dropped on purpose"
    return "it takes too long to read" if isinstance(error, TimeoutError) else "it closed the connection"


def _bind(host: str, port: int) -> socket.socket:
    """A listening socket of TCP proper: with protocol 0 asyncio would leave Nagle's delay on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_REUSEADDR") and not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.setblocking(False)
    except BaseException:
        with suppress(OSError):
            bound.close()
        raise
    return bound


def _listen_error(error: OSError, host: str, port: int) -> NetworkError:
    if error.errno == errno.EADDRINUSE:
        free = free_after(host, port)
        return NetworkError(
            ErrorCode.NET_PORT_IN_USE,
            what=f"Port {port}",
            who=holder_of(port) or "another program",
            free=f", {free} is free" if free else "",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return NetworkError(ErrorCode.NET_PERMISSION, what=f"port {port}")
    return NetworkError(ErrorCode.NET_ADDRESS_GONE, what=host)
