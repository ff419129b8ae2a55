from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.rules.builders import (
    acknowledged,
    add,
    at,
    cancelled,
    changed,
    composed,
    drop,
    findings,
    fixes_itself,
    judged,
    put,
    replied,
    verdict,
)
from workbench.messages import build
from workbench.rules import Side, Submission, judge
from workbench.standard import VersionProfile, default_profile
from workbench.standard.definitions import definitions

if TYPE_CHECKING:
    from workbench.messages import Message

REFERRAL = composed()
STAMP = {"lastUpdated": "2026-11-24T09:00:00.1234560+00:00"}


def with_entry(message: Message, resource: dict, number: int = 99):
    url = f"urn:uuid:0badcafe-0000-4000-8000-0000000000{number}"
    return changed(message, add(f"Bundle.entry[{len(message.entries())}]", {"fullUrl": url, "resource": resource}))


def without(kind: str):
    return changed(REFERRAL, drop(at(REFERRAL, kind).removesuffix(".resource")))


def texts(message: Message, rule: str, **more: object) -> list[tuple[str, str]]:
    return [(one.severity.value, one.text) for one in findings(verdict(message, **more), rule)]


@pytest.mark.parametrize("kind", ["CarePlan", "Consent", "Encounter", "HealthcareService", "Patient", "ServiceRequest"])
def test_what_is_missing_is_named(kind: str) -> None:
    name = "bars-message-servicerequest-request-referral"
    assert texts(without(kind), "DEF-001") == [("error", f"{kind} is missing: it is needed by {name}.")]


def test_a_service_was_needed_in_earlier_versions_too() -> None:
    older = changed(without("HealthcareService"), put("Bundle.meta.versionId", "1.0.0"))
    assert [severity for severity, _ in texts(older, "DEF-001")] == ["error"]


def test_two_organisations_are_needed() -> None:
    ((severity, text),) = texts(without("Organization"), "DEF-001")
    assert severity == "error"
    assert "2 are needed and 1 is there" in text


def test_one_too_many_is_an_error_but_for_the_receivers_encounter() -> None:
    twice = with_entry(REFERRAL, {"resourceType": "CarePlan", "meta": STAMP})
    assert judged(twice, "DEF-002") == ("e", "e")
    assert judged(acknowledged(), "DEF-002") == ("w", "w")
    stray = with_entry(REFERRAL, {"resourceType": "Encounter", "meta": STAMP, "status": "triaged"})
    assert judged(stray, "DEF-002") == ("e", "e")


def test_what_is_not_listed_is_named() -> None:
    ((severity, text),) = texts(with_entry(REFERRAL, {"resourceType": "Slot", "meta": STAMP}), "DEF-003")
    assert (severity, text.partition(" is")[0]) == ("error", "Slot")
    assert judged(with_entry(cancelled(), {"resourceType": "CarePlan", "meta": STAMP}), "DEF-003") == ("e", "e")


@pytest.mark.parametrize(
    ("kind", "versions", "told"),
    [
        ("RelatedPerson", default_profile(1), False),
        ("RelatedPerson", default_profile(1, "2.0.0"), True),
        ("RelatedPerson", default_profile(3), True),
        ("Device", default_profile(8), False),
        ("Device", default_profile(1), True),
        ("HealthcareService", default_profile(3), False),
        ("HealthcareService", default_profile(1, "1.0.8"), True),
    ],
)
def test_newer_things_are_warned_about(kind: str, versions: VersionProfile, told: bool) -> None:
    message = with_entry(REFERRAL, {"resourceType": kind, "meta": STAMP})
    held = findings(verdict(message, versions=versions), "DEF-004")
    assert bool([one for one in held if one.text.startswith((kind, f"More than 1 {kind}"))]) is told
    assert not [one for one in findings(verdict(message, versions=versions), "DEF-003") if kind in one.text]


def test_a_resource_names_its_profile() -> None:
    path = f"{at(REFERRAL, 'Patient')}.meta.profile"
    assert judged(REFERRAL, "DEF-005") == ("-", "-")
    assert judged(changed(REFERRAL, drop(path)), "DEF-005") == ("w", "w")
    assert fixes_itself(changed(REFERRAL, drop(path)), "DEF-005")
    other = ["http://hl7.org/fhir/StructureDefinition/Patient"]
    assert judged(changed(REFERRAL, put(path, other)), "DEF-005") == ("w", "w")
    assert fixes_itself(changed(REFERRAL, put(path, other)), "DEF-005")
    both = [*other, "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"]
    assert judged(changed(REFERRAL, put(path, both)), "DEF-005") == ("-", "-")
    assert judged(replied("safeguarding-dna", "a1t1"), "DEF-005") == ("-", "-")


def test_one_incident_is_enough() -> None:
    profile = "https://fhir.hl7.org.uk/StructureDefinition/BARSLocation-incident-location"
    scene = {"resourceType": "Location", "meta": {**STAMP, "profile": [profile]}}
    assert judged(with_entry(REFERRAL, scene), "DEF-006") == ("-", "-")
    assert judged(with_entry(with_entry(REFERRAL, scene), scene, 98), "DEF-006") == ("e", "e")


def test_the_receivers_own_definition_goes_before_the_published_one() -> None:
    named = definitions()["bars-message-servicerequest-request-referral"]
    own = replace(named, rows=tuple(row for row in named.rows if row.type != "Consent"))
    found = judge(Submission(REFERRAL, None, None, default_profile(1), Side.RECEIVE, own), timer=lambda: 0.0)
    assert [one.text.partition(" is")[0] for one in findings(found, "DEF-003")] == ["Consent"]


def test_without_a_header_there_is_no_definition() -> None:
    empty = build({"resourceType": "Bundle", "type": "message"})
    assert not [one for one in verdict(empty).findings if one.rule.startswith("DEF")]


SHORT_NAME = "bars-message-servicerequest-response-referral-short"


def test_a_definition_is_one_of_the_application() -> None:
    path = f"{at(REFERRAL, 'MessageHeader')}.definition"
    other = definitions()["bars-message-servicerequest-request-validation"].url
    assert judged(REFERRAL, "DEF-007") == ("-", "-")
    assert judged(changed(REFERRAL, put(path, other)), "DEF-007") == ("e", "w")
    reply_path = f"{at(replied('safeguarding-dna', 'a1t1'), 'MessageHeader')}.definition"
    short = changed(replied("safeguarding-dna", "a1t1"), put(reply_path, definitions()[SHORT_NAME].url))
    assert [one.path for one in findings(verdict(short), "DEF-007")] == [reply_path]
