"""A program that is killed while somebody types: opens a workspace and saves a draft again and again, telling each."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.session.conftest import a_session
from workbench.session.options import SessionOptions

ED = "northgate-emergency-department"
PACE_S = 0.05
"""Between one word and the next of somebody who types at a window, at least."""


def word(number: int) -> str:
    """What is typed as the number-th word."""
    return f"w{number:04} "


async def work(folder: Path) -> None:
    options = SessionOptions(start_sandbox=False, start_receiver=False)
    async with a_session(folder, options=options) as session:
        draft = await session.new_draft("referral-new/a1t1", ED, (await session.offer()).patients[0].id)
        for number in range(1_000_000):
            await session.save_draft(draft.id, f"typed {number}")
            sys.stdout.write(f"{draft.id} {number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
