"""The program killed while somebody types: every text that was saved is there again, the last one in front."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.session.conftest import a_session
from workbench.session.options import SessionOptions

if TYPE_CHECKING:
    from workbench.session.views import DraftView

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed by a signal of POSIX")
def test_a_kill_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    told = ["", "-1"]
    command = [sys.executable, "-m", "tests.faults.typist", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        for line in program.stdout:
            told = line.split()
            if told[1] == "25":
                program.send_signal(signal.SIGKILL)
                break
        rest = program.stdout.read().split()
    told = rest[-2:] if len(rest) >= 2 else told

    async def found() -> DraftView | None:
        async with a_session(folder, options=SessionOptions(start_sandbox=False, start_receiver=False)) as session:
            return await session.drafts.last()

    draft = asyncio.run(found())
    assert draft is not None
    assert draft.id == told[0]
    assert int(draft.text.removeprefix("typed ")) >= int(told[1]) >= 25
