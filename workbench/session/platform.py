"""The embedded sandbox of a workspace: served on loopback, its state kept across restarts, its own log shown.

The platform and the other parties are `sandbox`; what passes inside stays in its log, never in the history.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from workbench.headers.ids import TRANSACTION_IDS
from workbench.messages import title_of, tree
from workbench.receiver import BASE, Kind
from workbench.receiver.slot_book import free_slots
from workbench.sandbox import ReplyDelays, Sandbox
from workbench.session.answer_views import AnswerRow
from workbench.session.answer_words import rows_of
from workbench.session.engine import EMBEDDED
from workbench.session.events import ReceiverChanged
from workbench.session.judging import readable, received_verdict
from workbench.session.kept_linked import KeptLinked
from workbench.session.receiver_words import call_path, caller_of, grouped, tone_of, with_defaults
from workbench.session.views import LogEntry, ReceiverPage, Tone
from workbench.transport.server import Server

if TYPE_CHECKING:
    from workbench.exchange import Exchange, Request
    from workbench.messages import JsonObject, JsonValue, Message
    from workbench.receiver import Item
    from workbench.rules import Verdict
    from workbench.sandbox import LogRow, Partner
    from workbench.session.engine import Engine
    from workbench.transport.client import Client

SANDBOX = "sandbox"
LOG_ROWS = 50
_LEDGER = ("ledger", "done")
_INDEXES = "indexes"
_TITLES_KEPT = 500
_ANSWERS = (
    AnswerRow("", True, 1, "Anything else that is valid", "any message", Tone.OK, "200, stored, ids given", "default"),
    AnswerRow(
        "", True, 2, "Anything that is not", "any call", Tone.ERROR, "400, the rule and element named", "default"
    ),
)


class EmbeddedSandbox:
    """The sandbox of this workspace; called on the I/O thread."""

    def __init__(self, engine: Engine, delays: ReplyDelays) -> None:
        self._engine = engine
        self._client: Client = engine.make_client()
        self.sandbox = Sandbox(clock=engine.clock, ids=engine.ids, send=self._client, judge=self._judge, delays=delays)
        self.sandbox.log.listeners.append(self._on_call)
        self.linked = KeptLinked(engine, self.sandbox.answers.linked, owner("linked"))
        self._server: Server | None = None
        self._titles: OrderedDict[str, str] = OrderedDict()
        self.problem = ""

    async def start(self) -> None:
        """Take up the state of the last run, know the workbench's key, and listen on any free port of loopback."""
        for id, partner in self.sandbox.partners.items():
            await self._restore(id, partner)
        self.sandbox.registry.restore(grouped(await self._engine.history.state.load(owner(_INDEXES))))
        self.sandbox.registry.on_change = self._on_index
        await self.linked.load()
        self.register()
        server = Server(
            self.sandbox,
            self.sandbox.log,
            clock=self._engine.clock,
            refuse=self.sandbox.refuse,
        )
        self._engine.sandbox_address = await server.start("127.0.0.1", 0)
        self._server = server

    async def close(self) -> None:
        """Keep what was processed, drop replies that are not due yet, and stop listening."""
        await self.sandbox.close()
        if self._server is not None:
            await self._server.stop()
        if not self._engine.workspace.read_only:
            for id, partner in self.sandbox.partners.items():
                await self._engine.history.state.save(owner(id), {_LEDGER: partner.ledger.snapshot()})
        await self._client.close()

    def answered_by(self, exchange: Exchange) -> str:
        """Which rule gave the answer to a call that went to the sandbox; empty for a call of another kind."""
        ids = tuple(exchange.request.header(name) or "" for name in TRANSACTION_IDS)
        return self.sandbox.log.rule_of(ids) if exchange.environment == EMBEDDED and all(ids) else ""

    def register(self) -> None:
        """Make the workbench's public keys for the embedded sandbox known to its token endpoint."""
        environment = self._engine.environment_of(EMBEDDED)
        self.sandbox.register(environment.client_id, self._engine.keys.jwks(EMBEDDED))

    def route(self, base_url: str) -> None:
        """Enter the own services with the receiver's address; an empty one takes them out."""
        for service in self._engine.directory.services.all():
            if service.role != "sender":
                continue
            if base_url:
                self.sandbox.route(service.system, service.value, base_url)
            else:
                self.sandbox.unroute(service.system, service.value)

    async def settle(self) -> None:
        """Wait until every planned reply was sent."""
        await self.sandbox.settle()

    async def reset(self) -> None:
        """Forget every booking, referral and processed message of every partner."""
        self.sandbox.reset()
        for id in self.sandbox.partners:
            await self._engine.history.state.clear(owner(id))
        await self._engine.history.state.clear(owner(_INDEXES))
        await self.linked.forget()
        self._engine.publish(ReceiverChanged(SANDBOX))

    async def page(self) -> ReceiverPage:
        """The tab of the Receiver panel."""
        address = self._engine.sandbox_address
        partners = self.sandbox.partners.values()
        count = sum(len(partner.spec.services) for partner in partners)
        return ReceiverPage(
            id=SANDBOX,
            title="Embedded sandbox",
            listening=address is not None,
            heading=f"Listening on {address.origin}" if address is not None else "Not running",
            sentence=f"Token endpoint, routing and {count} services of {len(partners)} organisations. "
            "Only this machine can reach it.",
            base_url=f"{address.origin}{BASE}" if address is not None else "",
            log=tuple(self._entry(row) for row in reversed(self.sandbox.log.rows()[-LOG_ROWS:])),
            state=self._state(),
            answers=with_defaults(rows_of(self.sandbox.answers), _ANSWERS),
            problem=self.problem,
        )

    def _state(self) -> tuple[tuple[str, str], ...]:
        def counts(kind: Kind) -> str:
            found: dict[str, int] = {}
            for partner in self.sandbox.partners.values():
                for item in partner.state.of(kind):
                    found[item.status] = found.get(item.status, 0) + 1
            return ", ".join(f"{count} {status}" for status, count in found.items()) or "none"

        waiting = self.sandbox.replies_waiting
        now = self._engine.clock()
        free = sum(
            free_slots(service, partner.state, now)
            for partner in self.sandbox.partners.values()
            for service in partner.spec.services
        )
        return (
            ("Referrals", counts(Kind.REFERRAL)),
            ("Bookings", counts(Kind.APPOINTMENT)),
            ("Free slots", f"{free} in the next days" if free else "none"),
            ("Replies due", str(waiting) if waiting else "none"),
        )

    def _entry(self, row: LogRow) -> LogEntry:
        status = row.response.status if row.response is not None else None
        failed = row.failure is not None and row.response is None
        fault = "" if row.outgoing else self.sandbox.faults.met_by(row.request)
        words = "not delivered" if failed else "in progress" if status is None else str(status)
        return LogEntry(
            time=row.time,
            method=row.request.method,
            path=call_path(row.request.url),
            caller=caller_of(row.request) or ("reply" if row.outgoing else ""),
            about=self._titles.get(row.id, ""),
            tone=Tone.ERROR if failed or fault else tone_of(status),
            status=fault or words,
            answered_by=row.answered_by.partition(";")[0] or ("fault" if fault else ""),
            seconds=row.seconds,
        )

    def _on_index(self, shelf: str, id: str, resource: JsonObject | None) -> None:
        saving = self._engine.history.state.save(owner(_INDEXES), {(shelf, id): resource})
        self._engine.spawn(saving, "state of the indexes")

    def _on_call(self, row: LogRow) -> None:
        self._engine.spawn(self._title(row), "title of a sandbox call")

    async def _title(self, row: LogRow) -> None:
        message = await self._engine.compute(readable, row.request.body) if row.request.body else None
        if message is not None and message.facts.event is not None:
            self._titles[row.id] = title_of(message.facts)
        while len(self._titles) > _TITLES_KEPT:
            self._titles.popitem(last=False)
        self._engine.publish(ReceiverChanged(SANDBOX))

    async def _judge(self, request: Request, _message: Message) -> Verdict:
        return await self._engine.compute(received_verdict, request, size=len(request.body))

    async def _restore(self, id: str, partner: Partner) -> None:
        kept = await self._engine.history.state.load(owner(id))
        ledger = tree.as_object(kept.pop(_LEDGER, None))
        partner.restore({"state": grouped(kept), "ledger": ledger})

        def save(items: tuple[Item, ...]) -> None:
            values: dict[tuple[str, str], JsonValue] = {(one.kind.value, one.id): one.to_json() for one in items}
            self._engine.spawn(self._engine.history.state.save(owner(id), values), f"state of {id}")

        partner.state.on_change = save


def owner(partner: str) -> str:
    """Whose items those of a party are in the history."""
    return f"sandbox/{partner}"
