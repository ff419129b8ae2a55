from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.rules.test_parameters import NUMBER, url
from workbench.exchange import Request, Response
from workbench.messages import build
from workbench.rules import Side, Submission, judge
from workbench.standard import default_profile

if TYPE_CHECKING:
    from pathlib import Path

START = "parameters"
TIMES = ("2026-07-20T09:00:00+00:00", "2026-07-20T09:30:00+00:00")
INCLUDES = ("Slot:schedule", "Schedule:actor:HealthcareService")


def search(*includes: str, status: str = "free") -> str:
    pairs = [
        ("Schedule.actor:HealthcareService", "9990000918"),
        ("status", status),
        ("start", "ge2026-07-20T09:00:00+00:00"),
        ("start", "le2026-07-20T12:00:00+00:00"),
        *(("_include", name) for name in includes or INCLUDES),
    ]
    return url("/Slot", *pairs)


def slot(**changes: object) -> dict:
    made = {"status": "free", "start": TIMES[0], "end": TIMES[1], "schedule": {"reference": "urn:uuid:schedule"}}
    return {"fullUrl": "urn:uuid:slot", "resource": {"resourceType": "Slot", **made, **changes}}


SCHEDULE = {
    "fullUrl": "urn:uuid:schedule",
    "resource": {"resourceType": "Schedule", "actor": [{"reference": "urn:uuid:service"}]},
}
SERVICE = {"fullUrl": "urn:uuid:service", "resource": {"resourceType": "HealthcareService"}}
PLACE = {"fullUrl": "urn:uuid:place", "resource": {"resourceType": "Location"}}


def searchset(*entries: dict, link: bool = True) -> dict:
    made: dict = {"resourceType": "Bundle", "type": "searchset", "entry": list(entries)}
    return {**made, "link": [{"relation": "self", "url": "https://mock.example"}]} if link else made


def found(address: str, answer: dict, status: int = 200) -> list[tuple[str, str, str]]:
    response = Response(status, "", (("Content-Type", "application/fhir+json"),), build(answer).source)
    submission = Submission(None, Request("GET", address), response, default_profile(), Side.COMPOSE)
    held = judge(submission, timer=lambda: 0.0).findings
    return sorted((one.rule, one.severity.value[0], one.path) for one in held if one.rule.startswith("RSP-02"))


SLOT_PATH = "Bundle.entry[0].resource"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((slot(), SCHEDULE, SERVICE), []),
        ((slot(start="2026-07-20T10:00:00+01:00"), SCHEDULE, SERVICE), []),
        ((), []),
        ((slot(status="busy"), SCHEDULE, SERVICE), [("RSP-021", "w", f"{SLOT_PATH}.status")]),
        (
            (slot(start="2026-07-20T08:00:00Z"), SCHEDULE, SERVICE),
            [("RSP-022", "w", f"{SLOT_PATH}.start")],
        ),
        ((slot(end=TIMES[0]), SCHEDULE, SERVICE), [("RSP-022", "w", f"{SLOT_PATH}.end")]),
        ((slot(start="2026-07-20"), SCHEDULE, SERVICE), [("RSP-022", "w", f"{SLOT_PATH}.start")]),
        ((slot(), SCHEDULE), [("RSP-023", "w", "Bundle.entry")]),
        ((slot(), SCHEDULE, SERVICE, PLACE), [("RSP-023", "i", "Bundle.entry[3].resource")]),
        (
            (slot(schedule={"reference": "urn:uuid:other"}), SCHEDULE, SERVICE),
            [("RSP-024", "w", f"{SLOT_PATH}.schedule")],
        ),
        (
            (slot(), {**SCHEDULE, "resource": {"resourceType": "Schedule"}}, SERVICE),
            [("RSP-024", "w", "Bundle.entry[1].resource.actor")],
        ),
    ],
)
def test_slots_are_those_that_were_asked_for(entries: tuple, expected: list) -> None:
    assert found(search(), searchset(*entries)) == expected


def test_what_was_asked_for_beside_slots_may_come() -> None:
    assert found(search(*INCLUDES, "HealthcareService:location"), searchset(slot(), SCHEDULE, SERVICE, PLACE)) == []
    assert found(search("Slot:*"), searchset(slot(), SCHEDULE, SERVICE, PLACE)) == []
    assert found(search(status="free,busy"), searchset(slot(status="busy"), SCHEDULE, SERVICE)) == []


def test_a_searchset_has_a_self_link() -> None:
    assert found(search(), searchset(link=False)) == [("RSP-026", "i", "Bundle.link")]


def patient(number: str) -> dict:
    identifier = [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number}]
    return {"fullUrl": "urn:uuid:patient", "resource": {"resourceType": "Patient", "identifier": identifier}}


def test_a_search_by_number_finds_that_patient_only() -> None:
    address = url("/Appointment", ("patient:identifier", NUMBER))
    assert found(address, searchset(patient("9990000417"))) == []
    assert found(address, searchset(patient("999 000 0417"))) == []
    assert found(address, searchset(patient("9990000425"))) == [("RSP-025", "e", "Bundle.entry[0].resource")]
    booked = {"resourceType": "Appointment", "participant": [{"actor": patient("9990000425")["resource"]}]}
    actor = {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000425"}}
    booked["participant"] = [{"actor": actor}]
    entry = {"fullUrl": "urn:uuid:booked", "resource": booked}
    assert found(address, searchset(entry)) == [("RSP-025", "e", "Bundle.entry[0].resource")]
    assert found(url("/Appointment", ("patient:name", "x")), searchset(patient("9990000425"))) == []


def test_the_official_slots_have_no_error(shared: Path) -> None:
    path = shared / "data" / "api" / "examples-json" / "examples1.4.0" / "slots" / "GET-success.json"
    pairs = (
        ("status", "free"),
        ("start", "ge2021-10-06T09:00:00+00:00"),
        ("start", "le2021-10-06T12:00:00+00:00"),
        *(("_include", name) for name in (*INCLUDES, "Schedule:actor:Practitioner", "Schedule:actor:PractitionerRole")),
        ("_include", "HealthcareService:location"),
    )
    address = f"/Slot?Schedule.actor:HealthcareService=1&{'&'.join(f'{n}={quote(v)}' for n, v in pairs)}"
    assert found(address, json.loads(path.read_text(encoding="utf-8"))) == []
