"""Where the element of a field stands in a message, or would stand once it is filled in.

Knows the shapes of FHIR datatypes; must not know what a person wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbench.compose.form_table import FieldKind
from workbench.messages import owner_of, paths, tree
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from workbench.compose.form_table import FieldSpec
    from workbench.messages import JsonObject, JsonValue, Message
    from workbench.standard.r4 import ElementSpec


_TECHNICAL = frozenset({"resourceType", "id", "meta", "entry"})
"""What the form leaves out without saying so."""


class Located(NamedTuple):
    """A place and what stands there."""

    path: str
    """Of the element that an edit sets."""
    value: JsonValue
    """None where it is absent."""
    owner: str
    """Of the element that the table names: what is told of it is told of the field."""


def locate(message: Message, base: str, spec: FieldSpec) -> Located:
    """The element of a field of the resource or item at `base`."""
    owner = f"{base}.{spec.path}" if spec.path else base
    held = message.at(owner)
    if spec.kind is FieldKind.CONCEPT:
        return _coding_of_concept(message, owner, held, spec)
    if spec.kind is FieldKind.IDENTIFIER and not owner.endswith("]"):
        return _identifier(owner, held, spec)
    return Located(owner, held, owner)


def _coding_of_concept(message: Message, owner: str, held: JsonValue, spec: FieldSpec) -> Located:
    """The coding of a concept, or of the item of a list of concepts, that is of the field's systems."""
    several = isinstance(held, list) or (held is None and not owner.endswith("]") and repeats(message, owner))
    concepts = tree.objects(held)
    for number, concept in enumerate(concepts):
        for place, coding in enumerate(tree.objects(concept.get("coding"))):
            if coding.get("system") in spec.systems:
                above = f"{owner}[{number}]" if several else owner
                return Located(f"{above}.coding[{place}]", coding, owner)
    if not several:
        first = next(iter(tree.objects(concepts[0].get("coding"))), None) if concepts else None
        return Located(f"{owner}.coding[0]", first, owner)
    if spec.within and concepts:
        return Located(f"{owner}[0].coding[{len(tree.objects(concepts[0].get('coding')))}]", None, owner)
    return Located(f"{owner}[{len(concepts)}].coding[0]", None, owner)


def element_of(message: Message, path: str) -> ElementSpec | None:
    """What R4 says of the element at a path; None for what it does not know."""
    root = owner_of(path)
    kind = tree.text(tree.as_object(message.at(root)).get("resourceType")) or root
    found: ElementSpec | None = None
    at: str | None = kind
    for step in paths.parse_path(f"x{path[len(root) :]}")[1:]:
        if isinstance(step, int):
            continue
        found = r4().element(at, step) if at else None
        at = r4().child_path(at, step) if at else None
    return found


def repeats(message: Message, path: str) -> bool:
    """Whether R4 writes the element at a path as a list."""
    spec = element_of(message, path)
    return spec is not None and spec.repeats


def _identifier(owner: str, held: JsonValue, spec: FieldSpec) -> Located:
    items = tree.objects(held)
    for number, item in enumerate(items):
        if item.get("system") in spec.systems:
            return Located(f"{owner}[{number}]", item, owner)
    return Located(f"{owner}[{len(items)}]", None, owner)


def holds(value: JsonValue, path: str) -> bool:
    """Whether an element has something at a dotted path; of a list every item counts."""
    name, _, rest = path.partition(".")
    items = value if isinstance(value, list) else [value]
    inner = [item[name] for item in items if isinstance(item, dict) and name in item]
    return any(not rest or holds(one, rest) for one in inner)


def uncovered(resource: JsonObject, root: str, covered: frozenset[str]) -> int:
    """How many elements no field shows: the highest of each that is not on the form, technical ones left out."""
    above = {up for path in covered for up in _line(path)}
    return sum(
        _left(value, f"{root}.{name}", covered, above) for name, value in resource.items() if name not in _TECHNICAL
    )


def _left(value: JsonValue, path: str, covered: frozenset[str], above: set[str]) -> int:
    if path in covered:
        return 0
    if path not in above:
        return 1
    if isinstance(value, dict):
        return sum(_left(inner, f"{path}.{name}", covered, above) for name, inner in value.items())
    if isinstance(value, list):
        return sum(_left(inner, f"{path}[{number}]", covered, above) for number, inner in enumerate(value))
    return 1


def _line(path: str) -> list[str]:
    line = []
    while (up := paths.parent(path)) != path:
        line.append(up)
        path = up
    return line
