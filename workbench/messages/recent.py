"""The latest few messages that were read or written, so that one body is not parsed by each who looks at it.

A message that came in is looked at when it arrives, when it is answered, filed and told; all may share what was read
once, for nobody changes a message. A task that works on one call at a time can hold its two messages for itself, so
that a thousand calls under way at once do not push each other out. Must not know who asks.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextvars import ContextVar
from typing import TYPE_CHECKING

from workbench.messages.message import Message, parse

if TYPE_CHECKING:
    from workbench.messages.values import MessageFacts, Syntax

KEPT = 64
LARGEST = 64 * 1024
"""Bytes of a body; larger ones are read anew, so that a few cannot fill the memory."""
HELD = 4
"""Messages that one task holds: those of its call, and what is made of them."""


class _Held:
    """What one task holds."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.facts: dict[bytes, tuple[MessageFacts, Syntax]] = {}


_lock = threading.Lock()
_latest: OrderedDict[bytes, Message] = OrderedDict()
_held: ContextVar[_Held | None] = ContextVar("held", default=None)


def hold() -> None:
    """From here on this task keeps the few messages that it reads or makes, until it lets go."""
    _held.set(_Held())


def hold_facts(source: bytes) -> None:
    """From here on this task keeps only the facts of this message, which it has read, for the trees are large."""
    held = _held.get()
    if held is not None:
        for known in held.messages:
            if known.source == source:
                held.facts[source] = (known.facts, known.syntax)
        held.messages.clear()


def let_go() -> None:
    """The call is over: what was held for it is forgotten; a task that holds nothing goes on as it was."""
    _held.set(None)


def facts_recent(source: bytes, *, what: str = "The message") -> tuple[MessageFacts, Syntax]:
    """Facts and syntax of a message, as `parse_recent` reads it."""
    held = _held.get()
    if held is not None and source in held.facts:
        return held.facts[source]
    message = parse_recent(source, what=what)
    return message.facts, message.syntax


def parse_recent(source: bytes, *, what: str = "The message") -> Message:
    """As `parse`, which is not done again for one of the latest bodies. May be called from any thread."""
    held = _held.get()
    if held is not None:
        for message in held.messages:
            if message.source == source:
                return message
    else:
        with _lock:
            known = _latest.get(source)
        if known is not None:
            return known
    message = parse(source, what=what)
    remember(message)
    return message


def remember(message: Message) -> None:
    """Know a message that was just made, under its exact bytes."""
    if len(message.source) > LARGEST:
        return
    held = _held.get()
    if held is not None:
        held.messages.append(message)
        del held.messages[:-HELD]
        return
    with _lock:
        _latest[message.source] = message
        _latest.move_to_end(message.source)
        while len(_latest) > KEPT:
            _latest.popitem(last=False)
