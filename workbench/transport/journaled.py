"""A send that is journaled: its bytes are safe before the socket opens, its outcome before anybody hears of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.errors import ErrorCode
from workbench.exchange import Failure, FailureKind, Phase
from workbench.transport.client import on_the_wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.exchange import Exchange, Journal
    from workbench.transport.client import Client


async def send_journaled(
    client: Client, journal: Journal, exchange: Exchange, told: Callable[[Phase], None] | None = None
) -> Exchange:
    """The exchange with its response or failure. StoreError when it could not be stored: nothing was sent then.

    `told` hears of each phase as it begins. A cancelled send is stored as stopped before the cancellation goes on.
    """
    exchange = replace(exchange, request=on_the_wire(exchange.request))
    phases: set[Phase] = set()

    def note(phase: Phase) -> None:
        phases.add(phase)
        if told is not None:
            told(phase)

    begun = asyncio.ensure_future(journal.sending(exchange))
    try:
        await asyncio.shield(begun)
        outcome = await client.send(exchange.request, note)
    except asyncio.CancelledError:
        await asyncio.shield(_keep_stopped(begun, journal, stopped(exchange, left=Phase.SEND in phases)))
        raise
    done = replace(
        exchange,
        response=outcome.response,
        failure=outcome.failure,
        timing=replace(outcome.timing, started=exchange.timing.started),
        tls=outcome.tls,
        peer_date=outcome.peer_date,
    )
    keeping = asyncio.ensure_future(journal.answered(done))
    try:
        await asyncio.shield(keeping)
    except asyncio.CancelledError:
        await asyncio.shield(keeping)  # the answer is there: whoever stops now loses none of it
        raise
    return done


def stopped(exchange: Exchange, *, left: bool) -> Exchange:
    """An exchange that a person gave up; `left` says whether something of it may have reached the other side."""
    host = urlsplit(exchange.request.url).netloc
    code = ErrorCode.NET_STOPPED if left else ErrorCode.NET_STOPPED_EARLY
    return replace(exchange, failure=Failure.of(FailureKind.STOPPED, code, what=host))


async def _keep_stopped(begun: asyncio.Future[None], journal: Journal, exchange: Exchange) -> None:
    """Once its bytes are safe, store that it was stopped."""
    await begun
    await journal.answered(exchange)
