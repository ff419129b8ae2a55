from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.correlation.builders import (
    START,
    a_booking,
    a_referral,
    a_reply,
    a_validation,
    a_validation_case,
    an_exchange,
    guid,
)
from workbench.correlation import (
    Author,
    ConflictKind,
    ConversationState,
    Known,
    Link,
    LinkKind,
    Standing,
    Strength,
    conflicts,
    conversation_state,
    group,
    lead,
    legs_in_order,
)
from workbench.exchange import Direction, FailureKind
from workbench.messages import MessageFacts, parse

if TYPE_CHECKING:
    from pathlib import Path

NOW = START + timedelta(hours=1)
BOTH = [*a_validation_case("a"), *a_validation_case("b", at=0.5)]


@settings(max_examples=60, deadline=None)
@given(st.permutations(BOTH))
def test_two_interleaved_conversations_are_told_apart_in_any_order(arrivals: list[Known]) -> None:
    conversations = group(arrivals)
    assert [[leg.exchange.id for leg in legs] for legs, _ in conversations] == [
        [guid(f"{name} {n}") for n in range(5)] for name in ("a", "b")
    ]
    for (_, links), name in zip(conversations, ("a", "b"), strict=True):
        reasons = {(link.child, link.parent): link.reason for link in links}
        assert reasons[guid(f"{name} 3"), guid(f"{name} 1")] == "Quotes the Bundle id of the request"
        assert reasons[guid(f"{name} 4"), guid(f"{name} 3")] == "Quotes the interim response, not the request"
        assert reasons[guid(f"{name} 2"), guid(f"{name} 1")] == "Same X-Request-Id"
        assert reasons[guid(f"{name} 1"), guid(f"{name} 0")] == "Same correlation id"
        assert all(link.joins for link in links)


def test_a_person_takes_a_leg_out_and_puts_it_elsewhere() -> None:
    """What the engine found no longer holds it; the rest of its conversation stays together."""
    moved = guid("b 4")
    own = Link(moved, guid("a 0"), LinkKind.REPLY, Strength.CERTAIN, "Linked by hand", Author.PERSON)
    alone = [[leg.exchange.id for leg in legs] for legs, _ in group(BOTH, {moved})]
    assert alone == [[guid(f"a {n}") for n in range(5)], [guid(f"b {n}") for n in range(4)], [moved]]
    ((first, links), (second, _)) = group(BOTH, {moved}, [own])
    assert [leg.exchange.id for leg in first] == [*(guid(f"a {n}") for n in range(5)), moved]
    assert [link for link in links if moved in (link.child, link.parent)] == [own]
    assert len(second) == 4


def test_a_persons_link_stands_in_place_of_the_engines() -> None:
    weak = Link(guid("a 3"), guid("a 1"), LinkKind.READ, Strength.WEAK, "Not this one", Author.PERSON)
    legs = a_validation_case("a")
    ((_, links),) = group(legs, own=[weak])
    assert not [link for link in links if (link.child, link.parent) == (weak.child, weak.parent)]


def message(facts: object, at: float = 0, status: int = 200, **more: object) -> Known:
    name = str(more.pop("name", f"at {at}"))
    return Known(an_exchange(name, at, status=status, correlation=guid("c"), **more), facts)  # type: ignore[arg-type]


B1 = guid("b1")
ASKED = message(a_validation(bundle_id=B1))
CANCEL = a_validation(reason="update", focus_status="revoked")


@pytest.mark.parametrize(
    ("legs", "state", "attention", "text"),
    [
        ([message(a_referral())], "accepted", False, "Accepted 200"),
        ([message(a_booking())], "accepted", False, "Accepted 200"),
        ([message(a_referral(), status=422)], "refused", False, "Refused 422"),
        ([message(a_referral(), failure=FailureKind.UNKNOWN)], "unknown", True, "Outcome unknown"),
        ([message(a_referral(), failure=FailureKind.CUT)], "unknown", True, "Answer cut"),
        ([message(a_referral(), failure=FailureKind.NOT_SENT)], "refused", True, "Not sent"),
        ([message(a_referral(), failure=FailureKind.UNKNOWN), message(a_referral(), 5)], "accepted", False, None),
        ([message(a_referral()), message(a_referral(focus_status="revoked"), 5)], "cancelled", False, "Cancelled"),
        ([message(a_booking()), message(a_booking(focus_status="cancelled"), 5, 409)], "refused", False, "Refused 409"),
        ([ASKED], "waiting", False, "Waiting for reply"),
        ([message(a_validation(), status=None)], "waiting", False, "In progress"),
        ([ASKED, message(a_reply("in-progress", B1), 5)], "waiting", False, "Interim reply, waiting"),
        ([ASKED, message(a_reply("finished", B1), 5)], "answered", False, "Answered"),
        ([ASKED, message(a_reply("cancelled", B1), 5)], "answered", False, "Answered: rejected"),
        (
            [ASKED, message(a_reply("finished", B1), 5), message(a_reply("in-progress", B1), 9)],
            "answered",
            False,
            "Answered",
        ),
        ([ASKED, message(a_reply("finished", guid("nobody")), 5)], "answered", False, "Answered"),
        ([ASKED, message(CANCEL, 5)], "cancelled", False, "Cancelled"),
        ([message(None, operation="slot-search")], "answered", False, "Answered 200"),
        ([message(None, 0, 403, operation="metadata")], "refused", False, "Refused 403"),
        ([ASKED, message(None, 9, 500, operation="metadata")], "waiting", False, "Waiting for reply"),
        ([message(None)], "accepted", False, "Accepted 200"),
    ],
)
def test_states(legs: list[Known], state: str, attention: bool, text: str | None) -> None:
    standing = conversation_state(reversed(legs), NOW)
    assert (standing.state, standing.attention) == (ConversationState(state), attention)
    assert text is None or standing.text == text


def test_a_duplicate_answer_to_a_retry_means_delivered() -> None:
    lost = message(a_referral(), request_id="r", failure=FailureKind.UNKNOWN)
    again = message(a_referral(), 5, 409, request_id="r")
    assert conversation_state([lost, again], NOW).state is ConversationState.ACCEPTED


def test_an_overdue_reply_asks_for_attention() -> None:
    asked = message(a_validation(breach_time="2026-11-24T13:30:00.1234567+01:00"))
    due = datetime(2026, 11, 24, 12, 30, 0, 123456, tzinfo=UTC)
    waiting = ConversationState.WAITING
    assert conversation_state([asked], START) == Standing(waiting, False, due, "Waiting for reply", START)
    assert conversation_state([asked], NOW) == Standing(waiting, True, due, "Waiting for reply", START)
    assert conversation_state([message(a_validation(breach_time="2026"))], NOW).due is None


def test_an_answer_that_was_not_delivered_asks_for_attention() -> None:
    taken = message(a_referral(), failure=None)
    lost = an_exchange("lost", failure=FailureKind.NOT_DELIVERED)
    both = Known(replace(taken.exchange, failure=lost.failure), taken.request)
    assert conversation_state([both], NOW) == Standing(ConversationState.ACCEPTED, True, None, "Accepted 200")


def test_the_first_request_says_what_it_is_about() -> None:
    metadata = Known(an_exchange("m", 0, operation="metadata"))
    search = Known(an_exchange("s", 1, operation="slot-search"))
    early_reply = message(a_reply("finished", B1), 2)
    asked = message(a_referral(), 3)
    assert lead([asked, early_reply, search, metadata]) is asked
    assert lead([early_reply, search, metadata]) is early_reply
    assert lead([search, metadata]) is search
    assert lead([metadata]) is metadata
    assert legs_in_order([asked, metadata, search]) == (metadata, search, asked)


def test_the_official_validation_examples_are_one_conversation(shared: Path) -> None:
    """Interim and full reply under correlation ids of their own: only what the messages say ties them together."""
    folder = shared / "data" / "examples" / "json-1.34.0"

    def facts(start: str) -> MessageFacts:
        (path,) = folder.glob(f"{start} - *.json")
        return parse(path.read_bytes()).facts

    asked = Known(an_exchange("asked", 0, correlation=guid("c1")), facts("VALREQ01"), facts("VALRESP01"))
    interim = Known(an_exchange("i", 60, correlation=guid("c2"), direction=Direction.IN), facts("VALRESP01A"))
    full = Known(an_exchange("f", 600, correlation=guid("c3"), direction=Direction.IN), facts("VALRESP02"))
    assert conversation_state([asked], START).text == "Waiting for reply"
    assert conversation_state([asked], START).due is not None
    assert conversation_state([asked, interim], START).text == "Interim reply, waiting"
    ((legs, links),) = group([full, interim, asked])
    assert legs == (asked, interim, full)
    reasons = {(link.child, link.parent): link.reason for link in links}
    assert reasons[guid("i"), guid("asked")] == "Quotes the Bundle id of the request"
    assert reasons[guid("f"), guid("asked")] == "Quotes the Bundle id of the request"
    assert reasons[guid("f"), guid("i")] == "Same referral: ServiceRequest id given by the receiver"
    standing = conversation_state(legs, START)
    assert (standing.state, standing.due, standing.text) == (ConversationState.ANSWERED, None, "Answered")
    found = [one.kind for one in conflicts(legs, links)]
    assert found == [ConflictKind.OTHER_CORRELATION, ConflictKind.OTHER_CORRELATION, ConflictKind.BACKWARDS]
