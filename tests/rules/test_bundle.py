from __future__ import annotations

import pytest

from tests.rules.builders import (
    acknowledged,
    add,
    at,
    booking,
    cancelled,
    changed,
    composed,
    drop,
    findings,
    fixes_itself,
    judged,
    put,
    validation,
    verdict,
)
from workbench.messages import Edit, EditOp, Number, build, parse
from workbench.rules import Side, judge_bytes

E = Side.COMPOSE
REFERRAL = composed()
GUID = "0badcafe-0000-4000-8000-0000000000ff"
PATIENT = at(REFERRAL, "Patient")
PATIENT_ENTRY = PATIENT.removesuffix(".resource")


@pytest.mark.parametrize(
    ("rule", "edits", "letters", "fixed"),
    [
        ("BUN-001", [put("Bundle.type", "transaction")], ("e", "e"), True),
        ("BUN-001", [drop("Bundle.type")], ("e", "e"), True),
        ("BUN-002", [Edit(EditOp.MOVE, "Bundle.entry[0]", None, "Bundle.entry[2]")], ("e", "e"), True),
        ("BUN-002", [drop("Bundle.entry[0]")], ("e", "e"), False),
        ("BUN-003", [drop("Bundle.id")], ("e", "e"), True),
        ("BUN-003", [put("Bundle.id", "not-a-guid")], ("e", "e"), True),
        ("BUN-003", [put("Bundle.id", f"urn:uuid:{GUID}")], ("e", "e"), True),
        ("BUN-004", [drop("Bundle.meta.profile")], ("e", "e"), True),
        ("BUN-004", [put("Bundle.meta.profile", ["https://mock.example/profile|1.0.0"])], ("e", "e"), True),
        ("BUN-005", [drop("Bundle.meta.versionId")], ("e", "e"), True),
        ("BUN-006", [put("Bundle.meta.versionId", "7.7.7")], ("w", "w"), False),
        ("BUN-006", [put("Bundle.meta.versionId", "1.0.0-alpha.4")], ("i", "i"), False),
        ("BUN-007", [drop("Bundle.meta.lastUpdated")], ("e", "e"), False),
        ("BUN-007", [put("Bundle.meta.lastUpdated", "2026-11-24")], ("e", "e"), False),
        ("BUN-008", [drop("Bundle.timestamp")], ("e", "e"), False),
        ("BUN-009", [drop(f"{PATIENT_ENTRY}.fullUrl")], ("e", "e"), True),
        ("BUN-009", [put(f"{PATIENT_ENTRY}.fullUrl", GUID)], ("e", "e"), True),
        ("BUN-009", [put(f"{PATIENT_ENTRY}.fullUrl", "https://mock.example/Patient/1")], ("e", "e"), False),
        ("BUN-010", [put(f"{PATIENT_ENTRY}.fullUrl", f"urn:uuid:{GUID.upper()}")], ("w", "w"), True),
        ("BUN-012", [put(f"{PATIENT}.id", "p1")], ("w", "w"), True),
        ("BUN-013", [put(f"{PATIENT_ENTRY}.request", {"method": "POST", "url": "Patient"})], ("e", "e"), True),
        ("BUN-013", [drop(f"{PATIENT}")], ("e", "e"), False),
        ("BUN-014", [drop(f"{PATIENT}.meta.lastUpdated")], ("e", "e"), False),
        ("BUN-015", [put(f"{PATIENT}.meta.lastUpdated", "2026-11-24T09:00:01.1234560+00:00")], ("w", "w"), False),
        ("BUN-017", [put(f"{PATIENT}.contained", [{"resourceType": "Patient", "id": "a"}])], ("i", "i"), False),
    ],
)
def test_a_changed_referral_is_found_out(rule: str, edits: list[Edit], letters: tuple[str, str], fixed: bool) -> None:
    message = changed(REFERRAL, *edits)
    assert judged(REFERRAL, rule) == ("-", "-")
    assert judged(message, rule) == letters
    if fixed:
        assert fixes_itself(message, rule)
    else:
        assert findings(verdict(message), rule)[0].fix is None


def test_two_headers_are_one_too_many() -> None:
    header = REFERRAL.at("Bundle.entry[0]")
    message = changed(REFERRAL, add("Bundle.entry[3]", header))
    assert [one.path for one in findings(verdict(message), "BUN-002")] == ["Bundle.entry[3].resource"]


def test_the_same_address_twice_whatever_its_case() -> None:
    first = str(REFERRAL.at("Bundle.entry[1].fullUrl"))
    message = changed(REFERRAL, put("Bundle.entry[2].fullUrl", first.upper().replace("URN:UUID:", "urn:uuid:")))
    assert [one.path for one in findings(verdict(message), "BUN-011")] == ["Bundle.entry[2].fullUrl"]


def test_an_answer_may_carry_ids_and_slots_keep_theirs() -> None:
    assert judged(acknowledged(), "BUN-012")[1] == "-"
    kept = changed(booking(), put(f"{at(booking(), 'Slot')}.id", "slot-1"))
    assert judged(kept, "BUN-012") == ("-", "-")
    own = changed(validation(), put(f"{at(validation(), 'Encounter')}.id", "e1"))
    assert judged(own, "BUN-012") == ("-", "-")


def test_fewer_than_seven_digits_are_for_the_harness() -> None:
    text = REFERRAL.text.replace("1234560+00:00", "123+00:00")
    held = findings(verdict(parse(text.encode())), "BUN-016")
    assert [(one.severity.value, one.layer.value) for one in held] == [("warning", "harness")]


def test_a_cancellation_names_what_it_cancels() -> None:
    message = cancelled()
    assert judged(message, "BUN-018") == ("-", "-")
    assert judged(changed(message, drop(f"{at(message, 'ServiceRequest')}.id")), "BUN-018") == ("e", "e")
    assert judged(changed(message, drop(f"{at(message, 'Patient')}.id")), "BUN-019") == ("e", "w")


def test_a_fresh_id_is_the_same_each_time_and_new_for_another_message() -> None:
    broken = changed(REFERRAL, drop("Bundle.id"))
    other = changed(broken, put("Bundle.timestamp", "2026-11-24T10:00:00.0000000+00:00"))
    first, again, fresh = (findings(verdict(one), "BUN-003")[0].fix for one in (broken, broken, other))
    assert first == again
    assert first != fresh


def test_a_single_resource_is_no_message_unless_it_was_posted() -> None:
    patient = build({"resourceType": "Patient"})
    assert not findings(verdict(patient), "BUN-001")
    posted = judge_bytes(patient.source, versions=None, side=E, timer=lambda: 0.0, headers=(("Accept", "x"),))[1]
    assert [one.text for one in findings(posted, "BUN-001")] == ["A message must be a Bundle, not a Patient."]


def test_a_searchset_is_not_judged_as_a_message() -> None:
    assert verdict(build({"resourceType": "Bundle", "type": "searchset", "total": Number("0")})).findings == ()
