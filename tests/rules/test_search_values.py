from __future__ import annotations

import pytest

from tests.rules.test_parameters import NUMBER, SLOTS, answer, found, url
from workbench.exchange import Request
from workbench.headers.base64_json import encode
from workbench.rules import Side, Submission, judge
from workbench.standard import default_profile

DOS = "https://fhir.nhs.uk/Id/dos-service-id"
CASES = "https://fhir.nhs.uk/CodeSystem/usecases-categories-bars"
SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"
WHO = "parameters['patient:identifier'][0]"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([f"{DOS}|9990000918", f"{CASES}|a1t1"], []),
        (["9990000918"], [("PAR-011", "e", "parameters['context'][0]")]),
        ([f"{DOS}|"], [("PAR-011", "e", "parameters['context'][0]")]),
        ([f"{DOS}|1", f"{CASES}|a9t9"], [("PAR-012", "w", "parameters['context'][1]")]),
        ([f"{DOS}|1", "https://mock.example|x"], [("PAR-012", "w", "parameters['context'][1]")]),
        ([f"{CASES}|a1t1"], [("PAR-012", "w", "parameters['context'][0]")]),
    ],
)
def test_contexts_are_services_and_use_cases(values: list[str], expected: list) -> None:
    assert found(url("/MessageDefinition", *(("context", value) for value in values))) == expected


def test_a_bad_token_is_answered_as_a_bad_value() -> None:
    assert answer(url("/MessageDefinition", ("context", "1"))) == (400, "REC_BAD_REQUEST", "value")
    for name in ("patient:identifier", "ServiceRequest.identifier"):
        assert found(url("/ServiceRequest", (name, "9990000417"))) == [("PAR-011", "e", f"parameters['{name}'][0]")]


@pytest.mark.parametrize(
    ("value", "compose", "receive"),
    [
        (NUMBER, [], []),
        ("https://mock.example|9990000417", [("PAR-021", "e", WHO)], [("PAR-021", "w", WHO)]),
        (
            f"{SYSTEM.lower()}|9990000417",
            [("PAR-021", "e", WHO)],
            [("PAR-021", "w", WHO)],
        ),
        (f"{SYSTEM}|999 000 0417", [("PAR-022", "e", WHO)], [("PAR-022", "w", WHO)]),
        (f"{SYSTEM}|9990000418", [("PAR-022", "e", WHO)], [("PAR-022", "w", WHO)]),
        (f"{SYSTEM}|123", [("PAR-022", "e", WHO)], [("PAR-022", "w", WHO)]),
    ],
)
def test_patients_are_asked_for_by_nhs_number(value: str, compose: list, receive: list) -> None:
    assert found(url("/Appointment", ("patient:identifier", value))) == compose
    assert found(url("/Appointment", ("patient:identifier", value)), Side.RECEIVE) == receive


@pytest.mark.parametrize("value", ["03/02/1990", "1990-02-30", "1990", "ge1990-02-03", "eq20/01/1995\n"])
def test_a_birth_date_is_a_date(value: str) -> None:
    address = url(
        "/Appointment", ("patient:name", "x"), ("patient:birthdate", value), ("patient:address-postalcode", "x")
    )
    assert found(address) == [("PAR-023", "e", "parameters['patient:birthdate'][0]")]
    assert answer(address) == (400, "REC_BAD_REQUEST", "value")


def test_demographics_go_together_where_there_is_no_number() -> None:
    name, birth, code = (
        ("patient:name", "x"),
        ("patient:birthdate", "eq1990-02-03"),
        ("patient:address-postalcode", "x"),
    )
    assert found(url("/Appointment", name, birth, code)) == []
    assert found(url("/Appointment", name, birth)) == [("PAR-024", "w", "parameters['patient:name'][0]")]
    assert found(url("/Appointment", code)) == [("PAR-024", "w", "parameters['patient:address-postalcode'][0]")]
    assert found(url("/Appointment", name, ("patient:identifier", NUMBER))) == []


def test_the_service_that_is_asked_about_is_the_target() -> None:
    def told(value: str, path: str, *pairs: tuple[str, str]) -> list[str]:
        header = ("NHSD-Target-Identifier", encode({"system": DOS, "value": value}))
        request = Request("GET", url(path, *pairs), (header,))
        submission = Submission(None, request, None, default_profile(), Side.RECEIVE)
        return [one.path for one in judge(submission, timer=lambda: 0.0).findings if one.rule == "PAR-013"]

    context = ("context", f"{DOS}|9990000918")
    assert told("9990000918", "/Slot", *SLOTS) == told("9990000918", "/MessageDefinition", context) == []
    assert told("1", "/Slot", *SLOTS) == ["parameters['Schedule.actor:HealthcareService'][0]"]
    assert told("1", "/MessageDefinition", context) == ["parameters['context'][0]"]
