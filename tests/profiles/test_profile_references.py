"""References lead to the types, and to resources of the profiles, that a profile asks for."""

from __future__ import annotations

import pytest

from tests.profiles.made import URL, Made, a_context, a_profile, a_rule
from workbench.messages import build
from workbench.profiles.compiled import TypeRule
from workbench.profiles.profile_check import check
from workbench.profiles.profile_message import check_message

NAMED = a_profile("Named", "Patient", a_rule("name", min=1))
PICTURED = a_profile("Pictured", "Patient", a_rule("photo", min=1))
PATIENT = {"resourceType": "Patient", "id": "1", "name": [{"family": "A"}]}
BASE = "http://hl7.org/fhir/StructureDefinition/"
FLAG = "Bundle.entry[1].resource"


def pointing(*targets: str, element: str = "subject") -> object:
    return a_profile("Pointing", "Flag", a_rule(element, types=(TypeRule("Reference", (), targets),)))


def found(subject: object, profile: object, *, held: object = PATIENT) -> list[tuple[str, str]]:
    bundle = {
        "resourceType": "Bundle",
        "entry": [
            {"fullUrl": "urn:uuid:0badcafe-0000-4000-8000-00000000000a", "resource": held},
            {"resource": {"resourceType": "Flag", "subject": subject}},
        ],
    }
    context = a_context(bundle, Made((NAMED, PICTURED)))
    return [(str(one.kind), one.text) for one in check(bundle["entry"][1]["resource"], FLAG, profile, context)]


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "urn:uuid:0badcafe-0000-4000-8000-00000000000a"},
        {"reference": "Patient/1"},
        {"reference": "Patient/elsewhere"},
        {"reference": "https://mock.invalid/Patient/9"},
        {"reference": "urn:uuid:nowhere"},
        {"type": "Patient", "identifier": {"value": "1"}},
        {"display": "someone"},
        {"reference": ""},
        {},
    ],
)
def test_what_fits_or_leaves_the_message_is_no_problem(subject: dict[str, object]) -> None:
    assert found(subject, pointing(NAMED.url)) == []


@pytest.mark.parametrize(
    "subject", [{"reference": "Location/9"}, {"reference": "urn:uuid:x", "type": "Location"}, {"type": "Location"}]
)
def test_another_type_is_told(subject: dict[str, object]) -> None:
    assert found(subject, pointing(NAMED.url)) == [
        ("wrong-target", "Pointing allows subject to point only to Patient, and this is Location.")
    ]


def test_another_type_in_the_bundle_is_told_whatever_the_reference_says() -> None:
    other = {"resourceType": "Group", "id": "1"}
    assert found({"reference": "urn:uuid:0badcafe-0000-4000-8000-00000000000a"}, pointing(NAMED.url), held=other) == [
        ("wrong-target", "Pointing allows subject to point only to Patient, and this is Group.")
    ]


def test_what_base_r4_forbids_is_left_to_it() -> None:
    assert found({"reference": "Slot/1"}, pointing(NAMED.url)) == []


def test_the_resource_must_meet_one_of_the_profiles() -> None:
    subject = {"reference": "urn:uuid:0badcafe-0000-4000-8000-00000000000a"}
    assert found(subject, pointing(NAMED.url, PICTURED.url)) == []
    assert found(subject, pointing(PICTURED.url)) == [
        (
            "wrong-target",
            "Pointing asks subject to point to Pictured, and the Patient there does not meet it: "
            "Pictured needs photo, and there is none.",
        )
    ]
    assert found(subject, pointing(PICTURED.url, BASE + "Patient")) == [], "a base type is always met"
    assert found(subject, pointing(URL + "None")) == [], "a profile that nobody has finds nothing"
    assert found(subject, pointing(BASE + "Resource")) == []
    assert found(subject, pointing()) == []


def test_contained_resources_are_targets_too() -> None:
    flag = {
        "resourceType": "Flag",
        "meta": {"profile": [URL + "Pointing"]},
        "contained": [{"resourceType": "Patient", "id": "p"}],
        "subject": {"reference": "#p"},
    }
    report = check_message(build(flag), Made((NAMED, pointing(NAMED.url))))
    assert [(str(one.problem.kind), one.problem.path) for one in report.found] == [("wrong-target", "Flag.subject")]


def test_resources_that_refer_to_each_other_are_checked_once() -> None:
    loop = a_profile(
        "Loop", "Patient", a_rule("link", a_rule("other", types=(TypeRule("Reference", (), (URL + "Loop",)),)))
    )

    def linked(other: str) -> dict[str, object]:
        return {
            "resourceType": "Patient",
            "meta": {"profile": [loop.url]},
            "link": [{"other": {"reference": other}, "type": "seealso"}],
        }

    bundle = {
        "resourceType": "Bundle",
        "entry": [
            {
                "fullUrl": "urn:uuid:0badcafe-0000-4000-8000-00000000000a",
                "resource": linked("urn:uuid:0badcafe-0000-4000-8000-00000000000b"),
            },
            {
                "fullUrl": "urn:uuid:0badcafe-0000-4000-8000-00000000000b",
                "resource": linked("urn:uuid:0badcafe-0000-4000-8000-00000000000a"),
            },
        ],
    }
    assert check_message(build(bundle), Made((loop,))).found == ()
