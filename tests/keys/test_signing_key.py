"""Reading keys, thumbprints, and assertions as the platform's token endpoint takes them; also assertion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from workbench.errors import ErrorCode, InputError
from workbench.exchange import Request
from workbench.keys import (
    SigningKey,
    client_assertion,
    generate_private_pem,
    load_private_pem,
    thumbprint,
)
from workbench.keys.signing_key import private_pem
from workbench.sandbox import Client, TokenEndpoint

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
URL = "https://int.api.service.nhs.uk/oauth2/token"


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey("int-1", load_private_pem(generate_private_pem(2048)), ("int",), NOW)


def test_what_the_vault_gives_back_is_checked_again(key: SigningKey) -> None:
    assert load_private_pem(private_pem(key.private)).private_numbers() == key.private.private_numbers()
    table = {
        b"words": "The key int-1 cannot be used as a signing key: it cannot be read as a private key.",
        private_pem(rsa.generate_private_key(65537, 1024)): (
            "The key int-1 cannot be used as a signing key: it has 1,024 bits, and at least 2,048 are asked for."
        ),
    }
    for pem, sentence in table.items():
        with pytest.raises(InputError) as raised:
            load_private_pem(pem, "The key int-1")
        assert (raised.value.code, raised.value.sentence) == (ErrorCode.INPUT_KEY, sentence)


def test_thumbprint_of_rfc_7638() -> None:
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhM"
        "stn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5h"
        "ajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    assert (
        thumbprint({"kty": "RSA", "n": modulus, "e": "AQAB", "alg": "RS256"})
        == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    )


def test_the_assertion_says_what_the_platform_asks_for_and_no_more(key: SigningKey) -> None:
    made = client_assertion(key, client_id="app", token_url=URL, now=NOW, jti="j-1")
    assert jwt.get_unverified_header(made) == {"alg": "RS512", "typ": "JWT", "kid": "int-1"}
    claims = jwt.decode(
        made, key.private.public_key(), algorithms=["RS512"], audience=URL, options={"verify_exp": False}
    )
    assert claims == {
        "iss": "app",
        "sub": "app",
        "aud": URL,
        "jti": "j-1",
        "exp": int((NOW + timedelta(seconds=240)).timestamp()),
    }


def test_the_token_endpoint_takes_it_once(key: SigningKey) -> None:
    endpoint = TokenEndpoint(lambda: NOW, lambda: "11111111-1111-4111-8111-111111111111")
    endpoint.register(Client("app", (key.public_jwk(),)))
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": client_assertion(key, client_id="app", token_url=URL, now=NOW, jti="j-1"),
    }
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)
    request = Request("POST", URL, headers, urlencode(form).encode())
    assert [endpoint.answer(request)[1] for _ in range(2)] == ["token", "jti-used"]
