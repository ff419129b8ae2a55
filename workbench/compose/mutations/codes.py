"""Faults of codes, displays and code systems. Answers: Core, Error handling (use cases); guide, Terminology."""

from __future__ import annotations

from workbench.compose.mutations.making import INVARIANT, UNSUPPORTED, bad, double, drop, put, swap
from workbench.compose.mutations.values import Drafts, Mutation
from workbench.standard.events import Event

_CASE = "category[0].coding[1]"
_REFERRALS = Drafts("messages of a ServiceRequest", lambda message: message.facts.event != Event.BOOKING_REQUEST)

MUTATIONS = (
    Mutation(
        "unknown-use-case",
        "A use case that does not exist",
        "The use case of the ServiceRequest is none of the code system.",
        put("ServiceRequest", f"{_CASE}.code", "a99t1"),
        "COD-003",
        UNSUPPORTED,
        drafts=_REFERRALS,
    ),
    Mutation(
        "use-case-in-capitals",
        "A use case in capital letters",
        "The use case of the ServiceRequest is written in capital letters.",
        swap("ServiceRequest", f"{_CASE}.code", lambda held, _message: str(held).upper()),
        "COD-003",
        UNSUPPORTED,
        drafts=_REFERRALS,
    ),
    Mutation(
        "no-use-case",
        "No use case",
        "The ServiceRequest's category has no use case.",
        drop("ServiceRequest", _CASE),
        "COD-001",
        INVARIANT,
        drafts=_REFERRALS,
    ),
    Mutation(
        "unknown-category",
        "A category that does not exist",
        "The category of the ServiceRequest is neither referral nor validation.",
        put("ServiceRequest", "category[0].coding[0].code", "advice"),
        "COD-002",
        INVARIANT,
        drafts=_REFERRALS,
    ),
    Mutation(
        "two-categories",
        "Two categories",
        "The category of the ServiceRequest stands there twice.",
        double("ServiceRequest", "category"),
        "COD-001",
        INVARIANT,
        drafts=_REFERRALS,
    ),
    Mutation(
        "booking-without-use-case",
        "Booking without a use case",
        "The Appointment has no service category.",
        drop("Appointment", "serviceCategory"),
        "COD-005",
        INVARIANT,
    ),
    Mutation(
        "use-case-display",
        "A use case by another name",
        "The display of the use case is not the published one.",
        put("ServiceRequest", f"{_CASE}.display", "Something else"),
        "COD-004",
        None,
        drafts=_REFERRALS,
    ),
    Mutation(
        "system-in-small-letters",
        "Code system in small letters",
        "The system of the category is written in small letters.",
        swap("ServiceRequest", "category[0].coding[0].system", lambda held, _message: str(held).lower()),
        "COD-011",
        INVARIANT,
        drafts=_REFERRALS,
    ),
    Mutation(
        "number-system-in-small-letters",
        "Identifier system in small letters",
        "The system of the Patient's identifier is written in small letters.",
        swap("Patient", "identifier[0].system", lambda held, _message: str(held).lower()),
        "COD-011",
        None,
    ),
    Mutation(
        "gender-unknown-word",
        "A gender that is no code",
        "The gender of the Patient is no code of FHIR R4.",
        put("Patient", "gender", "woman"),
        "BAS-008",
        bad("value"),
    ),
    Mutation(
        "encounter-class-ambulatory",
        "A class that is neither emergency nor virtual",
        "The class of the Encounter is AMB.",
        put("Encounter", "class.code", "AMB"),
        "ENC-005",
        None,
    ),
    Mutation(
        "verification-unknown-code",
        "A verification that does not exist",
        "The code for how the NHS number was verified is none of the published ones.",
        put(
            "Patient",
            "identifier[0].extension[0].valueCodeableConcept.coding[0].code",
            "checked-by-hand",
        ),
        "COD-009",
        None,
    ),
)
