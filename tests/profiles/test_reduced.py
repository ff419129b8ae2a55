"""Definitions are cut down to what checking needs."""

from __future__ import annotations

import json

from tests.profiles.packed import HOME, a_code_system, a_structure, a_value_set, as_json, element
from workbench.messages import Number, json_text
from workbench.profiles.reduced import CODE_SYSTEMS, PROFILES, SNAPSHOTS, VALUE_SETS, WHOLE_SYSTEMS, reduce


def test_a_structure_keeps_rules_and_loses_sentences() -> None:
    said = element("Patient.name", min=1, max="2", definition="A long text.", comment="More.", mustSupport=True)
    profile = a_structure("Mock", "Patient", said, description="Long.", text={"div": "x"})
    (one,) = reduce(as_json(profile))
    assert (one.section, one.url, one.version) == (PROFILES, f"{HOME}/StructureDefinition/Mock", "1.0.0")
    assert one.value["elements"] == [
        {"id": "Patient.name", "path": "Patient.name", "min": Number("1"), "max": "2"},
    ]
    assert "Long" not in json_text.dump(one.value)


def test_a_snapshot_is_kept_apart() -> None:
    profile = a_structure("Mock", "Patient", snapshot={"element": [element("Patient"), element("Patient.name", min=1)]})
    sections = {one.section: one.value for one in reduce(as_json(profile))}
    assert sections[PROFILES]["elements"] == []
    assert len(sections[SNAPSHOTS]["elements"]) == 2


def test_a_value_set_keeps_codes_filters_and_its_expansion() -> None:
    expansion = {
        "total": 3,
        "contains": [{"system": "urn:s", "code": "A", "contains": [{"system": "urn:s", "code": "B"}]}],
    }
    include = {"system": "urn:s", "concept": [{"code": "A", "display": "Apple"}], "valueSet": ["urn:v"]}
    (one,) = reduce(as_json(a_value_set("Mock", include, expansion=expansion)))
    assert one.section == VALUE_SETS
    assert one.value == {
        "include": [{"system": "urn:s", "concept": ["A"], "valueSet": ["urn:v"]}],
        "expansion": {"urn:s": ["A", "B"]},
        "whole": False,
    }


def test_a_code_system_keeps_the_hierarchy_however_it_is_written() -> None:
    child = {"code": "C", "property": [{"code": "parent", "valueCode": "B"}, {"code": "kind", "valueString": "round"}]}
    system = a_code_system("Mock", {"code": "A", "concept": [{"code": "B"}]}, child, caseSensitive=False)
    (one,) = reduce(as_json(system))
    assert one.section == CODE_SYSTEMS
    assert one.value["codes"] == ["A", "B", "C"]
    assert one.value["parents"] == {"B": ["A"], "C": ["B"]}
    assert one.value["properties"] == {"C": {"kind": "round"}}
    assert one.value["caseSensitive"] is False


def test_the_value_set_that_is_a_whole_system_leads_to_it() -> None:
    _, whole = reduce(as_json(a_code_system("Mock", valueSet="urn:all|1.0")))
    assert (whole.section, whole.url, whole.version) == (WHOLE_SYSTEMS, "urn:all", f"{HOME}/CodeSystem/Mock")


def test_what_checking_does_not_use_is_left_out() -> None:
    for resource in (
        {"resourceType": "Patient", "url": "urn:x"},
        {"resourceType": "ValueSet"},
        a_code_system("Mock", content="supplement"),
        a_structure("Mock", "Patient", kind="logical"),
    ):
        assert list(reduce(as_json(json.loads(json.dumps(resource))))) == []
