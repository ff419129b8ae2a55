"""Exchanges as values: headers by any case, bodies out of text forms, phases that add up; ports are checked by mypy."""

from __future__ import annotations

from datetime import UTC, datetime

from workbench.errors import ErrorCode
from workbench.exchange import Direction, Exchange, Failure, FailureKind, Request, Response, Timing
from workbench.exchange.values import Address, header, headers
from workbench.standard import default_profile

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_headers_are_found_by_any_case_and_all_of_them() -> None:
    rows = (("X-Request-Id", "1"), ("x-request-id", "2"), ("Accept", "*/*"))
    assert headers(rows, "X-REQUEST-ID") == ("1", "2")
    assert header(rows, "accept") == "*/*"
    assert header(rows, "Host") is None


def test_a_body_and_a_token_stay_out_of_text_forms() -> None:
    rows = (("Authorization", "Bearer very-secret"),)
    for value in (Request("POST", "https://x/y", rows, b"Quillfeather"), Response(200, "OK", rows, b"Quillfeather")):
        assert "Quillfeather" not in repr(value)
        assert "very-secret" not in repr(value)


def test_the_phases_that_happened_add_up() -> None:
    assert Timing(NOW).total is None
    assert Timing(NOW, connect=0.25, wait=0.5).total == 0.75


def test_an_exchange_is_in_flight_until_something_is_known() -> None:
    sent = Exchange(
        "x", 0, Direction.OUT, "embedded", "metadata", default_profile(), Request("GET", "https://x"), Timing(NOW)
    )
    assert sent.in_flight
    failure = Failure.of(FailureKind.NOT_SENT, ErrorCode.NET_REFUSED, what="x:1")
    assert failure.sentence
    assert failure.next_step
    assert "x:1" in failure.sentence
    assert Address("127.0.0.1", 8443, False).origin == "http://127.0.0.1:8443"
    assert Response(299, "", (), b"").ok
    assert not Response(300, "", (), b"").ok
