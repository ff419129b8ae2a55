"""The client: exact headers, every fault a failure in words, TLS always verified; also failures and journaled."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.transport.builders import IDS, MemoryJournal, an_exchange, client, faulty, served
from workbench.errors import ErrorCode, StoreError
from workbench.exchange import Failure, FailureKind, Request
from workbench.transport.journaled import send_journaled
from workbench.transport.tls import TlsChoice

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from workbench.transport.client import Outcome

    Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def head_of(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


def says(answer: bytes, *, read_body: bool = True) -> Script:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_of(reader)
        if read_body:
            await reader.readexactly(2)
        writer.write(answer)
        await writer.drain()

    return script


async def ask(script: Script, **changes: object) -> Outcome:
    asking = client(**changes)
    try:
        async with faulty(script) as origin:
            return await asking.send(Request("POST", f"{origin}/x", IDS, b"{}"))
    finally:
        await asking.close()


def test_the_request_leaves_exactly_as_it_was_given() -> None:
    seen: list[bytes] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await head_of(reader))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: Wed, 25 Nov 2026 09:00:00 GMT\r\n\r\nok")

    outcome = asyncio.run(ask(script))
    assert outcome.response is not None
    assert (outcome.response.status, outcome.response.body) == (200, b"ok")
    assert outcome.peer_date is not None
    assert outcome.peer_date.isoformat() == "2026-11-25T09:00:00+00:00"
    assert (outcome.timing.total or 0) > 0
    lines = seen[0].decode().split("\r\n")
    names = [line.partition(":")[0] for line in lines[1:] if line]
    assert names == ["Host", *(name for name, _ in IDS), "Accept-Encoding", "Content-Length"] or sorted(
        names
    ) == sorted(["Host", *(name for name, _ in IDS), "Accept-Encoding", "Content-Length"])


PLAIN = b"HTTP/1.1 200 OK\r\n"
ZIPPED = gzip.compress(b'{"a": 1}')


@pytest.mark.parametrize(
    ("script", "kind", "code"),
    [
        (says(b""), FailureKind.UNKNOWN, ErrorCode.NET_NO_ANSWER),
        (says(b"SSH-2.0-OpenSSH_9\r\n\r\n"), FailureKind.UNKNOWN, ErrorCode.NET_NOT_HTTP),
        (says(PLAIN + b"Content-Length: 100\r\n\r\nabc"), FailureKind.CUT, ErrorCode.NET_CUT),
        (says(PLAIN + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"), FailureKind.CUT, ErrorCode.NET_CUT),
        (
            says(PLAIN + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % (len(ZIPPED) - 5) + ZIPPED[:-5]),
            FailureKind.CUT,
            ErrorCode.NET_DECODING,
        ),
        (says(PLAIN + b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\nok"), FailureKind.CUT, ErrorCode.NET_DECODING),
        (
            says(PLAIN + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(b"\0" * 12_000_000)),
            FailureKind.CUT,
            ErrorCode.NET_BOMB,
        ),
    ],
)
def test_answers_that_are_none(script: Script, kind: FailureKind, code: ErrorCode) -> None:
    outcome = asyncio.run(ask(script))
    assert outcome.response is None
    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.code) == (kind, code), outcome.failure.sentence
    assert outcome.failure.sentence
    assert outcome.failure.next_step


def test_gzip_is_decoded_and_redirects_are_shown_not_followed() -> None:
    outcome = asyncio.run(
        ask(says(PLAIN + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(ZIPPED) + ZIPPED))
    )
    assert outcome.response is not None
    assert outcome.response.body == b'{"a": 1}'
    moved = asyncio.run(
        ask(says(b"HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\n\r\n"))
    )
    assert moved.response is not None
    assert moved.response.status == 302


def test_nobody_there_and_no_such_name() -> None:
    async def play() -> list[Failure | None]:
        async with faulty(says(b"")) as origin:
            closed = origin
        asking = client()
        found = [
            (await asking.send(Request("GET", f"{closed}/x"))).failure,
            (await asking.send(Request("GET", "http://name.invalid/x"))).failure,
        ]
        await asking.close()
        return found

    failures = asyncio.run(play())
    assert [(f.kind, f.code) for f in failures if f] == [
        (FailureKind.NOT_SENT, ErrorCode.NET_REFUSED),
        (FailureKind.NOT_SENT, ErrorCode.NET_NO_ADDRESS),
    ]


def test_an_answer_that_never_comes_is_bounded_as_a_whole() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    outcome = asyncio.run(ask(silent, total_s=0.2))
    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.code) == (FailureKind.UNKNOWN, ErrorCode.NET_TIMEOUT)


@pytest.mark.parametrize(
    ("url", "headers", "code"),
    [
        ("ftp://a/x", (), ErrorCode.INPUT_URL),
        ("http://127.0.0.1:99999/x", (), ErrorCode.INPUT_URL),
        ("http://127.0.0.1:0/x", (), ErrorCode.INPUT_URL),
        ("http://[::1/x", (), ErrorCode.INPUT_URL),
        ("http://127.0.0.1/a b", (), ErrorCode.INPUT_URL),
        ("http://127.0.0.1/\r\nX: 1", (), ErrorCode.INPUT_URL),
        ("http://user:secret@127.0.0.1/", (), ErrorCode.INPUT_URL),
        ("http://127.0.0.1/" + "x" * 9000, (), ErrorCode.INPUT_URL),
        ("http://a.example/x", (("Authorization", "Bearer x"),), ErrorCode.NET_NOT_ALLOWED),
        ("http://127.0.0.1/x", (("X-A", "a\r\nX-B: 1"),), ErrorCode.INPUT_HEADER),
        ("http://127.0.0.1/x", (("X-A", "a\x00"),), ErrorCode.INPUT_HEADER),
        ("http://127.0.0.1/x", (("X-A", "ä"),), ErrorCode.INPUT_HEADER),
        ("http://127.0.0.1/x", (("X A", "1"),), ErrorCode.INPUT_HEADER),
    ],
)
def test_what_must_not_leave_is_stopped_before_a_socket_opens(url: str, headers: tuple, code: ErrorCode) -> None:
    async def play() -> Failure | None:
        asking = client()
        assert asking._http == {}
        found = (await asking.send(Request("GET", url, headers))).failure
        assert asking._http == {}
        return found

    failure = asyncio.run(play())
    assert failure is not None
    assert (failure.kind, failure.code) == (FailureKind.NOT_SENT, code)
    assert "secret" not in failure.sentence


def test_certificates_are_always_verified(tmp_path: Path) -> None:
    authority, other = trustme.CA(), trustme.CA()
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(trusted))

    def context(made_by: trustme.CA, host: str) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made_by.issue_cert(host).configure_cert(made)
        return made

    async def ask_tls(secure: ssl.SSLContext | None) -> Outcome:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(100)
            writer.write(PLAIN + b"Content-Length: 0\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=secure)
        asking = client(tls=TlsChoice(ca=trusted))
        port = server.sockets[0].getsockname()[1]
        outcome = await asking.send(Request("GET", f"https://127.0.0.1:{port}/"))
        await asking.close()
        server.close()
        return outcome

    good = asyncio.run(ask_tls(context(authority, "127.0.0.1")))
    assert good.response is not None
    assert good.tls is not None
    assert good.tls.version.startswith("TLSv1")
    for secure, code in (
        (context(other, "127.0.0.1"), ErrorCode.NET_TLS_AUTHORITY),
        (context(authority, "other.example"), ErrorCode.NET_TLS_HOST),
        (None, ErrorCode.NET_PLAIN_PORT),
    ):
        outcome = asyncio.run(ask_tls(secure))
        assert outcome.failure is not None
        assert outcome.failure.code is code, outcome.failure.sentence


def test_bytes_are_journaled_before_the_socket_opens() -> None:
    journal = MemoryJournal()
    order: list[str] = []

    async def play() -> None:
        async def handler(request: Request) -> object:
            order.append(f"arrived after {journal.names()}")
            return await echo_(request)

        from tests.transport.builders import echo as echo_

        async with served(handler) as (_, port, _journal):  # type: ignore[arg-type]
            asking = client()
            done = await send_journaled(asking, journal, an_exchange(f"http://127.0.0.1:{port}/x"))
            await asking.close()
            assert done.response is not None

    asyncio.run(play())
    assert order == ["arrived after ['sending']"]
    assert journal.names() == ["sending", "answered"]


def test_what_cannot_be_journaled_is_not_sent_and_a_stopped_send_is_kept() -> None:
    async def full() -> list[str]:
        journal = MemoryJournal()
        journal.full_at = "sending"
        async with served() as (_, port, received):
            asking = client()
            with pytest.raises(StoreError):
                await send_journaled(asking, journal, an_exchange(f"http://127.0.0.1:{port}/x"))
            return received.names()

    assert asyncio.run(full()) == []

    async def stopped() -> Failure | None:
        journal = MemoryJournal()
        reached = asyncio.Event()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            reached.set()
            await reader.read()

        async with faulty(silent) as origin:
            asking = client()
            task = asyncio.ensure_future(send_journaled(asking, journal, an_exchange(f"{origin}/x")))
            await reached.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asking.close()
        return journal.events[-1][1].failure  # type: ignore[attr-defined]

    failure = asyncio.run(stopped())
    assert failure is not None
    assert failure.kind is FailureKind.STOPPED


@pytest.mark.parametrize(("method", "body"), [("POST", b"{}"), ("GET", b""), ("POST", b"")])
def test_what_is_journaled_is_what_went_over_the_wire(method: str, body: bytes) -> None:
    heads: list[bytes] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await head_of(reader))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    async def play() -> Request:
        journal, asking = MemoryJournal(), client()
        try:
            async with faulty(script) as origin:
                exchange = an_exchange(f"{origin}/x", body)
                request = replace(exchange.request, method=method, headers=(*IDS, ("X-Own", "a")))
                done = await send_journaled(asking, journal, replace(exchange, request=request))
                return done.request
        finally:
            await asking.close()

    kept = asyncio.run(play())
    (head,) = heads
    lines = head.decode("latin-1").split("\r\n")[1:-2]
    assert lines == [f"{name}: {value}" for name, value in kept.headers]
