from __future__ import annotations

from datetime import UTC, datetime, timedelta

from workbench.doctor.jwt_words import jwt_rows
from workbench.keys import JwtFacts

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
EXP = int((NOW + timedelta(seconds=240)).timestamp())


def test_rows_come_in_the_order_of_the_questions_with_times_in_words() -> None:
    jwt = JwtFacts(
        {"typ": "JWT", "alg": "RS512", "kid": "int-1"}, {"jti": "j", "exp": EXP, "scope": ["a"], "iss": "app"}
    )
    assert jwt_rows(jwt) == (
        ("kid", "int-1"),
        ("alg", "RS512"),
        ("typ", "JWT"),
        ("iss", "app"),
        ("exp", "25 November 2026, 09:04:00 UTC"),
        ("jti", "j"),
        ("scope", "['a']"),
    )


def test_with_the_time_it_says_how_far_away_the_end_is() -> None:
    rows = dict(jwt_rows(JwtFacts({}, {"exp": EXP, "iat": EXP - 10_000}), NOW))
    assert rows["exp"].endswith(", in 4 min")
    assert rows["iat"].endswith(", 3 h ago")


def test_what_is_no_time_and_what_would_spoil_the_screen_is_shown_safely() -> None:
    rows = dict(jwt_rows(JwtFacts({"kid": "a\nb\x1b[2J"}, {"exp": 1e30, "sub": "x" * 1000, "nbf": True}), NOW))
    assert rows["exp"] == "1e+30"
    assert rows["nbf"] == "True"
    assert rows["kid"] == "a\ufffdb\ufffd[2J"
    assert rows["sub"].endswith("... (1000 characters)")
