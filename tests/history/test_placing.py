"""Putting exchanges into conversations by hand: it wins over what the ids say, then and whenever more arrives.

Also link_rows, which stores and reads links.
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

from tests.correlation.builders import a_referral, a_reply, a_validation_case, an_exchange, guid
from tests.history.builders import Ticking, a_store, an_indexer
from tests.history.test_indexing import content, queries, record_all
from workbench.correlation import Author, Known, LinkKind, Strength, group
from workbench.exchange import Direction
from workbench.history import Placing, Store, indexing
from workbench.history.link_rows import links_by_hand, placed_by_hand

if TYPE_CHECKING:
    from pathlib import Path

A, B = a_validation_case("a"), a_validation_case("b", at=0.5)
LATE = Known(
    an_exchange("late", 900, correlation=guid("cid a"), direction=Direction.IN),
    a_reply("finished", guid("bundle a"), bundle_id=guid("late"), journey_id=guid("journey a")),
)


def placing(store: Store) -> Placing:
    return Placing(store, clock=Ticking())


def homes(store: Store) -> dict[str, set[str]]:
    """The legs of every conversation, by the names they were made with."""
    names = {known.exchange.id: name for name, known in named().items()}
    found: dict[str, set[str]] = {}
    for id, home in content(store)["exchange"]:
        found.setdefault(names[str(home)], set()).add(names[str(id)])
    return found


def named() -> dict[str, Known]:
    cases = {f"{case} {n}": leg for case, legs in (("a", A), ("b", B)) for n, leg in enumerate(legs)}
    return {**cases, "late": LATE}


def case(name: str, *without: int) -> set[str]:
    return {f"{name} {n}" for n in range(5) if n not in without}


def test_a_message_taken_out_stays_out_whatever_arrives_and_after_a_rebuild(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        record_all(store, A)
        row = asyncio.run(placing(store).unlink(guid("a 3")))
        assert (row.id, row.messages) == (guid("a 3"), 1)
        assert homes(store) == {"a 0": case("a", 3), "a 3": {"a 3"}}
        record_all(store, [LATE])
        assert homes(store) == {"a 0": case("a", 3) | {"late"}, "a 3": {"a 3"}}
        before = content(store)
        asyncio.run(an_indexer(store).rebuild())
        assert content(store) == before
        assert asyncio.run(placing(store).placed(guid("a 3")))
        assert not asyncio.run(placing(store).placed(guid("a 4")))


def test_a_message_put_elsewhere_is_there_by_a_certain_link_of_a_person(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        record_all(store, [*A, *B])
        row = asyncio.run(placing(store).link(guid("a 4"), guid("b 2")))
        assert row.id == guid("b 0")
        assert homes(store) == {"a 0": case("a", 4), "b 0": case("b") | {"a 4"}}
        (link,) = [one for one in asyncio.run(queries(store).links_of(guid("a 4"))) if one.by is Author.PERSON]
        assert (link.child, link.parent, link.kind) == (guid("a 4"), guid("b 1"), LinkKind.REPLY)
        assert (link.strength, link.reason) == (Strength.CERTAIN, "Linked by hand")


def test_any_order_of_arrival_and_any_rebuild_give_what_the_pure_engine_gives(tmp_path: Path) -> None:
    chance = random.Random(5)
    with a_store(tmp_path) as store:
        record_all(store, [*A, *B, LATE])
        asyncio.run(placing(store).link(guid("a 4"), guid("b 0")))
        asyncio.run(placing(store).unlink(guid("b 3")))
        before, hands = content(store), store.read_now(placed_by_hand)
        own = store.read_now(lambda c: links_by_hand(c, guid("a 4")))
        for _ in range(4):
            order = [leg.exchange.id for leg in chance.sample([*A, *B, LATE], 11)]
            store.run_now(lambda c, order=order: indexing.rebuild(c, order))
            assert content(store) == before
    pure = {leg.exchange.id: legs[0].exchange.id for legs, _ in group([*A, *B, LATE], hands, own) for leg in legs}
    assert dict(before["exchange"]) == pure


def test_a_message_goes_with_its_retry_and_the_other_side_of_the_call(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        record_all(store, [*A, *B])
        asyncio.run(placing(store).link(guid("a 2"), guid("b 0")))
        assert homes(store)["b 0"] == case("b") | {"a 1", "a 2"}
        asyncio.run(placing(store).link(guid("a 1"), guid("a 0")))
        assert homes(store) == {"a 0": case("a"), "b 0": case("b")}


def test_what_a_person_said_can_be_taken_back(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        record_all(store, [*A, *B])
        before = content(store)
        asyncio.run(placing(store).link(guid("a 2"), guid("b 0")))
        row = asyncio.run(placing(store).release(guid("a 1")))
        assert row.id == guid("a 0")
        assert content(store) == before
        asyncio.run(placing(store).unlink(guid("a 2")))
        asyncio.run(placing(store).release(guid("a 2")))
        assert content(store) == before


def test_two_conversations_are_made_one_and_what_arrives_later_joins_them(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        record_all(store, [*A, *B])
        assert asyncio.run(placing(store).merge(guid("b 0"), guid("a 3"))).id == guid("a 0")
        record_all(store, [LATE])
        assert homes(store) == {"a 0": case("a") | case("b") | {"late"}}
        assert asyncio.run(placing(store).merge(guid("a 0"), guid("b 4"))).messages == 9
        asyncio.run(an_indexer(store).rebuild())
        assert list(homes(store)) == ["a 0"]


def test_a_merge_is_taken_back_and_a_message_put_there_by_hand_stays(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        record_all(store, [*A, *B])
        before = content(store)
        assert not asyncio.run(placing(store).merged(guid("a 0")))
        asyncio.run(placing(store).merge(guid("a 0"), guid("b 0")))
        assert asyncio.run(placing(store).merged(guid("a 0")))
        row = asyncio.run(placing(store).part(guid("a 0")))
        assert (row.id, row.messages) == (guid("a 0"), 4)
        assert content(store) == before
        asyncio.run(placing(store).link(guid("a 4"), guid("b 0")))
        assert not asyncio.run(placing(store).merged(guid("b 0"))), "one message that was put there is no merge"
        asyncio.run(placing(store).merge(guid("a 0"), guid("b 0")))
        asyncio.run(placing(store).part(guid("a 0")))
        assert homes(store) == {"a 0": case("a", 4), "b 0": case("b") | {"a 4"}}
        assert asyncio.run(placing(store).part(guid("b 0"))).id == guid("b 0"), "nothing is left to take back"


def test_putting_a_message_where_it_is_changes_nothing_and_strangers_are_refused(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        record_all(store, [*A, Known(an_exchange("late", 5), a_referral())])
        before = content(store)
        assert asyncio.run(placing(store).link(guid("a 3"), guid("a 1"))).id == guid("a 0")
        assert content(store) == before
        for wrong in (placing(store).link(guid("a 3"), "nobody"), placing(store).unlink("nobody")):
            with pytest.raises(KeyError):
                asyncio.run(wrong)
        assert content(store) == before
