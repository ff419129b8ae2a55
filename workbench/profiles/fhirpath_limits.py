"""What bounds the FHIRPath of packages, which anybody may write: its length, its time, and the patterns it may search.

Knows no library and no message; an expression beyond a bound is said to be not checked, which is no fault of a message.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_CHARACTERS = 5_000
"""Of an expression; the longest of the published packages has some 550."""
MOST_SECONDS = 1.0
"""Of the thread's own time for one expression on one value; the published ones take less than 0.02."""
MOST_OVERRUNS = 5
"""Expressions of one message that may pass that time, after which no more are run."""
MOST_TRIES = 10**8
"""Ways to match a pattern that are tried at worst; few patterns come near."""


class UnrunnableError(Exception):
    """An expression that cannot be run, with the reason; that says nothing about the message."""


class OverrunError(UnrunnableError):
    """An expression that took too long: it would again."""


class _Spending(threading.local):
    """Until when the expression that this thread runs may go on; None while it runs none."""

    until: float | None = None


_SPENDING = _Spending()


class Step(dict[str, Any]):
    """A step of a parsed expression, which looks at the time whenever it is taken.

    The library reads the type of a step each time it runs one, and nothing else of it so regularly.
    """

    def __getitem__(self, name: str) -> Any:
        """A part of the step; OverrunError when the time of the expression is up."""
        if name == "type" and _SPENDING.until is not None and time.thread_time() > _SPENDING.until:
            raise OverrunError(f"it took longer than {MOST_SECONDS:g} s")
        return super().__getitem__(name)


def steps(tree: Any) -> Any:
    """A parsed expression, a tree of dictionaries and lists, with all its steps bounded."""
    if isinstance(tree, dict):
        return Step({name: steps(value) for name, value in tree.items()})
    return [steps(one) for one in tree] if isinstance(tree, list) else tree


@contextmanager
def bounded(seconds: float = MOST_SECONDS, *, clock: Callable[[], float] = time.thread_time) -> Iterator[None]:
    """Run one expression within its time; what runs inside it has a time of its own, which is not counted."""
    outer, started = _SPENDING.until, clock()
    _SPENDING.until = started + seconds
    try:
        yield
    finally:
        _SPENDING.until = None if outer is None else outer + (clock() - started)


def matches(texts: list[Any], pattern: str) -> list[bool]:
    """FHIRPath `matches()`: whether a pattern is found in the one text given; nothing for no text."""
    text = _text(texts)
    return [] if text is None or not pattern else [_compiled(pattern, re.DOTALL, text).search(text) is not None]


def replace_matches(texts: list[Any], pattern: str, put: str) -> list[str]:
    """FHIRPath `replaceMatches()`: the one text given with every match replaced; nothing for no text."""
    text = _text(texts)
    if text is None:
        return []
    try:
        return [_compiled(pattern, 0, text).sub(re.sub(r"\$(\d+)", r"\\\1", put), text)]
    except re.error as error:
        raise UnrunnableError(f"what it puts in cannot be read ({error})") from error


def repeats_of(pattern: str) -> int | None:
    """How many parts of a pattern repeat; None where one that repeats holds another, or a choice, as `(a+)+`.

    A pattern of that kind can take longer than anybody waits over a text of thirty characters; any other takes at most
    as long as the length of the text to the power of this number and one more.
    """
    loose = [False]  # of every group that is open, whether there are several ways to match what is in it
    count = position = 0
    while position < len(pattern):
        char = pattern[position]
        closed = False
        if char == "(":
            loose.append(False)
            kind = _GROUP.match(pattern, position + 1)
            position = kind.end() if kind else position + 1
            continue
        if char == "\\":
            position += 2
        elif char == "[":
            position = _end_of_class(pattern, position)
        else:
            position += 1
        if char == ")" and len(loose) > 1:
            closed = loose.pop()
            loose[-1] = loose[-1] or closed
        if char == "|":
            loose[-1] = True
        if _REPEAT.match(pattern, position):
            if closed:
                return None
            count += 1
            loose[-1] = True
        elif pattern[position : position + 1] == "?":
            loose[-1] = True
    return count


_GROUP = re.compile(r"\?(?:[:=!>]|<[=!]|P?<\w+>|[a-zA-Z-]+:)")
"""What says of which kind a group is."""
_REPEAT = re.compile(r"[*+]|\{\d*,\d*\}|\{\d{3,}\}")
"""Several times, so that there is more than one way; or very often."""


def _end_of_class(pattern: str, start: int) -> int:
    """The position after a character class that begins at a position."""
    found = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL).match(pattern, start)
    return found.end() if found else len(pattern)


def _compiled(pattern: str, flags: int, text: str) -> re.Pattern[str]:
    """The pattern, where searching the text for it surely comes to an end soon; else UnrunnableError."""
    repeats = repeats_of(pattern)
    if repeats is None:
        raise UnrunnableError("its pattern repeats what repeats, which may take for ever")
    if len(text) ** (repeats + 1) > MOST_TRIES:
        raise UnrunnableError(f"a text of {len(text):,} characters is too long to be searched for its pattern")
    try:
        return re.compile(pattern, flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise UnrunnableError(f"its pattern cannot be read ({error})") from error


def _text(values: list[Any]) -> str | None:
    """The one text; UnrunnableError for anything else."""
    if not values:
        return None
    if len(values) > 1 or not isinstance(values[0], str):
        raise UnrunnableError("a pattern is searched in one text")
    return values[0]
