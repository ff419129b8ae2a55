"""Asynchronous replies: composed from an accepted message and sent to where its source says, one after the other.

A reply is an ordinary call with ids and headers of its own (Core, Standard pattern). Must not know who accepted what.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.compose import HeaderChoices, reply
from workbench.errors import ErrorCode
from workbench.exchange import Direction, Exchange, Failure, FailureKind, Request, Timing
from workbench.headers import Organisation, Software, TargetIdentifier, compose_headers, use_context
from workbench.headers.ids import CORRELATION_ID
from workbench.messages import Syntax
from workbench.messages.identity import split_endpoint
from workbench.receiver import BASE, Fault
from workbench.receiver.outcome import FHIR_JSON, FHIR_XML
from workbench.rules import profile_of
from workbench.standard import default_profile
from workbench.standard.operations import operations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.exchange import Clock, Ids, Response, Send
    from workbench.messages import Message
    from workbench.receiver import Faults
    from workbench.sandbox.log import LogTable
    from workbench.sandbox.partner import Planned
    from workbench.sandbox.proxy import Routes, Target
    from workbench.sandbox.tasks import After

SOFTWARE = Software(
    "BaRS Workbench sandbox", __version__, "https://bars-workbench.example/Id/software", "BARS-WORKBENCH-SANDBOX"
)


@dataclass(frozen=True, slots=True)
class ReplyDelays:
    """Seconds before each reply, counted from the message or from the reply before it."""

    seconds: Mapping[str, float] = field(default_factory=dict)
    """By template; what is not named takes `otherwise`."""
    otherwise: float = 0.0

    def of(self, kind: str) -> float:
        """Seconds before a reply of this kind."""
        return self.seconds.get(kind, self.otherwise)


class Replies:
    """Sends the replies of every partner."""

    def __init__(
        self,
        *,
        routes: Routes,
        send: Send,
        log: LogTable,
        clock: Clock,
        ids: Ids,
        after: After,
        delays: ReplyDelays,
        faults: Faults,
    ) -> None:
        self._routes = routes
        self._send = send
        self._log = log
        self._clock = clock
        self._ids = ids
        self._after = after
        self.delays = delays
        self._faults = faults

    def plan(self, planned: Planned) -> None:
        """Begin with the first planned reply when its time has come, unless a fault on purpose is in the way."""
        if self._faults.is_on(Fault.NEVER):
            self._faults.note(planned.accepted.request, Fault.NEVER)
            return
        kinds = planned.kinds
        if self._faults.is_on(Fault.ORDER) and len(kinds) > 1:
            kinds = kinds[::-1]
        self._next(planned, kinds, planned.interim)

    def _next(self, planned: Planned, kinds: tuple[str, ...], interim: Message | None) -> None:
        if not kinds:
            return

        async def work() -> None:
            message = self._composed(planned, kinds[0], interim)
            request, target = self._request(planned, message)
            delivered = await self._deliver(request, target, message)
            if self._faults.is_on(Fault.TWICE):
                await self._deliver(request, target, message)
            is_interim = delivered and kinds[0] == "validation-interim"
            self._next(planned, kinds[1:], message if is_interim else interim)

        name = f"reply {kinds[0]} to {planned.accepted.message.facts.bundle_id}"
        self._after(planned.delays.get(kinds[0], self.delays.of(kinds[0])), work, name)

    def _composed(self, planned: Planned, kind: str, interim: Message | None) -> Message:
        accepted = planned.accepted
        return reply(
            kind,
            accepted.message,
            accepted.acknowledgement,
            responder=planned.responder,
            now=self._clock(),
            ids=self._ids,
            interim=interim,
            booking=planned.booking,
            why=planned.why,
            status=planned.status,
        )

    def _request(self, planned: Planned, message: Message) -> tuple[Request, Target | None]:
        """One reply as a call to the source of the original, and who serves it."""
        system, value = split_endpoint(message.facts.destination_endpoint or "")
        target = self._routes.find(system, value)
        base = target.removesuffix("/") if isinstance(target, str) else f"http://sandbox.invalid{BASE}"
        headers = compose_headers(
            operations()["process-message"],
            target=TargetIdentifier(system, value),
            organisation=Organisation(planned.responder.name, planned.responder.ods_code),
            practitioner=None,
            software=SOFTWARE,
            request_id=self._ids(),
            correlation_id=planned.accepted.request.header(CORRELATION_ID) or "",
            use_context=use_context(message.facts),
            versions=profile_of(message.facts, default_profile()),
            content_type=FHIR_XML if message.syntax is Syntax.XML else FHIR_JSON,
            choices=HeaderChoices(),
        )
        return Request("POST", f"{base}/$process-message", headers, message.source), target

    async def _deliver(self, request: Request, target: Target | None, message: Message) -> bool:
        """Send one reply; whether it was taken. Its exchange goes into the own log."""
        versions = profile_of(message.facts, default_profile())
        timing = Timing(self._clock())
        exchange = Exchange(self._ids(), 0, Direction.OUT, "embedded", "process-message", versions, request, timing)
        await self._log.sending(exchange)
        outcome: Response | Failure
        if target is None:
            what = message.facts.destination_endpoint or "the reply"
            outcome = Failure.of(FailureKind.NOT_SENT, ErrorCode.NET_NO_ADDRESS, what=what)
        elif isinstance(target, str):
            outcome = await self._send(request)
        else:
            outcome = (await target(request)).response
        if isinstance(outcome, Failure):
            await self._log.answered(replace(exchange, failure=outcome))
            return False
        await self._log.answered(replace(exchange, response=outcome))
        return outcome.ok
