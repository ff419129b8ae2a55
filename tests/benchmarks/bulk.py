"""A thousand messages of 10 kB to one sandbox in a process of its own: our bulk send beside as many bare httpx clients.

Both have ten lanes with a client each; printed is the ratio of their rates and the longest gap of the window meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT, LANES = 1000, 10
SIZE = 10_000
LEAST_RATIO, GAP_MS = 0.8, 50.0
SERVICE_VALUE, SERVICE = "2000011147", "northgate-emergency-department"


def messages(folder: Path, count: int) -> None:
    """So many good referrals of about 10 kB, each with its own ids."""
    from datetime import UTC, datetime
    from uuid import uuid4

    from tests.builders import RECEIVER, a_setting
    from workbench.compose import compose

    for number in range(count):
        made = compose(
            "referral-full", a_setting(), now=datetime(2026, 11, 24, 9, tzinfo=UTC), ids=lambda: str(uuid4())
        )
        bundle = json.loads(made.source.replace(RECEIVER.service_id.encode(), SERVICE_VALUE.encode()))
        text = json.dumps(bundle, separators=(",", ":"))
        (folder / f"{number:04}.json").write_text(text + " " * max(0, SIZE - len(text)), encoding="utf-8")


async def bare(origin: str, folder: Path, headers: tuple[tuple[str, str], ...]) -> float:
    """Messages a second of ten bare clients."""
    from uuid import uuid4

    import httpx

    waiting = iter(sorted(folder.iterdir()))

    async def lane() -> None:
        async with httpx.AsyncClient(timeout=60) as client:
            for path in waiting:
                fresh = [(name, str(uuid4()) if name == "X-Request-Id" else value) for name, value in headers]
                answer = await client.post(f"{origin}/$process-message", content=path.read_bytes(), headers=fresh)
                assert answer.status_code == 200, answer.text

    began = time.monotonic()
    await asyncio.gather(*(lane() for _ in range(LANES)))
    return COUNT / (time.monotonic() - began)


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


def run() -> bool:
    """Print the two rates, their ratio and the longest gap; whether the budgets hold."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

    from workbench.app import Desk, Wanted, application, new_id, now
    from workbench.session.engine import Engine
    from workbench.settings import AppSettings

    program = application()
    with tempfile.TemporaryDirectory() as home:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[name] = f"{home}/{name.lower()}"
        first, second = Path(home, "first"), Path(home, "second")
        for folder in (first, second):
            folder.mkdir()
            messages(folder, COUNT)
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
                Wanted(f"{home}/demo", "a few words in a row", AppSettings(), os.environ, now, new_id),
                geometry=None,
            )
            desk.window.show()
            longest = 0.0

            def until(fact: Callable[[], object], limit_s: float = 600) -> float:
                """Let the program go on until something is so; gives the longest gap, ms."""
                nonlocal longest
                clock, since, longest = QElapsedTimer(), time.monotonic(), 0.0
                clock.start()
                loop = QEventLoop()
                beat = QTimer(interval=1)

                def on_beat() -> None:
                    nonlocal longest
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
            plain = asyncio.run(bare(origin, first, headers_of_a_call(session)))
            dialog = desk.window._traffic.start_bulk((str(second),))
            assert dialog is not None
            until(lambda: dialog._status is not None, 60)
            dialog._service.choose(SERVICE)
            dialog._lanes.setValue(LANES)
            began = time.monotonic()
            dialog._send.click()
            gap = until(lambda: dialog._running is None)
            ours = COUNT / (time.monotonic() - began)
            taken = sum(one.status == 200 for one in dialog.rows())
            dialog.close()
            desk.window.close()
            desk.close()
        finally:
            box.terminate()
            box.wait(20)
            if reader is not None:
                reader.wait(20)
    print(
        f"bulk: {ours:.0f} messages/s, {taken} of {COUNT} taken; bare clients {plain:.0f}/s; "
        f"ratio {ours / plain:.2f} (budget {LEAST_RATIO}); longest gap {gap:.0f} ms (budget {GAP_MS:.0f})"
    )
    return ours / plain >= LEAST_RATIO and gap <= GAP_MS and taken == COUNT


if __name__ == "__main__":
    sys.exit(0 if run() else 1)
