"""Exports whose disk fails or that are stopped: the file that was there stays, and nothing is left beside it."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.conftest import a_session
from tests.session.test_exporting import QUIET, a_seeded
from workbench.errors import ErrorCode, StoreError
from workbench.session.exporting import ExportForm, ExportOrder

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from workbench.session.session import Session


def run(folder: Path, work: Callable[[Session], Awaitable[Any]]) -> None:
    async def whole() -> None:
        async with a_session(folder / "workspace", options=QUIET) as session:
            await work(session)

    asyncio.run(whole())


def test_a_disk_that_fills_leaves_the_file_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out" / "ticket.zip"
    target.parent.mkdir()
    target.write_bytes(b"the one before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    async def exported(session: Session) -> None:
        id = await a_seeded(session)
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(StoreError) as said:
                await session.exporting.save(ExportOrder(id, ExportForm.TICKET), str(target))
        assert said.value.code is ErrorCode.STORE_FAILED
        assert "No space left" in said.value.sentence

    run(tmp_path, exported)
    assert [(one.name, one.read_bytes()) for one in target.parent.iterdir()] == [("ticket.zip", b"the one before")]


def test_an_export_that_is_stopped_leaves_no_file(tmp_path: Path) -> None:
    target = tmp_path / "out" / "ticket.zip"
    target.parent.mkdir()

    async def stopped(session: Session) -> None:
        id = await a_seeded(session)
        task = asyncio.ensure_future(session.exporting.save(ExportOrder(id, ExportForm.TICKET), str(target)))
        session.subscribe(lambda _: task.cancel())  # the first word of progress stops it
        with pytest.raises(asyncio.CancelledError):
            await task

    run(tmp_path, stopped)
    assert not list(target.parent.iterdir())
