"""A text laid out anew: one element a line, two spaces deeper for what is inside. Nothing but blanks changes.

Works on pieces of text and not on a message, so that what cannot be read as FHIR is laid out too, with double keys,
odd numbers and comments as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, InputError
from workbench.messages.encoding import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_INDENT = "  "
_JSON = re.compile(r'\s+|(?P<open>[{\[])|(?P<close>[}\]])|(?P<mark>[,:])|(?P<value>"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+)')
_XML = re.compile(
    r"(?P<aside><!--.*?-->|<\?.*?\?>|<![^>]*>)|(?P<tag></?[^\s/>]+(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>)|(?P<text>[^<]+)",
    re.DOTALL,
)
_DIV = re.compile(r"<(?P<slash>/?)div\b[^>]*?(?P<alone>/?)>")


def laid_out(text: str) -> str:
    """The text with every element on a line of its own, ending with a line break.

    InputError (input.not-json, input.not-xml) with the place of a text, tag or comment that does not end.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    bare = text.removeprefix(mark)
    xml = bare.lstrip()[:1] == "<"
    return mark + "\n".join(_xml_lines(bare) if xml else _json_lines(bare)).rstrip() + "\n"


def _json_lines(text: str) -> Iterator[str]:
    depth, line, at, before = 0, "", 0, ""
    while at < len(text):
        found = _JSON.match(text, at)
        if found is None:
            raise _odd(ErrorCode.INPUT_NOT_JSON, text, at)
        at, kind = found.end(), found.lastgroup or ""
        piece = found.group()
        if not kind:
            continue
        if kind == "close":
            depth = max(0, depth - 1)
        breaks = before == "," or (before == "open") != (kind == "close")
        if breaks and before:
            yield line
            line = _INDENT * depth
        elif before == ":" or (before == "value" and kind in ("value", "open")):
            line += " "
        line += piece
        if kind == "open":
            depth += 1
        before = piece if kind == "mark" else kind
    yield line


def _xml_lines(text: str) -> Iterator[str]:
    depth, at = 0, 0
    while at < len(text):
        found = _XML.match(text, at)
        if found is None:
            raise _odd(ErrorCode.INPUT_NOT_XML, text, at)
        piece = found.group()
        at = found.end()
        if found.lastgroup == "tag" and _DIV.match(piece):
            at = _narrative_end(text, found.start())
            piece = text[found.start() : at]
        elif found.lastgroup == "tag" and piece.startswith("</"):
            depth = max(0, depth - 1)
        if piece.strip():
            yield _INDENT * depth + piece.strip()
        if found.lastgroup == "tag" and not piece.startswith("</") and not piece.endswith("/>") and at == found.end():
            depth += 1


def _narrative_end(text: str, start: int) -> int:
    """The place after the narrative that begins at a place: its blanks belong to what people read."""
    depth = 0
    for found in _DIV.finditer(text, start):
        depth += 0 if found["alone"] else -1 if found["slash"] else 1
        if depth == 0:
            return found.end()
    raise _odd(ErrorCode.INPUT_NOT_XML, text, start)


def _odd(code: ErrorCode, text: str, at: int) -> InputError:
    place = place_of(text, at)
    return InputError(code, place=place, what="The text", cause=f"a piece of it does not end, from line {place.line}")
