"""Which bracket or tag belongs to the one at the cursor, found without parsing the text.

Pure functions over lines; strings are passed over, and the search ends after so many lines, since it runs while a
person moves about.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_LINES = 2_000
"""Lines that are looked through in one direction."""
_LONGEST = 10_000
"""A longer line is passed over: it is an attachment or a text without line breaks."""

_JSON = re.compile(r'"(?:[^"\\]|\\.)*"?|(?P<part>[{}\[\]])')
_XML = re.compile(r"<!--.*?(?:-->|$)|<[?!][^>]*>?|(?P<part></?(?P<name>[\w:.-]+)(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>)")
_PAIRS = {"{": "}", "[": "]"}


class Span(NamedTuple):
    """A piece of one line, all counted from 0."""

    line: int
    start: int
    length: int


class _Part(NamedTuple):
    """A bracket or a tag."""

    span: Span
    name: str
    """The closing bracket of the pair, or the name of the element."""
    opens: bool


def matching(
    line_of: Callable[[int], str], count: int, line: int, column: int, *, xml: bool
) -> tuple[Span, Span] | None:
    """The bracket or tag at a place and the one that belongs to it; None where there is none.

    A bracket is at the cursor when the cursor stands before or after it, a tag when it stands in it.
    """
    here = next((part for part in _parts(line_of(line), line, xml=xml) if _at(part.span, column)), None)
    if here is None:
        return None
    depth = 0
    for part in _onward(line_of, count, here, xml=xml):
        if part.name != here.name and xml:
            continue
        depth += 1 if part.opens == here.opens else -1
        if depth == 0:
            return (here.span, part.span) if part.name == here.name else None
    return None


def _at(span: Span, column: int) -> bool:
    return span.start <= column <= span.start + span.length


def _onward(line_of: Callable[[int], str], count: int, here: _Part, *, xml: bool) -> Iterator[_Part]:
    """The parts from one on: forwards from one that opens, backwards from one that closes."""
    first = here.span.line
    lines = (
        range(first, min(count, first + MOST_LINES)) if here.opens else range(first, max(-1, first - MOST_LINES), -1)
    )
    for number in lines:
        parts = list(_parts(line_of(number), number, xml=xml))
        if number == first:
            parts = [
                p for p in parts if (p.span.start >= here.span.start if here.opens else p.span.start <= here.span.start)
            ]
        yield from parts if here.opens else reversed(parts)


def _parts(text: str, line: int, *, xml: bool) -> Iterator[_Part]:
    if len(text) > _LONGEST:
        return
    for found in (_XML if xml else _JSON).finditer(text):
        part = found["part"]
        if part is None:
            continue
        span = Span(line, found.start("part"), len(part))
        if not xml:
            yield _Part(span, _PAIRS.get(part, part), part in _PAIRS)
        elif not part.endswith("/>"):
            yield _Part(span, found["name"], not part.startswith("</"))
