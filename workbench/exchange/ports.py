"""The ports between layers: callables and protocols, no behaviour."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from workbench.exchange.values import Exchange, Failure, Request, Response

Clock = Callable[[], datetime]
"""Gives the present as an aware UTC datetime."""

Ids = Callable[[], str]
"""Gives a fresh lower-case UUID at each call."""

Handler = Callable[[Request], Awaitable[Response]]
"""Answers a request; opens no socket."""

Refuse = Callable[[int, str, str, Request | None], Response]
"""Answers what never became a proper request: (status, FHIR issue code, diagnostics, the request so far)."""


class Send(Protocol):
    """Sends one request and gives its answer, or why there is none; never raises for what the network does."""

    async def __call__(self, request: Request) -> Response | Failure: ...


class Journal(Protocol):
    """Keeps exchanges before they are acted on: the history for the workbench, a log table for the sandbox."""

    async def sending(self, exchange: Exchange) -> None:
        """Commit an outgoing request before its socket opens."""

    async def answered(self, exchange: Exchange) -> None:
        """Commit the response or failure of an outgoing request."""

    async def received(self, request: Request) -> str:
        """Commit an incoming request before its handler runs; gives the id of its exchange."""
        ...

    async def answering(self, id: str, response: Response) -> None:
        """Commit our answer before its first byte leaves."""

    async def delivered(self, id: str, failure: Failure | None) -> None:
        """Note whether the answer reached the caller."""


class LedgerState(StrEnum):
    """What is known about a message when it arrives, by its request id and correlation id."""

    FRESH = "fresh"
    PROCESSING = "processing"
    """The same message is being worked on at this moment."""
    DONE = "done"
    """It was processed with success: this one is a duplicate."""
    FAILED = "failed"
    """An earlier attempt failed: process it again."""
