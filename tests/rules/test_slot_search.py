from __future__ import annotations

import pytest

from tests.rules.test_parameters import BASE, SLOTS, answer, found, url
from workbench.exchange import Request
from workbench.rules import Side, Submission, judge
from workbench.standard import default_profile

FIRST, LAST = "ge2026-07-20T09:00:00Z", "le2026-07-21T09:00:00Z"


def search(**changes: list[str]) -> str:
    names = {"service": "Schedule.actor:HealthcareService", "include": "_include"}
    given: dict[str, list[str]] = {}
    for name, value in SLOTS:
        given.setdefault(name, []).append(value)
    given |= {names.get(name, name): values for name, values in changes.items()}
    return url("/Slot", *((name, value) for name, values in given.items() for value in values))


VALUE, MISSING = (400, "REC_BAD_REQUEST", "value"), (400, "REC_BAD_REQUEST", "required")


@pytest.mark.parametrize(
    ("changes", "expected", "answered"),
    [
        ({"start": [FIRST, LAST]}, [], None),
        ({"start": [LAST, FIRST]}, [], None),
        ({"start": ["ge2026-07-20T09:00Z", LAST]}, [], None),
        ({"start": ["ge2026-07-20T09:00:00.1234567+00:00", LAST]}, [], None),
        ({"status": ["free,busy"]}, [], None),
        ({"status": ["busy"]}, [], None),
        ({"include": ["Slot:*"]}, [], None),
        ({"start": [FIRST]}, [("PAR-031", "e", "parameters['start'][0]")], MISSING),
        ({"start": [FIRST, FIRST]}, [("PAR-031", "e", "parameters['start'][1]")], MISSING),
        ({"start": [FIRST, "le2026-07-21"]}, [("PAR-032", "e", "parameters['start'][1]")], VALUE),
        ({"start": [FIRST, "2026-07-21T09:00:00Z"]}, [("PAR-032", "e", "parameters['start'][1]")], VALUE),
        ({"start": ["gt2026-07-20T09:00:00Z", LAST]}, [("PAR-032", "e", "parameters['start'][0]")], VALUE),
        ({"start": ["ge2026-02-30T09:00:00Z", LAST]}, [("PAR-032", "e", "parameters['start'][0]")], VALUE),
        ({"start": ["ge2026-07-22T09:00:00Z", LAST]}, [("PAR-033", "e", "parameters['start'][0]")], VALUE),
        ({"start": [FIRST, "le2026-10-21T09:00:00Z"]}, [("PAR-034", "w", "parameters['start'][0]")], None),
        ({"start": ["ge2026-07-20T09:00:00+01:00", LAST]}, [("PAR-035", "i", "parameters['start'][0]")], None),
        ({"status": ["Free"]}, [("PAR-036", "e", "parameters['status'][0]")], VALUE),
        ({"status": ["free|busy"]}, [("PAR-036", "e", "parameters['status'][0]")], VALUE),
        ({"status": ["free,booked"]}, [("PAR-036", "e", "parameters['status'][0]")], VALUE),
        ({"include": ["Slot:schedule"]}, [("PAR-037", "e", "parameters['_include']")], MISSING),
        (
            {"include": ["Slot:schedule", "Schedule.actor:HealthcareService"]},
            [("PAR-037", "e", "parameters['_include']"), ("PAR-038", "w", "parameters['_include'][1]")],
            MISSING,
        ),
        (
            {"include": ["Slot:schedule", "Schedule:actor:HealthcareService", "HealthcareService.location"]},
            [("PAR-038", "w", "parameters['_include'][2]")],
            None,
        ),
        (
            {"service": ["https://fhir.nhs.uk/Id/dos-service-id|9990000918"]},
            [("PAR-039", "w", "parameters['Schedule.actor:HealthcareService'][0]")],
            None,
        ),
    ],
)
def test_searches_for_slots(changes: dict[str, list[str]], expected: list, answered: tuple | None) -> None:
    address = search(**changes)
    assert found(address) == found(address, Side.RECEIVE) == expected
    assert answer(address) == answered


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("ge2026-07-20T09:00:00+00:00", "a plus sign arrived as a blank; write it %2B"),
        ("ge2026-02-30T09:00:00Z", "there is no such date and time"),
        ("2026-07-20T09:00:00Z", "it must begin with ge or le"),
        ("ge2026-07-20T09:00:00", "the offset from UTC is missing"),
        ("ge2026-07-20", "a date and time with its offset is needed, such as 2022-03-01T12:00:00Z"),
    ],
)
def test_a_bad_bound_says_why(written: str, why: str) -> None:
    request = Request("GET", f"{BASE}/Slot?start={written}")
    verdict = judge(Submission(None, request, None, default_profile(), Side.RECEIVE), timer=lambda: 0.0)
    text = next(one.text for one in verdict.findings if one.rule == "PAR-032")
    assert text.endswith(f": {why}.")
