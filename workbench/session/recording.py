"""The one funnel of exchanges: correlate and store the links, tell subscribers, then judge and store the verdicts.

Both directions come through here, from the journal; the sandbox's inner legs do not.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from workbench.correlation import LinkKind
from workbench.errors import WorkbenchError
from workbench.exchange import Direction
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.messages import recent
from workbench.session.backlog import Backlog, Filing
from workbench.session.engine import IN_THREAD
from workbench.session.events import ExchangeRecorded, Noticed, VerdictReady
from workbench.session.judging import Facts, exchange_facts, exchange_verdicts, facts_of
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from workbench.exchange import Exchange
    from workbench.messages import Finding, MessageFacts
    from workbench.session.engine import Engine
    from workbench.standard.definitions import Definition

    Silenced = Callable[[str | None, Finding], bool]
    OwnDefinitions = Callable[[str, str | None], Awaitable[tuple[Definition, ...]]]

_FOLLOWS = (LinkKind.REPLY, LinkKind.UPDATE, LinkKind.CANCEL)
"""How a message is tied to the one it is compared with."""

AT_ONCE = 32 * 1024
"""Bytes of two bodies up to which their facts are read where they are: handing them over takes longer."""

UNREAD = 32 * 1024
"""Bytes of an answer up to which it waits with the other facts of its exchange, to be read when its turn has come."""

FILED_TOGETHER = 8
"""How many exchanges are put into their conversations in one go: what is more urgent waits no longer than that."""

_many: ContextVar[bool] = ContextVar("many", default=False)
"""Whether what this task sends is one of many that nobody looks at singly."""

_log = logging.getLogger(__name__)


class Filed(NamedTuple):
    """An exchange without its bodies, with all that is stored of them in lists."""

    exchange: Exchange
    request: MessageFacts | None
    response: MessageFacts | None


class Recorder:
    """Takes exchanges as the journal stores them; called on the I/O thread."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._backlog: Backlog | None = None
        self._definitions: OwnDefinitions | None = None
        self._silenced: Silenced | None = None

    def attach(self, engine: Engine, definitions: OwnDefinitions, silenced: Silenced) -> None:
        """Say whose exchanges these are: the journal is built before the engine that holds it.

        `definitions` gives what a service of an environment said that it takes, `silenced` whether a finding about what
        was sent to a service does not count.
        """
        self._engine = engine
        self._silenced = silenced
        self._definitions = definitions
        self._backlog = Backlog(spawn=engine.spawn, file=self._file, judge=self._judge_stored)

    async def take_up(self) -> None:
        """Have judged what was answered before the program last ended and is not judged yet."""
        if self._engine is not None and self._backlog is not None:
            self._backlog.judge_later(await self._engine.history.queries.unjudged())

    @property
    def idle(self) -> bool:
        """Whether everything that was answered first is filed and judged."""
        return self._backlog is None or self._backlog.idle

    async def filed(self) -> None:
        """Wait until everything that was answered so far is in its conversation."""
        if self._backlog is not None:
            await self._backlog.filed()

    def end(self) -> None:
        """Judge nothing more of what was answered first; the next start does."""
        if self._backlog is not None:
            self._backlog.end()

    @asynccontextmanager
    async def many(self) -> AsyncIterator[None]:
        """What is sent in here, by this task and those it starts, is filed in batches and judged when there is a pause.

        On leaving everything is in its conversation, unless it is left by an error.
        """
        before = _many.set(True)
        try:
            yield
        finally:
            _many.reset(before)
        await self.filed()

    async def record(self, exchange: Exchange) -> None:
        """Put a stored exchange into its conversation and publish it; its verdicts follow when it is finished.

        Where answers do not wait for verdicts ("stored") they do not wait for this either, and no more do many sends
        together: each of those is told once, with its answer. Never raises: the exchange itself is already safe, and
        whoever waits for an answer gets one.
        """
        engine = self._engine
        if engine is None or self._backlog is None:
            return
        size = len(exchange.request.body) + (len(exchange.response.body) if exchange.response else 0)
        stored_first = engine.settings.workspace.answer_mode == "stored" and exchange.direction is Direction.IN
        if (stored_first or _many.get()) and size <= IN_THREAD:
            if not exchange.in_flight:
                self._backlog.add(exchange.id, partial(self._ready, exchange))
                recent.let_go()
                return
            if _many.get():
                return
        try:
            facts = (
                exchange_facts(exchange)
                if size <= AT_ONCE
                else await engine.compute(exchange_facts, exchange, size=size)
            )
        except Exception:  # a mistake of this program must not keep a stored exchange from being answered
            self._lost(exchange.id)
            return
        if not exchange.in_flight:
            recent.let_go()
        if await self._index(exchange, facts) and not exchange.in_flight:
            engine.spawn(self._judge(exchange, size), f"verdict {exchange.id}")

    def _ready(self, exchange: Exchange) -> Filing | None:
        """An exchange that is filed later; None where it cannot be read, which was told.

        The facts of what came were read a moment ago, unless it is large.
        """
        answer = exchange.response.body if exchange.response is not None else b""
        try:
            request = facts_of(exchange.request.body)
            response = answer if len(answer) <= UNREAD else facts_of(answer)
        except Exception:
            self._lost(exchange.id)
            return None
        return Filing(_without_bodies(exchange), request, response)

    async def _file(self, waiting: tuple[Filing | str, ...]) -> None:
        """Put exchanges that were answered first into their conversations: together, else each by itself."""
        engine = self._engine
        if engine is None:
            return
        engine.give_way()
        filings = [
            self._read(one) if isinstance(one, Filing) else await self._read_again(engine, one) for one in waiting
        ]
        found = [one for one in filings if one is not None]
        try:
            rows = await engine.history.indexer.index_all(found, later=True)
        except Exception:  # one of them is at fault, and is told when it comes to it
            each = ((one.exchange, Facts(one.request, one.response)) for one in found)
            await asyncio.gather(*(self._index(exchange, facts, later=True) for exchange, facts in each))
            return
        for one, row in zip(found, rows, strict=True):
            engine.publish(ExchangeRecorded(one.exchange.id, row))

    def _read(self, filing: Filing) -> Filed | None:
        """An exchange with the facts of its answer, which nobody has asked for so far."""
        exchange, request, response = filing
        if not isinstance(response, bytes):
            return Filed(exchange, request, response)
        try:
            return Filed(exchange, request, facts_of(response))
        except Exception:
            self._lost(exchange.id)
            return None

    async def _read_again(self, engine: Engine, id: str) -> Filed | None:
        """An exchange that was put out of memory; None where it cannot be read, which was told."""
        try:
            exchange = await engine.history.queries.exchange(id)
            facts = exchange_facts(exchange)
        except Exception:
            self._lost(id)
            return None
        return Filed(_without_bodies(exchange), facts.request, facts.response)

    async def _index(self, exchange: Exchange, facts: Facts, *, later: bool = False) -> bool:
        """Store where an exchange belongs and publish it; False where that failed, which was told."""
        engine = self._engine
        if engine is None:
            return False
        try:
            row = await engine.history.indexer.index(exchange, facts.request, facts.response, later=later)
        except WorkbenchError as error:
            _log.error("exchange %s was stored but not put into a conversation: %s", exchange.id, error.code)
            engine.publish(Noticed(Tone.ERROR, error.sentence, error.next_step))
            return False
        except Exception:
            self._lost(exchange.id)
            return False
        engine.publish(ExchangeRecorded(exchange.id, row))
        return True

    def _lost(self, id: str) -> None:
        """Tell that an exchange is safe but not shown; called where an exception is being handled."""
        _log.exception("exchange %s was stored but not put into a conversation", id)
        if self._engine is not None:
            words = ("An exchange is kept but not shown.", "The log names it; report this.")
            self._engine.publish(Noticed(Tone.ERROR, *words))

    async def _judge_stored(self, id: str) -> None:
        """Judge an exchange that is read again for it: many that wait are not to be held in memory."""
        engine = self._engine
        if engine is None:
            return
        engine.give_way()
        try:
            exchange = await engine.history.queries.exchange(id)
            await self._judge(exchange, len(exchange.request.body))
        except WorkbenchError as error:
            _log.error("exchange %s was not judged: %s", id, error.code)
        except Exception:
            _log.exception("exchange %s was not judged", id)

    async def _judge(self, exchange: Exchange, size: int) -> None:
        engine = self._engine
        if engine is None:
            return
        ids = (exchange.request.header(REQUEST_ID) or "", exchange.request.header(CORRELATION_ID) or "")
        known = engine.judged.pop(ids, None)
        packages = await engine.packages.ready()
        conversation = await engine.history.queries.conversation_of(exchange.id)
        original = await self._original(exchange.id) if conversation else b""
        offered = await self._offered(exchange)
        given = (exchange, known, packages, original, offered)
        found = await engine.compute(exchange_verdicts, *given, size=size + len(original))
        parts = {"request": found.request, "response": found.response}
        save = engine.history.verdicts.save_verdict
        covers = self._covers(exchange)
        await asyncio.gather(*(save(exchange.id, one, part, covers) for part, one in parts.items() if one is not None))
        worst = min(
            (v.worst for v in found if v is not None and v.worst is not None), key=lambda one: one.rank, default=None
        )
        engine.publish(VerdictReady(exchange.id, conversation or "", worst))

    def _covers(self, exchange: Exchange) -> Callable[[Finding], bool] | None:
        """Which findings about an exchange do not count; None where all do."""
        if exchange.direction is not Direction.OUT or self._silenced is None:
            return None
        return partial(self._silenced, exchange.service)

    async def _offered(self, exchange: Exchange) -> tuple[Definition, ...]:
        """By which definitions of its own the service judges what was sent to it; none for what came in."""
        if exchange.direction is not Direction.OUT or self._definitions is None:
            return ()
        return await self._definitions(exchange.environment, exchange.service)

    async def _original(self, exchange: str) -> bytes:
        """The body of the request that an exchange answers, updates or cancels; empty where there is none."""
        engine = self._engine
        if engine is None:
            return b""
        links = await engine.history.queries.links_of(exchange)
        parents = [one.parent for one in links if one.child == exchange and one.kind in _FOLLOWS]
        return (await engine.history.queries.exchange(parents[0])).request.body if parents else b""


def _without_bodies(exchange: Exchange) -> Exchange:
    response = replace(exchange.response, body=b"", wire=b"") if exchange.response is not None else None
    return replace(exchange, request=replace(exchange.request, body=b""), response=response)
