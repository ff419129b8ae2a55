from __future__ import annotations

import pytest

from tests.rules.builders import (
    CORRELATION_ID,
    REQUEST_ID,
    acknowledged,
    at,
    called,
    changed,
    composed,
    drop,
    put,
    short,
    verdict,
)
from workbench.exchange import Request, Response
from workbench.messages import build
from workbench.rules import Side, Submission, judge
from workbench.standard import default_profile
from workbench.standard.urls import HTTP_ERROR_CODES

MESSAGE, TAKEN = composed(), acknowledged()
TYPE = ("Content-Type", "application/fhir+json")
IDS = (("X-Request-Id", REQUEST_ID), ("X-Correlation-Id", CORRELATION_ID), TYPE)


def refusal(code: str = "REC_BAD_REQUEST", issue: str = "invariant") -> bytes:
    coding = {"system": HTTP_ERROR_CODES, "code": code}
    held = {"severity": "error", "code": issue, "details": {"coding": [coding]}, "diagnostics": "mock"}
    return build({"resourceType": "OperationOutcome", "issue": [held]}).source


def answered(response: Response) -> set[tuple[str, str]]:
    found = verdict(MESSAGE, request=called(MESSAGE), response=response)
    return {row for row in short(found) if row[0].startswith("RSP")}


def test_a_good_answer_has_nothing_against_it() -> None:
    assert answered(Response(200, "OK", IDS, TAKEN.source)) == set()
    assert answered(Response(400, "Bad Request", IDS, refusal())) == set()


def test_ids_come_back() -> None:
    one = (IDS[0], TYPE)
    assert answered(Response(200, "OK", one, TAKEN.source)) == {("RSP-001", "w")}
    other = (IDS[0], ("X-Correlation-Id", REQUEST_ID), TYPE)
    assert answered(Response(200, "OK", other, TAKEN.source)) == {("RSP-002", "e")}


def test_a_receiver_returns_ids_with_its_errors_and_the_platform_may_not() -> None:
    assert answered(Response(400, "", (TYPE,), refusal())) == {("RSP-001", "e")}
    assert answered(Response(404, "", (TYPE,), refusal("PROXY_NOT_FOUND", "not-found"))) == {("RSP-001", "w")}


def test_good_answers_can_be_read() -> None:
    assert answered(Response(200, "OK", IDS)) == {("RSP-004", "e")}
    assert answered(Response(200, "OK", IDS, b"{}")) == {("RSP-004", "e")}


def test_a_message_is_answered_with_a_message() -> None:
    assert answered(Response(200, "", IDS, build({"resourceType": "Patient"}).source)) == {("RSP-006", "e")}
    assert answered(Response(202, "", IDS, TAKEN.source)) == {("RSP-006", "i")}


def test_the_answer_gives_ids() -> None:
    focus = next(entry.path for entry in TAKEN.entries() if entry.type == "ServiceRequest")
    without = changed(TAKEN, drop(f"{focus}.id"))
    assert answered(Response(200, "", IDS, without.source)) == {("RSP-007", "w")}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("application/fhir+json; charset=utf-8", set()),
        ("application/fhir+json;version=1.0.0", set()),
        ("application/json", {("RSP-008", "w")}),
        ("text/plain", {("RSP-008", "w")}),
        ("application/fhir+xml", {("RSP-008", "e")}),
        ("application/fhir+json; charset=iso-8859-1", {("RSP-008", "w")}),
        (None, {("RSP-008", "w")}),
    ],
)
def test_content_type_is_that_of_the_answer(value: str | None, found: set[tuple[str, str]]) -> None:
    headers = (*IDS[:2], *((("Content-Type", value),) if value else ()))
    assert answered(Response(200, "OK", headers, TAKEN.source)) == found


def asked(path: str, resource: dict) -> list[tuple[str, str]]:
    """(rule, path) of what is wrong with the answer to a call that reads."""
    request = Request("GET", f"https://mock.example/FHIR/R4{path}", ())
    response = Response(200, "OK", IDS, build(resource).source)
    found = judge(Submission(None, request, response, default_profile(), Side.COMPOSE), timer=lambda: 0.0)
    return [(one.rule, one.path) for one in found.findings if one.rule == "RSP-009"]


def test_a_read_is_answered_with_what_was_asked_for() -> None:
    assert asked(f"/Appointment/{REQUEST_ID}", {"resourceType": "Appointment", "id": REQUEST_ID.upper()}) == []
    assert asked(f"/Appointment/{REQUEST_ID}", {"resourceType": "Appointment", "id": CORRELATION_ID}) == [
        ("RSP-009", "Appointment.id")
    ]
    assert asked(f"/Appointment/{REQUEST_ID}", {"resourceType": "Patient", "id": REQUEST_ID}) == [
        ("RSP-009", "Patient")
    ]
    assert asked("/Appointment", {"resourceType": "Bundle", "type": "searchset"}) == []
    assert asked("/Appointment", {"resourceType": "Bundle", "type": "message"}) == [("RSP-009", "Bundle.type")]
    assert asked("/metadata", {"resourceType": "CapabilityStatement"}) == []


def test_the_answer_is_about_the_same_message() -> None:
    number = f"{at(TAKEN, 'Patient')}.identifier[0].value"
    other = changed(TAKEN, put(number, "9990000425"))
    assert answered(Response(200, "OK", IDS, other.source)) == {("RSP-010", "w")}
    event = changed(TAKEN, put("Bundle.entry[0].resource.eventCoding.code", "booking-request"))
    assert ("RSP-010", "w") in answered(Response(200, "OK", IDS, event.source))


def test_an_answer_judged_alone_is_read_as_one() -> None:
    alone = Submission(TAKEN, None, Response(200, "", IDS, TAKEN.source), default_profile(1), Side.RECEIVE, None)
    assert not [row for row in short(judge(alone, timer=lambda: 0.0)) if row[0].startswith("RSP")]
