"""What follows from a message that was taken: cancelling, updating, booking for it, referring for it, rebooking.

Each gives drafts in the same conversation, with what the guide carries on: ids, references, Journey ID, version and
times. Sends nothing but the reads and slot searches that come before them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from workbench.compose import Links, cancel, carried, compose, rebooked, slot_resources, update
from workbench.compose.originals import read
from workbench.compose.templates import Purpose
from workbench.errors import ErrorCode, InputError
from workbench.exchange import Direction
from workbench.headers.ids import CORRELATION_ID
from workbench.messages import title_of, tree
from workbench.rules import profile_of
from workbench.session.calls import NEW, Outgoing
from workbench.session.choosing import beginnings, lowered
from workbench.session.found import slots_in
from workbench.session.judging import readable
from workbench.session.parties import first_free_slot, slot_parameters
from workbench.session.views import Choice
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from workbench.compose import Template
    from workbench.compose.originals import Original
    from workbench.exchange import Exchange
    from workbench.messages import Message
    from workbench.session.call_views import SlotRow
    from workbench.session.composing import Composer
    from workbench.session.drafts import DraftDesk
    from workbench.session.engine import Engine
    from workbench.session.masking import Masking
    from workbench.session.sending import Sender
    from workbench.session.views import DraftView

_CURRENT = {"Appointment": ("booked",), "ServiceRequest": ("active", "on-hold")}
"""Statuses of what may still be changed (guide, Cancellation: read it first, stop where it is no longer current)."""
FOLLOW = "follow:"
"""How the id of a choice that follows a message begins."""
_LOOKED_AT, _RECENT = 20, 3
"""How many calls are looked at for how many messages that may be followed."""
_READS = {"Appointment": "appointment-read", "ServiceRequest": "service-request-read"}


class Follow(StrEnum):
    """What a message that was taken can be followed by."""

    CANCEL = "cancel"
    ERROR = "error"
    UPDATE = "update"
    BOOK = "book"
    REFER = "refer"
    REBOOK = "rebook"


_WORDS: dict[Follow, tuple[str, str, str]] = {
    Follow.CANCEL: ("Cancel it", "It was right but is no longer needed", "The cancellation"),
    Follow.ERROR: ("Withdraw it as sent in error", "It should never have been sent", "The withdrawal"),
    Follow.UPDATE: ("Update it", "The same with what is known by now", "The update"),
    Follow.BOOK: ("Book for this referral", "A free slot of the same service, in the same journey", "The booking"),
    Follow.REFER: (
        "Refer for this booking",
        "A referral that names the booking",
        "The referral",
    ),
    Follow.REBOOK: ("Rebook", "Cancel it first, then book another slot", "The rebooking"),
}
"""What a person may choose, a few words on it, and what it is called where it cannot be."""


class SlotsFound(NamedTuple):
    """The slots that a service offers now."""

    exchange: str
    """Id of the search."""
    rows: tuple[SlotRow, ...]


@dataclass(frozen=True, slots=True)
class _Taken:
    """A message that was sent and taken."""

    exchange: Exchange
    request: Message
    answer: Message
    known: Original
    application: int | None
    case: str
    """Its use case, or the only one of its Application; empty where there is none."""

    @property
    def booked(self) -> bool:
        """Whether it is a booking."""
        return self.known.event == "booking-request"

    @property
    def correlation_id(self) -> str:
        """That of the conversation."""
        return self.exchange.request.header(CORRELATION_ID) or NEW


class Linking:
    """Called on the I/O thread; `exchange` is the id of a message that went out."""

    def __init__(self, engine: Engine, sender: Sender, composer: Composer, drafts: DraftDesk, masking: Masking) -> None:
        self._engine = engine
        self._masking = masking
        self._sender = sender
        self._composer = composer
        self._drafts = drafts

    async def offers(self, exchange: str) -> tuple[Choice, ...]:
        """Everything that may follow a message, each that cannot with its reason; KeyError where there is none."""
        original = await self._engine.history.queries.exchange(exchange)
        taken = self._taken(original)
        if isinstance(taken, str):
            return tuple(Choice(one.value, *_WORDS[one][:2], reason=taken) for one in Follow)
        return tuple(Choice(one.value, *_WORDS[one][:2], reason=_why_not(one, taken)) for one in Follow)

    async def recent(self) -> tuple[Choice, ...]:
        """What may follow the messages that were sent last; the id is `follow:EXCHANGE:WHAT`."""
        queries = self._engine.history.queries
        found: list[_Taken] = []
        for known in await queries.recent(_LOOKED_AT, direction="out"):
            if known.request is None or known.request.reason != "new" or len(found) == _RECENT:
                continue
            taken = self._taken(await queries.exchange(known.exchange.id))
            if isinstance(taken, _Taken):
                found.append(taken)
        return tuple(
            Choice(
                f"{FOLLOW}{taken.exchange.id}:{one.value}",
                f"{_WORDS[one][0]}: {title_of(taken.request.facts)}",
                f"sent {taken.exchange.timing.started:%d %b, %H:%M} UTC",
                "Follow up what was sent",
            )
            for taken in found
            for one in Follow
            if not _why_not(one, taken)
        )

    async def follow(self, exchange: str, what: Follow, slot: tuple[str, str] | None = None) -> tuple[DraftView, ...]:
        """The drafts of what follows a message, in the order in which they are to be sent.

        `slot` names a search of `slots` and a slot of it; without one a booking takes the first that is free. What is
        to be cancelled or updated is read at its receiver first. InputError where it cannot follow.
        """
        original = await self._engine.history.queries.exchange(exchange)
        taken = self._taken(original)
        reason = taken if isinstance(taken, str) else _why_not(what, taken)
        if isinstance(taken, str) or reason:
            raise InputError(ErrorCode.INPUT_TEMPLATE, what=_WORDS[what][2], cause=lowered(reason))
        match what:
            case Follow.BOOK:
                return (await self._booking(taken, carried(taken.request, taken.answer), slot),)
            case Follow.REFER:
                return (await self._referral(taken),)
            case Follow.REBOOK:
                await self._check_current(taken)
                first = await self._later(taken, Follow.CANCEL, "Rebooked at another time")
                return first, await self._booking(taken, rebooked(taken.request, taken.answer), slot)
            case _:
                await self._check_current(taken)
                return (await self._later(taken, what, ""),)

    async def cancellation(self, original: Exchange, *, why: str = "") -> DraftView:
        """The withdrawal of a message that was taken, without reading it first.

        InputError when the exchange was not answered with what it asked for.
        """
        taken = self._taken(original)
        reason = taken if isinstance(taken, str) else _why_not(Follow.CANCEL, taken)
        if isinstance(taken, str) or reason:
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="The cancellation", cause=lowered(reason))
        return await self._later(taken, Follow.CANCEL, why)

    async def slots(self, exchange: str) -> SlotsFound:
        """The slots that the service of a message offers now, searched for in its conversation.

        ConfigError where nothing may be sent; InputError where the search was not answered with slots.
        """
        original = await self._engine.history.queries.exchange(exchange)
        taken = self._taken(original)
        if isinstance(taken, str):
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="A booking", cause=lowered(taken))
        found = await self._masking.shown(await self._search(taken))
        answer = readable(found.response.body) if found.response is not None and found.response.ok else None
        if answer is None:
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="A booking", cause="the search was not answered with slots")
        return SlotsFound(found.id, slots_in(answer))

    def _taken(self, exchange: Exchange) -> _Taken | str:
        """A message that was sent and taken, else why it is none."""
        request, answer = readable(exchange.request.body), None
        if exchange.response is not None and exchange.response.ok:
            answer = readable(exchange.response.body)
        if exchange.direction is not Direction.OUT:
            return "It came in: its sender may follow it up, and you may reply"
        if request is None or request.facts.event not in ("booking-request", "servicerequest-request"):
            return "It is no booking, referral or validation request"
        if answer is None or not answer.entries():
            return "Only a message that was answered with its resources can be followed up"
        if exchange.service is None:
            return "Its service is no longer in the directory"
        versions = profile_of(request.facts, self._engine.current_environment().profile)
        known = read(request, answer)
        only = [one.code for one in use_cases().values() if one.application == versions.application]
        case = known.use_case or (only[0] if len(only) == 1 else "")
        return _Taken(exchange, request, answer, known, versions.application, case)

    async def _later(self, taken: _Taken, what: Follow, why: str) -> DraftView:
        now, ids = self._engine.clock(), self._engine.ids
        if what is Follow.UPDATE:
            made = update(taken.request, taken.answer, now=now, ids=ids, why=why)
        else:
            error = what is Follow.ERROR
            words = why or ("Sent in error" if error else "No longer needed")
            made = cancel(taken.request, taken.answer, now=now, ids=ids, error=error, why=words)
        return await self._keep(taken, made, based_on=taken.exchange.id)

    async def _booking(self, taken: _Taken, links: Links, slot: tuple[str, str] | None) -> DraftView:
        searched = (
            await self._engine.history.queries.exchange(slot[0]) if slot is not None else await self._search(taken)
        )
        answer = readable(searched.response.body) if searched.response is not None and searched.response.ok else None
        chosen = slot[1] if slot is not None else first_free_slot(answer) if answer is not None else None
        if answer is None or chosen is None:
            cause = "its service offers no free slot in the next seven days"
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="A booking", cause=cause)
        row = _beginning(Purpose.BOOKING, taken.case)
        return await self._new(taken, row, replace(links, slot=slot_resources(answer, chosen)))

    async def _referral(self, taken: _Taken) -> DraftView:
        links = carried(taken.request, taken.answer)
        if links.journey_id is None:
            links = replace(links, journey_id=await self._journey(taken))
        return await self._new(taken, _beginning(Purpose.REFERRAL, taken.case), links)

    async def _new(self, taken: _Taken, row: Template | None, links: Links) -> DraftView:
        if row is None:  # the offer has said so already
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="The message", cause=f"{taken.case} has none of its kind")
        engine = self._engine
        service = engine.directory.services.find(taken.exchange.service or "")
        setting = replace(
            self._composer.setting(service, engine.directory.patients[0], taken.case),
            versions=profile_of(taken.request.facts, engine.current_environment().profile),
        )
        made = compose(row.id, setting, now=engine.clock(), ids=engine.ids, links=links)
        return await self._keep(taken, made)

    async def _keep(self, taken: _Taken, made: Message, based_on: str | None = None) -> DraftView:
        draft = self._drafts.begin(made, title_of(made.facts))
        service = taken.exchange.service or draft.service
        return await self._drafts.keep(
            replace(draft, service=service, correlation_id=taken.correlation_id, based_on=based_on)
        )

    async def _journey(self, taken: _Taken) -> str | None:
        """The journey that other messages of the conversation name: a booking names none."""
        queries = self._engine.history.queries
        conversation = await queries.conversation_of(taken.exchange.id)
        legs = await queries.legs(conversation) if conversation is not None else ()
        named = (leg.request.journey_id for leg in legs if leg.request is not None and leg.request.journey_id)
        return next(named, None)

    async def _search(self, taken: _Taken) -> Exchange:
        service = self._engine.directory.services.find(taken.exchange.service or "")
        parameters = slot_parameters(service.value, self._engine.clock(), people=taken.application == 7)
        return await self._sender.send(
            Outgoing("slot-search", service, parameters=parameters, correlation_id=taken.correlation_id)
        )

    async def _check_current(self, taken: _Taken) -> None:
        """Read what is to be changed at its receiver, and stop where it is no longer current.

        A receiver that does not answer the read, or whose answer says nothing, keeps nobody from going on. InputError
        where it was cancelled, completed or withdrawn meanwhile.
        """
        kind = "Appointment" if taken.booked else "ServiceRequest"
        id = tree.text(taken.known.first("appointment" if taken.booked else "request").get("id"))
        if id is None or not self._engine.current_environment().ready:
            return
        service = self._engine.directory.services.find(taken.exchange.service or "")
        found = await self._sender.send(
            Outgoing(_READS[kind], service, path_values=(("id", id),), correlation_id=taken.correlation_id)
        )
        message = readable(found.response.body) if found.response is not None and found.response.ok else None
        status = tree.text(message.resource.get("status")) if message is not None else None
        if status is not None and status not in _CURRENT[kind]:
            cause = f"its receiver has it as {status} by now, and only what is {_CURRENT[kind][0]} can be changed"
            raise InputError(ErrorCode.INPUT_TEMPLATE, what=f"The change of {kind} {id}", cause=cause)


def _beginning(purpose: Purpose, code: str) -> Template | None:
    """The least template of a purpose for a use case."""
    return next((row for row in beginnings() if row.purpose is purpose and code in row.use_cases), None)


def _why_not(what: Follow, taken: _Taken) -> str:
    """Why a message cannot be followed by this; empty where it can."""
    facts, case = taken.request.facts, use_cases().get(taken.case)
    if facts.focus_status in ("revoked", "cancelled", "entered-in-error"):
        return "It is a withdrawal itself"
    if taken.application == 8 and what in (Follow.CANCEL, Follow.ERROR, Follow.UPDATE):
        return "A referral to a broker cannot be changed by a message"
    if what is Follow.ERROR and taken.booked:
        return "A booking knows no such status: cancel it"
    if what is Follow.UPDATE and taken.application in (2, 3) and not taken.booked:
        return f"Application {taken.application} knows no update of a referral"
    if what is Follow.REBOOK and not taken.booked:
        return "It is no booking"
    if what is Follow.BOOK and (taken.booked or case is None or not case.booking):
        return "It is a booking itself" if taken.booked else "Its use case knows no bookings"
    if what is Follow.REFER and (not taken.booked or case is None or not case.referral):
        return "Its use case knows no referrals" if taken.booked else "It is no booking"
    return ""
