"""The one funnel of exchanges: correlate and store the links, tell subscribers, then judge and store the verdicts.

Both directions come through here, from the journal; the sandbox's inner legs do not.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from workbench.correlation import LinkKind
from workbench.errors import WorkbenchError
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.session.events import ExchangeRecorded, Noticed, VerdictReady
from workbench.session.judging import exchange_facts, exchange_verdicts
from workbench.session.views import Tone

if TYPE_CHECKING:
    from workbench.exchange import Exchange
    from workbench.session.engine import Engine

_FOLLOWS = (LinkKind.REPLY, LinkKind.UPDATE, LinkKind.CANCEL)
"""How a message is tied to the one it is compared with."""

_log = logging.getLogger(__name__)


class Recorder:
    """Takes exchanges as the journal stores them; called on the I/O thread."""

    def __init__(self) -> None:
        self._engine: Engine | None = None

    def attach(self, engine: Engine) -> None:
        """Say whose exchanges these are: the journal is built before the engine that holds it."""
        self._engine = engine

    async def record(self, exchange: Exchange) -> None:
        """Put a stored exchange into its conversation and publish it; its verdicts follow when it is finished.

        Never raises: the exchange itself is already safe, and whoever waits for an answer gets one.
        """
        engine = self._engine
        if engine is None:
            return
        size = len(exchange.request.body) + (len(exchange.response.body) if exchange.response else 0)
        try:
            facts = await engine.compute(exchange_facts, exchange, size=size)
            row = await engine.history.indexer.index(exchange, facts.request, facts.response)
        except WorkbenchError as error:
            _log.error("exchange %s was stored but not put into a conversation: %s", exchange.id, error.code)
            engine.publish(Noticed(Tone.ERROR, error.sentence, error.next_step))
            return
        except Exception:  # a mistake of this program must not keep a stored exchange from being answered
            _log.exception("exchange %s was stored but not put into a conversation", exchange.id)
            engine.publish(Noticed(Tone.ERROR, "An exchange is kept but not shown.", "The log names it; report this."))
            return
        if engine.holds and exchange.in_flight:
            return  # of many sends together each is told once, when it has its answer
        engine.publish(ExchangeRecorded(exchange.id, row))
        if not exchange.in_flight:
            engine.spawn(self._judge(exchange, size), f"verdict {exchange.id}")

    async def _judge(self, exchange: Exchange, size: int) -> None:
        engine = self._engine
        if engine is None:
            return
        await engine.calm.wait()
        ids = (exchange.request.header(REQUEST_ID) or "", exchange.request.header(CORRELATION_ID) or "")
        known = engine.judged.pop(ids, None)
        packages = await engine.packages.ready()
        conversation = await engine.history.queries.conversation_of(exchange.id)
        original = await self._original(exchange.id, conversation) if conversation else b""
        found = await engine.compute(exchange_verdicts, exchange, known, packages, original, size=size + len(original))
        for part, verdict in (("request", found.request), ("response", found.response)):
            if verdict is not None:
                await engine.history.verdicts.save_verdict(exchange.id, verdict, part)
        worst = min(
            (v.worst for v in found if v is not None and v.worst is not None), key=lambda one: one.rank, default=None
        )
        engine.publish(VerdictReady(exchange.id, conversation or "", worst))

    async def _original(self, exchange: str, conversation: str) -> bytes:
        """The body of the request that an exchange answers, updates or cancels; empty where there is none."""
        engine = self._engine
        if engine is None:
            return b""
        links = await engine.history.queries.links(conversation, every=True)
        parents = [one.parent for one in links if one.child == exchange and one.kind in _FOLLOWS]
        return (await engine.history.queries.exchange(parents[0])).request.body if parents else b""
