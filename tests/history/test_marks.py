"""Pins, notes and what is read, and how they follow their legs; counts of findings beside them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.correlation.builders import a_booking, a_referral, a_validation_case, an_exchange, guid
from tests.history.builders import Ticking, a_store, an_indexer
from tests.history.test_indexing import queries, record, record_all
from workbench.correlation import Known
from workbench.exchange import Direction
from workbench.history import ConversationRow, Marks, Placing, Store, indexing

if TYPE_CHECKING:
    from pathlib import Path

CASE = a_validation_case("a")
HOME = guid("a 0")


def marks(store: Store) -> Marks:
    return Marks(store, clock=Ticking())


def row(store: Store, id: str = HOME) -> ConversationRow:
    return asyncio.run(queries(store).conversation(id))


def test_what_came_in_is_unread_until_the_conversation_is_opened(tmp_path: Path) -> None:
    *before, last = CASE
    with a_store(tmp_path) as store:
        record_all(store, before)
        assert row(store).unread == 1
        assert asyncio.run(marks(store).read(HOME)).unread == 0
        record_all(store, [last])
        assert row(store).unread == 1
        asyncio.run(an_indexer(store).rebuild())
        assert row(store).unread == 1
        assert asyncio.run(marks(store).read(last.exchange.id)).unread == 0, "any leg stands for its conversation"


def test_a_pin_and_a_note_stay_through_a_rebuild_and_are_taken_back(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        record_all(store, CASE)
        asyncio.run(marks(store).pin(HOME, True))
        asyncio.run(marks(store).note(HOME, "  Call them\nback \ud800 "))
        for _ in range(2):
            assert (row(store).pinned, row(store).note) == (True, "Call them\nback \ufffd")
            asyncio.run(an_indexer(store).rebuild())
        assert asyncio.run(marks(store).note(HOME, " ")).note == ""
        assert asyncio.run(marks(store).pin(HOME, False)).pinned is False
        assert store.read_now(lambda c: c.execute("SELECT count(*) FROM conversation_mark").fetchone()[0]) == 0


def test_marks_follow_when_conversations_merge_and_part(tmp_path: Path) -> None:
    """Two bookings that turn out to be one case: pinned is either's, both notes stay, in the order of their legs."""
    given = guid("given")
    first = Known(an_exchange("first", 0), a_referral())
    other = Known(
        an_exchange("other", 9, direction=Direction.IN),
        a_booking(linked_ids=(("ServiceRequest", given),)),
    )
    answer = a_referral(resource_ids=(("ServiceRequest", given),))

    async def play(store: Store) -> None:
        await record(store, other)
        await record(store, first)
        await marks(store).note(guid("other"), "Second")
        await marks(store).pin(guid("other"), True)
        await marks(store).note(guid("first"), "First")
        await marks(store).read(guid("first"))
        await an_indexer(store).index(first.exchange, response=answer)

    with a_store(tmp_path) as store:
        asyncio.run(play(store))
        merged = row(store, guid("first"))
        assert (merged.note, merged.pinned, merged.unread) == ("First\n\nSecond", True, 1)
        with pytest.raises(KeyError):
            row(store, guid("other"))
        parted = asyncio.run(Placing(store, clock=Ticking()).unlink(guid("other")))
        assert (parted.note, parted.pinned, parted.unread) == ("Second", True, 1)
        left = row(store, guid("first"))
        assert (left.note, left.pinned, left.unread) == ("First", False, 0)


def test_a_conversation_that_is_not_there_cannot_be_marked(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        record_all(store, CASE)
        for change in (marks(store).read("nobody"), marks(store).pin("nobody", True), marks(store).note("nobody", "x")):
            with pytest.raises(KeyError):
                asyncio.run(change)


def test_a_reused_correlation_id_marks_both_conversations_in_either_order(tmp_path: Path) -> None:
    one = Known(an_exchange("one", 0, correlation=guid("c")), a_referral(nhs_number="1"))
    two = Known(an_exchange("two", 5, correlation=guid("c")), a_referral(nhs_number="2"))
    for number, order in enumerate(([one, two], [two, one])):
        folder = tmp_path / str(number)
        folder.mkdir()
        with a_store(folder) as store:
            record_all(store, order)
            for name in ("one", "two"):
                assert (row(store, guid(name)).conflicts, row(store, guid(name)).attention) == (1, 1)
                (conflict,) = asyncio.run(queries(store).conflicts(guid(name)))
                assert conflict.sentence == "The same X-Correlation-Id is used for messages about another patient."
            assert store.run_now(indexing.rebuild) == 2
            assert row(store, guid("one")).conflicts == 1
