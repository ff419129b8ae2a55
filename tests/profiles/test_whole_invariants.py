"""Invariants that look at several elements: Bundles, contained resources, periods, questionnaires."""

from __future__ import annotations

import pytest

from workbench.messages import JsonObject, Number
from workbench.profiles.base_shapes import shape_of
from workbench.profiles.problems import Kind
from workbench.profiles.whole_invariants import WHOLE, of_contained

PATIENT: JsonObject = {"resourceType": "Patient"}


def bundle(kind: str, *entries: JsonObject, **more: object) -> JsonObject:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries), **more}


def entry(number: int = 1, **more: object) -> JsonObject:
    return {"fullUrl": f"urn:uuid:0badcafe-0000-4000-8000-{number:012}", "resource": PATIENT, **more}


def found(type_path: str, value: JsonObject, path: str = "P") -> list[tuple[str, str]]:
    return [(problem.key, problem.path) for check in WHOLE[type_path] for problem in check(value, path)]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (bundle("collection", entry()), []),
        (bundle("searchset", entry(search={"mode": "match"}), total=Number("1")), []),
        (bundle("transaction", entry(request={"method": "POST", "url": "Patient"})), []),
        (bundle("collection", entry(), total=Number("1")), [("bdl-1", "P.total")]),
        (bundle("collection", entry(search={"mode": "match"})), [("bdl-2", "P.entry[0].search")]),
        (bundle("collection", entry(request={"method": "GET"})), [("bdl-3", "P.entry[0].request")]),
        (bundle("batch", entry()), [("bdl-3", "P.entry[0].request")]),
        (bundle("batch-response", entry()), [("bdl-4", "P.entry[0].response")]),
        (bundle("collection", {"fullUrl": "urn:oid:1.2"}), [("bdl-5", "P.entry[0]")]),
        (bundle("collection", entry(1), entry(1)), [("bdl-7", "P.entry[1].fullUrl")]),
        (
            bundle("collection", {"fullUrl": "http://mock.example/Patient/1/_history/2", "resource": PATIENT}),
            [("bdl-8", "P.entry[0].fullUrl")],
        ),
        (
            bundle("document", entry()),
            [("bdl-11", "P.entry"), ("bdl-9", "P.identifier"), ("bdl-10", "P.timestamp")],
        ),
        (bundle("message", entry()), [("bdl-12", "P.entry")]),
        (
            bundle("message", entry(1), entry(2, resource={"resourceType": "MessageHeader"})),
            [("bdl-12", "P.entry[1]")],
        ),
        (bundle("message", entry(resource={"resourceType": "MessageHeader"})), []),
        ({"type": [], "entry": "x"}, []),
        ({"type": "collection", "entry": [None, "x", {"resource": None, "fullUrl": []}]}, []),
    ],
)
def test_a_bundle_is_what_its_type_asks_for(value: JsonObject, wanted: list[tuple[str, str]]) -> None:
    assert found("Bundle", value) == wanted


def test_versions_of_one_resource_may_have_one_address() -> None:
    first, second = ({**PATIENT, "meta": {"versionId": number}} for number in "12")
    assert found("Bundle", bundle("collection", entry(1, resource=first), entry(1, resource=second))) == []
    history = bundle("history", *[entry(1, request={"method": "GET"}, response={"status": "200"})] * 2)
    assert found("Bundle", history) == []


def test_an_entry_without_an_address_is_told() -> None:
    (check,) = WHOLE["Bundle"]
    (problem,) = check(bundle("searchset", {"resource": PATIENT}), "P")
    assert (problem.kind, problem.severity, problem.path) == (Kind.MISSING, None, "P.entry[0].fullUrl")
    assert list(check(bundle("transaction", {"resource": PATIENT, "request": {"method": "POST"}}), "P")) == []


def test_a_period_runs_forward() -> None:
    (check,) = WHOLE["Period"]
    (problem,) = check({"start": "2026-01-02", "end": "2026-01-01"}, "P")
    assert problem.kind is Kind.BACKWARD_PERIOD
    assert list(check({"start": "2026-01-01", "end": "2026-01-02"}, "P")) == []


def test_a_component_has_another_code_than_its_observation() -> None:
    code = {"coding": [{"system": "http://snomed.info/sct", "code": "1"}]}
    value: JsonObject = {"code": code, "valueString": "a", "component": [{"code": {"text": "a"}}, {"code": code}]}
    assert found("Observation", value) == [("obs-7", "P.component[1].code")]
    del value["valueString"]
    assert found("Observation", value) == []


def test_link_ids_and_codes_are_unique() -> None:
    items = [{"linkId": "1", "item": [{"linkId": "1.1"}]}, {"linkId": "1.1"}]
    assert found("Questionnaire", {"item": items}) == [("que-2", "P.item[1].linkId")]
    concepts = [{"code": "a", "concept": [{"code": "b"}]}, {"code": "b", "property": [{"code": "a"}]}]
    assert found("CodeSystem", {"concept": concepts}) == [("csd-1", "P.concept[1].code")]


def contained(inner: JsonObject, reference: str = "#a") -> list[tuple[str, str]]:
    resource: JsonObject = {"contained": [{"resourceType": "Patient", **inner}], "subject": {"reference": reference}}
    return [(problem.key, problem.path) for problem in of_contained(resource, "P")]


def test_contained_resources_are_referred_to_and_have_no_life_of_their_own() -> None:
    here = "P.contained[0]"
    assert contained({"id": "a"}) == []
    assert contained({"id": "b"}) == [("dom-3", here)]
    assert contained({"id": "b", "managingOrganization": {"reference": "#"}}) == []
    assert contained({"id": "a", "contained": [PATIENT]}) == [("dom-2", f"{here}.contained")]
    meta = {"versionId": "1", "lastUpdated": "x", "security": [{"code": "R"}]}
    assert contained({"id": "a", "meta": meta}) == [
        ("dom-4", f"{here}.meta.versionId"),
        ("dom-4", f"{here}.meta.lastUpdated"),
        ("dom-5", f"{here}.meta.security"),
    ]
    assert contained({"id": []}) == [("dom-3", here)]


def test_every_type_with_checks_is_one_of_r4() -> None:
    assert all(shape_of(name).members for name in WHOLE)
