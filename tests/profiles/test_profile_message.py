"""What of a message is checked against what, and what could not be told."""

from __future__ import annotations

import pytest

from tests.profiles.made import SET, SYSTEM, URL, Made, a_constraint, a_profile, a_rule
from workbench.messages import Severity, build
from workbench.profiles.compiled import BindingRule, TypeRule
from workbench.profiles.profile_message import check_message


def a_patient(*profiles: str, **facts: object) -> dict[str, object]:
    declared = {"meta": {"profile": [URL + one for one in profiles]}} if profiles else {}
    return {"resourceType": "Patient", **declared, **facts}


def a_bundle(*resources: dict[str, object]) -> dict[str, object]:
    entries = [{"fullUrl": f"urn:uuid:{number}", "resource": one} for number, one in enumerate(resources)]
    return {"resourceType": "Bundle", "entry": entries}


def found(resource: dict[str, object], definitions: Made) -> list[tuple[str, str, str]]:
    report = check_message(build(resource), definitions)
    return [(str(one.problem.kind), one.problem.path, one.profile) for one in report.found]


NAMED = a_profile("Named", "Patient", a_rule("name", min=1))
ALSO = a_profile("Also", "Patient", a_rule("name", min=1), a_rule("photo", min=1))


def test_every_resource_is_checked_against_what_it_declares() -> None:
    whole = a_profile("Whole", "Bundle", a_rule("timestamp", min=1))
    bundle = a_bundle(a_patient("Named"), a_patient()) | {"meta": {"profile": [whole.url]}}
    bundle["entry"][1]["resource"]["contained"] = [a_patient("Named")]
    assert sorted(found(bundle, Made((NAMED, whole)))) == [
        ("missing", "Bundle.entry[0].resource.name", "Named"),
        ("missing", "Bundle.entry[1].resource.contained[0].name", "Named"),
        ("missing", "Bundle.timestamp", "Whole"),
    ]


def test_the_same_defect_by_two_profiles_is_one() -> None:
    assert found(a_patient("Named", "Also"), Made((NAMED, ALSO))) == [
        ("missing", "Patient.name", "Named"),
        ("missing", "Patient.photo", "Also"),
    ]


def test_a_profile_of_no_package_is_told() -> None:
    versioned = {"resourceType": "Patient", "meta": {"profile": [f"{NAMED.url}|9.9"]}, "name": [{"family": "A"}]}
    assert found(a_patient("None"), Made()) == [("unknown-profile", "Patient.meta.profile[0]", "None")]
    (other,) = check_message(build(versioned), Made((NAMED,))).found
    assert other.problem.kind == "unknown-profile"
    assert other.problem.text == "The packages have Named 1.0.0, not 9.9: it was not checked."
    base = {"resourceType": "Patient", "meta": {"profile": ["http://hl7.org/fhir/StructureDefinition/Patient"]}}
    assert found(base, Made()) == []


def test_a_profile_of_another_type_is_told_and_not_checked() -> None:
    held = {"resourceType": "Slot", "meta": {"profile": [NAMED.url]}}
    assert found(held, Made((NAMED,))) == [("wrong-type", "Slot.meta.profile[0]", "Named")]


def test_a_code_that_its_own_system_has_not_is_told() -> None:
    made = Made(systems={SYSTEM + "s": {"a"}})

    def coded(system: str, code: str) -> dict[str, object]:
        return {"resourceType": "Observation", "code": {"coding": [{"system": system, "code": code}]}}

    assert found(coded(SYSTEM + "s", "x"), made) == [("bad-code", "Observation.code.coding[0].code", "s")]
    assert found(coded(SYSTEM + "s", "a"), made) == []
    assert found(coded(SYSTEM + "other", "x"), made) == []


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("message-reason-encounter", "no-such-code", [None]),
        ("message-reason-encounter", "validation-triage-outcome", [Severity.INFORMATION]),
        ("pathways-dx-codes", "no-such-code", []),
    ],
)
def test_a_code_of_the_standard_is_an_error_only_where_nobody_has_it(
    name: str, code: str, told: list[Severity | None]
) -> None:
    system = f"https://fhir.nhs.uk/CodeSystem/{name}"
    held = {"resourceType": "Encounter", "reasonCode": [{"coding": [{"system": system, "code": code}]}]}
    report = check_message(build(held), Made(systems={system: {"a"}}))
    assert [one.problem.severity for one in report.found] == told


def test_a_code_outside_its_set_and_its_system_is_told_once() -> None:
    rule = a_rule("code", binding=BindingRule("required", SET + "s"))
    profile = a_profile("Coded", "Observation", rule)
    coding = {"system": SYSTEM + "s", "code": "x"}
    held = {"resourceType": "Observation", "meta": {"profile": [profile.url]}, "code": {"coding": [coding]}}
    made = Made((profile,), sets={SET + "s": {"a"}}, systems={SYSTEM + "s": {"a"}})
    assert found(held, made) == [("bad-code", "Observation.code.coding[0]", "Coded")]


def a_flag(reference: str = "urn:uuid:0") -> dict[str, object]:
    return {"resourceType": "Flag", "meta": {"profile": [URL + "Pointing"]}, "subject": {"reference": reference}}


POINTING = a_profile("Pointing", "Flag", a_rule("subject", types=(TypeRule("Reference", (), (NAMED.url,)),)))


def test_a_reference_to_what_does_not_meet_the_profile_is_an_error() -> None:
    report = check_message(build(a_bundle(a_patient(), a_flag())), Made((NAMED, POINTING)))
    assert [(one.problem.path, one.problem.severity) for one in report.found] == [
        ("Bundle.entry[1].resource.subject", None)
    ]


def test_a_reference_to_what_is_told_to_be_wrong_already_is_a_mere_note() -> None:
    declared = check_message(build(a_bundle(a_patient("Named"), a_flag())), Made((NAMED, POINTING)))
    assert sorted((one.problem.path, one.problem.severity) for one in declared.found) == [
        ("Bundle.entry[0].resource.name", None),
        ("Bundle.entry[1].resource.subject", Severity.INFORMATION),
    ]
    flawed = a_patient(name=[{"family": "A"}], gender="no such")
    by_base = check_message(build(a_bundle(flawed, a_flag())), Made((NAMED, POINTING)))
    assert [(one.problem.path, one.problem.severity) for one in by_base.found] == [
        ("Bundle.entry[1].resource.subject", Severity.INFORMATION)
    ]
    good = a_patient(name=[{"family": "A"}])
    assert check_message(build(a_bundle(good, a_flag())), Made((NAMED, POINTING))).found == ()


def test_what_could_not_be_told_is_named_in_words() -> None:
    profile = a_profile(
        "Hard",
        "Observation",
        a_rule("code", binding=BindingRule("required", SET + "far")),
        a_rule("category", binding=BindingRule("required", SET + "away")),
        a_rule("subject", types=(TypeRule("Reference", (), (URL + "Nowhere",)),)),
        root={"invariants": (a_constraint("name.noSuch()"),)},
        incomplete="its base is in no package",
    )
    coded = {"coding": [{"system": "urn:s", "code": "x"}]}
    held = {
        "resourceType": "Observation",
        "meta": {"profile": [profile.url]},
        "code": coded,
        "category": [coded],
        "subject": {"reference": "Patient/1"},
    }
    report = check_message(build(held), Made((profile,), missing=("mock.other#2.0.0",)))
    assert report.found == ()
    assert report.not_checked == (
        "The package mock.other#2.0.0, which a loaded one needs",
        "Part of the profile Hard (its base is in no package)",
        "What points to profiles of no package: Nowhere",
        "Codes of away and far (needs a terminology server)",
        "The constraint moc-1 of Hard, which could not be run",
    )


def test_odd_metas_are_passed_over() -> None:
    for meta in ("text", {"profile": "text"}, {"profile": [None, {"a": "b"}]}, []):
        assert check_message(build({"resourceType": "Patient", "meta": meta}), Made()).found == ()


def test_a_code_of_the_standard_beside_a_fixed_one_is_not_to_be_repaired_in_the_message() -> None:
    fixed = (a_rule("system", fixed="urn:category"), a_rule("code", fixed="a"))
    profile = a_profile("Fixed", "ServiceRequest", a_rule("category", a_rule("coding", *fixed)))

    def repairs(*codings: dict[str, str]) -> list[bool]:
        held = {
            "resourceType": "ServiceRequest",
            "meta": {"profile": [profile.url]},
            "category": [{"coding": [*codings]}],
        }
        report = check_message(build(held), Made((profile,)))
        for one in report.found:
            assert ("newer packages" in one.problem.text) is (one.problem.fix is None)
            assert one.problem.severity is None
        return [one.problem.fix is not None for one in report.found]

    right = {"system": "urn:category", "code": "a"}
    use_case = {"system": "https://fhir.nhs.uk/CodeSystem/usecases-categories-bars", "code": "a4t1"}
    assert repairs(right) == []
    assert repairs(right, use_case) == [False, False]
    assert repairs(use_case) == [True, True]
    assert repairs(right, {"system": "urn:other", "code": "x"}) == [True, True]
