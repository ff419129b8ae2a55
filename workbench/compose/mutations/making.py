"""The usual ways to break a message: set, take away, add or double one element of the first resource of a type.

Each gives a change that knows what it touches; it must not know which faults there are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.compose.mutations.values import HeaderChange, HeaderPart, TreeChange
from workbench.messages import Edit, EditOp
from workbench.rules.values import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.messages import JsonValue, Message

NOWHERE = "urn:uuid:0dead000-0000-4000-8000-000000000000"
"""A reference to no entry of any message."""
_INDEX = re.compile(r"\[\d+\]")


def bad(issue: str) -> Answer:
    """400 of a receiver with an issue code (API specification, error codes)."""
    return Answer(400, "REC_BAD_REQUEST", issue)


INVARIANT = bad("invariant")
UNSUPPORTED = Answer(422, "REC_UNPROCESSABLE_ENTITY", "not-supported")
NOT_FOUND = Answer(404, "REC_NOT_FOUND", "not-found")


def first(message: Message, kind: str) -> str:
    """The path of the first resource of a type, or of the Bundle itself; empty where there is none."""
    if kind == "Bundle":
        return "Bundle"
    return next((entry.path for entry in message.entries() if entry.type == kind), "")


def url_of(message: Message, kind: str) -> str:
    """The fullUrl of the first resource of a type; empty where there is none."""
    return next((entry.full_url or "" for entry in message.entries() if entry.type == kind), "")


def entry_of(message: Message, kind: str) -> str:
    """The path of the entry that holds the first resource of a type; empty where there is none."""
    return first(message, kind).removesuffix(".resource")


def touched(kind: str, element: str) -> str:
    """`Patient.name[0].family` as `Patient.name.family`."""
    return f"{kind}.{_INDEX.sub('', element)}"


def put(kind: str, element: str, value: JsonValue) -> TreeChange:
    """Set an element that is there to another value."""
    return swap(kind, element, lambda _held, _message: value)


def swap(kind: str, element: str, new: Callable[[JsonValue, Message], JsonValue]) -> TreeChange:
    """Set an element that is there to what is made of its value; None leaves it."""

    def make(message: Message) -> tuple[Edit, ...]:
        root = first(message, kind)
        path = f"{root}.{element}"
        held = message.at(path) if root else None
        value = new(held, message) if held is not None else None
        return () if value is None or value == held else (Edit(EditOp.SET, path, value),)

    return TreeChange(touched(kind, element), make)


def give(kind: str, element: str, value: JsonValue) -> TreeChange:
    """Set an element that is not there."""

    def make(message: Message) -> tuple[Edit, ...]:
        root = first(message, kind)
        path = f"{root}.{element}"
        return (Edit(EditOp.SET, path, value),) if root and message.at(path) is None else ()

    return TreeChange(touched(kind, element), make)


def drop(kind: str, element: str) -> TreeChange:
    """Take an element away."""

    def make(message: Message) -> tuple[Edit, ...]:
        root = first(message, kind)
        path = f"{root}.{element}"
        return (Edit(EditOp.REMOVE, path),) if root and message.at(path) is not None else ()

    return TreeChange(touched(kind, element), make)


def double(kind: str, element: str) -> TreeChange:
    """Have the first item of a list twice."""

    def make(message: Message) -> tuple[Edit, ...]:
        root = first(message, kind)
        held = message.at(f"{root}.{element}") if root else None
        if not isinstance(held, list) or not held:
            return ()
        return (Edit(EditOp.INSERT, f"{root}.{element}[1]", held[0]),)

    return TreeChange(touched(kind, element), make)


def without_entry(kind: str) -> TreeChange:
    """Take the first entry with a resource of a type away."""

    def make(message: Message) -> tuple[Edit, ...]:
        path = entry_of(message, kind)
        return (Edit(EditOp.REMOVE, path),) if path else ()

    return TreeChange("Bundle.entry", make)


def more_entries(make_entry: Callable[[Message], JsonValue]) -> TreeChange:
    """Put one more entry at the end; None adds none."""

    def make(message: Message) -> tuple[Edit, ...]:
        entry = make_entry(message)
        held = message.at("Bundle.entry")
        if entry is None or not isinstance(held, list):
            return ()
        return (Edit(EditOp.INSERT, f"Bundle.entry[{len(held)}]", entry),)

    return TreeChange("Bundle.entry", make)


def left_out(name: str) -> HeaderChange:
    """Send without a header."""
    return HeaderChange((HeaderPart(name, lambda _held, _message: None),))


def sent_as(name: str, make: Callable[[str, Message], str], *, always: bool = False) -> HeaderChange:
    """Send a header with another value."""
    return HeaderChange((HeaderPart(name, make, always),))
