"""Rules on messages that take an earlier one back.

What can be seen in the cancellation itself is judged; against the earlier message only where that is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import set_fix, status, survey
from workbench.rules.values import Answer, Hit
from workbench.standard.definitions import definitions
from workbench.standard.events import Event, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.values import Submission

_DEFINITIONS = {
    Event.BOOKING_REQUEST: "bars-message-booking-request-cancelled",
    Event.SERVICEREQUEST_REQUEST: "bars-message-servicerequest-request-cancelled",
}


@rule("WFL-101", Severity.WARNING, source=sources.CANCELLATION, applies=scope.cancellations)
def cancellations_are_updates(s: Submission) -> Iterator[Hit]:
    """The reason of a cancellation is update.

    The text of the standard says so; tables say `delete` and one example says `new`. Others may send those, we do not.
    """
    found = survey(s)
    if found.header and found.facts.reason in (Reason.NEW, Reason.DELETE):
        path = f"{found.header.path}.reason.coding[0].code"
        severity = Severity.ERROR if s.composing else Severity.WARNING
        text = f"A cancellation is sent as an update, not as '{found.facts.reason}'."
        yield Hit(path, text, set_fix("Set it to update", path, Reason.UPDATE.value), severity)


@rule("WFL-102", Severity.ERROR, source=sources.CANCELLATION, applies=scope.cancellations)
def cancellations_follow_their_definition(s: Submission) -> Iterator[Hit]:
    """A cancellation follows the definition for cancellations of its event."""
    found = survey(s)
    name = next((name for event, name in _DEFINITIONS.items() if event == found.facts.event), None)
    if name is None or found.header is None or found.definition is None or found.definition.name == name:
        return
    path = f"{found.header.path}.definition"
    text = "This message cancels, but names a definition that is not for cancellations."
    yield Hit(path, text, set_fix("Name the definition for cancellations", path, definitions()[name].url))


@rule("WFL-103", Severity.ERROR, source=sources.CANCELLATION, applies=scope.cancellations)
def cancelled_things_have_ended(s: Submission) -> Iterator[Hit]:
    """What is cancelled has a status that says so.

    A ServiceRequest is revoked (no longer needed) or entered-in-error (a mistake), an Appointment is cancelled.
    """
    found = survey(s)
    if found.facts.event == Event.BOOKING_REQUEST:
        booked = found.first("Appointment")
        if booked is None or status(booked) == "cancelled":
            return
        path = f"{booked.path}.status"
        mild = status(booked) == "entered-in-error" and not s.composing
        text = f"A cancelled booking has a cancelled Appointment; this one is '{status(booked) or ''}'."
        fix = set_fix("Set it to cancelled", path, "cancelled")
        yield Hit(path, text, fix, Severity.WARNING if mild else Severity.ERROR)
        return
    order = found.first("ServiceRequest")
    if order and status(order) not in ("revoked", "entered-in-error"):
        text = f"A cancelled request is revoked or entered-in-error; this one is '{status(order) or ''}'."
        yield Hit(f"{order.path}.status", text)


@rule("WFL-104", Severity.ERROR, source=sources.MESSAGE_HEADERS, applies=scope.with_header)
def delete_is_for_cancellations(s: Submission) -> Iterator[Hit]:
    """The reason delete is tolerated on cancellations only."""
    found = survey(s)
    if found.header and found.facts.reason == Reason.DELETE and not found.is_cancellation:
        yield Hit(
            f"{found.header.path}.reason.coding[0].code", "A message that cancels nothing has the reason new or update."
        )


@rule(
    "WFL-105",
    Severity.ERROR,
    source=sources.CANCELLATION,
    applies=scope.cancellations,
    answer=Answer(409, "REC_CONFLICT", "conflict"),
)
def only_what_is_current_is_cancelled(s: Submission) -> Iterator[Hit]:
    """Only an active ServiceRequest or a booked Appointment can be taken back.

    The sender looks it up first and takes it back only if it is current. Checked where that answer, or the message that
    made it, is known.
    """
    found = survey(s)
    focus = found.focus
    if s.original is None or focus is None:
        return
    earlier = [one for one in s.original.entries() if one.type == focus.type]
    held = status(earlier[0]) if len(earlier) == 1 else None
    wanted = "booked" if focus.type == "Appointment" else "active"
    if held is not None and held != wanted:
        text = f"The {focus.type} to take back is '{held}', so it cannot be cancelled; only one that is {wanted} can."
        yield Hit(f"{focus.path}.status", text)


@rule("WFL-106", Severity.WARNING, source=sources.CANCELLATION, applies=scope.cancellations)
def cancellations_are_about_the_same_patient(s: Submission) -> Iterator[Hit]:
    """The patient of a cancellation is that of the message it takes back: NHS number, name and date of birth.

    Checked where that message is known.
    """
    found = survey(s)
    patient = found.first("Patient")
    if s.original is None or patient is None:
        return
    here, there = found.facts, s.original.facts
    pairs = (
        ("identifier", "NHS number", here.nhs_number, there.nhs_number),
        ("name", "name", here.patient_name, there.patient_name),
        ("birthDate", "date of birth", here.patient_birth_date, there.patient_birth_date),
    )
    for element, name, own, other in pairs:
        if own and other and own != other:
            yield Hit(f"{patient.path}.{element}", f"The patient's {name} is not that of the message it takes back.")
