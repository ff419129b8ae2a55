from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.correlation.builders import START
from tests.history.builders import a_store
from workbench.history import DraftRow, Drafts, RunRow, Runs, StateItems, Store
from workbench.messages.values import Number

if TYPE_CHECKING:
    from pathlib import Path


def test_state_belongs_to_its_owner_and_survives(tmp_path: Path) -> None:
    appointment = {"resourceType": "Appointment", "priority": Number("1.10"), "slot": [None, True]}

    async def save(store: Store) -> None:
        items = StateItems(store)
        await items.save("a", {("Appointment", "1"): appointment, ("Slot", "1"): "busy"})
        await items.save("b", {("Slot", "1"): "free"})
        await items.save("a", {("Slot", "1"): None, ("Slot", "2"): "free"})

    with a_store(tmp_path) as store:
        asyncio.run(save(store))
    with a_store(tmp_path) as store:
        items = StateItems(store)
        assert asyncio.run(items.load("a")) == {("Appointment", "1"): appointment, ("Slot", "2"): "free"}
        asyncio.run(items.clear("a"))
        assert asyncio.run(items.load("a")) == {}
        assert asyncio.run(items.load("b")) == {("Slot", "1"): "free"}


def test_drafts(tmp_path: Path) -> None:
    async def scenario(drafts: Drafts) -> tuple[DraftRow, ...]:
        await drafts.save("1", "old title", START, {"text": "a"})
        await drafts.save("2", "second", START + timedelta(seconds=5), {"text": "b"})
        await drafts.save("1", "first", START + timedelta(seconds=9), {"text": "c", "n": 3})
        return await drafts.list()

    with a_store(tmp_path) as store:
        drafts = Drafts(store)
        first = DraftRow("1", "first", START + timedelta(seconds=9))
        assert asyncio.run(scenario(drafts)) == (first, DraftRow("2", "second", START + timedelta(seconds=5)))
        assert asyncio.run(drafts.load("1")) == {"text": "c", "n": 3}
        asyncio.run(drafts.delete("2"))
        assert asyncio.run(drafts.list()) == (first,)
        with pytest.raises(KeyError):
            asyncio.run(drafts.load("2"))


def test_runs(tmp_path: Path) -> None:
    going = RunRow("1", "validation", START, None)
    ended = RunRow("2", "refer", START + timedelta(seconds=1), True)

    async def scenario(runs: Runs) -> tuple[RunRow, ...]:
        await runs.save(going, {"steps": []})
        await runs.save(ended, {"steps": [1]})
        return await runs.list()

    with a_store(tmp_path) as store:
        assert asyncio.run(scenario(Runs(store))) == (ended, going)
        assert asyncio.run(Runs(store).load("2")) == {"steps": [1]}
