"""The words that a text is found by: folded, taken apart, without what nobody types.

The same rules hold for what is searched for (`wanted`) and for where a hit is marked; must not know SQL or messages.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 64
"""Characters of a word at most: a longer run is a picture, a token or a header in base64, and its pieces are."""

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)t\d\d:\d\d[0-9:.+\-z]*")
_RUN = re.compile(r"\w[^\s<>\"]*")
_PIECE = re.compile(r"\w+")
_WHOLE = re.compile(r"\w+(?:[-.]\w+)+")
"""A code or a double name: found whole and by its pieces."""
_MARK = re.compile(r"[\u0300-\u036f]")


def fold(text: str) -> str:
    """Without case and accents, one character for one wherever that is possible."""
    if text.isascii():
        return text.lower()
    return _MARK.sub("", unicodedata.normalize("NFKD", text)).casefold()


def words_in(text: str) -> Iterator[str]:
    """The words of a text, some repeated: ids whole, times as dates, codes and double names whole and in pieces."""
    for run in dict.fromkeys(_RUN.findall(fold(text))):
        yield from _words_of(run)


def _words_of(run: str) -> Iterator[str]:
    instant = _INSTANT.match(run)
    if instant is not None:
        yield instant[1]
        return
    if "-" in run:
        ids = UUID.findall(run)
        if ids:
            yield from ids
            run = UUID.sub(" ", run)
        else:
            for whole in _WHOLE.findall(run):
                if len(whole) <= LONGEST:
                    yield whole
    elif "." in run and "://" not in run:
        for whole in _WHOLE.findall(run):
            if len(whole) <= LONGEST:
                yield whole
    for piece in _PIECE.findall(run):
        if len(piece) <= LONGEST:
            yield piece
