"""What receivers hold: read, entered, changed, forgotten, saved to a file and taken up again.

Also the values of `session.holding_views`, and `session.held_resources`, which reads what is entered.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.conftest import a_session
from workbench.errors import ErrorCode, InputError
from workbench.session.options import SessionOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session


ALONE = SessionOptions(start_sandbox=False, start_receiver=False)
"""Nothing is served: what is held can be changed all the same."""


def test_a_slot_is_entered_offered_booked_and_stays_after_a_restart(tmp_path: Path) -> None:
    async def first() -> str:
        async with a_session(tmp_path / "w", options=ALONE) as session:
            text = await session.held.blank("own", "slot")
            return await session.held.keep("own", "slot", "", text, "ZZX01")

    async def second(id: str) -> Any:
        async with a_session(tmp_path / "w", options=ALONE) as session:
            page = await session.held.page("own")
            return next(row for row in page.rows if row.id == id), page.organisations

    row, organisations = asyncio.run(second(asyncio.run(first())))
    assert (row.kind, row.status, row.about, row.organisation) == ("slot", "free", "entered by hand", "ZZX01")
    assert organisations == ("ZZX01",)


def test_a_slot_of_the_diary_can_be_made_busy_and_given_back(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> list[str]:
        async def status(id: str) -> str:
            return next(row.status for row in (await session.held.page("own")).rows if row.id == id)

        slot = next(row for row in (await session.held.page("own")).rows if row.status == "free")
        assert not slot.removable
        text = (await session.held.text("own", "slot", slot.id)).replace('"free"', '"busy"')
        seen = [await status(slot.id)]
        await session.held.keep("own", "slot", slot.id, text)
        seen.append(await status(slot.id))
        await session.held.remove("own", "slot", slot.id)
        return [*seen, await status(slot.id)]

    assert play(work, options=ALONE) == ["free", "busy", "free"]


def test_what_was_changed_here_counts_as_updated_now(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> tuple[Any, Any]:
        written = json.loads(await session.held.blank("own", "referral"))
        written["meta"] = {"lastUpdated": "2026-01-01T00:00:00+00:00"}
        id = await session.held.keep("own", "referral", "", json.dumps(written))
        before = json.loads(await session.held.text("own", "referral", id))
        await session.held.keep("own", "referral", id, json.dumps({**before, "status": "on-hold"}))
        return before, json.loads(await session.held.text("own", "referral", id))

    before, after = play(work, options=ALONE)
    assert before["meta"]["lastUpdated"] == "2026-01-01T00:00:00+00:00"
    assert after["status"] == "on-hold"
    assert after["meta"]["lastUpdated"] > before["meta"]["lastUpdated"]


WRONG = [
    ("slot", "{", ErrorCode.INPUT_NOT_JSON),
    ("slot", "[]", ErrorCode.INPUT_HELD),
    ("slot", '{"resourceType": "Appointment"}', ErrorCode.INPUT_HELD),
    ("referral", '{"resourceType": "ServiceRequest", "status": "gone", "intent": "plan"}', ErrorCode.INPUT_HELD),
    ("received", "{}", ErrorCode.INPUT_HELD),
]


def test_what_is_no_such_resource_is_refused_and_nothing_is_kept(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        before = len((await session.held.page("own")).rows)
        for kind, text, code in WRONG:
            with pytest.raises(InputError) as raised:
                await session.held.keep("own", kind, "", text)
            assert raised.value.code is code, text
        assert len((await session.held.page("own")).rows) == before

    play(work, options=ALONE)


def test_two_bookings_cannot_hold_one_slot(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        slot = await session.held.keep("own", "slot", "", await session.held.blank("own", "slot"))
        for n in range(2):
            booking = json.loads(await session.held.blank("own", "appointment"))
            booking["slot"] = [{"reference": f"Slot/{slot}"}]
            if n == 0:
                await session.held.keep("own", "appointment", "", json.dumps(booking))
                continue
            with pytest.raises(InputError, match="its slot is booked"):
                await session.held.keep("own", "appointment", "", json.dumps(booking))

    play(work, options=ALONE)


def test_one_organisation_is_forgotten_and_the_others_stay(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> tuple[int, list[str], int]:
        for organisation in ("ZZA01", "ZZB01", "ZZA01"):
            await session.held.keep("own", "encounter", "", await session.held.blank("own", "encounter"), organisation)
        gone = await session.held.reset("own", "ZZA01")
        left = [row.organisation for row in (await session.held.page("own")).rows if row.kind == "encounter"]
        return gone, left, await session.held.reset("own")

    assert play(work, options=ALONE) == (2, ["ZZB01"], 1)


@pytest.mark.parametrize(("page", "holder"), [("own", "own"), ("sandbox", "northgate-ed")])
def test_a_snapshot_goes_to_a_file_and_comes_back_also_for_the_next_start(
    tmp_path: Path, page: str, holder: str
) -> None:
    path, options = str(tmp_path / "state.json"), ALONE if page == "own" else None

    def referrals(found: Any) -> list[tuple[str, str]]:
        return [(row.id, row.status) for row in found.rows if row.kind == "referral"]

    async def first() -> list[tuple[str, str]]:
        async with a_session(tmp_path / "w", options=options) as session:
            await session.held.keep(holder, "referral", "", await session.held.blank(holder, "referral"))
            kept = referrals(await session.held.page(page))
            await session.held.save(page, path)
            await session.held.reset(page)
            assert referrals(await session.held.page(page)) == []
            await session.held.keep(holder, "referral", "", await session.held.blank(holder, "referral"))
            await session.held.load(page, path)
            assert referrals(await session.held.page(page)) == kept
            return kept

    async def second() -> list[tuple[str, str]]:
        async with a_session(tmp_path / "w", options=options) as session:
            return referrals(await session.held.page(page))

    kept = asyncio.run(first())
    assert len(kept) == 1
    assert asyncio.run(second()) == kept


NO_SNAPSHOTS = ("", "[]", "{}", '{"ledger": {}}', '{"slot": {"x": 1}, "no-kind": {}}')


def test_a_file_that_is_no_snapshot_changes_nothing(play: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "state.json"

    async def work(session: Session) -> None:
        await session.held.keep("own", "encounter", "", await session.held.blank("own", "encounter"))
        for text in NO_SNAPSHOTS:
            path.write_text(text, encoding="utf-8")
            with pytest.raises(InputError):
                await session.held.load("own", str(path))
            assert sum(row.kind == "encounter" for row in (await session.held.page("own")).rows) == 1, text

    play(work, options=ALONE)
