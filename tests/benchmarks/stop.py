"""How soon Stop has ended a send in each of its phases: until it is over and kept in the history as stopped.

That of a bulk send is measured by `bulk`.
"""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from workbench.exchange import FailureKind, Phase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BUDGET_MS = 200.0
REPEATS = 5
LARGE = 20 * 1024 * 1024
"""The largest file that is sent; no buffers between two sockets hold it."""


@asynccontextmanager
async def stalling(at: Phase, forever: threading.Event) -> AsyncIterator[str]:
    """An address at which a call gets as far as a phase and no further."""

    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):  # the loop ends before the caller has hung up
            if at is Phase.RECEIVE:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
            if at is not Phase.SEND:
                while not over.is_set() and await reader.read(65536):
                    pass
            await over.wait()
            writer.transport.abort()

    if at is Phase.RESOLVE:
        with mock.patch.object(socket, "getaddrinfo", side_effect=lambda *_, **__: forever.wait() and []):
            yield "http://a-name-that-takes-long.example"
        return
    if at is Phase.CONNECT:
        with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
            callers = [socket.socket() for _ in range(4)]
            for caller in callers:
                caller.setblocking(False)
                with suppress(BlockingIOError):
                    caller.connect(full.getsockname())
            yield f"http://127.0.0.1:{full.getsockname()[1]}"
            for caller in callers:
                caller.close()
        return
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if at is Phase.TLS else 'http'}://127.0.0.1:{port}"
    finally:
        over.set()
        server.close()


async def measure(at: Phase, folder: Path) -> float:
    """Milliseconds from Stop to its end; AssertionError where it was not kept as stopped."""
    from tests.history.builders import a_journal, a_store
    from tests.transport.builders import an_exchange, client, now
    from workbench.history import Queries
    from workbench.transport.journaled import send_journaled

    forever, reached, asking = threading.Event(), asyncio.Event(), client()
    body = b"{}" if at is not Phase.SEND else b" " * LARGE
    try:
        async with stalling(at, forever) as origin:
            with a_store(folder) as store:
                exchange = replace(an_exchange(f"{origin}/x", body), id="stopped")

                def told(phase: Phase) -> None:
                    if phase is at:
                        reached.set()

                sending: asyncio.Future[Any] = asyncio.ensure_future(
                    send_journaled(asking, a_journal(store), exchange, told)
                )
                await asyncio.wait({sending, asyncio.ensure_future(reached.wait())}, return_when="FIRST_COMPLETED")
                await asyncio.sleep(0.2)
                assert reached.is_set(), f"no send came as far as {at.value}"
                assert not sending.done(), f"nothing stalled at {at.value}"
                started = time.perf_counter()
                sending.cancel()
                await asyncio.wait({sending})
                taken = (time.perf_counter() - started) * 1000
                kept = await Queries(store, clock=now).exchange("stopped")
                assert kept.failure is not None, at
                assert kept.failure.kind is FailureKind.STOPPED, at
    finally:
        forever.set()
        await asking.close()
    return taken


def run() -> bool:
    """Print the slowest stop of each phase; whether all hold the budget."""
    worst: dict[str, float] = {}
    for at in Phase:
        for _ in range(REPEATS):
            with tempfile.TemporaryDirectory() as folder:
                worst[at.value] = max(worst.get(at.value, 0.0), asyncio.run(measure(at, Path(folder))))
    figures = ", ".join(f"{phase} {taken:.0f} ms" for phase, taken in worst.items())
    print(f"a send stopped within: {figures} (budget {BUDGET_MS:.0f} ms)")
    return max(worst.values()) <= BUDGET_MS
