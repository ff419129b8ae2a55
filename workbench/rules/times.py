"""Rules on times: written as FHIR wants them, in UTC, and periods that do not end before they begin.

Knows no clock: a message is compared with itself only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity, tree
from workbench.profiles.primitives import in_utc, moment, time_problem
from workbench.profiles.problems import Kind
from workbench.rules import base, scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.values import Submission

MOST_DIGITS = 7


@rule("TIM-001", Severity.ERROR, source=sources.R4_DATATYPES, layer=Layer.BASE, applies=scope.resources)
def times_are_fhir_times(s: Submission) -> Iterator[Hit]:
    """Dates and times are written as FHIR wants them and name days that exist.

    A time of day needs seconds and an offset from UTC of at most 14 hours; midnight is 00:00:00, never 24:00. A leap
    second (:60) is allowed and noted, because many systems cannot take it.
    """
    yield from base.hits(s, Kind.BAD_TIME)


@rule("TIM-002", Severity.WARNING, source=sources.TIMES, applies=scope.messages)
def times_are_whole(s: Submission) -> Iterator[Hit]:
    """Times are whole instants: date, time and offset, with at most seven fraction digits."""
    for path, kind, text in survey(s).elements().times:
        if kind not in ("dateTime", "instant") or time_problem(kind, text):
            continue
        clock = text.partition("T")[2]
        if not clock:
            yield Hit(path, f"'{text}' is a date without a time; an instant with its offset is meant.")
        elif len(clock.partition(".")[2].rstrip("Z").partition("+")[0].partition("-")[0]) > MOST_DIGITS:
            yield Hit(path, f"'{text}' has more than {MOST_DIGITS} fraction digits.")


@rule("TIM-003", Severity.WARNING, source=sources.TIMES, applies=scope.messages)
def times_are_utc(s: Submission) -> Iterator[Hit]:
    """Times are sent in UTC, with an offset of zero.

    Receivers must accept and convert other offsets.
    """
    for path, kind, text in survey(s).elements().times:
        if kind in ("dateTime", "instant") and (swapped := in_utc(text)):
            yield Hit(path, f"'{text}' is not in UTC.", set_fix("Swap to UTC", path, swapped))


@rule("TIM-004", Severity.ERROR, source=sources.R4_DATATYPES, layer=Layer.BASE, applies=scope.resources)
def periods_run_forward(s: Submission) -> Iterator[Hit]:
    """A period does not end before it starts (invariant per-1)."""
    yield from base.hits(s, Kind.BACKWARD_PERIOD)


@rule("TIM-005", Severity.WARNING, source=sources.HARNESS, layer=Layer.HARNESS, applies=scope.messages)
def care_plans_have_begun(s: Submission) -> Iterator[Hit]:
    """The CarePlan's period starts before the message was put together."""
    found = survey(s)
    made = moment(tree.text(found.bundle.get("timestamp")) or "")
    for path, plan in found.resources("CarePlan"):
        start = moment(tree.inner_text(plan, "period", "start") or "")
        if made and start and start > made:
            yield Hit(f"{path}.period.start", "The care plan starts after the message was put together.")
