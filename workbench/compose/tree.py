"""Elements of a resource by the short paths of the templates: `name[0].family`, without the resource's name.

It must not know what the elements mean.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.messages.values import JsonObject, JsonValue

_STEP = re.compile(r"([A-Za-z]+)|\[(\d+)\]")


@lru_cache(maxsize=4096)
def steps(path: str) -> tuple[str | int, ...]:
    """`name[0].family` as `("name", 0, "family")`."""
    return tuple(name or int(index) for name, index in _STEP.findall(path))


def at(tree: JsonValue, path: str) -> JsonValue:
    """The element at a path, or None."""
    for step in steps(path):
        if isinstance(step, int):
            if not isinstance(tree, list) or step >= len(tree):
                return None
            tree = tree[step]
        else:
            if not isinstance(tree, dict):
                return None
            tree = tree.get(step)
    return tree


def text(tree: JsonValue, path: str) -> str:
    """The string at a path, or an empty one."""
    found = at(tree, path)
    return found if isinstance(found, str) else ""


def objects(tree: JsonValue, path: str) -> list[JsonObject]:
    """The objects of the list at a path, or none."""
    found = at(tree, path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def put(tree: JsonObject, path: str, value: JsonValue) -> None:
    """Set or add the element, making its parents; an index beyond the end of a list appends to it."""
    whole = steps(path)
    last = whole[-1]
    where: JsonValue = tree
    for step, following in pairwise(whole):
        where = _enter(where, step, [] if isinstance(following, int) else {})
    if isinstance(where, list) and isinstance(last, int):
        where[last : last + 1] = [value]
    elif isinstance(where, dict) and isinstance(last, str):
        where[last] = value
    else:
        raise TypeError(f"{path} does not fit the element it leads to")


def _enter(where: JsonValue, step: str | int, empty: JsonValue) -> JsonValue:
    if isinstance(where, list) and isinstance(step, int):
        if step >= len(where):
            where.append(empty)
            return empty
        return where[step]
    if isinstance(where, dict) and isinstance(step, str):
        return where.setdefault(step, empty)
    raise TypeError(f"step {step!r} does not fit the element it leads into")


def drop(tree: JsonObject, path: str) -> None:
    """Take an element away if it is there; `occurrencePeriod` takes the object with all it holds."""
    *parents, last = steps(path)
    where: JsonValue = tree
    for step in parents:
        if isinstance(where, list) and isinstance(step, int) and step < len(where):
            where = where[step]
        elif isinstance(where, dict) and isinstance(step, str):
            where = where.get(step)
        else:
            return
    if isinstance(where, dict) and isinstance(last, str):
        where.pop(last, None)
    elif isinstance(where, list) and isinstance(last, int):
        del where[last : last + 1]


def without(tree: JsonValue, unwanted: Callable[[JsonObject], bool]) -> JsonValue:
    """A copy without the objects that are unwanted and without what they leave empty; None when nothing is left.

    A null in a list stays: there it holds the place of a primitive value.
    """
    if isinstance(tree, dict):
        if unwanted(tree):
            return None
        members = {name: without(value, unwanted) for name, value in tree.items()}
        return {name: value for name, value in members.items() if value is not None} or None
    if isinstance(tree, list):
        pairs = [(item, without(item, unwanted)) for item in tree]
        return [kept for item, kept in pairs if kept is not None or item is None] or None
    return tree
