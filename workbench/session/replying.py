"""Replies to messages that were taken: which there may be, one made by hand, and those a rule wants after a while.

Every reply comes from the one builder of `compose`. The own receiver's go out as ordinary calls; those of the sandbox's
parties go through the sandbox. Must not know how a message was answered.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.compose import SourceSoftware, replies_to, reply
from workbench.directory import Service
from workbench.errors import ErrorCode, InputError
from workbench.exchange import Direction
from workbench.headers.ids import CORRELATION_ID
from workbench.messages import title_of
from workbench.messages.identity import split_endpoint
from workbench.receiver import Accepted
from workbench.receiver.decision import row_of
from workbench.session.calls import Outgoing
from workbench.session.due import DueReplies
from workbench.session.parties import party, practitioner
from workbench.session.sending import result_of
from workbench.session.taken import find
from workbench.session.views import Choice

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.compose import Template
    from workbench.exchange import Exchange
    from workbench.messages import Message
    from workbench.sandbox.partner import Partner
    from workbench.session.drafts import DraftDesk
    from workbench.session.engine import Engine
    from workbench.session.masking import Masking
    from workbench.session.platform import EmbeddedSandbox
    from workbench.session.receiving import OwnReceiver
    from workbench.session.sending import Sender
    from workbench.session.taken import Taken
    from workbench.session.views import DraftView, SendResult

STATUSES = ("planned", "in-progress", "arrived", "finished")
"""How far a passed incident may be (Application 6)."""


class Extra(StrEnum):
    """What a person may say beside the kind of a reply."""

    NOTHING = ""
    WHY = "why"
    STATUS = "status"


class Replier:
    """The use cases of replies; called on the I/O thread."""

    def __init__(
        self,
        engine: Engine,
        sender: Sender,
        drafts: DraftDesk,
        receiver: OwnReceiver,
        sandbox: EmbeddedSandbox | None,
        told: Callable[[], None],
        masking: Masking,
    ) -> None:
        """`told` is called when other replies are due than before."""
        self._engine = engine
        self._sender = sender
        self._drafts = drafts
        self._sandbox = sandbox
        self._masking = masking
        self.due = DueReplies(engine, receiver.faults, self._send_due, told)
        """Those that rules want."""
        receiver.attach(self.due)

    # by hand

    async def offers(self, exchange: str) -> tuple[Choice, ...]:
        """The replies that a message may get, by template; none for one that may get none or was not taken.

        The group of a choice says what may be told beside it (`Extra`).
        """
        original = await find(self._engine, exchange)
        if original is None or self._hindrance(original):
            return ()
        return tuple(Choice(row.id, row.title, row.summary, _extra(row)) for row in replies_to(original.request))

    async def draft(self, exchange: str, kind: str, *, why: str = "", status: str = "") -> DraftView:
        """A reply as a draft, in the conversation of the message it answers; InputError where it can have none."""
        original = await self._needed(exchange)
        if original.exchange.direction is Direction.OUT:
            cause = "the message went out from here: the other party answers it, and its reply is sent at once"
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="The reply", cause=cause)
        made = self._made(original, kind, why, status)
        draft = self._drafts.begin(made, title_of(made.facts))
        correlation_id = original.exchange.request.header(CORRELATION_ID)
        return await self._drafts.keep(
            replace(draft, correlation_id=correlation_id or draft.correlation_id, based_on=exchange)
        )

    async def send(
        self, exchange: str, kind: str, *, why: str = "", status: str = "", confirm_host: str = ""
    ) -> SendResult | None:
        """Reply at once: for the own receiver as an ordinary call, for a party of the sandbox through it.

        The result of the call; None where the party sends it: it is in the timeline as it arrives. InputError where the
        message can have no such reply, ConfigError where nothing may be sent.
        """
        original = await self._needed(exchange)
        if original.exchange.direction is Direction.OUT:
            self._as_party(original, kind, why, status)
            return None
        made = self._made(original, kind, why, status)
        done = await self._deliver(original, made, confirm_host)
        conversation = await self._engine.history.queries.conversation_of(done.id)
        return result_of(await self._masking.shown(done), conversation or "", self._target(made).name)

    def _as_party(self, original: Taken, kind: str, why: str, status: str) -> None:
        """Have the party of the sandbox that took a message send a reply now."""
        partner = self._partner(original.request)
        row = row_of(original.request)
        if partner is None or self._sandbox is None:
            cause = "it was not a party of the embedded sandbox that took the message"
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="The reply", cause=cause)
        self._check(original, kind)
        accepted = Accepted(
            original.exchange.request, original.request, original.answer, row.id if row is not None else ""
        )
        partner.reply(accepted, kind, why=why, status=status, interim=original.interim)

    def _partner(self, request: Message) -> Partner | None:
        value = split_endpoint(request.facts.destination_endpoint or "")[1]
        partners = self._sandbox.sandbox.partners.values() if self._sandbox is not None else ()
        return next((one for one in partners if one.rules.service(value) is not None), None)

    # by rule

    async def _send_due(self, exchange: str, kind: str, twice: bool) -> None:
        """Send one reply that a rule wants; KeyError or a WorkbenchError where it cannot be sent."""
        original = await self._needed(exchange)
        sent = await self._deliver(original, self._made(original, kind, "", ""), "")
        if twice:
            await self._sender.retry(sent)

    # making and sending

    def _check(self, original: Taken, kind: str) -> None:
        if kind not in {row.id for row in replies_to(original.request)}:
            cause = f"a message of use case {original.request.facts.use_case or '(none)'} can have no {kind} reply"
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="The reply", cause=cause)

    def _made(self, original: Taken, kind: str, why: str, status: str) -> Message:
        """The reply, in the name of the service that was addressed."""
        self._check(original, kind)
        engine = self._engine
        identity = engine.current_identity()
        value = split_endpoint(original.request.facts.destination_endpoint or "")[1]
        services = engine.directory.services
        own = next((one for one in services.all() if one.value == value), services.find(identity.service))
        return reply(
            kind,
            original.request,
            original.answer,
            responder=party(own),
            now=engine.clock(),
            ids=engine.ids,
            interim=original.interim,
            booking=original.booking,
            practitioner=practitioner(identity),
            software=SourceSoftware(identity.software, identity.software, identity.software_version or __version__),
            why=why,
            status=status,
        )

    async def _deliver(self, original: Taken, made: Message, confirm_host: str) -> Exchange:
        """Send a reply to where the source of the original says, in the conversation of the original."""
        outgoing = Outgoing(
            "process-message",
            self._target(made),
            made.source,
            correlation_id=original.exchange.request.header(CORRELATION_ID) or "new",
            confirm_host=confirm_host,
        )
        return await self._sender.persist(outgoing, original.exchange.id)

    def _target(self, made: Message) -> Service:
        """Whom a reply goes to: the service of the directory, else one made of the address itself."""
        endpoint = made.facts.destination_endpoint or ""
        system, value = split_endpoint(endpoint)
        found = next(
            (one for one in self._engine.directory.services.all() if (one.system, one.value) == (system, value)), None
        )
        if found is not None:
            return found
        if not system or not value:
            cause = "the message names no source that a reply could go to (MessageHeader.source.endpoint)"
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="The reply", cause=cause)
        name = made.facts.receiver_name or value
        return Service(endpoint, name, system, value, "receiver", name, "")

    # reading the original

    async def _needed(self, exchange: str) -> Taken:
        """The original, or an InputError that says why there can be no reply."""
        original = await find(self._engine, exchange)
        if original is None:
            cause = "only a message that was taken can have a reply"
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="The reply", cause=cause)
        if cause := self._hindrance(original):
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="The reply", cause=cause)
        return original

    def _hindrance(self, original: Taken) -> str:
        """Why nobody here can reply to a message, empty where somebody can."""
        if original.exchange.direction is Direction.OUT and self._partner(original.request) is None:
            return "it was not a party of the embedded sandbox that took the message"
        return ""


def _extra(row: Template) -> Extra:
    """What the words of a template leave open."""
    written = {value for changes in row.changes.values() for value in changes.values()}
    return Extra.STATUS if "{status}" in written else Extra.WHY if "{why}" in written else Extra.NOTHING
