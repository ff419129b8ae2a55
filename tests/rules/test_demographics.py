from __future__ import annotations

import pytest

from tests.rules.applications import Case, broker, check
from tests.rules.builders import add, at, booking, changed, composed, drop, judged, put
from workbench.messages import Number
from workbench.rules.demographics import BIRTH_SEX, RANK

REFERRAL, BOOKING = composed(), booking()
PATIENT, BOOKED = at(REFERRAL, "Patient"), at(BOOKING, "Patient")
NAME, FIRST, SECOND = f"{PATIENT}.name[0]", f"{PATIENT}.contact[0]", f"{PATIENT}.contact[1]"


def full_url(type: str) -> str:
    return REFERRAL.at(f"{at(REFERRAL, type).removesuffix('.resource')}.fullUrl")


def rank(number: int) -> dict[str, object]:
    return {"url": RANK, "valuePositiveInt": Number(str(number))}


CONTACT = {**REFERRAL.at(FIRST), "extension": [rank(2)]}


@pytest.mark.parametrize(
    "case",
    [
        Case("PAT-005", (drop(f"{PATIENT}.name"),), f"{PATIENT}.name", ("w", "w")),
        Case("PAT-005", (put(f"{NAME}.use", "usual"),), f"{PATIENT}.name", ("w", "w")),
        Case("PAT-005", (drop(f"{NAME}.given"),), NAME, ("w", "w")),
        Case("PAT-005", (drop(f"{NAME}.family"),), NAME, ("w", "w")),
        Case("PAT-005", (add(f"{PATIENT}.name[1]", REFERRAL.at(NAME)),), f"{PATIENT}.name[1]", ("w", "w")),
        Case(
            "PAT-006",
            (put(f"{PATIENT}.telecom", [{"system": "phone", "value": "01632 960401"}]),),
            f"{PATIENT}.telecom",
            ("e", "e"),
        ),
        Case("PAT-007", (drop(f"{PATIENT}.contact"),), f"{PATIENT}.contact", ("e", "e")),
        Case("PAT-007", (drop(f"{FIRST}.extension"),), f"{FIRST}.extension", ("e", "e"), True),
        Case("PAT-007", (put(f"{FIRST}.extension", [rank(2)]),), f"{FIRST}.extension", ("e", "e")),
        Case("PAT-007", (add(SECOND, {**CONTACT, "extension": [rank(1)]}),), f"{SECOND}.extension", ("e", "e")),
        Case("PAT-007", (put(f"{FIRST}.telecom[0].system", "email"),), f"{FIRST}.telecom", ("e", "e")),
        Case("PAT-008", (drop(f"{FIRST}.relationship"),), f"{FIRST}.relationship", ("w", "w")),
        Case(
            "PAT-008",
            (add(SECOND, {name: value for name, value in CONTACT.items() if name != "relationship"}),),
            f"{SECOND}.relationship",
            ("e", "w"),
        ),
        Case(
            "PAT-008",
            (add(SECOND, {name: value for name, value in CONTACT.items() if name != "extension"}),),
            f"{SECOND}.extension",
            ("e", "w"),
        ),
        Case(
            "PAT-010",
            (put(f"{PATIENT}.generalPractitioner", [{"reference": full_url("Practitioner")}]),),
            f"{PATIENT}.generalPractitioner[0].reference",
            ("w", "w"),
        ),
        Case(
            "PAT-011",
            (put(f"{PATIENT}.extension", [{"url": BIRTH_SEX, "valueCode": "male"}]),),
            f"{PATIENT}.extension[0]",
            ("w", "w"),
        ),
    ],
    ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}",
)
def test_referrals(case: Case) -> None:
    check(REFERRAL, case)


def test_a_ranked_second_contact_is_right() -> None:
    more = changed(REFERRAL, add(SECOND, CONTACT))
    assert judged(more, "PAT-007") == judged(more, "PAT-008") == ("-", "-")


@pytest.mark.parametrize(
    "case",
    [
        Case("PAT-007", (drop(f"{BOOKED}.contact[0].telecom"),), f"{BOOKED}.contact[0].telecom", ("w", "w")),
        Case("PAT-009", (put(f"{BOOKED}.contact[0].telecom[0].value", "+44 1632"),), f"{BOOKED}.contact", ("w", "w")),
        Case("PAT-009", (put(f"{BOOKED}.address[0].use", "temp"),), f"{BOOKED}.address", ("w", "w")),
        Case(
            "PAT-009",
            (add(f"{BOOKED}.address[1]", BOOKING.at(f"{BOOKED}.address[0]")),),
            f"{BOOKED}.address[1]",
            ("w", "w"),
        ),
        Case("PAT-009", (drop(f"{BOOKED}.address[0].postalCode"),), f"{BOOKED}.address[0].postalCode", ("w", "w")),
        Case("PAT-009", (drop(f"{BOOKED}.birthDate"),), f"{BOOKED}.birthDate", ("w", "w")),
    ],
    ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}",
)
def test_bookings(case: Case) -> None:
    check(BOOKING, case)


def test_brokers_want_whole_addresses_and_need_no_contact() -> None:
    patient = at(broker(), "Patient")
    check(broker(), Case("PAT-012", (drop(f"{patient}.address"),), f"{patient}.address", ("e", "w")))
    for name in ("use", "type", "text", "line", "postalCode"):
        place = f"{patient}.address[0].{name}"
        check(broker(), Case("PAT-012", (drop(place),), place, ("e", "w")))
    check(broker(), Case("PAT-007", (drop(f"{patient}.contact"),), f"{patient}.contact", ("w", "w")))


def test_a_local_number_may_stand_in_for_a_broker() -> None:
    patient = at(broker(), "Patient")
    number = f"{patient}.identifier"
    check(broker(), Case("PAT-004", (drop(number),), number, ("e", "e")))
    local = put(number, [{"system": "https://mock.example/Id/patient", "value": "1"}])
    check(broker(), Case("PAT-004", (local,), number, ("w", "w")))
    check(broker(), Case("PAT-004", (drop(f"{number}[0].extension"),), f"{number}[0].extension", ("e", "w")))
