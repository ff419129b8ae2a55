"""Invariants that one element answers: each row holds for what is right and breaks for what is wrong."""

from __future__ import annotations

import json
import tarfile
from typing import TYPE_CHECKING

import pytest

from workbench.messages import JsonObject, Number
from workbench.profiles.base_shapes import shape_of
from workbench.profiles.invariants import ROWS

if TYPE_CHECKING:
    from pathlib import Path

UCUM = "http://unitsofmeasure.org"
ERROR = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "entered-in-error"}]
}
ALLERGY_ERROR = {
    "coding": [
        {"system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "code": "entered-in-error"}
    ]
}
RESOLVED = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "resolved"}]}
PROBLEM = [
    {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-category", "code": "problem-list-item"}]}
]
N = Number

CASES: list[tuple[str, str, JsonObject, JsonObject]] = [
    ("Extension", "ext-1", {"valueString": "a"}, {"url": "x"}),
    ("Extension", "ext-1", {"extension": [{}]}, {"valueString": "a", "extension": [{}]}),
    ("Extension", "ext-1", {"_valueString": {"id": "a"}}, {"value": "a"}),
    ("Attachment", "att-1", {"data": "YQ==", "contentType": "a/b"}, {"data": "YQ=="}),
    ("ContactPoint", "cpt-2", {"value": "1", "system": "phone"}, {"value": "1"}),
    (
        "Range",
        "rng-2",
        {"low": {"value": N("1")}, "high": {"value": N("1")}},
        {"low": {"value": N("2")}, "high": {"value": N("1")}},
    ),
    (
        "Ratio",
        "rat-1",
        {"numerator": {"value": N("1")}, "denominator": {"value": N("1")}},
        {"numerator": {"value": N("1")}},
    ),
    ("Ratio", "rat-1", {"extension": [{}]}, {}),
    ("Quantity", "qty-3", {"code": "kg", "system": UCUM}, {"code": "kg"}),
    ("SimpleQuantity", "sqty-1", {"value": N("1")}, {"comparator": "<"}),
    ("Age", "age-1", {"value": N("1"), "code": "a", "system": UCUM}, {"value": N("0"), "code": "a", "system": UCUM}),
    ("Distance", "dis-1", {"value": N("1"), "code": "m"}, {"value": N("1")}),
    ("Count", "cnt-3", {"value": N("2"), "code": "1"}, {"value": N("1.5"), "code": "1"}),
    ("Duration", "drt-1", {"value": N("1"), "code": "h", "system": UCUM}, {"value": N("1"), "code": "h"}),
    ("Timing.repeat", "tim-1", {"duration": N("1"), "durationUnit": "h"}, {"duration": N("1")}),
    ("Timing.repeat", "tim-2", {"period": N("1"), "periodUnit": "h"}, {"period": N("1")}),
    ("Timing.repeat", "tim-4", {"duration": N("0")}, {"duration": N("-1")}),
    ("Timing.repeat", "tim-5", {"period": N("0")}, {"period": N("-1")}),
    ("Timing.repeat", "tim-6", {"periodMax": N("1"), "period": N("1")}, {"periodMax": N("1")}),
    ("Timing.repeat", "tim-7", {"durationMax": N("1"), "duration": N("1")}, {"durationMax": N("1")}),
    ("Timing.repeat", "tim-8", {"countMax": N("1"), "count": N("1")}, {"countMax": N("1")}),
    ("Timing.repeat", "tim-9", {"offset": N("1"), "when": ["PC"]}, {"offset": N("1"), "when": ["C"]}),
    ("Timing.repeat", "tim-10", {"when": ["PC"]}, {"when": ["PC"], "timeOfDay": ["09:00:00"]}),
    ("Expression", "exp-1", {"expression": "a"}, {"language": "a"}),
    ("DataRequirement.codeFilter", "drq-1", {"path": "a"}, {"path": "a", "searchParam": "b"}),
    ("DataRequirement.dateFilter", "drq-2", {"searchParam": "a"}, {}),
    ("Appointment", "app-2", {}, {"start": "2026-11-24T09:00:00Z"}),
    ("Appointment", "app-3", {"status": "waitlist"}, {"status": "booked"}),
    (
        "Appointment",
        "app-4",
        {"status": "noshow", "cancelationReason": {"text": "a"}},
        {"status": "booked", "cancelationReason": {"text": "a"}},
    ),
    ("Appointment.participant", "app-1", {"actor": {"display": "a"}}, {"status": "accepted"}),
    ("AppointmentResponse", "apr-1", {"actor": {"display": "a"}}, {}),
    ("AuditEvent.entity", "sev-1", {"name": "a"}, {"name": "a", "query": "YQ=="}),
    ("AllergyIntolerance", "ait-1", {"verificationStatus": ALLERGY_ERROR}, {}),
    (
        "AllergyIntolerance",
        "ait-2",
        {"clinicalStatus": RESOLVED},
        {"clinicalStatus": RESOLVED, "verificationStatus": ALLERGY_ERROR},
    ),
    (
        "CarePlan.activity",
        "cpl-3",
        {"detail": {"status": "a"}},
        {"detail": {"status": "a"}, "reference": {"display": "a"}},
    ),
    ("Composition.section", "cmp-1", {"entry": [{}]}, {"title": "a"}),
    ("Composition.section", "cmp-2", {"emptyReason": {"text": "a"}}, {"emptyReason": {"text": "a"}, "entry": [{}]}),
    ("Condition.stage", "con-1", {"summary": {"text": "a"}}, {"type": {"text": "a"}}),
    ("Condition.evidence", "con-2", {"detail": [{}]}, {"id": "a"}),
    ("Condition", "con-3", {"category": PROBLEM, "verificationStatus": ERROR}, {"category": PROBLEM}),
    ("Condition", "con-4", {"abatementString": "a", "clinicalStatus": RESOLVED}, {"abatementString": "a"}),
    ("Condition", "con-5", {"verificationStatus": ERROR}, {"verificationStatus": ERROR, "clinicalStatus": RESOLVED}),
    ("Consent", "ppc-1", {"policyRule": {"text": "a"}}, {}),
    ("FamilyMemberHistory", "fhs-1", {"ageString": "a"}, {"ageString": "a", "bornString": "b"}),
    ("Goal.target", "gol-1", {"detailString": "a", "measure": {"text": "a"}}, {"detailString": "a"}),
    ("Group", "grp-1", {"actual": True, "member": [{}]}, {"actual": False, "member": [{}]}),
    ("Immunization.education", "imm-1", {"reference": "x"}, {}),
    ("Linkage", "lnk-1", {"item": [{}, {}]}, {"item": [{}]}),
    ("List", "lst-1", {"entry": [{}]}, {"entry": [{}], "emptyReason": {"text": "a"}}),
    (
        "List",
        "lst-2",
        {"mode": "changes", "entry": [{"deleted": True}]},
        {"mode": "working", "entry": [{"deleted": True}]},
    ),
    (
        "List",
        "lst-3",
        {"mode": "working", "entry": [{"date": "2026"}]},
        {"mode": "changes", "entry": [{"date": "2026"}]},
    ),
    ("MedicationAdministration.dosage", "mad-1", {"rateRatio": {}}, {"text": "a"}),
    (
        "MedicationDispense",
        "mdd-1",
        {"whenPrepared": "2026-01-01", "whenHandedOver": "2026-01-02"},
        {"whenPrepared": "2026-01-02", "whenHandedOver": "2026-01-01"},
    ),
    ("MessageDefinition.focus", "md-1", {"max": "*"}, {"max": "0"}),
    ("Observation.referenceRange", "obs-3", {"text": "a"}, {"type": {"text": "a"}}),
    (
        "Observation",
        "obs-6",
        {"dataAbsentReason": {"text": "a"}},
        {"dataAbsentReason": {"text": "a"}, "valueString": "a"},
    ),
    ("Organization", "org-1", {"name": "a"}, {}),
    ("Organization", "org-2", {"address": [{"use": "work"}]}, {"address": [{"use": "home"}]}),
    ("Organization", "org-3", {"telecom": [{"use": "work"}]}, {"telecom": [{"use": "home"}]}),
    ("Parameters.parameter", "inv-1", {"valueString": "a"}, {"valueString": "a", "part": [{}]}),
    ("Parameters.parameter", "inv-1", {"resource": {"a": "b"}}, {"name": "a"}),
    ("Patient.contact", "pat-1", {"telecom": [{}]}, {"gender": "female"}),
    ("QuestionnaireResponse.item", "qrs-1", {"answer": [{}]}, {"answer": [{}], "item": [{}]}),
    ("RequestGroup.action", "rqg-1", {"resource": {"display": "a"}}, {}),
    ("ServiceRequest", "prr-1", {"orderDetail": [{}], "code": {"text": "a"}}, {"orderDetail": [{}]}),
    (
        "Task",
        "inv-1",
        {"authoredOn": "2026-01-01", "lastModified": "2026-01-01T00:00:00Z"},
        {"authoredOn": "2026-01-01T09:00:00Z", "lastModified": "2026-01-01T09:30:00+01:00"},
    ),
    ("Questionnaire.item", "que-1", {"type": "group", "item": [{}]}, {"type": "group"}),
    ("Questionnaire.item", "que-1", {"type": "display"}, {"type": "display", "item": [{}]}),
    ("Questionnaire.item", "que-3", {"type": "string", "code": [{}]}, {"type": "display", "code": [{}]}),
    ("Questionnaire.item", "que-4", {"answerValueSet": "x"}, {"answerValueSet": "x", "answerOption": [{}]}),
    (
        "Questionnaire.item",
        "que-5",
        {"type": "choice", "answerOption": [{}]},
        {"type": "boolean", "answerOption": [{}]},
    ),
    ("Questionnaire.item", "que-6", {"type": "string", "required": True}, {"type": "display", "required": False}),
    (
        "Questionnaire.item.enableWhen",
        "que-7",
        {"operator": "exists", "answerBoolean": True},
        {"operator": "exists", "answerString": "a"},
    ),
    ("Questionnaire.item", "que-8", {"type": "string", "initial": [{}]}, {"type": "group", "initial": [{}]}),
    ("Questionnaire.item", "que-9", {"type": "string", "readOnly": True}, {"type": "display", "readOnly": True}),
    ("Questionnaire.item", "que-10", {"type": "text", "maxLength": N("1")}, {"type": "choice", "maxLength": N("1")}),
    ("Questionnaire.item", "que-11", {"answerOption": [{}]}, {"answerOption": [{}], "initial": [{}]}),
    (
        "Questionnaire.item",
        "que-12",
        {"enableWhen": [{}, {}, {}], "enableBehavior": "any"},
        {"enableWhen": [{}, {}, {}]},
    ),
    ("Questionnaire.item", "que-13", {"repeats": True, "initial": [{}, {}]}, {"initial": [{}, {}]}),
    ("CapabilityStatement", "cpb-1", {"messaging": [{}]}, {}),
    ("CapabilityStatement", "cpb-2", {"description": "a"}, {}),
    (
        "CapabilityStatement",
        "cpb-3",
        {"kind": "instance", "messaging": [{"endpoint": [{}]}]},
        {"kind": "capability", "messaging": [{"endpoint": [{}]}]},
    ),
    (
        "CapabilityStatement",
        "cpb-7",
        {"document": [{"profile": "a", "mode": "b"}]},
        {"document": [{"profile": "a", "mode": "b"}] * 2},
    ),
    (
        "CapabilityStatement.rest",
        "cpb-9",
        {"resource": [{"type": "Slot"}, {"type": "Patient"}]},
        {"resource": [{"type": "Slot"}] * 2},
    ),
    (
        "CapabilityStatement.rest.resource",
        "cpb-12",
        {"searchParam": [{"name": "a"}]},
        {"searchParam": [{"name": "a"}] * 2},
    ),
    (
        "CapabilityStatement",
        "cpb-14",
        {"kind": "instance", "implementation": {"description": "a"}},
        {"kind": "instance"},
    ),
    ("CapabilityStatement", "cpb-15", {"kind": "capability", "software": {"name": "a"}}, {"kind": "capability"}),
    ("CapabilityStatement", "cpb-16", {"kind": "requirements"}, {"kind": "requirements", "software": {"name": "a"}}),
    ("ValueSet.compose.include", "vsd-1", {"system": "x"}, {}),
    ("ValueSet.compose.include", "vsd-3", {"concept": [{}]}, {"concept": [{}], "filter": [{}]}),
    ("ValueSet.expansion.contains", "vsd-6", {"display": "a"}, {}),
    ("ValueSet.expansion.contains", "vsd-10", {"code": "a", "system": "x"}, {"code": "a"}),
]


@pytest.mark.parametrize(("type", "key", "good", "bad"), CASES)
def test_a_row_holds_for_what_is_right_only(type: str, key: str, good: JsonObject, bad: JsonObject) -> None:
    (row,) = [one for one in ROWS if (one.type, one.key) == (type, key)]
    assert row.holds(good)
    assert not row.holds(bad)


def test_every_row_is_tested_and_belongs_to_something_r4_has() -> None:
    assert {(row.type, row.key) for row in ROWS} - {(type, key) for type, key, _, _ in CASES} == {
        (kind, "qty-3") for kind in ("Age", "Count", "Distance", "Duration")
    }
    for row in ROWS:
        shape = shape_of(row.type)
        assert shape.members, row.type
        assert not row.at or row.at in shape.members, row
        assert not row.text.endswith("."), row


def test_every_row_is_an_invariant_of_r4(shared: Path) -> None:
    """The keys, their places and their severity agree with the official definitions."""
    package = next((shared / "data" / "packages").rglob("hl7.fhir.r4.core*4.0.1*.tgz"))
    official: dict[tuple[str, str], str] = {}
    with tarfile.open(package) as archive:
        for kind in {row.type.partition(".")[0] for row in ROWS}:
            file = archive.extractfile(f"package/StructureDefinition-{kind}.json")
            assert file is not None
            for element in json.load(file)["snapshot"]["element"]:
                for constraint in element.get("constraint", []):
                    official[element["path"], constraint["key"]] = constraint["severity"]
    at_child = {"org-2": "Organization.address", "org-3": "Organization.telecom", "sqty-1": "Quantity"}
    for row in ROWS:
        severity = official[at_child.get(row.key, row.type), row.key]
        assert severity == (row.severity.value if row.severity else "error"), row


def test_rows_take_values_of_any_shape() -> None:
    odd: list[object] = [None, True, N("1"), "x", [], {}, [None], [[]], {"x": []}, ["x"], [{"use": {}}]]
    for row in ROWS:
        names = [*shape_of(row.type).members, "x"]
        for value in odd:
            assert row.holds(dict.fromkeys(names, value)) in (True, False), row
