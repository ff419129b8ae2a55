"""Faults F24 to F26 and F32 to F46: answers that are no success, or only half of one, each in its own sentence."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.faults.laboratory import ECHO, OK, answers, suffer
from tests.transport.builders import IDS
from workbench.session.answers import Reading, reading
from workbench.session.views import Tone

if TYPE_CHECKING:
    from pathlib import Path

SAME = "Retry with the same ids: a receiver that already acted answers 409 duplicate."
REPORT = "Report this to the receiver."
FHIR = b"Content-Type: application/fhir+json\r\n"


def outcome(code: str, issue: str, count: int = 1) -> bytes:
    system = "https://fhir.nhs.uk/Codesystem/http-error-codes"
    one = {"severity": "error", "code": issue, "details": {"coding": [{"system": system, "code": code}]}}
    return json.dumps({"resourceType": "OperationOutcome", "issue": [one] * count}).encode()


def answer(status: str, body: bytes = b"", head: bytes = ECHO + FHIR) -> bytes:
    return b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n" % (status.encode(), head, len(body)) + body


def ids(request: str, correlation: str) -> bytes:
    return f"X-Request-Id: {request}\r\nX-Correlation-Id: {correlation}\r\n".encode()


BUNDLE = b'{"resourceType": "Bundle", "type": "message"}'
MOVED = answer("302 Found", head=ECHO + b"Location: https://portal.example/login\r\n")
OTHERS = ids("0badcafe-0000-4000-8000-0000000000aa", "0badcafe-0000-4000-8000-0000000000bb")

CASES: dict[str, tuple[bytes, Reading]] = {
    "F24 a page of something in between": (
        answer("200 OK", b"<html>Blocked</html>", b"Content-Type: text/html\r\n"),
        Reading(
            Tone.UNKNOWN,
            "HOST answered 200 with no FHIR and without the ids: something in between, not Northgate ED.",
            f"Check the way to Northgate ED. {SAME}",
            True,
        ),
    ),
    "F25 a redirect": (
        MOVED,
        Reading(
            Tone.ERROR,
            "HOST answered 302 in T and points to https://portal.example/login; nothing was sent there.",
            "Correct the address of the environment, or sign in to the network first; then send again.",
        ),
    ),
    "F26 a redirect to http": (
        MOVED.replace(b"https", b"http").replace(b"302", b"307"),
        Reading(
            Tone.ERROR,
            "HOST answered 307 in T and points to http://portal.example/login; nothing was sent there.",
            "Correct the address of the environment, or sign in to the network first; then send again.",
        ),
    ),
    "F32 not enabled": (
        answer("403 Forbidden", outcome("SEND_FORBIDDEN", "forbidden")),
        Reading(
            Tone.ERROR,
            "BaRS refused: 403 in T, SEND_FORBIDDEN: the token is good, but the application may not use BaRS.",
            "Have the application connected with the BaRS product, get a new token, then retry by hand.",
        ),
    ),
    "F33 TLS-MA": (
        answer("403 Forbidden", outcome("REC_FORBIDDEN", "forbidden")),
        Reading(
            Tone.ERROR,
            "BaRS answered for Northgate ED: 403 in T, REC_FORBIDDEN: the secure connection to the receiver was "
            "refused.",
            "Ask the receiver to check its certificates: it is the connection from BaRS that it refuses.",
        ),
    ),
    "F34 not in the catalogue": (
        answer("404 Not Found", outcome("PROXY_NOT_FOUND", "not-found")),
        Reading(
            Tone.ERROR,
            "BaRS refused: 404 in T, PROXY_NOT_FOUND: the service is not in the endpoint catalogue.",
            "Check the service id and its environment; the receiver has to register its endpoint there.",
        ),
    ),
    "F35 406": (
        answer("406 Not Acceptable", outcome("SEND_NOT_ACCEPTABLE", "not-supported")),
        Reading(
            Tone.ERROR,
            "BaRS refused: 406 in T, SEND_NOT_ACCEPTABLE: the version asked for is not offered.",
            "Choose a version of the interface that the platform offers for this call: it goes into Accept.",
        ),
    ),
    "F36 408": (
        answer("408 Request Timeout", outcome("REC_TIMEOUT", "timeout")),
        Reading(Tone.UNKNOWN, "Northgate ED refused: 408 in T, REC_TIMEOUT: the receiver took too long.", SAME, True),
    ),
    "F37 a duplicate": (
        answer("409 Conflict", outcome("REC_CONFLICT", "duplicate")),
        Reading(
            Tone.OK,
            "Northgate ED had already received this message (409 in T): the earlier send was a success.",
        ),
    ),
    "F38 a conflict": (
        answer("409 Conflict", outcome("REC_CONFLICT", "conflict")),
        Reading(
            Tone.ERROR,
            "Northgate ED refused: 409 in T, the data changed meanwhile.",
            "Read the present state from the receiver, decide, and send a new message with new ids.",
        ),
    ),
    "F39 fifty issues": (
        answer("422 Unprocessable", outcome("REC_UNPROCESSABLE_ENTITY", "invalid", 50)),
        Reading(
            Tone.ERROR,
            "Northgate ED refused: 422 in T, REC_UNPROCESSABLE_ENTITY: the receiver understands the message but does "
            "not take it (50 issues).",
            "Check use case, version and time span against what the receiver supports, and send a new message.",
        ),
    ),
    "F40 too many requests": (
        answer("429 Too Many", outcome("REC_TOO_MANY_REQUESTS", "throttled")),
        Reading(
            Tone.ERROR,
            "Northgate ED refused: 429 in T, REC_TOO_MANY_REQUESTS: too many calls in a short time.",
            SAME,
            True,
        ),
    ),
    "F41 500 without a body": (
        answer("500 Error"),
        Reading(
            Tone.UNKNOWN,
            "HOST answered 500 in T without an OperationOutcome: a failure on the way.",
            SAME,
            True,
        ),
    ),
    "F41 504 of a gateway": (
        answer("504 Gateway Timeout", b"upstream timeout", b""),
        Reading(
            Tone.UNKNOWN,
            "HOST answered 504 in T without an OperationOutcome: a failure on the way.",
            SAME,
            True,
        ),
    ),
    "F41 503": (
        answer("503 Unavailable", outcome("PROXY_UNAVAILABLE", "transient")),
        Reading(Tone.ERROR, "BaRS refused: 503 in T, PROXY_UNAVAILABLE: the platform is down.", SAME, True),
    ),
    "a refusal of access that nobody explains": (
        answer("403 Forbidden", b"<html>Blocked</html>", b"Content-Type: text/html\r\n"),
        Reading(
            Tone.ERROR,
            "HOST answered 403 in T without an OperationOutcome: a failure on the way.",
            "Check the access of the application; look at the answer under Wire.",
        ),
    ),
    "F42 status 999": (
        answer("999 Far"),
        Reading(
            Tone.UNKNOWN,
            "HOST answered with the status 999, which HTTP does not have for an answer.",
            f"Report this to whoever runs HOST. {SAME}",
        ),
    ),
    "F43 no ids": (
        answer("200 OK", BUNDLE, FHIR),
        Reading(Tone.WARNING, "Sent to Northgate ED: 200 in T, but the ids did not come back.", f"{REPORT} {SAME}"),
    ),
    "F44 other ids": (
        answer("200 OK", BUNDLE, FHIR + OTHERS),
        Reading(
            Tone.ERROR,
            "Sent to Northgate ED: 200 in T, but the answer carries the ids of another message.",
            "Report this to the receiver: the answer may belong to another call.",
        ),
    ),
    "F45 ids in capitals": (
        answer("200 OK", BUNDLE, FHIR + ids(IDS[0][1].upper(), IDS[1][1])),
        Reading(Tone.OK, "Sent to Northgate ED: 200 in T; the ids came back in other letters."),
    ),
    "F46 no media type": (
        answer("200 OK", BUNDLE, ECHO),
        Reading(Tone.WARNING, "Sent to Northgate ED: 200 in T, but it does not say what its body is.", REPORT),
    ),
    "F46 another media type": (
        answer("200 OK", BUNDLE, ECHO + b"Content-Type: text/plain; charset=utf-8\r\n"),
        Reading(Tone.WARNING, "Sent to Northgate ED: 200 in T, but it calls its body text/plain.", REPORT),
    ),
    "a success": (answer("200 OK", BUNDLE), Reading(Tone.OK, "Sent to Northgate ED: 200 in T")),
}


@pytest.mark.parametrize("fault", CASES)
def test_an_answer_is_told_in_its_own_sentence_and_kept_whole(tmp_path: Path, fault: str) -> None:
    raw, expected = CASES[fault]
    told = suffer(tmp_path, answers(raw))
    assert told.kept.response is not None
    assert told.kept.response.body == raw.partition(b"\r\n\r\n")[2]
    host = told.kept.request.url.split("/")[2]
    found = reading(told.kept, "Northgate ED")
    plain = [re.sub(r"\d+(\.\d)? m?s\b", "T", text.replace(host, "HOST")) for text in (found.text, found.next_step)]
    assert found._replace(text=plain[0], next_step=plain[1]) == expected


def test_a_redirect_takes_nothing_along(tmp_path: Path) -> None:
    """The other server is never called: whatever it would have seen, it sees nothing."""
    told = suffer(tmp_path, answers(MOVED))
    assert told.kept.response is not None
    assert told.kept.response.status == 302
    assert told.kept.response.header("Location") == "https://portal.example/login"


def test_what_was_not_sent_is_not_missed(tmp_path: Path) -> None:
    from dataclasses import replace

    kept = suffer(tmp_path, answers(OK + FHIR + b"Content-Length: 2\r\n\r\n{}")).kept
    bare = replace(kept, request=replace(kept.request, headers=()))
    assert reading(bare, "Northgate ED").tone is Tone.OK
