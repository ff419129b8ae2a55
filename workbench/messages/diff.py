"""What differs between two messages, in the reader's words: resources by what they are, not by where they stand.

Pure comparison of trees; must not know which of the two is right. Ids, times of last change, order and other ways of
writing the same are told apart as noise.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from workbench.messages import paths, tree
from workbench.messages.identity import strip_urn
from workbench.messages.pairing import pair
from workbench.messages.references import Targets
from workbench.messages.value_words import READ_WHOLE, value_text
from workbench.messages.values import Number
from workbench.messages.words import Words
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from workbench.messages.message import Message
    from workbench.messages.pairing import Pair
    from workbench.messages.references import Entry
    from workbench.messages.values import JsonValue

_OWNER = re.compile(r"^([a-z0-9 ]+)'s ")


class ChangeKind(StrEnum):
    """What became of an element on the way from the left message to the right one."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Noise(StrEnum):
    """Why a difference says nothing; the value is its words in the plural."""

    ID = "entry ids"
    TIME = "last-updated times"
    ORDER = "changes of order"
    NOTATION = "other notations"
    NARRATIVE = "narratives"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    kind: ChangeKind
    subject: str
    """The element in words: `Service request, status`."""
    left_path: str
    """Where it stands in the left message; empty for what was added."""
    right_path: str
    """Where it stands in the right message; empty for what was removed."""
    left: str
    """The value on one line, empty where there is none."""
    right: str
    noise: Noise | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every difference, in the right message's order."""

    changes: tuple[Change, ...]

    @property
    def telling(self) -> tuple[Change, ...]:
        """The differences that are no noise."""
        return tuple(change for change in self.changes if change.noise is None)

    @property
    def hidden(self) -> tuple[tuple[Noise, int], ...]:
        """How much noise of which kind there is, most first."""
        counts = Counter(change.noise for change in self.changes if change.noise is not None)
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


class _At(NamedTuple):
    """An element on one side: where, what R4 says it is, its value."""

    path: str
    type_path: str
    datatype: str
    value: JsonValue

    def child(self, name: str) -> _At:
        spec = r4().element(self.type_path, name) if self.type_path else None
        below = (r4().child_path(self.type_path, name) or "") if self.type_path else ""
        value = tree.as_object(self.value).get(name)
        return _At(f"{self.path}.{name}", below, spec.types[0] if spec else "", value)

    def item(self, index: int) -> _At:
        value = self.value[index] if isinstance(self.value, list) else self.value
        return self._replace(path=f"{self.path}[{index}]", value=value)


def compare(left: Message, right: Message) -> Comparison:
    """What to change in `left` to get `right`; syntax and layout do not matter."""
    return Comparison(tuple(_Comparing(left, right).changes()))


class _Comparing:
    """One comparison: the two messages, and which resource is which."""

    def __init__(self, left: Message, right: Message) -> None:
        self._left, self._right = left, right
        self._pairs = pair(left, right)
        self._words = Words(left.resource), Words(right.resource)
        self._targets = Targets(left.entries()), Targets(right.entries())
        self._partner = {p.left.index: p.right.index for p in self._pairs if p.left and p.right}

    def changes(self) -> Iterator[Change]:
        """The differences, those of the message itself before those of its resources."""
        left, right = self._left, self._right
        one, other = _root(left), _root(right)
        if left.resource_type != right.resource_type:
            yield self._change(ChangeKind.CHANGED, one, other)
            return
        bundles = left.resource_type == "Bundle"
        yield from self._members(one, other, without={"entry"} if bundles else set())
        if not bundles:
            return
        for found in self._pairs:
            yield from self._entry(found)
        places = [p.left.index for p in self._pairs if p.left and p.right]
        if places != sorted(places):
            yield self._change(ChangeKind.CHANGED, one.child("entry"), other.child("entry"), Noise.ORDER)

    def _entry(self, found: Pair) -> Iterator[Change]:
        one, other = found
        if one is None or other is None:
            yield self._alone(one, other)
            return
        left, right = _resource(one), _resource(other)
        if (one.full_url or "") != (other.full_url or ""):
            noise = Noise.ID if one.full_url and other.full_url else None
            urls = (_url(one), _url(other))
            kind = _kind(one.full_url, other.full_url)
            yield self._change(kind, *urls, noise)
        yield from self._members(left, right)

    def _alone(self, one: Entry | None, other: Entry | None) -> Change:
        """A resource that only one side has."""
        kind = ChangeKind.ADDED if one is None else ChangeKind.REMOVED
        return self._change(kind, _resource(one) if one else None, _resource(other) if other else None)

    def _members(self, one: _At, other: _At, without: set[str] | None = None) -> Iterator[Change]:
        left, right = tree.as_object(one.value), tree.as_object(other.value)
        names = list(right) + [name for name in left if name not in right]
        for name in names:
            if name != "resourceType" and name not in (without or ()):
                yield from self._element(name, one.child(name), other.child(name))

    def _element(self, name: str, one: _At, other: _At) -> Iterator[Change]:
        if one.value is None or other.value is None:
            if one.value is not other.value:
                yield self._change(_kind(one.value, other.value), one, other, _passing(one, other, name))
            return
        if isinstance(one.value, list) or isinstance(other.value, list):
            yield from self._items(name, _listed(one), _listed(other))
        else:
            yield from self._value(name, one, other)

    def _value(self, name: str, one: _At, other: _At) -> Iterator[Change]:
        if self._frozen(one.value, 0) == self._frozen(other.value, 1):
            return
        if isinstance(one.value, dict) and isinstance(other.value, dict):
            whole = value_text(one.value, one.datatype), value_text(other.value, other.datatype)
            if one.datatype in READ_WHOLE and all(whole) and whole[0] != whole[1] and not _points(one, other):
                yield self._change(ChangeKind.CHANGED, one, other)
            else:
                yield from self._members(one, other)
            return
        yield self._change(ChangeKind.CHANGED, one, other, _passing(one, other, name))

    def _items(self, name: str, one: _At, other: _At) -> Iterator[Change]:
        """Two lists: the same items first, then items of the same key, then by place."""
        left = one.value if isinstance(one.value, list) else []
        right = other.value if isinstance(other.value, list) else []
        partner = self._item_pairs(left, right)
        taken = {j: i for i, j in partner.items()}
        for j in range(len(right)):
            if j in taken:
                yield from self._value(name, one.item(taken[j]), other.item(j))
            else:
                yield self._change(ChangeKind.ADDED, None, other.item(j))
        for i in range(len(left)):
            if i not in partner:
                yield self._change(ChangeKind.REMOVED, one.item(i), None)
        order = [partner[i] for i in sorted(partner)]
        if order != sorted(order):
            yield self._change(ChangeKind.CHANGED, one, other, Noise.ORDER)

    def _item_pairs(self, left: Sequence[JsonValue], right: Sequence[JsonValue]) -> dict[int, int]:
        partner: dict[int, int] = {}
        for key in (self._frozen, self._key):
            waiting: dict[Hashable, list[int]] = defaultdict(list)
            taken = set(partner.values())
            for j, item in enumerate(right):
                if j not in taken and (found := key(item, 1)) is not None:
                    waiting[found].append(j)
            for i, item in enumerate(left):
                if i not in partner and (found := key(item, 0)) is not None and waiting[found]:
                    partner[i] = waiting[found].pop(0)
        taken = set(partner.values())
        rest = [j for j in range(len(right)) if j not in taken]
        free = [i for i in range(len(left)) if i not in partner]
        plain = [i for i in free if self._key(left[i], 0) is None]
        others = [j for j in rest if self._key(right[j], 1) is None]
        partner.update(zip(plain, others, strict=False))
        if len(free) == len(rest) == 1:
            partner[free[0]] = rest[0]
        return partner

    def _frozen(self, value: JsonValue, side: int) -> Hashable:
        """The value for comparing: references by the resource they point to; members without their order."""
        if isinstance(value, dict):
            return frozenset(
                (name, self._pointed(item, side) if name == "reference" else self._frozen(item, side))
                for name, item in value.items()
            )
        if isinstance(value, list):
            return tuple(self._frozen(item, side) for item in value)
        return (value.text, "number") if isinstance(value, Number) else value

    def _pointed(self, value: JsonValue, side: int) -> Hashable:
        if not isinstance(value, str):
            return self._frozen(value, side)
        target = self._targets[side].entry(value)
        if target is None:
            return strip_urn(value).lower()
        place = self._partner.get(target) if side == 0 else target
        return ("entry", side if place is None else 1, target if place is None else place)

    def _key(self, value: JsonValue, side: int) -> Hashable:
        """What an item of a list is known by among its neighbours; None where it has no such thing."""
        item = tree.as_object(value)
        for name in ("url", "linkId"):
            if found := tree.text(item.get(name)):
                return name, found
        if "reference" in item:
            return "reference", self._pointed(item["reference"], side)
        system = tree.text(item.get("system")) or tree.inner_text(item.get("coding"), "system")
        use = tree.text(item.get("use"))
        return ("system", system, use) if system or use else None

    def _change(self, kind: ChangeKind, one: _At | None, other: _At | None, noise: Noise | None = None) -> Change:
        left = one if one is not None and one.value is not None else None
        right = other if other is not None and other.value is not None else None
        words = self._words[1].describe(right.path) if right else self._words[0].describe(left.path if left else "")
        told = noise is not Noise.ORDER
        return Change(
            kind,
            _subject(words),
            left.path if left else "",
            right.path if right else "",
            self._shown(left, 0) if told else "",
            self._shown(right, 1) if told else "",
            noise,
        )

    def _shown(self, at: _At | None, side: int) -> str:
        """The value on one line; a reference as what it points to."""
        if at is None:
            return ""
        if at.path.endswith(".reference") and isinstance(at.value, str):
            return self._target(at.value, side) or value_text(at.value)
        pointed = [self._target(tree.text(item.get("reference")), side) for item in tree.objects(at.value)]
        if pointed and all(pointed):
            return "; ".join(pointed)
        return value_text(at.value, at.datatype)

    def _target(self, reference: str | None, side: int) -> str:
        """What the entry that is pointed to is called, people with their names; empty when none is."""
        index = self._targets[side].entry(reference) if reference else None
        if index is None:
            return ""
        entry = next(e for e in (self._left, self._right)[side].entries() if e.index == index)
        names = tree.objects(entry.resource.get("name"))
        named = value_text(names[0], "HumanName") if names else ""
        words = self._words[side].describe(entry.path)
        return f"{words}, {named}" if named else words


def _root(message: Message) -> _At:
    kind = message.resource_type
    return _At(paths.root_name(message.resource), kind, kind, message.resource)


def _resource(entry: Entry) -> _At:
    return _At(entry.path, entry.type, entry.type, entry.resource)


def _url(entry: Entry) -> _At:
    return _At(f"{entry.path.removesuffix('.resource')}.fullUrl", "", "uri", entry.full_url)


def _listed(at: _At) -> _At:
    """A single value in place of a list counts as a list of one."""
    return at if isinstance(at.value, list) else at._replace(value=[at.value])


def _kind(one: object, other: object) -> ChangeKind:
    if one is None:
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if other is None else ChangeKind.CHANGED


def _points(one: _At, other: _At) -> bool:
    """Whether both point to a resource: then the display and the reference are told apart."""
    return all("reference" in tree.as_object(at.value) and "display" in tree.as_object(at.value) for at in (one, other))


def _passing(one: _At, other: _At, name: str) -> Noise | None:
    """The kind of noise that a difference of this element is."""
    path = other.path if other.value is not None else one.path
    if name == "lastUpdated" or path == "Bundle.timestamp":
        return Noise.TIME
    if name == "id" and path.count(".") in (1, 3):
        return Noise.ID
    if name == "div":
        return Noise.NARRATIVE
    if isinstance(one.value, str) and isinstance(other.value, str):
        same = _instant(one.value), _instant(other.value)
        blanks = one.value.split() == other.value.split()
        if blanks or (same[0] is not None and same[0] == same[1]):
            return Noise.NOTATION
    if isinstance(one.value, Number) and isinstance(other.value, Number):
        return Noise.NOTATION if one.value.decimal == other.value.decimal else None
    return None


def _instant(text: str) -> datetime | None:
    """The moment of a time with an offset, to the microsecond; None for any other text."""
    if "T" not in text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _subject(words: str) -> str:
    """`the patient's date of birth` as `Patient, date of birth`."""
    bare = _OWNER.sub(r"\1, ", words.removeprefix("the "))
    return bare[:1].upper() + bare[1:]
