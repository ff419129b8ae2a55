"""The decision table, duplicates and state of `$process-message`; also effects, decision, matrix and values."""

# ruff: noqa: ANN001 - tests take fixtures and table rows

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.receiver.builders import DOS, NOW, RULES, Mock, a_message, issue, new_id, post
from workbench.compose import Links, cancel, slot_resources
from workbench.exchange import LedgerState
from workbench.messages import Edit, EditOp, apply, build, parse
from workbench.receiver import Kind, ServiceOffer
from workbench.rules import Verdict
from workbench.standard import default_profile

HEADER = "Bundle.entry[0].resource"
REQUEST = "Bundle.entry[1].resource"


def edited(message, path: str, value, op: EditOp = EditOp.SET) -> bytes:
    return build(apply(message.resource, [Edit(op, path, value)])).source


@pytest.mark.parametrize(
    ("template", "use_case", "rule"),
    [
        ("referral-new", "a1t1", "referral-new"),
        ("referral-full", "a2t1", "referral-new"),
        ("validation-new", "a4t1", "validation-new"),
        ("booking-new", "a1t1", "booking-new"),
    ],
)
def test_new_messages_are_taken(mock: Mock, template: str, use_case: str, rule: str) -> None:
    message = a_message(template, use_case)
    response = mock.post(message.source)
    assert response.status == 200, response.body
    assert mock.calls[-1].answered_by == rule
    answer = parse(response.body)
    assert answer.facts.bundle_id == message.facts.bundle_id
    assert answer.facts.focus_id
    assert mock.accepted[-1].meaning == rule


@pytest.mark.parametrize(
    ("path", "value", "expected", "rule"),
    [
        ("Bundle.type", "collection", (400, "REC_BAD_REQUEST", "invalid"), "R0"),
        ("Bundle.meta.versionId", None, (400, "REC_BAD_REQUEST", "invariant"), "R3"),
        ("Bundle.meta.versionId", "9.0.0", (422, "REC_UNPROCESSABLE_ENTITY", "not-supported"), "R4"),
        (f"{REQUEST}.category[0].coding[1].code", "a5t1", (422, "REC_UNPROCESSABLE_ENTITY", "not-supported"), "R4"),
        (f"{HEADER}.destination[0].endpoint", f"{DOS}|1", (404, "REC_NOT_FOUND", "not-found"), "R6"),
        (f"{HEADER}.destination[0].endpoint", None, (400, "REC_BAD_REQUEST", "required"), "R6"),
        (f"{HEADER}.definition", None, (400, "REC_BAD_REQUEST", "required"), "R7"),
        (f"{HEADER}.definition", "https://x.example/own", (422, "REC_UNPROCESSABLE_ENTITY", "not-supported"), "R7"),
        (
            f"{HEADER}.definition",
            "https://fhir.nhs.uk/MessageDefinition/bars-message-booking-request",
            (400, "REC_BAD_REQUEST", "invariant"),
            "R7",
        ),
        ("Bundle.entry[10]", None, (400, "REC_BAD_REQUEST", "invariant"), "R7"),
        (f"{HEADER}.eventCoding.code", "booking-response", (400, "REC_BAD_REQUEST", "invariant"), "R7"),
        (f"{HEADER}.reason.coding[0].code", "again", (400, "REC_BAD_REQUEST", "invariant"), "R8"),
        (f"{REQUEST}.status", "draft", (400, "REC_BAD_REQUEST", "invariant"), "R8"),
        (f"{REQUEST}.category[0].coding[0].code", "validation", (400, "REC_BAD_REQUEST", "invariant"), "R8"),
        ("Bundle.entry[2].resource.status", "planned", (400, "REC_BAD_REQUEST", "invariant"), "R8"),
        ("Bundle.entry[3].resource.status", "draft", (400, "REC_BAD_REQUEST", "invariant"), "R8"),
    ],
)
def test_what_is_wrong_with_a_referral_is_refused(mock: Mock, path: str, value, expected, rule: str) -> None:
    op = EditOp.REMOVE if value is None else EditOp.SET
    response = mock.post(edited(a_message(), path, value, op))
    assert (issue(response), mock.calls[-1].answered_by) == (expected, rule), response.body
    assert mock.state.count(Kind.REFERRAL) == 0
    assert b"Quillfeather" not in response.body


def test_a_use_case_the_service_does_not_serve_is_refused() -> None:
    only = replace(RULES, services=(ServiceOffer(DOS, "9990000918", "Mock", frozenset({"a1t2"})),))
    mock = Mock(only)
    assert issue(mock.post(a_message().source)) == (422, "REC_UNPROCESSABLE_ENTITY", "not-supported")
    assert mock.calls[-1].answered_by == "R5"


@pytest.mark.parametrize("body", [b"", b"{", b"<Bundle", b'{"resourceType":"Patient"}', b"[]", b"\xff\xfe\x00"])
def test_a_body_that_is_no_message_is_refused(mock: Mock, body: bytes) -> None:
    assert issue(mock.post(body)) == (400, "REC_BAD_REQUEST", "invalid")


@pytest.mark.parametrize(
    ("request_id", "expected"),
    [("", "invalid"), ("not-a-uuid", "invalid"), ("{0badcafe-0000-4000-8000-000000000001}", "invalid")],
)
def test_ids_must_be_uuids(mock: Mock, request_id: str, expected: str) -> None:
    request = post(a_message().source)
    headers = tuple((n, request_id if n == "X-Request-Id" else v) for n, v in request.headers)
    response = asyncio.run(mock.router(replace(request, headers=headers)))
    assert issue(response) == (400, "REC_BAD_REQUEST", expected)
    assert response.header("X-Request-Id") == request_id


def test_ids_must_be_there(mock: Mock) -> None:
    request = post(a_message().source)
    for name in ("X-Request-Id", "X-Correlation-Id"):
        headers = tuple(row for row in request.headers if row[0] != name)
        assert issue(asyncio.run(mock.router(replace(request, headers=headers)))) == (
            400,
            "REC_BAD_REQUEST",
            "required",
        )


def test_the_same_message_twice_is_a_duplicate(mock: Mock) -> None:
    body, request_id, correlation_id = a_message().source, new_id(), new_id()
    assert mock.post(body, request_id, correlation_id).status == 200
    second = mock.post(body, request_id.upper(), correlation_id)
    assert issue(second) == (409, "REC_CONFLICT", "duplicate")
    assert second.header("X-Correlation-Id") == correlation_id
    assert mock.state.count(Kind.REFERRAL) == 1
    assert mock.post(body, new_id(), correlation_id).status == 200


def test_a_refused_message_is_processed_again(mock: Mock) -> None:
    request_id, correlation_id = new_id(), new_id()
    assert mock.post(b"{", request_id, correlation_id).status == 400
    assert mock.post(a_message().source, request_id, correlation_id).status == 200


def test_a_message_that_is_being_processed_is_too_early(mock: Mock) -> None:
    request = post(a_message().source)
    ids = request.header("X-Request-Id"), request.header("X-Correlation-Id")
    assert asyncio.run(mock.ledger.begin(*ids)) is LedgerState.FRESH
    assert issue(asyncio.run(mock.router(request))) == (425, "REC_TOO_EARLY", "duplicate")


def test_of_two_at_once_exactly_one_succeeds() -> None:
    async def judge(request, message) -> Verdict:
        await asyncio.sleep(0)
        return Verdict((), default_profile(), "test")

    async def race(mock: Mock, body: bytes) -> list[int]:
        request = post(body)
        return [r.status for r in await asyncio.gather(*(mock.router(request) for _ in range(20)))]

    for _ in range(10):
        statuses = asyncio.run(race(Mock(replace(RULES, judge=judge)), a_message().source))
        assert statuses.count(200) == 1
        assert set(statuses) == {200, 425}


def test_two_patients_cannot_take_one_slot(mock: Mock) -> None:
    slots = mock.get(
        "/Slot?Schedule.actor:HealthcareService=9990000918&status=free&start=ge2026-07-20T08:00:00Z"
        "&start=le2026-07-21T08:00:00Z&_include=Slot:schedule&_include=Schedule:actor:HealthcareService"
    )
    answer = parse(slots.body)
    slot = next(e.id for e in answer.entries() if e.type == "Slot")
    links = Links(slot=slot_resources(answer, slot))
    first = mock.post(a_message("booking-new", links=links).source)
    assert first.status == 200
    other = a_message("booking-new", links=links, nhs_number="9990000425")
    assert issue(mock.post(other.source)) == (409, "REC_CONFLICT", "conflict")
    taken = a_message("booking-new", links=links)
    assert issue(mock.post(taken.source)) == (409, "REC_CONFLICT", "conflict")
    booking = mock.accepted[0]
    gone = cancel(booking.message, booking.acknowledgement, now=NOW + timedelta(minutes=5), ids=new_id, why="Better")
    assert mock.post(gone.source).status == 200
    assert mock.post(other.source).status == 200


def test_a_cancelled_referral_cannot_be_cancelled_again(mock: Mock) -> None:
    message = a_message()
    answer = parse(mock.post(message.source).body)
    gone = cancel(message, answer, now=NOW + timedelta(minutes=5), ids=new_id, why="Better")
    assert mock.post(gone.source).status == 200
    assert next(mock.state.of(Kind.REFERRAL)).status == "revoked"
    assert issue(mock.post(gone.source)) == (409, "REC_CONFLICT", "conflict")


def test_a_cancellation_needs_our_id_and_the_same_patient(mock: Mock) -> None:
    message = a_message()
    answer = parse(mock.post(message.source).body)
    gone = cancel(message, answer, now=NOW + timedelta(minutes=5), ids=new_id, why="Better")
    unknown = edited(gone, f"{REQUEST}.id", new_id())
    assert issue(mock.post(unknown)) == (404, "REC_NOT_FOUND", "not-found")
    assert issue(mock.post(edited(gone, f"{REQUEST}.id", None, EditOp.REMOVE))) == (
        400,
        "REC_BAD_REQUEST",
        "required",
    )
    patient = next(e for e in gone.entries() if e.type == "Patient")
    other = edited(gone, f"{patient.path}.identifier[0].value", "9990000425")
    assert issue(mock.post(other)) == (400, "REC_BAD_REQUEST", "invariant")


def test_replies_need_a_message_of_ours() -> None:
    from workbench.compose import reply

    mock = Mock()
    request = a_message("validation-new", "a4t1")
    answer = parse(mock.post(request.source).body)
    from tests.receiver.builders import RECEIVER

    made = reply("validation-interim", request, answer, responder=RECEIVER, now=NOW, ids=new_id)
    assert issue(mock.post(made.source)) == (404, "REC_NOT_FOUND", "not-found")
    unnamed = edited(made, f"{HEADER}.response", None, EditOp.REMOVE)
    assert issue(mock.post(unnamed)) == (400, "REC_BAD_REQUEST", "invariant")

    async def knows_later(bundle_id: str) -> bool:
        return bundle_id == request.facts.bundle_id

    for knows in (lambda id: id == request.facts.bundle_id, knows_later):
        knowing = Mock(replace(RULES, knows=knows))
        assert knowing.post(made.source).status == 200
        assert knowing.calls[-1].answered_by == "validation-interim"


@pytest.mark.parametrize(
    ("template", "use_case", "number", "expected"),
    [
        ("booking-new", "a1t1", "9658499015", (404, "REC_NOT_FOUND", "not-found")),
        ("booking-new", "a1t1", "9658499023", (409, "REC_CONFLICT", "conflict")),
        ("booking-new", "a1t1", "9658499031", (422, "REC_UNPROCESSABLE_ENTITY", "processing")),
        ("referral-new", "a1t1", "9658499066", (400, "REC_BAD_REQUEST", "invalid")),
        ("referral-new", "a1t1", "9658499074", (500, "REC_SERVER_ERROR", "exception")),
        ("validation-new", "a4t1", "9658499139", (401, "REC_UNAUTHORIZED", "security")),
    ],
)
def test_known_patients_get_an_answer_on_purpose(mock: Mock, template, use_case, number, expected) -> None:
    assert issue(mock.post(a_message(template, use_case, nhs_number=number).source)) == expected


def test_a_verdict_refuses_and_names_rule_and_element() -> None:
    from time import perf_counter

    from workbench.rules import Side, Submission, judge

    async def judging(request, message) -> Verdict:
        return judge(Submission(message, request, None, default_profile(), Side.RECEIVE), timer=perf_counter)

    mock = Mock(replace(RULES, judge=judging))
    assert mock.post(a_message().source).status == 200
    message = a_message()
    dangling = edited(message, f"{REQUEST}.subject.reference", f"urn:uuid:{new_id()}")
    response = mock.post(dangling)
    assert issue(response) == (400, "REC_BAD_REQUEST", "invariant")
    text = json.loads(response.body)["issue"][0]["diagnostics"]
    assert "REF-001" in text
    assert f"{REQUEST}.subject.reference" in text
    assert mock.calls[-1].answered_by == "REF-001"
    assert mock.state.count(Kind.REFERRAL) == 1


def test_a_verdict_that_takes_too_long_is_408_and_may_be_retried() -> None:
    async def never(request, message) -> Verdict:
        await asyncio.Event().wait()
        raise AssertionError

    mock = Mock(replace(RULES, judge=never, limit_s=0.01))
    assert issue(mock.post(a_message().source)) == (408, "REC_TIMEOUT", "timeout")
    assert mock.state.count(Kind.REFERRAL) == 0


def test_access_comes_before_everything() -> None:
    mock = Mock(replace(RULES, access=lambda request: "the organisation is not known here."))
    assert issue(mock.post(b"{")) == (401, "REC_UNAUTHORIZED", "security")


def test_a_bug_leaves_the_message_open_for_a_retry() -> None:
    def broken(bundle_id: str) -> bool:
        raise RuntimeError("broken")

    mock = Mock(replace(RULES, knows=broken))
    from tests.receiver.builders import RECEIVER
    from workbench.compose import reply

    request = a_message("validation-new", "a4t1")
    made = reply("validation-interim", request, None, responder=RECEIVER, now=NOW, ids=new_id)
    ids = new_id(), new_id()
    with pytest.raises(RuntimeError):
        mock.post(made.source, *ids)
    assert asyncio.run(mock.ledger.begin(*ids)) is LedgerState.FAILED


OFFICIAL = {
    "BOOKREQ01": 200,
    "REFREQ01": 200,
    "REFREQ02": 200,
    "REFREQ03": 200,
    "REFREQ04": 200,
    "REFREQ8A": 200,
    "REFREQ11": 200,
    "REFRESP01": 404,  # no message of ours is named
    "SERVREQ01": 400,  # the focus has no id
    "VALREQ01": 200,
    "VALREQ02": 404,  # no referral of ours
    "VALRESP01": 200,
    "VALRESP01A": 404,
    "VALRESP02": 404,
}


def test_official_messages_get_the_answer_they_call_for(shared) -> None:
    services = tuple(ServiceOffer(DOS, value, "Official") for value in ("111111111", "1"))
    seen = set()
    for folder in ("json-1.34.0", "xml"):
        for path in sorted((shared / "data" / "examples" / folder).iterdir()):
            name = path.name.partition(" ")[0]
            if name not in OFFICIAL:
                continue
            seen.add(name)
            mock = Mock(replace(RULES, services=services))
            response = mock.post(path.read_bytes())
            assert response.status == OFFICIAL[name], (path.name, response.body[:600])
            assert response.header("X-Request-Id")
    assert seen == set(OFFICIAL)
