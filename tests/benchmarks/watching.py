"""What the threads of the program do while its window stands still: a sampler that keeps the stacks of the longest gap.

It needs its turn of the interpreter as every thread does, so what holds that for long is seen where it lets go; and as
each turn it asks for slows what is measured, it sleeps until a gap is worth a look.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

EVERY_S = 0.004
WORTH_S = 0.025
"""From when on a gap is looked at."""
DEPTH, LINES = 4, 6


class GapWatch:
    """Used as a context manager around what is measured; `beat` is called from the window's thread again and again."""

    def __init__(self) -> None:
        self._last, self._worked = time.monotonic(), time.thread_time()
        self._now: Counter[str] = Counter()
        self._worst: Counter[str] = Counter()
        self.longest_s = 0.0
        """The longest gap, less the time in which the machine gave the thread no core."""
        self.widest_s = 0.0
        """The longest gap as it was."""
        self._parts = (0.0, 0.0)
        self._ready: float | None = None
        """Seconds for which the thread had no core until the gap was first looked at."""
        self._over = threading.Event()
        self._watched, self._native = threading.get_ident(), threading.get_native_id()
        self._thread = threading.Thread(target=self._sample, name="gap-watch", daemon=True)

    def __enter__(self) -> GapWatch:
        self.reset()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def reset(self) -> None:
        """Forget every gap so far."""
        self.beat()
        self.longest_s = self.widest_s = 0.0

    def beat(self) -> None:
        """The window's thread is alive; what was seen since the last beat is kept if the gap was the longest."""
        now, worked = time.monotonic(), time.thread_time()
        gap, ran = now - self._last, worked - self._worked
        self.widest_s = max(self.widest_s, gap)
        if gap > self.longest_s:
            seen, self._now = self._now, Counter()
            ready, self._ready = self._ready, None
            kept = _ready(self._native) - ready if ready is not None else 0.0
            if gap - kept > self.longest_s:
                self.longest_s, self._worst, self._parts = gap - kept, seen, (ran, kept)
        elif self._ready is not None:
            self._now, self._ready = Counter(), None
        self._last, self._worked = now, worked

    def words(self) -> str:
        """What the longest gap was made of, and where threads were in it, the most frequent first, one a line."""
        ran, kept = self._parts
        rest = self.longest_s - ran
        made_of = (
            f"    its thread worked {ran * 1000:.0f} ms, waited {rest * 1000:.0f} ms for its turn or an event, "
            f"and had no core for {kept * 1000:.0f} ms more\n"
        )
        return made_of + "\n".join(f"    {count:3} x {where}" for where, count in self._worst.most_common(LINES))

    def _sample(self) -> None:
        own = threading.get_ident()
        names: dict[int | None, str] = {}
        pause = WORTH_S
        while not self._over.wait(pause):
            left = WORTH_S - (time.monotonic() - self._last)
            pause = max(EVERY_S, left)
            if left > 0:
                continue
            if self._ready is None:
                self._ready = _ready(self._native)
            names = {one.ident: one.name for one in threading.enumerate()} or names
            turn = sys.getswitchinterval()
            sys.setswitchinterval(1.0)
            self._look(names, own)
            sys.setswitchinterval(turn)

    def _look(self, names: dict[int | None, str], own: int) -> None:
        """Note where each thread is.

        No frame outlives this, and no other thread runs meanwhile: the last hold on a frame ends what is in it, and a
        timer or a painter of the window must not end in another thread.
        """
        for id, frame in sys._current_frames().items():
            where = _where(frame)
            if id != own and (id == self._watched or not _waits(frame)):
                self._now[f"{names.get(id, id)}: {where}"] += 1


def _ready(thread: int) -> float:
    """Seconds for which a thread was ready but had no core; 0 where the system does not say."""
    try:
        with open(f"/proc/self/task/{thread}/schedstat", encoding="ascii") as found:
            return int(found.read().split()[1]) / 1e9
    except OSError:
        return 0.0


def _where(frame: FrameType | None) -> str:
    """The innermost frames, the deepest first."""
    found: list[str] = []
    while frame is not None and len(found) < DEPTH:
        code = frame.f_code
        found.append(f"{code.co_filename.rpartition('/')[2]}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return " < ".join(found)


def _waits(frame: FrameType) -> bool:
    return frame.f_code.co_name in ("wait", "select", "_worker", "accept", "get")
