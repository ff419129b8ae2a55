"""Concepts of required bindings, and what references name."""

from __future__ import annotations

import pytest

from workbench.messages import JsonObject, apply
from workbench.profiles.base import check
from workbench.profiles.base_coded import concept_problems, reference_problems
from workbench.profiles.base_shapes import shape_of
from workbench.profiles.problems import Kind

SYSTEM = "http://terminology.hl7.org/CodeSystem/condition-clinical"
STATUS = shape_of("Condition").members["clinicalStatus"]
SUBJECT = shape_of("Condition").members["subject"]


def condition(coding: list[JsonObject]) -> JsonObject:
    return {
        "resourceType": "Condition",
        "clinicalStatus": {"coding": list(coding)},
        "subject": {"reference": "Patient/1"},
    }


@pytest.mark.parametrize(
    "concept",
    [
        {"coding": [{"system": SYSTEM, "code": "active"}]},
        {"coding": [{"system": "http://mock.example", "code": "x"}, {"system": SYSTEM, "code": "active"}]},
        {"extension": [{"url": "http://mock.example", "valueCode": "unknown"}]},
    ],
)
def test_one_coding_of_the_system_is_enough(concept: JsonObject) -> None:
    assert list(concept_problems(STATUS, concept, "Condition.clinicalStatus")) == []


@pytest.mark.parametrize(
    ("coding", "path", "mended"),
    [
        ({"code": "active"}, ".coding[0].system", True),
        ({"code": "Active"}, ".coding[0].system", True),
        ({"code": "busy"}, ".coding[0].system", False),
        ({"system": SYSTEM, "code": "ACTIVE"}, ".coding[0].code", True),
        ({"system": SYSTEM, "code": "busy"}, ".coding[0].code", False),
        ({"system": SYSTEM}, ".coding[0].code", False),
        ({"system": "http://hl7.org/fhir/condition-clinical", "code": "active"}, ".coding[0].system", True),
        ({"system": "http://snomed.info/sct", "code": "active"}, ".coding[0].system", False),
        ({"system": [], "code": {}}, ".coding[0].system", False),
    ],
)
def test_a_wrong_coding_is_told_where_it_is_wrong(coding: JsonObject, path: str, mended: bool) -> None:
    resource = condition([coding])
    (found,) = [one for one in check(resource, "Condition") if one.kind is Kind.BAD_CODE]
    assert found.path == f"Condition.clinicalStatus{path}"
    assert (found.fix is not None) is mended
    if found.fix:
        assert list(check(apply(resource, found.fix.edits), "Condition")) == []


def test_a_concept_without_coding_or_with_others_only_is_told_whole() -> None:
    words = list(concept_problems(STATUS, {"text": "active"}, "P"))
    others = list(concept_problems(STATUS, {"coding": [{"system": "http://a"}, {"system": "http://b"}]}, "P"))
    assert [(one.kind, one.path) for one in (*words, *others)] == [(Kind.BAD_CODE, "P")] * 2


@pytest.mark.parametrize(
    "value",
    [
        "Patient/1",
        "Patient/1/_history/2",
        "https://mock.example/fhir/Patient/1",
        "https://mock.example/elsewhere",
        "urn:uuid:0badcafe-0000-4000-8000-00000000000a",
        "urn:oid:1.2.3",
        "#p1",
        "Patient?identifier=1",
    ],
)
def test_references_of_every_form_are_taken(value: str) -> None:
    assert list(reference_problems(SUBJECT, {"reference": value}, "P")) == []


@pytest.mark.parametrize(
    ("reference", "kind", "path"),
    [
        ({"reference": "1"}, Kind.BAD_FORMAT, "P.reference"),
        ({"reference": ":uuid:1"}, Kind.BAD_FORMAT, "P.reference"),
        ({"reference": "Patient/{id}"}, Kind.BAD_FORMAT, "P.reference"),
        ({"reference": "Patient/ 1"}, Kind.BAD_FORMAT, "P.reference"),
        ({"reference": "urn:uuid:1"}, Kind.BAD_FORMAT, "P.reference"),
        ({"reference": "Patent/1"}, Kind.WRONG_TARGET, "P.reference"),
        ({"reference": "Organization/1"}, Kind.WRONG_TARGET, "P.reference"),
        ({"reference": "https://mock.example/Organization/1"}, Kind.WRONG_TARGET, "P.reference"),
        ({"type": "Organization", "identifier": {"value": "x"}}, Kind.WRONG_TARGET, "P.type"),
        ({"reference": "Patient/1", "type": "Group"}, Kind.WRONG_TARGET, "P.type"),
        ({"reference": "Patient/1", "type": "patient"}, Kind.WRONG_TARGET, "P.type"),
    ],
)
def test_a_reference_that_names_nothing_allowed_is_told(reference: JsonObject, kind: Kind, path: str) -> None:
    assert [(one.kind, one.path) for one in reference_problems(SUBJECT, reference, "P")] == [(kind, path)]


def test_a_type_of_a_logical_model_and_a_reference_to_anything_are_taken() -> None:
    assert not list(reference_problems(SUBJECT, {"type": "https://mock.example/Model", "display": "x"}, "P"))
    anything = shape_of("Extension").members["valueReference"]
    assert not list(reference_problems(anything, {"reference": "Organization/1"}, "P"))
