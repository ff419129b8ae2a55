from __future__ import annotations

import pytest

from tests.rules.builders import CORRELATION_ID, REQUEST_ID, called, composed, headers_for, short, verdict
from workbench.headers import read_header_lines
from workbench.headers.base64_json import encode
from workbench.rules import Side, judge_bytes

MESSAGE = composed()
TARGET, ORGANISATION = "NHSD-Target-Identifier", "NHSD-End-User-Organisation"
SERVICE = "https://fhir.nhs.uk/Id/dos-service-id"


def rules_of(
    *overrides: tuple[str, str], absent: tuple[str, ...] = (), side: Side = Side.COMPOSE
) -> set[tuple[str, str]]:
    request = called(MESSAGE, headers_for(MESSAGE, *overrides, absent=absent))
    return short(verdict(MESSAGE, side, request=request))


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
        ("Content-Type", ("HDR-001", "e"), ("HDR-001", "w")),
    ],
)
def test_what_is_missing(name: str, compose: tuple[str, str], receive: tuple[str, str]) -> None:
    assert rules_of(absent=(name,)) == {compose}
    assert rules_of(absent=(name,), side=Side.RECEIVE) == {receive}


def test_a_practitioner_is_optional_and_a_token_is_no_matter_of_the_receiver() -> None:
    assert rules_of(absent=("NHSD-Requesting-Practitioner",)) == set()
    bare = headers_for(MESSAGE)[1:]
    assert short(verdict(MESSAGE, request=called(MESSAGE, bare))) == {("HDR-001", "i")}
    assert short(verdict(MESSAGE, Side.RECEIVE, request=called(MESSAGE, bare))) == set()


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("NHSD-End-User- Organisation", "x", {("HDR-003", "e")}),
        ("Authorisation", "Bearer mock", {("HDR-004", "w")}),
        ("X-Mock", "a\nb", {("HDR-005", "e")}),
        ("X-Mock", "ŷ", {("HDR-005", "e")}),
        ("X-Mock", " a", {("HDR-006", "w")}),
        ("X-Mock", "a" * 9000, {("HDR-006", "w")}),
        (TARGET, "e30", {("HDR-008", "e")}),
        (TARGET, encode({"system": SERVICE}), {("HDR-008", "e")}),
        (TARGET, encode({"system": SERVICE.lower(), "value": "9990000918"}), {("HDR-011", "e"), ("HDR-101", "w")}),
        (TARGET, encode({"system": SERVICE, "value": "9990000001"}), {("HDR-101", "e")}),
        (ORGANISATION, encode({"resourceType": "Organization", "name": "Mock"}), {("HDR-012", "e")}),
        (ORGANISATION, "not base64", {("HDR-009", "e")}),
        ("NHSD-Requesting-Software", encode({"resourceType": "Device"}), {("HDR-013", "e")}),
        (
            "NHSD-Requesting-Practitioner",
            encode({"resourceType": "Practitioner", "identifier": [{"value": "1"}]}),
            {("HDR-009", "e")},
        ),
        ("X-Request-Id", "{" + REQUEST_ID + "}", {("HDR-014", "e")}),
        ("X-Request-Id", "00000000-0000-0000-0000-000000000000", {("HDR-015", "w")}),
        ("X-Correlation-Id", REQUEST_ID, {("HDR-015", "w")}),
        ("Accept", "application/json", {("HDR-016", "w")}),
        ("Accept", "application/fhir+json; version=1.1", {("HDR-016", "w")}),
        ("Content-Type", "application/fhir+xml", {("HDR-017", "w")}),
        ("NHSD-Requesting-Person", encode({"resourceType": "Person"}), {("HDR-018", "i")}),
        ("use-context", "a1t2|referral|servicerequest-request|new", {("HDR-102", "w")}),
    ],
)
def test_what_is_wrong(name: str, value: str, found: set[tuple[str, str]]) -> None:
    assert rules_of((name, value)) == found


def test_a_header_is_given_once() -> None:
    twice = (*headers_for(MESSAGE), ("x-request-id", CORRELATION_ID))
    assert ("HDR-007", "e") in short(verdict(MESSAGE, request=called(MESSAGE, twice)))


def test_odd_bits_at_the_end_are_told() -> None:
    value = dict(headers_for(MESSAGE))[ORGANISATION]
    body = value.rstrip("=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    odd = encode({"resourceType": "Organization", "identifier": [], "name": "x"})
    for text in (value, odd):
        if text.endswith("="):
            body = text.rstrip("=")
            spoilt = body[:-1] + alphabet[alphabet.index(body[-1]) + 1] + "=" * (len(text) - len(body))
            assert ("HDR-010", "w") in rules_of((ORGANISATION, spoilt))
            return
    pytest.fail("no padded value to spoil")


def test_different_systems_of_one_service_are_told() -> None:
    other = encode({"system": "https://mock.example/service", "value": "9990000918"})
    assert rules_of((TARGET, other)) == {("HDR-101", "w")}


def test_findings_stand_at_the_line_of_their_header() -> None:
    text = "\n".join(f"{name}: {value}" for name, value in headers_for(MESSAGE)).replace(REQUEST_ID, "mock")
    lines = read_header_lines(text, what="headers.txt")
    _, found = judge_bytes(MESSAGE.source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0, headers=lines)
    assert [(one.rule, one.place.line) for one in found.findings] == [("HDR-014", 6)]
    _, found = judge_bytes(MESSAGE.source, versions=None, side=Side.RECEIVE, timer=lambda: 0.0, headers=())
    assert not [one for one in found.findings if one.rule.startswith("HDR")]
    assert "HTTP headers" in found.not_checked
