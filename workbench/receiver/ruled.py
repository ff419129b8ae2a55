"""What an answer on purpose makes of a call: refused, given back, found empty, or answered with something besides.

Pure; must not know which rule was chosen nor why.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from workbench.messages import build, tree
from workbench.receiver import searchset
from workbench.receiver.answer_rule import How
from workbench.receiver.faults import spoilt
from workbench.receiver.matrix import Effect, resource_of
from workbench.receiver.samples import SPOILT, sample, with_strange_focus
from workbench.receiver.values import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from workbench.exchange import Ids, Request, Response
    from workbench.messages import JsonObject, Message
    from workbench.receiver.answer_rule import AnswerRule
    from workbench.receiver.linked import LinkedStates, Step
    from workbench.receiver.matrix import Row

_ABOUT = {
    Effect.REFER: "ServiceRequest",
    Effect.UPDATE_REFERRAL: "ServiceRequest",
    Effect.CANCEL_REFERRAL: "ServiceRequest",
    Effect.BOOK: "Appointment",
    Effect.UPDATE_BOOKING: "Appointment",
    Effect.CANCEL_BOOKING: "Appointment",
}
_LINKED_EVENTS = {
    Effect.BOOK: "booking",
    Effect.CANCEL_BOOKING: "booking-cancel",
    Effect.CANCEL_REFERRAL: "referral-cancel",
}
LINKED_BOOKING = "9a8df080-bfbc-457f-b30f-664bba7760a4"
"""Id of the booking that a linked referral must name (the national harness)."""
LINKED_REFERRAL = "79120f41-a431-4f08-bcc5-1e67006fcae0"


def refusal(rule: AnswerRule) -> Refusal | None:
    """The refusal of a rule that refuses."""
    if rule.how is not How.REFUSE:
        return None
    return Refusal(rule.status, rule.issue or "processing", rule.why or "an answer on purpose.", rule.id, rule.code)


def reading(
    rule: AnswerRule, request: Request, call: Callable[[Request], JsonObject | Refusal], ids: Ids, now: datetime
) -> JsonObject | Refusal:
    """The answer to a call that reads; `call` answers a request as it is."""
    if (refused := refusal(rule)) is not None:
        return refused
    if rule.how is How.EMPTY:
        return searchset.bundle((), ids(), now, request.url, 0)
    outcome = call(replace(request, url=_asking(request.url, rule.asks)) if rule.asks else request)
    if rule.how is not How.SAMPLE:
        return outcome
    if rule.sample == SPOILT:
        return outcome if isinstance(outcome, Refusal) else with_strange_focus(outcome)
    if isinstance(outcome, Refusal):
        return sample(rule.sample, now) if outcome.status == 404 else outcome
    if outcome.get("resourceType") == "Bundle" and not outcome.get("entry"):
        found = sample(rule.sample, now)
        return searchset.bundle(((f"urn:uuid:{found['id']}", found, "match"),), ids(), now, request.url, 1)
    return outcome


def _asking(url: str, wanted: tuple[str, ...]) -> str:
    """A URL that asks for `name=value` parameters in place of those of the same names."""
    path, _, query = url.partition("?")
    names = {one.partition("=")[0] for one in wanted}
    kept = [part for part in query.split("&") if part and part.partition("=")[0] not in names]
    added = [f"{name}={quote(value, safe=':,')}" for name, _, value in (one.partition("=") for one in wanted)]
    return f"{path}?{'&'.join([*kept, *added])}"


def prepared(rule: AnswerRule, row: Row, message: Message) -> Message:
    """The message as it is taken up: its booking or referral with the id the rule gives, Encounters as it sets."""
    given = given_id(rule, row)
    if not given and not rule.sets:
        return message
    about = resource_of(message, _ABOUT.get(row.effect, ""))
    entries = []
    for entry in tree.objects(message.resource.get("entry")):
        resource = tree.as_object(entry.get("resource"))
        if given and resource is about:
            entries.append({**entry, "resource": {**resource, "id": given}})
        elif rule.sets and resource.get("resourceType") == "Encounter":
            entries.append({**entry, "resource": {**resource, "status": rule.sets}})
        else:
            entries.append(entry)
    return build({**message.resource, "entry": [*entries]}, message.syntax)


def given_id(rule: AnswerRule, row: Row) -> str:
    """The id that a rule gives the booking or referral of a message; empty where it gives none."""
    if rule.how is not How.LINKED:
        return rule.gives
    return {Effect.BOOK: LINKED_BOOKING, Effect.REFER: LINKED_REFERRAL}.get(row.effect, "")


def takes_all(rule: AnswerRule | None) -> bool:
    """Whether what is held is not asked: the answer is the rule's alone."""
    return rule is not None and (rule.how is How.LINKED or bool(rule.gives))


def linked_step(states: LinkedStates, row: Row, message: Message, organisation: str) -> Step | None:
    """Where a message stands in the table of linked bookings and referrals; None where it has no place in it."""
    event = _LINKED_EVENTS.get(row.effect, "")
    if row.effect is Effect.REFER:
        named = [id for kind, id in message.facts.linked_ids if kind == "Appointment"]
        if not named:
            return None
        event = "referral-linked" if LINKED_BOOKING in named else "referral-elsewhere"
    return states.step(event, organisation)


def dressed(rule: AnswerRule, request: Request, response: Response, ids: Ids) -> Response:
    """The answer with what a rule adds on the wire: Allow, and a fault on purpose."""
    if rule.allow:
        response = replace(response, headers=(*response.headers, ("Allow", rule.allow)))
    return spoilt(rule.fault, request, response, ids) if rule.fault else response
