from __future__ import annotations

import jwt
import pytest

from tests.sandbox.builders import CLIENT, TOKEN_URL, jwks, signing_key
from workbench.errors import ErrorCode, InputError
from workbench.keys.jwt_text import read_jwt, verifies

CLAIMS = {"iss": CLIENT, "sub": CLIENT, "aud": TOKEN_URL, "jti": "j-1", "exp": 1_898_586_300}


def made(kid: str = "test-1", **header: object) -> str:
    return jwt.encode(CLAIMS, signing_key(), algorithm="RS512", headers={"kid": kid, **header})


def test_header_claims_and_signer_are_read_and_the_signature_is_left_out() -> None:
    token = made()
    found = read_jwt(token, jwks()["keys"])
    assert (found.header, found.claims) == ({"alg": "RS512", "typ": "JWT", "kid": "test-1"}, CLAIMS)
    assert (found.kid, found.signed_by, found.unsigned) == ("test-1", "test-1", False)
    assert token.rpartition(".")[2] not in repr(found)


def test_bearer_in_front_and_line_breaks_are_allowed() -> None:
    token = made()
    wrapped = "\n".join(token[start : start + 60] for start in range(0, len(token), 60))
    assert read_jwt(f"Bearer {token}").claims == read_jwt(f" {wrapped}\n").claims == CLAIMS


def test_a_key_that_signed_under_another_name_is_named() -> None:
    assert read_jwt(made("other"), jwks("test-1")["keys"]).signed_by == "test-1"
    assert read_jwt(made()).signed_by == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing was given"),
        ("JyKqGfU1XdhbTcAJc8vX7Nl0gGbC", "opaque"),
        ("a.b", "2 parts"),
        ("a.b.c.d.e", "encrypted"),
        ("a.b.c", "base64url"),
        ("W10.W10.W10", "base64url"),
        ("x" * 70_000, "longer"),
    ],
)
def test_what_is_no_jwt_is_named(text: str, words: str) -> None:
    with pytest.raises(InputError) as raised:
        read_jwt(text)
    assert (raised.value.code, words in raised.value.sentence) == (ErrorCode.INPUT_TOKEN, True), raised.value.sentence
    assert text[:12] not in raised.value.sentence or not text


def test_an_unsigned_token_and_one_signed_by_a_shared_secret_verify_nothing() -> None:
    unsigned = jwt.encode(CLAIMS, None, algorithm="none", headers={"kid": "test-1"})
    assert read_jwt(unsigned, jwks()["keys"]).unsigned
    key = jwks()["keys"][0]
    assert not verifies(unsigned, key)
    assert not verifies(jwt.encode(CLAIMS, "a shared secret of 32 bytes or more", algorithm="HS256"), key)
    assert not verifies(made(), {"kty": "RSA", "n": "!", "e": "AQAB"})
    assert verifies(made(), key)


def test_keys_that_the_token_brings_along_are_not_used() -> None:
    along = made(jwk=jwks("test-1")["keys"][0], jku="https://mock.example/keys")
    assert read_jwt(along).signed_by == ""
