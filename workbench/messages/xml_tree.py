"""Parsed XML elements to a JSON-shaped resource, by the R4 base table.

An element the table does not know becomes text or an object, repeats if it repeats, and is remarked on.
Knows lxml elements and base R4, must not know text, encodings or BaRS.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from workbench.errors import ErrorCode, InputError
from workbench.messages.json_text import DEEPEST, number_problem
from workbench.messages.remarks import Remark, remark
from workbench.messages.values import Finding, JsonArray, JsonObject, JsonValue, Number
from workbench.standard.r4 import ElementSpec, R4Table, r4

FHIR = "http://hl7.org/fhir"
XHTML = "http://www.w3.org/1999/xhtml"
MOST_ATTRIBUTES = 256
MOST_REMARKS = 1000

_FHIR_TAG = f"{{{FHIR}}}"
_NUMBERS = frozenset(("decimal", "integer", "positiveInt", "unsignedInt"))
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A resource read from XML."""

    resource: JsonObject
    remarks: tuple[Finding, ...]
    paths: tuple[str | None, ...]
    """The path of every element in document order when it was asked for; None inside a narrative."""


def read_resource(root: etree._Element, *, what: str, record: bool) -> Reading:
    """The resource of a root element; InputError when it is nested too deep or has hundreds of attributes."""
    reader = _Reader(r4(), what, record)
    name = str(root.tag).rpartition("}")[2]
    resource = reader.resource(root, name, 1)
    return Reading(resource, tuple(reader.remarks), tuple(reader.paths))


class _Reader:
    """One pass over one document."""

    def __init__(self, table: R4Table, what: str, record: bool) -> None:
        self._table = table
        self._what = what
        self._record = record
        self.remarks: list[Finding] = []
        self.paths: list[str | None] = []

    def resource(self, element: etree._Element, path: str, depth: int) -> JsonObject:
        """A whole resource: the element is named after its type."""
        if self._record:
            self.paths.append(path)
        name = self._name(element, path)
        result: JsonObject = {"resourceType": name}
        self._fill(result, element, name, path, depth)
        return result

    def _fill(self, result: JsonObject, element: etree._Element, kind: str, path: str, depth: int) -> None:
        """Attributes and children of a complex element into `result`; `kind` is its path in the table."""
        if element.attrib:
            self._attributes(result, element, kind, path)
        self._children(result, element, kind, path, depth)

    def _children(self, result: JsonObject, element: etree._Element, kind: str, path: str, depth: int) -> None:
        if depth > DEEPEST:
            raise InputError(ErrorCode.INPUT_TOO_DEEP, what=self._what, limit=DEEPEST)
        if element.text and not element.text.isspace():
            self._remark(Remark.STRAY_TEXT, path, owner=_local(element))
        table = self._table
        last, last_name = -1, ""
        for child in element:
            name = self._name(child, path)
            if child.tail and not child.tail.isspace():
                self._remark(Remark.STRAY_TEXT, path, owner=_local(element))
            spec = table.element(kind, name)
            if spec is None:
                self._unknown(result, child, name, kind, path, depth)
                continue
            position = table.position(kind, name) or 0
            if position < last:
                self._remark(Remark.ORDER, f"{path}.{name}", name=name, owner=last_name)
            else:
                last, last_name = position, name
            self._known(result, child, name, spec, kind, path, depth)
        _align(result)

    def _known(
        self, result: JsonObject, child: etree._Element, name: str, spec: ElementSpec, kind: str, path: str, depth: int
    ) -> None:
        listed = spec.repeats or f"_{name}" in result or _repeats(result, child, name)
        position = max(_length(result.get(name)), _length(result.get(f"_{name}")))
        inner = f"{path}.{name}[{position}]" if listed else f"{path}.{name}"
        down = depth + (2 if listed else 1)
        type_name = spec.types[0]
        value: JsonValue
        if type_name == "xhtml":
            value = self._narrative(child, inner)
        elif type_name == "Resource":
            value = self._wrapped(child, inner, down)
        elif self._table.is_primitive(type_name):
            value, extra = self._primitive(child, type_name, name, inner, down)
            if extra:
                _append(result, f"_{name}", extra, listed, position)
                if value is None:
                    return
        else:
            value = self._object(child, self._table.child_path(kind, name) or "", inner, down)
        _append(result, name, "" if value is None else value, listed, position)

    def _object(self, element: etree._Element, kind: str, path: str, depth: int) -> JsonObject:
        if self._record:
            self.paths.append(path)
        result: JsonObject = {}
        self._fill(result, element, kind, path, depth)
        return result

    def _primitive(
        self, element: etree._Element, kind: str, name: str, path: str, depth: int
    ) -> tuple[JsonValue, JsonObject]:
        """The value (None when there is no attribute) and what belongs into `_name`."""
        if self._record:
            self.paths.append(path)
        value: JsonValue = None
        extra: JsonObject = {}
        for key, text in element.attrib.items():
            if key == "value":
                value = _typed(str(text), kind)
            elif key == "id":
                extra["id"] = str(text)
            else:
                self._remark(Remark.ATTRIBUTE, path, name=str(key).rpartition("}")[2], owner=name)
        if len(element) or element.text:
            self._children(extra, element, "Element", _shadow_path(path), depth)
        return value, extra

    def _unknown(self, result: JsonObject, child: etree._Element, name: str, kind: str, path: str, depth: int) -> None:
        """What the table does not have: text where it is text, else an object; a list where it repeats."""
        listed = _repeats(result, child, name)
        position = _length(result.get(name))
        inner = f"{path}.{name}[{position}]" if listed else f"{path}.{name}"
        if self._table.is_described(kind):
            self._remark(Remark.UNKNOWN_ELEMENT, inner, name=name, owner=kind)
        plain = not len(child) and not set(child.attrib) - {"value"}
        text = child.attrib.get("value", child.text or "") if plain else ""
        value: JsonValue = str(text)
        if not plain or not (text or child.attrib):
            value = self._object(child, "", inner, depth + 2)
        elif self._record:
            self.paths.append(inner)
        _append(result, name, value, listed, position)

    def _attributes(self, result: JsonObject, element: etree._Element, kind: str, path: str) -> None:
        attributes = element.attrib
        if len(attributes) > MOST_ATTRIBUTES:
            raise InputError(
                ErrorCode.INPUT_NOT_XML,
                what=self._what,
                cause=f"element '{_local(element)}' has {len(attributes)} attributes; {MOST_ATTRIBUTES} are allowed",
            )
        for key, text in attributes.items():
            name = str(key)
            if name.startswith(_XSI):
                continue
            if not ((name == "id" and "resourceType" not in result) or (name == "url" and kind == "Extension")):
                self._remark(Remark.ATTRIBUTE, path, name=name.rpartition("}")[2], owner=_local(element))
            if not name.startswith("{"):
                result[name] = str(text)

    def _narrative(self, element: etree._Element, path: str) -> str:
        if self._record:
            self.paths.append(path)
            self.paths.extend([None] * (sum(1 for _ in element.iter()) - 1))
        if len(element.nsmap) > 1:
            element = deepcopy(element)
            etree.cleanup_namespaces(element)
        return str(etree.tostring(element, encoding="unicode", with_tail=False))

    def _wrapped(self, element: etree._Element, path: str, depth: int) -> JsonObject:
        """The one resource inside `contained`, `entry.resource` and the like."""
        if self._record:
            self.paths.append(path)
        if len(element) != 1:
            self._remark(
                Remark.WRAPPER, path, name=str(len(element)) if len(element) else "none", owner=_local(element)
            )
        result = self.resource(element[0], path, depth) if len(element) else {}
        if self._record:
            self.paths.extend(None for lost in list(element)[1:] for _ in lost.iter())
        return result

    def _name(self, element: etree._Element, path: str) -> str:
        tag = str(element.tag)
        if tag.startswith(_FHIR_TAG):
            return tag[len(_FHIR_TAG) :]
        namespace, _, name = tag.rpartition("}")
        if not (name == "div" and namespace == "{" + XHTML):
            self._remark(Remark.NAMESPACE, path, name=name, owner=namespace[1:] or "none")
        return name

    def _remark(self, kind: Remark, path: str, *, name: str = "", owner: str = "") -> None:
        if len(self.remarks) < MOST_REMARKS:
            self.remarks.append(remark(kind, path, name=name, owner=owner))


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _repeats(result: JsonObject, child: etree._Element, name: str) -> bool:
    """Whether another element of this name stands before or right after."""
    following = child.getnext()
    return name in result or (following is not None and following.tag == child.tag)


def _length(value: JsonValue) -> int:
    return len(value) if isinstance(value, list) else 0 if value is None else 1


def _append(result: JsonObject, name: str, value: JsonValue, listed: bool, position: int) -> None:
    """Put a value alone, or at its list position with nulls before it; a second single value makes a list."""
    if not listed:
        result[name] = value
        return
    held = result.get(name)
    items: JsonArray = held if isinstance(held, list) else [held] if name in result else []
    items.extend([None] * (position - len(items)))
    items.append(value)
    result[name] = items


def _align(result: JsonObject) -> None:
    """Make `name` and `_name` equally long where both are lists, as FHIR JSON asks."""
    for shadow in [name for name in result if name.startswith("_")]:
        first, second = result.get(shadow[1:]), result[shadow]
        if isinstance(first, list) and isinstance(second, list):
            longest = max(len(first), len(second))
            first.extend([None] * (longest - len(first)))
            second.extend([None] * (longest - len(second)))


def _shadow_path(path: str) -> str:
    owner, _, name = path.rpartition(".")
    return f"{owner}._{name}"


def _typed(text: str, kind: str) -> JsonValue:
    """The JSON form of a primitive's text; text that does not fit its type stays text, for the base rules to name."""
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind in _NUMBERS and _NUMBER.fullmatch(text) and number_problem(text) is None:
        return Number(text)
    return text
