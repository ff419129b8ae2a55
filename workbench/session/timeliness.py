"""Whether a reply came in time, in words: until when it was wanted, and how long before or after that it came. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from workbench.evidence.lanes import duration

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from workbench.messages import Summary

DUE = "Due by"


def due_words(due: datetime, came: datetime, zone: tzinfo | None = None) -> str:
    """`12:32:00, answered 11 min 13 s before`; the day stands before the time where it is another day than that of the
    answer. `zone` is the zone in which they are shown (None = the zone of this machine)."""
    wanted, answered = due.astimezone(zone), came.astimezone(zone)
    clock = f"{wanted:%H:%M:%S}"
    if wanted.date() != answered.date():
        clock = f"{wanted.day} {wanted:%b} {clock}"
    apart = due - came
    if abs(apart) < timedelta(seconds=1):
        return f"{clock}, answered at that time"
    return f"{clock}, answered {duration(abs(apart).total_seconds())} {'before' if apart > timedelta(0) else 'late'}"


def with_due(summary: Summary, words: str) -> Summary:
    """The card of a reply with when it was due in place of the time that it repeats from the request."""
    kept = summary.without("By")
    return kept.with_fact(DUE, words, after="Outcome" if dict(kept.facts).get("Outcome") else "About")
