"""How many messages the own receiver got today, and how many of them it could not keep and so refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.exchange import Clock


class ArrivedToday:
    """Counts from midnight of this machine's time zone. Used on one loop only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._today = self._tomorrow = datetime.min.replace(tzinfo=UTC)
        self._came = self._unkept = 0

    @property
    def midnight(self) -> datetime:
        """When today began."""
        return self._clock().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)

    def begin(self, kept: int) -> None:
        """Go on from what the history has of today."""
        self._today = self.midnight
        self._tomorrow = (self._today.replace(tzinfo=None) + timedelta(days=1)).astimezone()
        self._came, self._unkept = kept, 0

    def came(self) -> None:
        """A message came in."""
        self._turn()
        self._came += 1

    def unkept(self) -> None:
        """One could not be stored; its sender was told so (500, `no-store`)."""
        self._turn()
        self._unkept += 1

    def words(self) -> str:
        """`214 messages today, none lost.`"""
        self._turn()
        if not self._came:
            return "No message yet today."
        messages = "1 message" if self._came == 1 else f"{self._came} messages"
        lost = f"{self._unkept} refused for want of storage" if self._unkept else "none lost"
        return f"{messages} today, {lost}."

    def _turn(self) -> None:
        if not self._today <= self._clock() < self._tomorrow:
            self.begin(0)
