from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.history.builders import a_store
from workbench.exchange import LedgerState
from workbench.history import Ledger

if TYPE_CHECKING:
    from pathlib import Path


def test_a_message_is_fresh_then_processing_then_done_also_after_a_restart(tmp_path: Path) -> None:
    async def scenario(ledger: Ledger) -> list[LedgerState]:
        states = [await ledger.begin("R1", "C1"), await ledger.begin("r1", "c1")]
        await ledger.finish("R1", "C1", ok=True)
        return [*states, await ledger.begin("R1", "C1"), await ledger.begin("R1", "C2"), await ledger.begin("R2", "C1")]

    with a_store(tmp_path) as store:
        assert asyncio.run(scenario(Ledger(store))) == ["fresh", "processing", "done", "fresh", "fresh"]
    with a_store(tmp_path) as store:
        assert asyncio.run(Ledger(store).begin("R1", "C1")) is LedgerState.DONE


def test_after_a_failure_the_same_message_is_processed_again(tmp_path: Path) -> None:
    async def scenario(ledger: Ledger) -> list[LedgerState]:
        await ledger.begin("R", "C")
        await ledger.finish("R", "C", ok=False)
        return [await ledger.begin("R", "C"), await ledger.begin("R", "C")]

    with a_store(tmp_path) as store:
        assert asyncio.run(scenario(Ledger(store))) == ["failed", "processing"]


def test_of_two_at_once_one_is_fresh(tmp_path: Path) -> None:
    async def scenario(ledger: Ledger) -> list[LedgerState]:
        return sorted(await asyncio.gather(*(ledger.begin("R", "C") for _ in range(8))))

    with a_store(tmp_path) as store:
        assert asyncio.run(scenario(Ledger(store))) == ["fresh", *["processing"] * 7]


def test_by_the_request_id_alone_whatever_is_taken_counts_and_failures_do_not(tmp_path: Path) -> None:
    async def scenario(ledger: Ledger) -> list[LedgerState]:
        found = [await ledger.begin("R", "C1"), await ledger.begin("r", "C2", alone=True)]
        await ledger.finish("R", "C1", ok=False)
        found.append(await ledger.begin("R", "C2", alone=True))
        await ledger.finish("R", "C2", ok=True)
        return [*found, await ledger.begin("R", "C1", alone=True), await ledger.begin("R", "C1")]

    with a_store(tmp_path) as store:
        assert asyncio.run(scenario(Ledger(store))) == ["fresh", "processing", "fresh", "done", "failed"]


def test_a_request_id_that_was_used_with_another_correlation_id_is_told(tmp_path: Path) -> None:
    async def scenario(ledger: Ledger) -> list[bool]:
        await ledger.begin("R", "C1")
        found = [await ledger.reused("R", "C2")]
        await ledger.finish("R", "C1", ok=True)
        return [*found, await ledger.reused("r", "C2"), await ledger.reused("R", "c1"), await ledger.reused("S", "C1")]

    with a_store(tmp_path) as store:
        assert asyncio.run(scenario(Ledger(store))) == [False, True, False, False]
