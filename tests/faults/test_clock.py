"""Fault F61: a clock that jumps by an hour changes neither the life of a token nor the order of sends."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.history.builders import a_journal, a_store
from tests.transport.builders import an_exchange
from workbench.exchange import Response
from workbench.history import Queries
from workbench.transport.tokens import Tokens

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.exchange import Exchange, Request

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(hours=1)])
def test_f61_a_token_lives_by_the_monotonic_clock(jump: timedelta) -> None:
    asked: list[Request] = []
    times = {"wall": NOON, "run": 0.0}

    async def fetch(request: Request) -> Exchange:
        asked.append(request)
        body = b'{"access_token": "mock", "expires_in": "599"}'
        return replace(an_exchange("http://127.0.0.1:1/x"), response=Response(200, "OK", (), body))

    async def play() -> list[int]:
        tokens = Tokens(timer=lambda: times["run"], clock=lambda: times["wall"], fetch=fetch)  # type: ignore[arg-type, return-value]
        counts = []
        for wall, run in ((NOON, 0.0), (NOON + jump, 60.0), (NOON + jump, 580.0)):
            times.update(wall=wall, run=run)
            await tokens.get("http://127.0.0.1:1/token", kid="k", client_id="c", assertion=lambda: "a.b.c")
            counts.append(len(asked))
        return counts

    assert asyncio.run(play()) == [1, 1, 2]


def test_f61_sends_stay_in_the_order_in_which_they_were_made(tmp_path: Path) -> None:
    async def play() -> list[str]:
        with a_store(tmp_path) as store:
            journal = a_journal(store)
            for number, hours in enumerate((0, -1, 1, -2)):
                call = an_exchange("http://127.0.0.1:1/x")
                started = replace(call.timing, started=NOON + timedelta(hours=hours))
                await journal.sending(replace(call, id=f"send {number}", timing=started))
            rows = await Queries(store, clock=lambda: NOON).recent()
            return [one.exchange.id for one in sorted(rows, key=lambda one: one.exchange.seq)]

    assert asyncio.run(play()) == ["send 0", "send 1", "send 2", "send 3"]
