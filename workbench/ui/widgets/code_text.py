"""What an editor needs to know of a text without parsing it: folds by indentation, crumbs, tokens to colour.

Pure functions over lines; they must stay cheap, since they run while a person types.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class TokenKind(StrEnum):
    """What a piece of text is; each has a colour in the theme."""

    KEY = "key"
    TEXT = "text"
    URL = "url"
    NUMBER = "number"
    WORD = "word"
    PUNCTUATION = "punctuation"


class Token(NamedTuple):
    """A run of characters of one line."""

    start: int
    length: int
    kind: TokenKind


_JSON = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<url>"(?:https?://|urn:)(?:[^"\\]|\\.)*")|(?P<text>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<word>\b(?:true|false|null)\b)|(?P<punctuation>[{}\[\],:])"
)
_XML = re.compile(
    r"(?P<comment><!--.*?(?:-->|$))|(?P<tag></?[\w:.-]+|/?>|<\?\w+|\?>)|(?P<name>\b[\w:.-]+)(?==\")"
    r'|(?P<url>"(?:https?://|urn:)[^"]*")|(?P<text>"[^"]*"?)'
)
_XML_KINDS = {
    "comment": TokenKind.PUNCTUATION,
    "tag": TokenKind.KEY,
    "name": TokenKind.PUNCTUATION,
    "url": TokenKind.URL,
    "text": TokenKind.TEXT,
}
_JSON_KINDS = {kind.value: kind for kind in TokenKind}
_LONGEST = 10_000
"""A longer line is shown without colours: base64 attachments stay readable and typing stays quick."""


def tokens(line: str, *, xml: bool) -> Iterator[Token]:
    """The coloured pieces of one line."""
    if len(line) > _LONGEST:
        return
    kinds = _XML_KINDS if xml else _JSON_KINDS
    for found in (_XML if xml else _JSON).finditer(line):
        start, end = found.span()
        yield Token(start, end - start, kinds[found.lastgroup or ""])


def indent(line: str) -> int:
    """Leading blanks of a line; -1 for an empty one."""
    stripped = line.lstrip(" \t")
    return len(line) - len(stripped) if stripped else -1


def can_fold(line: str, following: str) -> bool:
    """Whether something hangs under a line: it opens an element, and the line after it is indented deeper."""
    return line.rstrip().endswith(("{", "[", ">")) and 0 <= indent(line) < indent(following)


def fold_end(line_of: Callable[[int], str], count: int, first: int) -> int | None:
    """The last line that folds away under line `first`, or None where nothing can be folded.

    `line_of(n)` gives line n (0-based) of `count` lines.
    """
    depth = indent(line_of(first))
    if depth < 0 or first + 1 >= count or indent(line_of(first + 1)) <= depth:
        return None
    last = first + 1
    while last + 1 < count and not 0 <= indent(line_of(last + 1)) <= depth:
        last += 1
    return last


_JSON_KEY = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*:')
_XML_TAG = re.compile(r"\s*<([\w:.-]+)")
_TYPE = re.compile(r'\s*"resourceType"\s*:\s*"(\w+)"')


def crumbs(line_of: Callable[[int], str], count: int, line: int, *, xml: bool) -> tuple[str, ...]:
    """Where a line stands, outermost first: `("entry 4", "resource (ServiceRequest)", "basedOn")`."""
    found: list[str] = []
    depth = indent(line_of(line)) if line < count else -1
    if depth < 0:
        return ()
    pattern = _XML_TAG if xml else _JSON_KEY
    current: int | None = line
    while current is not None:
        text = line_of(current)
        if named := pattern.match(text):
            found.append(_with_type(line_of, count, current, named.group(1), xml=xml))
        elif not xml and text.strip().startswith("{") and indent(text) > 0:
            found.append(f"[{_position(line_of, current)}]")
        current = _parent(line_of, current)
    return tuple(_joined(reversed(found)))


def _parent(line_of: Callable[[int], str], line: int) -> int | None:
    depth = indent(line_of(line))
    for above in range(line - 1, -1, -1):
        if 0 <= indent(line_of(above)) < depth:
            return above
    return None


def _position(line_of: Callable[[int], str], line: int) -> int:
    depth, position = indent(line_of(line)), 0
    for above in range(line - 1, -1, -1):
        here = indent(line_of(above))
        if 0 <= here < depth:
            break
        if here == depth and line_of(above).strip().startswith("{"):
            position += 1
    return position


def _with_type(line_of: Callable[[int], str], count: int, line: int, name: str, *, xml: bool) -> str:
    if name == "resource" and not xml and line + 1 < count and (kind := _TYPE.match(line_of(line + 1))):
        return f"resource ({kind.group(1)})"
    return name


def _joined(names: Iterator[str]) -> Iterator[str]:
    """List positions joined to the name before them: `entry` and `[4]` become `entry 4`."""
    held = ""
    for name in names:
        if name.startswith("[") and held:
            yield f"{held} {name[1:-1]}"
            held = ""
            continue
        if held:
            yield held
        held = name if not name.startswith("[") else ""
    if held:
        yield held
