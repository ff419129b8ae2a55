"""Rules on what a message is for: event, reason, category and statuses fit together, as a receiver sorts them.

The table of the standard is a decision a receiver makes before it stores anything; what fits no row is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import set_fix, status, survey
from workbench.rules.values import Answer, Hit
from workbench.standard.events import Event, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import Entry
    from workbench.rules.survey import Survey
    from workbench.rules.values import Submission

_ENDS = ("revoked", "entered-in-error")
_NOT_SUPPORTED = Answer(400, "REC_BAD_REQUEST", "not-supported")


@rule("WFL-001", Severity.ERROR, source=sources.COMPOSITES, applies=scope.with_header)
def event_is_handled(s: Submission) -> Iterator[Hit]:
    """The event is one that receivers handle.

    `booking-response` is published as a code, but no message uses it: every receiver refuses it.
    """
    found = survey(s)
    if found.facts.event == Event.BOOKING_RESPONSE and found.header:
        path = f"{found.header.path}.eventCoding.code"
        yield Hit(path, "No message uses the event booking-response; every receiver refuses it.")


@rule("WFL-002", Severity.ERROR, source=sources.COMPOSITES, applies=scope.orders)
def new_requests_are_active(s: Submission) -> Iterator[Hit]:
    """In a new referral or validation request the ServiceRequest is active."""
    found = survey(s)
    if not _is_new_request(found):
        return
    order = found.first("ServiceRequest")
    if order and status(order) != "active":
        path = f"{order.path}.status"
        kind = found.facts.category or "request"
        text = f"A new {kind} has an active ServiceRequest; this one is '{status(order) or ''}'."
        yield Hit(path, text, set_fix("Set it to active", path, "active"))


@rule("WFL-003", Severity.ERROR, source=sources.COMPOSITES, applies=scope.orders)
def care_plan_fits_the_request(s: Submission) -> Iterator[Hit]:
    """A new referral has a completed CarePlan, a new validation request an active one.

    Between ambulance dispatch systems (Application 6) the CarePlan of a referral is active or completed.
    """
    found = survey(s)
    plan = found.first("CarePlan")
    if not _is_new_request(found) or plan is None:
        return
    wanted: tuple[str, ...] = {"referral": ("completed",), "validation": ("active",)}.get(
        found.facts.category or "", ()
    )
    if found.application == 6:
        wanted = ("active", "completed")
    if wanted and status(plan) not in wanted:
        path = f"{plan.path}.status"
        fix = set_fix(f"Set it to {wanted[0]}", path, wanted[0]) if len(wanted) == 1 else None
        kind = found.facts.category or "request"
        text = f"The CarePlan of a new {kind} is {' or '.join(wanted)}; this one is '{status(plan) or ''}'."
        yield Hit(path, text, fix)


@rule("WFL-004", Severity.ERROR, source=sources.COMPOSITES, applies=scope.orders)
def encounter_fits_the_request(s: Submission) -> Iterator[Hit]:
    """In a new request the sender's Encounter is at a stage that fits.

    Referrals: triaged or finished (Application 6 also in-progress). Validation requests: triaged or in-progress.
    """
    found = survey(s)
    if not _is_new_request(found):
        return
    wanted = {
        "referral": ("triaged", "finished", "in-progress") if found.application == 6 else ("triaged", "finished"),
        "validation": ("triaged", "in-progress"),
    }.get(found.facts.category or "", ())
    encounter = _senders_encounter(found)
    if encounter and wanted and status(encounter) not in wanted:
        kind = found.facts.category or "request"
        text = f"The Encounter of a new {kind} is {' or '.join(wanted)}; this one is '{status(encounter) or ''}'."
        yield Hit(f"{encounter.path}.status", text)


@rule("WFL-005", Severity.ERROR, source=sources.COMPOSITES, applies=scope.orders)
def updates_are_current(s: Submission) -> Iterator[Hit]:
    """In an update the ServiceRequest is active (of a validation also on-hold), in a cancellation it has ended."""
    found = survey(s)
    order = found.first("ServiceRequest")
    if found.facts.event != Event.SERVICEREQUEST_REQUEST or found.facts.reason != Reason.UPDATE or order is None:
        return
    wanted = ("active", *_ENDS, *(("on-hold",) if found.facts.category == "validation" else ()))
    if status(order) not in wanted:
        allowed = " or ".join(wanted)
        text = f"The ServiceRequest of an update or cancellation is {allowed}; this one is '{status(order) or ''}'."
        yield Hit(f"{order.path}.status", text)


@rule("WFL-006", Severity.ERROR, source=sources.COMPOSITES, applies=scope.bookings)
def bookings_are_booked(s: Submission) -> Iterator[Hit]:
    """A new or updated booking has an Appointment that is booked."""
    found = survey(s)
    booked = found.first("Appointment")
    if booked is None or found.is_cancellation or status(booked) == "booked":
        return
    path = f"{booked.path}.status"
    text = f"The Appointment of a booking is booked; this one is '{status(booked) or ''}'."
    yield Hit(path, text, set_fix("Set it to booked", path, "booked"))


@rule("WFL-007", Severity.ERROR, source=sources.COMPOSITES, applies=scope.responses)
def replies_fit_a_row(s: Submission) -> Iterator[Hit]:
    """A reply has the statuses of one of the replies of the standard.

    Validation: the focus Encounter is in-progress or planned (interim), finished or triaged (full), or cancelled
    (rejected). Referral: a revoked ServiceRequest, or between dispatch systems the stage of the receiver's Encounter.
    """
    found = survey(s)
    order, focus = found.first("ServiceRequest"), found.focus
    held = status(order)
    if found.facts.category == "validation":
        if order and held not in ("active", "completed", "revoked"):
            yield Hit(
                f"{order.path}.status",
                f"The ServiceRequest of a validation reply is active; this one is '{held or ''}'.",
            )
        if focus and focus.type == "Encounter":
            yield from _stage(focus, ("planned", "in-progress", "triaged", "finished", "cancelled"))
    elif found.facts.category == "referral" and found.application == 6:
        if order and held not in ("active", "revoked"):
            yield Hit(
                f"{order.path}.status", f"The ServiceRequest of a dispatch reply is active; this one is '{held or ''}'."
            )
        if focus and focus.type == "Encounter":
            yield from _stage(focus, ("planned", "arrived", "in-progress", "finished", "cancelled"))
    elif order and found.facts.category == "referral" and held != "revoked":
        path = f"{order.path}.status"
        text = f"A reply to a referral has a revoked ServiceRequest; this one is '{held or ''}'."
        yield Hit(path, text, set_fix("Set it to revoked", path, "revoked"))


@rule("WFL-008", Severity.WARNING, source=sources.COMPOSITES, applies=scope.orders, answer=_NOT_SUPPORTED)
def brokers_take_new_referrals_only(s: Submission) -> Iterator[Hit]:
    """Application 8 knows new referrals only: no update and no cancellation."""
    found = survey(s)
    if found.application == 8 and found.facts.reason in (Reason.UPDATE, Reason.DELETE) and found.header:
        severity = Severity.ERROR if s.composing else Severity.WARNING
        yield Hit(f"{found.header.path}.reason", "A broker takes neither updates nor cancellations.", severity=severity)


@rule("WFL-009", Severity.ERROR, source=sources.COMPOSITES, applies=scope.with_header)
def categories_are_handled(s: Submission) -> Iterator[Hit]:
    """A message about a ServiceRequest is a referral or a validation.

    Receivers cannot sort a message without a category.
    """
    found = survey(s)
    if found.facts.event not in (Event.SERVICEREQUEST_REQUEST, Event.SERVICEREQUEST_RESPONSE):
        return
    order = found.first("ServiceRequest")
    if order and found.facts.category not in ("referral", "validation"):
        yield Hit(f"{order.path}.category", "The ServiceRequest is neither a referral nor a validation.")


def _is_new_request(found: Survey) -> bool:
    """A new request by its header, whatever its statuses say, unless its definition is one for cancellations."""
    if found.facts.event != Event.SERVICEREQUEST_REQUEST or found.facts.reason != Reason.NEW:
        return False
    named = found.definition
    return not (named.name.endswith("-cancelled") if named else found.is_cancellation)


def _senders_encounter(found: Survey) -> Entry | None:
    """The Encounter the ServiceRequest belongs to, else the only one."""
    order = found.first("ServiceRequest")
    named = found.target(f"{order.path}.encounter") if order else None
    if named is not None and named.type == "Encounter":
        return named
    held = found.all("Encounter")
    return held[0] if len(held) == 1 else None


def _stage(focus: Entry, wanted: tuple[str, ...]) -> Iterator[Hit]:
    if status(focus) not in wanted:
        text = f"The Encounter in focus of this reply is {' or '.join(wanted)}; this one is '{status(focus) or ''}'."
        yield Hit(f"{focus.path}.status", text)
