"""Deleting for good: what goes, what stays, and that no byte of it is left."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.correlation.builders import START, a_referral, an_exchange, guid
from tests.history.builders import a_store, an_indexer
from workbench.history import bodies, rows
from workbench.history.purging import Purging
from workbench.history.search import Due, put_words

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from workbench.history import Store

SEED = "Zyxwvutsrq"
"""Stands in whatever is to go."""


def recorded(store: Store, name: str, at: float = 0, seed: str = "", body: bytes = b"{}") -> str:
    """Record a conversation of one exchange with a seed wherever a text can be; gives its id."""
    more = (("X-Seed", f"{seed}header"),) if seed else ()
    one = an_exchange(name, at, correlation=guid(f"cid {name}"), body=body, headers=more, path=f"/{seed}address")
    seq = store.run_now(lambda c: rows.insert(c, one, ()))
    facts = a_referral(bundle_id=guid(f"bundle {name}"), sender_name=f"{seed}sender", patient_initials=f"{seed}i")
    asyncio.run(an_indexer(store).index(replace(one, seq=seq), facts))

    def job(c: object) -> None:
        c.execute("INSERT INTO conversation_mark (exchange, pinned, note) VALUES (?, 0, ?)", (one.id, f"{seed}note"))  # type: ignore[attr-defined]
        put_words(c, [(Due(seq, 9), frozenset({f"{seed}word{n}".lower() for n in range(3)} | {"common"}))])  # type: ignore[arg-type]

    store.run_now(job)
    return one.id


def bytes_of(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(folder.iterdir()) if one.is_file())


def hits(folder: Path) -> int:
    return bytes_of(folder).lower().count(SEED.lower().encode())


def test_the_whole_file_is_written_anew_with_its_copy_on_disk(tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []
    with a_store(tmp_path) as store:

        def watch(connection: sqlite3.Connection) -> None:
            def told(sql: str) -> None:
                if sql == "VACUUM":
                    seen.append((sql, kept(connection)))

            connection.set_trace_callback(told)

        def kept(connection: sqlite3.Connection) -> int:
            value: int = connection.execute("PRAGMA temp_store").fetchone()[0]
            return value

        store.run_now(watch)
        asyncio.run(Purging(store).sweep(whole=True))
        store.run_now(lambda connection: connection.set_trace_callback(None))
        assert seen == [("VACUUM", 0)]
        assert store.run_now(kept) == 2


@pytest.mark.parametrize("whole", [True, False])
def test_nothing_of_what_was_purged_is_in_any_byte(tmp_path: Path, whole: bool) -> None:
    secret = b'{"resourceType": "Patient", "name": "' + SEED.encode() * 9 + b'"}'
    packed = bodies.packed(secret)
    with a_store(tmp_path) as store:
        for n in range(40):
            recorded(store, f"kept {n}", n, body=b'{"n": %d}' % n + b" " * 3000)
            recorded(store, f"gone {n}", n, seed=SEED, body=secret if n % 2 else b"{}")
        assert hits(tmp_path) > 40
        assert packed in bytes_of(tmp_path)
        purging = Purging(store)
        doomed = [guid(f"gone {n}") for n in range(40)]
        gone = asyncio.run(purging.delete(doomed))
        asyncio.run(purging.sweep(whole=whole))
        assert (set(gone.conversations), gone.exchanges) == (set(doomed), 40)
        assert hits(tmp_path) == 0
        assert packed not in bytes_of(tmp_path)
        assert hashlib.sha256(secret).hexdigest().encode() not in bytes_of(tmp_path)
        assert store.read_now(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
        counted = "SELECT count(*) FROM search WHERE search MATCH 'common'"
        found = store.read_now(lambda c: c.execute(counted).fetchone())
        assert tuple(found) == (40,)
    assert hits(tmp_path) == 0


def test_a_body_that_others_share_stays(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        one = recorded(store, "a", body=b"shared")
        recorded(store, "b", body=b"shared")
        asyncio.run(Purging(store).delete([one]))
        kept = store.read_now(lambda c: c.execute("SELECT count(*) FROM body").fetchone()[0])
        assert kept == 2  # the shared one, and that of the answers
        asyncio.run(Purging(store).delete([guid("b")]))
        assert store.read_now(lambda c: c.execute("SELECT count(*) FROM body").fetchone()[0]) == 0


def test_locked_conversations_and_those_under_way_stay(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        purging = Purging(store)
        locked, free, busy = recorded(store, "a"), recorded(store, "b", 60), recorded(store, "c", 120)
        asyncio.run(purging.lock(locked, locked=True))
        store.run_now(lambda c: c.execute("UPDATE exchange SET status = NULL WHERE id = ?", (busy,)).rowcount)
        assert asyncio.run(purging.locked()) == {locked}
        assert asyncio.run(purging.free()) == (free,)
        assert asyncio.run(purging.delete([locked, free, busy])).conversations == (free,)
        asyncio.run(purging.lock(locked, locked=False))
        assert asyncio.run(purging.delete([locked])).conversations == (locked,)


def test_a_lock_follows_its_conversation_into_another(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        purging = Purging(store)
        one, two = recorded(store, "a"), recorded(store, "b", 60)
        asyncio.run(purging.lock(two, locked=True))
        store.run_now(lambda c: c.execute("UPDATE exchange SET conversation = ?", (one,)).rowcount)
        assert asyncio.run(purging.locked()) == {one}


def test_the_oldest_come_first_and_only_those_before_a_day(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        purging = Purging(store)
        ids = [recorded(store, f"n{n}", timedelta(days=n).total_seconds()) for n in (3, 1, 2)]
        assert asyncio.run(purging.free()) == (ids[1], ids[2], ids[0])
        assert asyncio.run(purging.free(limit=1)) == (ids[1],)
        assert asyncio.run(purging.free(before=START + timedelta(days=2))) == (ids[1],)


def test_the_figures_are_by_environment(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        assert asyncio.run(Purging(store).statistics()).oldest is None
        recorded(store, "a")
        recorded(store, "b", 60)
        found = asyncio.run(Purging(store).statistics())
        assert (found.conversations, found.exchanges, found.locked, found.oldest) == (2, 2, 0, START)
        assert [tuple(one) for one in found.environments] == [("embedded", 2, 2)]
        assert found.used > 0
        assert asyncio.run(Purging(store).used()) == found.used
