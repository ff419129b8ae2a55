"""Faults of the patient's data. Answers: guide, payload tables; FHIR R4. What only warns is taken all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compose.mutations.making import INVARIANT, bad, drop, give, put, swap, without_entry
from workbench.compose.mutations.values import JSON, NEW_BOOKINGS, Drafts, Mutation
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from workbench.messages import JsonValue, Message

_NUMBER = "identifier[0].value"


def _wrong_check_digit(held: JsonValue, _message: Message) -> str:
    digits = str(held)
    return digits[:-1] + str((int(digits[-1:] or "0") + 1) % 10) if digits.isdigit() else digits


def _grouped(held: JsonValue, _message: Message) -> str:
    digits = str(held)
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def _to_broker(message: Message) -> bool:
    case = use_cases().get(message.facts.use_case or "")
    return case is not None and case.application == 8


MUTATIONS = (
    Mutation(
        "no-patient",
        "No patient",
        "The entry with the Patient is taken out.",
        without_entry("Patient"),
        "DEF-001",
        INVARIANT,
    ),
    Mutation(
        "no-nhs-number",
        "No NHS number",
        "The Patient's identifier has no value.",
        drop("Patient", "identifier[0].value"),
        "PAT-001",
        None,
    ),
    Mutation(
        "no-nhs-number-for-a-broker",
        "No NHS number where one is needed",
        "The Patient of a referral to a broker has no identifier.",
        drop("Patient", "identifier"),
        "PAT-004",
        INVARIANT,
        drafts=Drafts("referrals to a broker (Application 8)", _to_broker),
    ),
    Mutation(
        "nhs-number-check-digit",
        "NHS number that cannot be",
        "The last digit of the NHS number does not check the others.",
        swap("Patient", _NUMBER, _wrong_check_digit),
        "PAT-001",
        None,
    ),
    Mutation(
        "nhs-number-with-blanks",
        "NHS number with blanks",
        "The NHS number is written in groups, with blanks.",
        swap("Patient", _NUMBER, _grouped),
        "PAT-001",
        None,
    ),
    Mutation(
        "nhs-number-too-short",
        "NHS number of nine digits",
        "The NHS number has lost its last digit.",
        swap("Patient", _NUMBER, lambda held, _message: str(held)[:-1]),
        "PAT-001",
        None,
    ),
    Mutation(
        "nhs-number-not-verified",
        "NHS number of unknown origin",
        "The NHS number does not say how it was verified.",
        drop("Patient", "identifier[0].extension"),
        "PAT-002",
        None,
    ),
    Mutation(
        "patient-with-phone",
        "Phone number in the wrong place",
        "The Patient has a phone number of their own instead of under contact.",
        give("Patient", "telecom", [{"system": "phone", "value": "01632 960999"}]),
        "PAT-006",
        INVARIANT,
    ),
    Mutation(
        "no-contact",
        "Nobody to call",
        "The Patient has no contact.",
        drop("Patient", "contact"),
        "PAT-007",
        INVARIANT,
    ),
    Mutation(
        "name-as-text",
        "A name that is not taken apart",
        "The Patient's name is one text instead of a structure.",
        put("Patient", "name", "Quillfeather, Ash"),
        "BAS-002",
        bad("structure"),
        drafts=JSON,
    ),
    Mutation("no-name", "No name", "The Patient has no name.", drop("Patient", "name"), "PAT-005", None),
    Mutation(
        "no-birth-date",
        "No birthday",
        "The Patient has no birth date.",
        drop("Patient", "birthDate"),
        "PAT-009",
        None,
        drafts=NEW_BOOKINGS,
    ),
)
