"""Faults F1 to F23, F42, F54 of the network, each injected: its own sentence, its certainty, and nothing lost."""

from __future__ import annotations

import asyncio
import errno
import gzip
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from tests.faults.laboratory import BODY, OK, Told, answers, reset, send, suffer, take
from tests.transport.builders import IDS, client, faulty
from workbench.exchange import FailureKind, Phase, Request
from workbench.transport import wire

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.laboratory import Script

RETRY = "Retry with the same ids: a receiver that already acted answers 409 duplicate."
ZIPPED = gzip.compress(BODY, mtime=0)


def coded(body: bytes, coding: bytes = b"gzip") -> bytes:
    return OK + b"Content-Encoding: %b\r\nContent-Length: %d\r\n\r\n" % (coding, len(body)) + body


ANSWERED: dict[str, tuple[Script, str, str]] = {
    "F9 closed without an answer": (
        answers(),
        "unknown",
        "HOST took the message and closed the connection without an answer, so the outcome is unknown.",
    ),
    "F11 stopped within the headers": (
        answers(OK[:40]),
        "unknown",
        "The answer of HOST stopped within its headers, so the outcome is unknown.",
    ),
    "F12 shorter than its length": (
        answers(OK + b"Content-Length: 100\r\n\r\nabc"),
        "cut",
        "The answer of HOST was cut: 3 of 100 bytes came.",
    ),
    "F13 no last chunk": (
        answers(OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
        "cut",
        "The answer of HOST was cut: 3 bytes came without an end.",
    ),
    "F14 truncated gzip": (
        answers(coded(ZIPPED[:-5])),
        "cut",
        "The answer of HOST claims an encoding that it does not have: its gzip ends before its end.",
    ),
    "F15 no gzip": (
        answers(coded(b"{}")),
        "cut",
        "The answer of HOST claims an encoding that it does not have: it is no gzip.",
    ),
    "F16 another coding": (
        answers(coded(b"{}", b"br")),
        "cut",
        "The answer of HOST claims an encoding that it does not have: 'br' was not asked for.",
    ),
    "F20 bomb": (
        answers(coded(gzip.compress(bytes(100 * 1024 * 1024), 9, mtime=0))),
        "cut",
        "The answer of HOST unpacks to more than 10 MiB, so it was not unpacked.",
    ),
    "F21 a header of 200 KB": (
        answers(OK + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n"),
        "unknown",
        "The headers of the answer of HOST are longer than 100 KiB.",
    ),
    "F22 too many headers": (
        answers(OK + b"".join(b"X-%d: 1\r\n" % n for n in range(300)) + b"Content-Length: 0\r\n\r\n"),
        "cut",
        "The answer of HOST has 303 headers; more than 200 are not read.",
    ),
    "F23 SSH": (
        answers(b"SSH-2.0-OpenSSH_9.6\r\n\x00\x01"),
        "unknown",
        "HOST is no web server: the first bytes of its answer were 'SSH-2.0-OpenSSH_9.6'.",
    ),
    "F23 bytes": (
        answers(b"\x00\xff<b>\x1b[31m\r\n\r\n"),
        "unknown",
        "HOST is no web server: the first bytes of its answer were '\\x00\\xff<b>\\x1b[31m'.",
    ),
    "F42 a word as status": (
        answers(b"HTTP/1.1 abc OK\r\n\r\n"),
        "unknown",
        "The answer of HOST is no HTTP that can be read; it begins with 'HTTP/1.1 abc OK'.",
    ),
    "F42 status 099": (
        answers(b"HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n"),
        "unknown",
        "The answer of HOST is no HTTP that can be read; it begins with 'HTTP/1.1 099 Low'.",
    ),
    "F42 interim answers": (
        answers(b"HTTP/1.1 102 Processing\r\n\r\n" * 30),
        "unknown",
        "HOST sent more than 20 interim answers (1xx) and no real one.",
    ),
    "F54 http to a port of HTTPS": (
        answers(b"\x15\x03\x01\x00\x02\x02\x16"),
        "unknown",
        "HOST speaks HTTPS, not plain HTTP.",
    ),
}


@pytest.mark.parametrize("fault", ANSWERED)
def test_an_answer_that_is_none_is_kept_and_told_in_its_own_words(tmp_path: Path, fault: str) -> None:
    script, kind, sentence = ANSWERED[fault]
    told = suffer(tmp_path, script)
    assert (told.kind, told.sentence) == (kind, sentence)
    assert told.next_step.endswith(".")
    assert told.kept.failure is not None
    assert told.kept.failure.sent == len(BODY)
    assert bool(told.kept.failure.received) is (fault[:2] != "F9")


def test_no_two_faults_share_a_sentence() -> None:
    sentences = [sentence.split(":")[0] for _, _, sentence in ANSWERED.values()]
    alike = {"The answer of HOST claims an encoding that it does not have", "The answer of HOST was cut"}
    alike |= {
        "HOST is no web server",
        "The answer of HOST is no HTTP that can be read; it begins with 'HTTP/1.1 099 Low'",
    }
    distinct = [one for one in sentences if one not in alike]
    assert len(distinct) == len(set(distinct))


def test_f19_an_endless_answer_is_cut_at_its_bound(tmp_path: Path) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await take(reader)
        writer.write(OK + b"\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 1024 * 1024)
            await writer.drain()

    told = suffer(tmp_path, script)
    assert (told.kind, told.sentence) == ("cut", "The answer of HOST is larger than 10 MiB and was cut.")
    assert told.kept.failure is not None
    assert 10 * 1024 * 1024 <= len(told.kept.failure.received) <= 11 * 1024 * 1024


def test_a_gzip_answer_is_kept_as_it_came_and_read_unpacked(tmp_path: Path) -> None:
    told = suffer(tmp_path, answers(coded(ZIPPED)))
    assert told.kept.response is not None
    assert (told.kept.response.body, told.kept.response.wire) == (BODY, ZIPPED)


def unreached(folder: Path, url: str, **changes: object) -> Told:
    told = asyncio.run(send(folder, url, **changes))
    assert told.kind == FailureKind.NOT_SENT.value
    assert told.kept.failure is not None
    assert (told.kept.failure.sent, told.kept.failure.received) == (0, b"")
    return told


def test_f1_a_name_that_does_not_exist(tmp_path: Path) -> None:
    assert unreached(tmp_path, "http://name.invalid").sentence == "No address was found for HOST."


def test_f2_a_name_service_that_never_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(wire.socket, "getaddrinfo", lambda *_, **__: never.wait() and [])
    monkeypatch.setattr("workbench.transport.client._TIMEOUTS", {"connect": 0.05, "read": 1, "write": 1, "pool": 1})
    told = unreached(tmp_path, "http://slow.example")
    never.set()
    assert told.sentence == "Where HOST is could not be found out within 10 s."


def rows(*addresses: str) -> list[tuple[object, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 1)) for address in addresses]


def test_f3_a_dead_first_address_gives_way_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire.socket, "getaddrinfo", lambda *_, **__: rows("::1", "127.0.0.1"))

    async def play() -> Told:
        async with faulty(answers(OK + b"Content-Length: 0\r\n\r\n")) as origin:
            return await send(tmp_path, origin.replace("127.0.0.1", "two.example"))

    told = asyncio.run(play())
    assert told.kept.response is not None
    assert told.kept.response.status == 200


def test_f3_every_address_that_was_tried_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire.socket, "getaddrinfo", lambda *_, **__: rows("127.0.0.1", "::1"))
    told = unreached(tmp_path, f"http://two.example:{closed_port()}")
    assert told.sentence == "No address of HOST took the connection (127.0.0.1: refused; ::1: refused)."


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def test_f4_nobody_listens(tmp_path: Path) -> None:
    assert unreached(tmp_path, f"http://127.0.0.1:{closed_port()}").sentence == "Nothing is listening at HOST."


def test_f5_a_connection_that_nobody_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object, **__: object) -> object:
        raise wire.httpcore.ConnectTimeout("no answer")

    monkeypatch.setattr(wire.httpcore.AnyIOBackend, "connect_tcp", never)
    told = unreached(tmp_path, "http://127.0.0.1:9")
    assert told.sentence == "HOST did not take the connection within 10 s."


def test_f6_the_network_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", away)
    told = unreached(tmp_path, "http://127.0.0.1:9")
    assert told.sentence == "The network to HOST cannot be reached: Network is unreachable."


def test_f7_a_reset_before_anything_left_is_safe_to_repeat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unwritten(*_: object) -> None:
        raise wire.httpcore.WriteError("[Errno 104] Connection reset by peer")

    async def unread(*_: object) -> bytes:
        raise wire.httpcore.ReadError("[Errno 104] Connection reset by peer")

    monkeypatch.setattr("httpcore._backends.anyio.AnyIOStream.write", unwritten)
    monkeypatch.setattr("httpcore._backends.anyio.AnyIOStream.read", unread)

    async def play() -> Told:
        async with faulty(answers()) as origin:
            return await send(tmp_path, origin)

    told = asyncio.run(play())
    assert (told.kind, told.sentence) == ("not_sent", "HOST closed the connection before anything was sent.")
    assert told.next_step == "It is safe to send again."


@pytest.mark.parametrize("taken", [0, 1, 70_000, 300_000])
def test_f8_a_reset_while_the_body_goes_out(tmp_path: Path, taken: int) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(taken)
        reset(writer)

    size = 8_000_000
    told = suffer(tmp_path, script, b"x" * size)
    assert told.kept.failure is not None
    sent = told.kept.failure.sent
    assert taken <= sent < size
    assert told.kind == "unknown"
    assert (
        told.sentence
        == f"The connection to HOST broke after {sent} of {size} bytes of the message, so the outcome is unknown."
    )
    assert told.next_step == RETRY


def test_f10_a_connection_that_died_while_idle_is_replaced_silently(tmp_path: Path) -> None:
    seen: list[bytes] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await take(reader))
        writer.write(OK + b"Content-Length: 0\r\n\r\n")
        await writer.drain()
        if len(seen) == 1:
            await take(reader)  # the second message on the connection that was kept: no answer

    async def play() -> list[int]:
        asking = client()
        async with faulty(script) as origin:
            request = Request("POST", f"{origin}/x", IDS, BODY)
            outcomes = [await asking.send(request), await asking.send(request)]
        await asking.close()
        return [outcome.response.status for outcome in outcomes if outcome.response is not None]

    assert asyncio.run(play()) == [200, 200]
    assert seen[0] == seen[1]


def test_f17_a_drip_is_ended_by_the_whole_budget(tmp_path: Path) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await take(reader)
        writer.write(OK + b"Content-Length: 5000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await asyncio.sleep(0.01)

    told = suffer(tmp_path, script, total_s=0.3)
    assert (told.kind, told.sentence) == ("cut", "The answer of HOST was still coming after 0.3 s and was cut off.")


def test_f18_a_server_that_never_answers(tmp_path: Path) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await take(reader)
        await reader.read()

    told = suffer(tmp_path, script, total_s=0.2)
    assert (told.kind, told.sentence, told.next_step) == (
        "unknown",
        "HOST did not answer within 0.2 s, so the outcome is unknown.",
        RETRY,
    )


def test_a_server_that_does_not_read_is_given_up(tmp_path: Path) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.pause_reading()
        await asyncio.Event().wait()

    told = suffer(tmp_path, script, b"x" * 12_000_000, total_s=0.5)
    assert told.kind == "unknown"
    assert "of 12000000 bytes of the message within 0.5 s, so the outcome is unknown." in told.sentence


def test_every_connection_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.transport.client._TIMEOUTS", {"connect": 5, "read": 5, "write": 5, "pool": 0.05})

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def play() -> list[str]:
        asking = client(total_s=0.6)
        async with faulty(silent) as origin:
            request = Request("POST", f"{origin}/x", IDS, BODY)
            outcomes = await asyncio.gather(*(asking.send(request) for _ in range(9)))
        await asking.close()
        return [outcome.failure.code.value for outcome in outcomes if outcome.failure is not None]

    assert sorted(asyncio.run(play())) == ["net.busy", *["net.timeout"] * 8]


def test_f60_a_machine_that_slept_gives_up_at_once(tmp_path: Path) -> None:
    """The clock of the loop is the monotonic one: after a sleep the whole budget is over."""
    took: list[float] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await take(reader)
        loop = asyncio.get_running_loop()
        awake = loop.time
        loop.time = lambda: awake() + 3600  # type: ignore[method-assign]
        took.append(awake())
        await reader.read()

    told = suffer(tmp_path, script)
    assert (told.kind, told.sentence) == ("unknown", "HOST did not answer within 40 s, so the outcome is unknown.")
    assert took


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (Phase.CONNECT, "The send to HOST was stopped before anything was sent."),
        (Phase.WAIT, "The send to HOST was stopped after it had left, so the outcome is unknown."),
    ],
)
def test_stop_ends_a_send_at_once_and_says_how_far_it_was(tmp_path: Path, at: Phase, sentence: str) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def play() -> Told:
        from tests.history.builders import a_journal, a_store
        from tests.transport.builders import an_exchange, now
        from workbench.history import Queries
        from workbench.transport.journaled import send_journaled

        reached = asyncio.Event()
        asking = client()
        async with faulty(silent) as origin:
            with a_store(tmp_path) as store:

                def told(phase: Phase) -> None:
                    if phase is at:
                        reached.set()

                sending = asyncio.ensure_future(
                    send_journaled(asking, a_journal(store), an_exchange(f"{origin}/x", BODY), told)
                )
                await reached.wait()
                sending.cancel()
                started = asyncio.get_running_loop().time()
                with pytest.raises(asyncio.CancelledError):
                    await sending
                assert asyncio.get_running_loop().time() - started < 5
                kept = await Queries(store, clock=now).exchange("x-1")
            await asking.close()
        assert kept.failure is not None
        words = kept.failure.sentence.replace(origin.partition("//")[2], "HOST")
        return Told(kept, kept.failure.kind.value, words, kept.failure.next_step)

    told = asyncio.run(play())
    assert (told.kind, told.sentence) == ("stopped", sentence)
