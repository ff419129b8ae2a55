"""Variables in the text of a draft, `{{today + 2 h}}`, `{{new UUID}}`, `{{patient.family}}`: filled in when it is sent.

Pure functions of values; must not know drafts or where patients are kept.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from workbench.compose.filling import instant
from workbench.errors import ErrorCode, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.exchange import Ids

_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_MOMENT = re.compile(r"(now|today)(?:\s*([+-])\s*(\d{1,6})\s*(min|m|h|d))?", re.IGNORECASE)
_UUID = re.compile(r"new uuid(?:\s+(\w+))?", re.IGNORECASE)
_UNITS = {"min": timedelta(minutes=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
SAMPLES = (
    ("{{now}}", "the moment of sending"),
    ("{{now - 20 min}}", "minutes, hours (h) or days (d) before or after it"),
    ("{{today}}", "the date of that day"),
    ("{{today + 1 d}}", "a date days before or after"),
    ("{{today + 2 h}}", "a moment hours before or after"),
    ("{{new UUID}}", "another id wherever it stands"),
    ("{{new UUID a}}", "the same id wherever it stands with the same name"),
    ("{{patient.nhs_number}}", "of the patient chosen above; so family, given, birth_date, gender, line, city, ..."),
)
"""Samples of everything that can be written, with what they stand for."""


@dataclass(frozen=True, slots=True)
class Values:
    """What variables stand for."""

    now: datetime
    ids: Ids
    patient: Mapping[str, str]
    """`family`, `given`, `nhs_number`, ... of the patient of the draft."""
    row: Mapping[str, str] = field(default_factory=dict)
    """Columns of the line of a table that this message is for; they win over the patient."""


def has_variables(text: str) -> bool:
    """Whether there is anything to fill in."""
    return "{{" in text and _VARIABLE.search(text) is not None


def filled(text: str, values: Values) -> str:
    """The text with every variable filled in, each value written as its syntax needs it.

    `{{now}}` and `{{now - 20 min}}` are instants, `{{today}}` and `{{today + 2 d}}` dates, `{{today + 2 h}}` is an
    instant; `{{new UUID}}` is another one each time, `{{new UUID a}}` the same wherever `a` stands. InputError
    `input.template` for one that does not exist, with its line.
    """
    if not has_variables(text):
        return text
    xml = text.lstrip()[:1] == "<"
    named: dict[str, str] = {}

    def value(match: re.Match[str]) -> str:
        found = _value(match[1], values, named)
        if found is None:
            line = text.count("\n", 0, match.start()) + 1
            known = ", ".join(written for written, _ in SAMPLES)
            cause = f"line {line} has {match[0]}, which is no variable (known: {known})"
            raise InputError(ErrorCode.INPUT_TEMPLATE, what="The message", cause=cause)
        return escape(found, {'"': "&quot;"}) if xml else json.dumps(found, ensure_ascii=False)[1:-1]

    return _VARIABLE.sub(value, text)


def _value(written: str, values: Values, named: dict[str, str]) -> str | None:
    if written in values.row:
        return values.row[written]
    if match := _MOMENT.fullmatch(written):
        return _moment(match, values.now)
    if match := _UUID.fullmatch(written):
        return named.setdefault(match[1], values.ids()) if match[1] else values.ids()
    name = written.removeprefix("patient.")
    if name != written:
        return values.row.get(name, values.patient.get(name))
    return None


def _moment(match: re.Match[str], now: datetime) -> str:
    base, sign, number, unit = match[1].lower(), match[2], match[3], (match[4] or "").lower()
    shift = _UNITS[unit] * int(number) * (-1 if sign == "-" else 1) if unit else timedelta()
    moment = (now + shift).astimezone(UTC)
    return f"{moment:%Y-%m-%d}" if base == "today" and unit in ("", "d") else instant(moment)
