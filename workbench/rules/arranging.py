"""Puts findings in order and takes out those that say again what a nearer one says: one cause at one place is one.

Knows layers and paths; must not know single rules.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.messages import Layer, paths, tree
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.messages import Finding, JsonObject, JsonValue, Words

_SECTIONS = {Layer.HEADERS: 1, Layer.PARAMETERS: 2, Layer.RESPONSE: 3}
"""Layers that are not about the message: their paths lead elsewhere."""
_GENERAL = frozenset({Layer.BASE, Layer.PROFILE})
"""Layers that hold for any FHIR message: a rule of the standard about the same value says it better."""
_LAYERS = tuple(Layer)
_LAST_INDEX = re.compile(r"\[\d+\]$")


def arranged(found: Iterable[Finding], root: JsonObject | None, words: Words) -> tuple[Finding, ...]:
    """Without repeats, in the order of the message; headers and answers come after it.

    Dropped are: the same said twice; what is wrong inside an element that is wholly unknown; what the reader says of
    an unknown name that the base rules name too, and what they say of a plain value the reader told of; and what the
    base or a profile says of an absent element or a plain value of which a rule of the standard says it too, at least
    as badly (or of what lies inside an absent element). At one place the worst comes first, then the nearest cause.
    """
    unique = {(one.rule, one.path, one.text): one for one in reversed(tuple(found))}
    if root is None:
        kept = list(unique.values())
        distances: dict[str, int] = {}
    else:
        distances = {path: _missing_steps(root, path) for path in {one.path for one in unique.values()}}
        kept = _nearest(list(unique.values()), root, distances)

    def order(one: Finding) -> tuple[int, int, int, int, int, str, str]:
        offset = one.place.offset if one.place else -1
        return (
            _SECTIONS.get(one.layer, 0),
            offset,
            one.severity.rank,
            distances.get(one.path, 0),
            _LAYERS.index(one.layer),
            one.rule,
            one.path,
        )

    worded = [one if one.resource else replace(one, resource=words.describe(one.path)) for one in kept]
    return tuple(sorted(worded, key=order))


def _nearest(found: list[Finding], root: JsonObject, distances: dict[str, int]) -> list[Finding]:
    """The findings without those that follow from another one."""
    unknown = {one.path for one in found if one.layer in (Layer.BASE, Layer.SYNTAX) and _is_unknown(root, one.path)}
    base = {one.path for one in found if one.layer is Layer.BASE}
    unreadable = {one.path for one in found if one.layer is Layer.SYNTAX and one.path not in unknown}
    said: dict[str, int] = {}
    said_inside: dict[str, int] = {}
    absent: set[str] = set()
    for one in found:
        if one.layer in _SECTIONS:
            continue
        if distances[one.path]:
            absent.add(_bare(one.path))
        if one.layer not in _GENERAL and one.layer not in (Layer.SYNTAX, Layer.HARNESS):
            place = _bare(one.path)
            said[place] = min(said.get(place, one.severity.rank), one.severity.rank)
            for owner in _above(one.path) if distances[one.path] else ():
                said_inside[owner] = min(said_inside.get(owner, one.severity.rank), one.severity.rank)
    kept = []
    for one in found:
        above = list(_above(one.path))
        if not unknown.isdisjoint(above):
            continue
        if one.layer is Layer.SYNTAX and one.path in unknown and one.path in base:
            continue
        if one.layer in _GENERAL:
            held = paths.get(root, one.path)
            if one.path in unreadable and (not isinstance(held, dict | list) or not held):
                continue
            if not absent.isdisjoint(map(_bare, above)):
                continue
            told = said.get(_bare(one.path))
            if distances[one.path] and one.path in said_inside:
                told = said_inside[one.path] if told is None else min(said_inside[one.path], told)
            plain = distances[one.path] or not isinstance(held, dict | list)
            if plain and told is not None and told <= one.severity.rank:
                continue
        kept.append(one)
    return kept


def _bare(path: str) -> str:
    """The path without a last index: the first of a list that is absent is the list."""
    return _LAST_INDEX.sub("", path) if path.endswith("]") else path


def _above(path: str) -> Iterable[str]:
    """Every ancestor of an element."""
    while (above := paths.parent(path)) != path:
        yield above
        path = above


def _missing_steps(root: JsonObject, path: str) -> int:
    """How many steps of a path lead beyond what is there: 0 for an element that exists."""
    try:
        steps = paths.below_root(root, path)
    except InputError:
        return 0
    value: JsonValue = root
    for place, step in enumerate(steps or ()):
        if isinstance(step, int):
            items = value if isinstance(value, list) else [value]
            if step >= len(items):
                return len(steps or ()) - place
            value = items[step]
        else:
            holder = tree.as_object(value[0] if isinstance(value, list) and value else value)
            if step not in holder and f"_{step}" not in holder:
                return len(steps or ()) - place
            value = holder.get(step)
    return 0


def _is_unknown(root: JsonObject, path: str) -> bool:
    """Whether R4 has no element of the name that a path ends with."""
    try:
        steps = paths.below_root(root, path)
    except InputError:
        return False
    kind: str | None = paths.root_name(root)
    value: JsonValue = root
    last = ""
    owner: str | None = None
    for step in steps or ():
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None if step else value
            continue
        holder = tree.as_object(value[0] if isinstance(value, list) and value else value)
        kind = tree.text(holder.get("resourceType")) or kind
        owner, last = kind, step.removeprefix("_")
        kind, value = (r4().child_path(kind, last) if kind else None), holder.get(step)
    return bool(owner and last and r4().is_described(owner) and r4().element(owner, last) is None)
