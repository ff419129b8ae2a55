"""The rules P1 to P19 of the live proxy and the diagnosis each gets.

Raised by the embedded sandbox where it does so, else by an answer that is written here.
"""

# ruff: noqa: ANN001, ANN003 - tests take table rows

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.doctor.builders import BOX, INT, NOW, a_key, a_refused_call, cause
from tests.receiver.builders import DOS
from tests.sandbox.builders import CLIENT, SENDER, Box, a_call, jwks
from tests.sandbox.test_proxy import CASES as RAISED
from tests.sandbox.test_proxy import b64, good_token, target
from workbench.doctor import Diagnosis, Retry, TokenFacts, diagnose_call, explain
from workbench.doctor.call_refusal import rule_of
from workbench.doctor.refusals import refusals
from workbench.errors import ErrorCode
from workbench.exchange import Failure, FailureKind, Request, Response
from workbench.sandbox import ProxyLimits, proxy_errors
from workbench.standard.urls import HTTP_ERROR_CODES

GOOD = TokenFacts("test-1", BOX.token_url, NOW + timedelta(seconds=500))


def diagnosed(call: Request, response: Response, **facts) -> Diagnosis:
    found = diagnose_call(a_refused_call(call, response, **facts))
    assert found is not None, response
    return found


def a_refusal(status: int, code: str, issue: str = "processing", said: str = "mock", **headers: str) -> Response:
    coding = {"system": HTTP_ERROR_CODES, "code": code}
    row = {"severity": "error", "code": issue, "details": {"coding": [coding]}, "diagnostics": said}
    body = json.dumps({"resourceType": "OperationOutcome", "issue": [row]}).encode()
    return Response(status, "", (("Content-Type", "application/json"), *headers.items()), body)


@pytest.mark.parametrize(("rule", "changes", "expected"), RAISED)
def test_each_rule_of_the_sandbox_is_recognised_and_keeps_its_words(rule: str, changes, expected) -> None:
    box = Box(ask_token=True)
    call = a_call(**{"token": good_token(box), **changes})
    found = diagnosed(call, box.call(call), key="" if "Authorization" in changes else "test-1")
    assert found.refusal == rule
    assert found.said == f"{expected[0]} {expected[2]} {expected[1]} {proxy_errors()[rule].text}"
    assert found.title
    assert found.next_step
    assert "{" not in found.title + found.text + found.next_step


CAUSES = [
    ({"Authorization": None}, {"key": ""}, "P4", "token-there", "no Authorization header"),
    ({"Authorization": "Basic abc"}, {"key": ""}, "P4", "token-there", "begins with 'Basic'"),
    ({"Authorization": "Bearer mock"}, {"key": ""}, "P3", "token-ours", "not one that this program got"),
    (
        {"Authorization": "Bearer mock"},
        {"token": replace(GOOD, token_url=INT.token_url)},
        "P3",
        "token-place",
        "one of INT, not Embedded sandbox",
    ),
    ({"Authorization": "Bearer mock"}, {"token": replace(GOOD, expires=NOW)}, "P6", "token-life", "had ended"),
    ({"X_Request_Id": None}, {}, "P7", "ids", "no X-Request-Id"),
    ({"X_Correlation_Id": None}, {}, "P7", "ids", "no X-Correlation-Id"),
    ({"path": "/DocumentReference"}, {}, "P8", "accept", "too low a version"),
    ({"path": "/DocumentReference", "Accept": None}, {}, "P8", "accept", "no Accept header"),
    ({"NHSD_Target_Identifier": None}, {}, "P9", "target-there", "no NHSD-Target-Identifier"),
    ({"NHSD_Target_Identifier": target().rstrip("=")[:-1]}, {}, "P9", "target-base64", "missing"),
    ({"NHSD_Target_Identifier": b64('{"system":"x"}')}, {}, "P10", "target-shape", "value missing"),
    ({"NHSD_Target_Identifier": target(value="1")}, {}, "P11", "target-known", "1 is not known for Embedded"),
    ({"NHSD_Target_Identifier": target(system=DOS.lower())}, {}, "P12", "target-system", DOS.lower()),
    ({"NHSD_Target_Identifier": b64("no json")}, {}, "P12", "target-shape", "not JSON"),
]


@pytest.mark.parametrize(("changes", "facts", "rule", "check", "words"), CAUSES)
def test_the_cause_that_is_found_here_comes_first(changes, facts, rule: str, check: str, words: str) -> None:
    box = Box(ask_token=True)
    call = a_call(**{"token": good_token(box), **changes})
    found = diagnosed(call, box.call(call), **facts)
    assert (found.refusal, found.checks[0].id, cause(found)) == (rule, check, check), found.checks
    assert words in found.title


def test_a_token_that_ran_out_and_an_application_without_bars_are_told_apart() -> None:
    box = Box(ask_token=True)
    call = a_call(token=good_token(box))
    box.pass_time(600)
    late = diagnosed(call, box.call(call), at=box.now, token=replace(GOOD, expires=NOW + timedelta(seconds=599)))
    assert (late.refusal, late.title) == ("P6", "The token had ended 1 s before the call")
    call = a_call(token=good_token(box))
    box.sandbox.register(CLIENT, jwks(), subscribed=False)
    other = diagnosed(call, box.call(call), token=GOOD)
    assert (other.refusal, other.title) == ("P5", "BaRS is not enabled for the application")
    bound = diagnosed(call, box.call(call), keys=(a_key("test-1", "int"),))
    assert (cause(bound), bound.title) == ("bound", "The key test-1 is for INT, not Embedded sandbox")


def away(kind: FailureKind, code: ErrorCode) -> Failure:
    """What the platform's own call to a receiver came to."""
    return Failure.of(kind, code, what="It", limit="32", cause="mock")


IN_THEIR_NAME = [
    ("P13", Response(504, "", (), b"{}")),
    ("P13", away(FailureKind.UNKNOWN, ErrorCode.NET_TIMEOUT)),
    ("P14", Response(503, "", (), b"busy")),
    ("P14", away(FailureKind.NOT_SENT, ErrorCode.NET_REFUSED)),
    ("P14", away(FailureKind.NOT_SENT, ErrorCode.NET_TLS)),
    ("P15", a_refusal(500, "REC_SERVER_ERROR", "no-store")),
    ("P16", Response(500, "", (), b"")),
    ("P17", a_refusal(403, "REC_FORBIDDEN", "security", "our own words")),
]


@pytest.mark.parametrize(("rule", "given"), IN_THEIR_NAME)
def test_what_bars_writes_in_the_receivers_name_is_named_as_such(rule: str, given: Response | Failure) -> None:
    box = Box()
    box.outside.outcome = given
    call = a_call(SENDER.service_id)
    response = box.call(call)
    found = diagnosed(call, response, services=((DOS, SENDER.service_id),))
    assert (found.refusal, cause(found), found.title) == (rule, "", refusals()[rule].title)
    told = explain(response)
    assert told is not None
    assert told.rewritten
    assert "BaRS wrote this in the receiver's name" in told.whose


def test_a_receiver_that_takes_longer_than_the_platform_waits() -> None:
    box = Box(limits=ProxyLimits(wait_s=0.01))

    async def never(_: Request) -> Response:
        await asyncio.Event().wait()
        raise AssertionError("nobody wakes it")

    box.sandbox.proxy._send = never
    call = a_call(SENDER.service_id)
    found = diagnosed(call, box.call(call), services=((DOS, SENDER.service_id),))
    assert (found.refusal, found.title) == ("P13", refusals()["P13"].title)


@pytest.mark.parametrize(
    ("limits", "rule", "words"),
    [
        (ProxyLimits(calls_a_minute=1), "P1", "PROXY_TOO_MANY_REQUESTS"),
        (ProxyLimits(calls_a_second=1), "P2", "Spike arrest violation"),
    ],
)
def test_more_calls_than_the_platform_takes(limits: ProxyLimits, rule: str, words: str) -> None:
    """P1 says what is meant, P2 is a bare fault of the gateway."""
    box = Box(limits=limits)
    call = a_call(method="GET", path="/metadata")
    assert box.call(call).status == 200
    response = box.call(call)
    found = diagnosed(call, response)
    assert (response.status, found.refusal, words in found.said) == (429, rule, True)
    told = explain(response)
    assert told is not None
    assert told.retry is Retry.YES
    box.pass_time(61)
    assert box.call(call).status == 200


@pytest.mark.parametrize(
    ("kind", "code"),
    [(FailureKind.UNKNOWN, ErrorCode.NET_NO_ANSWER), (FailureKind.CUT, ErrorCode.NET_TOO_LARGE)],
)
def test_a_receiver_that_cuts_the_connection_is_a_fault_of_the_gateway(kind: FailureKind, code: ErrorCode) -> None:
    box = Box()
    box.outside.outcome = away(kind, code)
    call = a_call(SENDER.service_id)
    response = box.call(call)
    found = diagnosed(call, response, services=((DOS, SENDER.service_id),))
    assert (response.status, found.refusal, "Bad Gateway" in found.said) == (502, "gateway", True)


@pytest.mark.parametrize(
    ("status", "code", "issue"),
    [
        (400, "REC_BAD_REQUEST", "invariant"),
        (401, "REC_UNAUTHORIZED", "security"),
        (404, "REC_NOT_FOUND", "not-found"),
        (405, "REC_METHOD_NOT_ALLOWED", "not-supported"),
        (406, "REC_NOT_ACCEPTABLE", "processing"),
        (408, "REC_TIMEOUT", "timeout"),
        (409, "REC_CONFLICT", "conflict"),
        (422, "REC_UNPROCESSABLE_ENTITY", "not-supported"),
        (425, "REC_TOO_EARLY", "duplicate"),
        (429, "REC_TOO_MANY_REQUESTS", "throttled"),
        (500, "REC_SERVER_ERROR", "exception"),
        (501, "REC_NOT_IMPLEMENTED", "not-supported"),
    ],
)
def test_what_a_receiver_says_itself_is_left_to_it(status: int, code: str, issue: str) -> None:
    box = Box()
    box.outside.outcome = a_refusal(status, code, issue, "the receiver's own words")
    call = a_call(SENDER.service_id)
    response = box.call(call)
    found = diagnosed(call, response, services=((DOS, SENDER.service_id),))
    assert (found.refusal, "the receiver's own words" in found.said) == ("P18", True)
    told = explain(response)
    assert told is not None
    assert (told.rewritten, told.whose.startswith("The receiver")) == (False, True)


WRITTEN = [
    ("P1", a_refusal(429, "PROXY_TOO_MANY_REQUESTS", "429")),
    ("P1", a_refusal(429, "SEND_TOO_MANY_REQUESTS", "throttled")),
    ("P1", a_refusal(500, "TOO_MANY_REQUESTS", "throttled")),
    (
        "P2",
        Response(
            500,
            "",
            (("Content-Type", "application/json"),),
            b'{"fault": {"faultstring": "Spike arrest violation", "detail": {"errorcode": "policies.ratelimit.Mock"}}}',
        ),
    ),
    ("P3", a_refusal(401, "SEND_UNAUTHORIZED", "login")),
    ("P6", a_refusal(401, "SEND_UNAUTHORIZED", "expired")),
    ("P7", a_refusal(400, "SEND_BAD_REQUEST", "required")),
    ("P9", a_refusal(400, "BAD_REQUEST", "invalid", "The base64 cannot be read")),
    ("P10", a_refusal(400, "BAD_REQUEST", "structure")),
    ("P11", a_refusal(404, "NOT_FOUND", "not-found")),
    ("P11", a_refusal(404, "PROXY_NOT_FOUND", "multiple-matches")),
    ("P14", a_refusal(503, "REC_UNAVAILABLE", "transient")),
    ("gateway", Response(502, "", (), b'{"fault": {"detail": {"errorcode": "messaging.adaptors.mock"}}}')),
    ("gateway", Response(502, "", (), b"")),
    ("between", Response(403, "", (("Content-Type", "text/html"),), b"<html>Firewall</html>")),
    ("between", Response(302, "", (("Location", "https://portal.example"),), b"")),
    ("path", a_refusal(404, "NOT_FOUND", "not-found", "There is no such path.")),
]


@pytest.mark.parametrize(("rule", "response"), WRITTEN)
def test_answers_that_the_sandbox_does_not_give(rule: str, response: Response) -> None:
    found = diagnosed(a_call(token="mock"), response, token=GOOD)
    assert found.refusal == rule
    assert found.said.startswith(str(response.status))
    assert "{" not in found.title + found.text + found.next_step


def test_a_bare_error_with_the_ids_is_the_receivers() -> None:
    call = a_call(token="mock")
    ids = tuple((name, call.header(name) or "") for name in ("X-Request-Id", "X-Correlation-Id"))
    assert diagnosed(call, Response(400, "", ids, b"no")).refusal == "P18"


def test_a_success_needs_no_doctor() -> None:
    box = Box(ask_token=True)
    call = a_call(method="GET", path="/metadata", token=good_token(box))
    response = box.call(call)
    assert (response.status, rule_of(response)) == (200, "P19")
    assert diagnose_call(a_refused_call(call, response)) is None


def test_a_call_to_another_host_is_named() -> None:
    call = replace(a_call(token="mock"), url=f"{INT.base_url}/$process-message")
    live = replace(BOX, base_url="https://mock.example/FHIR/R4")
    found = diagnosed(call, a_refusal(401, "SEND_UNAUTHORIZED", "security"), place=live)
    assert (found.refusal, cause(found)) == ("P3", "host")
    assert found.title == "The call went to int.api.service.nhs.uk, and Embedded sandbox is mock.example"


def test_every_rule_was_provoked() -> None:
    raised = {rule for rule, *_ in RAISED} | {rule for rule, _ in IN_THEIR_NAME}
    raised |= {"P1", "P2", "P5", "P6", "P18", "P19", "gateway"}
    assert {f"P{n}" for n in range(1, 20)} <= raised, "the embedded sandbox raises each of them"
    provoked = raised | {rule for rule, _ in WRITTEN}
    assert {id for id in refusals() if id[0] == "P" or id in ("gateway", "between", "path")} == provoked - {"P19"}


def test_the_token_is_in_no_diagnosis() -> None:
    call = a_call(Authorization="Bearer mock-canary-token")
    assert "mock-canary-token" not in repr(diagnosed(call, a_refusal(401, "SEND_UNAUTHORIZED", "security")))
