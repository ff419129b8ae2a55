"""A warm verdict on a typical message against plain json.loads of the same bytes, in the same run."""

from __future__ import annotations

import json
import statistics
import time
from datetime import UTC, datetime
from uuid import uuid4

from tests.builders import a_setting
from workbench.compose import compose
from workbench.rules import Side, judge_bytes

ROUNDS = 50


def run() -> bool:
    """Print medians for the full referral template; whether the 30 ms budget holds."""
    message = compose("referral-full", a_setting(), now=datetime(2026, 11, 24, 9, tzinfo=UTC), ids=lambda: str(uuid4()))
    source = message.source

    def timed(work: object) -> float:
        started = time.perf_counter()
        work()  # type: ignore[operator]
        return time.perf_counter() - started

    def verdict() -> None:
        judge_bytes(source, versions=None, side=Side.COMPOSE, timer=time.perf_counter, what="The message")

    verdict()
    ours = statistics.median(timed(verdict) for _ in range(ROUNDS))
    bare = statistics.median(timed(lambda: json.loads(source)) for _ in range(ROUNDS))
    print(
        f"verdict on {len(source) / 1000:.0f} kB: {ours * 1000:.1f} ms, json.loads {bare * 1000:.2f} ms, "
        f"ratio {ours / bare:.0f} (budget 30 ms)"
    )
    return ours <= 0.030
