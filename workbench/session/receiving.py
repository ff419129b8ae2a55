"""The workbench's own receiver: served, its state kept across restarts, its calls shown as they come.

Its answers are those of `receiver`; what arrives goes into the history through the journal. Knows no window.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from workbench.errors import ErrorCode, InputError, NetworkError
from workbench.exchange import Address, Direction
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.history import IncomingContext
from workbench.messages import recent, tree
from workbench.receiver import (
    BASE,
    AnswerBook,
    Faults,
    Item,
    Kind,
    Outcomes,
    ReceiverRules,
    ReceiverState,
    ServiceOffer,
    answer_rules,
    endpoints,
)
from workbench.receiver.access import only
from workbench.receiver.more_headers import HeaderSet, with_headers
from workbench.receiver.slot_book import free_slots
from workbench.rules import profile_of
from workbench.session.answer_words import rows_of
from workbench.session.arrived_today import ArrivedToday
from workbench.session.calls import read_facts
from workbench.session.engine import EMBEDDED, IN_THREAD
from workbench.session.events import ReceiverChanged, StatusChanged
from workbench.session.judging import received_verdict
from workbench.session.kept_linked import KeptLinked
from workbench.session.receiver_words import (
    OWN_DEFAULTS,
    about_of,
    call_path,
    caller_of,
    grouped,
    state_words,
    tone_of,
    with_defaults,
)
from workbench.session.views import LogEntry, ReceiverPage, ReceiverView, Tone
from workbench.standard import default_profile
from workbench.standard.operations import operation_at
from workbench.transport.interfaces import is_loopback
from workbench.transport.ports import free_after
from workbench.transport.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from workbench.correlation import Known
    from workbench.errors import WorkbenchError
    from workbench.exchange import Request, Response, Router
    from workbench.messages import JsonObject, JsonValue, Message
    from workbench.receiver import Accepted, ReceivedCall
    from workbench.rules import Verdict
    from workbench.session.engine import Engine
    from workbench.session.views import Status
    from workbench.standard import VersionProfile
    from workbench.transport.server_tls import ServerTls

OWN = "own"
OWNER = "receiver"
"""Whose items these are in the history."""
LINKED = "linked"
"""In a snapshot: the table of linked bookings, beside the kinds of items."""
LOG_ROWS = 50
TOLD_S = 0.05
"""Calls that come within this time are told together."""


class Replies(Protocol):
    """Who replies to messages that are taken."""

    def on_accepted(self, accepted: Accepted) -> None:
        """A message was taken."""

    def words(self) -> str:
        """How many replies are due, and when the next."""
        ...

    def words_of(self, exchange: str) -> str:
        """When the reply to one message goes out; empty where none is due."""
        ...

    @property
    def count(self) -> int:
        """How many replies are due."""
        ...

    @property
    def next_at(self) -> datetime | None:
        """When the next one goes out; None where none is due."""
        ...


class OwnReceiver:
    """The receiver of this workspace; called on the I/O thread."""

    def __init__(self, engine: Engine, status: Callable[[], Status]) -> None:
        self._engine = engine
        self._status = status
        self.state = ReceiverState()
        self._replies: Replies | None = None
        self.answers = AnswerBook(answer_rules(), off=[rule.id for rule in answer_rules()])
        self.linked = KeptLinked(engine, self.answers.linked, f"{OWNER}/linked")
        self.faults = Faults(engine.ids)
        self._today = ArrivedToday(engine.clock)
        self._tls: ServerTls | None = None
        self._telling = False
        self._router = self._routes()
        self._server: Server | None = None
        self._inside: Server | None = None
        self._inner: Address | None = None
        self.address: Address | None = None
        self.problem = self._step = ""
        self._free = 0

    def attach(self, replies: Replies) -> None:
        """Say who replies to what is taken here."""
        self._replies = replies
        self.renew()

    async def load(self) -> None:
        """Take up the state of the last run."""
        await self._hold_stored()
        self.state.on_change = self._on_change
        self.state.on_remove = self._on_remove
        await self.linked.load()
        self._today.begin(await self._engine.history.queries.arrived_since(self._today.midnight))

    async def start(self, host: str, port: int, tls: ServerTls | None = None, names: Collection[str] = ()) -> Address:
        """Listen, also under these names; a port that cannot be had is told in `problem` and raised as a NetworkError.

        Over HTTPS the embedded sandbox has a plain way in of its own, on this machine only: it trusts no authority of
        the receiver's and shows no certificate.
        """
        if self.address is not None:
            return self.address
        server = self._served(tls, names)
        try:
            self.address = await server.start(host, port)
            self._server, self._tls = server, tls
            if tls is not None:
                self._inside = self._served(None, ())
                self._inner = await self._inside.start("127.0.0.1", 0)
        except (NetworkError, InputError) as error:
            await self._close()
            self.fail(error, free_after(host, port) if error.code is ErrorCode.NET_PORT_IN_USE else 0)
            raise
        self.problem = self._step = ""
        self._changed()
        return self.address

    def fail(self, error: WorkbenchError, free: int = 0) -> None:
        """Tell why it does not listen, and on which port it could."""
        self.problem, self._step, self._free = error.sentence, error.next_step, free
        self._changed()

    def _served(self, tls: ServerTls | None, names: Collection[str]) -> Server:
        journal, clock = self._engine.history.journal, self._engine.clock
        return Server(
            self.answer,
            journal,
            tls=tls,
            clock=clock,
            refuse=self._refuse,
            hosts={name.lower() for name in names},
        )

    def _refuse(self, status: int, issue: str, diagnostics: str, request: Request | None) -> Response:
        """The answer to what never became a call, and to what could not be stored."""
        if issue == "no-store":
            self._today.unkept()
        return self._outcomes().refuse(status, issue, diagnostics, request)

    async def stop(self) -> None:
        """Stop listening once what has begun is answered; not listening is no mistake."""
        await self._close()
        self._changed()

    async def _close(self) -> None:
        servers, self._server, self._inside = (self._server, self._inside), None, None
        self.address = self._inner = None
        for server in servers:
            if server is not None:
                await server.stop()

    def snapshot(self) -> JsonObject:
        """What it holds."""
        return {**self.state.snapshot(), LINKED: self.linked.snapshot()}

    def restore(self, snapshot: JsonObject) -> None:
        """Replace what it holds, here and in the history; ValueError for what is no snapshot."""
        self.state.restore({kind: items for kind, items in snapshot.items() if kind != LINKED})
        values = {(item.kind.value, item.id): item.to_json() for kind in Kind for item in self.state.of(kind)}
        self._engine.spawn(self._replace(values, tree.as_object(snapshot.get(LINKED))), "receiver state")

    async def _replace(self, values: Mapping[tuple[str, str], JsonValue], linked: JsonObject) -> None:
        await self._engine.history.state.clear(OWNER)
        await self._engine.history.state.save(OWNER, values)
        await self.linked.replace(linked)

    def renew(self) -> None:
        """Take up another identity: it answers for the organisation that is chosen now."""
        self._router = self._routes()

    async def answer(self, request: Request) -> Response:
        """The Handler that is served."""
        self._engine.give_way()
        response = await self.faults.answer(self._router, self._refuse, request)
        if self._stores_first():
            recent.hold_facts(request.body)
        return with_headers(response, HeaderSet(self._engine.settings.workspace.answer_headers))

    def incoming(self, request: Request) -> IncomingContext:
        """What is known of a request as it arrives, beyond its bytes; asked by the journal.

        Where answers do not wait for verdicts it is read only when its turn has come: a thousand that wait to be stored
        are kept as bytes. From here on the call holds what is read of it; the recorder lets go.
        """
        self._engine.give_way()
        recent.hold()
        operation = operation_at(request.method, request.url).id
        if operation == "process-message":
            self._today.came()
        versions = default_profile()
        if not self._stores_first():
            versions = self.versions(request)
        return IncomingContext(EMBEDDED if self._local(request) else self._engine.environment, operation, versions)

    def _stores_first(self) -> bool:
        return self._engine.settings.workspace.answer_mode == "stored"

    def versions(self, request: Request) -> VersionProfile:
        """By which versions a request is made, as its message says."""
        if len(request.body) > IN_THREAD:
            return default_profile()
        return profile_of(read_facts(request.body)[0], default_profile())

    @property
    def base_url(self) -> str:
        """Where it is reached; empty when it does not listen."""
        return f"{self.address.origin}{BASE}" if self.address is not None else ""

    @property
    def local_url(self) -> str:
        """Where the embedded sandbox reaches it; empty when it does not listen."""
        return f"{self._inner.origin}{BASE}" if self._inner is not None else self.base_url

    def view(self) -> ReceiverView:
        """The receiver chip."""
        if self.address is None:
            return ReceiverView(False, "", "", "Not receiving", problem=self.problem)
        shown = self.address.origin.partition("//")[2]
        scheme = "https://" if self.address.secure else ""
        due = self._replies
        return ReceiverView(
            True,
            shown,
            self.base_url,
            f"Receiving on {scheme}{shown}",
            lan=not is_loopback(self.address.host),
            due=due.count if due is not None else 0,
            due_at=due.next_at if due is not None else None,
        )

    async def page(self) -> ReceiverPage:
        """The tab of the Receiver panel."""
        recent = await self._engine.history.queries.recent(LOG_ROWS, direction=Direction.IN.value)
        identity = self._engine.current_identity()
        own = self._engine.directory.services.find(identity.service)
        listening = self.address is not None
        reach = "Only this machine can reach it." if not self.view().lan else "Everybody on this network can reach it."
        return ReceiverPage(
            id=OWN,
            title=f"As {identity.organisation}",
            listening=listening,
            heading=f"Listening on {self.address.origin}" if self.address is not None else "Not listening",
            sentence=f"As {own.name} ({own.value}). "
            f"{reach if listening else 'No reply can arrive until it is started.'} {self._today.words()}",
            base_url=self.base_url,
            log=tuple(self._entry(known) for known in recent),
            state=(*state_words(self.state), ("Free slots", self._free_slots()), ("Replies due", self._due())),
            answers=with_defaults(rows_of(self.answers), OWN_DEFAULTS),
            problem=self.problem,
            problem_step=self._step,
            free_port=self._free,
            badges=self._badges(),
        )

    def _badges(self) -> tuple[tuple[Tone, str], ...]:
        """What stays in sight while it listens: that others can reach it, and whether callers show a certificate."""
        if self.address is None:
            return ()
        found = [(Tone.WARNING, "Open to this network")] if self.view().lan else []
        if self._tls is not None and self._tls.authorities:
            required = self._tls.required
            found.append((Tone.NEUTRAL, f"Client certificate {'required' if required else 'asked'}"))
        return tuple(found)

    async def reset(self) -> None:
        """Forget every booking, referral and message that was taken."""
        self.state.clear()
        await self._engine.history.state.clear(OWNER)
        await self.linked.forget()
        self._engine.publish(ReceiverChanged(OWN))

    def _free_slots(self) -> str:
        now = self._engine.clock()
        count = sum(free_slots(service, self.state, now) for service in self.rules().services)
        return f"{count} in the next days" if count else "none"

    def _due(self) -> str:
        return self._replies.words() if self._replies is not None else "none"

    def _local(self, request: Request) -> bool:
        return request.peer is None or request.peer.host in ("127.0.0.1", "::1")

    def _routes(self) -> Router:
        return endpoints(
            self.state,
            self._engine.history.ledger,
            self.rules(),
            self._engine.clock,
            self._engine.ids,
            observer=self._on_answered,
            accepted=self._replies.on_accepted if self._replies is not None else None,
        )

    def rules(self) -> ReceiverRules:
        """As whom it answers, what it serves and who may call, as things are now."""
        engine = self._engine
        identity = engine.current_identity()
        settings = engine.settings.workspace
        own = (service for service in engine.directory.services.all() if service.role == "sender")
        return ReceiverRules(
            identity.organisation,
            identity.ods_code,
            tuple(
                ServiceOffer(service.system, service.value, service.name, frozenset(service.use_cases))
                for service in own
            ),
            answers=self.answers,
            judge=self._judge if settings.answer_mode == "judged" else None,
            access=only(frozenset(settings.accepted_callers.replace(",", " ").split())),
            request_id_alone=settings.request_id_alone,
            knows=engine.history.queries.knows_bundle,
            definitions_as="both",
        )

    def _outcomes(self) -> Outcomes:
        return Outcomes(self._engine.current_identity().ods_code, self._engine.ids)

    async def _judge(self, request: Request, _message: Message) -> Verdict:
        """Judge for the answer; the recorder takes the verdict up instead of judging again."""
        packages = self._engine.packages.now  # an answer does not wait for packages that are still being read
        verdict = await self._engine.compute(received_verdict, request, packages, size=len(request.body))
        self._engine.judged[_ids(request)] = verdict
        return verdict

    def _on_answered(self, _: ReceivedCall) -> None:
        """Tell of calls, however many come at once, every so often."""
        if not self._telling:
            self._telling = True
            asyncio.get_running_loop().call_later(TOLD_S, self._tell)

    def _tell(self) -> None:
        self._telling = False
        self._engine.publish(ReceiverChanged(OWN))

    def _on_change(self, items: tuple[Item, ...]) -> None:
        values = {(item.kind.value, item.id): item.to_json() for item in items}
        state = self._engine.history.state
        if not state.save_with_answer(OWNER, values, self._on_lost):
            self._engine.spawn(state.save(OWNER, values), "receiver state")

    def _on_remove(self, keys: tuple[tuple[Kind, str], ...]) -> None:
        gone: dict[tuple[str, str], JsonValue] = {(kind.value, id): None for kind, id in keys}
        self._engine.spawn(self._engine.history.state.save(OWNER, gone), "receiver state")

    def _on_lost(self) -> None:
        """An answer could not be stored, so nothing of it happened: hold again what the history holds."""
        self._engine.spawn(self._hold_stored(), "receiver state")

    async def _hold_stored(self) -> None:
        self.state.restore(grouped(await self._engine.history.state.load(OWNER)))

    def _entry(self, known: Known) -> LogEntry:
        exchange = known.exchange
        answer = exchange.response
        status = answer.status if answer is not None else None
        rule, _, met = answer.answered_by.partition("; ") if answer is not None else ("", "", "")
        remark = answer.remark if answer is not None else ""
        due = self._replies.words_of(exchange.id) if self._replies is not None else ""
        fault = self.faults.met_by(exchange.request) or met
        words = "in progress" if status is None else ", ".join(filter(None, (str(status), due)))
        return LogEntry(
            time=exchange.timing.started,
            method=exchange.request.method,
            path=call_path(exchange.request.url),
            caller=caller_of(exchange.request),
            about=". ".join(filter(None, (about_of(known), remark))),
            tone=Tone.ERROR if fault else Tone.WAITING if due else tone_of(status),
            status=fault or words,
            answered_by="fault" if fault else rule,
            seconds=exchange.timing.total,
            exchange=exchange.id,
        )

    def _changed(self) -> None:
        self._engine.publish(StatusChanged(self._status()))
        self._engine.publish(ReceiverChanged(OWN))


def _ids(request: Request) -> tuple[str, str]:
    return (request.header(REQUEST_ID) or "", request.header(CORRELATION_ID) or "")
