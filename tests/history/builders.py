"""A store in a folder of the test, and a journal over it."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.correlation.builders import START, VERSIONS
from workbench.history import HistoryJournal, IncomingContext, Indexer, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from workbench.exchange import Exchange, Request
    from workbench.messages.values import MessageFacts
    from workbench.standard import VersionProfile


class Ticking:
    """A clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def ids() -> Callable[[], str]:
    """GUIDs in a fixed order."""
    numbers = iter(range(1, 1_000_000))
    return lambda: str(uuid.UUID(int=next(numbers)))


@contextmanager
def a_store(folder: Path, **more: object) -> Iterator[Store]:
    store = Store.open(folder / "history.db", clock=Ticking(), **more)  # type: ignore[arg-type]
    try:
        yield store
    finally:
        store.close()


def incoming(request: Request) -> IncomingContext:
    return IncomingContext("embedded", "process-message", VERSIONS, "northgate")


def a_journal(
    store: Store,
    told: list[Exchange] | None = None,
    answered_by: Callable[[Exchange], str] | None = None,
    versions: Callable[[Request], VersionProfile] | None = None,
) -> HistoryJournal:
    async def recorded(exchange: Exchange) -> None:
        if told is not None:
            told.append(exchange)

    return HistoryJournal(
        store,
        clock=Ticking(),
        ids=ids(),
        incoming=incoming,
        versions=versions,
        recorded=recorded,
        answered_by=answered_by,
    )


def title_of(facts: MessageFacts) -> str:
    return f"{facts.event} {facts.reason}"


def an_indexer(store: Store) -> Indexer:
    return Indexer(store, clock=Ticking(), title_of=title_of)
