"""Small pieces of sentences: times, ages, codes and clinical phrases in words.

Tolerant of every shape; must not know messages.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from workbench.messages import tree

if TYPE_CHECKING:
    from workbench.messages.values import JsonValue

NOT_STATED = "not stated"
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_LEAD_IN = re.compile(r"^the (?:individual|patient|person) (?:needs to|should|must|is to) ", re.IGNORECASE)


def sentence(text: str) -> str:
    """The text with one full stop at its end."""
    return text if text.endswith(".") else f"{text}."


def counted(number: int, noun: str) -> str:
    """`1 slot`, `3 slots`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def concept_text(value: JsonValue) -> str:
    """What a person reads of a CodeableConcept: the first display, else its text, else a code."""
    for concept in tree.objects(value):
        for coding in tree.objects(concept.get("coding")):
            if display := tree.text(coding.get("display")):
                return display.strip()
        if words := tree.text(concept.get("text")):
            return words.strip()
    return next(iter(codes_in(value)), "")


def codes_in(value: JsonValue) -> list[str]:
    """Every code of a CodeableConcept or a list of them."""
    return [code for coding in tree.codings(value) if (code := tree.text(coding.get("code")))]


def phrase(text: str) -> str:
    """`The individual needs to attend X.` as `attend X`."""
    bare = " ".join(text.split()).rstrip(".")
    return _LEAD_IN.sub("", bare)


def last_part(url: str | None) -> str:
    """What follows the last slash of a URL."""
    return (url or NOT_STATED).rstrip("/").rpartition("/")[2]


def day_of(value: JsonValue) -> date | None:
    """The day of a FHIR date or time, as written; None for anything else."""
    found = _TIME.match(value) if isinstance(value, str) else None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def age(born: str | None, on: date | None) -> int | None:
    """Full years at the day of the message; None when either day is not known."""
    birth = day_of(born)
    if birth is None or on is None or birth > on:
        return None
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def time_text(value: JsonValue) -> str:
    """`12 Oct 2021, 12:30 +00:00`: the clock and offset as written; odd text as it is, nothing when absent."""
    words = tree.text(value)
    found = _TIME.fullmatch(words) if words else None
    if words is None or found is None or day_of(words) is None:
        return words or ""
    day = f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}"
    if not found[4]:
        return day
    return f"{day}, {found[4]} {'+00:00' if found[5] == 'Z' else found[5] or ''}".rstrip()


def period_text(start: JsonValue, end: JsonValue) -> str:
    """`12 Oct 2021, 12:30 +00:00 to 12:40 +00:00`; only the start where there is no end."""
    first, last = time_text(start), time_text(end)
    if not first or not last:
        return first
    day, _, clock = last.partition(", ")
    return f"{first} to {clock if first.startswith(day + ',') else last}"
