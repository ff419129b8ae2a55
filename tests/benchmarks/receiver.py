"""The receiver under load, 10 kB messages from a raw asyncio client in a process of its own.

Answer mode `stored`: 500 messages a second with the window open (its longest gap, and that every message is stored,
shown and judged afterwards), a thousand connections, 500 slow clients beside a good call, calls beyond every limit; how
much memory each takes beyond that of a first message. The rate of mode `judged` is printed beside it, and that of the
least a receiver in one Python process can do (`bare_receiver`). `receiver-short` is the same with a tenth of the
messages.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.load import Found, answer_status, more_files, template
from tests.benchmarks.watching import GapWatch
from workbench.transport.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RATE, SECONDS, LANES = 500, 60, 256
CONNECTIONS, MESSAGES = 1000, 5000
SLOW, JUDGED = 500, 300
GROWN_MIB, ROUNDS = 150, 3
GAP_MS, P99_S, GOOD_S, GONE_S = 50.0, 1.0, 1.0, 12.0
NAMES = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")


def run(part: float = 1.0) -> bool:
    """Print every figure beside its budget; whether all hold."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    more_files()
    with tempfile.TemporaryDirectory() as home:
        for name in NAMES:
            os.environ[name] = f"{home}/{name.lower()}"
        bare = bare_rate(f"{home}/bare.db", int(MESSAGES * part))
        held = [
            connections(f"{home}/many", int(MESSAGES * part), bare),
            slow_clients(f"{home}/slow"),
            beyond_limits(f"{home}/limits"),
            judged_rate(f"{home}/judged", int(JUDGED * max(part, 0.3))),
            window(f"{home}/window", int(RATE * SECONDS * part)),
        ]
    return all(held)


def run_short() -> bool:
    """A tenth of it, for a look."""
    return run(0.1)


class Served(NamedTuple):
    """A receiver in a process of its own."""

    base: str
    pid: int
    resident: int
    """KiB of memory at the most until a first call was refused, a first message taken and judged."""

    def grown(self) -> float:
        """MiB that its memory was larger at the most, of which the system tells on Linux; else 0."""
        return max(0, memory(self.pid, "VmHWM") - self.resident) / 1024


def memory(pid: int, what: str) -> int:
    """KiB of a process by a line of its status; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    text = status.read_text("ascii", "replace") if status.exists() else ""
    return next((int(row.split()[1]) for row in text.splitlines() if row.startswith(f"{what}:")), 0)


@contextmanager
def receiving(folder: str, mode: str) -> Iterator[Served]:
    """`receive` in a process of its own."""
    served = subprocess.Popen(
        [sys.executable, "-m", "workbench", "receive", "--workspace", folder],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "BARS_WORKBENCH_ANSWER_MODE": mode},
    )
    assert served.stdout is not None
    base = json.loads(served.stdout.readline())["base_url"]
    reader = subprocess.Popen(["cat"], stdin=served.stdout, stdout=subprocess.DEVNULL)
    try:
        asyncio.run(_each_in_turn(base, (b"GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",)))
        first = result(calling(base, connections=1, count=1, rate=0.0))
        while kept(folder, first) != (1, 1, 1):  # what is read once for all messages is no growth
            threading.Event().wait(0.1)
        yield Served(base, served.pid, memory(served.pid, "VmHWM"))
    finally:
        served.terminate()
        served.wait(120)
        reader.wait(20)


def calling(base: str, *, connections: int, count: int, rate: float) -> subprocess.Popen[str]:
    """The load in a process of its own."""
    words = ["--connections", str(connections), "--count", str(count), "--rate", str(rate)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.load", base, *words], stdout=subprocess.PIPE, text=True
    )


def result(load: subprocess.Popen[str]) -> Found:
    """What a load found."""
    return found_in(printed(load))


def printed(load: subprocess.Popen[str]) -> str:
    """What a load prints once it is over."""
    return load.communicate(timeout=900)[0]


def found_in(text: str) -> Found:
    """What a load found, of what it printed."""
    return Found(**json.loads(text))


def kept(folder: str, found: Found) -> tuple[int, int, int]:
    """Of the acknowledged messages so many are stored, in a conversation, and judged."""
    sql = (
        "SELECT request_headers, conversation IS NOT NULL, EXISTS (SELECT 1 FROM verdict WHERE exchange = exchange.id)"
        " FROM exchange WHERE direction = 'in' AND status = 200"
    )
    with closing(sqlite3.connect(Path(folder, "history.db"))) as connection:
        rows = connection.execute(sql).fetchall()
    facts = {dict(json.loads(headers))["X-Request-Id"]: (shown, judged) for headers, shown, judged in rows}
    there = [facts[id] for id in found.acknowledged if id in facts]
    return len(there), sum(shown for shown, _ in there), sum(judged for _, judged in there)


def bare_rate(path: str, count: int) -> float:
    """Messages a second that the least of receivers takes of a thousand connections."""
    served = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.bare_receiver", path], stdout=subprocess.PIPE, text=True
    )
    assert served.stdout is not None
    try:
        base = json.loads(served.stdout.readline())["base_url"]
        found = result(calling(base, connections=CONNECTIONS, count=count, rate=0.0))
    finally:
        served.terminate()
        served.wait(20)
    print(f"bare receiver, {CONNECTIONS} connections: {count / found.seconds:.0f} messages/s, {found.statuses}")
    return count / found.seconds


def connections(folder: str, count: int, bare: float) -> bool:
    """A thousand connections open at once: paced at the promised rate, then as fast as they can."""
    held = True
    for words, rate in (("500 a second", float(RATE)), ("as fast as it goes", 0.0)):
        with receiving(f"{folder}-{int(rate)}", "stored") as served:
            found = result(calling(served.base, connections=CONNECTIONS, count=count, rate=rate))
            grown = served.grown()
        stored, _, _ = kept(f"{folder}-{int(rate)}", found)
        p99, speed = found.percentile(0.99), count / found.seconds
        print(
            f"receiver, {CONNECTIONS} connections, {words}: {found.statuses.get('200', 0)} of {count} acknowledged, "
            f"{stored} stored, {speed:.0f} messages/s ({speed / bare:.2f} x bare), p50 {found.percentile(0.5):.2f} s, "
            f"p99 {p99:.2f} s (budget {P99_S:.0f} s at {RATE} a second), {grown:.0f} MiB more (budget {GROWN_MIB})"
        )
        if rate:
            held = found.statuses.get("200", 0) == stored == count and p99 <= P99_S and grown <= GROWN_MIB
    return held


def judged_rate(folder: str, count: int) -> bool:
    """How many messages a second are answered when each is judged first."""
    with receiving(folder, "judged") as served:
        found = result(calling(served.base, connections=8, count=count, rate=0.0))
    print(f"receiver, mode judged: {count / found.seconds:.0f} messages/s, {found.statuses}")
    return found.statuses.get("200", 0) == count


def slow_clients(folder: str) -> bool:
    """Five hundred callers whose heads never end: how long a good call takes meanwhile, and when they are gone."""
    with receiving(folder, "stored") as served:
        good, gone, refused = asyncio.run(_beside_slow_ones(served.base))
        grown = served.grown()
    print(
        f"receiver, {SLOW} slow clients: a good call takes {good:.2f} s (budget {GOOD_S:.0f}); they are gone after "
        f"{gone:.1f} s (budget {GONE_S:.0f}), {refused} of them with 408, {grown:.0f} MiB more"
    )
    return good <= GOOD_S and gone <= GONE_S and refused == SLOW


def beyond_limits(folder: str) -> bool:
    """A line, a head and a body that are too long, told beforehand and in chunks: the answers, and the memory taken."""
    body, chunk = Limits().body, b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    post = b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    calls = {
        414: b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        431: post + b"X-A: " + b"x" * 40_000 + b"\r\n\r\n",
        413: post + b"Content-Length: %d\r\n\r\n" % (body + 1),
        -413: post + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * (body // 0x10000 + 2),
    }
    with receiving(folder, "stored") as served:
        found = asyncio.run(_each_in_turn(served.base, tuple(calls.values())))
        grown = served.grown()
    most = 2 * body / 1024 / 1024
    print(f"receiver, beyond its limits: {found}, {grown:.0f} MiB more (budget {most:.0f})")
    return found == [abs(status) for status in calls] * ROUNDS and grown < most


async def _each_in_turn(base: str, calls: tuple[bytes, ...]) -> list[int]:
    """The status of each call, some rounds of them."""
    port = int(base.split("/")[2].rpartition(":")[2])
    found = []
    for call in calls * ROUNDS:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(call)
        found.append(await answer_status(reader))
        writer.close()
    return found


async def _beside_slow_ones(base: str) -> tuple[float, float, int]:
    port = int(base.split("/")[2].rpartition(":")[2])
    began = time.monotonic()
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(SLOW)]
    for _, writer in slow:
        writer.write(b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    started = time.monotonic()
    writer.write(template(base).fill()[1])
    assert await answer_status(reader) == 200
    good = time.monotonic() - started
    writer.close()
    answers = await asyncio.gather(*(reader.read() for reader, _ in slow))
    gone = time.monotonic() - began
    for _, writer in slow:
        writer.close()
    return good, gone, sum(answer.startswith(b"HTTP/1.1 408") for answer in answers)


def window(folder: str, count: int) -> bool:
    """The promised rate with the window open on its timeline."""
    from PySide6.QtCore import QEventLoop, QTimer

    from workbench.app import Desk, Wanted, application, now
    from workbench.session.ids import fresh_id
    from workbench.settings import AppSettings
    from workbench.ui.context import PanelId

    program = application()
    settings = {**os.environ, "BARS_WORKBENCH_ANSWER_MODE": "stored"}
    desk = Desk(program, Wanted(folder, "a few words in a row", AppSettings(), settings, now, fresh_id), geometry=None)
    desk.window.show()

    watch = GapWatch()

    def until(fact: Callable[[], object], limit_s: float) -> None:
        """Let the program go on until something is so."""
        since, loop, beat = time.monotonic(), QEventLoop(), QTimer(interval=5)

        def on_beat() -> None:
            watch.beat()
            if fact() or time.monotonic() - since > limit_s:
                loop.quit()

        beat.timeout.connect(on_beat)
        beat.start()
        loop.exec()
        beat.stop()

    until(lambda: desk.session is not None, 60)
    session = desk.session
    assert session is not None
    desk.window.to_panel(PanelId.TIMELINE)
    until(lambda: session._parts.receiver.base_url, 60)
    load = calling(session._parts.receiver.base_url, connections=LANES, count=count, rate=RATE)
    texts: list[str] = []
    reading = threading.Thread(target=lambda: texts.append(printed(load)), name="load")
    reading.start()
    with watch:
        until(lambda: texts, SECONDS * 10)
        gap, gap_words = watch.widest_s * 1000, watch.words()
    reading.join()
    found = found_in(texts[0])
    began = time.monotonic()
    recorder = session._parts.recorder
    watch.reset()
    until(lambda: recorder.idle, count * 0.2 + 60)
    after, later = time.monotonic() - began, watch.widest_s * 1000
    desk.window.close()
    desk.close()
    stored, shown, judged = kept(folder, found)
    print(
        f"receiver, {RATE} a second over {LANES} connections, with the window open: "
        f"{len(found.acknowledged)} of {count} acknowledged in "
        f"{found.seconds:.0f} s ({count / found.seconds:.0f}/s), {stored} stored, {shown} in a conversation, {judged} "
        f"judged {after:.0f} s later; p99 {found.percentile(0.99):.2f} s; "
        f"longest gap {gap:.0f} ms (budget {GAP_MS:.0f}), {later:.0f} ms while the rest was judged"
    )
    if gap > GAP_MS:
        print(f"  in the longest gap:\n{gap_words}")
    in_time = found.seconds <= count / RATE + P99_S  # the last answer may take as long as any
    return len(found.acknowledged) == stored == shown == judged == count and gap <= GAP_MS and in_time


if __name__ == "__main__":
    sys.exit(0 if run() else 1)
