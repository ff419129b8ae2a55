"""Warm verdicts on a 40 kB message against plain json.loads of the same bytes, in the same run.

With the official FHIR packages too, where they lie beside the checkout.
"""

from __future__ import annotations

import json
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.builders import a_setting
from tests.conftest import SHARED
from workbench.compose import compose
from workbench.profiles.packages import load
from workbench.rules import Side, judge_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.profiles.compiled import Definitions

ROUNDS = 50
SIZE = 40_000
BUDGET_MS, BUDGET_WITH_PACKAGES_MS = 30.0, 100.0
PACKAGE = Path("data", "packages", "uk.nhsdigital.bars.r4-1.34.0.tgz")
"""The others that it needs are found beside it."""


def a_message(size: int = SIZE) -> bytes:
    """A full referral with as many observations as make it so long."""
    made = compose("referral-full", a_setting(), now=datetime(2026, 11, 24, 9, tzinfo=UTC), ids=lambda: str(uuid4()))
    bundle = json.loads(made.source)
    more = [one for one in bundle["entry"] if one["resource"]["resourceType"] in ("Observation", "Condition", "Flag")]
    while len(text := json.dumps(bundle, indent=2).encode()) < size:
        bundle["entry"] += [{**one, "fullUrl": f"urn:uuid:{uuid4()}"} for one in more[:1]]
    return text


def run() -> bool:
    """Print medians; whether the budgets hold."""
    source = a_message()
    bare = _median(lambda: json.loads(source))
    held = _told(source, bare, None, BUDGET_MS, "all built-in rules")
    file = SHARED / PACKAGE
    if not file.is_file():
        print("verdict with packages: the official packages are not beside the checkout, so it was not measured")
        return held
    packages = load([str(file)])
    return _told(source, bare, packages, BUDGET_WITH_PACKAGES_MS, f"with {len(packages.names)} packages") and held


def _told(source: bytes, bare: float, packages: Definitions | None, budget: float, what: str) -> bool:
    def verdict() -> None:
        judge_bytes(source, versions=None, side=Side.COMPOSE, timer=time.perf_counter, packages=packages)

    verdict()
    ours = _median(verdict)
    print(
        f"verdict on {len(source) / 1000:.0f} kB, {what}: {ours:.1f} ms, json.loads {bare:.2f} ms, "
        f"ratio {ours / bare:.0f} (budget {budget:.0f} ms)"
    )
    return ours <= budget


def _median(work: Callable[[], object]) -> float:
    """Milliseconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
