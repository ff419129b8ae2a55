"""Rules on times: written as FHIR wants them, in UTC, and periods that do not end before they begin.

Knows no clock: a message is compared with itself only.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity, tree
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.survey import set_fix, survey
from workbench.rules.values import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.rules.values import Submission

_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)T(?P<clock>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d+))?(?P<zone>Z|[+-]\d\d:\d\d)?"
)
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?")
MOST_DIGITS = 7


@rule("TIM-001", Severity.ERROR, source=sources.R4_DATATYPES, layer=Layer.BASE, applies=scope.resources)
def times_are_fhir_times(s: Submission) -> Iterator[Hit]:
    """Dates and times are written as FHIR wants them and name days that exist.

    A time of day needs seconds and an offset from UTC.
    """
    for path, kind, text in survey(s).elements().times:
        problem = _problem(kind, text)
        if problem:
            yield Hit(path, f"'{text[:40]}' {problem}.")


@rule("TIM-002", Severity.WARNING, source=sources.TIMES, applies=scope.messages)
def times_are_whole(s: Submission) -> Iterator[Hit]:
    """Times are whole instants: date, time and offset, with at most seven fraction digits."""
    for path, kind, text in survey(s).elements().times:
        if kind not in ("dateTime", "instant") or _problem(kind, text):
            continue
        found = _TIME.fullmatch(text)
        if found is None:
            yield Hit(path, f"'{text}' is a date without a time; an instant with its offset is meant.")
        elif len(found["fraction"] or "") > MOST_DIGITS:
            yield Hit(path, f"'{text}' has more than {MOST_DIGITS} fraction digits.")


@rule("TIM-003", Severity.WARNING, source=sources.TIMES, applies=scope.messages)
def times_are_utc(s: Submission) -> Iterator[Hit]:
    """Times are sent in UTC, with an offset of zero.

    Receivers must accept and convert other offsets.
    """
    for path, kind, text in survey(s).elements().times:
        found = _TIME.fullmatch(text)
        if kind not in ("dateTime", "instant") or found is None or found["zone"] in (None, "Z", "+00:00", "-00:00"):
            continue
        if swapped := _in_utc(found):
            yield Hit(path, f"'{text}' is not in UTC.", set_fix("Swap to UTC", path, swapped))


@rule("TIM-004", Severity.ERROR, source=sources.R4_DATATYPES, layer=Layer.BASE, applies=scope.resources)
def periods_run_forward(s: Submission) -> Iterator[Hit]:
    """A period does not end before it starts (invariant per-1)."""
    for path, period in survey(s).elements().periods:
        start, end = _moment(period.get("start")), _moment(period.get("end"))
        precise = ["T" in str(period.get(name)) for name in ("start", "end")]
        if start and end and precise[0] == precise[1] and end < start:
            yield Hit(path, "The period ends before it starts.")


@rule("TIM-005", Severity.WARNING, source=sources.HARNESS, layer=Layer.HARNESS, applies=scope.messages)
def care_plans_have_begun(s: Submission) -> Iterator[Hit]:
    """The CarePlan's period starts before the message was put together."""
    found = survey(s)
    made = _moment(found.bundle.get("timestamp"))
    for path, plan in found.resources("CarePlan"):
        start = _moment(tree.inner(plan, "period", "start"))
        if made and start and start > made:
            yield Hit(f"{path}.period.start", "The care plan starts after the message was put together.")


def _problem(kind: str, text: str) -> str | None:
    """Why a text is not of its datatype, or None."""
    if kind == "time":
        return None if _CLOCK.fullmatch(text) else "is not a time of day"
    found = _TIME.fullmatch(text)
    if found is None:
        if kind != "instant" and _DATE.fullmatch(text):
            return None if _day_exists(text) else "is a day that does not exist"
        return "is not an instant with seconds and offset" if kind == "instant" else f"is not a FHIR {kind}"
    if kind == "date":
        return "has a time where only a date may stand"
    if found["zone"] is None:
        return "has no offset from UTC"
    return None if _parsed(found) else "is a moment that does not exist"


def _day_exists(text: str) -> bool:
    parts = [int(part) for part in text.split("-")]
    try:
        datetime(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1, tzinfo=UTC)
    except ValueError:
        return False
    return True


def _parsed(found: re.Match[str]) -> datetime | None:
    """The moment, cut to microseconds; 24:00 and leap seconds do not exist here."""
    fraction = (found["fraction"] or "")[:6].ljust(6, "0")
    zone = "+00:00" if found["zone"] == "Z" else found["zone"]
    try:
        return datetime.fromisoformat(f"{found['day']}T{found['clock']}.{fraction}{zone}")
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    """The moment of a time with an offset, or of a whole date at midnight UTC; None for anything else."""
    if not isinstance(value, str):
        return None
    found = _TIME.fullmatch(value)
    if found is not None:
        return _parsed(found) if found["zone"] else None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value) and _day_exists(value):
        return datetime.fromisoformat(f"{value}T00:00:00+00:00")
    return None


def _in_utc(found: re.Match[str]) -> str | None:
    """The same moment with an offset of zero; its fraction digits stay as they are."""
    moment = _parsed(found)
    if moment is None:
        return None
    try:
        text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except OverflowError:
        return None
    fraction = f".{found['fraction']}" if found["fraction"] else ""
    return f"{text}{fraction}+00:00"
