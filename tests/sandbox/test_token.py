"""The token endpoint: every refusal of the platform in its order, and what a token is worth."""

# ruff: noqa: ANN001 - tests take table rows

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sandbox.builders import CLIENT, Box, a_call, jwks, token_request
from workbench.sandbox import token_errors
from workbench.sandbox.token import TokenState

NOW = Box().now.timestamp()


def by_hand(alg: str) -> str:
    """An assertion that no library would sign so."""
    return f"{coded(json.dumps({'alg': alg, 'typ': 'JWT', 'kid': 'test-1'}).encode())}.{coded(b'{}')}."


def coded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


DEEP = coded(b"[" * 100_000)
CASES = [
    ("content-type", {"headers": (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)}),
    ("grant-missing", {"form": {"grant_type": None}}),
    ("grant-wrong", {"form": {"grant_type": "password"}}),
    ("assertion-type", {"form": {"client_assertion_type": "jwt"}}),
    ("assertion-missing", {"form": {"client_assertion": None}}),
    ("malformed", {"assertion": "not.a-jwt"}),
    ("malformed", {"assertion": "a.b.c"}),
    ("malformed", {"assertion": "W10.W10.W10"}),
    ("malformed", {"assertion": f"{DEEP}.{DEEP}.W10"}),
    ("alg", {"header": {"alg": "RS256"}}),
    ("alg", {"assertion": by_hand("none")}),
    ("alg", {"assertion": by_hand("nOnE")}),
    ("alg", {"assertion": by_hand("HS256")}),
    ("exp-past", {"claims": {"exp": int(NOW) - 1}, "header": {"kid": ""}}),
    ("kid-missing", {"header": {"kid": ""}}),
    ("typ", {"header": {"typ": "JOSE"}}),
    ("exp-missing", {"claims": {"exp": None}}),
    ("exp-type", {"claims": {"exp": "soon"}}),
    ("exp-type", {"claims": {"exp": float("inf")}}),
    ("exp-type", {"claims": {"exp": float("nan")}}),
    ("exp-type", {"claims": {"exp": 10**400}}),
    ("exp-type", {"claims": {"exp": 10**30}}),
    ("exp-type", {"claims": {"exp": NOW + 60.5}}),
    ("exp-past", {"claims": {"exp": -1}}),
    ("iss-sub", {"claims": {"iss": None}}),
    ("iss-sub", {"claims": {"sub": "other"}}),
    ("jti-missing", {"claims": {"jti": None}}),
    ("jti-type", {"claims": {"jti": 5}}),
    ("jti-type", {"claims": {"jti": "x" * 10_000}}),
    ("exp-far", {"claims": {"exp": int(NOW) + 311}}),
    ("client-unknown", {"claims": {"iss": "nobody", "sub": "nobody"}}),
    ("keys-missing", {"claims": {"iss": "keyless", "sub": "keyless"}}),
    ("kid-unknown", {"header": {"kid": "test-9"}}),
    ("signature", {"key": "other"}),
    ("aud", {"claims": {"aud": "https://int.api.service.nhs.uk/oauth2/token"}}),
    ("aud", {"claims": {"aud": None}}),
    ("not-subscribed", {"claims": {"iss": "unrestricted", "sub": "unrestricted"}}),
]


def a_box() -> Box:
    box = Box(ask_token=True)
    box.sandbox.register("keyless", {"keys": []})
    box.sandbox.register("unrestricted", jwks(), restricted=False)
    return box


@pytest.mark.parametrize(("id", "changes"), CASES)
def test_what_is_wrong_is_refused_with_the_words_of_the_platform(id: str, changes) -> None:
    if changes.get("key") == "other":
        changes = {**changes, "key": rsa.generate_private_key(public_exponent=65537, key_size=2048)}
    response = a_box().token(**changes)
    error = token_errors()[id]
    body = json.loads(response.body)
    assert (response.status, body["error"], body["error_description"]) == (error.status, error.error, error.text)
    assert body["message_id"].startswith("rrt-")
    assert "access_token" not in body


def test_keys_that_an_assertion_brings_along_are_neither_used_nor_fetched() -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    along = {"jku": "https://mock.example/keys", "x5u": "https://mock.example/x", "jwk": jwks()["keys"][0]}
    assert a_box().token(header=along).status == 200
    refused = a_box().token(header=along, key=other)
    assert json.loads(refused.body)["error_description"] == token_errors()["signature"].text
    critical = a_box().token(header={"crit": ["mock"], "mock": 1})
    assert json.loads(critical.body)["error_description"] == token_errors()["signature"].text


def test_every_refusal_is_tested() -> None:
    assert {id for id, _ in CASES} | {"jti-used"} == set(token_errors())


def test_only_post_is_offered() -> None:
    response = a_box().call(token_request(a_box().now, method="GET"))
    assert (response.status, response.header("Allow")) == (405, "POST")


def test_a_good_assertion_gives_a_token_for_ten_minutes() -> None:
    box = a_box()
    response = box.token(header={"typ": "jwt"}, claims={"exp": int(box.now.timestamp()) + 310})
    body = json.loads(response.body)
    assert response.status == 200
    assert (body["expires_in"], body["token_type"]) == ("599", "Bearer")
    assert body["issued_at"] == str(int(box.now.timestamp() * 1000))
    token = body["access_token"]
    assert box.sandbox.tokens.state_of(token) is TokenState.GOOD
    box.pass_time(598)
    assert box.sandbox.tokens.state_of(token) is TokenState.GOOD
    box.pass_time(1)
    assert box.sandbox.tokens.state_of(token) is TokenState.EXPIRED
    assert box.sandbox.tokens.state_of("other") is TokenState.UNKNOWN


def test_a_jti_is_used_up_even_by_a_bad_signature() -> None:
    box = a_box()
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert box.token(claims={"jti": "one"}, key=other).status == 401
    again = json.loads(box.token(claims={"jti": "one"}).body)
    assert again["error_description"] == token_errors()["jti-used"].text
    assert box.token(claims={"jti": "two"}).status == 200


def test_rotated_keys_are_both_accepted_while_both_are_registered() -> None:
    box = a_box()
    box.sandbox.register(CLIENT, {"keys": [*jwks("test-1")["keys"], *jwks("test-2")["keys"]]})
    assert box.token(header={"kid": "test-2"}).status == 200
    box.sandbox.register(CLIENT, jwks("test-2"))
    assert json.loads(box.token().body)["error_description"] == token_errors()["kid-unknown"].text


def test_the_token_opens_the_proxy() -> None:
    box = a_box()
    token = json.loads(box.token().body)["access_token"]
    assert box.call(a_call(method="GET", path="/metadata", token=token)).status == 200
