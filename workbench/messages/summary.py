"""The plain-language card of a message: one title, one sentence, a few facts - who asks whom for what, by when.

Patients appear by initials, sex and age only. Tolerant of every shape; must not judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.messages.cards import (
    Rows,
    Summary,
    collection_card,
    outcome_card,
    patient_words,
    resources_of,
    single_card,
)
from workbench.messages.clinical import complaint, place_rows, safeguarding, safety_rows
from workbench.messages.phrases import (
    NOT_STATED,
    concept_text,
    period_text,
    phrase,
    sentence,
    time_text,
)
from workbench.messages.titles import Kind, Step, naming_of, route_of, title_of
from workbench.messages.words import type_words

if TYPE_CHECKING:
    from workbench.messages.message import Message
    from workbench.messages.values import JsonObject

__all__ = ["Summary", "summarise", "title_of"]

_VERBS = {
    Kind.BOOKING: "books {who} at {receiver}",
    Kind.REFERRAL: "refers {who} to {receiver}",
    Kind.VALIDATION: "asks {receiver} to validate the case of {who}",
}
_THINGS = {Kind.BOOKING: "booking", Kind.REFERRAL: "referral", Kind.VALIDATION: "validation request"}


def summarise(
    message: Message, *, received: bool = False, acknowledgement: bool | None = None, answered_by: str | None = None
) -> Summary:
    """The card of any resource; never raises.

    `received` words the sender's row ("Received from"). `acknowledgement` says that this is the 200 body of a request,
    which the text alone cannot always show (None = judge by the receiver's planned Encounter). `answered_by` names who
    gave an OperationOutcome.
    """
    if message.resource_type == "OperationOutcome":
        return outcome_card(message, answered_by or ("The other party" if received else "The answer"))
    if message.resource_type != "Bundle":
        return single_card(message)
    if message.facts.event is None:
        return collection_card(message)
    reading = _Reading(message, received)
    if acknowledgement if acknowledgement is not None else reading.looks_acknowledged():
        return reading.acknowledged()
    return reading.request_or_reply()


class _Reading:
    """One message, read for its card."""

    def __init__(self, message: Message, received: bool) -> None:
        self._message = message
        self._facts = message.facts
        self._received = received
        self._naming = naming_of(message.facts)
        self._sender = message.facts.sender_name or "the sender (name not stated)"
        self._receiver = message.facts.receiver_name or "the receiver (name not stated)"
        self._who = message.facts.patient_initials or "a patient whose name is not stated"

    def _first(self, kind: str) -> JsonObject:
        return next(iter(resources_of(self._message, kind)), {})

    def looks_acknowledged(self) -> bool:
        """A new request that carries the receiver's planned Encounter beside the sender's own is an answer to it."""
        statuses = [encounter.get("status") for encounter in resources_of(self._message, "Encounter")]
        request = self._naming.kind in (Kind.REFERRAL, Kind.VALIDATION) and self._facts.reason == "new"
        return request and len(statuses) > 1 and "planned" in statuses

    def request_or_reply(self) -> Summary:
        """A message in the direction its header says."""
        words = self._request() if self._naming.kind in _VERBS else self._reply()
        return self._summary(title_of(self._facts), words)

    def acknowledged(self) -> Summary:
        """The body of a 200: the roles of the header are still those of the request."""
        given = f" with id {self._facts.focus_id}" if self._facts.focus_id else ""
        thing = _THINGS.get(self._naming.kind, "message")
        words = f"{self._receiver} accepted the {thing} of {self._sender} for {self._who}{given}"
        return self._summary(f"Acknowledgement of {title_of(self._facts)}", words)

    def _request(self) -> str:
        kind, step = self._naming.kind, self._naming.step
        thing = f"its {_THINGS[kind]} for {self._who}"
        if step is Step.CANCELLED:
            return f"{self._sender} cancels {thing} at {self._receiver}"
        if step is Step.IN_ERROR:
            return f"{self._sender} tells {self._receiver} that {thing} was made in error"
        if step is Step.UPDATED:
            return f"{self._sender} updates {thing} at {self._receiver}{self._wanted()}"
        verb = _VERBS[kind].format(who=self._who, receiver=self._receiver)
        return f"{self._sender} {verb}{self._wanted()}"

    def _wanted(self) -> str:
        """`: attend an emergency treatment centre within 1 hour` of the care plan, or the time of the booking."""
        if self._naming.kind is Kind.BOOKING:
            start = time_text(self._first("Appointment").get("start"))
            return f" on {start}" if start else ", time not stated"
        outcome = self._disposition()
        return f": {outcome}" if outcome else ", outcome not stated"

    def _reply(self) -> str:
        who, sender, receiver = self._who, self._sender, self._receiver
        status = (self._facts.focus_status or NOT_STATED).replace("-", " ")
        concern = ", with a safeguarding concern" if safeguarding(self._message) else ""
        said = {
            Kind.VALIDATION_INTERIM: f"{sender} tells {receiver} that it has started to validate the case of {who}",
            Kind.VALIDATION_REJECTION: f"{sender} will not validate the case of {who} for {receiver}: {self._why()}",
            Kind.VALIDATION_FULL: f"{sender} has validated the case of {who} for {receiver}: {self._outcome()}",
            Kind.SAFEGUARDING: f"{sender} tells {receiver} that {who} did not attend{concern}",
            Kind.REFERRAL_RESPONSE: f"{sender} answers the referral of {who} by {receiver}: {status}",
            Kind.STATUS_UPDATE: f"{sender} tells {receiver} how the case of {who} stands: {status}",
            Kind.REJECTION: f"{sender} does not take the case of {who} from {receiver}: {self._why()}",
        }
        other = f"{sender} sends {receiver} a message about {who}, event {self._facts.event or NOT_STATED}"
        return said.get(self._naming.kind, other)

    def _disposition(self) -> str:
        """The disposition (DX code) of the care plan, else its first outcome, else what is asked for."""
        activities = tree.objects(self._first("CarePlan").get("activity"))
        outcomes = [code for activity in activities for code in tree.codings(activity.get("outcomeCodeableConcept"))]
        chosen = [coding for coding in outcomes if "dx-codes" in (tree.text(coding.get("system")) or "")] or outcomes
        display = next((text for coding in chosen if (text := tree.text(coding.get("display")))), None)
        request = self._first("ServiceRequest")
        asked = concept_text(self._first("Task").get("code")) or tree.inner_text(request, "category", "text")
        return phrase(display or asked or concept_text(request.get("code")))

    def _outcome(self) -> str:
        return self._disposition() or "outcome not stated"

    def _why(self) -> str:
        for encounter in reversed(resources_of(self._message, "Encounter")):
            if (text := concept_text(encounter.get("reasonCode"))) and encounter.get("status") == "cancelled":
                return phrase(text)
        return "reason not stated"

    def _summary(self, title: str, words: str) -> Summary:
        """The card with its rows in sections: what matters most, safety, who and by which references."""
        sections = (
            ("", self._first_rows()),
            ("Safety and care", self._care()),
            ("Who and references", self._who_rows()),
        )
        facts: list[tuple[str, str]] = []
        headings = []
        for name, rows in sections:
            told = [row for row in rows if row[1]]
            if name and told:
                headings.append((len(facts), name))
            facts += told
        return Summary(title, sentence(words[:1].upper() + words[1:]), tuple(facts), tuple(headings))

    def _first_rows(self) -> Rows:
        """Who it is about and what is to happen, what was found, when."""
        facts, kind = self._facts, self._naming.kind
        focus = (
            f"{type_words(facts.focus)} {(facts.focus_status or NOT_STATED).replace('-', ' ')}"
            if facts.focus
            else NOT_STATED
        )
        rows = [("About", patient_words(self._message))]
        if kind is Kind.BOOKING:
            return (*rows, self._when(), *place_rows(self._message), ("Status", focus))
        outcome = self._disposition()
        found = complaint(self._message)
        asks = kind in _VERBS and self._naming.step in (Step.NEW, Step.UPDATED)
        missed = self._first("Appointment") if kind is Kind.SAFEGUARDING else {}
        when = period_text(missed.get("start"), missed.get("end"))
        rows.append(("Appointment", f"{when}, did not attend" if when else ""))
        rows.append(("Complaint", found or (NOT_STATED if asks else "")))
        rows.append(("Outcome", outcome[:1].upper() + outcome[1:] or (NOT_STATED if asks else "")))
        if kind in (Kind.REJECTION, Kind.VALIDATION_REJECTION):
            rows.append(("Reason", self._why()))
        return (*rows, self._when(), ("Status", focus))

    def _care(self) -> Rows:
        """Safety, medicines, consent, contacts, where a message is to carry them."""
        kind, step = self._naming.kind, self._naming.step
        asked = kind in (Kind.REFERRAL, Kind.VALIDATION) and step in (Step.NEW, Step.UPDATED)
        if asked or kind is Kind.VALIDATION_FULL:
            return safety_rows(self._message)
        concern = safeguarding(self._message)
        return (("Safeguarding", concern or (NOT_STATED if kind is Kind.SAFEGUARDING else "")),)

    def _who_rows(self) -> Rows:
        facts = self._facts
        given = f"{facts.focus_id}" if facts.focus_id and facts.focus in ("ServiceRequest", "Appointment") else ""
        return (
            ("Received from" if self._received else "From", _party(facts.sender_name, facts.source_endpoint)),
            ("To", _party(facts.receiver_name, facts.destination_endpoint)),
            ("Use case", f"{route_of(facts)} ({facts.use_case})" if facts.use_case else NOT_STATED),
            ("Case references", self._cases()),
            ("Booking id" if facts.focus == "Appointment" else "Referral id", given),
            ("Journey", facts.journey_id or ""),
            ("Answers", f"message {facts.response_to}" if facts.response_to else ""),
        )

    def _cases(self) -> str:
        """The case numbers, with whose they are where the message shows it: in a reply the Encounter in focus is its
        sender's, in a request the planned one is the receiver's."""
        encounters = resources_of(self._message, "Encounter")
        replies = self._naming.kind not in _VERBS
        planned = any(encounter.get("status") == "planned" for encounter in encounters)
        shown = planned or (replies and self._facts.focus == "Encounter")
        told: dict[str, str] = {}
        for encounter in encounters:
            if replies:
                mine = tree.text(encounter.get("id")) == self._facts.focus_id
            else:
                mine = encounter.get("status") != "planned"
            whose = f" at {self._sender if mine else self._receiver}" if shown else ""
            for identifier in tree.objects(encounter.get("identifier")):
                if value := tree.text(identifier.get("value")):
                    told.setdefault(value, f"{value}{whose}")
        return ", ".join(told.values())

    def _when(self) -> tuple[str, str]:
        if self._naming.kind is Kind.BOOKING:
            appointment = self._first("Appointment")
            return "Appointment", period_text(appointment.get("start"), appointment.get("end")) or NOT_STATED
        request = self._first("ServiceRequest")
        period = tree.as_object(request.get("occurrencePeriod"))
        if end := time_text(period.get("end")):
            return "By", end
        return "From when", time_text(period.get("start")) or time_text(request.get("occurrenceDateTime"))


def _party(name: str | None, endpoint: str | None) -> str:
    service = (endpoint or "").rpartition("|")[2]
    return f"{name or 'name not stated'} (service {service})" if service else name or NOT_STATED
