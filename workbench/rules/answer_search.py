"""Rules on the answers to searches: only what was asked for is in them, and all of it.

Slots by period, status and includes; bookings and referrals by patient. Must not know which ones there are.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity, tree
from workbench.messages.identity import split_endpoint
from workbench.rules import scope, sources
from workbench.rules.query import bound, given
from workbench.rules.registry import rule
from workbench.rules.search_values import IDENTIFIER
from workbench.rules.slot_search import EVERYTHING
from workbench.rules.values import Hit
from workbench.standard.urls import NHS_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import Entry, JsonObject
    from workbench.rules.values import Submission

_LAYER = Layer.RESPONSE
_INCLUDED = {
    "Slot:schedule": "Schedule",
    "Schedule:actor:HealthcareService": "HealthcareService",
    "Schedule:actor:Practitioner": "Practitioner",
    "Schedule:actor:PractitionerRole": "PractitionerRole",
    "HealthcareService:providedBy": "Organization",
    "HealthcareService:location": "Location",
}
"""Resource type that each `_include` brings."""
_NEEDED = ("Slot:schedule", "Schedule:actor:HealthcareService")


@rule("RSP-021", Severity.WARNING, source=sources.OPERATIONS, layer=_LAYER, applies=scope.answered_slot_searches)
def slots_have_a_status_asked_for(s: Submission) -> Iterator[Hit]:
    """Every slot of the answer has one of the statuses that were asked for.

    The sender shows every slot it gets: a busy one that was not asked for would be offered.
    """
    wanted = {part.strip() for one in given(s, "status") for part in one.value.split(",")}
    for entry in _entries(s, "Slot"):
        held = tree.text(entry.resource.get("status"))
        if wanted and held not in wanted:
            text = f"The slot is '{held or ''}'; {' and '.join(sorted(wanted))} was asked for."
            yield Hit(f"{entry.path}.status", text)


@rule("RSP-022", Severity.WARNING, source=sources.OPERATIONS, layer=_LAYER, applies=scope.answered_slot_searches)
def slots_are_inside_the_period(s: Submission) -> Iterator[Hit]:
    """Every slot of the answer starts inside the period that was asked for, and ends after it starts."""
    ends = {found.prefix: found.moment for one in given(s, "start") if (found := bound(one.value))}
    for entry in _entries(s, "Slot"):
        start, end = _moment(entry.resource, "start"), _moment(entry.resource, "end")
        if start is None or end is None:
            name = "start" if start is None else "end"
            yield Hit(f"{entry.path}.{name}", f"The slot has no {name} with an offset from UTC.")
            continue
        if end <= start:
            yield Hit(f"{entry.path}.end", "The slot ends before it starts.")
        if ("ge" in ends and start < ends["ge"]) or ("le" in ends and start > ends["le"]):
            yield Hit(f"{entry.path}.start", "The slot starts outside the period that was asked for.")


@rule("RSP-023", Severity.WARNING, source=sources.OPERATIONS, layer=_LAYER, applies=scope.answered_slot_searches)
def slots_come_with_what_was_included(s: Submission) -> Iterator[Hit]:
    """Where there are slots, their Schedule and HealthcareService come with them; nothing comes that nobody asked for.

    Other includes may be left out by a receiver that does not support them.
    """
    slots = _entries(s, "Slot")
    asked = {one.value for one in given(s, "_include")}
    if not slots:
        return
    types = {entry.type for entry in _entries(s)}
    for include in _NEEDED:
        if include in asked | ({include} if EVERYTHING in asked else set()) and _INCLUDED[include] not in types:
            yield Hit("Bundle.entry", f"The answer has slots, but no {_INCLUDED[include]} (_include={include}).")
    if EVERYTHING not in asked:
        wanted = {"Slot", "OperationOutcome", *(kind for include, kind in _INCLUDED.items() if include in asked)}
        for entry in _entries(s):
            if entry.type not in wanted:
                text = f"Nobody asked for the {entry.type} in the answer."
                yield Hit(entry.path, text, severity=Severity.INFORMATION)


@rule("RSP-024", Severity.WARNING, source=sources.OPERATIONS, layer=_LAYER, applies=scope.answered_slot_searches)
def slots_name_their_schedule(s: Submission) -> Iterator[Hit]:
    """Every slot points to a Schedule of the answer, and every such Schedule to an actor.

    Otherwise the sender cannot tell where the slot is.
    """
    answer = s.answer
    if answer is None:
        return
    targets = {reference.path: reference.target_entry for reference in answer.references()}
    for entry in _entries(s, "Slot"):
        path = f"{entry.path}.schedule.reference"
        if targets.get(path) is None:
            yield Hit(f"{entry.path}.schedule", "The slot points to no Schedule in the answer.")
    for entry in _entries(s, "Schedule"):
        if not tree.objects(entry.resource.get("actor")):
            yield Hit(f"{entry.path}.actor", "The Schedule names no actor.")


@rule("RSP-025", Severity.ERROR, source=sources.OPERATIONS, layer=_LAYER, applies=scope.answered_calls)
def searches_find_the_patient_asked_for(s: Submission) -> Iterator[Hit]:
    """A search by NHS number finds nothing of another patient.

    Patients that stand in the answer are compared; a resource that only points elsewhere cannot be.
    """
    wanted = [split_endpoint(one.value) for one in given(s, IDENTIFIER)]
    number = next((value.replace(" ", "") for system, value in wanted if system.lower() == NHS_NUMBER.lower()), None)
    if number is None or s.response is None or not s.response.ok:
        return
    for entry in _entries(s):
        held = _nhs_numbers(entry.resource) if entry.type == "Patient" else _named(entry)
        if held and number not in held:
            yield Hit(entry.path, f"The {entry.type} in the answer belongs to another patient than was asked for.")


@rule("RSP-026", Severity.INFORMATION, source=sources.R4_BUNDLE, layer=_LAYER, applies=scope.answered_calls)
def searchsets_say_what_was_searched(s: Submission) -> Iterator[Hit]:
    """A searchset has a self link: it says which parameters were used and which left out."""
    answer = s.answer
    if s.response is None or not s.response.ok or answer is None or not scope.reading_calls(s):
        return
    if answer.resource_type == "Bundle" and answer.resource.get("type") == "searchset":
        relations = {tree.text(link.get("relation")) for link in tree.objects(answer.resource.get("link"))}
        if "self" not in relations:
            yield Hit("Bundle.link", "The answer has no self link: it does not say which parameters were used.")


def _entries(s: Submission, kind: str = "") -> list[Entry]:
    """The entries of a good answer."""
    if s.answer is None or s.response is None or not s.response.ok or s.answer.resource_type != "Bundle":
        return []
    return [entry for entry in s.answer.entries() if not kind or entry.type == kind]


def _moment(resource: JsonObject, name: str) -> datetime | None:
    """A time with an offset, None for anything else."""
    try:
        found = datetime.fromisoformat(tree.text(resource.get(name)) or "")
    except ValueError:
        return None
    return found if found.tzinfo else None


def _nhs_numbers(resource: JsonObject) -> set[str]:
    """The NHS numbers among a resource's identifiers, without blanks."""
    return {
        value.replace(" ", "")
        for item in tree.objects(resource.get("identifier"))
        if (tree.text(item.get("system")) or "").lower() == NHS_NUMBER.lower()
        and (value := tree.text(item.get("value")))
    }


def _named(entry: Entry) -> set[str]:
    """The NHS numbers by which a booking or referral names its patient without pointing to a resource."""
    people = [entry.resource.get("subject")]
    people += [row.get("actor") for row in tree.objects(entry.resource.get("participant"))]
    return {number for person in people for number in _nhs_numbers({"identifier": tree.inner(person, "identifier")})}
