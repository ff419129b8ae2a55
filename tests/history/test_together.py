"""Ledger, state and answer: one transaction. Either all of a message is kept, or the same message may come again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from workbench.errors import ErrorCode, StoreError
from workbench.exchange import LedgerState, Request, Response
from workbench.history import HistoryJournal, IncomingContext, Ledger, StateItems, Store
from workbench.standard import default_profile

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
IDS = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222")
ANSWER = Response(200, "OK", (), b"{}")


def played(folder: Path, work: Any) -> Any:
    """What a coroutine function gives with (journal, ledger, state, store) of a fresh history."""

    async def whole() -> Any:
        store = Store.open(folder / "history.db", clock=lambda: NOW)
        numbers = iter(range(1000))

        journal = HistoryJournal(
            store,
            clock=lambda: NOW,
            ids=lambda: f"exchange-{next(numbers)}",
            incoming=lambda _: IncomingContext("embedded", "process-message", default_profile()),
        )
        try:
            return await work(journal, Ledger(store), StateItems(store), store)
        finally:
            store.close()

    return asyncio.run(whole())


def test_what_belongs_to_an_answer_is_stored_with_it(tmp_path: Path) -> None:
    async def work(journal: HistoryJournal, ledger: Ledger, state: StateItems, _: Store) -> None:
        id = await journal.received(Request("POST", "http://127.0.0.1/$process-message", (), b"{}"))
        assert await ledger.begin(*IDS) is LedgerState.FRESH
        assert state.save_with_answer("own", {("referral", "1"): {"a": "b"}}, lambda: None)
        await ledger.finish(*IDS, ok=True)
        assert await state.load("own") == {}, "nothing is kept before the answer is"
        await journal.answering(id, ANSWER)
        assert await state.load("own") == {("referral", "1"): {"a": "b"}}
        assert await ledger.begin(*IDS) is LedgerState.DONE
        await journal.delivered(id, None)
        assert not state.save_with_answer("own", {}, lambda: None), "outside of a call nothing waits"

    played(tmp_path, work)


def test_an_answer_that_cannot_be_stored_leaves_nothing_and_the_message_may_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(journal: HistoryJournal, ledger: Ledger, state: StateItems, store: Store) -> None:
        id = await journal.received(Request("POST", "http://127.0.0.1/$process-message", (), b"{}"))
        await ledger.begin(*IDS)
        lost: list[str] = []
        state.save_with_answer("own", {("referral", "1"): {"a": "b"}}, lambda: lost.append("state"))
        await ledger.finish(*IDS, ok=True)
        failed: list[str] = []

        def full(job: Any, what: str) -> asyncio.Future[Any]:
            failed.append(what)
            future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_soon(future.set_exception, StoreError(ErrorCode.STORE_FULL, what=what))
            return future

        with monkeypatch.context() as patch:
            patch.setattr(store, "begin", full)
            with pytest.raises(StoreError):
                await journal.answering(id, ANSWER)
        assert failed == ["the answer"]
        assert lost == ["state"]
        assert await state.load("own") == {}
        assert await ledger.begin(*IDS) is LedgerState.FAILED, "it is not taken for a duplicate"

    played(tmp_path, work)


def test_a_mistake_before_the_answer_is_on_its_way_gives_the_message_back(tmp_path: Path) -> None:
    async def work(journal: HistoryJournal, ledger: Ledger, state: StateItems, _: Store) -> None:
        await journal.received(Request("POST", "http://127.0.0.1/$process-message", (), b"{}"))
        await ledger.begin(*IDS)
        lost: list[str] = []
        state.save_with_answer("own", {("referral", "1"): {"a": "b"}}, lambda: lost.append("state"))
        await ledger.finish(*IDS, ok=True)
        with pytest.raises(KeyError):
            await journal.answering("no such exchange", ANSWER)
        assert lost == ["state"]
        assert await ledger.begin(*IDS) is LedgerState.FAILED

    played(tmp_path, work)
