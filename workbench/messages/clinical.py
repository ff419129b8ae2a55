"""What a message says about its patient's care as labelled rows: complaint, safety, medicines, consent, place.

Codes and their words only; free text, which may hold names, is left to the tree. Tolerant of every shape.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.messages.cards import resources_of
from workbench.messages.phrases import NOT_STATED, codes_in, concept_text, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbench.messages.cards import Rows
    from workbench.messages.message import Message
    from workbench.messages.values import JsonObject, JsonValue

SNOMED = "http://snomed.info/sct"
PRESENTING_COMPLAINT = "33962009"
"""SNOMED CT code of the category that Application 5 asks for (payload page, Condition.category)."""
SAFEGUARDING = "SG"
_FLAGS = {
    SAFEGUARDING: "Safeguarding",
    "SS": "Scene safety",
    "RA": "Adjustment",
    "RS": "Rejected",
}
"""Categories of flag-categories-bars in the words of the card."""
_SEMANTIC_TAG = re.compile(r" \((?:disorder|finding|procedure|situation|event)\)$")
_NAMED = 3
"""How many of a kind are named; of more only the number is told."""


def complaint(message: Message) -> str:
    """The presenting complaint: a condition of that category, else any condition, else a coded observation."""
    conditions = resources_of(message, "Condition")
    presenting = [one for one in conditions if PRESENTING_COMPLAINT in codes_in(one.get("category"))]
    observed = [
        one
        for one in resources_of(message, "Observation")
        for coding in tree.codings(one.get("code"))
        if tree.text(coding.get("system")) == SNOMED and (tree.text(coding.get("code")) or "").isdigit()
    ]
    words = (_bare(one.get("code")) for one in (*presenting, *conditions, *observed))
    return next((text for text in words if text), "")


def safety_rows(message: Message) -> Rows:
    """Flags by category, allergies, medicines, consent and how many contacts there are; rows without words are left
    out, but for consent, whose absence a reader must see."""
    rows = [*_flag_rows(message)]
    rows.append(("Allergies", _listed(_codes(message, "AllergyIntolerance", "code"))))
    rows.append(("Medicines", _listed(_codes(message, "MedicationStatement", "medicationCodeableConcept"))))
    rows.append(("Consent", _consent(message)))
    rows.append(("Contacts", _contacts(message)))
    return tuple(row for row in rows if row[1])


def safeguarding(message: Message) -> str:
    """The safeguarding concerns in words, empty where none is flagged."""
    return dict(_flag_rows(message)).get(_FLAGS[SAFEGUARDING], "")


def place_rows(message: Message) -> Rows:
    """Where it happens and which service it is; both are told, or that they are not stated. An address may be that of
    the patient, so a place is told by its name alone."""
    places = [tree.text(one.get("name")) for one in resources_of(message, "Location")]
    services = [tree.text(one.get("name")) for one in resources_of(message, "HealthcareService")]
    return (
        ("Where", next((text for text in places if text), NOT_STATED)),
        ("Service", _listed([text for text in services if text]) or NOT_STATED),
    )


def _flag_rows(message: Message) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for flag in resources_of(message, "Flag"):
        codes = codes_in(flag.get("category"))
        name = next((_FLAGS[code] for code in codes if code in _FLAGS), concept_text(flag.get("category")) or "Flag")
        found.setdefault(name, []).append(_bare(flag.get("code")) or "concern, not described")
    order = [*_FLAGS.values()]
    names = sorted(found, key=lambda name: (order.index(name) if name in order else len(order), name))
    return [(name, "; ".join(dict.fromkeys(found[name]))) for name in names]


def _codes(message: Message, kind: str, element: str) -> list[str]:
    return [_bare(one.get(element)) or NOT_STATED for one in resources_of(message, kind)]


def _bare(value: JsonValue) -> str:
    """A concept in words, without the semantic tag that SNOMED CT puts behind."""
    return _SEMANTIC_TAG.sub("", concept_text(value))


def _listed(words: Sequence[str]) -> str:
    known = list(dict.fromkeys(words))
    named = ", ".join(known[:_NAMED])
    return f"{named} and {len(known) - _NAMED} more" if len(known) > _NAMED else named


def _consent(message: Message) -> str:
    """`Direct care, implied, active` of every consent; that there is none is told."""
    told = []
    for consent in resources_of(message, "Consent"):
        policy = codes_in(consent.get("policyRule"))
        parts = [concept_text(consent.get("category")), policy[0].lower() if policy else ""]
        parts.append(tree.text(consent.get("status")) or "status not stated")
        words = ", ".join(part for part in parts if part)
        told.append(words[:1].upper() + words[1:])
    return "; ".join(dict.fromkeys(told)) or NOT_STATED


def _contacts(message: Message) -> str:
    """How many ways there are to reach the patient, and how many other people; never who or where."""
    patients = resources_of(message, "Patient")
    own = _count(patients, "telecom")
    others = _count(patients, "contact") + len(resources_of(message, "RelatedPerson"))
    told = [counted(own, "way") + " to reach the patient" if own else "", counted(others, "other contact")]
    return ", ".join(part for part in told if part) if own or others else NOT_STATED


def _count(resources: Iterable[JsonObject], element: str) -> int:
    return sum(len(tree.objects(one.get(element))) for one in resources)
