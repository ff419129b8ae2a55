"""The routing proxy: its refusals P3 to P12, what it makes of a receiver's answer, what it passes on."""

# ruff: noqa: ANN001 - tests take table rows

from __future__ import annotations

import base64
import json

import pytest

from tests.receiver.builders import DOS
from tests.sandbox.builders import CLIENT, OUTSIDE, SENDER, Box, a_call, a_message, jwks
from workbench.errors import ErrorCode
from workbench.exchange import Failure, FailureKind, Response
from workbench.sandbox import proxy_errors

EC = "https://fhir.nhs.uk/Codesystem/http-error-codes"
OO = "http://hl7.org/fhir/ValueSet/operation-outcome"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def target(system: str = DOS, value: str = "2000011147") -> str:
    return b64(json.dumps({"system": system, "value": value}))


def good_token(box: Box) -> str:
    return json.loads(box.token().body)["access_token"]


CASES = [
    ("P4", {"Authorization": None}, (401, "unknown", "SEND_UNAUTHORIZED", EC)),
    ("P4", {"Authorization": ""}, (401, "unknown", "SEND_UNAUTHORIZED", EC)),
    ("P4", {"Authorization": "Basic abc"}, (401, "unknown", "SEND_UNAUTHORIZED", EC)),
    ("P3", {"Authorization": "Bearer invalid_token"}, (401, "security", "SEND_UNAUTHORIZED", EC)),
    ("P7", {"X_Request_Id": None}, (400, "invalid", "BAD_REQUEST", EC)),
    ("P7", {"X_Correlation_Id": None}, (400, "invalid", "BAD_REQUEST", EC)),
    ("P8", {"path": "/DocumentReference"}, (406, "processing", "SEND_NOT_ACCEPTABLE", EC)),
    ("P8", {"path": "/DocumentReference", "Accept": None}, (406, "processing", "SEND_NOT_ACCEPTABLE", EC)),
    ("P9", {"NHSD_Target_Identifier": None}, (400, "400", "PROXY_BAD_REQUEST", OO)),
    ("P9", {"NHSD_Target_Identifier": "this-is-not-base-64"}, (400, "400", "PROXY_BAD_REQUEST", OO)),
    ("P9", {"NHSD_Target_Identifier": target().rstrip("=")[:-1]}, (400, "400", "PROXY_BAD_REQUEST", OO)),
    ("P10", {"NHSD_Target_Identifier": b64('{"system":"x"}')}, (400, "structure", "PROXY_BAD_REQUEST", OO)),
    ("P10", {"NHSD_Target_Identifier": target(value="")}, (400, "structure", "PROXY_BAD_REQUEST", OO)),
    ("P11", {"NHSD_Target_Identifier": target(value="1")}, (404, "not-found", "PROXY_NOT_FOUND", EC)),
    ("P12", {"NHSD_Target_Identifier": target(system=DOS.lower())}, (500, "exception", "REC_SERVER_ERROR", EC)),
    ("P12", {"NHSD_Target_Identifier": b64("no json")}, (500, "exception", "REC_SERVER_ERROR", EC)),
]


def facts(response: Response) -> tuple[int, str, str, str]:
    one = json.loads(response.body)["issue"][0]
    coding = one["details"]["coding"][0]
    return response.status, one["code"], coding["code"], coding["system"]


@pytest.mark.parametrize(("rule", "changes", "expected"), CASES)
def test_refusals_are_those_of_the_platform(rule: str, changes, expected) -> None:
    box = Box(ask_token=True)
    call = a_call(**{"token": good_token(box), **changes})
    response = box.call(call)
    assert facts(response) == expected
    body = json.loads(response.body)
    assert (body["id"], body["issue"][0]["diagnostics"]) == (proxy_errors()[rule].outcome, proxy_errors()[rule].text)
    assert "display" not in body["issue"][0]["details"]["coding"][0]
    assert response.header("Content-Type") == "application/json"
    assert response.header("X-Correlation-Id") == call.header("X-Correlation-Id")


def test_a_token_runs_out_and_may_belong_to_an_app_without_bars() -> None:
    box = Box(ask_token=True)
    token = good_token(box)
    box.pass_time(600)
    assert facts(box.call(a_call(token=token))) == (401, "security", "SEND_UNAUTHORIZED", EC)
    fresh = good_token(box)
    box.sandbox.register(CLIENT, jwks(), subscribed=False)
    assert facts(box.call(a_call(token=fresh))) == (403, "forbidden", "SEND_FORBIDDEN", EC)


def test_without_tokens_none_is_asked_for() -> None:
    assert Box().call(a_call(method="GET", path="/metadata")).status == 200


def test_metadata_without_target_is_the_platforms_own() -> None:
    box = Box(ask_token=True)
    headers = {"NHSD_Target_Identifier": None, "X_Request_Id": None, "X_Correlation_Id": None}
    response = box.call(a_call(method="GET", path="/metadata", **headers))
    statement = json.loads(response.body)
    assert (response.status, response.header("Content-Type")) == (200, "application/json")
    assert statement["title"] == "BaRS, embedded sandbox"
    partner = json.loads(box.call(a_call(method="GET", path="/metadata", token=good_token(box))).body)
    assert partner["title"] == "Northgate Hospital"


def test_path_query_headers_and_body_go_on_but_the_token_does_not() -> None:
    box = Box(ask_token=True)
    box.outside.outcome = Response(422, "", (("X-Request-Id", "x"),), b"own words")
    path = "/Slot?status=free%2Cbusy&start=ge2030-03-01T09%3A00%3A00%2B00%3A00"
    call = a_call(SENDER.service_id, method="GET", path=path, body=b"body", token=good_token(box))
    response = box.call(call)
    passed = box.outside.requests[-1]
    assert (passed.url, passed.method, passed.body) == (OUTSIDE + path, "GET", b"body")
    assert passed.header("Authorization") is None
    assert passed.header("NHSD-Target-Identifier") == call.header("NHSD-Target-Identifier")
    assert response == box.outside.outcome


def outcome(issue: str) -> bytes:
    return json.dumps({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": issue}]}).encode()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (504, b"{}", (408, "timeout", "REC_TIMEOUT", EC)),
        (503, outcome("transient"), (503, "transient", "REC_SERVICE_UNAVAILABLE", EC)),
        (403, outcome("security"), (403, "forbidden", "REC_FORBIDDEN", EC)),
        (500, outcome("no-store"), (500, "no-store", "REC_SERVER_ERROR", EC)),
        (500, b"{}", (500, "exception", "REC_SERVER_ERROR", EC)),
        (500, b"", (500, "exception", "REC_SERVER_ERROR", EC)),
    ],
)
def test_some_answers_of_a_receiver_are_replaced(status: int, body: bytes, expected) -> None:
    box = Box()
    box.outside.outcome = Response(status, "", (), body)
    assert facts(box.call(a_call(SENDER.service_id))) == expected


@pytest.mark.parametrize("status", [200, 400, 401, 404, 405, 406, 408, 409, 422, 425, 429, 501])
def test_all_others_pass_through(status: int) -> None:
    box = Box()
    box.outside.outcome = Response(status, "", (), b"own words")
    assert box.call(a_call(SENDER.service_id)) == box.outside.outcome


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        (FailureKind.UNKNOWN, ErrorCode.NET_TIMEOUT, (408, "timeout", "REC_TIMEOUT", EC)),
        (FailureKind.NOT_SENT, ErrorCode.NET_REFUSED, (503, "transient", "REC_SERVICE_UNAVAILABLE", EC)),
    ],
)
def test_a_receiver_that_does_not_answer(kind, code, expected) -> None:
    box = Box()
    box.outside.outcome = Failure.of(kind, code, what="It", limit="32")
    assert facts(box.call(a_call(SENDER.service_id))) == expected


def test_a_partner_answers_through_the_proxy() -> None:
    box = Box(ask_token=True)
    message = a_message(box, "2000011147")
    assert box.call(a_call(body=message.source, token=good_token(box))).status == 200


def test_what_is_nowhere_is_not_found() -> None:
    from workbench.exchange import Request

    assert facts(Box().call(Request("GET", "http://127.0.0.1:1/elsewhere"))) == (404, "not-found", "NOT_FOUND", EC)


def test_a_decoded_answer_is_passed_on_without_its_encoding() -> None:
    box = Box()
    box.outside.outcome = Response(200, "OK", (("Content-Encoding", "gzip"), ("X-Request-Id", "x")), b"{}")
    response = box.call(a_call(SENDER.service_id, method="GET", path="/Slot"))
    assert response.body == b"{}"
    assert (response.header("Content-Encoding"), response.header("X-Request-Id")) == (None, "x")
