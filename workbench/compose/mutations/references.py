"""Faults of references. Answers: Core, Error handling (a payload that breaks its definition is refused); FHIR R4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compose.mutations.making import INVARIANT, NOWHERE, drop, first, put, touched, url_of
from workbench.compose.mutations.values import Mutation, TreeChange
from workbench.messages import Edit, EditOp

if TYPE_CHECKING:
    from workbench.messages import Message


def _to(kind: str, element: str, target: str) -> TreeChange:
    """Lead a reference to the first resource of another type."""

    def make(message: Message) -> tuple[Edit, ...]:
        path, url = f"{first(message, kind)}.{element}", url_of(message, target)
        held = message.at(path) if first(message, kind) else None
        return (Edit(EditOp.SET, path, url),) if url and held is not None and held != url else ()

    return TreeChange(touched(kind, element), make)


MUTATIONS = (
    Mutation(
        "dangling-subject",
        "Referral about nobody",
        "The subject of the ServiceRequest leads to no entry of the message.",
        put("ServiceRequest", "subject.reference", NOWHERE),
        "REF-001",
        INVARIANT,
    ),
    Mutation(
        "dangling-encounter",
        "Referral from no encounter",
        "The encounter of the ServiceRequest leads to no entry of the message.",
        put("ServiceRequest", "encounter.reference", NOWHERE),
        "REF-001",
        INVARIANT,
    ),
    Mutation(
        "dangling-care-plan",
        "Referral based on nothing",
        "The CarePlan that the ServiceRequest is based on is no entry of the message.",
        put("ServiceRequest", "basedOn[0].reference", NOWHERE),
        "REF-001",
        INVARIANT,
    ),
    Mutation(
        "dangling-slot",
        "Booking of no slot",
        "The slot of the Appointment leads to no entry of the message.",
        put("Appointment", "slot[0].reference", NOWHERE),
        "REF-001",
        INVARIANT,
    ),
    Mutation(
        "dangling-focus",
        "A focus that is not there",
        "The focus leads to no entry of the message.",
        put("MessageHeader", "focus[0].reference", NOWHERE),
        "REF-001",
        INVARIANT,
    ),
    Mutation(
        "dangling-sender",
        "A sender that is not there",
        "The sender leads to no entry of the message.",
        put("MessageHeader", "sender.reference", NOWHERE),
        "REF-001",
        INVARIANT,
    ),
    Mutation(
        "subject-is-organisation",
        "Referral about an organisation",
        "The subject of the ServiceRequest is an Organization.",
        _to("ServiceRequest", "subject.reference", "Organization"),
        "SRQ-003",
        INVARIANT,
    ),
    Mutation(
        "encounter-of-organisation",
        "Encounter of an organisation",
        "The subject of the Encounter is an Organization.",
        _to("Encounter", "subject.reference", "Organization"),
        "ENC-006",
        INVARIANT,
    ),
    Mutation(
        "sender-is-patient",
        "The patient sends",
        "The sender of the message is the Patient.",
        _to("MessageHeader", "sender.reference", "Patient"),
        "MSG-008",
        INVARIANT,
    ),
    Mutation(
        "reference-to-nothing-contained",
        "A contained resource that is not there",
        "The subject of the Encounter is a contained resource that the Encounter does not have.",
        put("Encounter", "subject.reference", "#patient"),
        "REF-003",
        INVARIANT,
    ),
    Mutation(
        "reference-to-no-type",
        "A reference to an unknown type",
        "The subject of the Encounter is of a type that FHIR R4 does not have.",
        put("Encounter", "subject.reference", "Person2/1"),
        "REF-002",
        INVARIANT,
    ),
    Mutation(
        "no-subject",
        "Referral without a subject",
        "The ServiceRequest has no subject.",
        drop("ServiceRequest", "subject"),
        "BAS-004",
        INVARIANT,
    ),
    Mutation(
        "no-journey",
        "Journey lost",
        "The Encounter does not say which journey it belongs to.",
        drop("Encounter", "episodeOfCare"),
        "ENC-004",
        INVARIANT,
    ),
)
