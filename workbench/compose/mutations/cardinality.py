"""Too many, too few, or what FHIR does not have.

Answers: Core, Error handling (a payload that breaks its definition is refused); FHIR R4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compose.mutations.making import INVARIANT, bad, drop, first, give, more_entries, put, without_entry
from workbench.compose.mutations.values import JSON, NEW_REFERRALS, Mutation
from workbench.messages import tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.messages import JsonValue, Message

_URL = "urn:uuid:0dead000-0000-4000-8000-00000000000e"


def _second(kind: str) -> Callable[[Message], JsonValue]:
    def make(message: Message) -> JsonValue:
        held = message.at(first(message, kind)) if first(message, kind) else None
        return {"fullUrl": _URL, "resource": held} if held is not None else None

    return make


def _foreign(message: Message) -> JsonValue:
    when = tree.inner_text(message.resource, "meta", "lastUpdated")
    return {
        "fullUrl": _URL,
        "resource": {"resourceType": "Basic", "meta": {"lastUpdated": when}, "code": {"text": "Own"}},
    }


MUTATIONS = (
    Mutation(
        "no-service-request",
        "No referral",
        "The entry with the ServiceRequest is taken out.",
        without_entry("ServiceRequest"),
        "DEF-001",
        INVARIANT,
    ),
    Mutation(
        "no-care-plan",
        "No care plan",
        "The entry with the CarePlan is taken out.",
        without_entry("CarePlan"),
        "DEF-001",
        INVARIANT,
    ),
    Mutation(
        "no-encounter",
        "No encounter",
        "The entry with the Encounter is taken out.",
        without_entry("Encounter"),
        "DEF-001",
        INVARIANT,
    ),
    Mutation(
        "no-appointment",
        "No appointment",
        "The entry with the Appointment is taken out.",
        without_entry("Appointment"),
        "DEF-001",
        INVARIANT,
    ),
    Mutation(
        "no-slot",
        "No slot",
        "The entry with the Slot is taken out.",
        without_entry("Slot"),
        "DEF-001",
        INVARIANT,
    ),
    Mutation(
        "two-patients",
        "Two patients",
        "The Patient comes a second time, as the last entry.",
        more_entries(_second("Patient")),
        "DEF-002",
        INVARIANT,
    ),
    Mutation(
        "two-service-requests",
        "Two referrals",
        "The ServiceRequest comes a second time, as the last entry.",
        more_entries(_second("ServiceRequest")),
        "DEF-002",
        INVARIANT,
    ),
    Mutation(
        "two-care-plans",
        "Two care plans",
        "The CarePlan comes a second time, as the last entry.",
        more_entries(_second("CarePlan")),
        "DEF-002",
        INVARIANT,
    ),
    Mutation(
        "resource-of-no-use",
        "A resource nobody asked for",
        "A resource of the type Basic is added as the last entry.",
        more_entries(_foreign),
        "DEF-003",
        INVARIANT,
    ),
    Mutation(
        "no-status",
        "Referral without a status",
        "The ServiceRequest has no status.",
        drop("ServiceRequest", "status"),
        "WFL-002",
        INVARIANT,
        drafts=NEW_REFERRALS,
    ),
    Mutation(
        "no-encounter-class",
        "Encounter without a class",
        "The Encounter has no class.",
        drop("Encounter", "class"),
        "BAS-004",
        INVARIANT,
    ),
    Mutation(
        "unknown-element",
        "An element that FHIR does not have",
        "The Patient has an element of the supplier's own.",
        give("Patient", "colour", "red"),
        "BAS-001",
        bad("structure"),
        drafts=JSON,
    ),
    Mutation(
        "empty-value",
        "A value that is empty",
        "The birth date of the Patient is an empty text.",
        put("Patient", "birthDate", ""),
        "BAS-003",
        bad("structure"),
        drafts=JSON,
    ),
    Mutation(
        "list-instead-of-one",
        "A list instead of one value",
        "The gender of the Patient is a list.",
        put("Patient", "gender", ["female"]),
        "BAS-002",
        bad("structure"),
        drafts=JSON,
    ),
    Mutation(
        "number-instead-of-text",
        "A number instead of a text",
        "The family name of the Patient is true.",
        put("Patient", "name[0].family", True),
        "BAS-002",
        bad("structure"),
        drafts=JSON,
    ),
    Mutation(
        "no-based-on",
        "Referral without its plan",
        "The ServiceRequest is based on nothing.",
        drop("ServiceRequest", "basedOn"),
        "SRQ-005",
        INVARIANT,
    ),
    Mutation(
        "no-requester",
        "Referral that nobody asks for",
        "The ServiceRequest does not say who asks.",
        drop("ServiceRequest", "requester"),
        "SRQ-006",
        INVARIANT,
    ),
    Mutation(
        "no-participant",
        "Booking for nobody",
        "The Appointment has no participant.",
        drop("Appointment", "participant"),
        "BAS-004",
        INVARIANT,
    ),
    Mutation(
        "no-start",
        "Booking without a start",
        "The Appointment has no start.",
        drop("Appointment", "start"),
        "APT-009",
        INVARIANT,
    ),
)
