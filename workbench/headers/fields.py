"""Headers as forms: the parts of a value that a person fills in, and the value with other parts.

Works on what is inside a header (`DecodedHeader.written`); what the form does not know stays. Must not judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import InputError
from workbench.messages import Edit, EditOp, apply, json_text, paths, tree
from workbench.standard.header_table import HeaderShape, header_spec
from workbench.standard.urls import ODS_CODE, SDS_ROLE_PROFILE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.messages.values import JsonObject

USE_CONTEXT, ACCEPT = "use-context", "Accept"
_VERSION = "version="


class HeaderField(NamedTuple):
    """One part of a header's value."""

    key: str
    label: str
    value: str


class _Part(NamedTuple):
    """Where a part stands in the JSON of a header."""

    path: str
    label: str
    system: str = ""
    """The identifier of this system is meant, wherever it stands in the list."""


_PARTS = {
    "NHSD-Target-Identifier": (_Part("value", "Service"), _Part("system", "System")),
    "NHSD-End-User-Organisation": (_Part("name", "Organisation"), _Part("identifier", "ODS code", ODS_CODE)),
    "NHSD-Requesting-Practitioner": (
        _Part("identifier", "Role profile", SDS_ROLE_PROFILE),
        _Part("code[0].coding[0].code", "Role, SNOMED code"),
        _Part("code[0].coding[0].display", "Role, in words"),
    ),
    "NHSD-Requesting-Software": (
        _Part("deviceName.name", "Software"),
        _Part("version.value", "Version"),
        _Part("identifier[0].value", "Identifier"),
        _Part("identifier[0].system", "System of the identifier"),
    ),
}
_CONTEXT_LABELS = ("Use case", "Kind or status", "Event", "Reason")


def header_fields(name: str, written: str) -> tuple[HeaderField, ...]:
    """The parts of a header; none where it has no form, or its value cannot be taken apart."""
    spec = header_spec(name)
    if spec is None:
        return ()
    if spec.name == USE_CONTEXT:
        parts = written.split("|")
        if len(parts) != len(_CONTEXT_LABELS):
            return ()
        return tuple(
            HeaderField(str(number), label, part)
            for number, (label, part) in enumerate(zip(_CONTEXT_LABELS, parts, strict=True))
        )
    if spec.name == ACCEPT:
        kind, _, rest = written.partition(";")
        version = rest.strip().removeprefix(_VERSION) if rest.strip().startswith(_VERSION) else ""
        if rest.strip() and not version:
            return ()
        return (HeaderField("kind", "Type", kind.strip()), HeaderField("version", "Version", version))
    inside = _inside(spec.shape, written)
    if inside is None:
        return ()
    return tuple(
        HeaderField(part.path, part.label, _text(inside, _path(inside, part))) for part in _PARTS.get(spec.name, ())
    )


def with_fields(name: str, written: str, values: Mapping[str, str]) -> str:
    """What is inside the header with these parts (by the keys of `header_fields`); an empty part is taken away.

    ValueError for a header that has no form.
    """
    fields = header_fields(name, written)
    spec = header_spec(name)
    if spec is None or not fields:
        raise ValueError(f"{name} has no form")
    chosen = {field.key: values.get(field.key, field.value).strip() for field in fields}
    if spec.name == USE_CONTEXT:
        return "|".join(chosen.values())
    if spec.name == ACCEPT:
        return f"{chosen['kind']}; {_VERSION}{chosen['version']}" if chosen["version"] else chosen["kind"]
    inside = _inside(spec.shape, written)
    before = {field.key: field.value for field in fields}
    for part in _PARTS[spec.name]:
        value = chosen[part.path]
        if inside is None or value == before[part.path]:
            continue
        path = _path(inside, part)
        edits = _edits(inside, path, value)
        if value and part.system and inside.get("identifier") is None:
            edits = (Edit(EditOp.SET, "Resource.identifier", [{"system": part.system, "value": value}]),)
        inside = apply(inside, edits)
    return json_text.dump(inside)


def _edits(inside: JsonObject, path: str, value: str) -> tuple[Edit, ...]:
    if value:
        return (Edit(EditOp.SET, path, value),)
    return (Edit(EditOp.REMOVE, path),) if paths.find(inside, path) is not None else ()


def _inside(shape: HeaderShape, written: str) -> JsonObject | None:
    if shape is not HeaderShape.BASE64_JSON:
        return None
    try:
        inside = json_text.load(written, what="The header")
    except InputError:
        return None
    return inside if isinstance(inside, dict) else None


def _path(inside: JsonObject, part: _Part) -> str:
    """The path of a part; that of an identifier by its system, else of the first one."""
    if not part.system:
        return f"Resource.{part.path}"
    held = inside.get("identifier")
    rows = held if isinstance(held, list) else []
    for number, row in enumerate(rows):
        if (tree.text(tree.as_object(row).get("system")) or "").lower() == part.system.lower():
            return f"Resource.identifier[{number}].value"
    return "Resource.identifier[0].value"


def _text(inside: JsonObject, path: str) -> str:
    found = paths.find(inside, path)
    return found.value if found is not None and isinstance(found.value, str) else ""
