"""Which resource of one message is which resource of another: by id, by business identifier, by role, by content.

Knows how resources resemble each other; must not know what a difference between them means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workbench.messages import tree
from workbench.messages.identity import strip_urn
from workbench.messages.references import by_type

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from workbench.messages.message import Message
    from workbench.messages.references import Entry
    from workbench.messages.values import JsonObject

SAME_ID = 1000.0
SAME_IDENTIFIER = 200.0
SAME_NAME = 60.0
ROLES = 40.0
CONTENT = 40.0
ALIKE = 15.0
"""Two resources of a type that score less are not the same thing."""

_INDEX = re.compile(r"\[\d+\]")
_NAMING = ("code", "name", "title", "medicationCodeableConcept", "type", "serviceType")
_PASSING = frozenset({"id", "lastUpdated", "versionId", "div", "reference", "fullUrl"})
"""Elements that say nothing about which thing a resource is of."""


class Pair(NamedTuple):
    """One resource on both sides; one of the two is None where the other message has no counterpart."""

    left: Entry | None
    right: Entry | None


class _Traits(NamedTuple):
    """What a resource is recognised by."""

    ids: frozenset[str]
    identifiers: frozenset[str]
    names: frozenset[str]
    roles: frozenset[str]
    content: frozenset[tuple[str, str]]


def pair(left: Message, right: Message) -> tuple[Pair, ...]:
    """The resources of two Bundles in the right one's order, each of the left one's that has no counterpart after its
    predecessor; a single resource counts as none. Deterministic, and the same pairs whichever message is the left."""
    groups = by_type(left.entries())
    others = by_type(right.entries())
    roles = _roles(left), _roles(right)
    partner: dict[int, Entry] = {}
    for kind, ours in groups.items():
        theirs = others.get(kind, ())
        for one, other in _matched(ours, theirs, roles):
            partner[one.index] = other
    taken = {other.index: index for index, other in partner.items()}
    by_index = {entry.index: entry for entry in left.entries()}
    found = [Pair(by_index[taken[e.index]] if e.index in taken else None, e) for e in right.entries()]
    for entry in left.entries():
        if entry.index not in partner:
            before = [place for place, p in enumerate(found) if p.left is not None and p.left.index < entry.index]
            found.insert(max(before, default=-1) + 1, Pair(entry, None))
    return tuple(found)


def _matched(
    ours: Sequence[Entry], theirs: Sequence[Entry], roles: tuple[dict[int, set[str]], dict[int, set[str]]]
) -> list[tuple[Entry, Entry]]:
    """The best pairs first; every resource is used once."""
    left = [_traits(entry, roles[0].get(entry.index, set())) for entry in ours]
    right = [_traits(entry, roles[1].get(entry.index, set())) for entry in theirs]
    scored = sorted(
        (-score, abs(i - j), min(i, j), max(i, j), i, j)
        for i, one in enumerate(left)
        for j, other in enumerate(right)
        if (score := _score(one, other)) >= ALIKE
    )
    pairs: list[tuple[Entry, Entry]] = []
    used: tuple[set[int], set[int]] = set(), set()
    for *_, i, j in scored:
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((ours[i], theirs[j]))
    return pairs


def _score(one: _Traits, other: _Traits) -> float:
    score = SAME_ID if one.ids & other.ids else 0.0
    score += SAME_IDENTIFIER if one.identifiers & other.identifiers else 0.0
    if one.names and other.names:
        score += SAME_NAME if one.names & other.names else -SAME_NAME
    return score + ROLES * _share(one.roles, other.roles) + CONTENT * _share(one.content, other.content)


def _share(one: Set[object], other: Set[object]) -> float:
    together = len(one | other)
    return len(one & other) / together if together else 0.0


def _traits(entry: Entry, roles: set[str]) -> _Traits:
    ids = {strip_urn(text).lower() for text in (entry.id, entry.full_url) if text}
    identifiers = {
        f"{tree.text(one.get('system')) or ''}|{value}"
        for one in tree.objects(entry.resource.get("identifier"))
        if (value := tree.text(one.get("value")))
    }
    return _Traits(
        frozenset(ids),
        frozenset(identifiers),
        frozenset(_names(entry.resource)),
        frozenset(roles),
        frozenset(_content(entry.resource)),
    )


def _names(resource: JsonObject) -> set[str]:
    """Codes and titles that a resource gives itself; people change their names, so theirs do not count."""
    found: set[str] = set()
    for name in _NAMING:
        value = resource.get(name)
        found |= {code for one in tree.codings(value) if (code := tree.text(one.get("code")))}
        if words := tree.text(value):
            found.add(words)
    return found


def _content(resource: JsonObject) -> set[tuple[str, str]]:
    return {
        (_INDEX.sub("", path), str(value))
        for path, value in tree.walk(resource, "")
        if not isinstance(value, dict | list) and path.rpartition(".")[2] not in _PASSING
    }


def _roles(message: Message) -> dict[int, set[str]]:
    """By which elements every entry is pointed to."""
    entries = {entry.index: entry for entry in message.entries()}
    found: dict[int, set[str]] = {}
    for reference in message.references():
        source = None if reference.source_entry is None else entries.get(reference.source_entry)
        target = reference.target_entry
        if source is None or target is None or target == source.index:
            continue
        element = _INDEX.sub("", reference.path.removeprefix(source.path)).removesuffix(".reference")
        found.setdefault(target, set()).add(f"{source.type}{element}")
    return found
