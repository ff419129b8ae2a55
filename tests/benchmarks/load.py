"""Many callers of one receiver at once: a raw asyncio client that sends 10 kB messages and keeps what was answered.

Run as a program it prints its findings as one JSON line, so that it has a core of its own. No parsing of messages, no
HTTP library: a bare httpx client offers less than half of what a receiver takes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

SIZE = 10_000
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=S-)[0-9A-F]{8}(?=\")")
"""And the case number."""
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")


@dataclass
class Found:
    """What became of a load."""

    statuses: dict[str, int] = field(default_factory=dict)
    broken: int = 0
    """Calls whose connection ended without an answer."""
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    """Request ids of the calls that were answered 200."""

    def percentile(self, part: float) -> float:
        """Seconds within which so much of the calls (0 to 1) was answered."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


@dataclass(frozen=True)
class Template:
    """A call as bytes: its UUIDs taken out, the same one replaced by the same one in each call made of it."""

    head: bytes
    parts: tuple[bytes, ...]
    """Of the body, between the UUIDs."""
    order: tuple[int, ...]
    """Which UUID stands after each part but the last."""

    @classmethod
    def of(cls, head: bytes, body: bytes) -> Template:
        """From the head, with `@REQUEST@`, `@CORRELATION@` and `@LENGTH@` in it, and one message."""
        found: dict[bytes, int] = {}
        order = tuple(found.setdefault(id, len(found)) for id in _UUID.findall(body))
        return cls(head, tuple(_UUID.split(body)), order)

    def fill(self) -> tuple[str, bytes]:
        """One call with ids of its own: its request id and its bytes."""
        id = str(uuid4())
        count = max(self.order, default=-1) + 1
        digits = os.urandom(16 * count).hex()  # `uuid4` for each would take this process a third of its time
        rows = (digits[start : start + 32] for start in range(0, len(digits), 32))
        fresh = [f"{one[:8]}-{one[8:12]}-4{one[13:16]}-a{one[17:20]}-{one[20:]}".encode() for one in rows]
        ids = (*(fresh[place] for place in self.order), b"")
        body = b"".join(part + uuid for part, uuid in zip(self.parts, ids, strict=True))
        head = self.head.replace(b"@REQUEST@", id.encode()).replace(b"@CORRELATION@", str(uuid4()).encode())
        return id, head.replace(b"@LENGTH@", b"%d" % len(body)) + body


def template(base_url: str, service: str = "2000099111") -> Template:
    """A good referral of 10 kB to a service of the DoS; by default the one that the demo workspace acts as."""
    from tests.builders import RECEIVER, SENDER, a_setting
    from workbench.compose import compose
    from workbench.headers import HeaderChoices, Organisation, Software, TargetIdentifier, compose_headers
    from workbench.standard import default_profile
    from workbench.standard.operations import operations
    from workbench.standard.urls import DOS_SERVICE_ID

    made = compose("referral-cas", a_setting(), now=datetime(2026, 11, 24, 9, tzinfo=UTC), ids=lambda: str(uuid4()))
    text = json.dumps(
        json.loads(made.source.replace(RECEIVER.service_id.encode(), service.encode())), separators=(",", ":")
    )
    text += " " * max(0, SIZE - len(text))
    headers = compose_headers(
        operations()["process-message"],
        target=TargetIdentifier(DOS_SERVICE_ID, service),
        organisation=Organisation(SENDER.name, SENDER.ods_code),
        practitioner=None,
        software=Software("Load", "1", "https://load.example", "load"),
        request_id="@REQUEST@",
        correlation_id="@CORRELATION@",
        use_context="",
        versions=default_profile(),
        content_type="application/fhir+json",
        choices=HeaderChoices(),
    )
    parts = urlsplit(base_url)
    rows = (("Host", parts.netloc), *headers, ("Content-Length", "@LENGTH@"))
    lines = [f"POST {parts.path}/$process-message HTTP/1.1", *(f"{name}: {value}" for name, value in rows)]
    return Template.of("\r\n".join(lines).encode() + b"\r\n\r\n", text.encode())


async def load(
    port: int, made: Template, *, connections: int, count: int, rate: float = 0.0, host: str = "127.0.0.1"
) -> Found:
    """Open all connections, then send `count` messages over them, so many a second in all (0 = as fast as it goes)."""
    found = Found()
    opened = [await asyncio.open_connection(host, port) for _ in range(connections)]
    started = time.monotonic()
    waiting = iter(range(count))

    async def lane(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for number in waiting:
                due = started + number / rate if rate else 0.0
                if (early := due - time.monotonic()) > 0:
                    await asyncio.sleep(early)
                id, call = made.fill()
                began = max(due, 0.0) or time.monotonic()
                writer.write(call)
                status = await answer_status(reader)
                found.latencies.append(time.monotonic() - began)
                found.statuses[str(status)] = found.statuses.get(str(status), 0) + 1
                if status == 200:
                    found.acknowledged.append(id)
        except (ConnectionError, asyncio.IncompleteReadError):
            found.broken += 1
        finally:
            writer.close()

    await asyncio.gather(*(lane(*one) for one in opened))
    found.seconds = time.monotonic() - started
    return found


async def answer_status(reader: asyncio.StreamReader) -> int:
    """Read one whole answer and give its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    await reader.readexactly(int(length[1]) if length else 0)
    return int(head[9:12])


def more_files(wanted: int = 4096) -> None:
    """Allow this process and those it starts so many open files, as far as the system lets it."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (min(wanted, hard) if hard != resource.RLIM_INFINITY else wanted, hard)
        )


def main(argv: list[str]) -> int:
    """`BASE_URL --connections N --count N [--rate R]`."""
    parser = argparse.ArgumentParser(prog="load")
    parser.add_argument("base_url")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--rate", type=float, default=0.0)
    given = parser.parse_args(argv)
    more_files()
    port = int(given.base_url.split("/")[2].rpartition(":")[2])
    made = template(given.base_url)
    found = asyncio.run(load(port, made, connections=given.connections, count=given.count, rate=given.rate))
    print(json.dumps({**asdict(found), "latencies": [round(one, 4) for one in found.latencies]}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
