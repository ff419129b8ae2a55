"""The sockets under the client: phases in their order, bytes counted, proxies' own words left out; also journaled."""

from __future__ import annotations

import asyncio

import pytest

from tests.transport.builders import IDS, client, faulty
from workbench.exchange import Phase, Request
from workbench.transport.wire import TALLY, Tally, _Stream

BODY = b"{}"


def test_every_phase_is_told_once_and_timed() -> None:
    told: list[Phase] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n{}")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        await reader.read()

    async def play() -> list[tuple[bool, ...]]:
        asking = client()
        async with faulty(script) as origin:
            request = Request("POST", f"{origin.replace('127.0.0.1', 'localhost')}/x", IDS, BODY)
            outcome = await asking.send(request, told.append)
            await asking.close()
        timing = outcome.timing
        assert outcome.response is not None, outcome.failure
        parts = (timing.resolve, timing.connect, timing.tls, timing.send, timing.wait, timing.receive)
        return [tuple(one is not None for one in parts)]

    assert asyncio.run(play()) == [(True, True, False, True, True, True)]
    assert told == [Phase.RESOLVE, Phase.CONNECT, Phase.SEND, Phase.WAIT, Phase.RECEIVE]


class Pipe:
    """A connection of paper."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.written: list[bytes] = []

    async def read(self, _: int, __: float | None = None) -> bytes:
        return self.answers.pop(0)

    async def write(self, buffer: bytes, _: float | None = None) -> None:
        self.written.append(buffer)

    async def start_tls(self, *_: object) -> Pipe:
        return self


def test_head_and_body_are_counted_apart_and_what_a_proxy_hears_not_at_all() -> None:
    async def play() -> Tally:
        tally = Tally(lambda: 0.0)
        TALLY.set(tally)
        pipe = Pipe(b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"\r\nbody", b"")
        stream = _Stream(pipe, tunnel=False)  # type: ignore[arg-type]
        await stream.write(b"CONNECT a.example:443 HTTP/1.1\r\n\r\n")
        await stream.read(100)
        secure = await stream.start_tls(None)  # type: ignore[arg-type]
        await secure.write(b"GET / HTTP/1.1\r\n\r\n")
        await secure.write(b"x" * 200_000)
        for _ in range(3):
            await secure.read(100)
        assert [len(piece) for piece in pipe.written[2:]] == [65536, 65536, 65536, 3392]
        return tally

    tally = asyncio.run(play())
    assert (tally.head, tally.body) == (18, 200_000)
    assert bytes(tally.raw) == b"HTTP/1.1 200 OK\r\n\r\nbody"
    assert list(tally.begun) == [Phase.TLS, Phase.SEND, Phase.WAIT, Phase.RECEIVE]


def test_what_nobody_asked_about_is_not_counted() -> None:
    async def play() -> bytes:
        TALLY.set(None)
        stream = _Stream(Pipe(b"x"), tunnel=False)  # type: ignore[arg-type]
        await stream.write(b"y")
        return await stream.read(1)

    assert asyncio.run(play()) == b"x"


@pytest.mark.parametrize("phase", list(Phase))
def test_a_phase_that_never_began_took_no_time_and_one_under_way_counts_up_to_now(phase: Phase) -> None:
    times = iter((1.0, 3.0))
    tally = Tally(lambda: next(times))
    assert tally.spent(phase, 9.0) is None
    tally.begin(phase)
    assert tally.spent(phase, 9.0) == 8.0
    tally.end(phase)
    assert tally.spent(phase, 9.0) == 2.0
