"""The other parties of the sandbox: who they are, what they serve, which replies they send.

A partner is a `receiver` with rules of its own. It sends nothing itself: what it accepts goes to whoever plans replies.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets
from workbench.compose import Party
from workbench.messages import tree
from workbench.messages.identity import split_endpoint
from workbench.receiver import (
    MemoryLedger,
    Outcomes,
    ReceiverRules,
    ReceiverState,
    ServiceOffer,
    endpoints,
)
from workbench.sandbox.proxy import Answer
from workbench.standard.urls import DOS_SERVICE_ID, FLAG_CATEGORIES
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbench.exchange import Clock, Ids, Request
    from workbench.messages import JsonObject, Message
    from workbench.receiver import Accepted, AnswerBook, Faults, Judge

_MOST_BOOKINGS = 500


@dataclass(frozen=True, slots=True)
class ReplyPlan:
    """Which replies an accepted message starts."""

    on: str
    """A row of the decision table, for example `validation-new`."""
    kinds: tuple[str, ...]
    """Templates, one after the other."""
    flag: str = ""
    """A code of flag-categories-bars that must be in the message; empty = every message."""

    def fits(self, accepted: Accepted) -> bool:
        """Whether it holds for this message."""
        return accepted.meaning == self.on and (not self.flag or self.flag in _flags(accepted.message))


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
    delays: Mapping[str, float] = field(default_factory=dict)
    """Seconds before a reply by template, where the rule that answered says so."""
    why: str = ""
    """The reason that a rejection gives; empty = that of its template."""
    status: str = ""
    """How far a passed incident is; empty = as its template has it."""
    interim: Message | None = None
    """The interim response that went before."""


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
                    frozenset(service.get("definitions", ())),
                )
                for service in row["service"]
            ),
            tuple(
                ReplyPlan(reply["on"], tuple(reply["kinds"]), reply.get("flag", "")) for reply in row.get("reply", ())
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
        answers: AnswerBook,
        faults: Faults,
        judge: Judge | None = None,
    ) -> None:
        """`answers` and `faults` are those of the whole sandbox."""
        self.spec = spec
        self.state = ReceiverState()
        self.ledger = MemoryLedger()
        self.rules = ReceiverRules(spec.name, spec.ods_code, spec.services, answers=answers, judge=judge)
        self._faults = faults
        self._outcomes = Outcomes(spec.ods_code, ids)
        self._plan = plan
        self._bookings: OrderedDict[str, Message] = OrderedDict()
        self._router = endpoints(self.state, self.ledger, self.rules, clock, ids, accepted=self._on_accepted)

    async def answer(self, request: Request) -> Answer:
        """Answer a call that the proxy passed on, and name the rule that did."""
        response = await self._faults.answer(self._router, self._outcomes.refuse, request)
        return Answer(response, response.answered_by)

    def snapshot(self) -> JsonObject:
        """State and ledger as JSON."""
        return {"state": self.state.snapshot(), "ledger": self.ledger.snapshot()}

    def restore(self, snapshot: JsonObject) -> None:
        """Replace state and ledger by a snapshot."""
        self.state.restore(tree.as_object(snapshot.get("state")))
        self.ledger.restore(tree.as_object(snapshot.get("ledger")))

    def _on_accepted(self, accepted: Accepted) -> None:
        for kind, id in accepted.acknowledgement.facts.resource_ids:
            if kind == "Appointment" and accepted.meaning == "booking-new":
                self._bookings[id] = accepted.acknowledgement
        while len(self._bookings) > _MOST_BOOKINGS:
            self._bookings.popitem(last=False)
        replies = accepted.rule.replies if accepted.rule is not None else ()
        if not replies:
            plan = next((row for row in self.spec.replies if row.fits(accepted)), None)
            replies = tuple((kind, None) for kind in plan.kinds) if plan is not None else ()
        if replies:
            kinds = tuple(kind for kind, _ in replies)
            delays = {kind: seconds for kind, seconds in replies if seconds is not None}
            self._plan(Planned(self._responder(accepted.message), accepted, kinds, self._booking(accepted), delays))

    def reply(
        self, accepted: Accepted, kind: str, *, why: str = "", status: str = "", interim: Message | None = None
    ) -> None:
        """Send one more reply to a message that was accepted, now: what a person wants who plays this party."""
        self._plan(
            Planned(
                self._responder(accepted.message),
                accepted,
                (kind,),
                self._booking(accepted),
                {kind: 0.0},
                why,
                status,
                interim,
            )
        )

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
