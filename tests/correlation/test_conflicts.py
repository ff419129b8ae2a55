"""What does not fit together, each kind with its sentence, and ordinary conversations in which everything fits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.correlation.builders import (
    a_booking,
    a_referral,
    a_reply,
    a_validation,
    a_validation_case,
    an_exchange,
    guid,
)
from workbench.correlation import Author, Conflict, ConflictKind, Known, conflicts, correlate
from workbench.exchange import Direction, FailureKind, Response

C1, B1 = guid("c1"), guid("b1")
ASKED = Known(
    an_exchange("asked", 0, correlation=C1),
    a_validation(bundle_id=B1, header_id="h1", source_endpoint="s|S", destination_endpoint="s|R", nhs_number="1"),
    None,
    "x",
)


def reply(to: str | None = B1, cid: str = C1, **more: object) -> Known:
    facts = a_reply("finished", to, bundle_id=guid("reply"), **more)
    return Known(an_exchange("reply", 9, correlation=cid, direction=Direction.IN), facts)


def after(facts: object, request_id: str | None = None, cid: str = C1, body: str = "y") -> Known:
    return Known(an_exchange("after", 9, request_id=request_id, correlation=cid), facts, None, body)  # type: ignore[arg-type]


def found(*legs: Known) -> list[Conflict]:
    links = [link for number, leg in enumerate(legs) for link in correlate(leg, legs[:number])]
    assert conflicts(reversed(legs), reversed(links)) == conflicts(legs, links)
    return list(conflicts(legs, links))


RID = ASKED.exchange.request.header("X-Request-Id")


@pytest.mark.parametrize(
    ("leg", "kind", "words"),
    [
        (
            reply("urn-lost"),
            ConflictKind.UNKNOWN_BUNDLE,
            "The reply quotes Bundle id urn-lost, which no message of this conversation has.",
        ),
        (
            reply("H1"),
            ConflictKind.UNKNOWN_BUNDLE,
            "The reply quotes the MessageHeader id of the request. BaRS asks for its Bundle id.",
        ),
        (
            reply(None),
            ConflictKind.UNKNOWN_BUNDLE,
            "The reply does not say which message it answers: MessageHeader.response.identifier is missing.",
        ),
        (
            reply(cid=guid("other")),
            ConflictKind.OTHER_CORRELATION,
            "The reply comes under another X-Correlation-Id than the request.",
        ),
        (
            reply(source_endpoint="s|third"),
            ConflictKind.OTHER_PARTY,
            "The reply comes from a service that neither sent nor got the request.",
        ),
        (
            after(a_validation(nhs_number="1"), RID),
            ConflictKind.REUSED_REQUEST,
            "Another message was sent before with the same X-Request-Id. Every message needs an id of its own; only a"
            " retry repeats it, with the same body.",
        ),
        (
            after(a_validation(nhs_number="1", journey_id="j"), RID, guid("c2")),
            ConflictKind.REUSED_REQUEST,
            "The same X-Request-Id was used before under another X-Correlation-Id.",
        ),
        (
            after(a_booking(nhs_number="2")),
            ConflictKind.OTHER_PATIENT,
            "The same X-Correlation-Id is used for messages about another patient.",
        ),
    ],
)
def test_each_kind_has_its_sentence(leg: Known, kind: ConflictKind, words: str) -> None:
    assert found(ASKED, leg) == [Conflict(kind, leg.exchange.id, words)]


def test_another_patient_is_seen_at_either_end_of_a_weak_link_to_another_conversation() -> None:
    other = after(a_booking(nhs_number="2"))
    links = correlate(other, [ASKED])
    for leg in (ASKED, other):
        (one,) = conflicts([leg], links)
        assert (one.kind, one.exchange) == (ConflictKind.OTHER_PATIENT, leg.exchange.id)
    assert conflicts([ASKED], [replace(one, by=Author.PERSON) for one in links]) == ()


def test_patients_that_differ_in_a_conversation_tied_by_other_ids() -> None:
    legs = [Known(an_exchange(str(n), n), a_referral(nhs_number=str(n // 2), journey_id="j")) for n in range(3)]
    (one,) = found(*legs)
    assert (one.exchange, one.sentence) == (
        guid("2"),
        "This message is about another patient than the messages before it.",
    )


def updates(*times: str, direction: Direction = Direction.OUT) -> list[Known]:
    return [
        Known(
            an_exchange(f"u{n}", n, correlation=C1, direction=direction),
            a_referral(reason="update", updated=(("ServiceRequest/7", when),)),
        )
        for n, when in enumerate(times)
    ]


def test_last_updated_must_not_go_back() -> None:
    good, early = "2026-11-24T12:00:00+00:00", "2026-11-24T12:59:59+01:00"
    (one,) = found(*updates(good, early))
    assert one == Conflict(
        ConflictKind.BACKWARDS, guid("u1"), f"lastUpdated of ServiceRequest/7 goes back from {good} to {early}."
    )
    assert found(*updates(early, good, good, "later, it says")) == []
    sent, received = updates(good)[0], updates("x", early, direction=Direction.IN)[1]
    assert found(sent, received) == []


@pytest.mark.parametrize(
    ("echo", "words"),
    [
        ((("x-request-id", " R1"), ("X-CORRELATION-ID", C1.upper())), None),
        ((("X-Request-Id", "r1"),), "The answer does not repeat X-Correlation-Id."),
        ((), "The answer does not repeat X-Request-Id and X-Correlation-Id."),
        ((("X-Request-Id", "r2"), ("X-Correlation-Id", C1)), "The answer has another X-Request-Id."),
        ((("X-Request-Id", "r2"),), "The answer does not repeat X-Correlation-Id and has another X-Request-Id."),
    ],
)
def test_an_answer_repeats_both_ids(echo: tuple[tuple[str, str], ...], words: str | None) -> None:
    exchange = replace(an_exchange("e", request_id="r1", correlation=C1), response=Response(200, "", echo, b""))
    sentences = [one.sentence for one in found(Known(exchange))]
    assert sentences == ([words] if words else [])
    assert found(Known(replace(exchange, operation="token"))) == []
    assert found(Known(an_exchange("cut", failure=FailureKind.CUT))) == []


@settings(max_examples=20, deadline=None)
@given(st.permutations(a_validation_case("a")))
def test_a_usual_conversation_has_none_in_any_order_of_arrival(legs: list[Known]) -> None:
    assert found(*legs) == []


def test_each_kind_is_said_once_of_a_leg_and_in_the_order_of_legs() -> None:
    odd = reply("lost", cid=guid("other"))
    later = Known(an_exchange("later", 20, correlation=C1), a_reply("finished", None))
    assert [(one.exchange, one.kind) for one in found(ASKED, odd, later)] == [
        (odd.exchange.id, ConflictKind.UNKNOWN_BUNDLE),
        (odd.exchange.id, ConflictKind.OTHER_CORRELATION),
        (later.exchange.id, ConflictKind.UNKNOWN_BUNDLE),
    ]
