"""Rules on the CarePlan: what was found out, decided and told, and for whom.

Its status in new requests is judged with the workflow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.rules import scope, sources
from workbench.rules.checks import codes, has_status, lacks, links, targets, when_sent
from workbench.rules.registry import rule
from workbench.rules.stages import ORDERS, Stage, number, receivers_encounter, senders_encounter, stage
from workbench.rules.survey import set_fix, status, survey
from workbench.rules.values import Hit
from workbench.standard import urls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.rules.survey import Found
    from workbench.rules.values import Submission

PRIORITY = "https://fhir.nhs.uk/CodeSystem/bars-broker-priority-status"
_PHARMACY_AND_BROKER = {5: "1.0.0-beta", 8: "1.0.0-alpha"}
_TRIAGE = ("pathways", "ampds", "arp-")
_MOST_SERVICES = 20


def _plans(s: Submission) -> list[Found]:
    """The care plans of messages about a ServiceRequest."""
    return survey(s).resources("CarePlan")


def _activities(held: Found) -> list[tuple[str, JsonObject]]:
    path, plan = held
    return [(f"{path}.activity[{index}]", one) for index, one in enumerate(tree.objects(plan.get("activity")))]


@rule("CPL-001", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def intent_is_plan(s: Submission) -> Iterator[Hit]:
    """The intent of a CarePlan is plan."""
    for held in _plans(s):
        yield from has_status(held, "plan", element="intent")


@rule("CPL-002", Severity.ERROR, source=sources.PAYLOAD, applies=scope.responses)
def outcomes_are_completed_or_active(s: Submission) -> Iterator[Hit]:
    """The CarePlan of a full reply is completed, or active when the sender has to act.

    That of the reply on a patient who did not come is completed.
    """
    wanted = {Stage.FULL: ("completed", "active"), Stage.ABSENCE: ("completed",)}.get(stage(s), ())
    for path, plan in _plans(s) if wanted else []:
        said = tree.text(plan.get("status"))
        if said is not None and said not in wanted:
            place = f"{path}.status"
            fix = set_fix("Set it to completed", place, "completed") if len(wanted) == 1 else None
            yield Hit(place, f"The CarePlan of this reply is {' or '.join(wanted)}; this one is '{said}'.", fix)


@rule("CPL-003", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def it_is_about_the_patient_and_case(s: Submission) -> Iterator[Hit]:
    """A CarePlan is about the Patient and belongs to an Encounter: the sender's, in replies that of who answers."""
    found = survey(s)
    case = receivers_encounter(found) if stage(s) is Stage.FULL else senders_encounter(found)
    for held in _plans(s):
        yield from links(s, held, "subject", ("Patient",), missing=None)
        yield from links(s, held, "encounter", ("Encounter",), to=case)


@rule("CPL-004", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def it_says_when_it_began(s: Submission) -> Iterator[Hit]:
    """A CarePlan says when it began: when the decision was made, in ambulance services when the clock started.

    Applications 4 and 6 require it in prose. In the others only a table does and official examples leave it out: an
    error only when we compose. Application 8 leaves it open.
    """
    application = number(s)
    if application == 8:
        return
    for held in _plans(s):
        yield from lacks(held, "period.start", Severity.ERROR if application in (4, 6) else when_sent(s))


@rule("CPL-005", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def it_has_activities(s: Submission) -> Iterator[Hit]:
    """A CarePlan has at least one activity: what was decided.

    While an ambulance call is still going on (Application 6) there may be none yet, which is a warning.
    """
    own = senders_encounter(survey(s))
    live = number(s) == 6 and own is not None and status(own) == "in-progress"
    for held in _plans(s):
        yield from lacks(held, "activity", Severity.WARNING if live else Severity.ERROR)


@rule("CPL-006", Severity.ERROR, source=sources.PAYLOAD, applies=scope.with_header)
def it_tells_the_story(s: Submission) -> Iterator[Hit]:
    """An activity of the CarePlan tells in words what was found out: outcomeCodeableConcept.text.

    Applications 1 and 2 require it, the others recommend it.
    """
    for held in _plans(s):
        activities = _activities(held)
        told = any(
            tree.text(outcome.get("text"))
            for _, activity in activities
            for outcome in tree.objects(activity.get("outcomeCodeableConcept"))
        )
        if activities and not told:
            place = f"{activities[0][0]}.outcomeCodeableConcept"
            severity = Severity.ERROR if number(s) in (1, 2) else Severity.WARNING
            yield Hit(place, "No activity of the CarePlan tells in words what was found out.", severity=severity)


@rule("CPL-007", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since=_PHARMACY_AND_BROKER)
def it_addresses_the_condition(s: Submission) -> Iterator[Hit]:
    """Applications 5 and 8 name the Condition that the CarePlan addresses."""
    for held in _plans(s):
        yield from links(s, held, "addresses", ("Condition",))


@rule("CPL-008", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders)
def it_leads_to_the_tasks(s: Submission) -> Iterator[Hit]:
    """Every Task is the reference of an activity of the CarePlan.

    Applications 5 and 8 require it; Application 6 when the outcome is not coded by Pathways or AMPDS.
    """
    application = number(s)
    if application not in (5, 6, 8) or stage(s) not in ORDERS:
        return
    found = survey(s)
    for held in _plans(s):
        activities = _activities(held)
        if application == 6 and (not activities or _is_triaged(activities)):
            continue
        led = {target.index for path, _ in activities if (target := found.target(f"{path}.reference.reference"))}
        tasks = found.all("Task")
        for task in tasks:
            if task.index in led:
                continue
            place = f"{held[0]}.activity"
            severity = when_sent(s) if application == 6 else None
            free = [path for path, one in activities if "reference" not in one and "detail" not in one]
            fix = None
            if len(free) == 1 and len(tasks) == 1 and task.full_url:
                fix = set_fix("Link to Task", f"{free[0]}.reference.reference", task.full_url)
            yield Hit(place, f"No activity of the CarePlan leads to the Task in entry {task.index + 1}.", fix, severity)


@rule("CPL-009", Severity.WARNING, source=sources.PAYLOAD, applies=scope.with_header)
def its_author_is_a_role(s: Submission) -> Iterator[Hit]:
    """The author of a CarePlan is a PractitionerRole, and named only when a clinician assessed the patient."""
    for held in _plans(s):
        yield from links(s, held, "author", ("PractitionerRole",), missing=None, wrong=Severity.WARNING)


@rule("CPL-010", Severity.WARNING, source=sources.PAYLOAD, applies=scope.with_header)
def it_leaves_rejected_services_to_the_request(s: Submission) -> Iterator[Hit]:
    """The supporting information of a CarePlan is not the booking and not the rejected services.

    Those belong to the supportingInfo of the ServiceRequest.
    """
    for held in _plans(s):
        for path, target in targets(s, held, "supportingInfo"):
            rejected = target.type == "Flag" and "RS" in codes(target.resource.get("category"), urls.FLAG_CATEGORIES)
            if rejected or target.type == "Appointment":
                what = "The Appointment" if target.type == "Appointment" else "The Flag of rejected services"
                yield Hit(f"{path}.reference", f"{what} belongs to the supportingInfo of the ServiceRequest.")


@rule("CPL-011", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since={8: "1.0.0-alpha"})
def brokers_learn_the_priority(s: Submission) -> Iterator[Hit]:
    """A CarePlan for a broker (Application 8) has an activity with the priority: two week wait, urgent or routine."""
    for held in _plans(s):
        activities = _activities(held)
        if activities and not any(codes(one.get("outcomeCodeableConcept"), PRIORITY) for _, one in activities):
            place = f"{activities[0][0]}.outcomeCodeableConcept"
            yield Hit(place, "No activity of the CarePlan says the priority: 2WW, U or R.")


@rule("CPL-012", Severity.ERROR, source=sources.PAYLOAD, applies=scope.orders, since={8: "1.0.0-alpha"})
def brokers_learn_the_offered_services(s: Submission) -> Iterator[Hit]:
    """A CarePlan for a broker (Application 8) has an activity that offers 1 to 20 HealthcareServices of the message.

    It stands apart from the one with the priority, because an activity cannot have both detail and reference. Its
    detail is not-started and lists the services as performers. Where one does, an activity with a detail of another
    kind may stand beside it. A service that is not listed is a warning.
    """
    found = survey(s)
    for held in _plans(s):
        details = [(path, tree.as_object(one.get("detail"))) for path, one in _activities(held) if "detail" in one]
        offering = [(path, detail) for path, detail in details if detail.get("performer")] or details
        if not offering:
            yield Hit(f"{held[0]}.activity", "No activity of the CarePlan offers services in its detail.")
            continue
        offered: set[int] = set()
        for path, detail in offering:
            place = f"{path}.detail"
            own = (place, {"resourceType": "detail", **detail})
            yield from has_status(own, "not-started")
            yield from links(s, own, "performer", ("HealthcareService",))
            many = len(tree.objects(detail.get("performer")))
            if many > _MOST_SERVICES:
                yield Hit(f"{place}.performer[{_MOST_SERVICES}]", f"{many} services are offered; at most 20 may be.")
            offered |= {target.index for _, target in targets(s, own, "performer")}
        for service in found.all("HealthcareService"):
            if service.index not in offered:
                text = "This HealthcareService is not offered by any activity of the CarePlan."
                yield Hit(service.path, text, severity=Severity.WARNING)


def _is_triaged(activities: list[tuple[str, JsonObject]]) -> bool:
    """Whether the outcome is coded by one of the triage systems, however their address is spelt."""
    systems = [
        (tree.text(coding.get("system")) or "").lower()
        for _, activity in activities
        for coding in tree.codings(activity.get("outcomeCodeableConcept"))
    ]
    return any(part in system for system in systems for part in _TRIAGE)
