"""Many files sent together: rows in order, lanes, pace, Stop, what cannot be sent, and the results handed on."""

from __future__ import annotations

import asyncio
import csv
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import RECEIVER, a_setting
from tests.session.conftest import new_id, now
from workbench.compose import compose
from workbench.errors import ConfigError, ErrorCode
from workbench.session.bulk import BulkOrder, _Pace, report
from workbench.session.events import BulkSent, ExchangeRecorded, FilesFound
from workbench.session.views import BulkRow, Tone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session


SERVICE = "northgate-emergency-department"
KNOWN = b"2000011147"


def fill(folder: Path, count: int) -> Path:
    """So many good messages, a broken one and one of another encoding."""
    folder.mkdir()
    for number in range(count):
        made = compose("referral-full", a_setting(), now=now(), ids=new_id).source
        (folder / f"{number:03}.json").write_bytes(made.replace(RECEIVER.service_id.encode(), KNOWN))
    (folder / "y-broken.json").write_bytes(b'{"resourceType": "Bundle"')
    (folder / "z-utf16.json").write_text("{}", encoding="utf-16")
    return folder


def test_every_file_has_its_row_and_its_exchange(tmp_path: Path, play: Callable[..., Any]) -> None:
    folder = fill(tmp_path / "files", 6)
    heard: list[object] = []

    async def work(session: Session) -> tuple[tuple[BulkRow, ...], list[str]]:
        session.subscribe(heard.append)
        known = session._engine.directory.services.all()
        assert [one.id for one in session.bulk.services()] == ["", *(one.id for one in known)]
        rows = await session.bulk.send("b", BulkOrder((str(folder),), service=SERVICE, lanes=3))
        for row in rows[:7]:
            assert await session.conversation_of(row.exchange) is not None
        await session.settle()
        for row in rows[:6]:
            assert await session._engine.history.verdicts.verdict(row.exchange) is not None
        await session.bulk.save(str(tmp_path / "r.csv"), rows)
        await session.bulk.save(str(tmp_path / "r.json"), rows)
        return rows, [row.request_id for row in rows]

    rows, ids = play(work)
    assert [row.number for row in rows] == list(range(1, 9))
    assert [row.status for row in rows[:6]] == [200] * 6, rows
    assert rows[0].tone is Tone.OK
    assert rows[6].status == 400
    assert (rows[7].status, rows[7].exchange) == (None, "")
    assert rows[7].text.startswith("z-utf16.json is not UTF-8")
    assert len(set(ids)) == 8
    told = [one.exchange for one in heard if isinstance(one, ExchangeRecorded)]
    assert all(told.count(row.exchange) == 1 for row in rows[:7])
    assert [one for one in heard if isinstance(one, FilesFound)] == [FilesFound("b", 8)]
    assert sorted(one.row.number for one in heard if isinstance(one, BulkSent)) == list(range(1, 9))
    table = list(csv.reader((tmp_path / "r.csv").read_text("utf-8").splitlines()))
    assert table[0][0] == "number"
    assert len(table) == 9
    assert [one["status"] for one in json.loads((tmp_path / "r.json").read_text("utf-8"))["sent"]][:7] == [200] * 6 + [
        400
    ]


def test_what_was_just_answered_can_be_opened_before_it_is_filed(tmp_path: Path, play: Callable[..., Any]) -> None:
    folder = fill(tmp_path / "files", 4)

    async def work(session: Session) -> list[str | None]:
        asked: list[asyncio.Task[str | None]] = []

        def on_event(event: object) -> None:
            if isinstance(event, BulkSent) and event.row.exchange:
                asked.append(asyncio.ensure_future(session.conversation_of(event.row.exchange)))

        session.subscribe(on_event)
        await session.bulk.send("b", BulkOrder((str(folder),), service=SERVICE))
        return list(await asyncio.gather(*asked))

    found = play(work)
    assert len(found) == 5, "the broken one is sent as well"
    assert None not in found


def test_each_message_goes_where_it_says(tmp_path: Path, play: Callable[..., Any]) -> None:
    folder = tmp_path / "files"
    folder.mkdir()

    source = compose("referral-full", a_setting(), now=now(), ids=new_id).source
    (folder / "a-known.json").write_bytes(source.replace(RECEIVER.service_id.encode(), KNOWN))
    (folder / "b-strange.json").write_bytes(source)
    (folder / "c-nowhere.json").write_bytes(source.replace(b'"endpoint"', b'"endpointless"'))

    async def work(session: Session) -> tuple[BulkRow, ...]:
        return await session.bulk.send("b", BulkOrder((str(folder),)))

    rows = play(work)
    assert [row.status is None for row in rows] == [False, True, True]
    assert rows[0].service == "Northgate Emergency Department"
    assert [row.text.partition(".")[0] for row in rows[1:]] == [
        f"There is no service named {RECEIVER.service_id} in this workspace",
        "There is no service named the destination of c-nowhere",
    ]


def test_stop_keeps_what_was_sent_and_ends_at_once(tmp_path: Path, play: Callable[..., Any]) -> None:
    folder = fill(tmp_path / "files", 20)

    async def work(session: Session) -> tuple[int, int]:
        queries = session._engine.history.queries
        first = asyncio.Event()
        session.subscribe(lambda event: first.set() if isinstance(event, BulkSent) else None)
        sending = asyncio.ensure_future(session.bulk.send("b", BulkOrder((str(folder),), service=SERVICE, lanes=2)))
        await first.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        open_ = [one for one in await queries.recent(100) if one.exchange.in_flight]
        await session.settle()
        return len(open_), len(await queries.unindexed())

    assert play(work) == (0, 0)


def test_what_may_not_be_sent_is_said_before_anything_leaves(tmp_path: Path, play: Callable[..., Any]) -> None:
    async def work(session: Session) -> list[ErrorCode]:
        found = []
        for order in (BulkOrder((str(tmp_path),), lanes=0), BulkOrder((str(tmp_path),), per_second=-1)):
            with pytest.raises(ConfigError) as caught:
                await session.bulk.send("b", order)
            found.append(caught.value.code)
        return found

    assert play(work) == [ErrorCode.CONFIG_SETTING] * 2


def test_the_pace_is_kept_over_all_lanes() -> None:
    class Timing:
        def timer(self) -> float:
            return 100.0

    async def turns() -> list[float]:
        waited: list[float] = []
        pace = _Pace(Timing(), 50.0)  # type: ignore[arg-type]
        real = asyncio.sleep

        async def rest(seconds: float) -> None:
            waited.append(round(seconds, 6))
            await real(0)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio, "sleep", rest)
            for _ in range(4):
                await pace.turn()
        return waited

    assert asyncio.run(turns()) == [0.0, 0.02, 0.04, 0.06]


def test_no_cell_of_the_table_is_a_formula() -> None:
    row = BulkRow(1, "=cmd|' /C calc'!A0", "+1", "-2", None, Tone.ERROR, '@x, "y"\nz')
    table = list(csv.reader(report("x.csv", [replace(row, number=2), row]).splitlines(keepends=True)))
    assert [one[0] for one in table[1:]] == ["1", "2"]
    assert table[1][1:7] == ["'=cmd|' /C calc'!A0", "'+1", "'-2", "", "error", '\'@x, "y"\nz']


def test_results_say_where_a_certificate_was_not_checked() -> None:
    rows = [
        BulkRow(1, "a", "m", "s", 200, Tone.OK, "ok"),
        BulkRow(2, "b", "m", "s", 200, Tone.OK, "ok", unchecked=True),
    ]
    table = list(csv.DictReader(report("x.csv", rows).splitlines()))
    assert [one["unchecked"] for one in table] == ["False", "True"]
    assert [one["unchecked"] for one in json.loads(report("x.json", rows))["sent"]] == [False, True]
