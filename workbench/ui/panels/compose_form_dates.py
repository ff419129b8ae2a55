"""Dates and times as people write them, to and from FHIR: "4 May 1959", "2 March 2026 14:05" with a zone.

Pure; what it does not understand stays as it was written.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_WORDS = re.compile(r"(\d{1,2})\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})")
_SLASHES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?")
_TIME = re.compile(r"\s*[T, ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*")
ZONES = (("+00:00", "UTC"), ("+01:00", "UTC+1"))
"""What is offered: both that are in use in England."""


class Moment(NamedTuple):
    """A point in time as it is edited."""

    text: str
    zone: str
    """`+00:00`, `Z`, empty where it has none."""


def date_words(value: str) -> str:
    """`1959-05-04` as "4 May 1959"; anything else as it is."""
    match = _ISO.fullmatch(value)
    made = _date(match[1], match[2], match[3]) if match else None
    return f"{made.day} {_MONTHS[made.month - 1]} {made.year}" if made else value


def typed_date(text: str) -> str | None:
    """A date that was typed, as FHIR writes it; None where it is none yet. Days come before months."""
    bare = text.strip()
    if match := _ISO.fullmatch(bare):
        made = _date(match[1], match[2], match[3])
    elif match := _SLASHES.fullmatch(bare):
        made = _date(match[3], match[2], match[1])
    elif match := _WORDS.fullmatch(bare):
        months = [name[: len(match[2])].lower() for name in _MONTHS]
        number = months.index(match[2].lower()) + 1 if match[2].lower() in months else 0
        made = _date(match[3], str(number), match[1])
    else:
        made = None
    return made.isoformat() if made else None


def moment_words(value: str) -> Moment:
    """`2026-03-02T14:05:00.5+00:00` as "2 March 2026 14:05:00" and its zone; what is no moment as it is."""
    match = _MOMENT.fullmatch(value)
    if match is None:
        return Moment(date_words(value), "")
    return Moment(f"{date_words(match[1])} {match[2].partition('.')[0]}", match[3] or "")


def typed_moment(text: str, zone: str, before: str = "") -> str | None:
    """A moment that was typed, as FHIR writes it; a date alone stays one. None where it is none yet.

    A time that is the one of the moment `before` keeps its part of a second, which is not shown.
    """
    bare = text.strip()
    if (alone := typed_date(bare)) is not None:
        return alone
    match = re.search(_TIME.pattern + r"$", bare)
    day = typed_date(bare[: match.start()]) if match else None
    if match is None or day is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    at = f"{int(match[1]):02d}:{match[2]}:{match[3] or '00'}{match[4] or ''}"
    was = _MOMENT.fullmatch(before)
    exact = was[2] if was is not None and was[2].partition(".")[0] == at else at
    return f"{day}T{exact}{zone or '+00:00'}"


def age_words(value: str, today: date) -> str:
    """How old somebody born on a date is: "64 years", "5 months"; empty for what is no date of the past."""
    match = _ISO.fullmatch(value)
    born = _date(match[1], match[2], match[3]) if match else None
    if born is None or born > today:
        return ""
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    number, unit = (months // 12, "year") if months >= 24 else (months, "month")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
