from __future__ import annotations

import gzip
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.correlation.builders import an_exchange
from workbench.errors import ErrorCode
from workbench.exchange import Failure, FailureKind, Request, Response
from workbench.history.secrets import Cut, cut_exchange, cut_failure, cut_request, cut_response, placeholder


def test_a_placeholder_names_the_hash() -> None:
    assert placeholder(b"abc") == f"[secret sha256:{hashlib.sha256(b'abc').hexdigest()[:8]}]"


@pytest.mark.parametrize("name", ["Authorization", "proxy-authorization", "COOKIE", "Set-Cookie"])
def test_secret_headers_lose_their_value_only(name: str) -> None:
    before = (("Accept", "a"), (name, "Bearer s3cret"), ("X-Request-Id", "1"), (name, ""))
    request, cuts = cut_request(Request("GET", "http://h/", before))
    mark = placeholder(b"Bearer s3cret")
    assert request.headers == (("Accept", "a"), (name, mark), ("X-Request-Id", "1"), (name, ""))
    assert cuts == (Cut(f"request.headers.{name}", 13, mark),)


def test_the_assertion_of_a_token_request_is_cut() -> None:
    body = b"grant_type=client_credentials&client_assertion_type=urn%3Aa&client_assertion=eyJ.x.y&scope="
    request, cuts = cut_request(Request("POST", "http://h/oauth2/token", (), body))
    mark = placeholder(b"eyJ.x.y")
    assert request.body == body.replace(b"eyJ.x.y", mark.encode())
    assert cuts == (Cut("request.body", 7, mark),)


@pytest.mark.parametrize("space", [b"", b" ", b"\n  "])
def test_the_access_token_of_an_answer_is_cut(space: bytes) -> None:
    body = b'{"expires_in": "599", "access_token":' + space + b'"to\\"ken", "token_type": "Bearer"}'
    response, cuts = cut_response(Response(200, "OK", (), body))
    assert response.body == body.replace(b'to\\"ken', placeholder(b'to\\"ken').encode())
    assert [cut.true_length for cut in cuts] == [7]


def test_a_token_in_an_answer_that_was_cut_off_is_cut_too() -> None:
    failure = Failure.of(FailureKind.CUT, ErrorCode.NET_INTERRUPTED, what="x", received=b'{"access_token": "half')
    kept, cuts = cut_failure(failure)
    assert b"half" not in kept.received
    assert cuts[0].where == "failure.received"


def test_a_token_in_a_url_is_cut() -> None:
    request, _ = cut_request(Request("GET", "http://h/x?a=1&access_token=abc#f"))
    assert request.url == f"http://h/x?a=1&access_token={placeholder(b'abc')}#f"


def test_cutting_twice_changes_nothing() -> None:
    exchange = an_exchange("x", headers=(("Authorization", "Bearer s"),), answer=b'{"access_token":"t"}')
    once, cuts = cut_exchange(exchange)
    assert len(cuts) == 2
    assert cut_exchange(once) == (once, ())


@given(st.binary(max_size=300))
def test_bodies_without_secrets_keep_every_byte(body: bytes) -> None:
    if b"assertion=" not in body and b"token" not in body:
        assert cut_response(Response(200, "", (), body))[0].body == body


def test_a_secret_within_a_coded_answer_is_cut_as_well() -> None:
    text = b'{"access_token": "half a secret", "expires_in": "599"}'
    kept, cuts = cut_response(Response(200, "OK", (("Content-Encoding", "gzip"),), text, gzip.compress(text)))
    assert [cut.where for cut in cuts] == ["response.body"]
    assert gzip.decompress(kept.wire) == kept.body
    assert b"half a secret" not in kept.body
    assert cut_response(kept) == (kept, ())


@pytest.mark.parametrize("coded", [False, True])
def test_the_beginning_of_an_answer_loses_its_secrets(coded: bool) -> None:
    body = b'{"access_token": "half a secret'
    head = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=half a secret\r\nDate: x\r\n\r\n"
    received = head + (gzip.compress(body)[:-8] if coded else body)
    failure = Failure.of(FailureKind.CUT, ErrorCode.NET_INTERRUPTED, what="x", received=received)
    kept, cuts = cut_failure(failure)
    assert b"half" not in kept.received
    assert b"Date: x" in kept.received
    assert len(cuts) == 2
    assert cut_failure(kept)[0] == kept
