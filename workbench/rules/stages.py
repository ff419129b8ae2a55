"""Which message of the workflow it is, and whose Encounter is whose: what rules on resources depend on.

Must not judge.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from workbench.messages.identity import same_guid
from workbench.rules.survey import status, survey
from workbench.standard.events import Event, Reason

if TYPE_CHECKING:
    from workbench.messages import Entry
    from workbench.rules.survey import Survey
    from workbench.rules.values import Submission


class Stage(StrEnum):
    """A message of the workflow."""

    NEW = "new"
    """A new request about a ServiceRequest, or the body of the answer to it."""
    UPDATE = "update"
    BOOKING = "booking"
    """A new or updated booking."""
    CANCELLATION = "cancellation"
    """Of a request or of a booking."""
    INTERIM = "interim"
    """The first reply to a validation request."""
    REJECTION = "rejection"
    """The reply that refuses a validation request."""
    FULL = "full"
    """The reply with the outcome of a validation."""
    ABSENCE = "absence"
    """The reply that a patient with a safeguarding concern did not come."""
    SHORT = "short"
    """The reply between ambulance dispatch systems (Application 6)."""
    OTHER = "other"


ORDERS = (Stage.NEW, Stage.UPDATE)
"""Requests about a ServiceRequest that take nothing back."""
VALIDATION_REPLIES = (Stage.INTERIM, Stage.REJECTION, Stage.FULL)


def stage(s: Submission) -> Stage:
    """The stage of the submission's message; worked out once."""
    if "stage" not in s.kept:
        s.kept["stage"] = _stage(survey(s))
    kept: Stage = s.kept["stage"]
    return kept


def number(s: Submission) -> int:
    """The Application: that of the use case, else that of the versions in use."""
    return survey(s).application or s.versions.application


def senders_encounter(found: Survey) -> Entry | None:
    """The Encounter the ServiceRequest belongs to, else the only one of a request."""
    order = found.first("ServiceRequest")
    named = found.target(f"{order.path}.encounter") if order else None
    if named is not None and named.type == "Encounter":
        return named
    held = found.all("Encounter")
    return held[0] if len(held) == 1 and not found.is_response else None


def receivers_encounter(found: Survey) -> Entry | None:
    """The Encounter of who answers: in replies the one in focus, else the one that is not the sender's."""
    focus = found.focus
    if found.is_response and focus is not None and focus.type == "Encounter":
        return focus
    own = senders_encounter(found)
    others = [entry for entry in found.all("Encounter") if own is None or entry.index != own.index]
    return others[0] if len(others) == 1 else None


def follows_original(s: Submission) -> bool:
    """Whether the message is a later one than the original that is known, and no reply: an update or cancellation."""
    found = survey(s)
    if s.original is None or s.is_answer or found.is_response:
        return False
    return found.facts.reason in (Reason.UPDATE, Reason.DELETE) or found.is_cancellation


def same_bundle(s: Submission) -> bool:
    """Whether the message has the id of the original that is known."""
    return s.original is not None and same_guid(survey(s).facts.bundle_id, s.original.facts.bundle_id)


def _stage(found: Survey) -> Stage:
    event = found.facts.event
    if found.header is None:
        return Stage.OTHER
    if found.is_cancellation:
        return Stage.CANCELLATION
    if event == Event.BOOKING_REQUEST:
        return Stage.BOOKING
    if event == Event.SERVICEREQUEST_REQUEST:
        return Stage.UPDATE if found.facts.reason in (Reason.UPDATE, Reason.DELETE) else Stage.NEW
    return _reply(found) if found.is_response else Stage.OTHER


def _reply(found: Survey) -> Stage:
    """Replies by their definition, else by what they hold."""
    named = found.definition.name if found.definition and "-response-" in found.definition.name else ""
    if named.endswith("-referral-short") or (not named and found.application == 6):
        return Stage.SHORT
    if named.endswith("-response-referral") or (not named and found.facts.category == "referral"):
        return Stage.SHORT if found.application == 6 else Stage.ABSENCE
    if named.endswith("-validation-full") or (not named and found.all("CarePlan")):
        return Stage.FULL
    focus = found.focus
    refused = focus is not None and focus.type == "Encounter" and status(focus) == "cancelled"
    return Stage.REJECTION if refused else Stage.INTERIM
