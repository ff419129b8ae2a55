"""Every refusal of the token endpoint (API specification, security, errors) and the diagnosis it gets.

Raised by the embedded sandbox where it does so, else by an answer that is written here.
"""

# ruff: noqa: ANN001, ANN003 - tests take table rows

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.doctor.builders import BOX, INT, NOW, a_key, a_sign_in, cause
from tests.sandbox.builders import CLIENT, Box, jwks, token_request
from tests.sandbox.test_token import CASES as RAISED
from workbench.doctor import Diagnosis, State, diagnose_token
from workbench.doctor.refusals import refusals
from workbench.errors import ErrorCode
from workbench.exchange import Failure, FailureKind, Response
from workbench.sandbox import token_errors

JTI = "0badcafe-0000-4000-8000-00000000000a"
AT = int(NOW.timestamp())


@cache
def other_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def diagnosed(changes, box: Box | None = None, **facts) -> Diagnosis:
    """What the doctor says to a token request that the embedded sandbox refuses."""
    sandbox = box or Box(ask_token=True)
    sandbox.sandbox.register("keyless", {"keys": []})
    sandbox.sandbox.register("unrestricted", jwks(), restricted=False)
    request = token_request(sandbox.now, **changes)
    response = sandbox.call(request)
    found = diagnose_token(a_sign_in(request, response, **facts))
    assert found is not None, response.body
    return found


@pytest.mark.parametrize(("id", "changes"), RAISED)
def test_each_refusal_of_the_sandbox_is_recognised_and_keeps_its_words(id: str, changes) -> None:
    changes = {**changes, "key": other_key()} if changes.get("key") == "other" else changes
    found = diagnosed(changes)
    assert found.refusal == id
    assert token_errors()[id].text in json.loads(found.said.partition(" ")[2])["error_description"]
    assert found.said.startswith(str(token_errors()[id].status))
    assert found.support.startswith("rrt-")
    assert found.title
    assert found.next_step
    assert "{" not in found.title + found.text + found.next_step


CAUSES = [
    ("content-type", {"headers": ()}, {}, "form", "Content-Type"),
    (
        "content-type",
        {"headers": (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)},
        {},
        "form",
        "",
    ),
    ("grant-missing", {"form": {"grant_type": None}}, {}, "form", "grant_type"),
    ("assertion-type", {"form": {"client_assertion_type": "jwt"}}, {}, "form", "client_assertion_type"),
    ("assertion-missing", {"form": {"client_assertion": None}}, {}, "form", "client_assertion"),
    ("alg", {"header": {"alg": "RS256"}}, {}, "algorithm", "RS256"),
    ("exp-past", {"claims": {"exp": AT - 30}}, {}, "lifetime", "30 s ago"),
    ("exp-past", {"claims": {"exp": AT - 30}}, {"skew_s": 500.0}, "clock", "8 min behind"),
    ("exp-far", {"claims": {"exp": AT + 999}}, {"skew_s": -760.0}, "clock", "13 min ahead"),
    ("exp-far", {"claims": {"exp": AT + 999}}, {}, "lifetime", "five minutes"),
    ("kid-missing", {"header": {"kid": ""}}, {}, "kid", "names no key"),
    ("typ", {"header": {"typ": "JOSE"}}, {}, "typ", "typ JWT"),
    ("exp-missing", {"claims": {"exp": None}}, {}, "lifetime", "no end"),
    ("exp-type", {"claims": {"exp": "soon"}}, {}, "lifetime", "no whole number"),
    ("exp-type", {"claims": {"exp": 1e30}}, {}, "lifetime", "no whole number"),
    ("iss-sub", {"claims": {"sub": "other"}}, {}, "issuer", "not the same"),
    ("jti-missing", {"claims": {"jti": None}}, {}, "jti", "no id"),
    ("jti-type", {"claims": {"jti": 5}}, {}, "jti", "no text"),
    ("client-unknown", {"claims": {"iss": "nobody", "sub": "nobody"}}, {}, "issuer", "not the one of Embedded sandbox"),
    (
        "client-unknown",
        {"claims": {"iss": INT.client_id, "sub": INT.client_id}},
        {},
        "issuer",
        "the one of INT, not Embedded sandbox",
    ),
    (
        "keys-missing",
        {"claims": {"iss": "keyless", "sub": "keyless"}},
        {"published": frozenset()},
        "published",
        "does not know the key test-1",
    ),
    (
        "kid-unknown",
        {"header": {"kid": "test-9"}},
        {"keys": (a_key("test-9"),), "published": frozenset({"test-1"})},
        "published",
        "does not know the key test-9 yet",
    ),
    (
        "kid-unknown",
        {"header": {"kid": "int-1"}},
        {"keys": (a_key("int-1", "int"),)},
        "bound",
        "is for INT, not Embedded sandbox",
    ),
    ("signature", {"key": "other"}, {}, "", "does not fit the registered key test-1"),
    ("aud", {"claims": {"aud": INT.token_url}}, {}, "audience", "aud is for INT, but the environment is Embedded"),
    ("aud", {"claims": {"aud": None}}, {}, "audience", "no audience"),
    (
        "not-subscribed",
        {"claims": {"iss": "unrestricted", "sub": "unrestricted"}},
        {"place": replace(BOX, client_id="unrestricted")},
        "",
        "may not ask",
    ),
]


@pytest.mark.parametrize(("id", "changes", "facts", "check", "words"), CAUSES)
def test_the_cause_that_is_found_here_comes_first(id: str, changes, facts, check: str, words: str) -> None:
    changes = {**changes, "key": other_key()} if changes.get("key") == "other" else changes
    found = diagnosed(changes, **facts)
    assert (found.refusal, cause(found)) == (id, check), found.checks
    assert words in found.title
    if check:
        assert found.checks[0].state is State.CAUSE


def test_an_id_that_was_used_is_refused_and_said_even_where_the_first_attempt_failed() -> None:
    box = Box(ask_token=True)
    assert box.token(claims={"jti": JTI}, key=other_key()).status == 401
    found = diagnosed({"claims": {"jti": JTI}}, box, jti_used=True)
    assert (found.refusal, cause(found), found.title) == ("jti-used", "jti", "The token was used before")
    assert diagnosed({"claims": {"jti": JTI}}, box).title == refusals()["jti-used"].title, "by another program"


def test_a_signature_of_another_key_of_the_workspace_is_named() -> None:
    keys = (a_key("test-2"),)
    request = token_request(NOW, header={"kid": "test-1"})
    answer = refused(401, "public_key error", "JWT signature verification failed")
    found = diagnose_token(a_sign_in(request, answer, keys=keys))
    assert found is not None
    assert (cause(found), found.title) == ("signature", "The token names test-1, but test-2 signed it")


def refused(status: int, error: str, text: str) -> Response:
    body = {"error": error, "error_description": text, "message_id": "rrt-1"}
    return Response(status, "", (("Content-Type", "application/json"),), json.dumps(body).encode())


WRITTEN = [
    (
        refused(403, "public_key error", "The JWKS endpoint, for your client_assertion can't be reached"),
        "jwks-unreachable",
    ),
    (refused(500, "unknown_error", "An unknown error occurred processing this request"), "token-other"),
    (Response(200, "", (), b"<html>Sign in</html>"), "token-answer"),
    (Response(200, "", (), b'{"token_type": "Bearer"}'), "token-answer"),
    (Response(502, "", (), b"Bad gateway"), "token-answer"),
    (Response(302, "", (("Location", "https://portal.example/login"),), b""), "token-answer"),
]


@pytest.mark.parametrize(("response", "id"), WRITTEN)
def test_answers_that_the_sandbox_does_not_give(response: Response, id: str) -> None:
    found = diagnose_token(a_sign_in(token_request(NOW), response))
    assert found is not None
    assert (found.refusal, found.title) == (id, refusals()[id].title.format(environment=BOX.title))
    assert found.said.startswith(str(response.status))


def test_a_token_is_asked_for_by_post_only() -> None:
    box = Box(ask_token=True)
    request = token_request(box.now, method="GET")
    found = diagnose_token(a_sign_in(request, box.call(request)))
    assert found is not None
    assert (found.refusal, found.title, found.said) == ("method", refusals()["method"].title, "405")


def test_every_refusal_of_the_table_was_provoked() -> None:
    calls = {id for id in refusals() if id[0] == "P" or id in ("gateway", "between", "path")}
    provoked = {id for id, _ in RAISED} | {id for _, id in WRITTEN} | {"jti-used", "method"}
    assert set(refusals()) - calls == provoked


def test_a_token_that_came_needs_no_doctor() -> None:
    box = Box(ask_token=True)
    request = token_request(box.now)
    assert diagnose_token(a_sign_in(request, box.call(request))) is None
    assert diagnose_token(a_sign_in(request)) is None


def test_what_is_wrong_beside_the_refusal_is_told_after_the_cause() -> None:
    changes = {"header": {"kid": ""}, "claims": {"aud": INT.token_url, "jti": str(uuid.uuid4())}}
    found = diagnosed(changes)
    assert [(check.id, check.state) for check in found.checks[:2]] == [("kid", State.CAUSE), ("audience", State.WRONG)]
    order = [State.CAUSE, State.WRONG, State.FINE, State.UNTESTED]
    assert [check.state for check in found.checks] == sorted((check.state for check in found.checks), key=order.index)


def test_a_failure_keeps_its_own_sentence_and_names_what_may_be_behind_it() -> None:
    failure = Failure.of(
        FailureKind.NOT_SENT, ErrorCode.NET_TLS, what="mock.example", cause="the certificate has expired"
    )
    found = diagnose_token(a_sign_in(token_request(NOW), failure=failure, skew_s=90_000.0))
    assert found is not None
    assert (found.refusal, found.title, cause(found)) == ("net.tls", failure.sentence, "clock")
    assert "This machine's clock is 25 h behind" in found.text
    assert "Nothing was sent" in found.text
    plain = diagnose_token(a_sign_in(token_request(NOW), failure=failure))
    assert plain is not None
    assert (plain.next_step, cause(plain)) == (failure.next_step, "")


@pytest.mark.parametrize("code", [code for code in ErrorCode if code.value.startswith("net.")])
def test_every_fault_of_the_network_is_diagnosed_by_its_own_sentence(code: ErrorCode) -> None:
    failure = Failure(FailureKind.UNKNOWN, code, f"What {code} says.", "What to do.")
    found = diagnose_token(a_sign_in(token_request(NOW), failure=failure))
    assert found is not None
    assert (found.refusal, found.title, found.next_step) == (code.value, failure.sentence, "What to do.")
    assert found.said == failure.sentence


def test_a_wrong_address_is_named_behind_a_certificate_for_another_host() -> None:
    failure = Failure(FailureKind.NOT_SENT, ErrorCode.NET_TLS_HOST, "The certificate is for another host.", "Check it.")
    request = replace(token_request(NOW), url="https://mock.example/oauth2/token")
    found = diagnose_token(a_sign_in(request, failure=failure))
    assert found is not None
    assert (cause(found), found.title) == ("address", failure.sentence)
    assert "is not the token address of Embedded sandbox" in found.text
    assert found.next_step == "Correct the token address of Embedded sandbox."


def test_no_part_of_a_secret_is_in_a_diagnosis() -> None:
    request = token_request(NOW, claims={"aud": "other"})
    signature = request.body.rpartition(b".")[2].partition(b"&")[0].decode()
    found = diagnose_token(a_sign_in(request, Box(ask_token=True).call(request)))
    assert signature not in repr(found)
    assert CLIENT in repr(BOX)
