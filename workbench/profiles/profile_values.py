"""The values a profile rule speaks of: the items of an element with their paths and types, and comparing them.

Knows how JSON writes FHIR elements; must not know profiles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbench.messages import Number, tree
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from workbench.messages import JsonObject, JsonValue


class Item(NamedTuple):
    """One value of an element."""

    path: str
    value: JsonValue
    """None for a primitive that has extensions only."""
    shadow: JsonObject
    """Id and extensions of a primitive; empty for everything else."""
    type: str
    """`HumanName`, `code`, `Patient`, or where its children are described: `Patient.contact`. Empty when unknown."""

    @property
    def object(self) -> JsonObject:
        """What holds its children: the value itself, of a primitive its id and extensions."""
        return self.value if isinstance(self.value, dict) else self.shadow


class Located(NamedTuple):
    """A resource and where it stands."""

    path: str
    resource: JsonObject

    @property
    def type(self) -> str:
        """Its resource type."""
        return tree.text(self.resource.get("resourceType")) or ""

    @property
    def item(self) -> Item:
        """The resource as a value."""
        return Item(self.path, self.resource, {}, self.type)


def items_of(parent: Item, name: str) -> list[Item]:
    """The values of an element, `value[x]` in whatever type it is written; empty when there are none."""
    held = parent.object
    if name.endswith("[x]"):
        return [item for key in _choices(held, parent.type, name) for item in _values(parent, held, key)]
    return _values(parent, held, name)


def equal(found: JsonValue, wanted: JsonValue) -> bool:
    """Whether two values are the same; numbers by value, objects whatever the order of their names."""
    if isinstance(wanted, dict):
        return (
            isinstance(found, dict)
            and found.keys() == wanted.keys()
            and all(equal(found[name], inner) for name, inner in wanted.items())
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(equal(one, other) for one, other in zip(found, wanted, strict=True))
        )
    if isinstance(wanted, Number):
        return isinstance(found, Number) and found.decimal == wanted.decimal
    return type(found) is type(wanted) and found == wanted


def fits(found: JsonValue, pattern: JsonValue) -> bool:
    """Whether a value has all that a pattern has; of a list every item of the pattern must fit one of its own."""
    if isinstance(pattern, dict):
        return isinstance(found, dict) and all(fits(found.get(name), inner) for name, inner in pattern.items())
    if isinstance(pattern, list):
        return isinstance(found, list) and all(any(fits(one, wanted) for one in found) for wanted in pattern)
    return equal(found, pattern)


def type_name(item: Item) -> str:
    """The FHIR type of a value: of a described path such as `Patient.contact` it is BackboneElement."""
    return "BackboneElement" if "." in item.type else item.type


def _choices(held: JsonObject, kind: str, name: str) -> list[str]:
    stem = name[:-3]
    found: list[str] = []
    for key in held:
        plain = key.removeprefix("_")
        if not plain.startswith(stem) or plain in found:
            continue
        spec = r4().element(kind, plain)
        if spec is not None and spec.choice == name:
            found.append(plain)
    return found


def _values(parent: Item, held: JsonObject, name: str) -> list[Item]:
    value, shadow = held.get(name), held.get(f"_{name}")
    if value is None and shadow is None:
        return []
    kind = _type_of(parent, name)
    path = f"{parent.path}.{name}"
    if isinstance(value, list) or (value is None and isinstance(shadow, list)):
        values = value if isinstance(value, list) else []
        shadows = shadow if isinstance(shadow, list) else []
        found = []
        for index in range(max(len(values), len(shadows))):
            one = values[index] if index < len(values) else None
            beside = tree.as_object(shadows[index]) if index < len(shadows) else {}
            if one is not None or beside:
                found.append(_item(f"{path}[{index}]", one, beside, kind))
        return found
    return [_item(path, value, tree.as_object(shadow), kind)]


def _item(path: str, value: JsonValue, shadow: JsonObject, kind: str) -> Item:
    """A value; a whole resource has its own type."""
    if isinstance(value, dict) and isinstance(own := value.get("resourceType"), str):
        kind = own
    return Item(path, value, shadow, kind)


def _type_of(parent: Item, name: str) -> str:
    table = r4()
    above = "Element" if table.is_primitive(parent.type) else parent.type
    spec = table.element(above, name)
    if spec is None:
        return ""
    return table.child_path(above, name) or spec.types[0]
