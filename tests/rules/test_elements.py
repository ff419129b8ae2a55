from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.builders import (
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
from workbench.rules import Side
from workbench.rules.elements import _gaps
from workbench.standard import default_profile
from workbench.standard.elements import Kind, Level, element_tables

if TYPE_CHECKING:
    from workbench.messages import JsonObject, Message
    from workbench.standard.elements import ElementRow

FULL = composed("referral-full")
MEDICATION = {
    "resourceType": "MedicationStatement",
    "status": "active",
    "subject": {"reference": "Patient/1"},
    "medicationCodeableConcept": {"coding": [{"code": "1"}]},
    "effectiveDateTime": "2026-11-24",
    "dateAsserted": "2026-11-24",
    "dosage": [{"timing": {"repeat": {"when": ["MORN"]}}}],
}


def with_entry(resource: JsonObject, message: Message = FULL) -> Message:
    entry = {"fullUrl": "urn:uuid:0badcafe-0000-4000-8000-000000000099", "resource": resource}
    return changed(message, add(f"Bundle.entry[{len(message.entries())}]", entry))


def of_use_case(message: Message, code: str) -> Message:
    return changed(message, put(f"{at(message, 'ServiceRequest')}.category[0].coding[1].code", code))


def places(message: Message, rule: str, kind: str = "") -> list[str]:
    """Where a rule finds something, below the one resource of a type."""
    start = at(message, kind) + "." if kind else ""
    versions = default_profile(int((message.facts.use_case or "a1")[1]))
    held = findings(verdict(message, Side.RECEIVE, versions=versions), rule)
    return [one.path.removeprefix(start) for one in held if one.path.startswith(start)]


def test_a_required_element_is_an_error_when_we_compose_and_a_warning_on_receipt() -> None:
    path = f"{at(FULL, 'AllergyIntolerance')}.code.coding"
    gone = changed(FULL, drop(path))
    assert judged(FULL, "TAB-001") == ("-", "-")
    assert judged(gone, "TAB-001") == ("e", "w")
    assert places(gone, "TAB-001") == [path]


def test_an_element_is_missed_only_where_its_parent_is_and_in_every_one() -> None:
    assert places(with_entry(MEDICATION), "TAB-001", "MedicationStatement") == []
    dosage = [{"timing": {}, "route": {"text": "mouth"}}, {"timing": {"repeat": {"when": ["MORN"]}}}, {"timing": {}}]
    held = places(with_entry({**MEDICATION, "dosage": dosage}), "TAB-001", "MedicationStatement")
    assert held == ["dosage[0].timing.repeat", "dosage[0].route.coding", "dosage[2].timing.repeat"]


def test_a_choice_is_there_in_any_of_its_types() -> None:
    without = {name: value for name, value in MEDICATION.items() if name != "effectiveDateTime"}
    assert places(with_entry(without), "TAB-002", "MedicationStatement") == ["effective"]
    period = {**without, "effectivePeriod": {"start": "2026-11-24"}}
    assert places(with_entry(period), "TAB-002", "MedicationStatement") == []


def test_a_recommended_element_is_a_note_and_can_be_linked() -> None:
    path = f"{at(FULL, 'Observation')}.performer"
    gone = changed(FULL, drop(path))
    assert judged(FULL, "TAB-002") == ("-", "-")
    assert judged(gone, "TAB-002") == ("i", "i")
    assert places(gone, "TAB-002") == [path]
    assert fixes_itself(gone, "TAB-002")


def test_what_an_application_advises_against_is_a_warning() -> None:
    condition = {
        "resourceType": "Condition",
        "verificationStatus": {"text": "x"},
        "category": [{"coding": [{"display": "Complaint"}]}],
        "note": [{"text": "x"}],
    }
    pharmacy = with_entry(condition, of_use_case(composed("referral-new"), "a5t1"))
    assert judged(pharmacy, "TAB-003") == ("w", "w")
    assert places(pharmacy, "TAB-003", "Condition") == ["note"]
    bare = {name: value for name, value in condition.items() if name != "note"}
    assert places(with_entry(bare, of_use_case(composed("referral-new"), "a5t1")), "TAB-003") == []


def test_an_element_that_no_table_lists_is_a_note() -> None:
    path = f"{at(FULL, 'Patient')}.maritalStatus"
    more = changed(FULL, put(path, {"text": "unknown"}))
    assert judged(FULL, "TAB-004") == ("-", "-")
    assert judged(more, "TAB-004") == ("i", "i")
    assert places(more, "TAB-004") == [path]
    beside = changed(FULL, put(f"{at(FULL, 'Patient')}._gender", {"id": "x"}))
    assert places(beside, "TAB-004") == []


def test_what_came_from_a_slot_search_keeps_its_elements() -> None:
    booking = composed("booking-new")
    path = f"{at(booking, 'HealthcareService')}.comment"
    assert places(changed(booking, put(path, "Ring the bell")), "TAB-004") == []
    referral = changed(FULL, put(f"{at(FULL, 'HealthcareService')}.comment", "Ring the bell"))
    assert places(referral, "TAB-004", "HealthcareService") == ["comment"]


def test_tables_are_those_of_the_use_case_and_version() -> None:
    assert places(of_use_case(composed("referral-new"), "a5t1"), "TAB-001", "Patient") == ["contact[0].telecom[0].rank"]
    assert places(composed("referral-new"), "TAB-001") == []
    path = f"{at(FULL, 'RelatedPerson')}.identifier"
    more = changed(FULL, put(path, [{"value": "1"}]))
    older = verdict(more, versions=default_profile(1, "2.0.0"))
    assert [one.path for one in findings(verdict(more), "TAB-004")] == [path]
    assert not findings(older, "TAB-004")


def test_cancellations_carry_less_and_replies_are_whole() -> None:
    cancel = cancelled()
    language = changed(
        of_use_case(cancel, "a3t1"), put(f"{at(cancel, 'Patient')}.communication", [{"preferred": True}])
    )
    assert places(language, "TAB-001") == []
    full = replied()
    path = f"{at(full, 'Location')}.address"
    assert places(changed(full, drop(path)), "TAB-002") == [path]


ROWS = [(table.type, row) for table in element_tables().values() for row in table.rows]


def filled(names: tuple[str, ...]) -> JsonObject:
    """The least tree in which the element at the end of a path is there."""
    name = names[0].replace("[x]", "DateTime")
    return {name: [filled(names[1:])] if len(names) > 1 else "x"}


@pytest.mark.parametrize(("kind", "row"), ROWS, ids=lambda one: one if isinstance(one, str) else ".".join(one.path))
def test_every_row_misses_its_element_and_no_other(kind: str, row: ElementRow) -> None:
    whole = filled(row.path)
    assert list(_gaps(whole, kind, row.path)) == []
    parent = filled((*row.path[:-1], "other"))
    (gap,) = _gaps(parent, kind, row.path)
    assert gap.replace("[0]", "").split(".")[1:] == [name.removesuffix("[x]") for name in row.path]


@pytest.mark.parametrize("level", list(Level))
def test_rows_of_every_level_hold_for_some_message(level: Level) -> None:
    held = [row for _, row in ROWS if row.level is level]
    assert held
    for row in held:
        numbers = [n for n in range(1, 9) if any(row.holds_for(n, "99.0.0", kind) for kind in Kind)]
        assert numbers == sorted(row.applications)
