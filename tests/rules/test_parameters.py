from __future__ import annotations

from urllib.parse import quote

import pytest

from workbench.exchange import Request
from workbench.rules import Side, Submission, judge, likely_answer
from workbench.standard import default_profile

BASE = "https://mock.example/FHIR/R4"
NUMBER = "https://fhir.nhs.uk/Id/nhs-number|9990000417"
Rows = list[tuple[str, str, str]]
ID = "0badcafe-0000-4000-8000-00000000000a"
SLOTS = (
    ("Schedule.actor:HealthcareService", "9990000918"),
    ("status", "free"),
    ("start", "ge2026-07-20T09:00:00+00:00"),
    ("start", "le2026-07-21T09:00:00+00:00"),
    ("_include", "Slot:schedule"),
    ("_include", "Schedule:actor:HealthcareService"),
)


def url(path: str, *pairs: tuple[str, str]) -> str:
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    return f"{BASE}{path}?{query}" if pairs else f"{BASE}{path}"


def found(address: str, side: Side = Side.COMPOSE, *, method: str = "GET", accept: str = "") -> Rows:
    """(rule, first letter of its severity, path) of every finding on parameters, sorted."""
    headers = (("Accept", f"application/fhir+json; version={accept}"),) if accept else ()
    request = Request(method, address, headers)
    verdict = judge(Submission(None, request, None, default_profile(api="1.1.0"), side), timer=lambda: 0.0)
    held = [one for one in verdict.findings if one.rule.startswith("PAR")]
    assert all(one.layer.value == "parameters" and one.text.endswith(".") for one in held)
    return sorted((one.rule, one.severity.value[0], one.path) for one in held)


def answer(address: str) -> tuple[int, str, str] | None:
    request = Request("GET", address)
    verdict = judge(Submission(None, request, None, default_profile(), Side.RECEIVE), timer=lambda: 0.0)
    return likely_answer(verdict)


@pytest.mark.parametrize(
    "address",
    [
        url("/metadata"),
        url("/Slot", *SLOTS),
        url("/Appointment", ("patient:identifier", NUMBER)),
        url("/ServiceRequest", ("patient:identifier", NUMBER)),
        url("/ServiceRequest", ("ServiceRequest.identifier", "https://mock.example|1")),
        url(f"/Appointment/{ID}"),
        url(f"/ServiceRequest/{ID}"),
        url("/MessageDefinition", ("context", "https://fhir.nhs.uk/Id/dos-service-id|9990000918")),
        url("/Unknown", ("mock", "1")),
    ],
)
def test_good_calls_have_nothing_against_them(address: str) -> None:
    for side in Side:
        assert found(address, side) == []


def test_what_is_required_is_missed_by_name() -> None:
    names = dict(SLOTS)
    assert found(url("/Slot")) == sorted(("PAR-001", "e", f"parameters['{name}']") for name in names)
    for name in names:
        rest = [pair for pair in SLOTS if pair[0] != name]
        assert found(url("/Slot", *rest)) == [("PAR-001", "e", f"parameters['{name}']")]
        assert found(url("/Slot", *rest, (name, " "))) == [("PAR-001", "e", f"parameters['{name}']")]
    assert answer(url("/Slot")) == (400, "REC_BAD_REQUEST", "required")
    assert found(url("/MessageDefinition")) == [("PAR-001", "e", "parameters['context']")]
    for path in ("/Appointment", "/ServiceRequest"):
        assert found(url(path)) == [("PAR-001", "e", "parameters['patient:identifier']")]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Status", "status"),
        ("end", "start"),
        ("include", "_include"),
        ("schedule.actor:healthcareService", "Schedule.actor:HealthcareService"),
        ("Schedule.actor.HealthcareService", "Schedule.actor:HealthcareService"),
        ("mock", ""),
    ],
)
def test_a_misspelt_parameter_is_told_with_the_right_one(name: str, meant: str) -> None:
    address = url("/Slot", *SLOTS, (name, "x"))
    assert found(address) == [("PAR-002", "w", f"parameters['{name}'][0]")]
    submission = Submission(None, Request("GET", address), None, default_profile(), Side.RECEIVE)
    text = next(one.text for one in judge(submission, timer=lambda: 0.0).findings if one.rule == "PAR-002")
    assert text == f"'{name}' is no parameter of this call{f'; {meant} is probably meant' if meant else ''}."


def test_parameters_of_fhir_are_a_note_and_calls_without_parameters_take_none() -> None:
    assert found(url("/Slot", *SLOTS, ("_format", "json"))) == [("PAR-002", "i", "parameters['_format'][0]")]
    assert found(url("/metadata", ("mode", "full"))) == [("PAR-002", "w", "parameters['mode'][0]")]
    assert found(url("/$process-message", ("async", "true")), method="POST") == [
        ("PAR-002", "w", "parameters['async'][0]")
    ]


def test_parameters_are_not_repeated() -> None:
    assert found(url("/Slot", *SLOTS, ("status", "busy"))) == [("PAR-003", "w", "parameters['status'][1]")]
    three = (*SLOTS, ("start", "le2026-07-22T09:00:00+00:00"))
    assert found(url("/Slot", *three)) == [("PAR-003", "w", "parameters['start'][2]")]
    number = ("patient:identifier", NUMBER)
    assert found(url("/Appointment", number, number)) == [("PAR-003", "w", "parameters['patient:identifier'][1]")]


def test_encoding_is_done_once_and_in_utf_8() -> None:
    twice = quote(quote("https://fhir.nhs.uk/Id/nhs-number|9990000417", safe=""), safe="")
    held = found(f"{BASE}/Appointment?patient:identifier={twice}")
    assert ("PAR-004", "w", "parameters['patient:identifier'][0]") in held
    assert found(f"{BASE}/Appointment?patient:name=%ff&patient:birthdate=1990-01-01&patient:address-postalcode=x") == [
        ("PAR-004", "w", "parameters['patient:name'][0]")
    ]
    assert found(f"{BASE}/Appointment?patient:identifier={NUMBER}") == [
        ("PAR-004", "i", "parameters['patient:identifier'][0]")
    ]
    assert (
        found(f"{BASE}/Appointment?patient:name=100%25&patient:birthdate=1990-01-01&patient:address-postalcode=x") == []
    )


def test_ids_in_the_path_are_uuids() -> None:
    for path in ("/Appointment/1", "/ServiceRequest/slot001", f"/Appointment/urn:uuid:{ID}"):
        assert found(url(path)) == [("PAR-005", "e", "parameters['id'][0]")]
        assert answer(url(path)) == (400, "REC_BAD_REQUEST", "value")


def test_demographics_came_with_a_later_version() -> None:
    pairs = (("patient:name", "Mock"), ("patient:birthdate", "1990-02-03"), ("patient:address-postalcode", "ZZ99 3VZ"))
    address = url("/Appointment", *pairs)
    assert found(address, accept="1.1.0") == found(address, accept="1.5.0") == []
    wanted = [("PAR-006", "w", f"parameters['{name}'][0]") for name, _ in pairs]
    assert found(address, accept="1.0.0") == sorted(wanted)
