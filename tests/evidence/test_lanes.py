"""Swim lanes: true time order, folded gaps, new days, and what came back in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workbench.correlation import Link
from workbench.correlation.values import LinkKind, Strength
from workbench.errors import ErrorCode
from workbench.evidence.lanes import LaneKind, LaneTone, Leg, answer_words, duration, lay_out, seconds_words
from workbench.exchange import Direction, Exchange, Failure, FailureKind, Request, Response, Timing
from workbench.standard import default_profile

START = datetime(2026, 11, 25, 23, 58, tzinfo=UTC)


def a_leg(id: str, after: float, direction: Direction = Direction.OUT, **changes: object) -> Leg:
    facts = {"response": Response(200, "OK", (), b""), **changes}
    exchange = Exchange(
        id, 1, direction, "embedded", facts.pop("operation", "process-message"), default_profile(),
        Request("POST", "https://x/$process-message"), Timing(START + timedelta(seconds=after), wait=0.094), **facts,
    )  # fmt: skip
    return Leg(exchange, f"leg {id}")


def laid_out(*legs: Leg, links: tuple[Link, ...] = (), ending: str = ""):
    return lay_out(
        legs, links, sender="A", broker="B", receiver="C", ending=ending, ending_tone=LaneTone.WAITING, zone=UTC
    )


def test_rows_are_in_the_order_of_time_with_gaps_and_days_between() -> None:
    lanes = laid_out(a_leg("late", 150, Direction.IN), a_leg("first", 0), a_leg("next", 5), ending="Waiting")
    assert [(row.kind, row.exchange or row.title) for row in lanes.rows] == [
        (LaneKind.DAY, "Wednesday 25 November 2026"),
        (LaneKind.MESSAGE, "first"),
        (LaneKind.MESSAGE, "next"),
        (LaneKind.FOLD, "2 min 25 s later"),
        (LaneKind.DAY, "Thursday 26 November 2026"),
        (LaneKind.MESSAGE, "late"),
        (LaneKind.END, "Waiting"),
    ]
    assert [row.from_sender for row in lanes.rows if row.exchange] == [True, True, False]
    first = lanes.rows[1]
    assert (first.time, first.took, first.status) == ("23:58:00", "94 ms", "200 accepted")
    assert first.spoken == "23:58:00, leg first, 200 accepted, 94 ms"


def test_a_conversation_that_began_elsewhere_runs_the_other_way() -> None:
    lanes = laid_out(a_leg("asked", 0, Direction.IN), a_leg("answered", 1, Direction.OUT))
    assert [row.from_sender for row in lanes.rows if row.exchange] == [True, False]


def test_a_retry_is_named_as_one() -> None:
    row = next(row for row in laid_out(a_leg("again", 0, attempt=2)).rows if row.exchange)
    assert row.detail == "attempt 2, same X-Request-Id"


@pytest.mark.parametrize(
    ("response", "failure", "words"),
    [
        (Response(200, "OK", (), b""), None, ("200 accepted", LaneTone.OK)),
        (Response(409, "Conflict", (), b""), None, ("409 refused", LaneTone.ERROR)),
        (None, None, ("waiting", LaneTone.WAITING)),
        (None, FailureKind.NOT_SENT, ("not sent", LaneTone.ERROR)),
        (None, FailureKind.UNKNOWN, ("outcome unknown", LaneTone.UNKNOWN)),
        (None, FailureKind.CUT, ("answer cut", LaneTone.UNKNOWN)),
        (None, FailureKind.STOPPED, ("stopped", LaneTone.NEUTRAL)),
        (Response(200, "OK", (), b""), FailureKind.NOT_DELIVERED, ("answer not delivered", LaneTone.WARNING)),
    ],
)
def test_what_came_back_in_words(
    response: Response | None, failure: FailureKind | None, words: tuple[str, LaneTone]
) -> None:
    why = Failure.of(failure, ErrorCode.NET_REFUSED, what="x") if failure else None
    assert answer_words(a_leg("x", 0, response=response, failure=why).exchange) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0941, "94 ms"),
        (5.04, "5.0 s"),
        (125, "2 min 5 s"),
        (8040, "2 h 14 min"),
        (273_600, "3 days 4 h"),
        (0, "0 ms"),
    ],
)
def test_times_in_words(seconds: float, words: str) -> None:
    assert seconds_words(seconds) == words
    assert duration(86_400) == "1 day"


def sent_as(leg: Leg, request_id: str) -> Leg:
    request = replace(leg.exchange.request, headers=(("X-Request-Id", request_id),))
    return replace(leg, exchange=replace(leg.exchange, request=request))


def test_attempts_are_counted_and_a_reply_is_tied_to_the_one_that_was_accepted() -> None:
    refused = sent_as(a_leg("first", 0, response=Response(503, "", (), b"")), "r1")
    again, reply = sent_as(a_leg("again", 5), "r1"), a_leg("reply", 9, Direction.IN)
    link = Link("reply", "first", LinkKind.REPLY, Strength.CERTAIN, "Quotes the Bundle id of the request")
    rows = laid_out(refused, again, reply, links=(link,)).rows
    assert [row.detail for row in rows if row.exchange][:2] == ["attempt 1 of 2", "attempt 2, same X-Request-Id"]
    last = next(row for row in rows if row.exchange == "reply")
    assert (rows[last.answers].exchange, last.note_tone) == ("again", LaneTone.OK)
    assert last.note.startswith("answers 23:58:05, quotes")


def test_a_conflict_is_said_in_amber_and_ties_nothing() -> None:
    link = Link("two", "one", LinkKind.REFERRAL, Strength.WEAK, "Same correlation id, but another patient")
    row = next(row for row in laid_out(a_leg("one", 0), a_leg("two", 5), links=(link,)).rows if row.exchange == "two")
    assert (row.note_tone, row.answers) == (LaneTone.WARNING, -1)
    assert row.note == "not sure: same correlation id, but another patient, as 23:58:00"


def test_the_tip_says_everything_and_what_lies_between_has_none() -> None:
    rows = laid_out(a_leg("x", 0, response=Response(503, "", (), b""))).rows
    assert rows[1].tip.splitlines() == ["23:58:00 leg x", "503 unavailable, 94 ms"]
    assert rows[0].tip == ""
