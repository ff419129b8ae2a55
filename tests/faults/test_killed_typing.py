"""The program killed while somebody types: what was saved is there again, and no more than a second is not saved."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.typist import PACE_S, word
from tests.session.conftest import a_session
from workbench.session.options import SessionOptions

if TYPE_CHECKING:
    from workbench.session.views import DraftView

ROOT = Path(__file__).resolve().parents[2]
WORDS = 45
"""Typed before the kill: more than two seconds, so that something was saved and something was not."""
MOST_S = 1.0
"""What a kill may cost of typing, in seconds."""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a process is killed by a signal of POSIX")


def found_again(folder: Path) -> DraftView | None:
    """The draft that was in front, in the workspace opened again."""

    async def found() -> DraftView | None:
        async with a_session(folder, options=SessionOptions(start_sandbox=False, start_receiver=False)) as session:
            return await session.drafts.last()

    return asyncio.run(found())


def killed(module: str, folder: Path, last: int) -> list[list[str]]:
    """The lines that a program told until it was killed, which it is once it tells the number `last`."""
    command = [sys.executable, "-m", module, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        told: list[list[str]] = []
        for line in program.stdout:
            told.append(line.split())
            if str(last) in told[-1]:
                program.send_signal(signal.SIGKILL)
                break
        told += [line.split() for line in program.stdout.read().splitlines()]
    return told


def test_a_kill_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    id, number = [line for line in killed("tests.faults.typist", folder, 25) if len(line) == 2][-1]
    draft = found_again(folder)
    assert draft is not None
    assert draft.id == id
    assert int(draft.text.removeprefix("typed ")) >= int(number) >= 25


def test_a_window_killed_while_somebody_types_loses_no_more_than_the_last_second(tmp_path: Path) -> None:
    """Counted in words of the typist's own pace: where the machine is held up, the typist is held up as well."""
    folder = tmp_path / "workspace"
    told = killed("tests.faults.window_typist", folder, WORDS)
    draft = found_again(folder)
    assert draft is not None
    typed = "".join(word(number) for number in range(WORDS + 1))
    kept = sum(draft.text.startswith(typed[: len(word(0)) * number]) for number in range(1, WORDS + 2))
    assert '"resourceType"' in draft.text
    assert kept >= 1, "typing on does not put the saving off"
    assert (WORDS + 1 - kept) * PACE_S <= MOST_S, (kept, told)
