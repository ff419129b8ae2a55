"""HTTP archives, out and in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from workbench.errors import ErrorCode, InputError
from workbench.exchange import Direction, Exchange, Failure, FailureKind, Request, Response, Timing
from workbench.interchange import har
from workbench.interchange.har import as_har, read_har
from workbench.standard import default_profile

STARTED = datetime(2026, 1, 1, 10, tzinfo=UTC)


def an_exchange(response: Response | None, body: bytes = b'{"a": 1.10}') -> Exchange:
    request = Request(
        "POST",
        "https://x.example/FHIR/R4/$process-message?a=1&b=%20",
        (("Content-Type", "application/fhir+json"), ("X-Request-Id", "1"), ("X-Request-Id", "2")),
        body,
    )
    failure = None
    if response is None:
        failure = Failure(FailureKind.UNKNOWN, ErrorCode.NET_NO_ANSWER, "No answer came.", "Try again.")
    timing = Timing(STARTED, connect=0.01, send=0.001, wait=0.2)
    versions = default_profile(1)
    return Exchange(
        "e", 1, Direction.OUT, "int", "process-message", versions, request, timing, response=response, failure=failure
    )


def test_what_is_written_is_read_back_the_same() -> None:
    answer = Response(200, "OK", (("Content-Type", "application/fhir+json"),), b'{"b": "\xc3\xa9"}')
    (back,) = read_har(as_har([an_exchange(answer)], version="1")).calls
    assert back.request == an_exchange(answer).request
    assert back.response == answer
    assert back.started == STARTED
    assert back.seconds == pytest.approx(0.211)


def test_bytes_that_are_no_text_survive() -> None:
    answer = Response(200, body=b"\xff\x00")
    (back,) = read_har(as_har([an_exchange(answer, b"\x80")], version="1")).calls
    assert back.request.body == b"\x80"
    assert back.response is not None
    assert back.response.body == b"\xff\x00"


def test_a_call_without_an_answer_says_why_and_stays_without_one() -> None:
    text = as_har([an_exchange(None)], version="1")
    entry = json.loads(text)["log"]["entries"][0]
    assert entry["response"]["status"] == 0
    assert entry["comment"] == "No answer came."
    assert entry["timings"]["dns"] == -1
    (back,) = read_har(text).calls
    assert back.response is None


def test_secrets_are_left_out_and_told() -> None:
    whole = json.loads(as_har([an_exchange(None)], version="1"))
    request = whole["log"]["entries"][0]["request"]
    request["headers"] += [{"name": "Authorization", "value": "Bearer x"}, {"name": ":path", "value": "/"}]
    (back,) = read_har(json.dumps(whole)).calls
    assert back.request.header("Authorization") is None
    assert back.left_out == ("Authorization is a secret and was left out.",)


def test_times_become_utc() -> None:
    whole = json.loads(as_har([an_exchange(None)], version="1"))
    local = STARTED.astimezone(timezone(timedelta(hours=1)))
    whole["log"]["entries"][0]["startedDateTime"] = local.isoformat()
    (back,) = read_har(json.dumps(whole)).calls
    assert back.started == STARTED


NO_ARCHIVE = {
    "B112 no log": ("{}", "it has no log with entries"),
    "B112 a list": ("[]", "it has no log with entries"),
    "B112 no entries": ('{"log": {}}', "it has no log with entries"),
    "B112 nothing in it": ('{"log": {"entries": []}}', "none of its entries is a call"),
    "B112 another scheme": (
        '{"log": {"entries": [{"request": {"url": "ftp://x", "method": "GET"}}]}}',
        "none of its entries is a call",
    ),
    "B112 no date": (
        '{"log": {"entries": [{"request": {"url": "https://x", "method": "GET"}, "startedDateTime": "soon"}]}}',
        "none of its entries is a call to an http or https address with a time",
    ),
}


@pytest.mark.parametrize("case", NO_ARCHIVE)
def test_what_is_no_archive_is_refused_in_these_words(case: str) -> None:
    text, words = NO_ARCHIVE[case]
    with pytest.raises(InputError) as caught:
        read_har(text)
    assert caught.value.code is ErrorCode.INPUT_HAR
    assert words in caught.value.sentence


def test_b112_too_long_and_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = as_har([an_exchange(None)] * 3, version="1")
    with monkeypatch.context() as patch:
        patch.setattr(har, "LARGEST", len(text) - 1)
        with pytest.raises(InputError) as caught:
            read_har(text)
    assert caught.value.code is ErrorCode.INPUT_TOO_LARGE
    monkeypatch.setattr(har, "MOST_CALLS", 2)
    with pytest.raises(InputError, match="more than 2 calls"):
        read_har(text)


BODIES = {
    "B112 another encoding": ("quoted-printable", "in the encoding 'quoted-printable' was left out"),
    "B112 no base64": ("base64", "that says it is base64 and is not was left out"),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_body_that_cannot_be_read_is_left_out_and_told(case: str) -> None:
    encoding, words = BODIES[case]
    whole = json.loads(as_har([an_exchange(Response(200, body=b"x"))], version="1"))
    entry = whole["log"]["entries"][0]
    entry["response"] |= {"bodySize": -1, "content": {"size": -1, "text": "a!b", "encoding": encoding}}
    (back,) = read_har(json.dumps(whole)).calls
    assert back.response is not None
    assert back.response.body == b""
    assert [words in one for one in back.left_out] == [True]


def test_entries_that_are_no_calls_are_counted() -> None:
    whole = json.loads(as_har([an_exchange(None)], version="1"))
    whole["log"]["entries"] += [{}, 7, {"request": {"method": "GET", "url": "ftp://a.example"}}]
    found = read_har(json.dumps(whole))
    assert (len(found.calls), found.passed_over) == (1, 3)
