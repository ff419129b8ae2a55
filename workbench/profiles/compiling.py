"""From StructureDefinitions to compiled profiles: only what they ask beyond base R4.

Pure: asks for definitions through a function. What base R4 asks comes from the built-in table, and from the base types
of hl7.fhir.r4.core where that is at hand. Must not know packages or files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from workbench.messages.tree import as_object, inner_text, objects, text, texts
from workbench.profiles.compiled import CompiledProfile, ElementRule, ExtensionContext, Invariant, Slicing, TypeRule
from workbench.profiles.snapshots import BY_TYPE, BY_URL, EXTENSIONS, Node, count_of, lay, root_of
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from workbench.messages import JsonObject

HL7 = "http://hl7.org/fhir/StructureDefinition/"
_PLAIN_PROFILES = frozenset({f"{HL7}SimpleQuantity", f"{HL7}MoneyQuantity"})
"""Of base R4 itself: no profile adds them."""
_FHIRPATH = "http://hl7.org/fhirpath/"
_BASE_VALUE_SETS = ("http://hl7.org/fhir/ValueSet/", "http://terminology.hl7.org/ValueSet/")
_DEEPEST = 30
"""Profiles on profiles."""


class Structure(NamedTuple):
    """A StructureDefinition as it is kept (`reduced`)."""

    url: str
    value: JsonObject
    snapshot: tuple[JsonObject, ...] = ()
    """Its elements in full, where the package has them."""

    @property
    def derived(self) -> bool:
        """Whether it constrains another definition; else it is a base type."""
        return self.value.get("derived") is True

    @property
    def elements(self) -> list[JsonObject]:
        """Those of the differential."""
        return objects(self.value.get("elements"))


class Structures(Protocol):
    """Where definitions come from."""

    def structure(self, canonical: str) -> Structure | None:
        """The definition at an address, None when no package has it."""


def base_type(canonical: str) -> CompiledProfile | None:
    """A type of base R4 as a profile that asks nothing more; None when the address is not one."""
    name = canonical.partition("|")[0].removeprefix(HL7)
    if "/" in name or "." in name or not (r4().is_described(name) or r4().is_primitive(name)):
        return None
    return CompiledProfile(f"{HL7}{name}", "4.0.1", name, name, "", ElementRule(name, name), name == "DomainResource")


def compile_profile(structures: Structures, found: Structure, *, whole: bool = False) -> CompiledProfile:
    """A definition with all of its base profiles, down to what base R4 asks already.

    `whole` starts from its snapshot in place of the differentials. What is not known for want of a base profile is said
    in `incomplete`.
    """
    layers, incomplete = _layers(structures, found, whole=whole)
    value = found.value
    type_name = text(value.get("type")) or ""
    root = root_of(type_name)
    from_snapshot = False
    for elements, is_snapshot in layers:
        from_snapshot = from_snapshot or is_snapshot
        lay(root, elements)
    base = _Base(structures, type_name, from_snapshot=from_snapshot)
    rule = base.rule(root, is_slice=False) or ElementRule(type_name, type_name)
    return CompiledProfile(
        url=found.url,
        version=text(value.get("version")) or "",
        name=text(value.get("name")) or found.url.rsplit("/", 1)[-1],
        type=type_name,
        base=text(value.get("baseDefinition")) or "",
        root=rule,
        abstract=value.get("abstract") is True,
        contexts=_contexts(value) if type_name == "Extension" else (),
        modifier=type_name == "Extension" and value.get("modifier") is True,
        incomplete=incomplete,
    )


def _contexts(value: JsonObject) -> tuple[ExtensionContext, ...]:
    listed = value.get("contexts")
    rows = [texts(row) for row in listed] if isinstance(listed, list) else []
    return tuple(ExtensionContext(row[0], row[1]) for row in rows if len(row) == 2)


def _layers(
    structures: Structures, found: Structure, *, whole: bool
) -> tuple[list[tuple[list[JsonObject], bool]], str]:
    """What is laid over each other, the base-most first, each with whether it is a snapshot; and what is missing."""
    layers: list[tuple[list[JsonObject], bool]] = []
    here: Structure | None = found
    canonical = found.url
    for _ in range(_DEEPEST):
        if here is None:
            if base_type(canonical) is not None:
                return layers[::-1], ""
            return layers[::-1], f"its base {canonical} is in no package"
        if not here.derived:
            return layers[::-1], ""
        canonical = text(here.value.get("baseDefinition")) or ""
        above = structures.structure(canonical)
        lost = above is None and base_type(canonical) is None
        if here.snapshot and (whole or lost or not here.elements):
            layers.append(([*here.snapshot], True))
            return layers[::-1], ""
        layers.append((here.elements, False))
        here = above
    return layers[::-1], f"its base profiles go round in a circle at {canonical}"


class _Base:
    """What base R4 asks of the elements of one type, to be left out."""

    def __init__(self, structures: Structures, type_name: str, *, from_snapshot: bool) -> None:
        self._structures = structures
        self._type = type_name
        self._from_snapshot = from_snapshot
        self._facts: dict[str, JsonObject] = {}

    def rule(self, node: Node, *, is_slice: bool) -> ElementRule | None:
        """The rule of a node without what base R4 asks; None when nothing is left."""
        if _is_content(node):
            return None
        closed = node.slicing is not None and (node.slicing.rules != "open" or node.slicing.ordered)
        slices = tuple(
            rule
            for one in node.slices.values()
            if (rule := self.rule(one, is_slice=True)) is not None and (closed or _says_something(rule))
        )
        children = tuple(rule for one in node.children.values() if (rule := self.rule(one, is_slice=False)) is not None)
        spec = node.spec
        least, most = (spec.min, spec.max) if spec is not None and not is_slice else (0, None)
        types = node.types or ()
        most_said = node.max if node.max is not None else self._most_of_extension(node)
        rule = ElementRule(
            id=node.id,
            name=node.name,
            min=node.min if node.min > least else 0,
            max=most_said if most_said is not None and (most is None or most_said < most) else None,
            types=() if self._same_types(node, types) else types,
            fixed=node.fixed,
            pattern=node.pattern,
            binding=None if node.binding is None or self._same_binding(node) else node.binding,
            invariants=self._invariants(node),
            slicing=_slicing(node) if slices or closed else None,
            slice_name=node.slice_name,
            slices=slices,
            children=children,
        )
        return rule if is_slice or _says_something(rule) else None

    def _most_of_extension(self, node: Node) -> int | None:
        """How often an extension may stand in its place, where only its own definition says so."""
        addresses = [url for one in node.types or () for url in one.profiles]
        if node.name not in EXTENSIONS or not node.slice_name or len(addresses) != 1:
            return None
        found = self._structures.structure(addresses[0])
        most = text((found.elements or [{}])[0].get("max")) if found is not None else None
        return count_of(most)

    def _same_types(self, node: Node, types: tuple[TypeRule, ...]) -> bool:
        if any(one.code.startswith(_FHIRPATH) for one in types):
            return True
        spec = node.spec
        if spec is None:
            return not any(one.profiles or one.targets for one in types)
        wanted = {(kind, (), _base_targets(spec.targets) if kind == "Reference" else ()) for kind in spec.types}
        given = {
            (
                one.code,
                tuple(sorted(set(one.profiles) - _PLAIN_PROFILES)),
                _plain_targets(one.targets) if one.code == "Reference" else (),
            )
            for one in types
        }
        if given == wanted:
            return True
        inside = {"BackboneElement", "Element"}
        return {code for code, _, _ in given} <= inside and {code for code, _, _ in wanted} <= inside

    def _same_binding(self, node: Node) -> bool:
        if node.binding is None:
            return True
        value_set = node.binding.value_set.partition("|")[0]
        known = False
        for path in (*node.defined, *(one.code for one in node.types or ())):
            facts = self._base_facts(path.partition(".")[0])
            known = known or bool(facts)
            binding = as_object(as_object(facts.get(path)).get("binding"))
            if inner_text(binding, "valueSet") is None:
                continue
            same = (text(binding.get("valueSet")) or "").partition("|")[0] == value_set
            if same and text(binding.get("strength")) in (node.binding.strength, "required"):
                return True
        return self._from_snapshot and not known and value_set.startswith(_BASE_VALUE_SETS)

    def _invariants(self, node: Node) -> tuple[Invariant, ...]:
        return tuple(rule for rule, source in node.invariants.values() if not self._of_base(node, rule, source))

    def _of_base(self, node: Node, rule: Invariant, source: str) -> bool:
        if rule.key in ("ele-1", "ext-1") or rule.key.startswith("dom-"):
            return True
        name = source.removeprefix(HL7)
        if source.startswith(HL7) and (r4().is_described(name) or r4().is_primitive(name)):
            return True
        if not self._from_snapshot or source:
            return False
        types = [*(one.code for one in node.types or ()), self._type]
        facts = [as_object(row) for one in types for row in self._base_facts(one).values()]
        keys = [key for row in facts for key in texts(row.get("keys"))]
        return rule.key in keys or not keys

    def _base_facts(self, type_name: str) -> JsonObject:
        if type_name not in self._facts:
            found = self._structures.structure(f"{HL7}{type_name}")
            self._facts[type_name] = as_object(found.value.get("base")) if found is not None else {}
        return self._facts[type_name]


def _is_content(node: Node) -> bool:
    """Whether it is what a primitive holds: JSON has no element for that."""
    system = any(one.code.startswith(_FHIRPATH) for one in node.types or ())
    return node.spec is None and node.name == "value" and system


def _says_something(rule: ElementRule) -> bool:
    """Whether a rule asks anything at all, by itself or inside."""
    return bool(
        rule.min
        or rule.max is not None
        or rule.types
        or rule.fixed is not None
        or rule.pattern is not None
        or rule.binding
        or rule.invariants
        or rule.slicing
        or rule.slices
        or rule.children
    )


def _slicing(node: Node) -> Slicing | None:
    """How a node is divided; extensions are told by their address and choices by their type where nothing is said."""
    if node.slicing is not None and node.slicing.discriminators:
        return node.slicing
    usual = BY_URL if node.name in EXTENSIONS else BY_TYPE if node.name.endswith("[x]") else None
    if usual is None or node.slicing is None:
        return usual or node.slicing
    return Slicing(usual.discriminators, node.slicing.rules, node.slicing.ordered)


def _base_targets(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def _plain_targets(targets: tuple[str, ...]) -> tuple[str, ...]:
    names = {one.removeprefix(HL7) for one in targets}
    return () if names == {"Resource"} else tuple(sorted(names))
