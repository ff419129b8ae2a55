"""How many calls somebody made within a span of time. Knows the clock; must not know what a call is."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.exchange import Clock


class Rate:
    """Counts by name; used on one loop only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: dict[str, deque[datetime]] = {}

    def allows(self, name: str, seconds: float, most: int) -> bool:
        """Whether one more is within `most` in so many seconds; it is counted when it is."""
        now = self._clock()
        times = self._times.setdefault(name, deque())
        while times and (now - times[0]).total_seconds() >= seconds:
            times.popleft()
        if len(times) >= most:
            return False
        times.append(now)
        return True
