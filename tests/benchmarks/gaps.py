"""A 5 MB message judged in the window: how long the window stands still meanwhile, and how long the verdict takes."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = 5_000_000
GAP_MS, VERDICT_S, CANCEL_MS = 50.0, 3.0, 200.0


def large_text(size: int = SIZE) -> str:
    """A referral whose entries are there again and again until it is so long."""
    from tests.builders import a_setting
    from workbench.compose import compose

    made = compose("referral-full", a_setting(), now=datetime(2026, 11, 24, 9, tzinfo=UTC), ids=lambda: str(uuid4()))
    bundle = json.loads(made.source)
    first, length = list(bundle["entry"]), len(made.text)
    while length < size:
        for entry in first[1:]:
            bundle["entry"].append({**entry, "fullUrl": f"urn:uuid:{uuid4()}"})
            length += len(json.dumps(entry, indent=2)) * 21 // 20
    return json.dumps(bundle, indent=2)


def run() -> bool:
    """Print the longest gap, the time of the verdict and that of giving one up; whether the budgets hold."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

    from workbench.app import Desk, Wanted, application, new_id, now
    from workbench.settings import AppSettings
    from workbench.ui.context import PanelId

    program = application()
    with tempfile.TemporaryDirectory() as home:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[name] = f"{home}/{name.lower()}"
        desk = Desk(
            program,
            Wanted(f"{home}/demo", "a few words in a row", AppSettings(), os.environ, now, new_id),
            geometry=None,
        )
        desk.window.show()

        def until(fact: Callable[[], object], limit_s: float = 60) -> float:
            """Let the program go on until something is so; gives the longest gap, ms."""
            clock, since, longest = QElapsedTimer(), time.monotonic(), 0.0
            clock.start()
            loop = QEventLoop()
            beat = QTimer(interval=1)

            def on_beat() -> None:
                nonlocal longest
                longest = max(longest, clock.nsecsElapsed() / 1e6)
                clock.restart()
                if fact() or time.monotonic() - since > limit_s:
                    loop.quit()

            beat.timeout.connect(on_beat)
            beat.start()
            loop.exec()
            return longest

        until(lambda: desk.session is not None)
        desk.window.to_panel(PanelId.COMPOSE)
        file = f"{home}/large.json"
        with open(file, "w", encoding="utf-8") as out:
            out.write(large_text())
        panel = desk.window.panel(PanelId.COMPOSE)
        desk.window.open_files([file])
        until(lambda: panel._verdict is not None)  # type: ignore[attr-defined]
        editor = panel._source.editor  # type: ignore[attr-defined]
        editor.insertPlainText(" ")
        started = time.monotonic()
        panel._verdict = None  # type: ignore[attr-defined]
        gap = until(lambda: panel._verdict is not None)  # type: ignore[attr-defined]
        took = time.monotonic() - started
        editor.insertPlainText(" ")
        until(lambda: panel._judging is not None)  # type: ignore[attr-defined]
        older = panel._judging  # type: ignore[attr-defined]
        began = time.monotonic()
        editor.insertPlainText(" ")
        until(older.done)
        gone = (time.monotonic() - began) * 1000
        desk.window.close()
        desk.close()
    print(
        f"5 MB message: longest gap {gap:.0f} ms (budget {GAP_MS:.0f}), verdict {took:.1f} s (budget {VERDICT_S:.0f}), "
        f"given up within {gone:.0f} ms (budget {CANCEL_MS:.0f})"
    )
    return gap <= GAP_MS and took <= VERDICT_S and gone <= CANCEL_MS


if __name__ == "__main__":
    sys.exit(0 if run() else 1)
