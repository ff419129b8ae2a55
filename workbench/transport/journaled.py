"""A send that is journaled: its bytes are safe before the socket opens, its outcome before anybody hears of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.errors import ErrorCode
from workbench.exchange import Failure, FailureKind
from workbench.transport.client import on_the_wire

if TYPE_CHECKING:
    from workbench.exchange import Exchange, Journal
    from workbench.transport.client import Client


async def send_journaled(client: Client, journal: Journal, exchange: Exchange) -> Exchange:
    """The exchange with its response or failure. StoreError when it could not be stored: nothing was sent then.

    A cancelled send is stored as stopped before the cancellation goes on.
    """
    exchange = replace(exchange, request=on_the_wire(exchange.request))
    begun = asyncio.ensure_future(journal.sending(exchange))
    try:
        await asyncio.shield(begun)
        outcome = await client.send(exchange.request)
    except asyncio.CancelledError:
        await asyncio.shield(_keep_stopped(begun, journal, exchange))
        raise
    done = replace(
        exchange,
        response=outcome.response,
        failure=outcome.failure,
        timing=replace(outcome.timing, started=exchange.timing.started),
        tls=outcome.tls,
        peer_date=outcome.peer_date,
    )
    await journal.answered(done)
    return done


def stopped(exchange: Exchange) -> Exchange:
    """An exchange that a person gave up."""
    host = urlsplit(exchange.request.url).netloc
    return replace(exchange, failure=Failure.of(FailureKind.STOPPED, ErrorCode.NET_STOPPED, what=host))


async def _keep_stopped(begun: asyncio.Future[None], journal: Journal, exchange: Exchange) -> None:
    """Once its bytes are safe, store that it was stopped."""
    await begun
    await journal.answered(stopped(exchange))
