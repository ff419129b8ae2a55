"""Values of the primitive datatypes of FHIR R4: whether a text or a number is one, and if not, why.

Knows the formats of "Datatypes" in FHIR R4; must not know elements, resources or paths.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from workbench.messages import Number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Fits = Callable[[str], object]
    """True (or anything that counts as true) for a text that is of the datatype."""

NUMBERS = frozenset({"decimal", "integer", "positiveInt", "unsignedInt"})
"""Written as JSON numbers."""
TIMES = frozenset({"date", "dateTime", "instant", "time"})
LONGEST_TEXT = 1024 * 1024
"""Characters of a string or markdown."""

_LEAST = {"integer": -(2**31), "positiveInt": 1, "unsignedInt": 0}
_GREATEST = 2**31 - 1
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")

_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f]")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_CODE = re.compile(r"\S+(?:\s\S+)*")
_URI = re.compile(r"\S+")
_OID = re.compile(r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+")
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_CLOCK = re.compile(r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.[0-9]+)?")
_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<clock>[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_ZONE = re.compile(r"(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00")
_WORDS = {
    "integer": "a whole number",
    "positiveInt": "a whole number above zero",
    "unsignedInt": "a whole number of zero or more",
    "decimal": "a decimal number",
}


def text_problem(kind: str, text: str) -> str | None:
    """Why a text is not of a text datatype, as the end of a sentence (`is not ...`); None when it is.

    The text must not be blank; of `xhtml` only the length is looked at.
    """
    if kind in TIMES:
        return time_problem(kind, text)
    fits = FITS.get(kind)
    if fits is None or fits(text):
        return None
    if kind in ("string", "markdown", "xhtml"):
        if len(text) > LONGEST_TEXT:
            return f"has {len(text):,} characters; a text may have {LONGEST_TEXT:,}"
        return "holds a control character, which FHIR does not allow"
    if kind == "id":
        if len(text) > 64:
            return f"has {len(text)} characters; an id may have 64"
        return "is no id: letters, digits, hyphens and dots only"
    if kind == "code":
        return "has blanks at its beginning or end, or two together, which a code may not have"
    if kind == "base64Binary":
        return "is not base64"
    if kind == "oid" or text.lower().startswith("urn:oid:"):
        return "is no OID: urn:oid: and numbers with dots between them"
    if _URI.fullmatch(text):
        return "is no UUID: urn:uuid: and 8-4-4-4-12 hexadecimal digits" + (" in lower case" * (kind == "uuid"))
    return f"holds a blank, which a {kind} may not"


def number_problem(kind: str, number: Number) -> str | None:
    """Why a number is not of a number datatype; None when it is."""
    if kind == "decimal":
        return None
    if _INTEGER.fullmatch(number.text) is None:
        return f"is not {_WORDS[kind]}"
    value = int(number.text)
    if value < _LEAST[kind]:
        return f"is not {_WORDS[kind]}" if kind != "integer" else "is below the least number that FHIR allows"
    return "is above the greatest number that FHIR allows" if value > _GREATEST else None


def as_number(kind: str, text: str) -> Number | None:
    """The number that a text is, when it is one of that datatype."""
    if len(text) > 100 or _DECIMAL.fullmatch(text) is None:
        return None
    number = Number(text)
    return number if number_problem(kind, number) is None else None


def words_of_number(kind: str) -> str:
    """A number datatype in words."""
    return _WORDS[kind]


@lru_cache(maxsize=4096)
def time_problem(kind: str, text: str) -> str | None:
    """Why a text is no `date`, `dateTime`, `instant` or `time`; None when it is. A leap second (:60) is allowed."""
    if kind == "time":
        clock = _CLOCK.fullmatch(text)
        return "is not a time of day as hh:mm:ss" if clock is None else _clock_problem(text)
    found = _MOMENT.fullmatch(text)
    if found is None:
        if kind != "instant" and _DATE.fullmatch(text):
            return None if _day_exists(text) else "is a day that does not exist"
        return "is not an instant with seconds and offset" if kind == "instant" else f"is not a FHIR {kind}"
    if kind == "date":
        return "has a time where only a date may stand"
    if not _day_exists(found["day"]):
        return "is a day that does not exist"
    if problem := _clock_problem(found["clock"]):
        return problem
    if found["zone"] is None:
        return "has no offset from UTC"
    if found["zone"] != "Z" and _ZONE.fullmatch(found["zone"][1:]) is None:
        return "has an offset that does not exist; offsets go from -14:00 to +14:00"
    return None


def is_leap_second(text: str) -> bool:
    """Whether a time that FHIR allows names the second 60."""
    found = _MOMENT.fullmatch(text)
    clock = found["clock"] if found else text
    return clock[6:8] == "60" and _CLOCK.fullmatch(clock) is not None


def moment(text: str) -> datetime | None:
    """The moment of a time with an offset, cut to microseconds, or of a whole date at midnight UTC.

    None for what is no such time; a leap second is taken for the one before it.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        if len(text) != 10 or _DATE.fullmatch(text) is None or not _day_exists(text):
            return None
        return datetime.fromisoformat(f"{text}T00:00:00+00:00")
    if found["zone"] is None or time_problem("instant", text) is not None:
        return None
    clock, _, fraction = found["clock"].partition(".")
    clock = clock[:6] + ("59" if clock[6:] == "60" else clock[6:])
    zone = "+00:00" if found["zone"] == "Z" else found["zone"]
    return datetime.fromisoformat(f"{found['day']}T{clock}.{fraction[:6].ljust(6, '0')}{zone}")


def in_utc(text: str) -> str | None:
    """A time with another offset than zero as the same moment in UTC, its fraction as it is; None where it is none."""
    found = _MOMENT.fullmatch(text)
    if found is None or found["zone"] in (None, "Z", "+00:00", "-00:00") or is_leap_second(text):
        return None
    here = moment(text)
    if here is None:
        return None
    try:
        moved = here.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except OverflowError:
        return None
    fraction = found["clock"].partition(".")[2]
    return f"{moved.zfill(19)}{f'.{fraction}' if fraction else ''}+00:00"


def _clock_problem(clock: str) -> str | None:
    hour, minute, second = int(clock[:2]), int(clock[3:5]), int(clock[6:8])
    if hour == 24:
        return "names the hour 24; midnight is 00:00:00 of the next day"
    return "is a moment that does not exist" if hour > 23 or minute > 59 or second > 60 else None


def _day_exists(text: str) -> bool:
    parts = [int(part) for part in text.split("-")]
    try:
        date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
    except ValueError:
        return False
    return True


def _is_text(text: str) -> bool:
    return len(text) <= LONGEST_TEXT and (text.isprintable() or _CONTROL.search(text) is None)


def _is_uri(text: str) -> object:
    if text[:4] == "urn:":
        if text.startswith("urn:uuid:"):
            return _UUID.fullmatch(text.lower())
        if text.startswith("urn:oid:"):
            return _OID.fullmatch(text)
    return _URI.fullmatch(text)


def _is_base64(text: str) -> object:
    return _BASE64.fullmatch("".join(text.split()))


def _is_time(kind: str) -> Fits:
    return lambda text: time_problem(kind, text) is None


FITS: Mapping[str, Fits] = {
    "string": _is_text,
    "markdown": _is_text,
    "xhtml": _is_text,
    "id": _ID.fullmatch,
    "code": _CODE.fullmatch,
    "uri": _is_uri,
    "url": _is_uri,
    "canonical": _is_uri,
    "oid": _OID.fullmatch,
    "uuid": _UUID.fullmatch,
    "base64Binary": _is_base64,
    **{kind: _is_time(kind) for kind in sorted(TIMES)},
}
"""A quick yes or no for every text datatype."""
