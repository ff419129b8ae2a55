"""The checks that a sign-in and a call share, and how a refusal is concluded from them: checks, refusals, network."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.doctor.builders import BOX, INT, LIVE, NOW, PLACES, a_key
from workbench.doctor.checks import bound, clock, fine, host, span, tls, untested, wrong
from workbench.doctor.network import diagnose_failure
from workbench.doctor.refusals import concluded, refusals, told_by
from workbench.doctor.values import State
from workbench.errors import ErrorCode
from workbench.exchange import Failure, FailureKind, TlsFacts


@pytest.mark.parametrize(
    ("skew", "state", "words"),
    [
        (None, State.UNTESTED, "sent no time"),
        (0.4, State.FINE, "0 s away from INT's"),
        (-60.0, State.FINE, "60 s away from INT's"),
        (61.0, State.WRONG, "61 s behind INT's"),
        (-86_400.0 * 3, State.WRONG, "3 days ahead of INT's"),
    ],
)
def test_a_clock_is_wrong_from_more_than_a_minute(skew: float | None, state: State, words: str) -> None:
    check = clock(skew, INT)
    assert (check.state, words in check.words) == (state, True), check.words


def test_hosts_are_those_of_the_environment_or_another_one() -> None:
    assert host(f"{INT.base_url}/Slot", INT.base_url, INT, PLACES).state is State.FINE
    other = host(f"{LIVE.base_url}/Slot", INT.base_url, INT, PLACES)
    assert (other.state, other.words) == (State.WRONG, "api.service.nhs.uk is Production")
    nobody = host("https://mock.example/Slot", INT.base_url, INT, PLACES)
    assert nobody.words == "mock.example is no environment of this workspace"
    assert host("http://127.0.0.1:9/Slot", BOX.base_url, BOX, PLACES).state is State.FINE, "another port at every start"


def test_a_key_is_for_the_environments_it_was_made_for() -> None:
    keys = (a_key("int-1", "int", "gone"),)
    assert bound("int-1", INT, PLACES, keys).state is State.FINE
    check = bound("int-1", LIVE, PLACES, keys)
    assert (check.state, check.sentence) == (State.WRONG, "The key int-1 is for INT, gone, not Production")
    assert bound("else", INT, PLACES, keys).state is State.UNTESTED


def test_the_secure_connection_tells_how_long_its_certificate_lasts() -> None:
    facts = TlsFacts("TLSv1.3", "mock", "CN=int", "CN=ca", NOW + timedelta(days=61))
    assert tls(facts, INT.token_url, NOW).words == "int.api.service.nhs.uk: TLSv1.3, 61 days left"
    soon = TlsFacts("TLSv1.3", "mock", "CN=int", "CN=ca", NOW + timedelta(days=3))
    assert tls(soon, INT.token_url, NOW).words.endswith("3 days left (ends soon)")
    assert tls(None, INT.token_url, NOW).state is State.UNTESTED
    assert tls(None, BOX.token_url, NOW).state is State.FINE


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 s"),
        (119, "119 s"),
        (120, "2 min"),
        (7_200, "2 h"),
        (200_000, "2 days"),
        (float("inf"), "no time at all"),
    ],
)
def test_lengths_of_time_are_said_in_one_unit(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_the_longest_sign_tells_a_refusal() -> None:
    told = told_by("Missing or invalid client_assertion_type - must be mock")
    assert told is not None
    assert told.id == "assertion-type"
    assert told_by("something else") is None


def test_the_first_check_of_the_refusal_that_fails_is_the_cause() -> None:
    checks = (
        untested("published", "P", "p"),
        wrong("bound", "B", "b", "It is bound", "Do this."),
        wrong("kid", "K", "k", "No kid"),
    )
    words = {"environment": "INT", "kid": "int-1"}
    found = concluded(refusals()["kid-unknown"], checks, words, said="401 no")
    assert [(one.id, one.state) for one in found.checks] == [
        ("bound", State.CAUSE),
        ("kid", State.WRONG),
        ("published", State.UNTESTED),
    ]
    assert (found.title, found.next_step, found.said) == ("It is bound", "Do this.", "401 no")
    plain = concluded(refusals()["kid-unknown"], (fine("bound", "B", "b"),), words, said="")
    assert plain.title == "INT does not know the key int-1"


def test_every_row_of_the_table_names_checks_that_exist() -> None:
    known = {
        *("clock", "address", "form", "algorithm", "typ", "kid", "key", "signature", "issuer", "audience", "lifetime"),
        *(
            "jti",
            "bound",
            "published",
            "product",
            "tls",
            "host",
            "token-there",
            "token-ours",
            "token-place",
            "token-life",
        ),
        *("ids", "target-there", "target-base64", "target-shape", "target-system", "target-known", "accept", "rate"),
    }
    assert not {check for row in refusals().values() for check in row.checks} - known


@pytest.mark.parametrize("kind", list(FailureKind))
def test_every_kind_of_failure_says_what_is_known(kind: FailureKind) -> None:
    failure = Failure.of(kind, ErrorCode.NET_REFUSED, what="mock.example")
    found = diagnose_failure(failure, INT, (untested("tls", "TLS", "x"), fine("host", "Host", "x")))
    assert (found.title, found.refusal, bool(found.text)) == (failure.sentence, "net.refused", True)
    assert [one.id for one in found.checks] == ["host"]
