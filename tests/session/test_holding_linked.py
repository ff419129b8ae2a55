"""The table of linked bookings in the state pane: a row for each organisation, for the own receiver and the sandbox."""

from __future__ import annotations

import asyncio
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


async def shown(session: Session, page: str) -> list[tuple[str, str, str, str]]:
    found = (await session.held.page(page)).rows
    return [(row.holder, row.id, row.status, row.about) for row in found if row.kind == "linked"]


@pytest.mark.parametrize(("page", "holder"), [("own", "own"), ("sandbox", "northgate-ed")])
def test_a_row_is_entered_changed_and_forgotten_also_for_the_next_start(tmp_path: Path, page: str, holder: str) -> None:
    async def first() -> None:
        async with a_session(tmp_path / "w") as session:
            assert await shown(session, page) == []
            text = (await session.held.blank(holder, "linked")).replace('""', '"zza01"')
            assert await session.held.keep(holder, "linked", "", text) == "ZZA01"
            assert await shown(session, page) == [(page, "ZZA01", "booked", "a booking")]
            text = (await session.held.text(page, "linked", "ZZA01")).replace("booked", "referred")
            await session.held.keep(page, "linked", "ZZA01", text)
            await session.held.keep(page, "linked", "", '{"organisation": "ZZB01", "state": "booked"}')

    async def second() -> None:
        async with a_session(tmp_path / "w") as session:
            assert await shown(session, page) == [
                (page, "ZZA01", "referred", "a booking and its referral"),
                (page, "ZZB01", "booked", "a booking"),
            ]
            assert (await session.held.page(page)).organisations == ("ZZA01", "ZZB01")
            await session.held.remove(page, "linked", "ZZA01")
            assert [row[1] for row in await shown(session, page)] == ["ZZB01"]
            with pytest.raises(KeyError):
                await session.held.remove(page, "linked", "ZZA01")

    asyncio.run(first())
    asyncio.run(second())


def test_what_an_organisation_may_do_next_follows_from_what_was_entered(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        states = session._parts.receiver.answers.linked
        before = states.step("booking", "ZZA01")
        await session.held.keep("own", "linked", "", '{"organisation": "ZZA01", "state": "booked"}')
        after = states.step("booking", "ZZA01")
        assert before is not None
        assert after is not None
        assert (before.status, after.status) == (200, 409)

    play(work, options=ALONE)


WRONG = {
    "{": (ErrorCode.INPUT_NOT_JSON, "line 1"),
    "[]": (ErrorCode.INPUT_HELD, "organisation is missing"),
    '{"state": "booked"}': (ErrorCode.INPUT_HELD, "organisation is missing"),
    '{"organisation": "ZZB01", "state": "booked"}': (ErrorCode.INPUT_HELD, "it was that of ZZA01"),
    '{"organisation": "ZZA01", "state": "gone"}': (ErrorCode.INPUT_HELD, "state is none of booked, referred"),
}


def test_a_row_that_cannot_be_is_refused_and_nothing_is_changed(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        await session.held.keep("own", "linked", "", '{"organisation": "ZZA01", "state": "booked"}')
        for text, (code, words) in WRONG.items():
            with pytest.raises(InputError, match=words) as raised:
                await session.held.keep("own", "linked", "ZZA01", text)
            assert raised.value.code is code, text
        assert await shown(session, "own") == [("own", "ZZA01", "booked", "a booking")]

    play(work, options=ALONE)
