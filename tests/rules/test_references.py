from __future__ import annotations

from tests.rules.builders import (
    at,
    cancelled,
    changed,
    composed,
    findings,
    fixes_itself,
    judged,
    mended,
    put,
    verdict,
)

REFERRAL = composed()
ORDER = at(REFERRAL, "ServiceRequest")
NOWHERE = "urn:uuid:0badcafe-0000-4000-8000-0000000000ff"


def test_a_dangling_reference_is_linked_to_the_one_entry_it_can_mean() -> None:
    path = f"{ORDER}.basedOn[0].reference"
    message = changed(REFERRAL, put(path, NOWHERE))
    (found,) = findings(verdict(message), "REF-001")
    assert (found.path, found.fix.label) == (path, "Link to CarePlan")
    assert found.place == message.place(path)
    assert mended(message, found).resource == REFERRAL.resource
    assert judged(message, "REF-001") == ("e", "e")


def test_no_link_is_offered_where_there_is_a_choice() -> None:
    message = changed(REFERRAL, put("Bundle.entry[0].resource.sender.reference", NOWHERE))
    assert findings(verdict(message), "REF-001")[0].fix is None


def test_relative_references_lead_inside_or_to_what_is_known() -> None:
    inside = changed(
        REFERRAL, put(f"{at(REFERRAL, 'Patient')}.id", "p1"), put(f"{ORDER}.subject.reference", "Patient/p1")
    )
    assert judged(inside, "REF-002") == ("-", "-")
    outside = changed(REFERRAL, put(f"{ORDER}.subject.reference", "Patient/p1"))
    assert judged(outside, "REF-002") == ("e", "w")
    assert fixes_itself(outside, "REF-002")
    booked = changed(REFERRAL, put(f"{ORDER}.supportingInfo", [{"reference": "Appointment/a1"}]))
    assert judged(booked, "REF-002") == ("-", "-")
    known = changed(cancelled(), put(f"{at(cancelled(), 'ServiceRequest')}.basedOn", [{"reference": "CarePlan/c1"}]))
    assert judged(known, "REF-002") == ("-", "-")


def test_fragments_need_a_contained_resource() -> None:
    empty = changed(REFERRAL, put(f"{ORDER}.requester.reference", "#a"))
    assert judged(empty, "REF-003") == ("e", "e")
    full = changed(empty, put(f"{ORDER}.contained", [{"resourceType": "Practitioner", "id": "a"}]))
    assert judged(full, "REF-003") == ("-", "-")
    odd = changed(empty, put(f"{ORDER}.contained", [{"resourceType": "Practitioner", "id": ["a"]}]))
    assert judged(odd, "REF-003") == ("e", "e")


def test_a_reference_to_the_wrong_type_is_linked_right() -> None:
    patient = REFERRAL.at(f"{at(REFERRAL, 'Patient').removesuffix('.resource')}.fullUrl")
    message = changed(REFERRAL, put(f"{at(REFERRAL, 'AllergyIntolerance')}.encounter.reference", patient))
    (found,) = findings(verdict(message), "REF-004")
    assert "leads to a Patient" in found.text
    assert mended(message, found).resource == REFERRAL.resource
