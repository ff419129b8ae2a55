"""Headers as forms: what they show, and that only what is filled in changes."""

from __future__ import annotations

import json

import pytest

from workbench.headers import Organisation, PractitionerFacts, Software, TargetIdentifier
from workbench.headers.build import organisation_json, practitioner_json, software_json, target_json
from workbench.headers.fields import header_fields, with_fields
from workbench.messages import json_text
from workbench.standard.urls import ODS_CODE

TARGET = json_text.dump(target_json(TargetIdentifier("https://fhir.nhs.uk/Id/dos-service-id", "9990000918")))
ORGANISATION = json_text.dump(organisation_json(Organisation("Mock Hospital", "ZZM02")))
PRACTITIONER = json_text.dump(practitioner_json(PractitionerFacts("990000000001", "62247001", "General practitioner")))
SOFTWARE = json_text.dump(software_json(Software("Mock", "1.2", "https://mock.example/Id/software", "MOCK-1")))


@pytest.mark.parametrize(
    ("name", "written", "shown"),
    [
        (
            "NHSD-Target-Identifier",
            TARGET,
            {"Service": "9990000918", "System": "https://fhir.nhs.uk/Id/dos-service-id"},
        ),
        ("nhsd-end-user-organisation", ORGANISATION, {"Organisation": "Mock Hospital", "ODS code": "ZZM02"}),
        (
            "NHSD-Requesting-Practitioner",
            PRACTITIONER,
            {
                "Role profile": "990000000001",
                "Role, SNOMED code": "62247001",
                "Role, in words": "General practitioner",
            },
        ),
        (
            "NHSD-Requesting-Software",
            SOFTWARE,
            {
                "Software": "Mock",
                "Version": "1.2",
                "Identifier": "MOCK-1",
                "System of the identifier": "https://mock.example/Id/software",
            },
        ),
        (
            "use-context",
            "a1t1|referral|servicerequest-request|new",
            {"Use case": "a1t1", "Kind or status": "referral", "Event": "servicerequest-request", "Reason": "new"},
        ),
        ("Accept", "application/fhir+json; version=1.2.0", {"Type": "application/fhir+json", "Version": "1.2.0"}),
        ("Accept", "application/fhir+json", {"Type": "application/fhir+json", "Version": ""}),
    ],
)
def test_every_header_with_parts_has_a_form_that_says_what_it_holds(
    name: str, written: str, shown: dict[str, str]
) -> None:
    fields = header_fields(name, written)
    assert {field.label: field.value for field in fields} == shown
    same = with_fields(name, written, {field.key: field.value for field in fields})
    assert same.replace(" ", "") == written.replace(" ", "")
    for field in fields:
        changed = {one.label: one.value for one in header_fields(name, with_fields(name, written, {field.key: "zz"}))}
        assert changed == {**shown, field.label: "zz"}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("NHSD-Target-Identifier", "not JSON"),
        ("NHSD-Target-Identifier", "[]"),
        ("use-context", "a1t1|referral"),
        ("Accept", "application/fhir+json; q=0.5"),
        ("X-Request-Id", "0badcafe-0000-4000-8000-00000000000a"),
        ("X-Own", "1"),
    ],
)
def test_what_cannot_be_taken_apart_has_no_form(name: str, written: str) -> None:
    assert header_fields(name, written) == ()
    with pytest.raises(ValueError, match="no form"):
        with_fields(name, written, {})


def test_what_the_form_does_not_know_stays() -> None:
    held = json.loads(ORGANISATION)
    held["identifier"].insert(0, {"system": "https://mock.example/Id/other", "value": "1"})
    held["active"] = True
    key = header_fields("NHSD-End-User-Organisation", json.dumps(held))[1].key
    made = json.loads(with_fields("NHSD-End-User-Organisation", json.dumps(held), {key: "ZZM09"}))
    held["identifier"][1]["value"] = "ZZM09"
    assert made == held


def test_an_empty_part_is_taken_away_and_a_missing_one_is_made() -> None:
    name = "NHSD-End-User-Organisation"
    key = header_fields(name, ORGANISATION)[1].key
    bare = with_fields(name, ORGANISATION, {key: " "})
    assert json.loads(bare)["identifier"] == [{"system": ODS_CODE}]
    without = json.dumps({"resourceType": "Organization", "name": "Mock Hospital"})
    assert json.loads(with_fields(name, without, {key: "ZZM02"})) == {
        **json.loads(without),
        "identifier": [{"system": ODS_CODE, "value": "ZZM02"}],
    }
    assert with_fields("Accept", "application/fhir+json; version=1.0.0", {"version": ""}) == "application/fhir+json"
