"""The journal of the workbench: every exchange is in the history before it is acted on.

Stores what passes without its secrets; must not know what a message says.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from workbench.exchange import Direction, Exchange, Timing
from workbench.headers.ids import REQUEST_ID
from workbench.history import bodies, codec, rows, together
from workbench.history.gathered import Rows, joined
from workbench.history.secrets import Cut, cut_exchange, cut_failure, cut_response

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable, Sequence

    from workbench.exchange import Clock, Failure, Ids, Request, Response
    from workbench.history.gathered import Question
    from workbench.history.ledger import Ledger, Look
    from workbench.history.store import Job, Store
    from workbench.standard import VersionProfile

    Recorded = Callable[[Exchange], Awaitable[None]]
    AnsweredBy = Callable[[Exchange], str]

_MESSAGE = "the message"


@dataclass(frozen=True, slots=True)
class IncomingContext:
    """What the workbench knows of an incoming request beyond its bytes."""

    environment: str
    operation: str
    versions: VersionProfile
    service: str | None = None


class HistoryJournal:
    """An `exchange.Journal` over the store.

    `incoming` says what a received request is, `versions`, once it is answered, by which it was made; `answered_by`
    which rule gave the answer to one that went out, where somebody in this program gave it; `recorded` is awaited after
    each commit with the exchange as it is stored (its seq set, its secrets cut) and must not raise.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        ids: Ids,
        incoming: Callable[[Request], IncomingContext],
        versions: Callable[[Request], VersionProfile] | None = None,
        recorded: Recorded | None = None,
        answered_by: AnsweredBy | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._ids = ids
        self._incoming = incoming
        self._versions = versions
        self._recorded = recorded
        self._answered_by = answered_by
        self._open: dict[str, Exchange] = {}

    async def sending(self, exchange: Exchange) -> None:
        """Commit an outgoing request before its socket opens."""
        await self._tell(await self._insert(exchange))

    async def answered(self, exchange: Exchange) -> None:
        """Commit the response or failure of an outgoing request; one that `sending` never saw is stored whole."""
        known = self._open.pop(exchange.id, None)
        if exchange.response is not None and self._answered_by is not None:
            by = self._answered_by(exchange)
            exchange = replace(exchange, response=replace(exchange.response, answered_by=by))
        if known is None:
            await self._tell(await self._insert(exchange))
            return
        kept, cuts = cut_exchange(exchange)
        new = [cut for cut in cuts if not cut.where.startswith("request.")]
        await self._store.run(lambda connection: _complete(connection, kept, new), "the answer")
        await self._tell(replace(kept, seq=known.seq))

    async def received(self, request: Request) -> str:
        """Commit an incoming request before its handler runs; gives the id of its exchange."""
        context = self._incoming(request)
        exchange = Exchange(
            id=self._ids(),
            seq=0,
            direction=Direction.IN,
            environment=context.environment,
            operation=context.operation,
            versions=context.versions,
            request=request,
            timing=Timing(self._clock()),
            service=context.service,
            tls=request.peer.tls if request.peer is not None else None,
        )
        looked = self._ledger.look(request.header(REQUEST_ID) or "") if self._ledger is not None else None
        id = (await self._insert(exchange, looked)).id
        together.begin(id, looked)
        return id

    async def answering(self, id: str, response: Response) -> None:
        """Commit our answer, with the changes that belong to it, before its first byte leaves.

        KeyError for an id that `received` did not give. StoreError when it could not be stored: then nothing of it was,
        and the same message may come again.
        """
        waiting = together.take()
        try:
            exchange = self._open[id]
            kept, cuts = cut_response(response)
            wait = max(0.0, (self._clock() - exchange.timing.started).total_seconds())
            timing = replace(exchange.timing, wait=wait)
            exchange = replace(exchange, response=kept, timing=timing, versions=self._made_by(exchange))
            job = joined([*waiting.jobs, self._completing(exchange, cuts)])
        except BaseException:
            waiting.end(stored=False)
            raise
        storing = self._store.begin(job, "the answer")
        storing.add_done_callback(lambda done: waiting.end(not done.cancelled() and done.exception() is None))
        await asyncio.shield(storing)  # whoever is cancelled now has it stored all the same
        self._open[id] = exchange
        await self._tell(exchange)

    async def delivered(self, id: str, failure: Failure | None) -> None:
        """Note whether the answer reached the caller; with nothing to note, only forget the exchange."""
        exchange = self._open.pop(id)
        if failure is None:
            return
        kept, cuts = cut_failure(failure)
        versions = exchange.versions if exchange.response is not None else self._made_by(exchange)
        exchange = replace(exchange, failure=kept, versions=versions)
        await self._store.run(lambda connection: _complete(connection, exchange, cuts), "the delivery")
        await self._tell(exchange)

    async def _insert(self, exchange: Exchange, looked: Look | None = None) -> Exchange:
        kept, cuts = cut_exchange(exchange)
        question = looked.question if looked is not None else None
        seq = await self._store.run(self._recording(kept, cuts, question), _MESSAGE)
        stored = replace(kept, seq=seq)
        if stored.in_flight:
            self._open[stored.id] = stored
        return stored

    def _recording(self, exchange: Exchange, cuts: Sequence[Cut], question: Question | None) -> Job[int]:
        """The job that stores a new exchange; gives its seq."""
        if rows.small(exchange):
            return Rows(rows.inserted(exchange, cuts), question)

        def job(connection: sqlite3.Connection) -> int:
            if question is not None:
                question.run(connection)
            return rows.insert(connection, exchange, cuts)

        return job

    def _completing(self, exchange: Exchange, cuts: Sequence[Cut]) -> Job[Any]:
        """The job that stores what has become of an exchange."""
        if not cuts and rows.small(exchange):
            return Rows(rows.answered(exchange))
        return lambda connection: _complete(connection, exchange, cuts)

    def _made_by(self, exchange: Exchange) -> VersionProfile:
        """By which versions a received message was made."""
        return exchange.versions if self._versions is None else self._versions(exchange.request)

    async def _tell(self, exchange: Exchange) -> None:
        if self._recorded is not None:
            await self._recorded(exchange)


def _complete(connection: sqlite3.Connection, exchange: Exchange, cuts: Sequence[Cut]) -> None:
    """Store what has become of an exchange; what was cut now comes beside what was cut before."""
    columns = rows.versions(exchange) | rows.outcome(partial(bodies.put, connection), exchange)
    if cuts:
        (text,) = connection.execute("SELECT cuts FROM exchange WHERE id = ?", (exchange.id,)).fetchone()
        before = codec.load(text)
        assert isinstance(before, list)
        more = codec.load(rows.dump_cuts(cuts))
        assert isinstance(more, list)
        columns["cuts"] = codec.dump(before + more)
    rows.update(connection, exchange.id, columns)
