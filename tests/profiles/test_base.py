"""The walk over base R4: single faults and where they are told, repairs that leave nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workbench.messages import JsonObject, JsonValue, Number, Severity, apply, parse
from workbench.profiles.base import check
from workbench.profiles.problems import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.profiles.problems import Problem

PATIENT: JsonObject = {"resourceType": "Patient", "id": "p1", "name": [{"family": "Quillfeather", "given": ["Ash"]}]}
OBSERVATION: JsonObject = {"resourceType": "Observation", "status": "final", "code": {"text": "a"}}
EXTENSION: JsonObject = {"url": "http://mock.example/x", "valueString": "a"}


def problems(base: JsonObject, **changes: object) -> list[Problem]:
    resource = {name: value for name, value in {**base, **changes}.items() if value is not ...}
    return list(check(resource, str(resource.get("resourceType"))))


def short(base: JsonObject, **changes: object) -> list[tuple[str, str]]:
    return [(problem.kind.value, problem.path) for problem in problems(base, **changes)]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"nickname": "a"}, [("unknown-element", "Patient.nickname")]),
        ({"a b": "a"}, [("unknown-element", "Patient")]),
        ({"fhir_comments": ["a"]}, [("unknown-element", "Patient.fhir_comments")]),
        (
            {"maritalStatus": {"resourceType": "x", "text": "a"}},
            [("unknown-element", "Patient.maritalStatus.resourceType")],
        ),
        ({"name": {"family": "a"}}, [("wrong-shape", "Patient.name")]),
        ({"name": "a"}, [("wrong-shape", "Patient.name"), ("wrong-shape", "Patient.name")]),
        ({"name": ["a"]}, [("wrong-shape", "Patient.name[0]")]),
        ({"birthDate": ["1990"]}, [("wrong-shape", "Patient.birthDate")]),
        ({"birthDate": ["1990", "1991"]}, [("too-many", "Patient.birthDate")]),
        ({"birthDate": []}, [("empty", "Patient.birthDate")]),
        ({"birthDate": Number("1990")}, [("wrong-shape", "Patient.birthDate")]),
        ({"birthDate": {"a": "b"}}, [("wrong-shape", "Patient.birthDate")]),
        ({"birthDate": None}, [("wrong-shape", "Patient.birthDate")]),
        ({"active": "true"}, [("wrong-shape", "Patient.active")]),
        ({"active": Number("1")}, [("wrong-shape", "Patient.active")]),
        ({"maritalStatus": "M"}, [("wrong-shape", "Patient.maritalStatus")]),
        ({"maritalStatus": {}}, [("empty", "Patient.maritalStatus")]),
        ({"maritalStatus": {"id": "a"}}, [("empty", "Patient.maritalStatus")]),
        ({"name": []}, [("empty", "Patient.name")]),
        ({"name": ""}, [("empty", "Patient.name")]),
        ({"name": None}, [("wrong-shape", "Patient.name")]),
        ({"name": [None]}, [("wrong-shape", "Patient.name[0]")]),
        ({"name": [[]]}, [("empty", "Patient.name[0]")]),
        ({"gender": "  "}, [("empty", "Patient.gender")]),
        ({"multipleBirthInteger": "2"}, [("wrong-shape", "Patient.multipleBirthInteger")]),
        ({"multipleBirthInteger": "two"}, [("bad-format", "Patient.multipleBirthInteger")]),
        ({"multipleBirthInteger": Number("1.5")}, [("bad-format", "Patient.multipleBirthInteger")]),
        ({"multipleBirthInteger": True}, [("wrong-shape", "Patient.multipleBirthInteger")]),
        (
            {"multipleBirthInteger": Number("1"), "multipleBirthBoolean": True},
            [("two-choices", "Patient.multipleBirthBoolean")],
        ),
        ({"multipleBirthString": "a"}, [("wrong-type", "Patient.multipleBirthString")]),
        ({"multipleBirthRubbish": "a"}, [("unknown-element", "Patient.multipleBirthRubbish")]),
        ({"id": "x" * 65}, [("bad-format", "Patient.id")]),
        ({"birthDate": "1990-02-30"}, [("bad-time", "Patient.birthDate")]),
        ({"gender": "junk"}, [("bad-code", "Patient.gender")]),
        (
            {"contact": [{"gender": "junk"}]},
            [("bad-code", "Patient.contact[0].gender"), ("invariant", "Patient.contact[0]")],
        ),
        ({"link": [{"other": {"reference": "Patient/1"}}]}, [("missing", "Patient.link[0].type")]),
        ({"contained": [{"id": "a"}]}, [("missing", "Patient.contained[0].resourceType")]),
        ({"contained": ["a"]}, [("wrong-shape", "Patient.contained[0]")]),
        ({"text": {"status": "generated", "div": "<p/>"}}, [("bad-format", "Patient.text.div")]),
        (
            {"identifier": [{"period": {"start": "2026", "end": "2025"}}]},
            [("backward-period", "Patient.identifier[0].period")],
        ),
        ({"extension": [{"valueString": "a"}]}, [("missing", "Patient.extension[0].url")]),
        (
            {"managingOrganization": {"reference": "Patient/1"}},
            [("wrong-target", "Patient.managingOrganization.reference")],
        ),
    ],
)
def test_a_fault_is_told_once_and_at_its_place(changes: dict[str, JsonValue], wanted: list[tuple[str, str]]) -> None:
    assert short(PATIENT, **changes) == wanted


@pytest.mark.parametrize(
    "changes",
    [
        {"birthDate": "1990-02-03", "_birthDate": {"id": "a", "extension": [EXTENSION]}},
        {"_birthDate": {"extension": [EXTENSION]}},
        {"name": [{"given": ["a", None], "_given": [None, {"extension": [EXTENSION]}]}]},
        {"name": [{"_given": [{"extension": [EXTENSION]}]}]},
        {"name": [{"given": ["a", "b"], "_given": [{"id": "a"}]}]},
        {"gender": "unknown", "deceasedDateTime": "2026", "multipleBirthInteger": Number("2")},
        {
            "contained": [{"resourceType": "Organization", "id": "o", "name": "a"}],
            "managingOrganization": {"reference": "#o"},
        },
        {"meta": {"profile": ["http://mock.example/x|1"], "tag": [{"code": "a"}]}, "language": "en-GB"},
        {"text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">a</div>'}},
    ],
)
def test_what_is_right_has_nothing_against_it(changes: dict[str, JsonValue]) -> None:
    assert problems(PATIENT, **changes) == []


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"_birthDate": {"extension": [EXTENSION], "value": "a"}}, [("unknown-element", "Patient._birthDate.value")]),
        ({"_birthDate": "a"}, [("wrong-shape", "Patient._birthDate")]),
        ({"_birthDate": None}, [("wrong-shape", "Patient._birthDate")]),
        ({"_birthDate": {}}, [("empty", "Patient._birthDate")]),
        ({"_name": {"id": "a"}}, [("unknown-element", "Patient._name")]),
        ({"_nothing": {"id": "a"}}, [("unknown-element", "Patient._nothing")]),
        ({"name": [{"given": ["a"], "_given": {"id": "a"}}]}, [("wrong-shape", "Patient.name[0]._given")]),
        ({"name": [{"given": ["a"], "_given": [None, {"id": "a"}]}]}, [("wrong-shape", "Patient.name[0]._given")]),
        ({"name": [{"given": ["a", None], "_given": [None, None]}]}, [("wrong-shape", "Patient.name[0].given[1]")]),
        ({"name": [{"given": ["a"], "_given": []}]}, [("empty", "Patient.name[0]._given")]),
        ({"name": [{"given": ["a"], "_given": None}]}, [("wrong-shape", "Patient.name[0]._given")]),
        ({"name": [{"_given": [None]}]}, [("wrong-shape", "Patient.name[0]._given[0]")]),
    ],
)
def test_siblings_of_simple_values_hold_ids_and_extensions(
    changes: dict[str, JsonValue], wanted: list[tuple[str, str]]
) -> None:
    assert short(PATIENT, **changes) == wanted


def test_required_elements_are_there_under_any_name_of_a_choice() -> None:
    medication: JsonObject = {"resourceType": "MedicationStatement", "status": "active", "subject": {"display": "a"}}
    assert short(medication) == [("missing", "MedicationStatement.medication[x]")]
    assert short(medication, medicationCodeableConcept={"text": "a"}) == []
    assert short(medication, status=..., medicationCodeableConcept={"text": "a"}) == [
        ("missing", "MedicationStatement.status")
    ]
    assert short(OBSERVATION, status=..., _status={"extension": [EXTENSION]}) == []


def test_a_misspelt_required_element_is_told_once() -> None:
    (found,) = problems(OBSERVATION, status=..., Status="final")
    assert (found.kind, found.path) == (Kind.UNKNOWN_ELEMENT, "Observation.Status")
    assert found.fix is not None


def test_a_name_of_r5_is_told_as_one() -> None:
    appointment: JsonObject = {
        "resourceType": "Appointment",
        "status": "cancelled",
        "participant": [{"actor": {"display": "a"}, "status": "accepted"}],
    }
    (replaces,) = problems(appointment, replaces=[{"reference": "Appointment/1"}])
    assert "FHIR R5 has it" in replaces.text
    assert replaces.fix is None
    (reason,) = problems(appointment, cancellationReason={"text": "a"})
    assert "'cancelationReason' may be meant" in reason.text
    assert reason.fix is not None


def test_resources_of_a_bundle_are_looked_into() -> None:
    bundle: JsonObject = {"resourceType": "Bundle", "type": "collection"}
    inside: list[JsonValue] = [
        {},
        None,
        {"resourceType": "Foo"},
        {"id": "a"},
        {"resourceType": "Patient", "x": True},
        [],
    ]
    entries = [{"fullUrl": f"urn:oid:1.{number}", "resource": one} for number, one in enumerate(inside)]
    assert short(bundle, entry=[*entries, None]) == [
        ("empty", "Bundle.entry[0].resource"),
        ("wrong-shape", "Bundle.entry[1].resource"),
        ("wrong-type", "Bundle.entry[2].resource.resourceType"),
        ("missing", "Bundle.entry[3].resource.resourceType"),
        ("unknown-element", "Bundle.entry[4].resource.x"),
        ("wrong-shape", "Bundle.entry[5].resource"),
        ("wrong-shape", "Bundle.entry[6]"),
    ]


def test_a_list_of_one_resource_where_a_resource_belongs_is_told() -> None:
    parameters: JsonObject = {"resourceType": "Parameters", "parameter": [{"name": "a", "resource": [PATIENT]}]}
    assert short(parameters) == [("wrong-shape", "Parameters.parameter[0].resource")]


def test_what_is_allowed_but_unwise_is_no_error() -> None:
    (leap,) = problems(OBSERVATION, effectiveDateTime="2016-12-31T23:59:60Z")
    assert leap.severity is Severity.INFORMATION
    assert problems({"resourceType": "Patient"}) == []  # no narrative: dom-6 is not asked for


@pytest.mark.parametrize(
    "changes",
    [
        {"active": "true"},
        {"active": "False"},
        {"multipleBirthInteger": "2"},
        {"name": {"family": "a"}},
        {"maritalStatus": [{"text": "a"}]},
        {"gender": "Female"},
        {"gender": " female "},
        {"Gender": "female"},
        {"birthdate": "1990-02-03"},
        {"photo": [{"url": " https://mock.example/a "}]},
        {"address": [{"postalCode": Number("12345")}]},
        {"telecom": []},
        {"name": [{"family": "", "text": "a"}]},
        {"birthDate": None},
        {"contained": [{}]},
        {"language": " en"},
    ],
)
def test_a_repair_leaves_nothing_to_repair(changes: dict[str, JsonValue]) -> None:
    resource: JsonObject = {**PATIENT, **changes}
    found = list(check(resource, "Patient"))
    assert found
    assert all(problem.fix for problem in found)
    for problem in found:
        assert problem.fix is not None
        resource = apply(resource, problem.fix.edits)
    assert list(check(resource, "Patient")) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"Gender": "junk"},
        {"Gender": "female", "gender": "female"},
        {"birthdate": {"a": "b"}},
        {"nickname": "a"},
        {"birthDate": ["1990", "1991"]},
        {"birthDate": Number("12")},
        {"multipleBirthInteger": "two"},
        {"gender": "junk"},
        {"active": "yes"},
    ],
)
def test_what_is_not_certain_has_no_repair(changes: dict[str, JsonValue]) -> None:
    assert [problem.fix for problem in problems(PATIENT, **changes) if problem.fix] == []


def test_official_definitions_and_examples_have_only_known_defects(shared: Path) -> None:
    """Every official resource; what is found is in the files: see the sources' own lists of defects."""
    folders = [shared / "data" / "examples", shared / "data" / "bars-definitions"]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".json", ".xml")]
    found: dict[str, set[str]] = {}
    for path in files:
        if path.name == "package.json":
            continue
        resource = parse(path.read_bytes()).resource
        kinds = {one.kind.value for one in check(resource, str(resource["resourceType"])) if one.severity is None}
        if kinds:
            found[path.name.split(" ")[0].split(".")[0]] = kinds
    assert len(files) > 150
    assert found == {
        "500-REC_SERVER_ERROR-too": {"bad-code"},
        "BOOKREQRESP01": {"bad-format"},
        "QuestionnaireResponse": {"wrong-target"},
        "REFREQ04": {"bad-code"},
        "appointment__id__GET-success": {"wrong-target"},
        "message_definition__MessageDefinition_ServiceRequest-request_CaseTransfer": {"missing", "too-many"},
        "metadata__BaRS_API_Capability_Statement": {"bad-format", "wrong-shape"},
        "process_message__response__Booking": {"bad-format", "missing", "unknown-element", "wrong-target"},
        "BARSMessageHeaderBooking-Request": {"missing"},
        "BARSMessageHeaderServiceRequestRequest": {"missing"},
        "BARSMessageHeaderServiceRequestResponse": {"missing"},
    }
