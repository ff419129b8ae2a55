from __future__ import annotations

from tests.rules.builders import (
    CORRELATION_ID,
    REQUEST_ID,
    acknowledged,
    called,
    changed,
    composed,
    drop,
    short,
    verdict,
)
from workbench.exchange import Response
from workbench.messages import build
from workbench.rules import Side, Submission, judge
from workbench.standard import default_profile
from workbench.standard.urls import HTTP_ERROR_CODES

MESSAGE, TAKEN = composed(), acknowledged()
IDS = (("X-Request-Id", REQUEST_ID), ("X-Correlation-Id", CORRELATION_ID))


def refusal(code: str = "REC_BAD_REQUEST", issue: str = "invariant") -> bytes:
    coding = {"system": HTTP_ERROR_CODES, "code": code}
    held = {"severity": "error", "code": issue, "details": {"coding": [coding]}, "diagnostics": "mock"}
    return build({"resourceType": "OperationOutcome", "issue": [held]}).source


def answered(response: Response) -> set[tuple[str, str]]:
    return short(verdict(MESSAGE, request=called(MESSAGE), response=response))


def test_a_good_answer_has_nothing_against_it() -> None:
    assert answered(Response(200, "OK", IDS, TAKEN.source)) == set()
    assert answered(Response(400, "Bad Request", IDS, refusal())) == set()


def test_ids_come_back() -> None:
    assert answered(Response(200, "OK", IDS[:1], TAKEN.source)) == {("RSP-001", "w")}
    other = (IDS[0], ("X-Correlation-Id", REQUEST_ID))
    assert answered(Response(200, "OK", other, TAKEN.source)) == {("RSP-002", "e")}


def test_errors_have_an_outcome() -> None:
    assert answered(Response(503, "", IDS, b"<html></html>")) == {("RSP-003", "w")}
    assert answered(Response(503, "", IDS)) == {("RSP-003", "w")}


def test_good_answers_can_be_read() -> None:
    assert answered(Response(200, "OK", IDS)) == {("RSP-004", "e")}
    assert answered(Response(200, "OK", IDS, b"{}")) == {("RSP-004", "e")}


def test_codes_are_published_and_fit() -> None:
    assert answered(Response(400, "", IDS, refusal("MOCK"))) == {("RSP-005", "w")}
    assert answered(Response(400, "", IDS, refusal("REC_CONFLICT", "duplicate"))) == {("RSP-005", "w")}
    assert answered(Response(409, "", IDS, refusal("REC_CONFLICT", "throttled"))) == {("RSP-005", "i")}
    assert answered(Response(400, "", IDS, refusal("BAD_REQUEST", "invalid"))) == set()
    bare = build({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid"}]})
    assert answered(Response(400, "", IDS, bare.source)) == {("RSP-005", "w")}


def test_a_message_is_answered_with_a_message() -> None:
    assert answered(Response(200, "", IDS, build({"resourceType": "Patient"}).source)) == {("RSP-006", "e")}
    assert answered(Response(201, "", IDS, TAKEN.source)) == {("RSP-006", "i")}


def test_the_answer_gives_ids() -> None:
    focus = next(entry.path for entry in TAKEN.entries() if entry.type == "ServiceRequest")
    without = changed(TAKEN, drop(f"{focus}.id"))
    assert answered(Response(200, "", IDS, without.source)) == {("RSP-007", "w")}


def test_an_answer_judged_alone_is_read_as_one() -> None:
    alone = Submission(TAKEN, None, Response(200, "", IDS, TAKEN.source), default_profile(1), Side.RECEIVE, None)
    assert short(judge(alone, timer=lambda: 0.0)) == {("DEF-002", "w")}
