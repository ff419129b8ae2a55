"""What a message is called: "111 to ED: referral, new", "Full validation response".

Knows event, reason, category and definition (BaRS guide, payload pages); must not judge whether they agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.messages.values import MessageFacts


class Kind(StrEnum):
    """The messages of the standard as far as their words differ."""

    BOOKING = "booking"
    REFERRAL = "referral"
    VALIDATION = "validation"
    VALIDATION_INTERIM = "validation-interim"
    VALIDATION_REJECTION = "validation-rejection"
    VALIDATION_FULL = "validation-full"
    SAFEGUARDING = "safeguarding-dna"
    REFERRAL_RESPONSE = "referral-response"
    STATUS_UPDATE = "status-update"
    REJECTION = "referral-rejection"
    OTHER = "other"


class Step(StrEnum):
    """What a request asks for; the word stands in its title."""

    NEW = "new"
    UPDATED = "updated"
    CANCELLED = "cancelled"
    IN_ERROR = "entered in error"
    NOT_STATED = "reason not stated"


_ENDED: Mapping[str, Step] = {
    "cancelled": Step.CANCELLED,
    "revoked": Step.CANCELLED,
    "entered-in-error": Step.IN_ERROR,
}
_REASONS: Mapping[str, Step] = {"new": Step.NEW, "update": Step.UPDATED, "delete": Step.CANCELLED}
_RESPONSES: Mapping[Kind, str] = {
    Kind.VALIDATION_INTERIM: "Interim validation response",
    Kind.VALIDATION_REJECTION: "Validation rejected",
    Kind.VALIDATION_FULL: "Full validation response",
    Kind.SAFEGUARDING: "Safeguarding: did not attend",
    Kind.REFERRAL_RESPONSE: "Referral response",
    Kind.STATUS_UPDATE: "Referral status update",
    Kind.REJECTION: "Referral rejected",
}
_RESOURCES: Mapping[str, str] = {"Appointment": "Booking", "ServiceRequest": "Referral"}


@dataclass(frozen=True, slots=True)
class Naming:
    """What a message is, in the two parts of its title."""

    kind: Kind
    step: Step


def naming_of(facts: MessageFacts) -> Naming:
    """The kind of a message and what it asks for, from its facts alone."""
    return Naming(_kind(facts), _step(facts))


def _kind(facts: MessageFacts) -> Kind:
    definition = (facts.definition or "").lower()
    if facts.event == "servicerequest-response":
        rejected = facts.focus == "Encounter" and facts.focus_status == "cancelled"
        if "validation-full" in definition:
            return Kind.VALIDATION_FULL
        if "validation" in definition or facts.category == "validation":
            return Kind.VALIDATION_REJECTION if rejected else Kind.VALIDATION_INTERIM
        if "response-short" in definition or "referral-short" in definition or facts.focus == "Encounter":
            return Kind.REJECTION if rejected else Kind.STATUS_UPDATE
        return Kind.SAFEGUARDING if facts.focus_status == "revoked" else Kind.REFERRAL_RESPONSE
    if (facts.event or "").startswith("booking"):
        return Kind.BOOKING
    if facts.event == "servicerequest-request":
        return Kind.VALIDATION if facts.category == "validation" else Kind.REFERRAL
    return Kind.OTHER


def _step(facts: MessageFacts) -> Step:
    if ended := _ENDED.get(facts.focus_status or ""):
        return ended
    if (facts.definition or "").endswith("-cancelled"):
        return Step.CANCELLED
    return _REASONS.get(facts.reason or "", Step.NOT_STATED)


def route_of(facts: MessageFacts) -> str:
    """`111 to ED` of the use case, without the word for what is sent; the code itself where nobody knows it."""
    code = facts.use_case
    if code is None:
        return ""
    from workbench.standard.use_cases import use_cases

    row = use_cases().get(code)
    return re.sub(r" (?:referral|validation)$", "", row.display, flags=re.IGNORECASE) if row else code


def title_of(facts: MessageFacts) -> str:
    """The title of a message; for a single resource what it is in one or two words."""
    naming = naming_of(facts)
    if naming.kind in _RESPONSES:
        return _RESPONSES[naming.kind]
    route = route_of(facts)
    if naming.kind is Kind.OTHER:
        noun = _RESOURCES.get(facts.focus or "", facts.focus or "Message")
        return f"{route}: {noun.lower()}" if route else noun
    return f"{route}: {naming.kind}, {naming.step}" if route else f"{naming.kind.capitalize()}, {naming.step}"
