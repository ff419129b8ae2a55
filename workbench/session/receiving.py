"""The workbench's own receiver: served, its state kept across restarts, its calls shown as they come.

Its answers are those of `receiver`; what arrives goes into the history through the journal. Knows no window.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from workbench.errors import NetworkError
from workbench.exchange import Address, Direction
from workbench.headers import decode_headers
from workbench.headers.ids import CORRELATION_ID, REQUEST_ID
from workbench.history import IncomingContext
from workbench.messages import title_of
from workbench.receiver import (
    BASE,
    Item,
    Kind,
    Outcomes,
    ReceiverRules,
    ReceiverState,
    ServiceOffer,
    endpoints,
)
from workbench.rules import profile_of
from workbench.rules.scope import operation_of
from workbench.rules.values import Side, Submission
from workbench.session.calls import read_facts
from workbench.session.engine import EMBEDDED, IN_THREAD
from workbench.session.events import ReceiverChanged, StatusChanged
from workbench.session.judging import received_verdict
from workbench.session.views import LogEntry, ReceiverPage, ReceiverView, Tone
from workbench.standard import default_profile
from workbench.transport.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbench.correlation import Known
    from workbench.exchange import Request, Response, Router
    from workbench.messages import JsonObject, JsonValue, Message
    from workbench.receiver import ReceivedCall
    from workbench.rules import Verdict
    from workbench.session.engine import Engine
    from workbench.session.views import Status
    from workbench.transport.server import ServerTls

OWN = "own"
OWNER = "receiver"
"""Whose items these are in the history."""
LOG_ROWS = 50
_ANSWERED_KEPT = 500

_ANSWERS = (
    ("A reply to a message sent from here", "reply", Tone.OK, "200, in its conversation"),
    ("A new booking or referral for one of the own services", "message", Tone.OK, "200, ids given"),
    ("A reply to a message nobody here sent", "reply", Tone.ERROR, "404 REC_NOT_FOUND"),
    ("The same ids again", "any message", Tone.WARNING, "409 REC_CONFLICT, duplicate"),
    ("Ids missing or no UUID", "any call", Tone.ERROR, "400 REC_BAD_REQUEST"),
    ("An Application version that is not supported", "any message", Tone.ERROR, "422 REC_UNPROCESSABLE_ENTITY"),
    ("Anything that breaks a rule of the standard", "any message", Tone.ERROR, "400, the rule and element named"),
)
"""(when this arrives, kind, tone, answer): the decision table in words."""


class OwnReceiver:
    """The receiver of this workspace; called on the I/O thread."""

    def __init__(self, engine: Engine, status: Callable[[], Status]) -> None:
        self._engine = engine
        self._status = status
        self._state = ReceiverState()
        self._router = self._routes()
        self._server: Server | None = None
        self._answered_by: OrderedDict[tuple[str, str], str] = OrderedDict()
        self.address: Address | None = None
        self.problem = ""

    async def load(self) -> None:
        """Take up the state of the last run."""
        self._state.restore(grouped(await self._engine.history.state.load(OWNER)))
        self._state.on_change = self._on_change

    async def start(self, host: str, port: int, tls: ServerTls | None = None) -> Address:
        """Listen; a port that cannot be had is told in `problem` and raised as a NetworkError."""
        if self.address is not None:
            return self.address
        server = Server(
            self.answer,
            self._engine.history.journal,
            tls=tls,
            clock=self._engine.clock,
            refuse=self._outcomes().refuse,
        )
        try:
            self.address = await server.start(host, port)
        except NetworkError as error:
            self.problem = error.sentence
            self._changed()
            raise
        self._server = server
        self.problem = ""
        self._changed()
        return self.address

    async def stop(self) -> None:
        """Stop listening once what has begun is answered; not listening is no mistake."""
        server, self._server, self.address = self._server, None, None
        if server is not None:
            await server.stop()
        self._changed()

    def snapshot(self) -> JsonObject:
        """What it holds."""
        return self._state.snapshot()

    def restore(self, snapshot: JsonObject) -> None:
        """Replace what it holds, here and in the history."""
        self._state.restore(snapshot)
        values = {(item.kind.value, item.id): item.to_json() for kind in Kind for item in self._state.of(kind)}
        self._engine.spawn(self._replace(values), "receiver state")

    async def _replace(self, values: Mapping[tuple[str, str], JsonValue]) -> None:
        await self._engine.history.state.clear(OWNER)
        await self._engine.history.state.save(OWNER, values)

    def renew(self) -> None:
        """Take up another identity: it answers for the organisation that is chosen now."""
        self._router = self._routes()

    async def answer(self, request: Request) -> Response:
        """The Handler that is served."""
        return await self._router(request)

    def incoming(self, request: Request) -> IncomingContext:
        """What is known of a request as it arrives, beyond its bytes; asked by the journal."""
        versions = default_profile()
        if len(request.body) <= IN_THREAD:
            versions = profile_of(read_facts(request.body)[0], versions)
        operation = operation_of(Submission(None, request, None, versions, Side.RECEIVE)).id
        return IncomingContext(EMBEDDED if self._local(request) else self._engine.environment, operation, versions)

    @property
    def base_url(self) -> str:
        """Where it is reached; empty when it does not listen."""
        return f"{self.address.origin}{BASE}" if self.address is not None else ""

    def view(self) -> ReceiverView:
        """The receiver chip."""
        if self.address is None:
            return ReceiverView(False, "", "", "Not receiving", problem=self.problem)
        shown = self.address.origin.partition("//")[2]
        lan = self.address.host not in ("127.0.0.1", "::1", "localhost")
        return ReceiverView(True, shown, self.base_url, f"Receiving on {shown}", lan=lan)

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
            f"{reach if listening else 'No reply can arrive until it is started.'}",
            base_url=self.base_url,
            log=tuple(self._entry(known) for known in recent),
            state=state_words(self._state),
            answers=_ANSWERS,
            problem=self.problem,
        )

    async def reset(self) -> None:
        """Forget every booking, referral and message that was taken."""
        self._state.clear()
        await self._engine.history.state.clear(OWNER)
        self._engine.publish(ReceiverChanged(OWN))

    def _local(self, request: Request) -> bool:
        return request.peer is None or request.peer.host in ("127.0.0.1", "::1")

    def _routes(self) -> Router:
        return endpoints(
            self._state,
            self._engine.history.ledger,
            self._rules(),
            self._engine.clock,
            self._engine.ids,
            observer=self._on_answered,
        )

    def _rules(self) -> ReceiverRules:
        engine = self._engine
        identity = engine.current_identity()
        own = (service for service in engine.directory.services.all() if service.role == "sender")
        return ReceiverRules(
            identity.organisation,
            identity.ods_code,
            tuple(
                ServiceOffer(service.system, service.value, service.name, frozenset(service.use_cases), diary="")
                for service in own
            ),
            judge=self._judge if engine.settings.workspace.answer_mode == "judged" else None,
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

    def _on_answered(self, call: ReceivedCall) -> None:
        self._answered_by[_ids(call.request)] = call.answered_by
        while len(self._answered_by) > _ANSWERED_KEPT:
            self._answered_by.popitem(last=False)
        self._engine.publish(ReceiverChanged(OWN))

    def answered_by(self, request: Request) -> str:
        """The rule that answered one of the latest calls; empty for an older one."""
        return self._answered_by.get(_ids(request), "")

    def _on_change(self, items: tuple[Item, ...]) -> None:
        values = {(item.kind.value, item.id): item.to_json() for item in items}
        state = self._engine.history.state
        if not state.save_with_answer(OWNER, values, self._on_lost):
            self._engine.spawn(state.save(OWNER, values), "receiver state")

    def _on_lost(self) -> None:
        """An answer could not be stored, so nothing of it happened: hold again what the history holds."""
        self._engine.spawn(self.load(), "receiver state")

    def _entry(self, known: Known) -> LogEntry:
        exchange = known.exchange
        status = exchange.response.status if exchange.response is not None else None
        return LogEntry(
            time=exchange.timing.started,
            method=exchange.request.method,
            path=call_path(exchange.request.url),
            caller=caller_of(exchange.request),
            about=about_of(known),
            tone=tone_of(status),
            status="in progress" if status is None else str(status),
            answered_by=self.answered_by(exchange.request),
            seconds=exchange.timing.total,
            exchange=exchange.id,
        )

    def _changed(self) -> None:
        self._engine.publish(StatusChanged(self._status()))
        self._engine.publish(ReceiverChanged(OWN))


def grouped(items: Mapping[tuple[str, str], JsonValue]) -> JsonObject:
    """Values by (kind, id) as a snapshot: kind, then id."""
    snapshot: dict[str, JsonObject] = {}
    for (kind, id), value in items.items():
        snapshot.setdefault(kind, {})[id] = value
    return {kind: values for kind, values in snapshot.items()}


def _ids(request: Request) -> tuple[str, str]:
    return (request.header(REQUEST_ID) or "", request.header(CORRELATION_ID) or "")


def call_path(url: str) -> str:
    """The path of a call below the base, without its query: parameters may carry an NHS number."""
    rest = url.partition("://")[2].partition("/")[2].partition("?")[0]
    return f"/{rest}".removeprefix(BASE)


def caller_of(request: Request) -> str:
    """The organisation that NHSD-End-User-Organisation names; empty where it names none."""
    wanted = [row for row in request.headers if row[0].lower() == "nhsd-end-user-organisation"]
    decoded = decode_headers(tuple(wanted[:1]), "process-message", Direction.IN)
    return decoded[0].value if decoded else ""


def about_of(known: Known) -> str:
    """What the message of a call is, in a few words."""
    return title_of(known.request) if known.request is not None else ""


def tone_of(status: int | None) -> Tone:
    """How an answer's status is to be read."""
    if status is None:
        return Tone.WAITING
    return Tone.OK if status < 400 else Tone.ERROR


def state_words(state: ReceiverState) -> tuple[tuple[str, str], ...]:
    """What a receiver holds: counts by status."""

    def counts(kind: Kind) -> str:
        by_status: dict[str, int] = {}
        for item in state.of(kind):
            by_status[item.status or "without status"] = by_status.get(item.status or "without status", 0) + 1
        return ", ".join(f"{count} {status}" for status, count in by_status.items()) or "none"

    return (
        ("Referrals", counts(Kind.REFERRAL)),
        ("Bookings", counts(Kind.APPOINTMENT)),
        ("Messages taken", str(state.count(Kind.RECEIVED))),
    )
