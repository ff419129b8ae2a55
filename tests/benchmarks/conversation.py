"""What one more exchange costs in a conversation that has grown long: to be filed, and to be read for the timeline.

Every leg carries one correlation id, as those of a poll or of a load test do; one in three is a message.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from workbench.exchange import Exchange

FEW, MANY = 50, 1500
LAST = 20
"""How many of the last ones are measured."""
FILED_MS = 100.0
"""Milliseconds that one more exchange may take at the end."""


async def measure(folder: Path) -> tuple[float, float, float]:
    """Milliseconds of filing one exchange after FEW and after MANY legs, and of reading the conversation then."""
    from tests.builders import a_setting
    from tests.correlation.builders import an_exchange
    from workbench.cli.opening import now
    from workbench.compose import compose
    from workbench.exchange import Request, Response
    from workbench.history import Indexer, Queries, Store, rows
    from workbench.messages import parse, title_of

    source = compose("referral-full", a_setting(), now=now(), ids=lambda: str(uuid4())).source
    facts = parse(source).facts
    store = Store.open(folder / "history.db", clock=now)
    indexer, queries = Indexer(store, clock=now, title_of=title_of), Queries(store, clock=now)
    began, correlation, taken, first = now(), str(uuid4()), [], ""

    def leg(number: int) -> Exchange:
        message = number % 3 == 0
        made = an_exchange(f"leg {number}", number, operation="process-message" if message else "slot-search")
        fields = (
            *((name, value) for name, value in made.request.headers if name != "X-Correlation-Id"),
            ("X-Correlation-Id", correlation),
            ("NHSD-End-User-Organisation", "e30" * 100),
        )
        return replace(
            made,
            id=str(uuid4()),
            request=Request("POST", made.request.url, fields, b"{}"),
            response=Response(200, "OK", (("Content-Type", "application/fhir+json"),), b"{}"),
            timing=replace(made.timing, started=began + timedelta(seconds=number)),
        )

    try:
        for number in range(MANY):
            one = leg(number)
            first = first or one.id
            await store.run(lambda connection, one=one: rows.insert(connection, one, ()))  # type: ignore[misc]
            fresh = facts._replace(bundle_id=str(uuid4())) if number % 3 == 0 else None
            started = time.perf_counter()
            await indexer.index(one, fresh)
            taken.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        legs = await queries.legs(first)
        await queries.links(first)
        read = (time.perf_counter() - started) * 1000
        assert len(legs) == MANY
    finally:
        store.close()
    return min(taken[FEW - LAST : FEW]), sorted(taken[-LAST:])[LAST // 2], read


def run() -> bool:
    """Print the three figures; whether the budgets hold."""
    with tempfile.TemporaryDirectory() as folder:
        few, many, read = asyncio.run(measure(Path(folder)))
    print(
        f"conversation of {MANY} legs: one more filed in {many:.0f} ms (budget {FILED_MS:.0f}), "
        f"{many / few:.1f} times one more after {FEW}; read in {read:.0f} ms"
    )
    return many <= FILED_MS
