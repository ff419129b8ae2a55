"""Bodies that came in a rush are the same before and after they are packed."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from tests.history.builders import a_journal, a_store
from workbench.exchange import Request, Response
from workbench.history import bodies, packing
from workbench.history.packing import Packing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

    from workbench.history.store import Store

MANY = 3 * packing.RUSH


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "PAUSE_S", 0.0)
    monkeypatch.setattr(packing, "BREATH_S", 0.0)


def kept_bytes(store: Store) -> int:
    found: int = store.read_now(lambda c: c.execute("SELECT sum(length(data)) FROM body").fetchone()[0])
    return found


def test_what_came_in_a_rush_is_packed_afterwards_and_reads_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before: list[int] = []
    pack = packing._pack

    def watched(sha256s: Sequence[str], connection: sqlite3.Connection) -> None:
        before.append(connection.execute("SELECT sum(length(data)) FROM body").fetchone()[0])
        pack(sha256s, connection)

    monkeypatch.setattr(packing, "_pack", watched)

    async def work() -> int:
        with a_store(tmp_path) as store:
            journal = a_journal(store)

            async def call(number: int) -> None:
                body = b"%d " % number + b"words " * 500
                id = await journal.received(Request("POST", "http://127.0.0.1/", (), body))
                await journal.answering(id, Response(200, body=b"answer to " + body))
                await journal.delivered(id, None)

            gate = threading.Event()
            busy = store.begin(lambda _: gate.wait(20), "a slow job")
            calls = [asyncio.ensure_future(call(number)) for number in range(MANY)]
            while store.waiting < MANY:
                await asyncio.sleep(0)
            gate.set()
            await asyncio.gather(busy, *calls)
            await journal.packing.packed()
            small = kept_bytes(store)
            every = await store.read(lambda c: [row[0] for row in c.execute("SELECT sha256 FROM body")])
            texts = {await store.read(lambda c, sha=sha: bodies.get(c, sha)) for sha in every}
            words = {b"%d " % number + b"words " * 500 for number in range(MANY)}
            assert texts == words | {b"answer to " + one for one in words}
            return small

    small = asyncio.run(work())
    assert before[0] > 5 * small


def test_what_comes_singly_is_packed_at_once(tmp_path: Path) -> None:
    async def work() -> bool:
        with a_store(tmp_path) as store:
            return Packing(store).rush()

    assert asyncio.run(work()) is False


def test_the_end_of_the_program_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    async def work() -> bytes:
        with a_store(tmp_path) as store:
            sha, row = bodies.row(b"x" * 1000, bodies.AS_IT_IS)
            await store.run(lambda c: c.execute(f"{row.before} (?, ?, ?)", row.values).rowcount)
            keeper = Packing(store)
            keeper.add([sha])
            await keeper.close()
            return await store.read(lambda c: bodies.get(c, sha))

    assert asyncio.run(work()) == b"x" * 1000
