"""The catalogue of bad addresses: what must not leave this machine, in the exact words a person reads."""

from __future__ import annotations

import pytest

from workbench.errors import ErrorCode
from workbench.exchange import FailureKind, Headers, Request
from workbench.transport.failures import UnusableRequest, check_request

UNUSABLE = "{} is not an address that can be used: {}."
START = "it must start with https:// and name a host"
PORT = "its port is no number from 1 to 65535"
BRACKETS = "its host in brackets is no IPv6 address"
NUMBER = "its host is a number, which programs read as different addresses"
BLANK = "it holds a blank or tab; write %20 where a blank is meant"
STEPS = "its path has a step '.' or '..', which programs resolve differently"

REFUSED: dict[str, tuple[str, str, str]] = {
    "B60 no scheme": ("mock.example/x", "mock.example/x", START),
    "B60 nothing": ("", "Nothing", START),
    "B60 ftp": ("ftp://mock.example/x", "ftp://mock.example/x", START),
    "B60 file": ("file:///etc/passwd", "file:///etc/passwd", START),
    "B60 javascript": ("javascript:alert(1)", "javascript:alert(1)", START),
    "B60 no host": ("https://", "https://", START),
    "B62 credentials": (
        "https://user:secret@mock.example/",
        "mock.example",
        "credentials do not belong into an address",
    ),
    "B62 credentials without a scheme": ("user:secret@mock.example/", "mock.example/", START),
    "B63 port 0": ("https://mock.example:0/", "mock.example:0", PORT),
    "B63 port 65536": ("https://mock.example:65536/", "mock.example:65536", PORT),
    "B63 port 99999": ("https://mock.example:99999/", "mock.example:99999", PORT),
    "B63 a text as port": ("https://mock.example:text/", "mock.example:text", PORT),
    "B64 not closed": ("https://[::1", "The address", BRACKETS),
    "B64 no IPv6": ("https://[::g]/", "The address", BRACKETS),
    "B64 empty": ("https://[]/", "The address", BRACKETS),
    "B65 look-alike": (
        "https://m\u043eck.example/",
        "The address",
        "its host has letters beyond ASCII; if 'xn--mck-sed.example' is meant, write it so",
    ),
    "B65 no host name": (
        f"https://{'é' * 70}.example/",
        "The address",
        "its host has letters beyond ASCII and is no host name",
    ),
    "B65 decimal": ("https://2130706433/", "2130706433", NUMBER),
    "B65 hexadecimal": ("https://0x7f.1/", "0x7f.1", NUMBER),
    "B65 octal": ("https://0177.0.0.1/", "0177.0.0.1", NUMBER),
    "B66 too long": ("https://mock.example/" + "x" * 8192, "The address", "it is longer than 8192 characters"),
    "B67 blank": ("https://mock.example/a b", "The address", BLANK),
    "B67 tab": ("https://mock.example/a\tb", "The address", BLANK),
    "B67 line break": ("https://mock.example/a\r\nX-Mock: 1", "The address", "it holds a line break"),
    "B67 control character": ("https://mock.example/a\x07", "The address", "it holds a control character"),
    "B67 beyond ASCII": ("https://mock.example/é", "The address", "it holds a character beyond ASCII"),
    "B68 steps up": ("https://mock.example/a/../b", "The address", STEPS),
    "B68 encoded steps up": ("https://mock.example/a/%2e%2e/b", "The address", STEPS),
    "B68 NUL": ("https://mock.example/a%00b", "The address", "its path holds the character NUL (%00)"),
}


def refusal(url: str, headers: Headers = (), body: bytes = b"") -> UnusableRequest:
    with pytest.raises(UnusableRequest) as caught:
        check_request(Request("POST", url, headers, body))
    assert caught.value.failure.kind is FailureKind.NOT_SENT
    assert caught.value.failure.next_step.endswith(".")
    assert "secret" not in caught.value.failure.sentence
    return caught.value


@pytest.mark.parametrize("case", REFUSED)
def test_an_address_that_cannot_be_used_is_refused_in_these_words(case: str) -> None:
    url, what, cause = REFUSED[case]
    failure = refusal(url).failure
    assert (failure.code, failure.sentence) == (ErrorCode.INPUT_URL, UNUSABLE.format(what, cause))


SECRETS: dict[str, tuple[Headers, bytes]] = {
    "B61 a token": ((("Authorization", "Bearer mock"),), b""),
    "B61 a token request": ((), b"client_assertion=a.b.c"),
}


@pytest.mark.parametrize("case", SECRETS)
def test_a_token_over_plain_http_is_refused_in_these_words(case: str) -> None:
    headers, body = SECRETS[case]
    failure = refusal("http://mock.example/x", headers, body).failure
    assert failure.code is ErrorCode.NET_NOT_ALLOWED
    assert failure.sentence == (
        "mock.example is not an address that this environment may send to: a token must not travel over plain http."
    )


SENT = {
    "an operation": "https://mock.example/FHIR/R4/$process-message",
    "B65 a dot after the host": "https://mock.example.:8443/a",
    "B65 the name that is looked up": "https://xn--mck-sed.example/",
    "B65 an address as it is written": "https://192.0.2.1/",
    "B64 IPv6": "https://[2001:db8::1]:1/",
    "B68 two slashes, and dots in a query": "https://mock.example/a//b?x=..&y=%00",
    "B61 no token": "http://mock.example/x",
}


@pytest.mark.parametrize("case", SENT)
def test_what_means_the_same_to_everyone_is_sent_as_it_is(case: str) -> None:
    check_request(Request("GET", SENT[case]))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_token_may_travel_over_plain_http_on_this_machine(host: str) -> None:
    check_request(Request("GET", f"http://{host}:8080/x", (("Authorization", "Bearer mock"),)))
