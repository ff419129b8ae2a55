"""A thousand messages of 10 kB to one sandbox in a process of its own: our bulk send beside as many bare httpx clients.

Both have ten lanes with a client each; printed is the ratio of their rates, the longest gap of the window meanwhile and
while the verdicts are made afterwards, and how soon Stop ends a bulk send. Half of the bare calls come before and half
after ours, for a sandbox that knows more is slower; the replies that it owes are waited for in between.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.watching import GapWatch

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT, LANES = 1000, 10
SIZE = 10_000
LEAST_RATIO, GAP_MS, STOP_MS = 0.8, 50.0, 200.0
QUIET_S = 9.0
"""Longer than the sandbox waits with the last reply to what it took."""
SERVICE_VALUE, SERVICE = "2000011147", "northgate-emergency-department"


def messages(folder: Path, count: int) -> None:
    """So many good referrals of about 10 kB, each with its own ids, to which no reply is owed.

    A safeguarding flag makes the sandbox send a reply some seconds later: those of a long run would fall into its own
    time, those of a short one after it.
    """
    from datetime import UTC, datetime
    from uuid import uuid4

    from tests.builders import RECEIVER, a_setting
    from workbench.compose import compose

    for number in range(count):
        made = compose("referral-new", a_setting(), now=datetime(2026, 11, 24, 9, tzinfo=UTC), ids=lambda: str(uuid4()))
        bundle = json.loads(made.source.replace(RECEIVER.service_id.encode(), SERVICE_VALUE.encode()))
        text = json.dumps(bundle, separators=(",", ":"))
        (folder / f"{number:04}.json").write_text(text + " " * max(0, SIZE - len(text)), encoding="utf-8")


async def bare(origin: str, paths: list[Path], headers: tuple[tuple[str, str], ...]) -> float:
    """Seconds in which ten bare clients send these files."""
    from uuid import uuid4

    import httpx

    waiting = iter(paths)

    async def lane() -> None:
        async with httpx.AsyncClient(timeout=60) as client:
            for path in waiting:
                fresh = [(name, str(uuid4()) if name == "X-Request-Id" else value) for name, value in headers]
                answer = await client.post(f"{origin}/$process-message", content=path.read_bytes(), headers=fresh)
                assert answer.status_code == 200, answer.text

    began = time.monotonic()
    await asyncio.gather(*(lane() for _ in range(LANES)))
    return time.monotonic() - began


def headers_of_a_call(session: object) -> tuple[tuple[str, str], ...]:
    """The headers of one message of ours, for the bare clients."""
    from workbench.session.calls import Outgoing, call_request, read_facts
    from workbench.standard import default_profile

    engine = session._engine  # type: ignore[attr-defined]
    facts, syntax = read_facts(b"")
    outgoing = Outgoing(
        "process-message",
        engine.directory.services.find(SERVICE),
        b"{}",
        request_id="0badcafe-0000-4000-8000-000000000001",
        correlation_id="0badcafe-0000-4000-8000-000000000002",
    )
    made = call_request(outgoing, engine.current_identity(), "http://x", facts, syntax, default_profile())
    return made.headers


def under_way(session: object) -> int:
    """How many exchanges have neither answer nor failure in the history."""
    store = session._engine.history.store  # type: ignore[attr-defined]
    sql = "SELECT count(*) FROM exchange WHERE status IS NULL AND failure IS NULL"
    found: int = store.read_now(lambda connection: connection.execute(sql).fetchone()[0])
    return found


def run_watched() -> bool:
    """As `run`, with what the longest gap was made of; looking takes a part of the rate."""
    return run(watched=True)


def run(count: int = COUNT, *, watched: bool = False) -> bool:
    """Print the two rates, their ratio, the longest gaps and the time of Stop; whether the budgets hold."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

    from workbench.app import Desk, Wanted, application, now
    from workbench.session.engine import Engine
    from workbench.session.events import VerdictReady
    from workbench.session.ids import fresh_id
    from workbench.settings import AppSettings

    program = application()
    with tempfile.TemporaryDirectory() as home:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[name] = f"{home}/{name.lower()}"
        first, second = Path(home, "first"), Path(home, "second")
        for folder in (first, second):
            folder.mkdir()
            messages(folder, count)
        box = subprocess.Popen(
            [sys.executable, "-m", "workbench", "sandbox", "--no-token", "--workspace", f"{home}/box"],
            stdout=subprocess.PIPE,
            text=True,
        )
        reader = None
        try:
            assert box.stdout is not None
            origin = json.loads(box.stdout.readline())["base_url"]
            reader = subprocess.Popen(["cat"], stdin=box.stdout, stdout=subprocess.DEVNULL)
            desk = Desk(
                program,
                Wanted(f"{home}/demo", "a few words in a row", AppSettings(), os.environ, now, fresh_id),
                geometry=None,
            )
            desk.window.show()
            longest = 0.0
            watch = GapWatch()

            def until(fact: Callable[[], object], limit_s: float = 900) -> float:
                """Let the program go on until something is so; gives the longest gap, ms."""
                nonlocal longest
                clock, since, longest = QElapsedTimer(), time.monotonic(), 0.0
                clock.start()
                loop = QEventLoop()
                beat = QTimer(interval=1)

                def on_beat() -> None:
                    nonlocal longest
                    if watched:
                        watch.beat()
                    longest = max(longest, clock.nsecsElapsed() / 1e6)
                    clock.restart()
                    if time.monotonic() - since > limit_s or fact():
                        loop.quit()

                beat.timeout.connect(on_beat)
                beat.start()
                loop.exec()
                return longest

            until(lambda: desk.session is not None, 60)
            session = desk.session
            assert session is not None
            real = session._engine.environment_of("sandbox")
            there = real.with_addresses(origin, None)
            Engine.usable_environment = lambda self, id="": there  # type: ignore[method-assign, assignment]
            there_are, headers = sorted(first.iterdir()), headers_of_a_call(session)
            spent = asyncio.run(bare(origin, there_are[: count // 2], headers))
            until(lambda: False, QUIET_S)
            judged: set[str] = set()
            desk.bridge.events.connect(
                lambda event: judged.add(event.exchange) if isinstance(event, VerdictReady) else 0
            )
            dialog = desk.window._traffic.start_bulk((str(second),))
            assert dialog is not None
            until(lambda: dialog._status is not None, 60)
            dialog._service.choose(SERVICE)
            dialog._lanes.setValue(LANES)
            began = time.monotonic()
            dialog._send.click()
            with watch if watched else nullcontext():
                gap = until(lambda: dialog._running is None)
            seen = watch.words()
            ours = count / (time.monotonic() - began)
            rows = dialog.rows()
            taken = sum(one.status == 200 for one in rows)
            later = until(lambda: judged >= {one.exchange for one in rows})
            until(lambda: False, QUIET_S)
            spent += asyncio.run(bare(origin, there_are[count // 2 :], headers))
            plain = count / spent
            dialog._send.click()
            until(lambda: len(dialog.rows()) > LANES, 60)
            running, began = dialog._running, time.monotonic()
            assert running is not None
            dialog._stop.click()
            until(lambda: not under_way(session))
            stop = (time.monotonic() - began) * 1000
            dialog.close()
            desk.window.close()
            desk.close()
        finally:
            box.terminate()
            box.wait(20)
            if reader is not None:
                reader.wait(20)
    print(
        f"bulk: {ours:.0f} messages/s, {taken} of {count} taken; bare clients {plain:.0f}/s; "
        f"ratio {ours / plain:.2f} (budget {LEAST_RATIO}); longest gap {gap:.0f} ms (budget {GAP_MS:.0f}), "
        f"{later:.0f} ms while {len(judged)} verdicts follow; stopped within {stop:.0f} ms (budget {STOP_MS:.0f})"
    )
    if watched:
        print(f"  in the longest gap:\n{seen}")
    held = ours / plain >= LEAST_RATIO and max(gap, later) <= GAP_MS and stop <= STOP_MS
    return held and taken == count == len(judged)


if __name__ == "__main__":
    sys.exit(0 if run() else 1)
