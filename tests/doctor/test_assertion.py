"""What is right and wrong about an assertion beside what the token endpoint refuses: reserved headers, nbf, iat.

The refusals themselves, with token_refusal, are walked in the folder of faults.
"""

from __future__ import annotations

import jwt
import pytest

from tests.doctor.builders import BOX, KEYS, NOW, PLACES, by_id
from tests.sandbox.builders import CLIENT, TOKEN_URL, signing_key
from workbench.doctor import Check, SignIn, State, assertion_checks
from workbench.keys import read_jwt

AT = int(NOW.timestamp())
CLAIMS = {"iss": CLIENT, "sub": CLIENT, "aud": TOKEN_URL, "jti": "j-1", "exp": AT + 240}


def checked(claims: dict[str, object] | None = None, **header: object) -> tuple[Check, ...]:
    token = jwt.encode(
        {**CLAIMS, **(claims or {})}, signing_key(), algorithm="RS512", headers={"kid": "test-1", **header}
    )
    facts = read_jwt(token, [dict(key.jwk) for key in KEYS])
    return assertion_checks(SignIn(BOX, PLACES, KEYS, NOW, facts, published=frozenset({"test-1"})))


def test_a_good_assertion_is_fine_in_every_respect() -> None:
    assert {check.id: check.state for check in checked() if check.state is not State.FINE} == {}
    assert by_id(checked(), "lifetime").words == "240 s"


def test_nothing_is_said_of_an_assertion_that_is_not_known() -> None:
    assert assertion_checks(SignIn(BOX, PLACES, KEYS, NOW)) == ()


def test_addresses_of_keys_are_ignored_and_unknown_extensions_refused() -> None:
    along = by_id(checked(jku="https://mock.example", x5u="https://mock.example"), "algorithm")
    assert (along.state, along.words) == (State.FINE, "RS512; jku, x5u in the header is ignored")
    assert by_id(checked(crit=["mock"], mock=1), "algorithm").state is State.WRONG


TIMES: dict[str, tuple[dict[str, object], State, str]] = {
    "B84 nbf in 60 s": ({"nbf": AT + 60}, State.FINE, "240 s"),
    "B84 nbf in 61 s": ({"nbf": AT + 61}, State.WRONG, "nbf lies 61 s in the future"),
    "B84 iat in 60 s": ({"iat": AT + 60}, State.FINE, "240 s"),
    "B84 iat in an hour": ({"iat": AT + 3600}, State.WRONG, "iat lies 60 min in the future"),
    "exp in 310 s": ({"exp": AT + 310}, State.FINE, "310 s"),
    "B83 exp in 311 s": ({"exp": AT + 311}, State.WRONG, "five minutes are allowed"),
    "exp now": ({"exp": AT}, State.WRONG, "ended 0 s ago"),
    "B83 exp in milliseconds": ({"exp": AT * 1000}, State.WRONG, "no whole number"),
}


@pytest.mark.parametrize("case", TIMES)
def test_times_are_judged_by_the_platforms_rules(case: str) -> None:
    claims, state, words = TIMES[case]
    check = by_id(checked(claims), "lifetime")
    assert (check.state, words in f"{check.words} {check.sentence}") == (state, True), check


def test_an_unsigned_token_is_named() -> None:
    token = jwt.encode(CLAIMS, None, algorithm="none", headers={"kid": "test-1"})
    checks = assertion_checks(SignIn(BOX, PLACES, KEYS, NOW, read_jwt(token)))
    assert by_id(checks, "algorithm").sentence == "The token is not signed"
    assert by_id(checks, "signature").state is State.WRONG
