"""A value of a message on one line, as a person reads it: `Chest pain (29857009)`, `9 Oct 2026, 10:00 +00:00`.

Tolerant of every shape; must not know which element the value is of beyond its datatype.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.messages.phrases import codes_in, concept_text, last_part, period_text
from workbench.messages.values import Number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbench.messages.values import JsonObject, JsonValue

LONGEST = 200
"""Characters after which a value is cut."""
_UNTOLD = frozenset({"id", "meta", "resourceType", "extension", "text", "system", "reference", "linkId"})
"""Members that are left out of the text of a whole resource or structure, unless there is nothing else."""


def value_text(value: JsonValue, datatype: str = "") -> str:
    """The value of an element on one line; the datatype (of R4) only helps to tell structures apart."""
    if isinstance(value, str | Number):
        return _cut(str(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _cut("; ".join(text for item in value if (text := value_text(item, datatype))))
    if isinstance(value, dict):
        written = _WRITERS.get(datatype, _leaves)(value)
        return _cut(written or _leaves(value) or ", ".join(value))
    return ""


def _with_code(words: str, code: str) -> str:
    return f"{words} ({code})" if words and code and words != code else words or code


def _concept(value: JsonObject) -> str:
    return _with_code(concept_text(value), ", ".join(dict.fromkeys(codes_in(value))))


def _coding(value: JsonObject) -> str:
    return _with_code(tree.text(value.get("display")) or "", tree.text(value.get("code")) or "")


def _identifier(value: JsonObject) -> str:
    system = tree.text(value.get("system"))
    return _with_code(tree.text(value.get("value")) or "", last_part(system) if system else "")


def _period(value: JsonObject) -> str:
    start, end = value.get("start"), value.get("end")
    return period_text(start, end) or (f"until {period_text(end, None)}" if end else "")


def _quantity(value: JsonObject) -> str:
    parts = (value.get("comparator"), value.get("value"), value.get("unit") or value.get("code"))
    return " ".join(str(part) for part in parts if part is not None)


def _name(value: JsonObject) -> str:
    if words := tree.text(value.get("text")):
        return words
    return " ".join(t for name in ("prefix", "given", "family", "suffix") for t in tree.texts(value.get(name)))


def _address(value: JsonObject) -> str:
    parts = [t for name in ("line", "city", "district", "postalCode") for t in tree.texts(value.get(name))]
    return ", ".join(parts) or tree.text(value.get("text")) or ""


def _contact(value: JsonObject) -> str:
    return tree.text(value.get("value")) or ""


def _reference(value: JsonObject) -> str:
    named = tree.text(value.get("display")) or _identifier(tree.as_object(value.get("identifier")))
    return named or tree.text(value.get("reference")) or ""


def _extension(value: JsonObject) -> str:
    held = [value_text(item) for name, item in value.items() if name.startswith("value")]
    held += [_extension(inner) for inner in tree.objects(value.get("extension"))]
    return f"{last_part(tree.text(value.get('url')))}: {', '.join(text for text in held if text)}"


def _leaves(value: JsonObject) -> str:
    """What a structure holds, codes as their displays; ids and systems only when there is nothing else."""
    told: list[str] = []
    for name, item in value.items():
        if name in _UNTOLD:
            continue
        for part in item if isinstance(item, list) else [item]:
            guessed = _guessed(part)
            text = value_text(part, guessed)
            if text and not (guessed == "Reference" and text.startswith("urn:")):
                told.append(text)
    return "; ".join(dict.fromkeys(told))


def _guessed(value: JsonValue) -> str:
    """The datatype that a structure looks like, for structures inside structures."""
    held = tree.as_object(value).keys()
    if "text" in held and "div" not in held:
        return "CodeableConcept"
    return next((datatype for datatype, names in _LOOKS.items() if held & names), "")


_LOOKS: Mapping[str, frozenset[str]] = {
    "CodeableConcept": frozenset({"coding"}),
    "Coding": frozenset({"display", "code"}),
    "Reference": frozenset({"reference"}),
    "Period": frozenset({"start", "end"}),
    "HumanName": frozenset({"family", "given"}),
    "Address": frozenset({"line", "postalCode"}),
    "Identifier": frozenset({"system"}),
}
_WRITERS: Mapping[str, Callable[[JsonObject], str]] = {
    "CodeableConcept": _concept,
    "Coding": _coding,
    "Identifier": _identifier,
    "Period": _period,
    "Quantity": _quantity,
    "HumanName": _name,
    "Address": _address,
    "ContactPoint": _contact,
    "Reference": _reference,
    "Extension": _extension,
}
READ_WHOLE = frozenset(_WRITERS)
"""Datatypes that a person reads as one value."""


def _cut(text: str) -> str:
    bare = " ".join(text.split())
    return bare if len(bare) <= LONGEST else f"{bare[: LONGEST - 1]}…"
