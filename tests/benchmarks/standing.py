"""The program's window for benchmarks, and how long it stands still until something is so."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workbench.app import Desk


def longest_gap(fact: Callable[[], object], limit_s: float = 60) -> float:
    """Let the program go on until something is so, or for so long; gives the longest gap of its loop, ms."""
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

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


@contextmanager
def a_desk(workspace: str = "") -> Iterator[tuple[Desk, str]]:
    """The program with a demo workspace of its own, and its folder; both are gone afterwards.

    `workspace` is opened instead where it is given, and stays.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from workbench.app import Desk, Wanted, application, now
    from workbench.session.ids import fresh_id
    from workbench.settings import AppSettings

    program = application()
    with tempfile.TemporaryDirectory() as home:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[name] = f"{home}/{name.lower()}"
        wanted = Wanted(workspace or f"{home}/demo", "a few words in a row", AppSettings(), os.environ, now, fresh_id)
        desk = Desk(program, wanted, geometry=None)
        desk.window.show()
        longest_gap(lambda: desk.session is not None)
        yield desk, home
        desk.window.close()
        desk.close()
