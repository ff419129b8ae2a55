from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.exchange import Request, Response
from workbench.rules.answer_checks import HTTP, OWASP, Level, checked
from workbench.standard.secure_headers import secure_headers

SECURE = Request("GET", "https://mock.example/FHIR/R4/Appointment")
PLAIN = Request("GET", "http://127.0.0.1/FHIR/R4/Appointment")
MINIMUM = (
    ("Date", "Tue, 24 Nov 2026 09:00:00 GMT"),
    ("Content-Type", "application/fhir+json"),
    ("Content-Length", "2"),
    ("X-Request-Id", "0badcafe-0000-4000-8000-00000000000a"),
    ("X-Correlation-Id", "0badcafe-0000-4000-8000-00000000000b"),
)
FULL = tuple((row.name, row.value or "camera=(), microphone=()") for row in secure_headers().add if row.level != "none")


def told(*headers: tuple[str, str], status: int = 200, request: Request = SECURE) -> list[tuple[Level, str]]:
    """Failures and warnings by header."""
    found = checked(Response(status, "", (*MINIMUM, *headers), b"{}"), request)
    return [(one.level, one.name) for one in found if one.level in (Level.FAIL, Level.WARN)]


def test_the_least_a_receiver_sends_and_the_whole_list_of_advice_are_both_clean() -> None:
    assert told() == told(request=PLAIN) == []
    assert told(*FULL) == told(*FULL, request=PLAIN) == []
    advised = {one.name for one in checked(Response(200, "", MINIMUM, b"{}"), SECURE) if one.level is Level.ADVICE}
    assert advised == {row.name for row in secure_headers().add if row.level == "advice"}
    assert not [
        one for one in checked(Response(200, "", (*MINIMUM, *FULL), b"{}"), SECURE) if one.level is Level.ADVICE
    ]


def test_each_name_to_remove_is_told_once() -> None:
    before = Counter(checked(Response(200, "", MINIMUM, b"{}"), SECURE))
    for name in secure_headers().removed:
        more = Counter(checked(Response(200, "", (*MINIMUM, (name, "mock")), b"{}"), SECURE)) - before
        (one,) = more
        assert one.name == name
        assert one.authority == OWASP
        assert one.level in (Level.WARN, Level.ADVICE)


@pytest.mark.parametrize(
    ("header", "level"),
    [
        (("Server", "Apache/2.4.6 (CentOS)"), Level.WARN),
        (("X-Content-Type-Options", "sniff"), Level.WARN),
        (("Strict-Transport-Security", "max-age=0"), Level.WARN),
        (("Cache-Control", "public, max-age=60"), Level.WARN),
        (("X-Frame-Options", "ALLOW-FROM https://mock.example"), Level.WARN),
        (("Referrer-Policy", "unsafe-url"), Level.WARN),
        (("X-XSS-Protection", "1; mode=block"), Level.WARN),
        (("Public-Key-Pins", "x"), Level.WARN),
        (("Date", "yesterday"), Level.WARN),
        (("X-Mock", "10.1.2.3"), Level.WARN),
        (("X-Mock", "node7.local"), Level.WARN),
        (("X-Mock", f"{'a-' * 30_000} b.local"), Level.WARN),
        (("Content-Length", "3"), Level.FAIL),
        (("Transfer-Encoding", "chunked"), Level.FAIL),
    ],
)
def test_a_mistake_in_a_header_that_is_there_is_told(header: tuple[str, str], level: Level) -> None:
    name = header[0]
    kept = tuple(row for row in MINIMUM if row[0] != name or name == "Content-Length")
    found = checked(Response(200, "", (*kept, header), b"{}"), SECURE)
    assert [one.level for one in found if one.name == name and one.level in (Level.FAIL, Level.WARN)] == [level]


@pytest.mark.parametrize(
    "header",
    [
        ("X-XSS-Protection", "0"),
        ("Cache-Control", "no-store"),
        ("Cache-Control", "private, max-age=0"),
        ("X-Mock", "110.1.2.3"),
        ("X-Mock", "version 10.1.2"),
        ("Access-Control-Allow-Origin", "https://mock.example"),
    ],
)
def test_what_does_no_harm_is_not_warned_of(header: tuple[str, str]) -> None:
    assert told(header) == []


def test_what_may_be_kept_for_a_day() -> None:
    known = Request("GET", "https://mock.example/FHIR/R4/MessageDefinition?context=1")
    assert told(("Cache-Control", "max-age=86400"), request=known) == []
    assert told(("Cache-Control", "max-age=86401"), request=known) == [(Level.WARN, "Cache-Control")]
    assert told(("Cache-Control", "max-age=86400")) == [(Level.WARN, "Cache-Control")]


def test_a_status_has_its_headers() -> None:
    assert told(status=401) == [(Level.WARN, "WWW-Authenticate")]
    assert told(("WWW-Authenticate", "Bearer"), status=401) == []
    assert told(("WWW-Authenticate", 'Basic realm="Apache Tomcat"'), status=401) == [(Level.WARN, "WWW-Authenticate")]
    assert told(status=405) == [(Level.WARN, "Allow")]
    assert told(("Allow", "GET"), status=405) == []
    assert told(status=201) == [(Level.WARN, "Location")]
    assert told(("Location", "/Appointment/1"), status=201) == []
    assert told(("Location", "/"), status=302) == [(Level.WARN, "Location")]
    assert told(status=503) == []
    assert (Level.ADVICE, "Retry-After", HTTP) in {
        (one.level, one.name, one.authority) for one in checked(Response(503, "", MINIMUM), SECURE)
    }


def test_credentials_for_any_page_are_warned_of() -> None:
    pair = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Credentials", "true"))
    assert told(*pair) == [(Level.WARN, "Access-Control-Allow-Origin")]


def test_http_2_has_no_headers_about_the_connection() -> None:
    newer = Request("GET", "https://mock.example/", http_version="2")
    assert told(("Keep-Alive", "timeout=5"), request=newer) == [(Level.FAIL, "Keep-Alive")]
    assert told(("Keep-Alive", "timeout=5")) == []


@given(st.lists(st.tuples(st.text(), st.text())), st.integers(100, 599))
def test_no_list_of_headers_breaks_it(headers: list[tuple[str, str]], status: int) -> None:
    for one in checked(Response(status, "", tuple(headers), b""), SECURE):
        assert one.text
