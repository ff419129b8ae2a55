"""The least that a receiver in one Python process can do: read a call with h11, parse its JSON, store it, send it back.

No rules, no ids, no state, no timeline; the commits are as durable as ours (WAL, synchronous FULL) and shared by what
waits. The baseline of the receiver's rates. Prints its address as `receive` does; ends when it is terminated.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys

import h11

CHUNK = 64 * 1024


class Stored:
    """Bodies in a table; whoever waits meanwhile shares the next commit."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE message (body BLOB)")
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()

    async def keep(self, body: bytes) -> None:
        """Returns once the body is on disk."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((body, done))
        self._wake.set()
        await done

    async def write(self) -> None:
        """Commits what waits, again and again, beside the loop."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            batch, self._waiting = self._waiting, []
            await asyncio.to_thread(self._commit, [body for body, _ in batch])
            for _, done in batch:
                done.set_result(None)

    def _commit(self, bodies: list[bytes]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO message (body) VALUES (?)", [(body,) for body in bodies])
        self._connection.execute("COMMIT")


async def serve(path: str) -> None:
    """Listen on any free port of this machine."""
    stored = Stored(path)

    async def on_call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        parser, body = h11.Connection(h11.SERVER), bytearray()
        while True:
            event = parser.next_event()
            if event is h11.NEED_DATA:
                parser.receive_data(await reader.read(CHUNK))
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                json.loads(body)
                await stored.keep(bytes(body))
                head = h11.Response(status_code=200, headers=[("Content-Length", str(len(body)))])
                parts = (parser.send(head), parser.send(h11.Data(data=bytes(body))), parser.send(h11.EndOfMessage()))
                writer.write(b"".join(part for part in parts if part))
                body.clear()
                parser.start_next_cycle()
            elif isinstance(event, h11.ConnectionClosed):
                writer.close()
                return

    server = await asyncio.start_server(on_call, "127.0.0.1", 0, backlog=1000)
    print(json.dumps({"base_url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"}), flush=True)
    await stored.write()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
