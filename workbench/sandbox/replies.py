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
from workbench.receiver import BASE
from workbench.receiver.outcome import FHIR_JSON, FHIR_XML
from workbench.rules import profile_of
from workbench.standard import default_profile
from workbench.standard.operations import operations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.exchange import Clock, Ids, Response, Send
    from workbench.messages import Message
    from workbench.sandbox.log import LogTable
    from workbench.sandbox.partner import Planned
    from workbench.sandbox.proxy import Routes
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
        self, *, routes: Routes, send: Send, log: LogTable, clock: Clock, ids: Ids, after: After, delays: ReplyDelays
    ) -> None:
        self._routes = routes
        self._send = send
        self._log = log
        self._clock = clock
        self._ids = ids
        self._after = after
        self.delays = delays

    def plan(self, planned: Planned) -> None:
        """Begin with the first of the planned replies when its time has come."""
        self._next(planned, planned.kinds, None)

    def _next(self, planned: Planned, kinds: tuple[str, ...], interim: Message | None) -> None:
        if not kinds:
            return

        async def work() -> None:
            message = self._composed(planned, kinds[0], interim)
            delivered = await self._deliver(planned, message)
            is_interim = delivered and kinds[0] == "validation-interim"
            self._next(planned, kinds[1:], message if is_interim else interim)

        name = f"reply {kinds[0]} to {planned.accepted.message.facts.bundle_id}"
        self._after(self.delays.of(kinds[0]), work, name)

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
        )

    async def _deliver(self, planned: Planned, message: Message) -> bool:
        """Send one reply to the source of the original; whether it was taken. Its exchange goes into the own log."""
        endpoint = message.facts.destination_endpoint or ""
        system, value = split_endpoint(endpoint)
        target = self._routes.find(system, value)
        base = target.removesuffix("/") if isinstance(target, str) else f"http://sandbox.invalid{BASE}"
        versions = profile_of(message.facts, default_profile())
        headers = compose_headers(
            operations()["process-message"],
            target=TargetIdentifier(system, value),
            organisation=Organisation(planned.responder.name, planned.responder.ods_code),
            practitioner=None,
            software=SOFTWARE,
            request_id=self._ids(),
            correlation_id=planned.accepted.request.header(CORRELATION_ID) or "",
            use_context=use_context(message.facts),
            versions=versions,
            content_type=FHIR_XML if message.syntax is Syntax.XML else FHIR_JSON,
            choices=HeaderChoices(),
        )
        request = Request("POST", f"{base}/$process-message", headers, message.source)
        exchange = Exchange(
            self._ids(),
            0,
            Direction.OUT,
            "embedded",
            "process-message",
            versions,
            request,
            Timing(self._clock()),
        )
        await self._log.sending(exchange)
        outcome: Response | Failure
        if target is None:
            outcome = Failure.of(FailureKind.NOT_SENT, ErrorCode.NET_NO_ADDRESS, what=endpoint or "the reply")
        elif isinstance(target, str):
            outcome = await self._send(request)
        else:
            outcome = (await target(request)).response
        if isinstance(outcome, Failure):
            await self._log.answered(replace(exchange, failure=outcome))
            return False
        await self._log.answered(replace(exchange, response=outcome))
        return outcome.ok
