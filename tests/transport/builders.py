"""Servers and journals for tests of the network: everything on loopback, port 0."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, StoreError
from workbench.exchange import Direction, Exchange, Request, Response, Timing
from workbench.receiver import Outcomes
from workbench.standard import default_profile
from workbench.transport.client import Client
from workbench.transport.limits import Limits
from workbench.transport.server import Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from workbench.exchange import Failure

IDS = (
    ("X-Request-Id", "0badcafe-0000-4000-8000-000000000001"),
    ("X-Correlation-Id", "0badcafe-0000-4000-8000-000000000002"),
)


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the clock of these tests


class MemoryJournal:
    """Keeps what it is told, in order; fails where it is told to."""

    def __init__(self) -> None:
        self.events: list[tuple[str, object]] = []
        self.full_at = ""

    def _note(self, name: str, value: object) -> None:
        if self.full_at == name:
            raise StoreError(ErrorCode.STORE_FULL, what="the message")
        self.events.append((name, value))

    async def sending(self, exchange: Exchange) -> None:
        self._note("sending", exchange)

    async def answered(self, exchange: Exchange) -> None:
        self._note("answered", exchange)

    async def received(self, request: Request) -> str:
        self._note("received", request)
        return str(len(self.events))

    async def answering(self, id: str, response: Response) -> None:
        self._note("answering", response)

    async def delivered(self, id: str, failure: Failure | None) -> None:
        self._note("delivered", failure)

    def names(self) -> list[str]:
        return [name for name, _ in self.events]


async def echo(request: Request) -> Response:
    """Gives the body back with both ids."""
    ids = tuple(row for row in request.headers if row[0].lower() in ("x-request-id", "x-correlation-id"))
    return Response(200, "OK", (("Content-Type", "application/fhir+json"), *ids), request.body)


@asynccontextmanager
async def served(
    handler: Callable[[Request], Awaitable[Response]] = echo,
    journal: MemoryJournal | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> AsyncIterator[tuple[Server, int, MemoryJournal]]:
    kept = journal or MemoryJournal()
    refuse = Outcomes("ZZT01", lambda: "0badcafe-0000-4000-8000-00000000000f").refuse
    server = Server(handler, kept, refuse=refuse, clock=now, limits=limits)
    address = await server.start("127.0.0.1", 0)
    try:
        yield server, address.port, kept
    finally:
        await server.stop(0.2)


async def raw(port: int, source: bytes, *, parts: Sequence[bytes] = (), end: bool = False) -> bytes:
    """Send bytes as they are (or these parts of them, each by itself) and read until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts or (source,):
            writer.write(part)
            await writer.drain()
            if parts:
                await asyncio.sleep(0)  # the server's turn: it sees this part alone
        if end:
            writer.write_eof()
        async with asyncio.timeout(10):
            return await reader.read()
    finally:
        writer.close()


@asynccontextmanager
async def faulty(script: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[str]:
    """A server that does as it is told with each connection; gives its origin."""

    playing: set[asyncio.Task[None]] = set()

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(reader, writer)
        finally:
            writer.close()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        playing.add(asyncio.ensure_future(play(reader, writer)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)


def client(**changes: object) -> Client:
    return Client(timer=time.monotonic, clock=now, **changes)  # type: ignore[arg-type]


def an_exchange(url: str, body: bytes = b"{}") -> Exchange:
    headers = (("Content-Type", "application/fhir+json"), *IDS)
    return Exchange(
        "x-1",
        0,
        Direction.OUT,
        "embedded",
        "process-message",
        default_profile(),
        Request("POST", url, headers, body),
        Timing(now()),
    )
