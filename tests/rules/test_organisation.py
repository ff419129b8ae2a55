from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.applications import Case, broker, check, pharmacy
from tests.rules.builders import add, at, composed, drop, put

if TYPE_CHECKING:
    from workbench.messages import Edit

REFERRAL = composed()
PARTY, SERVICE = at(REFERRAL, "Organization"), at(REFERRAL, "HealthcareService")
PERSON, ROLE, KIN = at(REFERRAL, "Practitioner"), at(REFERRAL, "PractitionerRole"), at(REFERRAL, "RelatedPerson")


@pytest.mark.parametrize(
    "case",
    [
        Case("RES-101", (drop(f"{PARTY}.name"),), f"{PARTY}.name", ("e", "e")),
        Case("RES-102", (drop(f"{PARTY}.identifier"),), f"{PARTY}.identifier", ("e", "w")),
        Case(
            "RES-102",
            (put(f"{PARTY}.identifier[0].system", "https://mock.example/Id"),),
            f"{PARTY}.identifier",
            ("e", "w"),
        ),
        Case("RES-103", (drop(f"{SERVICE}.identifier"),), f"{SERVICE}.identifier", ("e", "w")),
        Case("RES-103", (drop(f"{SERVICE}.identifier[0].value"),), f"{SERVICE}.identifier", ("e", "w")),
        Case("RES-103", (drop(f"{SERVICE}.active"),), f"{SERVICE}.active", ("e", "w")),
        Case("RES-103", (drop(f"{SERVICE}.name"),), f"{SERVICE}.name", ("e", "w")),
        Case("RES-103", (drop(f"{SERVICE}.providedBy"),), f"{SERVICE}.providedBy", ("e", "w")),
        Case("RES-104", (drop(f"{PERSON}.identifier"),), f"{PERSON}.identifier", ("e", "w")),
        Case("RES-105", (drop(f"{ROLE}.practitioner"),), f"{ROLE}.practitioner", ("e", "w"), True),
        Case("RES-105", (drop(f"{ROLE}.organization"),), f"{ROLE}.organization", ("e", "w")),
        Case("RES-106", (drop(f"{KIN}.patient"),), f"{KIN}.patient", ("e", "w"), True),
        Case("RES-106", (drop(f"{KIN}.relationship"),), f"{KIN}.relationship", ("e", "w")),
        Case(
            "RES-106",
            (drop(f"{KIN}.relationship[0].coding[0].display"),),
            f"{KIN}.relationship[0].coding[0].display",
            ("e", "w"),
        ),
        Case("RES-106", (drop(f"{KIN}.name"),), f"{KIN}.name", ("e", "w")),
        Case("RES-106", (drop(f"{KIN}.telecom[0].system"),), f"{KIN}.telecom[0].system", ("e", "w")),
        Case("RES-106", (drop(f"{KIN}.telecom[0].value"),), f"{KIN}.telecom[0].value", ("e", "w")),
        Case("RES-106", (drop(f"{KIN}.period"),), f"{KIN}.period.start", ("i", "i")),
        Case(
            "RES-106",
            (put(f"{KIN}.period.end", "2027-01-01T00:00:00+00:00"),),
            f"{KIN}.period.end",
            ("w", "w"),
            True,
        ),
    ],
    ids=lambda case: f"{case.rule} {case.path.rpartition('resource.')[2]}",
)
def test_referrals(case: Case) -> None:
    check(REFERRAL, case)


def test_pharmacies_need_less() -> None:
    service, person = at(pharmacy(), "HealthcareService"), at(pharmacy(), "Practitioner")
    role = at(pharmacy(), "PractitionerRole")
    for case in (
        Case("RES-103", (drop(f"{service}.providedBy"),), f"{service}.providedBy", ("w", "w")),
        Case("RES-104", (drop(f"{person}.identifier"),), f"{person}.identifier", ("w", "w")),
        Case("RES-105", (drop(f"{role}.organization"),), f"{role}.organization", ("w", "w")),
    ):
        check(pharmacy(), case)


def device_entry() -> str:
    return at(broker(), "Device").removesuffix(".resource")


def again(place: str, number: int) -> Edit:
    """A copy of an entry under another fullUrl."""
    entry = broker().at(place)
    return add(place, {**entry, "fullUrl": f"urn:uuid:0badcafe-0000-4000-a000-{number:012x}"})


def test_brokers_are_described() -> None:
    device = at(broker(), "Device")
    for case in (
        Case("RES-107", (drop(device_entry()),), "Bundle.entry", ("e", "e")),
        Case("RES-107", (put(f"{device}.status", "inactive"),), f"{device}.status", ("e", "e"), True),
        Case("RES-107", (drop(f"{device}.status"),), f"{device}.status", ("e", "e")),
        Case("RES-107", (drop(f"{device}.deviceName"),), f"{device}.deviceName", ("e", "e")),
        Case(
            "RES-107", (put(f"{device}.deviceName[0].type", "other"),), f"{device}.deviceName[0].type", ("e", "e"), True
        ),
        Case("RES-107", (drop(f"{device}.owner"),), f"{device}.owner", ("e", "e"), True),
    ):
        check(broker(), case)
    second = device_entry()
    number = int(second.rpartition("[")[2].rstrip("]"))
    check(broker(), Case("RES-107", (again(second, 1),), f"Bundle.entry[{number + 1}].resource", ("e", "e")))


def test_brokers_get_at_most_twenty_services() -> None:
    place = at(broker(), "HealthcareService").removesuffix(".resource")
    number = int(place.rpartition("[")[2].rstrip("]"))
    edits = tuple(again(place, 100 + n) for n in range(20))
    check(broker(), Case("RES-108", edits, f"Bundle.entry[{number + 20}].resource", ("e", "e")))
