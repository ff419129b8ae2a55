"""Calls in the files of reports."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.evidence.test_masked import an_exchange
from workbench.interchange.har import as_har
from workbench.interchange.report_files import ReportFile
from workbench.interchange.reports import UNKNOWN_ADDRESS, read_reports

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
OUTCOME = b"""{"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "conflict", "details":
 {"coding": [{"system": "https://fhir.nhs.uk/CodeSystem/http-error-codes", "code": "REC_CONFLICT"}]}}]}"""


def a_message(id: str = "one", when: str = "2026-11-27T10:00:00Z") -> bytes:
    return (
        f'{{"resourceType": "Bundle", "id": "{id}", "type": "message", "timestamp": "{when}", "entry": [{{"resource":'
        ' {"resourceType": "MessageHeader", "eventCoding": {"code": "servicerequest-request"}}}]}'
    ).encode()


def a_file(name: str, content: bytes) -> ReportFile:
    return ReportFile(name, content, NOON)


def test_files_that_differ_in_request_and_response_are_one_call() -> None:
    for asked, answered in (
        ("01/request.json", "01/response.json"),
        ("requests/01.json", "responses/01.json"),
        ("01-validation-response-request.json", "01-validation-response-answer.json"),
    ):
        (call,) = read_reports([a_file(answered, OUTCOME), a_file(asked, a_message())]).calls
        assert call.request.url == UNKNOWN_ADDRESS, asked
        assert call.response is not None
        assert call.response.body == OUTCOME


def test_the_status_of_a_body_alone_follows_its_code_and_is_told() -> None:
    (call,) = read_reports([a_file("a-request.json", a_message()), a_file("a-response.json", OUTCOME)]).calls
    assert call.response is not None
    assert call.response.status == 409
    assert any("409" in note for note in call.left_out)


def test_a_message_called_a_response_is_a_message_where_nothing_was_asked() -> None:
    found = read_reports([a_file("full-validation-response.json", a_message())])
    assert [call.response for call in found.calls] == [None]


def test_calls_come_in_the_order_of_their_own_times() -> None:
    files = [a_file("a.json", a_message("late", "2026-11-27T11:00:00+01:00")), a_file("b.json", a_message("early",
        "2026-11-27T09:30:00Z"))]  # fmt: skip
    calls = read_reports(files).calls
    assert [b"early" in call.request.body for call in calls] == [True, False]
    assert calls[1].started == datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


def test_raw_http_gives_method_address_headers_and_the_answer_after_it() -> None:
    body = a_message()
    log = (
        b"POST /FHIR/R4/$process-message HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer secret\r\n"
        b"X-Request-Id: 7\r\n\r\n" + body + b"\r\n\r\nHTTP/1.1 409 Conflict\r\nDate: now\r\n\r\n" + OUTCOME
    )
    (call,) = read_reports([a_file("call.log", log)]).calls
    assert (call.request.method, call.request.url) == ("POST", "https://api.example/FHIR/R4/$process-message")
    assert call.request.headers == (("X-Request-Id", "7"),)
    assert call.request.body == body
    assert call.response is not None
    assert (call.response.status, call.response.reason, call.response.body) == (409, "Conflict", OUTCOME)
    assert "Authorization is a secret and was left out." in call.left_out


def test_an_http_archive_in_a_pack_stands_for_the_files_beside_it() -> None:
    archive = as_har([an_exchange(a_message())], version="1")
    found = read_reports([a_file("pack/conversation.har", archive.encode()), a_file("pack/messages/1.json", b"{}")])
    assert [call.request.body for call in found.calls] == [a_message()]
    assert found.passed_over[0].startswith("1 other files were passed over")


def test_what_is_no_message_is_told() -> None:
    found = read_reports([a_file("findings.json", b"[]"), a_file("a.xml", b"<html/>"), a_file("b.har", b"\xff")])
    assert not found.calls
    assert len(found.passed_over) == 3
    assert found.passed_over[0] == "b.har: It is not UTF-8."


def test_entries_of_an_archive_that_cannot_be_used_are_told() -> None:
    whole = json.loads(as_har([an_exchange(a_message())], version="1"))
    whole["log"]["entries"].append({"request": {}})
    found = read_reports([a_file("a.json", json.dumps(whole).encode())])
    assert len(found.calls) == 1
    assert found.passed_over == ("a.json: 1 of its entries are no calls with a time.",)
