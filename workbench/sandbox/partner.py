"""The other parties of the sandbox: who they are, what they serve, which replies they send.

A partner is a `receiver` with rules of its own. It sends nothing itself: what it accepts goes to whoever plans replies.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets
from workbench.compose import Party
from workbench.messages import tree
from workbench.messages.identity import split_endpoint
from workbench.receiver import (
    MemoryLedger,
    ReceiverRules,
    ReceiverState,
    ServiceOffer,
    answer_rules,
    endpoints,
)
from workbench.receiver.decision import nhs_numbers
from workbench.sandbox.proxy import Answer
from workbench.standard.urls import DOS_SERVICE_ID, FLAG_CATEGORIES
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.exchange import Clock, Ids, Request
    from workbench.messages import JsonObject, Message
    from workbench.receiver import Accepted, Judge, ReceivedCall

_MOST_BOOKINGS = 500


@dataclass(frozen=True, slots=True)
class ReplyPlan:
    """Which replies an accepted message starts."""

    on: str
    """A row of the decision table, for example `validation-new`."""
    kinds: tuple[str, ...]
    """Templates, one after the other."""
    patients: frozenset[str] = frozenset()
    flag: str = ""
    """A code of flag-categories-bars."""

    def fits(self, accepted: Accepted) -> bool:
        """Whether it holds for this message."""
        if accepted.meaning != self.on:
            return False
        if not self.patients and not self.flag:
            return True
        return bool(self.patients & set(nhs_numbers(accepted.message))) or (
            bool(self.flag) and self.flag in _flags(accepted.message)
        )


@dataclass(frozen=True, slots=True)
class PartnerSpec:
    """One organisation of the sandbox with its services."""

    id: str
    name: str
    ods_code: str
    services: tuple[ServiceOffer, ...]
    replies: tuple[ReplyPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """The replies to one accepted message."""

    responder: Party
    accepted: Accepted
    kinds: tuple[str, ...]
    booking: Message | None = None
    """The acknowledged booking that belongs to the referral."""


@cache
def partner_specs() -> tuple[PartnerSpec, ...]:
    """Every partner, from `resources/sandbox/partners.toml`."""
    return tuple(
        PartnerSpec(
            row["id"],
            row["name"],
            row["ods_code"],
            tuple(
                ServiceOffer(
                    DOS_SERVICE_ID,
                    service["value"],
                    service["name"],
                    frozenset(
                        case.code for case in use_cases().values() if case.application in service["applications"]
                    ),
                    service.get("diary", "every-day"),
                )
                for service in row["service"]
            ),
            tuple(
                ReplyPlan(
                    reply["on"], tuple(reply["kinds"]), frozenset(reply.get("patients", ())), reply.get("flag", "")
                )
                for reply in row.get("reply", ())
            ),
        )
        for row in assets.table("sandbox", "partners.toml")["partner"]
    )


class Partner:
    """One partner at work. Only the loop's thread touches it."""

    def __init__(
        self,
        spec: PartnerSpec,
        *,
        clock: Clock,
        ids: Ids,
        plan: Callable[[Planned], None],
        judge: Judge | None = None,
    ) -> None:
        self.spec = spec
        self.state = ReceiverState()
        self.ledger = MemoryLedger()
        self.rules = ReceiverRules(spec.name, spec.ods_code, spec.services, answers=answer_rules(), judge=judge)
        self._plan = plan
        self._calls: dict[int, ReceivedCall] = {}
        self._bookings: OrderedDict[str, Message] = OrderedDict()
        self._router = endpoints(
            self.state, self.ledger, self.rules, clock, ids, observer=self._on_answered, accepted=self._on_accepted
        )

    async def answer(self, request: Request) -> Answer:
        """Answer a call that the proxy passed on, and name the rule that did."""
        response = await self._router(request)
        call = self._calls.pop(id(request), None)
        return Answer(response, call.answered_by if call else "")

    def snapshot(self) -> JsonObject:
        """State and ledger as JSON."""
        return {"state": self.state.snapshot(), "ledger": self.ledger.snapshot()}

    def restore(self, snapshot: JsonObject) -> None:
        """Replace state and ledger by a snapshot."""
        self.state.restore(tree.as_object(snapshot.get("state")))
        self.ledger.restore(tree.as_object(snapshot.get("ledger")))

    def _on_answered(self, call: ReceivedCall) -> None:
        self._calls[id(call.request)] = call

    def _on_accepted(self, accepted: Accepted) -> None:
        for kind, id in accepted.acknowledgement.facts.resource_ids:
            if kind == "Appointment" and accepted.meaning == "booking-new":
                self._bookings[id] = accepted.acknowledgement
        while len(self._bookings) > _MOST_BOOKINGS:
            self._bookings.popitem(last=False)
        plan = next((row for row in self.spec.replies if row.fits(accepted)), None)
        if plan is not None:
            self._plan(Planned(self._responder(accepted.message), accepted, plan.kinds, self._booking(accepted)))

    def _responder(self, message: Message) -> Party:
        """The party that was addressed."""
        service = self.rules.service(split_endpoint(message.facts.destination_endpoint or "")[1])
        chosen = service or self.spec.services[0]
        return Party(self.spec.name, self.spec.ods_code, chosen.value, chosen.name, chosen.system)

    def _booking(self, accepted: Accepted) -> Message | None:
        linked = (id for kind, id in accepted.message.facts.linked_ids if kind == "Appointment")
        return next((self._bookings[id] for id in linked if id in self._bookings), None)


def _flags(message: Message) -> set[str]:
    """The categories of every Flag in a message."""
    return {
        tree.text(coding.get("code")) or ""
        for entry in message.entries()
        if entry.type == "Flag"
        for coding in tree.codings(entry.resource.get("category"))
        if tree.text(coding.get("system")) == FLAG_CATEGORIES
    }
