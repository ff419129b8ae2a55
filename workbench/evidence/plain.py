"""Words that came from outside, for a terminal and for XML: what neither may carry is replaced, never passed on."""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

_NOT_PLAIN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters (XML 1.0, Char; a terminal would obey them), lone surrogates, non-characters."""


def plain(text: str) -> str:
    """A text with U+FFFD for every character that controls a terminal or that XML 1.0 cannot hold."""
    return _NOT_PLAIN.sub("\N{REPLACEMENT CHARACTER}", text)


def attribute(text: str) -> str:
    """A text as a quoted XML attribute."""
    return quoteattr(plain(text))
