"""The search index: what is due, what is found, in which order, and that nothing else stays in it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.correlation.builders import START, a_referral, an_exchange, guid
from tests.history.builders import Ticking, a_store, an_indexer
from workbench.errors import ErrorCode, StoreError
from workbench.history import rows
from workbench.history.filters import ConversationFilter
from workbench.history.search import SearchIndex
from workbench.history.wanted import read

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.history import Store


def recorded(store: Store, name: str, at: float = 0) -> str:
    """Record an exchange in a conversation of its own; gives its id."""
    one = an_exchange(name, at, correlation=guid(f"cid {name}"))
    seq = store.run_now(lambda c: rows.insert(c, one, ()))
    asyncio.run(an_indexer(store).index(replace(one, seq=seq), a_referral(bundle_id=guid(f"bundle {name}"))))
    return one.id


def taken_up(index: SearchIndex, words: dict[int, set[str]]) -> None:
    due = {one.seq: one for one in asyncio.run(index.due(100))}
    asyncio.run(index.put([(due[seq], frozenset(found)) for seq, found in words.items()]))


def found(index: SearchIndex, text: str, **more: object) -> list[str]:
    page = asyncio.run(index.page(read(text, today=date(2026, 11, 24)), **more))  # type: ignore[arg-type]
    return [hit.exchange for hit in page.hits]


def an_index(store: Store) -> SearchIndex:
    return SearchIndex(store, clock=Ticking())


def test_what_is_recorded_answered_judged_or_noted_is_due(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        index = an_index(store)
        id = recorded(store, "a")
        changes = [
            "UPDATE exchange SET status = 201",
            "INSERT INTO verdict VALUES (:id, 'request', 1, '1', '1', '1', 'r', '[]', '[]', 0.1)",
            "INSERT INTO conversation_mark (exchange, pinned, note) VALUES (:id, 0, 'first')",
            "UPDATE conversation_mark SET note = 'second'",
            "DELETE FROM conversation_mark",
        ]
        for sql in changes:
            taken_up(index, {1: {"word"}})
            assert asyncio.run(index.left()) == 0
            store.run_now(lambda c, sql=sql: c.execute(sql, {"id": id}).rowcount)
            assert asyncio.run(index.left()) == 1, sql


def test_what_changes_while_it_is_taken_up_stays_due(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        index = an_index(store)
        recorded(store, "a")
        due = asyncio.run(index.due(1))
        store.run_now(lambda c: c.execute("UPDATE exchange SET status = 201").rowcount)
        asyncio.run(index.put([(due[0], frozenset({"old"}))]))
        assert asyncio.run(index.left()) == 1
        taken_up(index, {1: {"new"}})
        assert found(index, "new") == [guid("a")]
        assert found(index, "old") == []


def test_every_word_must_be_there_and_may_be_begun(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        index = an_index(store)
        one, two = recorded(store, "a"), recorded(store, "b", 60)
        taken_up(index, {1: {"smith", "referral", "status=200"}, 2: {"smithers", "booking", "status=422"}})
        assert found(index, "smi") == [two, one]
        assert found(index, "smith ref") == [one]
        assert found(index, "status:422") == [two]
        assert found(index, "status:422 referral") == []
        assert found(index, "ithers") == []


def test_times_narrow_down_also_alone(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        index = an_index(store)
        old, new = recorded(store, "a"), recorded(store, "b", timedelta(days=3).total_seconds())
        taken_up(index, {1: {"smith"}, 2: {"smith"}})
        later = f"{START + timedelta(days=1):%Y-%m-%d}"
        assert found(index, f"after:{later}") == [new]
        assert found(index, f"before:{later} smith") == [old]
        assert found(index, f"after:{later} before:{later}") == []


def test_pages_go_on_where_the_one_before_ended(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        index = an_index(store)
        ids = [recorded(store, f"n{n}", n * 60) for n in range(7)]
        taken_up(index, {n + 1: {"smith"} for n in range(7)})
        wanted, seen, below = read("smith", today=START.date()), [], None
        for _ in range(10):
            page = asyncio.run(index.page(wanted, below=below, limit=3))
            seen += [hit.exchange for hit in page.hits]
            below = page.next
            if below is None:
                break
        assert seen == ids[::-1]


def test_a_filter_leaves_out_without_ending_the_page(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        index = an_index(store)
        ids = [recorded(store, f"n{n}", n * 60) for n in range(6)]
        taken_up(index, {n + 1: {"smith"} for n in range(6)})
        store.run_now(lambda c: c.execute("UPDATE conversation SET pinned = 1 WHERE id IN (?, ?)", ids[:2]).rowcount)
        assert found(index, "smith", limit=6) == ids[::-1]
        assert found(index, "smith", chosen=ConversationFilter(pinned=True), limit=2) == ids[1::-1]


def test_a_damaged_index_says_so_and_is_made_anew(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        index = an_index(store)
        id = recorded(store, "a")
        taken_up(index, {1: {"smith"}})
        damage = "UPDATE search_data SET block = x'00000001ffffffffffff' WHERE id = 10"
        store.run_now(lambda c: c.execute(damage).rowcount)
    with a_store(tmp_path) as store:
        index = an_index(store)
        with pytest.raises(StoreError) as caught:
            found(index, "smith")
        assert caught.value.code is ErrorCode.STORE_CORRUPT
        asyncio.run(index.remake())
        assert asyncio.run(index.left()) == 1
        taken_up(index, {1: {"smith"}})
        assert found(index, "smith") == [id]


def test_an_older_history_is_due_as_a_whole(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        recorded(store, "a")
        recorded(store, "b")
        store.run_now(lambda c: c.execute("DELETE FROM search_due").rowcount)
        index = an_index(store)
        asyncio.run(index.remake())
        assert [one.seq for one in asyncio.run(index.due(9))] == [2, 1]
        material = asyncio.run(index.material([1, 2, 3]))
        assert sorted(material) == [1, 2]
        assert asyncio.run(index.material_of("nobody")) is None
