"""The receiver killed while calls come in, 25 times: whatever was acknowledged is in the history, and that is whole."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.load import answer_status, template

if TYPE_CHECKING:
    from tests.benchmarks.load import Template

ROOT = Path(__file__).resolve().parents[2]
KILLS, CALLERS = 25, 8
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL of POSIX")

NURSERY = """
import asyncio, os, sys
from pathlib import Path
from tests.history.builders import incoming
from tests.receiver.builders import RULES
from workbench.cli.opening import now
from workbench.history import HistoryJournal, Ledger, StateItems, Store
from workbench.receiver import Outcomes, ReceiverState, endpoints
from workbench.session.ids import fresh_id
from workbench.transport.server import Server

async def serve(path):
    store = Store.open(Path(path), clock=now)
    journal = HistoryJournal(store, clock=now, ids=fresh_id, incoming=incoming)
    state, items = ReceiverState(), StateItems(store)
    def keep(changed):
        values = {(item.kind.value, item.id): item.to_json() for item in changed}
        assert items.save_with_answer("receiver", values, lambda: None)
    state.on_change = keep
    router = endpoints(state, Ledger(store), RULES, now, fresh_id)
    server = Server(router, journal, refuse=Outcomes("ZZT01", fresh_id).refuse, clock=now)
    address = await server.start("127.0.0.1", 0)
    print(os.getpid(), address.port, flush=True)
    await asyncio.Event().wait()

for line in sys.stdin:  # a fork has all its modules at once: only the receiver itself starts anew
    child = os.fork()
    if child == 0:
        asyncio.run(serve(line.strip()))
    os.waitpid(child, 0)
"""


async def load_until_killed(pid: int, port: int, calls: Template, dice: random.Random) -> list[str]:
    """Callers at work until the receiver is killed, after a number of answers nobody knows; what was acknowledged."""
    acknowledged: list[str] = []
    enough = dice.randint(1, 25)

    async def caller() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while True:
                id, call = calls.fill()
                writer.write(call)
                if await answer_status(reader) == 200:
                    acknowledged.append(id)
                if len(acknowledged) == enough:
                    os.kill(pid, signal.SIGKILL)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async with asyncio.timeout(30):
        await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return acknowledged


def test_what_was_acknowledged_outlives_25_kills(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    calls = template("http://127.0.0.1/booking-and-referral/FHIR/R4", "9990000918")
    dice = random.Random(25)
    acknowledged: set[str] = set()
    nursery = subprocess.Popen(
        [sys.executable, "-c", NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    for _ in range(KILLS):
        nursery.stdin.write(f"{path}\n")
        nursery.stdin.flush()
        pid, port = map(int, nursery.stdout.readline().split())
        acknowledged |= set(asyncio.run(load_until_killed(pid, port, calls, dice)))
    nursery.communicate(timeout=30)

    assert len(acknowledged) >= KILLS
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = connection.execute("SELECT request_headers, status FROM exchange").fetchall()
        stored = {dict(json.loads(headers))["X-Request-Id"] for headers, status in rows if status == 200}
        done = {id for (id,) in connection.execute("SELECT request_id FROM ledger WHERE state = 'done'")}
        held = connection.execute("SELECT count(*) FROM state_item WHERE kind = 'referral'").fetchone()[0]
    assert acknowledged - stored == set()
    assert stored == done, "an answer and the outcome of its message are one transaction"
    assert held == len(done), "and so is what the receiver then holds"
