from __future__ import annotations

import pytest

from tests.rules.builders import (
    at,
    booking,
    changed,
    composed,
    drop,
    findings,
    fixes_itself,
    judged,
    put,
    short,
    verdict,
)
from workbench.messages import Edit, build
from workbench.rules import Side
from workbench.standard import default_profile
from workbench.standard.urls import FLAG_CATEGORIES, SR_CATEGORY

REFERRAL = composed()
ORDER = at(REFERRAL, "ServiceRequest")
CATEGORY, CASE = f"{ORDER}.category[0].coding[0]", f"{ORDER}.category[0].coding[1]"
VISIT = at(booking(), "Appointment")


@pytest.mark.parametrize(
    ("rule", "edits", "letters", "fixed"),
    [
        ("COD-001", [drop(f"{ORDER}.category")], ("e", "e"), False),
        ("COD-001", [put(f"{CASE}.system", "https://mock.example")], ("e", "e"), False),
        ("COD-001", [drop(CASE)], ("e", "e"), False),
        ("COD-001", [drop(CATEGORY)], ("e", "e"), True),
        ("COD-001", [put(f"{ORDER}.category[1]", {"text": "x"})], ("e", "e"), False),
        ("COD-001", [Edit("move", CATEGORY, None, CASE)], ("e", "w"), True),
        ("COD-002", [put(f"{CATEGORY}.code", "Referral")], ("e", "e"), True),
        ("COD-002", [put(f"{CATEGORY}.code", "booking")], ("e", "e"), False),
        ("COD-003", [put(f"{CASE}.code", "A1T1")], ("e", "e"), True),
        ("COD-003", [put(f"{CASE}.code", "a9t9")], ("e", "e"), False),
        ("COD-004", [put(f"{CASE}.display", "111 to Nowhere")], ("w", "w"), True),
        ("COD-004", [drop(f"{CASE}.display")], ("w", "w"), True),
        ("COD-004", [put(f"{CASE}.display", "111 - ED")], ("i", "i"), True),
        ("COD-008", [put(f"{CASE}.code", "a4t1")], ("e", "w"), False),
        ("COD-011", [put(f"{CATEGORY}.system", SR_CATEGORY.lower())], ("w", "w"), True),
    ],
)
def test_a_changed_category_is_found_out(rule: str, edits: list[Edit], letters: tuple[str, str], fixed: bool) -> None:
    message = changed(REFERRAL, *edits)
    assert judged(REFERRAL, rule) == ("-", "-")
    assert judged(message, rule) == letters
    assert fixed == (findings(verdict(message), rule)[0].fix is not None)
    assert not fixed or fixes_itself(message, rule)


def test_the_right_display_is_offered() -> None:
    message = changed(REFERRAL, put(f"{CASE}.display", "111 - ED"))
    (found,) = findings(verdict(message), "COD-004")
    assert found.fix.label == "Use '111 to ED'"
    assert found.path == f"{CASE}.display"


def test_a_booking_says_its_use_case() -> None:
    assert judged(booking(), "COD-005") == ("-", "-")
    assert judged(changed(booking(), drop(f"{VISIT}.serviceCategory")), "COD-005") == ("e", "e")
    hl7 = [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/service-category", "code": "17"}]}]
    assert judged(changed(booking(), put(f"{VISIT}.serviceCategory", hl7)), "COD-005") == ("-", "-")


def test_withdrawn_use_cases_since_the_version_that_withdrew_them() -> None:
    message = changed(REFERRAL, put(f"{CASE}.code", "a5t2"))
    assert judged(message, "COD-006") == ("w", "i")
    assert not findings(verdict(message, versions=default_profile(5, "1.1.4")), "COD-006")


def test_use_cases_newer_than_the_version() -> None:
    message = changed(REFERRAL, put(f"{CASE}.code", "a1t10"))
    assert not findings(verdict(message), "COD-007")
    assert findings(verdict(message, versions=default_profile(1, "2.0.0")), "COD-007")


def test_codes_of_our_own_systems_are_published_ones() -> None:
    def flag(code: str, display: str | None = None):
        coding = {"system": FLAG_CATEGORIES, "code": code, **({"display": display} if display else {})}
        return build({"resourceType": "Flag", "category": [{"coding": [coding]}]})

    assert judged(flag("CV"), "COD-009") == ("e", "w")
    assert judged(flag("ss"), "COD-009") == ("e", "w")
    assert fixes_itself(flag("ss"), "COD-009")
    assert judged(flag("SS"), "COD-009") == ("-", "-")
    assert judged(flag("SS", "Scene Safety "), "COD-010") == ("w", "w")
    assert fixes_itself(flag("SS", "Scene Safety "), "COD-010")
    assert judged(flag("SS"), "COD-010") == ("-", "-")


def test_samples_are_not_the_whole_list() -> None:
    coding = {"system": "https://fhir.nhs.uk/CodeSystem/pathways-dx-codes", "code": "Dx999", "display": "mock"}
    plan = build({"resourceType": "CarePlan", "category": [{"coding": [coding]}]})
    assert not {rule for rule, _ in short(verdict(plan, Side.COMPOSE)) if rule.startswith("COD")}


@pytest.mark.parametrize(
    "system", ["https://fhir.nhs.uk/id/ods-organization-code", "http://fhir.nhs.uk/Id/ods-organization-code"]
)
def test_identifier_systems_are_spelt_right(system: str) -> None:
    party = build({"resourceType": "Organization", "identifier": [{"system": system, "value": "ZZM01"}]})
    assert judged(party, "COD-011") == ("w", "w")
    assert fixes_itself(party, "COD-011")
