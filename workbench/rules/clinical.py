"""Rules on clinical resources: conditions, tasks, observations, and what ambulance services did and said.

Must not know what clinical codes mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.rules import scope, sources
from workbench.rules.checks import codes, has_status, lacks, links, when_sent
from workbench.rules.registry import rule
from workbench.rules.stages import Stage, number, senders_encounter, stage
from workbench.rules.survey import remove_fix, survey
from workbench.rules.values import Hit
from workbench.standard import urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.survey import Found
    from workbench.rules.values import Submission

_PHARMACY_AND_BROKER = {5: "1.0.0-beta", 8: "1.0.0-alpha"}
_WITH_CONDITIONS = {5: "1.0.0-beta", 6: "1.0.0-beta", 8: "1.0.0-alpha"}
_DISPATCH = {6: "1.0.0-beta"}
_BLOOD_PRESSURE, _BODY_MASS_INDEX = ("75367002",), ("60621009",)
_LOINC = "http://loinc.org"


def _case(s: Submission, held: Found, missing: Severity | None) -> Iterator[Hit]:
    """Hits when a resource does not belong to an Encounter."""
    own = senders_encounter(survey(s))
    yield from links(s, held, "encounter", ("Encounter",), missing=missing, to=own)


@rule("RES-181", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since=_WITH_CONDITIONS)
def what_ails_the_patient_is_told(s: Submission) -> Iterator[Hit]:
    """Applications 5, 6 and 8 send at least one Condition.

    It is about the Patient, belongs to an Encounter and has a category of SNOMED CT. Application 5
    also wants it in words. A category of another system is an error only when we compose.
    """
    conditions = survey(s).resources("Condition")
    if stage(s) is Stage.NEW and not conditions:
        yield Hit("Bundle.entry", "Condition is missing: what ails the patient.")
    for held in conditions:
        path, condition = held
        yield from links(s, held, "subject", ("Patient",), missing=None)
        yield from _case(s, held, Severity.ERROR)
        if not codes(condition.get("category"), urls.SNOMED):
            text = "The Condition has no category of SNOMED CT."
            yield Hit(f"{path}.category", text, severity=when_sent(s))
        if number(s) == 5:
            yield from lacks(held, "code.text")


@rule("RES-182", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since=_PHARMACY_AND_BROKER)
def what_is_to_be_done_is_told(s: Submission) -> Iterator[Hit]:
    """Applications 5 and 8 send at least one Task: what is to be done.

    It is requested, an order, coded by SNOMED CT, and has the time it was written. An Encounter is recommended.
    """
    tasks = survey(s).resources("Task")
    if stage(s) is Stage.NEW and not tasks:
        yield Hit("Bundle.entry", "Task is missing: what is to be done.")
    for held in tasks:
        path, task = held
        yield from has_status(held, "requested")
        yield from has_status(held, "order", element="intent")
        if not codes(task.get("code"), urls.SNOMED):
            yield Hit(f"{path}.code", "The Task has no code of SNOMED CT.")
        yield from lacks(held, "authoredOn")
        yield from _case(s, held, Severity.INFORMATION)


@rule("RES-183", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since=_DISPATCH)
def dispatch_tasks_are_plans(s: Submission) -> Iterator[Hit]:
    """Between dispatch systems (Application 6) there is at most one Task: requested, a plan, with its time."""
    tasks = survey(s).resources("Task")
    for path, _ in tasks[1:]:
        yield Hit(path, "A dispatch message has at most one Task.", severity=Severity.WARNING)
    for held in tasks:
        yield from has_status(held, "requested", Severity.WARNING)
        yield from has_status(held, "plan", element="intent")
        yield from lacks(held, "authoredOn", Severity.WARNING)


@rule("RES-184", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def observations_are_final(s: Submission) -> Iterator[Hit]:
    """An Observation is final and says what was observed, by a code or in words."""
    for held in survey(s).resources("Observation"):
        path, observation = held
        yield from has_status(held, "final")
        code = tree.as_object(observation.get("code"))
        if code and not tree.text(code.get("text")) and not tree.objects(code.get("coding")):
            yield Hit(f"{path}.code", "The Observation does not say what was observed.")


@rule("RES-185", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def observations_are_linked(s: Submission) -> Iterator[Hit]:
    """An Observation is about the Patient and belongs to an Encounter.

    Most official examples leave one of them out, so it is an error only when we compose; Application 5 only recommends
    the Encounter.
    """
    severity = when_sent(s)
    for held in survey(s).resources("Observation"):
        yield from links(s, held, "subject", ("Patient",), missing=severity, wrong=severity)
        yield from _case(s, held, Severity.INFORMATION if number(s) == 5 else severity)


@rule("RES-186", Severity.WARNING, source=sources.PAYLOAD, applies=scope.with_header)
def observations_hold_values_as_meant(s: Submission) -> Iterator[Hit]:
    """A blood pressure is two components, a body mass index a quantity, and notes are not sent.

    Notes are ruled out by Applications 1, 2 and 8.
    """
    for path, observation in survey(s).resources("Observation"):
        held = codes(observation.get("code"), urls.SNOMED)
        if any(code in held for code in _BLOOD_PRESSURE) and not observation.get("component"):
            yield Hit(f"{path}.component", "A blood pressure is sent as components, systolic and diastolic.")
        index = any(code in held for code in _BODY_MASS_INDEX) or "39156-5" in codes(observation.get("code"), _LOINC)
        if index and "valueQuantity" not in observation:
            yield Hit(f"{path}.valueQuantity", "A body mass index is sent as a quantity.")
        if number(s) in (1, 2, 8) and observation.get("note"):
            place = f"{path}.note"
            yield Hit(place, "Notes of an Observation are not sent.", remove_fix("Leave them out", place))


@rule("RES-187", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since=_DISPATCH)
def procedures_are_under_way(s: Submission) -> Iterator[Hit]:
    """A Procedure of a dispatch message (Application 6) is in-progress, coded, about the Patient and has a start.

    Its Encounter is left out by official examples: an error only when we compose.
    """
    for held in survey(s).resources("Procedure"):
        yield from has_status(held, "in-progress")
        yield from lacks(held, "code")
        yield from links(s, held, "subject", ("Patient",), missing=None)
        yield from lacks(held, "performedPeriod.start")
        yield from _case(s, held, when_sent(s))


@rule("RES-188", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since=_DISPATCH)
def communications_are_whole(s: Submission) -> Iterator[Hit]:
    """A Communication of a dispatch message (Application 6) is completed and has a topic, a time and a text.

    Crew notes and entries of the call log. Its Encounter is left out by official examples: an error only when we
    compose.
    """
    for held in survey(s).resources("Communication"):
        yield from has_status(held, "completed")
        for element in ("topic.text", "sent", "payload.contentString"):
            yield from lacks(held, element)
        yield from _case(s, held, when_sent(s))
