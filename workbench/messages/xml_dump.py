"""A JSON-shaped resource as FHIR XML text, elements in the order of the R4 base table.

Unknown elements follow the known ones in the order of the tree. Must not know BaRS.
"""

from __future__ import annotations

import re
from html.entities import html5

from workbench.errors import ErrorCode, InputError
from workbench.messages.values import JsonObject, JsonValue, Number
from workbench.messages.xml_tree import FHIR
from workbench.standard.r4 import r4

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_SPECIAL = re.compile('[&<>"\n\r\t]')
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITY = re.compile(r"&(\w+;)")
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_KEPT = {"amp;", "lt;", "gt;", "quot;", "apos;"}


def dump(resource: JsonObject) -> bytes:
    """The resource as UTF-8 XML with two-space indentation.

    InputError (input.not-xml) for what XML cannot hold: control characters, half surrogates, names that are no names.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    _resource(resource, str(resource.get("resourceType") or "Resource"), "", lines, f' xmlns="{FHIR}"')
    return ("\n".join(lines) + "\n").encode("utf-8")


def _resource(resource: JsonObject, path: str, indent: str, lines: list[str], namespace: str = "") -> None:
    kind = resource.get("resourceType")
    name = kind if isinstance(kind, str) and kind else "Resource"
    _check_name(name, path)
    rest = {key: value for key, value in resource.items() if key != "resourceType"}
    _element(name, namespace, rest, name, path, indent, lines, resource=True)


def _element(
    name: str,
    attributes: str,
    value: JsonObject,
    kind: str,
    path: str,
    indent: str,
    lines: list[str],
    *,
    resource: bool,
) -> None:
    """A complex element with its children."""
    for attribute in ("id", "url"):
        held = value.get(attribute)
        if isinstance(held, str) and (
            (attribute == "id" and not resource) or (attribute == "url" and kind == "Extension")
        ):
            attributes += f' {attribute}="{_escape(held, f"{path}.{attribute}")}"'
            value = {key: item for key, item in value.items() if key != attribute}
    start = len(lines)
    lines.append("")
    table = r4()
    for child in _ordered(value, kind):
        _check_name(child, path)
        held, shadow = value.get(child), value.get(f"_{child}")
        items = held if isinstance(held, list) else [held]
        shadows = shadow if isinstance(shadow, list) else [shadow]
        if not items and not shadow:
            continue
        spec = table.element(kind, child)
        inner = table.child_path(kind, child) or ""
        for index in range(max(len(items), len(shadows))):
            item = items[index] if index < len(items) else None
            extra = shadows[index] if index < len(shadows) else None
            _child(
                child,
                item,
                extra,
                spec.types[0] if spec else "",
                inner,
                f"{path}.{child}[{index}]",
                indent + "  ",
                lines,
            )
    if len(lines) == start + 1:
        lines[start] = f"{indent}<{name}{attributes}/>"
    else:
        lines[start] = f"{indent}<{name}{attributes}>"
        lines.append(f"{indent}</{name}>")


def _child(
    name: str, item: JsonValue, extra: JsonValue, kind: str, inner: str, path: str, indent: str, lines: list[str]
) -> None:
    """One occurrence of an element."""
    if isinstance(item, dict):
        if kind == "Resource" or "resourceType" in item:
            lines.append(f"{indent}<{name}>")
            if item:
                _resource(item, path, indent + "  ", lines)
            lines.append(f"{indent}</{name}>")
        else:
            _element(name, "", item, inner, path, indent, lines, resource=False)
    elif isinstance(item, list):
        for index, nested in enumerate(item):
            _child(name, nested, None, kind, inner, f"{path}[{index}]", indent, lines)
    elif kind == "xhtml" and isinstance(item, str) and item.lstrip().startswith("<"):
        lines.append(indent + _narrative(item, path))
    elif item is not None or isinstance(extra, dict):
        value = "" if item is None else f' value="{_escape(_text(item), path)}"'
        _element(name, value, extra if isinstance(extra, dict) else {}, "Element", path, indent, lines, resource=False)


def _ordered(value: JsonObject, kind: str) -> list[str]:
    """The element names in the order of XML; `_name` counts as `name`."""
    names = list(dict.fromkeys(name[1:] if name.startswith("_") and len(name) > 1 else name for name in value))
    table = r4()
    positions = {name: table.position(kind, name) for name in names}
    known = [name for name in names if positions[name] is not None]
    return sorted(known, key=lambda name: positions[name] or 0) + [n for n in names if positions[n] is None]


def _text(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.text if isinstance(value, Number) else str(value)


def _escape(text: str, path: str) -> str:
    if bad := _NOT_XML.search(text):
        raise InputError(
            ErrorCode.INPUT_NOT_XML, what=path, cause=f"XML cannot hold the character U+{ord(bad.group()):04X}"
        )
    return _SPECIAL.sub(lambda match: _ESCAPES[match.group()], text)


def _check_name(name: str, path: str) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(ErrorCode.INPUT_NOT_XML, what=path, cause=f"{name!r} cannot be the name of an XML element")


def _narrative(text: str, path: str) -> str:
    """The narrative as it stands, the named characters of HTML (`&nbsp;`) written out: XML has no names for them."""
    if bad := _NOT_XML.search(text):
        raise InputError(
            ErrorCode.INPUT_NOT_XML, what=path, cause=f"XML cannot hold the character U+{ord(bad.group()):04X}"
        )
    return _ENTITY.sub(lambda match: match.group() if match[1] in _KEPT else html5.get(match[1], match.group()), text)
