"""The journal, and with it the rows of `rows` and the marks of `recovery`."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import workbench
from tests.correlation.builders import VERSIONS, an_exchange, guid
from tests.faults import failing_connection
from tests.history.builders import Ticking, a_journal, a_store
from workbench.errors import ErrorCode, StoreError
from workbench.exchange import (
    Direction,
    Exchange,
    Failure,
    FailureKind,
    LedgerState,
    Peer,
    Request,
    Response,
    Timing,
    TlsFacts,
)
from workbench.history import Ledger, Queries, Store

if TYPE_CHECKING:
    from workbench.standard import VersionProfile

CANARY = "c4nary-s3cret-value"
ROOT = Path(workbench.__file__).parents[1]


def queries(store: Store) -> Queries:
    return Queries(store, clock=Ticking())


def in_flight(name: str = "out", **more: object) -> Exchange:
    return replace(an_exchange(name, **more), response=None)  # type: ignore[arg-type]


def test_a_sent_exchange_comes_back_whole(tmp_path: Path) -> None:
    told: list[Exchange] = []
    sent = in_flight(body=b"\x00\xff request", service="s", identity="i", key="k", draft="d", run="r", attempt=2)
    tls = TlsFacts("TLSv1.3", "c", "s", "i", datetime(2027, 1, 1, tzinfo=UTC))
    answer = Response(200, "Fine", (("A", "1"), ("a", "2")), b"\xfe answer")
    done = replace(
        sent,
        response=answer,
        tls=tls,
        peer_date=datetime(2026, 1, 1, tzinfo=UTC),
        timing=Timing(sent.timing.started, 1),
    )

    async def scenario(store: Store) -> tuple[Exchange, Exchange]:
        journal = a_journal(store, told)
        await journal.sending(sent)
        before = await queries(store).exchange(sent.id)
        await journal.answered(done)
        return before, await queries(store).exchange(sent.id)

    with a_store(tmp_path) as store:
        before, after = asyncio.run(scenario(store))
    assert before == replace(sent, seq=1)
    assert after == replace(done, seq=1)
    assert told == [before, after]


def test_the_rule_that_answered_is_kept_with_the_answer_whichever_way_it_went(tmp_path: Path) -> None:
    sent = in_flight()
    ours = Response(200, "OK", (), b"{}", answered_by="own-1; late by fault", remark="Odd.")

    async def scenario(store: Store) -> list[Response | None]:
        journal = a_journal(store, answered_by=lambda exchange: f"rule for {exchange.id}")
        await journal.sending(sent)
        await journal.answered(replace(sent, response=Response(404, "Not Found", (), b"")))
        id = await journal.received(Request("GET", "http://127.0.0.1/metadata", (), b""))
        await journal.answering(id, ours)
        await journal.delivered(id, None)
        return [(await queries(store).exchange(one)).response for one in (sent.id, id)]

    with a_store(tmp_path) as store:
        theirs, mine = asyncio.run(scenario(store))
    assert theirs is not None
    assert mine is not None
    assert theirs.answered_by == f"rule for {sent.id}"
    assert (mine.answered_by, mine.remark) == (ours.answered_by, ours.remark)


def test_a_failure_comes_back_with_what_was_received(tmp_path: Path) -> None:
    sent = in_flight()
    failure = Failure.of(
        FailureKind.CUT, ErrorCode.NET_CUT, sent=5, received=b"HTTP/1.1 2", what="x", count=1, cause="y"
    )

    async def scenario(store: Store) -> Exchange:
        journal = a_journal(store)
        await journal.sending(sent)
        await journal.answered(replace(sent, failure=failure))
        return await queries(store).exchange(sent.id)

    with a_store(tmp_path) as store:
        assert asyncio.run(scenario(store)).failure == failure


def test_an_exchange_that_never_was_in_flight_is_stored_whole(tmp_path: Path) -> None:
    whole = an_exchange("imported")
    with a_store(tmp_path) as store:
        asyncio.run(a_journal(store).answered(whole))
        assert asyncio.run(queries(store).exchange(whole.id)) == replace(whole, seq=1)


def test_a_received_request_its_answer_and_its_delivery(tmp_path: Path) -> None:
    told: list[Exchange] = []
    request = Request("POST", "http://h/$process-message", (("X-Request-Id", "1"),), b"in", "1.1", Peer("127.0.0.1", 9))
    response = Response(200, "OK", (), b"answer")
    lost = Failure.of(FailureKind.NOT_DELIVERED, ErrorCode.NET_NOT_DELIVERED, what="x", cause="y")

    async def scenario(store: Store) -> list[Exchange]:
        journal, seen = a_journal(store, told), []
        id = await journal.received(request)
        seen.append(await queries(store).exchange(id))
        await journal.answering(id, response)
        seen.append(await queries(store).exchange(id))
        await journal.delivered(id, lost)
        seen.append(await queries(store).exchange(id))
        return seen

    with a_store(tmp_path) as store:
        received, answered, undelivered = asyncio.run(scenario(store))
    assert (received.direction, received.request, received.in_flight) == (Direction.IN, request, True)
    assert (received.operation, received.environment, received.service) == ("process-message", "embedded", "northgate")
    assert answered == replace(received, response=response, timing=replace(received.timing, wait=1.0))
    assert undelivered == replace(answered, failure=lost)
    assert told == [answered, undelivered]


@pytest.mark.parametrize("answered", [True, False])
def test_a_received_message_has_its_versions_once_it_is_over(tmp_path: Path, answered: bool) -> None:
    read = replace(VERSIONS, application=1, application_version="9.9.9")

    async def work() -> VersionProfile:
        with a_store(tmp_path) as store:
            journal = a_journal(store, versions=lambda _: read)
            id = await journal.received(Request("POST", "http://127.0.0.1/", (), b"{}"))
            assert (await queries(store).exchange(id)).versions == VERSIONS
            if answered:
                await journal.answering(id, Response(200))
            await journal.delivered(
                id, Failure.of(FailureKind.NOT_DELIVERED, ErrorCode.NET_NOT_DELIVERED, what="x", cause="x")
            )
            return (await queries(store).exchange(id)).versions

    assert asyncio.run(work()) == read


def test_retries_share_a_body(tmp_path: Path) -> None:
    async def scenario(store: Store) -> None:
        for n in range(5):
            await a_journal(store).answered(an_exchange(f"try {n}", body=b"the same body"))

    with a_store(tmp_path) as store:
        asyncio.run(scenario(store))
        assert store.read_now(lambda c: c.execute("SELECT count(*) FROM body").fetchone()[0]) == 2
        assert asyncio.run(queries(store).count()) == 5


def test_no_secret_reaches_the_file(tmp_path: Path) -> None:
    secret = (("Authorization", f"Bearer {CANARY}1"), ("Cookie", f"{CANARY}2"), ("Proxy-Authorization", f"{CANARY}3"))
    token = in_flight("token", body=f"a=b&client_assertion={CANARY}4".encode(), headers=secret)
    answer = Response(200, "", (("Set-Cookie", f"{CANARY}5"),), json.dumps({"access_token": f"{CANARY}6"}).encode())
    cut_off = Failure.of(
        FailureKind.CUT, ErrorCode.NET_INTERRUPTED, what="x", received=f'{{"access_token":"{CANARY}7'.encode()
    )

    async def scenario(store: Store) -> tuple[list[int], Exchange]:
        journal = a_journal(store)
        await journal.sending(token)
        await journal.answered(replace(token, response=answer, failure=cut_off))
        id = await journal.received(Request("POST", "http://h/", secret, b"{}"))
        await journal.answering(id, answer)
        await journal.delivered(id, None)
        cuts = await queries(store).cuts(token.id)
        return [cut.true_length for cut in cuts], await queries(store).exchange(token.id)

    with a_store(tmp_path) as store:
        lengths, stored = asyncio.run(scenario(store))
        whole = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        store.run_now(lambda c: c.execute("DROP TABLE search").rowcount)  # cannot be read, and holds no texts
        texts = store.read_now(lambda c: "".join(c.iterdump()))
        bodies = store.read_now(lambda c: [row["data"] for row in c.execute("SELECT data FROM body")])
    assert lengths == [len(f"Bearer {CANARY}1"), len(CANARY) + 1] + [len(CANARY) + 1] * 5
    assert CANARY.encode() not in whole
    assert CANARY not in texts
    assert not [body for body in bodies if CANARY.encode() in zlib.decompress(body)]
    assert b'{"access_token": "[secret sha256:' in stored.response.body


def test_what_was_in_flight_at_the_end_has_an_unknown_outcome(tmp_path: Path) -> None:
    async def before(store: Store) -> str:
        journal = a_journal(store)
        await journal.sending(in_flight())
        await journal.answered(an_exchange("done"))
        await Ledger(store).begin("R", "C")
        return await journal.received(Request("POST", "http://h/", (), b"{}"))

    async def after(store: Store) -> list[Exchange]:
        return [await queries(store).exchange(id) for id in (guid("out"), incoming, guid("done"))]

    with a_store(tmp_path) as store:
        incoming = asyncio.run(before(store))
    with a_store(tmp_path, read_only=True) as store:
        assert asyncio.run(after(store))[0].in_flight
    with a_store(tmp_path) as store:
        out, received, done = asyncio.run(after(store))
        assert asyncio.run(Ledger(store).begin("r", "c")) is LedgerState.FRESH, "it is not taken for a duplicate"
    assert out.failure == Failure.of(FailureKind.UNKNOWN, ErrorCode.NET_INTERRUPTED, what="127.0.0.1")
    assert received.failure == Failure.of(FailureKind.UNKNOWN, ErrorCode.NET_INTERRUPTED, what="this receiver")
    assert done.failure is None


def test_the_nth_statement_fails_and_nothing_is_half_saved(tmp_path: Path) -> None:
    connections: list[failing_connection.FailingConnection] = []

    def connect(uri: str) -> sqlite3.Connection:
        connections.append(failing_connection.connect(uri))
        return connections[-1]

    def content(store: Store) -> tuple[int, ...]:
        tables = ("exchange", "body")
        return store.read_now(lambda c: tuple(c.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables))

    with a_store(tmp_path, connect=connect) as store:
        journal, failures = a_journal(store), 0
        for fail_at in range(1, 100):
            exchange = an_exchange(f"try {fail_at}", body=f"body {fail_at}".encode(), answer=b"answer %d" % fail_at)
            before = content(store)
            connections[0].arm(fail_at)
            try:
                asyncio.run(journal.answered(exchange))
            except StoreError as error:
                failures += 1
                sentence = error.sentence
            else:
                break
            finally:
                connections[0].arm(0)
            assert sentence == "The message could not be saved: disk I/O error."
            assert content(store) == before, f"statement {fail_at} left half a record"
        assert failures >= 4
        assert content(store) == (before[0] + 1, before[1] + 2)
        assert store.read_now(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"


CHILD = """
import asyncio, sys
from pathlib import Path
from tests.history.builders import Ticking, a_journal
from tests.correlation.builders import an_exchange
from workbench.exchange import Request, Response
from workbench.history import HistoryJournal, Store
from tests.history.builders import incoming
import uuid

async def worker(journal, lane):
    while True:
        body = uuid.uuid4().hex.encode() * 200
        id = await journal.received(Request("POST", "http://h/", (), body))
        print(id, flush=True)
        await journal.answering(id, Response(200, "", (), body))
        print("answered", id, flush=True)
        await journal.delivered(id, None)

async def main():
    store = Store.open(Path(sys.argv[1]), clock=Ticking())
    journal = HistoryJournal(store, clock=Ticking(), ids=lambda: str(uuid.uuid4()), incoming=incoming)
    async with asyncio.TaskGroup() as group:
        for lane in range(8):
            group.create_task(worker(journal, lane))

asyncio.run(main())
"""


@pytest.mark.parametrize("acknowledged", [40, 120, 250])
def test_kill_nine_loses_no_acknowledged_message(tmp_path: Path, acknowledged: int) -> None:
    path = tmp_path / "history.db"
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=dict(os.environ)
    )
    assert child.stdout is not None
    lines = [child.stdout.readline() for _ in range(acknowledged)]
    child.send_signal(signal.SIGKILL)
    lines += [line for line in child.stdout if line.endswith("\n")]
    child.stdout.close()
    child.wait()
    received = {line.strip() for line in lines if line.strip() and not line.startswith("answered")}
    answered = {line.split()[1] for line in lines if line.startswith("answered")}
    assert len(received) + len(answered) >= acknowledged

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with a_store(tmp_path) as store:
        rows = store.read_now(lambda c: {r["id"]: r["status"] for r in c.execute("SELECT id, status FROM exchange")})
        assert received <= set(rows)
        assert {id for id in answered if rows[id] != 200} == set()
        sample = sorted(answered)[-1]
        exchange = asyncio.run(queries(store).exchange(sample))
        assert exchange.response.body == exchange.request.body
        pending = [id for id, status in rows.items() if status is None]
        for id in pending:
            assert asyncio.run(queries(store).exchange(id)).failure.kind is FailureKind.UNKNOWN
