"""From bytes to text: which encoding a message is in, with every doubt named.

Knows encodings, sizes and positions; must not know JSON, XML or FHIR beyond telling the first two apart.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass

from workbench.errors import ErrorCode, InputError, Place
from workbench.messages.values import Syntax

LARGEST = 20 * 1024 * 1024
"""Bytes; a larger text is refused."""

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ALLOWED = {"utf-8", "ascii", "iso8859-1", "cp1252", "iso8859-15", "utf-16", "utf-16-le", "utf-16-be", "utf-32"}
_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([^"']{1,60})["']""")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a message without its byte order mark."""

    text: str
    syntax: Syntax
    encoding: str
    """Python's name of the encoding that was found."""
    marked: bool
    """Whether a byte order mark stood in front."""


def decode(source: bytes, *, what: str) -> Decoded:
    """The text of a message and its syntax.

    InputError when it is empty, larger than 20 MiB, in an encoding that is not known, or not in the encoding it claims;
    the place then counts the characters before the first wrong byte.
    """
    if len(source) > LARGEST:
        raise InputError(ErrorCode.INPUT_TOO_LARGE, what=what, limit="20 MiB")
    encoding, skip = _detect(source, what)
    try:
        text = source[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        before = source[skip : skip + error.start].decode(encoding, errors="replace")
        raise InputError(
            ErrorCode.INPUT_NOT_UTF8,
            place=place_of(before, len(before)),
            what=what,
            cause=f"byte {skip + error.start} (counted from 0) does not belong to {encoding.upper()} text",
        ) from error
    start = re.search(r"\S", text)
    if start is None:
        raise InputError(ErrorCode.INPUT_EMPTY, what=what)
    syntax = Syntax.XML if start.group() == "<" else Syntax.JSON
    return Decoded(text, syntax, encoding, marked=skip > 0)


def editable(source: bytes, *, what: str) -> str:
    """The text of a message for an editor that keeps it as UTF-8: a declaration of another encoding then says UTF-8.

    InputError as `decode`.
    """
    text = decode(source, what=what).text
    declared = _DECLARED.match(text[:300].encode("ascii", "replace"))
    if declared is None or declared.group(1).lower() == b"utf-8":
        return text
    return f"{text[: declared.start(1)]}UTF-8{text[declared.end(1) :]}"


def _detect(source: bytes, what: str) -> tuple[str, int]:
    """The encoding and the length of the byte order mark."""
    for mark, encoding in _MARKS:
        if source.startswith(mark):
            return encoding, len(mark)
    head = source[:4]
    if len(head) == 4 and head.count(0) >= 2:
        zeros = bytes(1 if byte == 0 else 0 for byte in head)
        patterns = {b"\x01\x01\x01\x00": "utf-32-be", b"\x00\x01\x01\x01": "utf-32-le"}
        patterns |= {b"\x01\x00\x01\x00": "utf-16-be", b"\x00\x01\x00\x01": "utf-16-le"}
        if zeros in patterns:
            return patterns[zeros], 0
    declared = _DECLARED.match(source)
    if declared is None:
        return "utf-8", 0
    name = declared.group(1).decode("ascii", errors="replace")
    try:
        found = codecs.lookup(name).name
    except LookupError:
        found = ""
    if found not in _ALLOWED:
        raise InputError(
            ErrorCode.INPUT_NOT_XML,
            place=Place(1, 1, 0),
            what=what,
            cause=f"its encoding {name!r} is not one that can be read; FHIR uses UTF-8",
        )
    if found.startswith(("utf-16", "utf-32")):
        raise InputError(
            ErrorCode.INPUT_NOT_XML,
            place=Place(1, 1, 0),
            what=what,
            cause=f"it claims the encoding {name!r}, but its bytes are not written so",
        )
    return found, 0


def line_starts(text: str) -> list[int]:
    """The offset of the first character of every line."""
    return [0, *(match.end() for match in re.finditer(r"\n", text))]


def place_of(text: str, offset: int, starts: list[int] | None = None) -> Place:
    """Line and column of a character offset; give `starts` (from `line_starts`) when asking often."""
    lines = line_starts(text) if starts is None else starts
    line = bisect_right(lines, offset)
    return Place(line, offset - lines[line - 1] + 1, offset)


def at(place: Place) -> str:
    """`line 3, column 7` for sentences."""
    return f"line {place.line}, column {place.column}"
