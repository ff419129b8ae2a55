"""One message sent into a fault: the server does as it is told, and what the history keeps of it is handed back."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.history.builders import a_journal, a_store
from tests.transport.builders import IDS, an_exchange, client, faulty, now
from workbench.history import Queries
from workbench.transport.journaled import send_journaled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from workbench.exchange import Exchange, Phase

    Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

BODY = b'{"resourceType": "Bundle", "id": "a message that must not be lost"}'
ECHO = b"".join(f"{name}: {value}\r\n".encode() for name, value in IDS)
OK = b"HTTP/1.1 200 OK\r\n" + ECHO


@dataclass(frozen=True, slots=True)
class Told:
    """What a person reads of a fault, host and port as HOST, and the exchange as the history keeps it."""

    kept: Exchange
    kind: str
    sentence: str
    next_step: str


async def take(reader: asyncio.StreamReader) -> bytes:
    """A whole request of this laboratory."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


def answers(*parts: bytes) -> Script:
    """Takes the message, says these bytes and closes."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await take(reader)
        for part in parts:
            writer.write(part)
            await writer.drain()

    return script


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with a reset."""
    plain = writer.get_extra_info("socket")
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def send(
    folder: Path, url: str, body: bytes = BODY, told: Callable[[Phase], None] | None = None, **changes: object
) -> Told:
    """Send a message to an address and look at what the history keeps."""
    asking = client(**changes)
    with a_store(folder) as store:
        exchange = replace(an_exchange(f"{url}/x", body), id="fault")
        try:
            await send_journaled(asking, a_journal(store), exchange, told)
        finally:
            await asking.close()
        kept = await Queries(store, clock=now).exchange("fault")
    assert kept.request.body == body
    assert (kept.request.header("X-Request-Id"), kept.request.header("X-Correlation-Id")) == (IDS[0][1], IDS[1][1])
    host = url.partition("//")[2]
    if kept.failure is None:
        return Told(kept, "", "", "")
    words = kept.failure.sentence.replace(host, "HOST")
    return Told(kept, kept.failure.kind.value, words, kept.failure.next_step)


def suffer(folder: Path, script: Script, body: bytes = BODY, **changes: object) -> Told:
    """Send a message to a server that does as the script says."""

    async def play() -> Told:
        async with faulty(script) as origin:
            return await send(folder, origin, body, **changes)

    return asyncio.run(play())
