"""Runs of discovery calls as one row, and the tracks of links."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.test_lanes import a_leg, laid_out
from workbench.correlation import Link
from workbench.correlation.values import LinkKind, Strength
from workbench.evidence.lane_folds import CAPABILITY_CHECK, MOST_LANES, collapsed, tracks
from workbench.evidence.lanes import LaneKind, LaneRow, LaneTone
from workbench.exchange import Direction, Response


def a_conversation() -> tuple[LaneRow, ...]:
    link = Link("reply", "asked", LinkKind.REPLY, Strength.CERTAIN, "Quotes the Bundle id of the request")
    return laid_out(
        a_leg("token", 0, operation="token"),
        a_leg("metadata", 1, operation="metadata"),
        a_leg("definitions", 2, operation="message-definition"),
        a_leg("asked", 3),
        a_leg("read", 4, operation="appointment-read"),
        a_leg("reply", 5, Direction.IN),
        links=(link,),
    ).rows


def test_a_run_of_discovery_calls_is_one_row_that_names_what_was_asked() -> None:
    rows = collapsed(a_conversation())
    assert [row.title for row in rows if row.kind is LaneKind.CHECK] == [CAPABILITY_CHECK, "leg read"]
    head = rows[1]
    assert (head.detail, head.members) == ("token, metadata, MessageDefinition", ("token", "metadata", "definitions"))
    assert head.spoken.endswith("3 calls, collapsed")


def test_an_opened_run_shows_its_calls_under_it() -> None:
    rows = collapsed(a_conversation(), {"metadata"})
    assert [row.exchange for row in rows[1:5]] == ["", "token", "metadata", "definitions"]
    assert [row.inner for row in rows[1:5]] == [False, True, True, True]
    assert rows[1].spoken.endswith("3 calls, expanded")


def test_a_reply_still_points_at_what_it_answers() -> None:
    for opened in ((), ("token",)):
        rows = collapsed(a_conversation(), opened)
        reply = next(row for row in rows if row.exchange == "reply")
        assert rows[reply.answers].exchange == "asked"


def test_a_fault_within_a_run_shows_on_its_row() -> None:
    fault = a_leg("metadata", 1, operation="metadata", response=Response(503, "", (), b""))
    rows = collapsed(laid_out(a_leg("token", 0, operation="token"), fault).rows)
    assert (rows[1].tone, rows[1].status, rows[1].exchange) == (LaneTone.ERROR, "503 unavailable", "metadata")


def test_one_call_alone_and_a_gap_between_two_stay_as_they_are() -> None:
    rows = laid_out(a_leg("one", 0, operation="metadata"), a_leg("two", 300, operation="metadata")).rows
    assert collapsed(rows) == rows


def rows_with(links: list[tuple[int, int]], count: int) -> list[LaneRow]:
    rows = [LaneRow(LaneKind.MESSAGE, str(number), str(number)) for number in range(count)]
    for reply, asked in links:
        rows[reply] = replace(rows[reply], answers=asked)
    return rows


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30)).filter(lambda link: link[1] < link[0]), max_size=20))
def test_links_beside_each_other_never_share_an_inner_lane(links: list[tuple[int, int]]) -> None:
    found = tracks(rows_with(links, 31))
    assert {(one.reply, one.asked) for one in found} == dict(links).items()
    for one in found:
        assert 0 <= one.lane < MOST_LANES
        for other in found:
            apart = one.reply <= other.asked or one.asked >= other.reply
            assert one == other or one.lane != other.lane or apart or one.lane == MOST_LANES - 1


def test_the_shortest_link_is_the_innermost() -> None:
    found = {(one.reply, one.asked): one.lane for one in tracks(rows_with([(5, 0), (3, 1)], 6))}
    assert found == {(3, 1): 0, (5, 0): 1}
