"""Rules on bookings: the Appointment, the Slot it takes and the Schedule of the Slot.

Whether the Appointment is booked or cancelled is judged with the workflow, its use case with the codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.messages.identity import type_and_id
from workbench.rules import scope, sources
from workbench.rules.checks import an, lacks, links, targets, when_sent
from workbench.rules.registry import rule
from workbench.rules.stages import Stage, number, stage
from workbench.rules.survey import remove_fix, set_fix, status, survey
from workbench.rules.values import Hit
from workbench.standard.events import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.survey import Found
    from workbench.rules.values import Submission

_ACTORS = ("HealthcareService", "PractitionerRole", "Practitioner")


def _booked(s: Submission) -> list[Found]:
    """The Appointments of a new or updated booking."""
    return survey(s).resources("Appointment") if stage(s) is Stage.BOOKING else []


@rule("APT-001", Severity.ERROR, source=sources.COMPOSITES, applies=scope.responses)
def absent_patients_did_not_show(s: Submission) -> Iterator[Hit]:
    """The reply that a patient did not come has an Appointment with the status noshow."""
    if stage(s) is not Stage.ABSENCE:
        return
    for entry in survey(s).all("Appointment"):
        if status(entry) not in (None, "noshow"):
            path = f"{entry.path}.status"
            text = f"The Appointment of a patient who did not come is 'noshow'; this one is '{status(entry)}'."
            yield Hit(path, text, set_fix("Set it to noshow", path, "noshow"))


@rule("APT-002", Severity.WARNING, source=sources.PAYLOAD, applies=scope.bookings)
def its_times_are_the_slots(s: Submission) -> Iterator[Hit]:
    """The Appointment begins and ends with its Slot.

    Sensible rather than written down: an official example differs.
    """
    for held in _booked(s):
        path, booked = held
        slot = next((target for _, target in targets(s, held, "slot") if target.type == "Slot"), None)
        for name in ("start", "end") if slot is not None else ():
            own = tree.text(booked.get(name))
            wanted = tree.text(slot.resource.get(name)) if slot else None
            if own and wanted and own != wanted:
                place = f"{path}.{name}"
                text = f"The {name} of the Appointment is not that of its Slot."
                yield Hit(place, text, set_fix("Take the time of the Slot", place, wanted))


@rule("APT-003", Severity.ERROR, source=sources.PAYLOAD, applies=scope.bookings)
def it_takes_one_slot(s: Submission) -> Iterator[Hit]:
    """A booking takes exactly one Slot, an entry of the message.

    The Slot is sent as the search for free slots returned it, with its id.
    """
    for held in _booked(s):
        path, booked = held
        yield from links(s, held, "slot", ("Slot",))
        taken = tree.objects(booked.get("slot"))
        if len(taken) > 1:
            yield Hit(f"{path}.slot[1]", f"The Appointment takes {len(taken)} slots; a booking takes one.")
        for index, item in enumerate(taken):
            reference = tree.text(item.get("reference"))
            if reference and type_and_id(reference) and survey(s).target(f"{path}.slot[{index}]") is None:
                text = "The Slot of this booking is not an entry of the message."
                yield Hit(f"{path}.slot[{index}].reference", text)


@rule("APT-004", Severity.INFORMATION, source=sources.PAYLOAD, applies=scope.bookings)
def the_slot_is_busy(s: Submission) -> Iterator[Hit]:
    """The Slot of a booking is sent as busy, as official messages do."""
    if stage(s) is not Stage.BOOKING:
        return
    for path, slot in survey(s).resources("Slot"):
        if tree.text(slot.get("status")) == "free":
            place = f"{path}.status"
            text = "The Slot of this booking is still free; official messages send it as busy."
            yield Hit(place, text, set_fix("Set it to busy", place, "busy"))


@rule("APT-005", Severity.ERROR, source=sources.PAYLOAD, applies=scope.bookings)
def the_patient_takes_part(s: Submission) -> Iterator[Hit]:
    """The first participant of a booking is the Patient, who has accepted.

    Where the Patient is another of the participants, it is an error only when we compose.
    """
    for path, booked in _booked(s):
        people = tree.objects(booked.get("participant"))
        if not people:
            continue
        led = [survey(s).target(f"{path}.participant[{index}].actor") for index, _ in enumerate(people)]
        at = next((index for index, one in enumerate(led) if one is not None and one.type == "Patient"), 0)
        severity = when_sent(s) if at else None
        place = f"{path}.participant[0]"
        patient = survey(s).first("Patient")
        target = survey(s).target(f"{place}.actor")
        link = f"{place}.actor.reference"
        fix = set_fix("Link to Patient", link, patient.full_url) if patient and patient.full_url else None
        if not tree.inner_text(people[0], "actor", "reference"):
            text = "The first participant of the booking is not named; it is the Patient."
            yield Hit(f"{place}.actor", text, fix, severity)
        elif target is not None and target.type != "Patient":
            text = f"The first participant of the booking is {an(target.type)}; it must be the Patient."
            yield Hit(link, text, fix, severity)
        said, place = tree.text(people[at].get("status")), f"{path}.participant[{at}].status"
        if said not in (None, "accepted"):
            text = f"The patient has '{said}' the booking; 'accepted' is meant."
            yield Hit(place, text, set_fix("Set it to accepted", place, "accepted"))


@rule("APT-006", Severity.WARNING, source=sources.PAYLOAD, applies=scope.bookings)
def the_receiver_says_when_it_was_made(s: Submission) -> Iterator[Hit]:
    """In a new booking the receiver sets `created`; the request leaves it out."""
    if s.is_answer or survey(s).facts.reason != Reason.NEW or survey(s).looks_acknowledged:
        return
    for path, booked in _booked(s):
        if "created" in booked:
            place = f"{path}.created"
            text = "A new booking says when it was created, but its receiver does so in the answer."
            yield Hit(place, text, remove_fix("Leave it to the receiver", place))


@rule("APT-007", Severity.WARNING, source=sources.CANCELLATION, applies=scope.cancellations, since={7: "1.0.0-alpha"})
def cancelled_bookings_say_why(s: Submission) -> Iterator[Hit]:
    """A cancelled booking says why, in cancelationReason.text (Application 7).

    FHIR R4 spells the element with one l; tables of the standard print two.
    """
    for held in survey(s).resources("Appointment"):
        yield from lacks(held, "cancelationReason.text")


@rule("APT-008", Severity.ERROR, source=sources.PAYLOAD, applies=scope.bookings)
def the_schedule_has_its_actors(s: Submission) -> Iterator[Hit]:
    """The Schedule names the HealthcareService, the PractitionerRole and the Practitioner, each as an actor of its own.

    A Location is not an actor: it hangs on the HealthcareService. Tables of Application 7 ask for all three, the
    others for the HealthcareService; on received messages it is a warning.
    """
    if stage(s) is not Stage.BOOKING:
        return
    wanted = _ACTORS if number(s) == 7 else _ACTORS[:1]
    for held in survey(s).resources("Schedule"):
        path, schedule = held
        if not tree.objects(schedule.get("actor")):
            continue
        named = list(targets(s, held, "actor"))
        kinds = {target.type for _, target in named}
        for kind in wanted:
            if kind not in kinds and survey(s).all(kind):
                yield Hit(f"{path}.actor", f"The Schedule does not name the {kind} as an actor.", severity=when_sent(s))
        for place, target in named:
            if target.type not in _ACTORS:
                text = f"The Schedule names {an(target.type)} as an actor; {' or '.join(_ACTORS)} is meant."
                yield Hit(f"{place}.reference", text, severity=Severity.WARNING)


@rule("APT-009", Severity.ERROR, source=sources.PAYLOAD, applies=scope.bookings)
def it_says_from_when_to_when(s: Submission) -> Iterator[Hit]:
    """A booking has a start and an end, and says what it is for.

    Without a description the receiver cannot prepare: a warning where tables recommend one.
    """
    for held in _booked(s):
        yield from lacks(held, "start")
        yield from lacks(held, "end")
        yield from lacks(held, "description", Severity.WARNING)
