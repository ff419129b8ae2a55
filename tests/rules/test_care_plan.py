from __future__ import annotations

import pytest

from tests.rules.applications import Case, broker, callback, check, dispatch, link, pharmacy
from tests.rules.builders import add, at, changed, composed, drop, judged, put, replied, validation

REFERRAL = composed()
PLAN = at(REFERRAL, "CarePlan")


def full_url(message: object, type: str) -> str:
    return message.at(f"{at(message, type).removesuffix('.resource')}.fullUrl")


PERSON, PARTY = full_url(REFERRAL, "Practitioner"), full_url(REFERRAL, "Organization")
OUTCOMES = f"{PLAN}.activity[0].outcomeCodeableConcept"


@pytest.mark.parametrize(
    "case",
    [
        Case("CPL-001", (put(f"{PLAN}.intent", "order"),), f"{PLAN}.intent", ("e", "e"), True),
        Case("CPL-003", (put(f"{PLAN}.subject.reference", PARTY),), f"{PLAN}.subject.reference", ("e", "e"), True),
        Case("CPL-003", (drop(f"{PLAN}.encounter"),), f"{PLAN}.encounter", ("e", "e"), True),
        Case("CPL-004", (drop(f"{PLAN}.period"),), f"{PLAN}.period.start", ("e", "w")),
        Case("CPL-005", (drop(f"{PLAN}.activity"),), f"{PLAN}.activity", ("e", "e")),
        Case("CPL-006", (drop(f"{OUTCOMES}[0].text"),), OUTCOMES, ("e", "e")),
        Case("CPL-009", (put(f"{PLAN}.author", link(PERSON)),), f"{PLAN}.author.reference", ("w", "w"), True),
    ],
    ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}",
)
def test_referrals(case: Case) -> None:
    check(REFERRAL, case)


def test_validations_say_when_the_plan_began() -> None:
    plan = at(validation(), "CarePlan")
    check(validation(), Case("CPL-004", (drop(f"{plan}.period"),), f"{plan}.period.start", ("e", "e")))


def test_only_applications_1_and_2_need_the_story() -> None:
    plan = at(callback(), "CarePlan")
    place = f"{plan}.activity[0].outcomeCodeableConcept"
    check(callback(), Case("CPL-006", (drop(f"{place}[0].text"),), place, ("w", "w")))


def test_replies_have_a_completed_or_active_plan() -> None:
    full, absent = replied(), replied("safeguarding-dna", "a1t1")
    place = f"{at(full, 'CarePlan')}.status"
    check(full, Case("CPL-002", (put(place, "revoked"),), place, ("e", "e")))
    assert judged(changed(full, put(place, "active")), "CPL-002") == ("-", "-")
    place = f"{at(absent, 'CarePlan')}.status"
    check(absent, Case("CPL-002", (put(place, "active"),), place, ("e", "e"), True))


def test_a_live_call_may_have_no_activity_yet() -> None:
    plan = at(dispatch(), "CarePlan")
    check(dispatch(), Case("CPL-005", (drop(f"{plan}.activity"),), f"{plan}.activity", ("w", "w")))


def test_pharmacies_learn_what_is_meant_and_what_to_do() -> None:
    plan = at(pharmacy(), "CarePlan")
    check(pharmacy(), Case("CPL-007", (drop(f"{plan}.addresses"),), f"{plan}.addresses", ("e", "e"), True))
    task = f"{plan}.activity[0].reference"
    check(pharmacy(), Case("CPL-008", (drop(task),), f"{plan}.activity", ("e", "e"), True))


def test_dispatch_names_the_task_unless_the_outcome_is_coded() -> None:
    plan = at(dispatch(), "CarePlan")
    bare = put(f"{plan}.activity", [{"outcomeCodeableConcept": [{"text": "Invented"}]}])
    check(dispatch(), Case("CPL-008", (bare,), f"{plan}.activity", ("e", "w"), True))


def test_rejected_services_belong_to_the_request() -> None:
    flag = at(REFERRAL, "Flag")
    category = put(f"{flag}.category[0].coding[0].code", "RS")
    check(REFERRAL, Case("CPL-010", (category,), f"{PLAN}.supportingInfo[0].reference", ("w", "w")))


def test_brokers_learn_priority_and_services() -> None:
    plan = at(broker(), "CarePlan")
    told = f"{plan}.activity[0].outcomeCodeableConcept"
    offered = f"{plan}.activity[1].detail"
    service = full_url(broker(), "HealthcareService")
    for case in (
        Case("CPL-011", (drop(f"{told}[0]"),), told, ("e", "e")),
        Case("CPL-006", (drop(f"{told}[1]"),), told, ("w", "w")),
        Case("CPL-008", (drop(f"{plan}.activity[0].reference"),), f"{plan}.activity", ("e", "e"), True),
        Case("CPL-012", (drop(f"{plan}.activity[1]"),), f"{plan}.activity", ("e", "e")),
        Case("CPL-012", (put(f"{offered}.status", "scheduled"),), f"{offered}.status", ("e", "e"), True),
        Case("CPL-012", (drop(f"{offered}.performer"),), f"{offered}.performer", ("e", "e")),
        Case("CPL-012", (drop(f"{offered}.performer"),), at(broker(), "HealthcareService"), ("w", "w")),
        Case(
            "CPL-012",
            (add(f"{plan}.activity[2]", {"detail": {"status": "scheduled", "description": "A walk"}}),),
            f"{plan}.activity[2].detail.status",
            ("-", "-"),
        ),
        Case(
            "CPL-012",
            tuple(add(f"{offered}.performer[{n}]", link(service)) for n in range(1, 21)),
            f"{offered}.performer[20]",
            ("e", "e"),
        ),
    ):
        check(broker(), case)
    assert judged(changed(broker(), drop(f"{plan}.period")), "CPL-004") == ("-", "-")
