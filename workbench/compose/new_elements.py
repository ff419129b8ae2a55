"""Elements that can be added below another by R4, and what they start from.

Knows R4 alone; it must not know BaRS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compose.filling import instant
from workbench.messages import Number, owner_of, tree
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.messages import JsonValue, Message
    from workbench.standard.r4 import ElementSpec

_NUMBERS = frozenset({"integer", "decimal", "unsignedInt", "positiveInt"})
_MOMENTS = frozenset({"dateTime", "instant"})


def first_value(spec: ElementSpec | None, now: datetime) -> JsonValue:
    """What a new element starts from: the first code, today, or an empty text to be written."""
    kind = spec.types[0] if spec is not None else "string"
    if spec is not None and spec.codes:
        return spec.codes[0]
    if kind == "boolean":
        return True
    if kind in _NUMBERS:
        return Number("1")
    if kind == "date":
        return f"{now:%Y-%m-%d}"
    if kind in _MOMENTS:
        return instant(now)
    if kind == "Reference":
        return {"reference": ""}
    if kind == "CodeableConcept":
        return {"coding": [{"system": "", "code": ""}]}
    return "" if r4().is_primitive(kind) else {}


def can_add(message: Message, path: str) -> tuple[str, ...]:
    """The names of elements that R4 still allows below the element at a path, in its order; choices one by one."""
    held = message.at(path)
    if not isinstance(held, dict):
        return ()
    type_path = tree.text(held.get("resourceType")) or _type_path(message, path)
    names: list[str] = []
    for spec in r4().elements(type_path):
        concrete = [spec.name]
        if spec.name.endswith("[x]"):
            concrete = [f"{spec.name[:-3]}{kind[:1].upper()}{kind[1:]}" for kind in spec.types]
            if any(name in held for name in concrete):
                continue
        names += [name for name in concrete if spec.repeats or name not in held]
    return tuple(names)


def _type_path(message: Message, path: str) -> str:
    """Where R4 describes what is inside an element."""
    root = owner_of(path)
    at: str | None = tree.text(tree.as_object(message.at(root)).get("resourceType")) or root
    for part in path[len(root) :].split("."):
        if at and (name := part.partition("[")[0]):
            at = r4().child_path(at, name)
    return at or ""
