"""The drafts on the desk: many at once, named, taken up again after a crash, deleted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.conftest import a_session
from workbench.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbench.session.session import Session

ED = "northgate-emergency-department"


def test_many_drafts_are_open_at_once_each_with_its_text(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        offer = await session.offer()
        made = [await session.new_draft("referral-new/a1t1", ED, one.id) for one in offer.patients[:3]]
        for number, draft in enumerate(made):
            await session.save_draft(draft.id, f"typed {number}")
        assert [one.id for one in await session.drafts.all()] == [one.id for one in reversed(made)]
        assert [(await session.drafts.open(one.id)).text for one in made] == ["typed 0", "typed 1", "typed 2"]

    play(work)


def test_a_draft_is_renamed_and_deleted(play: Callable[..., Any]) -> None:
    async def work(session: Session) -> None:
        draft = await session.new_draft("referral-new/a1t1", ED, (await session.offer()).patients[0].id)
        assert (await session.drafts.rename(draft.id, "  For the demo ")).title == "For the demo"
        assert [one.title for one in await session.drafts.all()] == ["For the demo"]
        with pytest.raises(InputError, match="needs a name"):
            await session.drafts.rename(draft.id, " ")
        await session.drafts.delete(draft.id)
        assert await session.drafts.all() == ()
        assert await session.drafts.last() is None
        with pytest.raises(KeyError):
            await session.drafts.open(draft.id)

    play(work)


def test_drafts_are_taken_up_again_as_they_were_typed(tmp_path: Path) -> None:
    async def work() -> None:
        async with a_session(tmp_path / "workspace") as session:
            patient = (await session.offer()).patients[0].id
            ids = [(await session.new_draft("referral-new/a1t1", ED, patient)).id for _ in range(2)]
            await session.drafts.change_header(ids[0], "X-Own", "kept")
            await session.save_draft(ids[0], '{"half": ')
        async with a_session(tmp_path / "workspace") as session:
            found = [(await session.drafts.open(id)).text for id in ids]
            assert found[0] == '{"half": '
            assert (await session.drafts.rename(ids[0], "Half")).service == ED
            assert session.drafts.find(ids[0]).headers.overrides == (("X-Own", "kept"),)
            last = await session.drafts.last()
            assert last is not None
            assert last.id == ids[0]

    asyncio.run(work())
