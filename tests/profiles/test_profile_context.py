"""What checking a message shares: targets of references, profiles met, what could not be told."""

from __future__ import annotations

from tests.profiles.made import URL, Made, a_context, a_profile, a_rule
from workbench.messages import Severity
from workbench.profiles.problems import Kind, Problem
from workbench.profiles.profile_context import base_type, is_error, short, type_by_url
from workbench.profiles.profile_values import Located

HELD = {"resourceType": "Organization", "id": "in", "name": "A"}
PATIENT = {"resourceType": "Patient", "id": "p1", "contained": [HELD]}
FLAG = {"resourceType": "Flag", "id": "f1"}
BUNDLE = {
    "resourceType": "Bundle",
    "entry": [
        {"fullUrl": "urn:uuid:0badcafe-0000-4000-8000-000000000001", "resource": PATIENT},
        {"fullUrl": "https://mock.invalid/Flag/f1", "resource": FLAG},
    ],
}
FIRST, SECOND = "Bundle.entry[0].resource", "Bundle.entry[1].resource"


def test_a_reference_leads_to_an_entry_or_into_its_own_resource() -> None:
    context = a_context(BUNDLE, Made())
    patient, flag = Located(FIRST, PATIENT), Located(SECOND, FLAG)
    assert context.target("urn:uuid:0BADCAFE-0000-4000-8000-000000000001", flag) == patient
    assert context.target("Flag/f1", patient) == flag
    assert context.target("Patient/p1", flag) == patient
    assert context.target("#in", patient) == Located(f"{FIRST}.contained[0]", HELD)
    assert context.target("#", patient) == patient
    assert context.target("#out", patient) is None
    assert context.target("Slot/1", patient) is None


def test_what_is_contained_refers_to_its_container() -> None:
    context = a_context(BUNDLE, Made())
    context.containers[FIRST] = Located(FIRST, PATIENT)
    inner = Located(f"{FIRST}.contained[0]", HELD)
    assert context.target("#", inner) == Located(FIRST, PATIENT)
    assert context.target("#in", inner) == inner


def test_a_resource_is_checked_once_against_a_profile() -> None:
    calls: list[str] = []
    profile = a_profile("Mock", "Patient", a_rule("name", min=1))
    context = a_context(BUNDLE, Made((profile,)))
    inner = context._check

    def counted(*given: object) -> object:
        calls.append(str(given[1]))
        return inner(*given)

    context._check = counted
    found = Located(FIRST, PATIENT)
    assert [one.path for one in context.errors(found, profile)] == [f"{FIRST}.name"]
    assert context.problems(found, profile) == context.problems(found, profile)
    assert calls == [FIRST]


def test_profiles_of_no_package_are_remembered_and_base_types_are_not() -> None:
    context = a_context(BUNDLE, Made())
    assert context.profile(URL + "None") is None
    assert context.profile("http://hl7.org/fhir/StructureDefinition/Patient") is None
    assert context.unknown == {URL + "None"}


def test_the_first_flaw_by_base_r4_is_told_in_words() -> None:
    context = a_context(BUNDLE, Made())
    assert context.flaw(Located(FIRST, {"resourceType": "Patient", "gender": "male"})) == ""
    assert "gender" in context.flaw(Located(SECOND, {"resourceType": "Patient", "gender": "x"}))


def test_names_and_types_are_read_off_addresses() -> None:
    assert base_type("http://hl7.org/fhir/StructureDefinition/Patient") == "Patient"
    assert base_type("http://hl7.org/fhir/StructureDefinition/Resource") == "Resource"
    assert base_type("http://hl7.org/fhir/StructureDefinition/vitalsigns") == ""
    assert base_type(URL + "Patient") == ""
    assert short(URL + "UKCore-Patient|1.0") == "UKCore-Patient"
    assert type_by_url("Patient/1") == "Patient"
    assert type_by_url("Pateint/1") == ""
    assert type_by_url("urn:uuid:1") == ""


def test_warnings_do_not_stop_a_resource_from_meeting_a_profile() -> None:
    assert is_error(Problem(Kind.MISSING, "p", "t"))
    assert not is_error(Problem(Kind.OUTSIDE_VALUE_SET, "p", "t"))
    assert not is_error(Problem(Kind.INVARIANT, "p", "t", None, Severity.WARNING))
    assert is_error(Problem(Kind.INVARIANT, "p", "t", None, Severity.ERROR))
