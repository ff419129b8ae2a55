from __future__ import annotations

import pytest

from tests.rules.applications import Case, check, link
from tests.rules.builders import (
    acknowledged,
    add,
    at,
    booking,
    cancelled,
    changed,
    drop,
    findings,
    judged,
    put,
    replied,
    verdict,
)
from workbench.rules import Side
from workbench.standard import default_profile

BOOKING = booking()
VISIT, SLOT, DIARY = at(BOOKING, "Appointment"), at(BOOKING, "Slot"), at(BOOKING, "Schedule")
LATER = "2027-01-01T09:00:00+00:00"


def full_url(type: str) -> str:
    return BOOKING.at(f"{at(BOOKING, type).removesuffix('.resource')}.fullUrl")


PERSON = f"{VISIT}.participant[0]"


@pytest.mark.parametrize(
    "case",
    [
        Case("APT-002", (put(f"{VISIT}.start", LATER),), f"{VISIT}.start", ("w", "w"), True),
        Case("APT-002", (put(f"{VISIT}.end", LATER),), f"{VISIT}.end", ("w", "w"), True),
        Case("APT-003", (drop(f"{VISIT}.slot"),), f"{VISIT}.slot", ("e", "e"), True),
        Case("APT-003", (add(f"{VISIT}.slot[1]", link(full_url("Slot"))),), f"{VISIT}.slot[1]", ("e", "e")),
        Case("APT-003", (put(f"{VISIT}.slot[0].reference", "Slot/x"),), f"{VISIT}.slot[0].reference", ("e", "e")),
        Case("APT-004", (put(f"{SLOT}.status", "free"),), f"{SLOT}.status", ("i", "i"), True),
        Case(
            "APT-005",
            (put(f"{PERSON}.actor.reference", full_url("Practitioner")),),
            f"{PERSON}.actor.reference",
            ("e", "e"),
            True,
        ),
        Case("APT-005", (drop(f"{PERSON}.actor"),), f"{PERSON}.actor", ("e", "e"), True),
        Case("APT-005", (put(f"{PERSON}.status", "tentative"),), f"{PERSON}.status", ("e", "e"), True),
        Case(
            "APT-005",
            (add(f"{VISIT}.participant[0]", {"actor": link(full_url("Practitioner")), "status": "needs-action"}),),
            f"{PERSON}.actor.reference",
            ("e", "w"),
        ),
        Case("APT-005", (add(f"{VISIT}.participant[0]", {"status": "needs-action"}),), f"{PERSON}.actor", ("e", "w")),
        Case(
            "APT-005",
            (
                put(f"{PERSON}.status", "tentative"),
                add(f"{VISIT}.participant[0]", {"actor": link(full_url("Practitioner")), "status": "accepted"}),
            ),
            f"{VISIT}.participant[1].status",
            ("e", "e"),
        ),
        Case("APT-006", (put(f"{VISIT}.created", LATER),), f"{VISIT}.created", ("w", "w"), True),
        Case("APT-008", (drop(f"{DIARY}.actor[0]"),), f"{DIARY}.actor", ("e", "w")),
        Case(
            "APT-008",
            (add(f"{DIARY}.actor[0]", link(full_url("Patient"))),),
            f"{DIARY}.actor[0].reference",
            ("w", "w"),
        ),
        Case("APT-009", (drop(f"{VISIT}.start"),), f"{VISIT}.start", ("e", "e")),
        Case("APT-009", (drop(f"{VISIT}.end"),), f"{VISIT}.end", ("e", "e")),
        Case("APT-009", (drop(f"{VISIT}.description"),), f"{VISIT}.description", ("w", "w")),
    ],
    ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}",
)
def test_bookings(case: Case) -> None:
    check(BOOKING, case)


def test_the_receiver_may_say_when_it_was_made() -> None:
    answered = changed(acknowledged("booking-new"), put(f"{VISIT}.created", LATER))
    assert judged(answered, "APT-006") == ("-", "-")


def test_application_7_wants_every_actor() -> None:
    versions = default_profile(7)
    role = full_url("PractitionerRole")
    index = [one["reference"] for one in BOOKING.at(f"{DIARY}.actor")].index(role)
    bare = changed(BOOKING, drop(f"{DIARY}.actor[{index}]"))
    with_seven = changed(
        bare,
        put(
            f"{VISIT}.serviceCategory",
            [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/service-category", "code": "17"}]}],
        ),
    )
    (found,) = findings(verdict(with_seven, Side.RECEIVE, versions=versions), "APT-008")
    assert (found.path, found.severity.value) == (f"{DIARY}.actor", "warning")
    assert not findings(verdict(bare, versions=default_profile(1)), "APT-008")


def test_cancelled_bookings_say_why_in_application_7() -> None:
    message = cancelled("booking-new")
    visit = at(message, "Appointment")
    bare = changed(message, drop(f"{visit}.cancelationReason"), drop(f"{visit}.serviceCategory"))
    found = findings(verdict(bare, versions=default_profile(7)), "APT-007")
    assert [one.path for one in found] == [f"{visit}.cancelationReason.text"]
    assert not findings(verdict(message, versions=default_profile(7)), "APT-007")
    assert not findings(verdict(bare, versions=default_profile(1)), "APT-007")


def test_who_did_not_come_has_no_show() -> None:
    message = replied("safeguarding-dna", "a1t1")
    where = f"Bundle.entry[{len(message.entries())}]"
    visit = {"resourceType": "Appointment", "status": "noshow", "participant": [{"status": "accepted"}]}
    good = changed(message, add(where, {"fullUrl": "urn:uuid:0badcafe-0000-4000-8000-0000000000ff", "resource": visit}))
    check(
        good,
        Case("APT-001", (put(f"{where}.resource.status", "booked"),), f"{where}.resource.status", ("e", "e"), True),
    )
