"""The server: journal before handler, answer stored before its first byte, limits; also connection, head, limits."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transport.builders import IDS, MemoryJournal, echo, raw, served
from workbench.errors import ErrorCode, NetworkError
from workbench.exchange import Request, Response
from workbench.transport.limits import Limits

HOST = b"Host: 127.0.0.1\r\n"
ID_LINES = "".join(f"{name}: {value}\r\n" for name, value in IDS).encode()


def post(body: bytes = b"{}", more: bytes = b"", line: bytes = b"POST /x HTTP/1.1\r\n") -> bytes:
    return line + HOST + ID_LINES + more + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def headers(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {line.partition(": ")[0]: line.partition(": ")[2] for line in lines}


def test_everything_is_journaled_in_its_order_and_kept_as_on_the_wire() -> None:
    async def play() -> tuple[bytes, MemoryJournal]:
        async with served() as (_, port, journal):
            return await raw(port, post(b'{"a": 1.10}', b"x-MiXed: Case\r\nX-Twice: 1\r\nX-Twice: 2\r\n")), journal

    answer, journal = asyncio.run(play())
    assert (status(answer), answer.endswith(b'{"a": 1.10}')) == (200, True)
    assert journal.names() == ["received", "answering", "delivered"]
    request = journal.events[0][1]
    assert isinstance(request, Request)
    assert (request.method, request.body, request.url.endswith("/x")) == ("POST", b'{"a": 1.10}', True)
    assert ("x-MiXed", "Case") in request.headers
    assert [value for name, value in request.headers if name == "X-Twice"] == ["1", "2"]
    assert request.peer is not None
    answered = journal.events[1][1]
    assert isinstance(answered, Response)
    assert answered.headers == tuple(headers(answer).items())


def test_the_default_answer_carries_the_minimum_and_no_more() -> None:
    async def play() -> bytes:
        async with served() as (_, port, _journal):
            return await raw(port, post())

    names = set(headers(asyncio.run(play())))
    assert names == {
        "Content-Type",
        "X-Request-Id",
        "X-Correlation-Id",
        "Date",
        "Content-Length",
        "Cache-Control",
        "X-Content-Type-Options",
        "Connection",
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"POST /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 400),
        (b"POST /x HTTP/1.1\r\n" + HOST + HOST + b"Content-Length: 0\r\n\r\n", 400),
        (b"POST /x HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n", 421),
        (post(more=b"Transfer-Encoding: chunked\r\n"), 400),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n", 501),
        (post(more=b"Content-Length: 2\r\n"), 400),
        (b"POST /x HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n", 400),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"X-A: 1\r\n folded\r\n\r\n", 400),
        (b"POST /x HTTP/1.1\nHost: 127.0.0.1\n\n", 400),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"X-A: a\x00b\r\n\r\n", 400),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: 999999999999999999999\r\n\r\n", 413),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: 2000\r\n\r\n", 413),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n", 400),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n2;a=" + b"b" * 300 + b"\r\n{}", 400),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 16 + b"\r\n", 413),
        (
            b"POST /x HTTP/1.1\r\n"
            + HOST
            + b"Transfer-Encoding: chunked\r\n\r\n7d0\r\n"
            + b"x" * 2000
            + b"\r\n0\r\n\r\n",
            413,
        ),
        (post(line=b"CONNECT a:1 HTTP/1.1\r\n"), 405),
        (post(line=b"get /x HTTP/1.1\r\n"), 501),
        (post(line=b"POST http://a/x HTTP/1.1\r\n"), 400),
        (b"GET /x\r\n\r\n", 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (post(line=b"POST /x HTTP/3.0\r\n"), 505),
        (post(more=b"Content-Encoding: gzip\r\n"), 415),
        (post(more=b"Origin: https://evil.example\r\n"), 403),
        (post(more=b"Sec-Fetch-Site: cross-site\r\n"), 403),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (post(more=b"X-A: " + b"x" * 45_000 + b"\r\n"), 431),
        (post(more=b"X-A: " + b"x" * 33_000 + b"\r\n"), 431),
        (post(more=b"".join(b"X-%d: 1\r\n" % n for n in range(120))), 431),
        (post(), 200),
        (b"POST /x HTTP/1.0\r\n" + HOST + ID_LINES + b"Content-Length: 2\r\n\r\n{}", 200),
        (
            b"POST /x HTTP/1.1\r\n"
            + HOST
            + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n",
            200,
        ),
        (post(line=b"POST /x HTTP/1.0\r\n"), 200),
    ],
)
def test_requests_that_cannot_be_taken(source: bytes, expected: int) -> None:
    async def play() -> tuple[bytes, list[str]]:
        async with served(limits=Limits(body=1000)) as (_, port, journal):
            return await raw(port, source), journal.names()

    answer, names = asyncio.run(play())
    assert status(answer) == expected
    if expected == 200:
        return
    assert names == []
    outcome = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert outcome["resourceType"] == "OperationOutcome"
    assert headers(answer)["Connection"] == "close"
    assert ("Allow" in headers(answer)) == (expected == 405)
    assert "Access-Control" not in answer.decode("latin-1")
    if ID_LINES in source and expected not in (431,):
        assert headers(answer)["X-Request-Id"] == IDS[0][1]


def test_an_https_client_on_the_http_port_is_closed_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> bytes:
        async with served() as (_, port, _journal):
            return await raw(port, b"\x16\x03\x01\x02\x00\x01\x00")

    with caplog.at_level("INFO"):
        assert asyncio.run(play()) == b""
    assert "a connection ended: an https client called a plain http port" in caplog.messages


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"POST /x HT", 408),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: 10\r\n\r\nabc", 408),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 10\r\n\r\n", 408),
        (b"", 0),
    ],
)
def test_slow_callers_are_sent_away(source: bytes, expected: int) -> None:
    limits = Limits(head_s=0.1, body_s=0.2, slow_after_s=0.05, idle_s=0.1)

    async def play() -> tuple[bytes, list[str]]:
        async with served(limits=limits) as (_, port, journal):
            return await raw(port, source), journal.names()

    answer, names = asyncio.run(play())
    last = answer.rpartition(b"HTTP/1.1 ")[2]
    assert int(last[:3] or 0) == expected
    assert names == []


def test_a_body_that_breaks_off_is_never_handled() -> None:
    async def play() -> list[str]:
        async with served() as (_, port, journal):
            await raw(port, b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: 10\r\n\r\nabc", end=True)
            return journal.names()

    assert asyncio.run(play()) == []


@pytest.mark.expects_warnings
def test_a_handler_that_fails_is_answered_500_without_its_trace() -> None:
    async def fails(_: Request) -> Response:
        raise ValueError("secret detail")

    async def play() -> bytes:
        async with served(fails) as (_, port, _journal):
            return await raw(port, post())

    answer = asyncio.run(play())
    assert (status(answer), b"secret detail" in answer, b"Traceback" in answer) == (500, False, False)
    assert headers(answer)["X-Correlation-Id"] == IDS[1][1]


@pytest.mark.expects_warnings
@pytest.mark.parametrize(("full_at", "handled"), [("received", 0), ("answering", 1)])
def test_what_cannot_be_stored_is_answered_no_store(full_at: str, handled: int) -> None:
    calls = []

    async def counts(request: Request) -> Response:
        calls.append(request)
        return await echo(request)

    async def play() -> bytes:
        journal = MemoryJournal()
        journal.full_at = full_at
        async with served(counts, journal) as (_, port, _journal):
            return await raw(port, post())

    answer = asyncio.run(play())
    assert (status(answer), len(calls)) == (500, handled)
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["issue"][0]["code"] == "no-store"


def test_many_callers_at_once_lose_nothing() -> None:
    async def one(port: int, number: int) -> bool:
        body = json.dumps({"n": number}).encode()
        return (await raw(port, post(body))).endswith(body)

    async def play() -> tuple[list[bool], int]:
        async with served() as (_, port, journal):
            done = await asyncio.gather(*(one(port, n) for n in range(200)))
            return done, journal.names().count("delivered")

    assert asyncio.run(play()) == ([True] * 200, 200)


def test_one_connection_too_many_is_told_to_come_again() -> None:
    async def play() -> bytes:
        async with served(limits=Limits(connections=1)) as (_, port, _journal):
            _, held = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.sleep(0)
            answer = await raw(port, b"")
            held.close()
            return answer

    answer = asyncio.run(play())
    assert (status(answer), headers(answer)["Retry-After"]) == (503, "1")


def test_two_requests_on_one_connection() -> None:
    async def play() -> bytes:
        async with served() as (_, port, _journal):
            first = post(b"one").replace(b"Connection: close\r\n", b"")
            return await raw(port, first + post(b"two"))

    answer = asyncio.run(play())
    assert answer.count(b"HTTP/1.1 200") == 2
    assert answer.index(b"one") < answer.index(b"two")


@pytest.mark.parametrize("offered", [b"", b"Upgrade: h2c\r\n"])
def test_a_connection_goes_on_when_the_caller_offers_another_protocol(offered: bytes) -> None:
    async def play() -> bytes:
        async with served() as (_, port, _journal):
            wish = b"Connection: Upgrade" if offered else b"Connection: keep-alive"
            return await raw(port, post(b"one", offered).replace(b"Connection: close", wish) + post(b"two"))

    assert asyncio.run(play()).count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_content_ends_with_its_head(status: int) -> None:
    async def nothing(_: Request) -> Response:
        return Response(status, "Nothing", (), b"what nobody may read as the next answer")

    async def play() -> tuple[bytes, MemoryJournal]:
        async with served(nothing) as (_, port, journal):
            first = post(b"one").replace(b"Connection: close\r\n", b"")
            return await raw(port, first + post(b"two")), journal

    answer, journal = asyncio.run(play())
    assert answer.count(b"HTTP/1.1 %d" % status) == 2
    assert b"nobody" not in answer
    assert b"Content-Length" not in answer
    stored = journal.events[1][1]
    assert isinstance(stored, Response)
    assert stored.body == b"", "what is stored is what leaves"


SAMPLES = tuple(
    line + host + ids + more + framing
    for line in (b"POST /x HTTP/1.1\r\n", b"GET /x?a=b HTTP/1.1\r\n", b"get / HTTP/1.1\r\n", b"POST /x HTTP/1.0\r\n")
    for host in (HOST, b"Host: evil.example\r\n")
    for ids in (ID_LINES, b"")
    for more in (b"", b"Origin: https://a.example\r\n", b"X-A: 1\r\n folded\r\n", b"x-MiXed: \xe9\r\n")
    for framing in (
        b"Connection: close\r\nContent-Length: 2\r\n\r\n{}",
        b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
        b"Connection: close\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
    )
)
"""256 requests, good and bad in their line, host, headers and framing."""


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_bytes_in_any_pieces_give_the_same_answer(source: bytes, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(1, len(source) - 1), max_size=12, unique=True).map(sorted))
    bytewise = data.draw(st.integers(0, 9)) == 0

    def told(answer: bytes, journal: MemoryJournal) -> object:
        request = next((value for _, value in journal.events if isinstance(value, Request)), None)
        seen = (request.method, request.headers, request.body) if request is not None else None
        return status(answer), answer.partition(b"\r\n\r\n")[2], journal.names(), seen

    async def play(parts: list[bytes]) -> object:
        async with served() as (_, port, journal):
            return told(await raw(port, b"", parts=parts), journal)

    places = list(range(len(source))) if bytewise else [0, *cuts]
    parts = [source[start:end] for start, end in zip(places, [*places[1:], len(source)], strict=True)]
    assert asyncio.run(play(parts)) == asyncio.run(play([source]))


def test_a_port_in_use_and_an_address_that_is_not_ours() -> None:
    async def play() -> list[ErrorCode]:
        codes = []
        async with served() as (server, port, _journal):
            for host, wanted in (("127.0.0.1", port), ("192.0.2.1", 0)):
                with pytest.raises(NetworkError) as raised:
                    await type(server)(echo, MemoryJournal(), refuse=server._refuse, clock=server._clock).start(
                        host, wanted
                    )
                codes.append(raised.value.code)
        return codes

    assert asyncio.run(play()) == [ErrorCode.NET_PORT_IN_USE, ErrorCode.NET_ADDRESS_GONE]
