"""How a verdict grows with the entries of a Bundle: four times as many may take little more than four times as long."""

from __future__ import annotations

import json
import time

from workbench.rules import Side, judge_bytes

FEW, MANY = 1000, 4000
BUDGET = 6.0
"""Times the verdict on a quarter of the entries; a quadratic one takes sixteen."""


def measure(entries: int) -> float:
    """Seconds of the fastest of three verdicts on a Bundle in which nearly everything is wrong."""
    entry = {"fullUrl": "urn:uuid:x", "resource": {"resourceType": "Patient"}}
    source = json.dumps({"resourceType": "Bundle", "type": "message", "entry": [entry] * entries}).encode()
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        judge_bytes(source, versions=None, side=Side.RECEIVE, timer=time.perf_counter, what="The message")
        taken.append(time.perf_counter() - started)
    return min(taken)


def run() -> bool:
    """Print both times and their ratio; whether the budget holds."""
    few, many = measure(FEW), measure(MANY)
    print(
        f"verdict on {MANY} entries: {many * 1000:.0f} ms, on {FEW}: {few * 1000:.0f} ms, "
        f"ratio {many / few:.1f} (budget {BUDGET})"
    )
    return many / few <= BUDGET
