from __future__ import annotations

import pytest

from tests.rules.applications import SNOMED, Case, broker, check, concept, dispatch, pharmacy
from tests.rules.builders import add, at, changed, composed, drop, judged, put
from workbench.messages import Number

REFERRAL = composed()
SEEN = at(REFERRAL, "Observation")
AILMENT, TASK = at(pharmacy(), "Condition"), at(pharmacy(), "Task")
DONE, SAID, ORDERED = at(dispatch(), "Procedure"), at(dispatch(), "Communication"), at(dispatch(), "Task")


def full_url(message: object, type: str) -> str:
    return message.at(f"{at(message, type).removesuffix('.resource')}.fullUrl")


PARTY = full_url(REFERRAL, "Organization")


@pytest.mark.parametrize(
    "case",
    [
        Case("RES-181", (drop(AILMENT.removesuffix(".resource")),), "Bundle.entry", ("e", "e")),
        Case("RES-181", (drop(f"{AILMENT}.encounter"),), f"{AILMENT}.encounter", ("e", "e"), True),
        Case(
            "RES-181", (put(f"{AILMENT}.subject.reference", PARTY),), f"{AILMENT}.subject.reference", ("e", "e"), True
        ),
        Case("RES-181", (drop(f"{AILMENT}.category"),), f"{AILMENT}.category", ("e", "w")),
        Case("RES-181", (drop(f"{AILMENT}.code"),), f"{AILMENT}.code.text", ("e", "e")),
        Case("RES-182", (drop(TASK.removesuffix(".resource")),), "Bundle.entry", ("e", "e")),
        Case("RES-182", (put(f"{TASK}.status", "draft"),), f"{TASK}.status", ("e", "e"), True),
        Case("RES-182", (put(f"{TASK}.intent", "plan"),), f"{TASK}.intent", ("e", "e"), True),
        Case("RES-182", (put(f"{TASK}.code", {"text": "mock"}),), f"{TASK}.code", ("e", "e")),
        Case("RES-182", (drop(f"{TASK}.authoredOn"),), f"{TASK}.authoredOn", ("e", "e")),
        Case("RES-182", (drop(f"{TASK}.encounter"),), f"{TASK}.encounter", ("i", "i"), True),
    ],
    ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}",
)
def test_pharmacies(case: Case) -> None:
    check(pharmacy(), case)


def test_brokers_need_a_condition_too() -> None:
    entry = at(broker(), "Condition").removesuffix(".resource")
    check(broker(), Case("RES-181", (drop(entry),), "Bundle.entry", ("e", "e")))
    words = f"{at(broker(), 'Condition')}.code.text"
    assert judged(changed(broker(), drop(words)), "RES-181") == ("-", "-")
    assert judged(REFERRAL, "RES-181") == ("-", "-")


def another(place: str) -> dict[str, object]:
    entry = dispatch().at(place.removesuffix(".resource"))
    return {**entry, "fullUrl": "urn:uuid:0badcafe-0000-4000-a000-0000000000ff"}


def next_to(place: str) -> str:
    number = int(place.removesuffix("].resource").rpartition("[")[2])
    return f"Bundle.entry[{number + 1}].resource"


@pytest.mark.parametrize(
    "case",
    [
        Case("RES-183", (put(f"{ORDERED}.intent", "order"),), f"{ORDERED}.intent", ("e", "e"), True),
        Case("RES-183", (put(f"{ORDERED}.status", "draft"),), f"{ORDERED}.status", ("w", "w"), True),
        Case("RES-183", (drop(f"{ORDERED}.authoredOn"),), f"{ORDERED}.authoredOn", ("w", "w")),
        Case("RES-183", (add(ORDERED.removesuffix(".resource"), another(ORDERED)),), next_to(ORDERED), ("w", "w")),
        Case("RES-187", (put(f"{DONE}.status", "completed"),), f"{DONE}.status", ("e", "e"), True),
        Case("RES-187", (drop(f"{DONE}.code"),), f"{DONE}.code", ("e", "e")),
        Case("RES-187", (drop(f"{DONE}.performedPeriod"),), f"{DONE}.performedPeriod.start", ("e", "e")),
        Case("RES-187", (drop(f"{DONE}.encounter"),), f"{DONE}.encounter", ("e", "w"), True),
        Case("RES-188", (put(f"{SAID}.status", "in-progress"),), f"{SAID}.status", ("e", "e"), True),
        Case("RES-188", (drop(f"{SAID}.topic"),), f"{SAID}.topic.text", ("e", "e")),
        Case("RES-188", (drop(f"{SAID}.sent"),), f"{SAID}.sent", ("e", "e")),
        Case("RES-188", (drop(f"{SAID}.payload"),), f"{SAID}.payload.contentString", ("e", "e")),
        Case("RES-188", (drop(f"{SAID}.encounter"),), f"{SAID}.encounter", ("e", "w"), True),
    ],
    ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}",
)
def test_dispatch(case: Case) -> None:
    check(dispatch(), case)


@pytest.mark.parametrize(
    "case",
    [
        Case("RES-184", (put(f"{SEEN}.status", "preliminary"),), f"{SEEN}.status", ("e", "e"), True),
        Case("RES-184", (put(f"{SEEN}.code", {"id": "x"}),), f"{SEEN}.code", ("e", "e")),
        Case("RES-185", (drop(f"{SEEN}.subject"),), f"{SEEN}.subject", ("e", "w"), True),
        Case("RES-185", (drop(f"{SEEN}.encounter"),), f"{SEEN}.encounter", ("e", "w"), True),
        Case("RES-186", (drop(f"{SEEN}.component"),), f"{SEEN}.component", ("w", "w")),
        Case("RES-186", (put(f"{SEEN}.note", [{"text": "mock"}]),), f"{SEEN}.note", ("w", "w"), True),
        Case("RES-186", (put(f"{SEEN}.code", concept(SNOMED, "60621009")),), f"{SEEN}.valueQuantity", ("w", "w")),
    ],
    ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}",
)
def test_observations(case: Case) -> None:
    check(REFERRAL, case)


def test_a_body_mass_index_with_its_quantity_is_right() -> None:
    held = (put(f"{SEEN}.code", concept(SNOMED, "60621009")), put(f"{SEEN}.valueQuantity", {"value": Number("23")}))
    assert judged(changed(REFERRAL, *held), "RES-186") == ("-", "-")


def test_pharmacy_messages_of_the_beta_need_the_same() -> None:
    older = changed(pharmacy(), put("Bundle.meta.versionId", "1.0.0-beta"))
    check(older, Case("RES-181", (drop(f"{AILMENT}.encounter"),), f"{AILMENT}.encounter", ("e", "e"), True))
    check(older, Case("RES-182", (drop(f"{TASK}.authoredOn"),), f"{TASK}.authoredOn", ("e", "e")))
    plan = f"{at(older, 'CarePlan')}.addresses"
    check(older, Case("CPL-007", (drop(plan),), plan, ("e", "e"), True))
