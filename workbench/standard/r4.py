"""The R4 base table: which elements every resource type and datatype has, in order, with types and cardinalities.

Loaded from `resources/standard/r4.json`, which `packaging/scripts/make_r4_table.py` makes from hl7.fhir.r4.core 4.0.1.
Knows base R4 only, must not know profiles or BaRS.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ElementSpec:
    """One element as base R4 defines it."""

    name: str
    """`status`, a choice as `value[x]`, or (asked for by a concrete name) `valueQuantity`."""
    types: tuple[str, ...]
    """Type names; for an element that has children of its own `BackboneElement` or `Element`."""
    min: int
    max: int | None
    """None = any number."""
    codes: tuple[str, ...] = ()
    """The codes of a required binding; empty where there is none or its value set is not finite."""
    system: str = ""
    """The one code system these codes come from, else empty."""
    targets: tuple[str, ...] = ()
    """Resource types a Reference may point to; empty = any."""
    choice: str = ""
    """`value[x]` for a concrete name of a choice."""
    simple: bool = False
    """For a Quantity: whether it may have no comparator (SimpleQuantity)."""

    @property
    def repeats(self) -> bool:
        """Whether JSON writes it as an array."""
        return self.max is None or self.max > 1


@dataclass(frozen=True, slots=True)
class _Shape:
    """The elements of one path, ready to be looked up."""

    elements: tuple[ElementSpec, ...]
    by_name: Mapping[str, ElementSpec]
    """Every concrete name."""
    positions: Mapping[str, int]
    children: Mapping[str, str | None]


class R4Table:
    """Answers from the table; rows become specs when they are first asked for. Safe to share between threads."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._rows: Mapping[str, list[str]] = content["elements"]
        self._codes: list[Mapping[str, str]] = content["codes"]
        self._open: tuple[str, ...] = tuple(content["open_types"])
        self._primitives = frozenset(content["primitives"])
        self._resources = frozenset(content["resources"])
        self._shapes: dict[str, _Shape] = {}

    def resource_types(self) -> frozenset[str]:
        """Every concrete resource type of R4."""
        return self._resources

    def is_primitive(self, type_name: str) -> bool:
        """Whether values of this type are written as a JSON scalar (`xhtml` too)."""
        return type_name in self._primitives

    def is_described(self, type_path: str) -> bool:
        """Whether the table knows a resource type, a datatype or a path such as `Patient.contact`."""
        return type_path in self._rows

    def element(self, type_path: str, name: str) -> ElementSpec | None:
        """The element of that name, a choice by its concrete name (`valueQuantity`); None when R4 has none."""
        shape = self._shape(type_path)
        return shape.by_name.get(name) if shape else None

    def elements(self, type_path: str) -> tuple[ElementSpec, ...]:
        """All elements in definition order (the order of XML), a choice once as `value[x]`; empty when unknown."""
        shape = self._shape(type_path)
        return shape.elements if shape else ()

    def position(self, type_path: str, name: str) -> int | None:
        """Where XML puts the element among its siblings; every name of a choice has the same position."""
        shape = self._shape(type_path)
        return shape.positions.get(name) if shape else None

    def child_path(self, type_path: str, name: str) -> str | None:
        """Where the children of the element are described; None for primitives, unknown names and whole resources."""
        shape = self._shape(type_path)
        return shape.children.get(name) if shape else None

    def _shape(self, type_path: str) -> _Shape | None:
        shape = self._shapes.get(type_path)
        if shape is None and type_path in self._rows:
            shape = self._shapes[type_path] = self._build(type_path)
        return shape

    def _build(self, type_path: str) -> _Shape:
        elements: list[ElementSpec] = []
        by_name: dict[str, ElementSpec] = {}
        positions: dict[str, int] = {}
        children: dict[str, str | None] = {}
        for position, row in enumerate(self._flat(type_path)):
            spec, referred = self._spec(row)
            elements.append(spec)
            for concrete in _concrete(spec):
                by_name[concrete.name] = concrete
                positions[concrete.name] = position
                kind = concrete.types[0]
                if kind in ("BackboneElement", "Element") and f"{type_path}.{concrete.name}" in self._rows:
                    kind = f"{type_path}.{concrete.name}"
                inner = referred or kind
                children[concrete.name] = None if kind in self._primitives or kind == "Resource" else inner
        return _Shape(tuple(elements), by_name, positions, children)

    def _flat(self, type_path: str) -> list[str]:
        rows = self._rows[type_path]
        return [*self._flat(rows[0][1:]), *rows[1:]] if rows and rows[0].startswith("^") else rows

    def _spec(self, row: str) -> tuple[ElementSpec, str]:
        name, kinds, least, most, *binding = row.split(" ")
        referred, targets, simple = "", "", False
        if kinds.startswith("@"):
            referred, kinds = kinds[1:], "BackboneElement"
        types: list[str] = []
        for kind in self._open if kinds == "*" else kinds.split(","):
            type_name, _, inside = kind.partition("(")
            if type_name == "Quantity":
                simple = simple or bool(inside)
            else:
                targets = inside.rstrip(")") or targets
            types.append(type_name)
        codes = self._codes[int(binding[0])] if binding else {"codes": "", "system": ""}
        spec = ElementSpec(
            name,
            tuple(types),
            int(least),
            None if most == "*" else int(most),
            tuple(codes["codes"].split()),
            codes["system"],
            tuple(targets.split("|")) if targets else (),
            simple=simple,
        )
        return spec, referred


def _concrete(spec: ElementSpec) -> list[ElementSpec]:
    """The element under every name it can be written with."""
    if not spec.name.endswith("[x]"):
        return [spec]
    return [
        ElementSpec(
            spec.name[:-3] + kind[0].upper() + kind[1:],
            (kind,),
            spec.min,
            spec.max,
            spec.codes,
            spec.system,
            spec.targets if kind == "Reference" else (),
            spec.name,
            spec.simple and kind == "Quantity",
        )
        for kind in spec.types
    ]


@cache
def r4() -> R4Table:
    """The table of base R4 4.0.1, read once (some milliseconds)."""
    return R4Table(json.loads(assets.text("standard", "r4.json")))
