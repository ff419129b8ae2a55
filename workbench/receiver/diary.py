"""The slots a service offers: made from a table for the days to come, so that they are the same whenever asked.

Knows times and the table; must not know who booked what (`ReceiverState`) or how slots are searched for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.receiver.values import ServiceOffer

_NAMES = UUID("6f0a3c1e-5d0b-4b7e-9a61-9d1f6a1d2c55")
"""Namespace of the ids of generated resources: the same service and time always give the same id."""


@dataclass(frozen=True, slots=True)
class SlotTime:
    """One slot of a diary."""

    id: str
    start: datetime
    end: datetime
    free: bool
    """As the table says; a booking takes a free one."""


@dataclass(frozen=True, slots=True)
class Diary:
    """When a service may be visited."""

    days: int
    """How many days it has."""
    minutes: int
    starts: tuple[time, ...]
    """UTC."""
    busy: frozenset[time]
    first: int = 0
    """The first of its days: 0 = today."""


@cache
def diaries() -> Mapping[str, Diary]:
    """Every diary by name, from `resources/sandbox/diaries.toml`."""
    return {
        row["name"]: Diary(
            row["days"], row["minutes"], tuple(row["starts"]), frozenset(row.get("busy", ())), row.get("first", 0)
        )
        for row in assets.table("sandbox", "diaries.toml")["diary"]
    }


def made_id(*words: str) -> str:
    """The id of a generated resource."""
    return str(uuid5(_NAMES, "|".join(words)))


def slots(service: ServiceOffer, now: datetime) -> tuple[SlotTime, ...]:
    """Every slot of a service that begins after `now`, in time order; none for a service without a diary."""
    diary = diaries().get(service.diary)
    if diary is None:
        return ()
    today = now.astimezone(UTC).date()
    found = []
    for day in range(diary.first, diary.first + diary.days):
        for start in diary.starts:
            begins = datetime.combine(today + timedelta(days=day), start, UTC)
            if begins > now:
                id = made_id("Slot", service.value, begins.isoformat())
                ends = begins + timedelta(minutes=diary.minutes)
                found.append(SlotTime(id, begins, ends, start not in diary.busy))
    return tuple(found)
