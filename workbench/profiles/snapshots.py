"""Laying definitions over each other: what a profile and its base profiles say of every element, as one tree.

Differentials are applied from the base-most profile on, or a whole snapshot at once. Elements are told by their ids, or
by their order where the ids say nothing of slices; choices written by a concrete name become slices of the choice, and
datatypes are unfolded where something is said of what is inside them. Pure; must not know packages or what base R4
asks beyond which elements there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.messages.tree import as_object, objects, text, texts
from workbench.messages.values import Number
from workbench.profiles.compiled import BindingRule, Discriminator, Invariant, Slicing, TypeRule
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from workbench.messages import JsonObject, JsonValue
    from workbench.standard.r4 import ElementSpec

BY_URL = Slicing((Discriminator("value", "url"),), "open")
BY_TYPE = Slicing((Discriminator("type", "$this"),), "open")
ONLY_TYPES = Slicing((Discriminator("type", "$this"),), "closed")
"""Of a choice whose types are said by concrete names alone: it is narrowed to these."""
EXTENSIONS = ("extension", "modifierExtension")
STRONG = ("required", "extensible")
_DEEPEST = 64
_LONGEST = 2000


@dataclass(slots=True)
class Node:
    """One element, or one slice of it, while definitions are laid over each other."""

    id: str
    name: str
    slice_name: str = ""
    spec: ElementSpec | None = None
    """As base R4 defines it; None for the root and for what R4 has not."""
    insides: tuple[str, ...] = ()
    """Where the built-in table describes its children, one path for every type it may have."""
    defined: tuple[str, ...] = ()
    """Where base R4 defines the element itself: `Patient.contact`, `Identifier.use`."""
    min: int = 0
    max: int | None = None
    types: tuple[TypeRule, ...] | None = None
    fixed: JsonValue = None
    pattern: JsonValue = None
    binding: BindingRule | None = None
    invariants: dict[str, tuple[Invariant, str]] = field(default_factory=dict)
    """By key, each with the address of the definition it comes from, where that is said."""
    slicing: Slicing | None = None
    slices: dict[str, Node] = field(default_factory=dict)
    children: dict[str, Node] = field(default_factory=dict)

    def child(self, name: str) -> Node:
        """The element of that name inside; of a choice by a concrete name the slice for its type."""
        spec = None
        for inside in self._paths():
            spec = r4().element(inside, name)
            if spec is None and name.endswith("[x]"):
                spec = next((one for one in r4().elements(inside) if one.name == name), None)
            if spec is not None:
                break
        if spec is not None and spec.choice:
            whole = self.child(spec.choice)
            return whole.typed(name, spec.types[0])
        found = self.children.get(name)
        if found is None:
            places = self._paths()
            defined = tuple(f"{place}.{name}" for place in places)
            found = Node(f"{self.id}.{name}", name, spec=spec, insides=_insides(spec, places, name), defined=defined)
            self.children[name] = found
        return found

    def slice(self, name: str) -> Node:
        """The slice of that name; `a/b` is the slice `b` of the slice `a`."""
        head, _, _ = name.rpartition("/")
        owner = self.slice(head) if head and name.count("/") <= _DEEPEST else self
        found = owner.slices.get(name)
        if found is None:
            found = Node(
                f"{self.id}:{name}", self.name, name, spec=self.spec, insides=self.insides, defined=self.defined
            )
            owner.slices[name] = found
        return found

    def typed(self, name: str, type_name: str) -> Node:
        """The slice of a choice that holds the values of one type."""
        found = self.slice(name)
        if found.types is None:
            found.types = (TypeRule(type_name),)
        if self.slicing is None:
            self.slicing = ONLY_TYPES
        if self.slicing is ONLY_TYPES:  # nobody has said that other types may come, too
            self.types = tuple(rule for one in self.slices.values() for rule in one.types or ())
        return found

    def _paths(self) -> tuple[str, ...]:
        """Where its children are described, by the types it is narrowed to where it is."""
        if self.types and (self.spec is None or self.spec.name.endswith("[x]") or self.insides == ("Resource",)):
            narrowed = tuple(_described(rule.code) for rule in self.types)
            return tuple(path for path in narrowed if path) or self.insides
        return self.insides

    def apply(self, element: JsonObject) -> None:
        """Take over what an element definition says; what it does not say stays."""
        least = element.get("min")
        self.min = max(self.min, count_of(least.text if isinstance(least, Number) else None) or 0)
        if (most := count_of(text(element.get("max")))) is not None:
            self.max = most if self.max is None else min(self.max, most)
        if "type" in element:
            known = {rule.code: rule for rule in self.types or ()}
            self.types = tuple(
                _type(code, texts(one.get("profile")), texts(one.get("targetProfile")), known.get(code))
                for one in objects(element["type"])
                if (code := text(one.get("code")))
            )
        for name, value in element.items():
            if name.startswith("fixed"):
                self.fixed = value
            elif name.startswith("pattern"):
                self.pattern = value
        if "binding" in element:
            self._bind(as_object(element["binding"]))
        for rule in objects(element.get("constraint")):
            key, expression = text(rule.get("key")), text(rule.get("expression"))
            if key and expression:
                severity, human = text(rule.get("severity")) or "error", text(rule.get("human")) or ""
                self.invariants[key] = Invariant(key, severity, human, expression), text(rule.get("source")) or ""
        if "slicing" in element:
            self._divide(as_object(element["slicing"]))

    def _bind(self, binding: JsonObject) -> None:
        strength, value_set = text(binding.get("strength")) or "", text(binding.get("valueSet"))
        if strength not in STRONG:
            self.binding = None
        elif value_set is not None:
            self.binding = BindingRule(strength, value_set)
        elif self.binding is not None:
            self.binding = BindingRule(strength, self.binding.value_set)

    def _divide(self, slicing: JsonObject) -> None:
        told = tuple(
            Discriminator(kind, text(one.get("path")) or "$this")
            for one in objects(slicing.get("discriminator"))
            if (kind := text(one.get("type")))
        )
        if not told and self.slicing is not None:
            told = self.slicing.discriminators
        self.slicing = Slicing(told, text(slicing.get("rules")) or "open", slicing.get("ordered") is True)


def root_of(type_name: str) -> Node:
    """An empty tree for a base type."""
    return Node(type_name, type_name, insides=(type_name,) if r4().is_described(type_name) else ("Element",))


def lay(root: Node, elements: list[JsonObject]) -> None:
    """Lay the elements of one differential, or of one snapshot, over a tree."""
    latest: dict[str, Node] = {}
    for element in elements:
        path = text(element.get("path")) or text(element.get("id"))
        if path is None:
            continue
        node = _found(root, element, path, latest)
        if node is None:
            continue
        latest = {known: one for known, one in latest.items() if not known.startswith(f"{path}.")}
        latest[path] = node
        node.apply(element)


def _found(root: Node, element: JsonObject, path: str, latest: dict[str, Node]) -> Node | None:
    names = path.split(".")
    if len(names) == 1:
        return root
    if len(names) > _DEEPEST or len(text(element.get("id")) or "") > _LONGEST:
        return None  # nothing in FHIR lies so deep
    slice_name = text(element.get("sliceName")) or ""
    steps = (text(element.get("id")) or "").split(".")
    if len(steps) == len(names) and any(":" in step for step in steps[1:-1]):
        owner = _walk(root, steps[1:-1])
    else:  # nothing said of slices above: the slice that was spoken of last, as differentials are in order
        known = next((size for size in range(len(names) - 1, 1, -1) if ".".join(names[:size]) in latest), 1)
        owner = _walk(latest.get(".".join(names[:known]), root), names[known:-1])
    return _step(owner, names[-1], slice_name)


def _walk(node: Node, steps: list[str]) -> Node:
    for step in steps:
        name, _, slice_name = step.partition(":")
        node = _step(node, name, slice_name)
    return node


def _step(node: Node, name: str, slice_name: str) -> Node:
    found = node.child(name)
    if not slice_name or found.slice_name == slice_name:
        return found
    if found.slice_name and not name.endswith("[x]"):  # a concrete name with a name of its own: a slice of that type
        return found.slice(f"{found.slice_name}/{slice_name}")
    return found.slice(slice_name)


def _insides(spec: ElementSpec | None, places: tuple[str, ...], name: str) -> tuple[str, ...]:
    if spec is None:
        return ("Element",)
    for place in places:
        if (inside := r4().child_path(place, name)) is not None and r4().is_described(inside):
            return (inside,)
    kinds = tuple(path for kind in spec.types if (path := _described(kind)))
    return kinds or ("Element",)


def _described(type_name: str) -> str:
    """Where the children of a type are described; those of a primitive are the ones of every element."""
    if r4().is_primitive(type_name):
        return "Element"
    return type_name if r4().is_described(type_name) or type_name == "Resource" else ""


def _type(code: str, profiles: list[str], targets: list[str], known: TypeRule | None) -> TypeRule:
    """A type as it is said; profiles and targets that are not said stay as the base profile has them."""
    if known is not None:
        profiles, targets = profiles or [*known.profiles], targets or [*known.targets]
    return TypeRule(code, tuple(profiles), tuple(targets))


def count_of(said: str | None) -> int | None:
    """A cardinality as a number; None for `*` and for what is none."""
    plain = said is not None and said.isascii() and said.isdigit() and len(said) < 10
    return int(said) if said is not None and plain else None
