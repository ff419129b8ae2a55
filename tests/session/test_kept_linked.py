"""The table of linked bookings outlives the program: that of the own receiver and that of the sandbox."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from tests.session.conftest import a_session
from workbench.session.options import SessionOptions

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.receiver.linked import LinkedStates
    from workbench.session.session import Session

PATIENT = "9728928254"
"""One whose bookings and referrals the harness links."""


def states(session: Session, page: str) -> LinkedStates:
    parts = session._parts
    assert parts.sandbox is not None
    return parts.receiver.answers.linked if page == "own" else parts.sandbox.sandbox.answers.linked


def test_a_step_is_kept_with_the_answer_that_tells_it(tmp_path: Path) -> None:
    async def work() -> None:
        async with a_session(tmp_path / "w", options=SessionOptions(start_sandbox=False)) as session:
            await session.answering.switch_harness("own", True)
            choice = next(id for id, _ in session.to_me.choices() if id.startswith("booking-new"))
            patient = (await session.offer()).patients[0].id
            draft = await session.new_draft(choice, "nhs-111-yorkshire", patient)
            number = session._engine.directory.patients[0].nhs_number
            file = tmp_path / "booking.json"
            file.write_text(draft.text.replace(number, PATIENT), "utf-8")
            sent = await session.to_me.send_file(str(file))
            assert sent.status == 200, sent
            kept = await session._engine.history.state.load("receiver/linked")
            assert kept == {("linked", "ZZX01"): "booked"}, "by the organisation that called"

    asyncio.run(work())


@pytest.mark.parametrize("page", ["own", "sandbox"])
def test_where_an_organisation_stands_survives_a_restart_and_ends_with_a_reset(page: str, tmp_path: Path) -> None:
    async def first() -> None:
        async with a_session(tmp_path / "w") as session:
            states(session, page).enter("ZZA01", "booked")
            states(session, page).enter("ZZB01", "referred")
            await session.settle()

    async def second() -> None:
        async with a_session(tmp_path / "w") as session:
            assert states(session, page).all() == {"ZZA01": "booked", "ZZB01": "referred"}
            file = tmp_path / "state.json"
            await session.held.save(page, str(file))
            assert json.loads(file.read_text("utf-8"))["linked"] == {"ZZA01": "booked", "ZZB01": "referred"}
            await session.held.reset(page, "ZZA01")
            assert states(session, page).all() == {"ZZB01": "referred"}
            await session.held.load(page, str(file))
            assert states(session, page).all() == {"ZZA01": "booked", "ZZB01": "referred"}
            await session.reset_state(page)
            assert states(session, page).all() == {}

    async def third() -> None:
        async with a_session(tmp_path / "w") as session:
            assert states(session, page).all() == {}

    for part in (first, second, third):
        asyncio.run(part())
