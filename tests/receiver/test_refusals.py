"""What the rules call an error is what the receiver refuses, with the same status and codes."""

# ruff: noqa: ANN001 - tests take fixtures and table rows

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from tests.receiver.builders import ACCESS, DOS, RULES, Mock, a_message, get, issue, new_id, post
from tests.receiver.test_endpoints import SLOT, slot_query
from workbench.exchange import Request
from workbench.receiver.refusals import type_refusal
from workbench.rules import Side, Submission, judge, likely_answer
from workbench.standard import default_profile


async def judging(request, message):
    return judge(Submission(message, request, None, default_profile(), Side.RECEIVE), timer=lambda: 0.0)


def with_access(path: str, *changes: tuple[str, str], absent: tuple[str, ...] = ()) -> Request:
    """A call that reads with all its headers."""
    bare = get(path)
    kept = [row for row in ACCESS if row[0] not in {*absent, "Content-Type", "use-context", *(n for n, _ in changes)}]
    return Request(bare.method, bare.url, (*bare.headers, *kept, *changes))


NUMBER = quote("https://fhir.nhs.uk/Id/nhs-number|9990000417")
CALLS = [
    slot_query(),
    slot_query(service=[]),
    slot_query(status=[]),
    slot_query(status=["Free"]),
    slot_query(start=[]),
    slot_query(start=SLOT["start"][:1]),
    slot_query(start=["ge2026-07-20", "le2026-07-21"]),
    slot_query(start=["ge2026-07-21T00:00:00Z", "le2026-07-20T00:00:00Z"]),
    slot_query(include=[]),
    slot_query(include=SLOT["_include"][:1]),
    slot_query(status=["free,busy"], include=["Slot:*"]),
    "/Appointment",
    "/Appointment?patient:identifier=123",
    f"/Appointment?patient:identifier={NUMBER}",
    "/Appointment?patient:birthdate=03/02/1990",
    "/Appointment?patient:birthdate=1990-02-30",
    "/Appointment?patient:name=x&patient:birthdate=1990-02-03&patient:address-postalcode=x",
    "/ServiceRequest?ServiceRequest.identifier=123",
    "/ServiceRequest?ServiceRequest.identifier=https%3A%2F%2Fmock.example%7C1",
    "/Appointment/1",
    "/MessageDefinition",
    "/MessageDefinition?context=9990000918",
    f"/MessageDefinition?context={quote(DOS + '|9990000918')}",
    "/metadata",
]


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("judged", [False, True])
def test_rules_and_receiver_say_the_same_of_a_call(path: str, judged: bool) -> None:
    request = with_access(path)
    verdict = judge(Submission(None, request, None, default_profile(), Side.RECEIVE), timer=lambda: 0.0)
    response = asyncio.run(Mock(replace(RULES, judge=judging if judged else None)).router(request))
    expected = likely_answer(verdict)
    if expected is None:
        assert response.status == 200
    else:
        assert issue(response) == tuple(expected)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (with_access("/metadata", absent=("NHSD-Requesting-Software",)), (400, "REC_BAD_REQUEST", "required")),
        (with_access("/metadata", ("NHSD-End-User-Organisation", "e30")), (400, "REC_BAD_REQUEST", "invalid")),
        (with_access("/metadata", ("Host", "a"), ("Host", "b")), (400, "REC_BAD_REQUEST", "invalid")),
    ],
)
def test_headers_that_break_a_rule_refuse_a_reading_call_where_rules_are_asked(request_, expected) -> None:
    assert issue(asyncio.run(Mock(replace(RULES, judge=judging)).router(request_))) == expected
    assert asyncio.run(Mock().router(request_)).status == 200


def test_what_the_platform_refuses_is_not_the_receivers_to_refuse() -> None:
    request = with_access(slot_query(), absent=("NHSD-Target-Identifier",))
    assert asyncio.run(Mock(replace(RULES, judge=judging)).router(request)).status == 200


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("application/fhir+json", True),
        ("application/fhir+json; version=1.0.0; charset=UTF-8", True),
        ("Application/FHIR+JSON", True),
        ("application/json", False),
        ("application/xml", False),
        ("text/plain", False),
        ("application/fhir+json; charset=utf-16", False),
        (None, False),
    ],
)
def test_a_body_has_a_type_of_fhir(value: str | None, taken: bool) -> None:
    bare = post(a_message().source)
    rest = tuple(row for row in bare.headers if row[0] != "Content-Type")
    request = Request(bare.method, bare.url, (*rest, *((("Content-Type", value),) if value else ())), bare.body)
    response = asyncio.run(Mock().router(request))
    assert (type_refusal(request) is None) == taken
    submission = Submission(a_message(), request, None, default_profile(), Side.RECEIVE)
    rules = {one.rule for one in judge(submission, timer=lambda: 0.0).findings}
    if taken:
        assert response.status == 200
        assert "HDR-025" not in rules
    else:
        assert issue(response) == (415, "REC_BAD_REQUEST", "not-supported")
        assert response.header("X-Request-Id") == request.header("X-Request-Id")
        assert "HDR-025" in rules


def test_nobody_has_an_nhs_number_under_another_system(mock: Mock) -> None:
    mock.post(a_message("booking-new").source)
    assert b'"total": 1' in mock.get(f"/Appointment?patient:identifier={NUMBER}").body
    other = quote("https://mock.example/Id|9990000417")
    assert b'"total": 0' in mock.get(f"/Appointment?patient:identifier={other}").body


def test_a_referral_is_found_by_an_identifier_of_its_own(mock: Mock) -> None:
    from workbench.messages import Edit, EditOp, rewrite

    message = a_message()
    path = next(entry.path for entry in message.entries() if entry.type == "ServiceRequest")
    identifier = {"system": "https://mock.example/Id", "value": f"R-{new_id()}"}
    named = rewrite(message, (Edit(EditOp.SET, f"{path}.identifier", [identifier]),))
    assert mock.post(named.source).status == 200
    for value, total in ((identifier["value"], 1), ("other", 0)):
        query = quote(f"{identifier['system']}|{value}")
        answer = mock.get(f"/ServiceRequest?ServiceRequest.identifier={query}")
        assert f'"total": {total}'.encode() in answer.body


POST = post(a_message().source)
SAID = "ZZM02 was unable to process the request: {}"
ANOTHER = "0badcafe-0000-4000-8000-0000000000aa"
BASE_PATH = "/booking-and-referral/FHIR/R4"


def without(*names: str, more: tuple[tuple[str, str], ...] = ()) -> Request:
    return replace(POST, headers=(*(row for row in POST.headers if row[0] not in names), *more))


WORDS: dict[str, tuple[Request, tuple[int, str, str], str]] = {
    "B126 two request ids": (
        without(more=(("X-Request-Id", ANOTHER),)),
        (400, "REC_BAD_REQUEST", "invalid"),
        "the header X-Request-Id comes more than once.",
    ),
    "B126 two correlation ids": (
        without(more=(("x-correlation-id", ANOTHER),)),
        (400, "REC_BAD_REQUEST", "invalid"),
        "the header X-Correlation-Id comes more than once.",
    ),
    "B127 no request id": (
        without("X-Request-Id"),
        (400, "REC_BAD_REQUEST", "required"),
        "the header X-Request-Id is missing.",
    ),
    "B127 no correlation id": (
        without("X-Correlation-Id"),
        (400, "REC_BAD_REQUEST", "required"),
        "the header X-Correlation-Id is missing.",
    ),
    "B127 no UUID": (
        without("X-Request-Id", more=(("X-Request-Id", "1"),)),
        (400, "REC_BAD_REQUEST", "invalid"),
        "the header X-Request-Id is no UUID: it is not 8-4-4-4-12 hexadecimal digits.",
    ),
    "B127 an empty id": (
        without("X-Request-Id", more=(("X-Request-Id", ""),)),
        (400, "REC_BAD_REQUEST", "invalid"),
        "the header X-Request-Id is no UUID: it is empty.",
    ),
    "B128 TRACE": (
        replace(POST, method="TRACE"),
        (405, "REC_METHOD_NOT_ALLOWED", "not-supported"),
        f"TRACE is not offered at {BASE_PATH}/$process-message.",
    ),
    "B128 PATCH": (
        replace(POST, method="PATCH"),
        (405, "REC_METHOD_NOT_ALLOWED", "not-supported"),
        f"PATCH is not offered at {BASE_PATH}/$process-message.",
    ),
    "B129 steps up": (
        get("/../metadata"),
        (404, "REC_NOT_FOUND", "not-found"),
        f"there is nothing at {BASE_PATH}/../metadata.",
    ),
    "B132 no FHIR": (
        replace(POST, body=b"hello"),
        (400, "REC_BAD_REQUEST", "invalid"),
        "the body cannot be read as a FHIR message at line 1, column 1 (input.not-json).",
    ),
    "B132 another type": (
        without("Content-Type", more=(("Content-Type", "text/plain"),)),
        (415, "REC_BAD_REQUEST", "not-supported"),
        "the body must be application/fhir+json or application/fhir+xml (header Content-Type).",
    ),
    "B132 no type": (
        without("Content-Type"),
        (415, "REC_BAD_REQUEST", "not-supported"),
        "the header Content-Type is missing.",
    ),
    "B132 UTF-16": (
        without("Content-Type", more=(("Content-Type", "application/fhir+json; charset=utf-16"),)),
        (415, "REC_BAD_REQUEST", "not-supported"),
        "the body must be UTF-8 (header Content-Type).",
    ),
}


PAGES = {
    "B126": " Rule R1; see Core, Transactional integrity.",
    "B127": " Rule R1; see Core, Transactional integrity.",
    "B128": "",
    "B129": "",
    "B132": " Rule media type; see API specification, request bodies.",
    "B132 no FHIR": " Rule R0; see Core, Error handling, Bundle processing.",
}
"""How each ends: rule and page."""


@pytest.mark.parametrize("case", WORDS)
def test_a_call_that_is_refused_is_told_in_these_words(case: str) -> None:
    request, answer, words = WORDS[case]
    response = asyncio.run(Mock().router(request))
    assert issue(response) == answer
    assert json.loads(response.body)["issue"][0]["diagnostics"] == SAID.format(words) + PAGES.get(case, PAGES[case[:4]])
    assert (response.header("Allow") == "POST") == (answer[0] == 405)
