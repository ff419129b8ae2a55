"""What base R4 says of every type, arranged for one quick walk: members by name, what is required, invariants.

Made from the R4 table when a type is first met. Must not know values.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

from workbench.profiles.invariants import ROWS
from workbench.profiles.primitives import FITS, NUMBERS
from workbench.profiles.whole_invariants import WHOLE
from workbench.standard.r4 import ElementSpec, r4

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.profiles.invariants import Row
    from workbench.profiles.primitives import Fits
    from workbench.profiles.whole_invariants import Check

SIMPLE_QUANTITY = "SimpleQuantity"


class Form(IntEnum):
    """How JSON writes a value."""

    TEXT = 0
    BOOLEAN = 1
    NUMBER = 2
    OBJECT = 3
    RESOURCE = 4


@dataclass(frozen=True, slots=True)
class Member:
    """One element under one of its names."""

    name: str
    path: str
    """`Appointment.participant.status`."""
    type: str
    """`code`, `HumanName`, `BackboneElement`."""
    form: Form
    repeats: bool
    choice: str
    """`value[x]` for a name of a choice, else empty."""
    inside: str
    """Path of the shape of its values; empty for primitives and resources."""
    fits: Fits | None
    """For a text: whether it is of the type."""
    codes: frozenset[str]
    """Of a required binding; empty = any."""
    system: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One type, or one path with children of its own."""

    path: str
    members: Mapping[str, Member]
    required: tuple[str, ...]
    """Names of elements that must be there; choices as `value[x]`."""
    choices: Mapping[str, tuple[str, ...]]
    """Every choice with its names."""
    rows: tuple[Row, ...]
    """Invariants that one value answers."""
    checks: tuple[Check, ...]
    """Invariants that need more."""
    is_resource: bool


@cache
def shape_of(path: str) -> Shape:
    """The shape of a resource type, a datatype or a path; without members when R4 does not describe it."""
    table = r4()
    source = "Quantity" if path == SIMPLE_QUANTITY else path
    members: dict[str, Member] = {}
    choices: dict[str, tuple[str, ...]] = {}
    for spec in table.elements(source):
        names = [spec.name]
        if spec.name.endswith("[x]"):
            names = [spec.name[:-3] + kind[:1].upper() + kind[1:] for kind in spec.types]
            choices[spec.name] = tuple(names)
        for name in names:
            concrete = table.element(source, name)
            if concrete is not None:
                members[name] = _member(source, concrete)
    rows = tuple(row for row in ROWS if row.type in (source, path))
    required = tuple(spec.name for spec in table.elements(source) if spec.min)
    return Shape(path, members, required, choices, rows, WHOLE.get(source, ()), source in table.resource_types())


def _member(path: str, spec: ElementSpec) -> Member:
    kind = spec.types[0]
    inside = r4().child_path(path, spec.name) or ""
    if spec.simple:
        inside = SIMPLE_QUANTITY
    if kind == "Resource":
        form = Form.RESOURCE
    elif not r4().is_primitive(kind):
        form = Form.OBJECT
    elif kind == "boolean":
        form = Form.BOOLEAN
    else:
        form = Form.NUMBER if kind in NUMBERS else Form.TEXT
    return Member(
        spec.name,
        f"{path}.{spec.name}",
        kind,
        form,
        spec.repeats,
        spec.choice,
        inside,
        FITS[kind] if form is Form.TEXT else None,
        frozenset(spec.codes),
        spec.system,
        spec.targets,
    )
