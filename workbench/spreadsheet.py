"""Rows as CSV (RFC 4180) that no spreadsheet takes for formulas.

Knows spreadsheets; must not know what the rows mean.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
"""Beginnings by which a spreadsheet takes a cell for a formula (OWASP ASVS 1.2.10), with their full-width forms."""


def cell(value: object) -> str:
    """A value as a cell: nothing for None, a text that would run behind an apostrophe; numbers as they are."""
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_RUNS) else text


def uncell(text: str) -> str:
    """A cell as it was before `cell` wrote it."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_RUNS) else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A head line and the rows, each ended by CR LF."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([cell(value) for value in row] for row in rows)
    return made.getvalue()
