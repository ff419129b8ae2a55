"""Every workflow of the standard (W1 to W12, onward referral), two at once in any interleaving: no leg goes astray.

The messages are those of the program, sent to the embedded sandbox in this process; see `plays`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.correlation import plays
from tests.correlation.plays import PEOPLE, Case, Stage
from tests.history.builders import a_store
from tests.history.test_indexing import record_all
from workbench.correlation import ConversationState, Known, Link, conflicts, conversation_state, group, principal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

CID, RID = "Same correlation id", "Same X-Request-Id"
REFERRAL = "Same referral: ServiceRequest id given by the receiver"
BOOKING = "Same booking: Appointment id given by the receiver"
QUOTES = "Quotes the Bundle id of the request"

Expected = dict[tuple[str, str], tuple[str, str, str]]
WORKFLOWS: dict[plays.Play, tuple[str, Expected]] = {
    plays.refer: (
        "Accepted 200",
        {("refer", "metadata"): ("read", "likely", CID), ("read", "refer"): ("read", "likely", REFERRAL)},
    ),
    plays.book: (
        "Accepted 200",
        {("book", "slots"): ("read", "likely", CID), ("read", "book"): ("read", "likely", BOOKING)},
    ),
    plays.book_then_refer: (
        "Accepted 200",
        {
            ("book", "slots"): ("read", "likely", CID),
            ("refer", "slots"): ("read", "likely", CID),
            ("refer", "book"): ("referral", "likely", "Linked booking: Appointment/… in supportingInfo"),
        },
    ),
    plays.refer_then_book: (
        "Accepted 200",
        {
            ("slots", "refer"): ("read", "likely", CID),
            ("book", "slots"): ("read", "likely", CID),
            ("book", "refer"): ("booking", "likely", "Linked referral: ServiceRequest/… in basedOn"),
        },
    ),
    plays.withdraw: (
        "Cancelled",
        {
            ("retry", "lost"): ("retry", "certain", RID),
            ("read", "lost"): ("read", "likely", CID),
            ("cancel", "lost"): ("cancel", "likely", CID),
            ("cancel", "read"): ("read", "likely", REFERRAL),
        },
    ),
    plays.amend: ("Waiting for reply", {("update", "ask"): ("update", "likely", REFERRAL)}),
    plays.rebook: (
        "Accepted 200",
        {
            ("book", "slots"): ("read", "likely", CID),
            ("cancel", "book"): ("cancel", "likely", BOOKING),
            ("cancel", "slots"): ("read", "likely", CID),
            ("slots again", "slots"): ("read", "likely", CID),
            ("book again", "slots"): ("read", "likely", CID),
            ("book again", "book"): ("rebook", "likely", CID),
        },
    ),
    plays.validate: (
        "Answered",
        {
            ("interim", "ask"): ("reply", "certain", QUOTES),
            ("full", "ask"): ("reply", "certain", QUOTES),
            ("full", "interim"): ("answer", "likely", REFERRAL),
        },
    ),
    plays.did_not_attend: ("Answered", {("no show", "refer"): ("reply", "certain", QUOTES)}),
    plays.pass_incident: (
        "Answered",
        {
            ("update", "pass"): ("update", "likely", REFERRAL),
            ("in-progress", "pass"): ("reply", "certain", QUOTES),
            ("finished", "pass"): ("reply", "certain", QUOTES),
            ("finished", "in-progress"): ("answer", "likely", REFERRAL),
        },
    ),
    plays.to_pharmacy: ("Cancelled", {("cancel", "refer"): ("cancel", "likely", REFERRAL)}),
    plays.to_broker: ("Accepted 200", {("refer", "metadata"): ("read", "likely", CID)}),
    plays.onward: (
        "Answered",
        {("onward", "refer"): ("onward", "likely", CID), ("feedback", "onward"): ("reply", "certain", QUOTES)},
    ),
}


def play_both(first: plays.Play, second: plays.Play, turns: Iterator[bool], *, one_person: bool) -> Stage:
    """Two plays on one stage; each turn says which goes on, while both still can."""
    stage = Stage()
    running = [first(Case(stage, 0, PEOPLE[0])), second(Case(stage, 1, PEOPLE[0 if one_person else 1]))]
    while running:
        one = running[int(next(turns)) % len(running)]
        try:
            next(one)
        except StopIteration:
            running.remove(one)
    return stage


def shown(stage: Stage, legs: tuple[Known, ...], links: tuple[Link, ...]) -> Expected:
    """The links worth showing by the names of the legs, ids in reasons left out."""
    return {
        (stage.name[link.child], stage.name[link.parent]): (link.kind.value, link.strength.value, _plain(link.reason))
        for link in principal(links, legs)
    }


def _plain(reason: str) -> str:
    words, slash, rest = reason.partition("/")
    return f"{words}/… {rest.partition(' ')[2]}" if slash else reason


def check(stage: Stage, arrivals: list[Known], wanted: dict[str, plays.Play]) -> None:
    conversations = group(arrivals)
    assert len(conversations) == len(wanted)
    for legs, links in conversations:
        labels = {stage.owner[leg.exchange.id] for leg in legs}
        assert len(labels) == 1, "a leg went astray"
        ended, expected = WORKFLOWS[wanted.pop(labels.pop())]
        assert shown(stage, legs, links) == expected
        assert conversation_state(legs, stage.now).text == ended
        assert conflicts(legs, links) == ()
    assert not wanted


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    first=st.sampled_from(list(WORKFLOWS)),
    second=st.sampled_from(list(WORKFLOWS)),
    turns=st.lists(st.booleans(), min_size=12, max_size=12),
    one_person=st.booleans(),
    arrival=st.randoms(use_true_random=False),
)
def test_two_workflows_at_once_group_without_one_error(
    first: plays.Play, second: plays.Play, turns: list[bool], one_person: bool, arrival: Random
) -> None:
    """In any interleaving, in any order of arrival, about two patients or the same one."""
    stage = play_both(first, second, iter([*turns, *[False] * 20]), one_person=one_person)
    arrivals = [*stage.legs]
    arrival.shuffle(arrivals)
    check(stage, arrivals, {"case 0": first, "case 1": second})


@pytest.mark.parametrize("play", WORKFLOWS, ids=lambda play: play.__name__)
def test_each_workflow_beside_itself_is_stored_as_it_is_grouped(play: plays.Play, tmp_path: Path) -> None:
    """The stored conversations are the pure engine's, arriving backwards and one leg in two steps."""
    stage = play_both(play, play, iter([True, False] * 20), one_person=True)
    check(stage, stage.legs[::-1], {"case 0": play, "case 1": play})
    with a_store(tmp_path) as store:
        record_all(store, stage.legs[::-1])
        found = store.read_now(lambda c: c.execute("SELECT id, conversation FROM exchange").fetchall())
        rows = store.read_now(lambda c: c.execute("SELECT state, status_text, conflicts FROM conversation").fetchall())
    pure = {leg.exchange.id: legs[0].exchange.id for legs, _ in group(stage.legs) for leg in legs}
    assert {row["id"]: row["conversation"] for row in found} == pure
    assert [(row["status_text"], row["conflicts"]) for row in rows] == [(WORKFLOWS[play][0], 0)] * 2
    assert all(ConversationState(row["state"]) is not ConversationState.REFUSED for row in rows)
