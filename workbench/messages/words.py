"""Paths in the reader's words: `Bundle.entry[4].resource.identifier[0].value` is "Patient, identifier, value".

Knows how FHIR spells its names; must not know what is wrong with an element.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.messages import paths, tree
from workbench.messages.references import entries_of
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from workbench.messages.values import JsonObject, JsonValue

_HEADER = re.compile(r"headers\['(?P<name>[^']+)'\](?P<rest>.*)")
_PARAMETER = re.compile(r"parameters\['(?P<name>[^']+)'\].*")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def words_of(name: str) -> str:
    """`birthDate` as "birth date"."""
    return _HUMP.sub(" ", name.removeprefix("_")).lower()


def type_words(kind: str) -> str:
    """`ServiceRequest` as "Service request"."""
    return words_of(kind).capitalize()


Ordinals = Mapping[int, int]
"""Index of an entry -> its number among those of its kind, for kinds that a Bundle has several of."""


def ordinals(resource: JsonObject | None) -> Ordinals:
    """The numbers of a Bundle's entries, worked out once for many paths."""
    numbers: dict[int, int] = {}
    kinds: dict[str, list[int]] = {}
    for entry in entries_of(resource or {}):
        kinds.setdefault(entry.type, []).append(entry.index)
    for same in kinds.values():
        if len(same) > 1:
            numbers |= {index: number for number, index in enumerate(same, 1)}
    return numbers


def describe(path: str, resource: JsonObject | None = None, numbers: Ordinals | None = None) -> str:
    """The element in words, the innermost resource first; second and later list items are numbered from 1.

    `numbers` are the `ordinals` of the resource, where many paths are asked for.
    """
    if header := _HEADER.fullmatch(path):
        rest = "".join(
            f", {words_of(part)}" for part in re.split(r"[.\[\]]", header["rest"]) if part and not part.isdigit()
        )
        return f"{header['name']} header{rest}"
    if parameter := _PARAMETER.fullmatch(path):
        return f"Parameter {parameter['name']}"
    try:
        steps = paths.parse_path(path)
    except InputError:
        return path
    kind = str(steps[0])
    parts = [type_words(kind)]
    value: JsonValue = resource
    type_path = kind
    for number, step in enumerate(steps[1:], 1):
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else value
            if step and steps[number - 1] != "entry":
                parts[-1] = f"{parts[-1]} {step + 1}"
        else:
            value = tree.as_object(value if not isinstance(value, list) else (value or [None])[0]).get(step)
            spec = r4().element(type_path, step)
            parts.append(words_of(spec.choice[:-3] if spec and spec.choice else step.removesuffix("[x]")))
            type_path = r4().child_path(type_path, step) or ""
        if isinstance(value, dict) and isinstance(inside := value.get("resourceType"), str) and inside and number:
            if numbers is None:
                numbers = ordinals(resource)
            parts, type_path = [_numbered(inside, steps[: number + 1], numbers)], inside
    return ", ".join(parts)


def _numbered(kind: str, steps: paths.Steps, numbers: Ordinals) -> str:
    """`Organization 2` where a Bundle has several of them."""
    here = steps[2] if len(steps) == 4 and steps[1] == "entry" else None
    if isinstance(here, int) and here in numbers:
        return f"{type_words(kind)} {numbers[here]}"
    return type_words(kind)
