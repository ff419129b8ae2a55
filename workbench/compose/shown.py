"""What an editor shows of a text, and what a text becomes when the editor shows something else.

An editor knows one kind of line end; a text may have others. What was not touched keeps its own. It must not know
editors, only texts.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from workbench.compose.document import difference

_ENDS = re.compile("\r\n|[\r\n\u2029\ufdd0\ufdd1]")
_WIDE = re.compile("\r\n")
_OTHER = "\r\u2029\ufdd0\ufdd1"
"""Looked for one by one: in a long text that takes a hundredth of what a class of characters takes."""


def shown(text: str) -> str:
    """The text with every line end as a line feed."""
    return _ENDS.sub("\n", text) if any(end in text for end in _OTHER) else text


def written(text: str, now: str) -> str:
    """The text after an editor that showed it shows `now`: line ends outside the stretch that changed stay, new ones
    are those of the text."""
    before = shown(text)
    if before == text:
        return now
    if before == now:
        return text
    change = difference(before, now)
    # each CR LF is one character where it is shown: its offset there is its own less those before it
    wide = [match.start() - number for number, match in enumerate(_WIDE.finditer(text))]
    start = change.start + bisect_left(wide, change.start)
    end = change.start + len(change.before)
    stop = end + bisect_left(wide, end)
    after = change.after.replace("\n", "\r\n") if _mostly_wide(text, len(wide)) else change.after
    head, rest = text[:start], after + text[stop:]
    if head.endswith("\r") and rest.startswith("\n"):  # two line ends that would become one
        bare = head.rstrip("\r")
        head = bare + "\n" * (len(head) - len(bare))
    return head + rest


def _mostly_wide(text: str, wide: int) -> bool:
    return 2 * wide > sum(1 for _ in _ENDS.finditer(text))
