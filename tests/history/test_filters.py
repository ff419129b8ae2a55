"""Narrowing the list of conversations: each condition, all together, and what conversations can be chosen by."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.correlation.builders import START, a_booking, a_referral, a_reply, a_validation, an_exchange, guid
from tests.history.builders import a_store
from tests.history.test_indexing import queries, record_all
from workbench.correlation import ConversationState, Known
from workbench.exchange import Direction
from workbench.history import EVERYTHING, ConversationFilter, Marks
from workbench.history.filters import facets_of, read_facets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.history import Queries, Store

LATE = START + timedelta(hours=3)


def known(name: str, at: float, facts: object, **more: object) -> Known:
    return Known(an_exchange(name, at, **more), facts)  # type: ignore[arg-type]


KNOWNS = [
    known("booked", 0, a_booking(use_case="a7t1"), service="surgery", status=409, correlation=guid("c")),
    known("referred", 10, a_referral(use_case="a1t1"), service="northgate", correlation=guid("c")),
    known("came", 3600, a_validation(breach_time="2026-11-24T14:00:00Z"), direction=Direction.IN, service="own"),
    known("late", 7200, a_reply("finished", guid("nobody"), bundle_id=guid("b"))),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with a_store(tmp_path_factory.mktemp("history")) as store:
        record_all(store, KNOWNS)
        marks = Marks(store, clock=lambda: LATE)
        asyncio.run(marks.pin(guid("booked"), True))
        asyncio.run(marks.note(guid("late"), "Ask them"))
        yield store


def asked(store: Store) -> Queries:
    from workbench.history import Queries

    return Queries(store, clock=lambda: LATE)


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (EVERYTHING, ["booked", "late", "came"]),
        (ConversationFilter(environments=("embedded",)), ["booked", "late", "came"]),
        (ConversationFilter(environments=("int",)), []),
        (ConversationFilter(services=("northgate",)), ["booked"]),
        (ConversationFilter(services=("north",)), []),
        (ConversationFilter(services=("northgate", "own")), ["booked", "came"]),
        (ConversationFilter(use_cases=("a7t1",)), ["booked"]),
        (ConversationFilter(events=("servicerequest-request",)), ["booked", "came"]),
        (ConversationFilter(statuses=("409",)), ["booked"]),
        (ConversationFilter(statuses=("409",), services=("own",)), []),
        (ConversationFilter(states=(ConversationState.WAITING,)), ["came"]),
        (ConversationFilter(states=(ConversationState.WAITING, ConversationState.ANSWERED)), ["late", "came"]),
        (ConversationFilter(attention=True), ["late", "came"]),
        (ConversationFilter(unread=True), ["came"]),
        (ConversationFilter(pinned=True), ["booked"]),
        (ConversationFilter(noted=True), ["late"]),
        (ConversationFilter(severity="error"), []),
        (ConversationFilter(since=START + timedelta(hours=1)), ["late", "came"]),
        (ConversationFilter(since=START + timedelta(minutes=1), until=START + timedelta(hours=2)), ["came"]),
    ],
)
def test_each_condition_and_their_combinations(store: Store, chosen: ConversationFilter, names: list[str]) -> None:
    rows = asyncio.run(asked(store).conversations(chosen=chosen))
    assert [row.id for row in rows] == [guid(name) for name in names]


def test_being_overdue_is_a_reason_for_attention_only_once_it_is(store: Store) -> None:
    early = asyncio.run(queries(store).conversations(chosen=ConversationFilter(attention=True)))
    assert [row.id for row in early] == [guid("late")]


def test_conditions_are_counted_and_values_in_use_are_listed(store: Store) -> None:
    assert EVERYTHING.count == 0
    assert ConversationFilter(services=("a", "b"), unread=True, since=START).count == 3
    assert asyncio.run(asked(store).facets()) == {
        "environment": ("embedded",),
        "event": ("booking-request", "servicerequest-request", "servicerequest-response"),
        "service": ("northgate", "own", "surgery"),
        "status": ("200", "409"),
        "use-case": ("a1t1", "a7t1"),
    }


def test_a_bar_in_a_value_does_not_end_it() -> None:
    text = facets_of([known("x", 0, None, service="a|b", status=None)])
    assert read_facets(text) == (("environment", "embedded"), ("service", "a/b"))
    assert facets_of([]) == ""


def test_pinned_ones_come_first_on_every_page(store: Store) -> None:
    ask, rows, after = asked(store), [], None
    while page := asyncio.run(ask.conversations(after=after, limit=1)):
        rows += page
        after = page[-1].key
    assert [row.id for row in rows] == [guid("booked"), guid("late"), guid("came")]
