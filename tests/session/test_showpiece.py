"""The rich conversation of the pictures, really played."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.evidence.lane_folds import CAPABILITY_CHECK, collapsed
from workbench.session import showpiece
from workbench.session.timeliness import DUE

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.session.session import Session


def test_it_has_a_check_a_retried_503_and_two_replies(play: Callable[..., Any]) -> None:
    skipped: list[float] = []

    async def work(session: Session) -> None:
        conversation = await showpiece.play(session, skipped.append)
        rows = [row for row in collapsed((await session.conversation(conversation)).lanes.rows) if row.exchange]
        assert [row.title for row in rows] == [
            CAPABILITY_CHECK,
            *["999 to CAS: validation, new"] * 2,
            "Interim validation response",
            "Full validation response",
        ]
        assert [row.status for row in rows[1:3]] == ["503 unavailable", "200 accepted"]
        assert [row.detail for row in rows[3:]] == ["asynchronous, case picked up", "asynchronous, case finished"]
        full = await session.detail(rows[-1].exchange)
        assert "before" in dict(full.summary.facts)[DUE]
        assert not any(row.on for row in session.answering.fault_rows("sandbox"))
        attempts = next(row for row in (await session.settings_page()).settings if row.name == "send_attempts")
        assert attempts.value != "1"

    play(work)
    assert len(skipped) == 4
