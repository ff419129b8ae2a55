from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.builders import CORRELATION_ID, REQUEST_ID, called, composed, headers_for, short, verdict
from workbench.headers import read_header_lines
from workbench.headers.base64_json import encode
from workbench.messages import Syntax, convert
from workbench.rules import Side, judge_bytes

if TYPE_CHECKING:
    from workbench.exchange import Request

MESSAGE = composed()
TARGET, ORGANISATION = "NHSD-Target-Identifier", "NHSD-End-User-Organisation"


def rules_of(
    *overrides: tuple[str, str], absent: tuple[str, ...] = (), side: Side = Side.COMPOSE
) -> set[tuple[str, str]]:
    return of_headers(called(MESSAGE, headers_for(MESSAGE, *overrides, absent=absent)), side)


def of_headers(request: Request, side: Side = Side.COMPOSE) -> set[tuple[str, str]]:
    return {row for row in short(verdict(MESSAGE, side, request=request)) if row[0].startswith("HDR")}


def test_composed_headers_have_nothing_against_them() -> None:
    assert rules_of() == set()
    assert rules_of(side=Side.RECEIVE) == set()


@pytest.mark.parametrize(
    ("name", "compose", "receive"),
    [
        (TARGET, ("HDR-002", "e"), ("HDR-002", "e")),
        (ORGANISATION, ("HDR-001", "e"), ("HDR-001", "e")),
        ("NHSD-Requesting-Software", ("HDR-001", "e"), ("HDR-001", "e")),
        ("X-Request-Id", ("HDR-001", "e"), ("HDR-001", "e")),
        ("X-Correlation-Id", ("HDR-001", "e"), ("HDR-001", "e")),
        ("use-context", ("HDR-001", "e"), ("HDR-001", "w")),
        ("Accept", ("HDR-001", "e"), ("HDR-001", "w")),
        ("Content-Type", ("HDR-025", "e"), ("HDR-025", "e")),
    ],
)
def test_what_is_missing(name: str, compose: tuple[str, str], receive: tuple[str, str]) -> None:
    assert rules_of(absent=(name,)) == {compose}
    assert rules_of(absent=(name,), side=Side.RECEIVE) == {receive}


def test_a_practitioner_is_optional_and_a_token_is_no_matter_of_the_receiver() -> None:
    assert rules_of(absent=("NHSD-Requesting-Practitioner",)) == set()
    bare = headers_for(MESSAGE)[1:]
    assert of_headers(called(MESSAGE, bare)) == {("HDR-001", "i")}
    assert of_headers(called(MESSAGE, bare), Side.RECEIVE) == set()


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("NHSD-End-User- Organisation", "x", {("HDR-003", "e")}),
        ("Authorisation", "Bearer mock", {("HDR-004", "w")}),
        ("NHSD-Requesting-Sofware", "x", {("HDR-004", "w")}),
        ("X-Mock", "a\nb", {("HDR-005", "e")}),
        ("X-Mock", "ŷ", {("HDR-005", "e")}),
        ("X-Mock", " a", {("HDR-006", "w")}),
        ("X-Mock", "a" * 9000, {("HDR-006", "w")}),
        ("X-Request-Id", "{" + REQUEST_ID + "}", {("HDR-014", "e")}),
        ("X-Request-Id", "00000000-0000-0000-0000-000000000000", {("HDR-015", "w")}),
        ("X-Correlation-Id", REQUEST_ID, {("HDR-015", "w")}),
        ("Accept", "application/json", {("HDR-016", "w")}),
        ("Accept", "application/fhir+json; version=1.1", {("HDR-016", "w")}),
        ("Content-Type", "application/fhir+xml", {("HDR-017", "w")}),
        ("NHSD-Requesting-Person", encode({"resourceType": "Person"}), {("HDR-018", "i")}),
        ("Accept", 'application/fhir+json; version="1.0.0"', {("HDR-016", "w")}),
        ("Accept", "text/html, application/fhir+json;version=1.1.0", set()),
        ("Content-Type", "application/json", {("HDR-025", "e")}),
        ("Content-Type", "text/plain", {("HDR-025", "e")}),
        ("Content-Type", "application/fhir+json; charset=utf-16", {("HDR-025", "e")}),
        ("Content-Type", "application/fhir+json; charset=UTF-8; version=1.0.0", set()),
        ("use-context", "a1t1 | referral|servicerequest-request|new", {("HDR-026", "w"), ("HDR-102", "w")}),
        ("use-context", "a1t1|referral|new", {("HDR-026", "w")}),
        ("use-context", "a9t9|referral|servicerequest-request|new", {("HDR-026", "w"), ("HDR-102", "w")}),
        ("use-context", "a1t1|booked|servicerequest-request|new", {("HDR-026", "w"), ("HDR-102", "w")}),
        ("use-context", "a1t1|referral|mock|new", {("HDR-026", "w"), ("HDR-102", "w")}),
        ("use-context", "a1t1|referral|servicerequest-request|mock", {("HDR-026", "w"), ("HDR-102", "w")}),
    ],
)
def test_what_is_wrong(name: str, value: str, found: set[tuple[str, str]]) -> None:
    assert rules_of((name, value)) == found


def test_a_header_is_given_once() -> None:
    twice = (*headers_for(MESSAGE), ("x-request-id", CORRELATION_ID))
    assert ("HDR-007", "e") in of_headers(called(MESSAGE, twice))
    hosts = (*headers_for(MESSAGE), ("Host", "a.example"), ("Host", "b.example"))
    assert ("HDR-007", "e") in of_headers(called(MESSAGE, hosts))
    accepts = (*headers_for(MESSAGE), ("Accept", "application/fhir+json; version=1.1.0"))
    assert of_headers(called(MESSAGE, accepts)) == set()
    via = (*headers_for(MESSAGE), ("Via", "1.1 a"), ("Via", "1.1 b"))
    assert of_headers(called(MESSAGE, via)) == set()


def test_content_type_names_the_syntax_of_the_body() -> None:
    as_xml = convert(MESSAGE, Syntax.XML)
    headers = headers_for(MESSAGE, ("Content-Type", "application/fhir+xml"))
    rules = {one.rule for one in verdict(as_xml, Side.RECEIVE, request=called(as_xml, headers)).findings}
    assert not {rule for rule in rules if rule.startswith("HDR")}


def test_a_token_is_a_bearer_and_only_senders_are_told() -> None:
    for value in ("mock", "Basic bW9jaw==", "Bearer", "Bearer a b"):
        request = called(MESSAGE, (("Authorization", value), *headers_for(MESSAGE)[1:]))
        assert of_headers(request) == {("HDR-027", "e")}
        assert of_headers(request, Side.RECEIVE) == set()
    stored = called(MESSAGE, (("Authorization", "[secret sha256:0badcafe]"), *headers_for(MESSAGE)[1:]))
    assert of_headers(stored) == set()


def test_the_length_is_told_one_way() -> None:
    both = (*headers_for(MESSAGE), ("Content-Length", "1"), ("Transfer-Encoding", "chunked"))
    assert of_headers(called(MESSAGE, both)) == {("HDR-028", "e")}
    assert of_headers(called(MESSAGE, both[:-1])) == set()


def test_each_finding_names_its_header() -> None:
    request = called(MESSAGE, headers_for(MESSAGE, ("Content-Type", "text/plain"), ("use-context", "a|b")))
    found = {one.rule: one.path for one in verdict(MESSAGE, request=request).findings}
    assert found["HDR-025"] == "headers['Content-Type']"
    assert found["HDR-026"] == "headers['use-context']"


def test_a_file_without_a_header_line_misses_them_all() -> None:
    lines = read_header_lines("# nothing yet\n", what="headers.txt")
    _, found = judge_bytes(MESSAGE.source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0, headers=lines)
    missing = [one.path for one in found.findings if one.rule in ("HDR-001", "HDR-002", "HDR-025")]
    assert "headers['X-Request-Id']" in missing
    assert len(missing) == 8
    assert "HTTP headers" not in found.not_checked


def test_a_folded_header_is_refused() -> None:
    text = "\n".join(f"{name}: {value}" for name, value in headers_for(MESSAGE, ("X-Mock", "a"))) + "\n b\n"
    lines = read_header_lines(text, what="headers.txt")
    _, found = judge_bytes(MESSAGE.source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0, headers=lines)
    assert [(one.rule, one.path) for one in found.findings if one.rule.startswith("HDR")] == [
        ("HDR-005", "headers['X-Mock']")
    ]


def test_findings_stand_at_the_line_of_their_header() -> None:
    text = "\n".join(f"{name}: {value}" for name, value in headers_for(MESSAGE)).replace(REQUEST_ID, "mock")
    lines = read_header_lines(text, what="headers.txt")
    _, found = judge_bytes(MESSAGE.source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0, headers=lines)
    assert [(one.rule, one.place.line) for one in found.findings if one.rule[:3] == "HDR"] == [("HDR-014", 6)]
    _, found = judge_bytes(MESSAGE.source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0, headers=())
    assert not [one for one in found.findings if one.rule.startswith("HDR")]
    assert "HTTP headers" in found.not_checked
