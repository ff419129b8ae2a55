"""A session on a demo workspace for tests: embedded sandbox and receiver on loopback, replies without delay."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from workbench import workspace
from workbench.session.options import SessionOptions
from workbench.session.parts import open_session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from workbench.session.session import Session


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the clock of these tests


def new_id() -> str:
    return str(uuid4())


@asynccontextmanager
async def a_session(
    folder: Path, passphrase: str | None = None, options: SessionOptions | None = None, **environ: str
) -> AsyncIterator[Session]:
    """The session of a demo workspace, made where there is none."""
    opened = workspace.open_or_make(folder, clock=now, ids=new_id, demo=True)
    try:
        session = await open_session(
            opened,
            clock=now,
            ids=new_id,
            timer=time.monotonic,
            environ={**os.environ, **environ},
            passphrase=passphrase,
            options=options or SessionOptions(reply_delay_s=0.0),
        )
        try:
            yield session
        finally:
            await session.close()
    finally:
        opened.close()


class Hearing:
    """Hears every event of a session, and waits for one of them."""

    def __init__(self, session: Session) -> None:
        self.events: list[object] = []
        self._more = asyncio.Event()
        session.subscribe(self._on_event)

    def _on_event(self, event: object) -> None:
        self.events.append(event)
        self._more.set()

    async def until(self, fact: Callable[[object], bool]) -> None:
        """Wait for an event of which a fact holds; one that was heard before counts."""
        async with asyncio.timeout(10):
            while not any(fact(event) for event in self.events):
                self._more.clear()
                await self._more.wait()


@pytest.fixture
def play(tmp_path: Path) -> Callable[..., Any]:
    """Runs a coroutine function with a session of its own workspace and gives what it gives."""

    def run(work: Callable[[Session], Awaitable[Any]], **wanted: Any) -> Any:
        async def whole() -> Any:
            async with a_session(tmp_path / "workspace", **wanted) as session:
                return await work(session)

        return asyncio.run(whole())

    return run
