"""Paths into a JSON-shaped resource: FHIRPath with zero-based indexes from the root (`Bundle.entry[1].id`).

Knows how to walk a tree, must not know which elements FHIR has.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import ErrorCode, InputError

if TYPE_CHECKING:
    from workbench.messages.values import JsonObject, JsonValue

Step = str | int
Steps = tuple[Step, ...]

_TOKEN = re.compile(r"(?P<name>[A-Za-z_][\w-]*(?:\[x\])?)|\[(?P<index>\d{1,7})\]")
_LAST_STEP = re.compile(r"(?<=.)(?:\[\d+\]|\.[^.\[\]]+(?:\[x\])?)$")
_KEPT = 8192
"""Paths whose steps or parent are remembered: a finding asks for the same path many times over."""


class Found(NamedTuple):
    """A value of the tree and the exact steps that lead to it (after the root name)."""

    value: JsonValue
    steps: Steps


@lru_cache(maxsize=_KEPT)
def parse_path(path: str) -> Steps:
    """The steps of a path, the root name included; InputError (input.path) for anything but names and indexes."""
    steps: list[Step] = []
    position = 0
    while position < len(path):
        if path[position] == "." and steps:
            position += 1
            match = _TOKEN.match(path, position)
            match = match if match and match["name"] else None
        else:
            match = _TOKEN.match(path, position)
            match = match if match and (match["index"] if steps else match["name"]) else None
        if match is None:
            raise InputError(ErrorCode.INPUT_PATH, what=path or "An empty path", cause="it is not a path of an element")
        steps.append(match["name"] or int(match["index"]))
        position = match.end()
    if not steps:
        raise InputError(ErrorCode.INPUT_PATH, what="An empty path", cause="it names no element")
    return tuple(steps)


def text_of(root: str, steps: Steps) -> str:
    """The path of steps below a root: `Bundle` and `("entry", 1)` give `Bundle.entry[1]`."""
    return root + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)


def join(path: str, *steps: Step) -> str:
    """A path with steps added: `join("Bundle", "entry", 1, "resource")`."""
    return text_of(path, steps)


@lru_cache(maxsize=_KEPT)
def parent(path: str) -> str:
    """The path without its last step; the root is its own parent."""
    return _LAST_STEP.sub("", path)


def root_name(resource: JsonObject) -> str:
    """What a path of this resource starts with: its type, or `Resource` where it has none."""
    kind = resource.get("resourceType")
    return kind if isinstance(kind, str) and kind else "Resource"


def below_root(resource: JsonObject, path: str) -> Steps | None:
    """The steps after the root name; None when the path starts at another resource."""
    steps = parse_path(path)
    first = steps[0]
    if first in (root_name(resource), "Resource", "$this"):
        return steps[1:]
    return None if isinstance(first, str) and first[:1].isupper() else steps


def find(resource: JsonObject, path: str) -> Found | None:
    """The value at a path, or None.

    A list may be passed without an index (its first item is taken) and `[0]` may follow a single value;
    `birthDate.extension` finds the extensions that JSON keeps in `_birthDate`; `value[x]` finds any choice.
    InputError (input.path) when the text is not a path.
    """
    steps = below_root(resource, path)
    return None if steps is None else follow(resource, steps)


def follow(resource: JsonObject, steps: Steps) -> Found | None:
    """The value that steps below the root lead to, or None; lists, primitives and choices as in `find`."""
    value: JsonValue = resource
    taken: list[Step] = []
    for number, step in enumerate(steps):
        if isinstance(step, int):
            if not isinstance(value, list):
                if step:
                    return None
                continue
            if step >= len(value):
                return _shadow(resource, taken, steps[number:])
            value = value[step]
            taken.append(step)
            continue
        if isinstance(value, list):
            if not value:
                return None
            value = value[0]
            taken.append(0)
        if not isinstance(value, dict):
            return _shadow(resource, taken, steps[number:])
        name = _choice(value, step[:-3]) if step.endswith("[x]") else step
        if name not in value:
            if name and f"_{name}" in value and number + 1 < len(steps):
                taken.append(name)
                return _shadow(resource, taken, steps[number + 1 :])
            return None
        value = value[name]
        taken.append(name)
    return Found(value, tuple(taken))


def get(resource: JsonObject, path: str) -> JsonValue:
    """The value at a path, or None when there is none or the text is not a path of this resource."""
    try:
        found = find(resource, path)
    except InputError:
        return None
    return found.value if found else None


def _choice(value: JsonObject, stem: str) -> str:
    return next((name for name in value if name.startswith(stem) and name[len(stem) : len(stem) + 1].isupper()), "")


def _shadow(resource: JsonObject, taken: list[Step], rest: Steps) -> Found | None:
    """Go on in the `_name` beside a primitive: its id and extensions."""
    indexes: list[Step] = []
    while taken and isinstance(taken[-1], int):
        indexes.insert(0, taken.pop())
    if not taken or str(taken[-1]).startswith("_"):
        return None
    shadow: Steps = (*taken[:-1], f"_{taken[-1]}", *indexes, *rest)
    value: JsonValue = resource
    for step in shadow:
        if isinstance(step, int):
            if not isinstance(value, list):
                if step:
                    return None
                continue
            if step >= len(value):
                return None
            value = value[step]
        else:
            if not isinstance(value, dict) or step not in value:
                return None
            value = value[step]
    return Found(value, shadow)
