"""Definitions cut down to what checking needs: structures, value sets and code systems without a sentence in them.

Pure: FHIR resources in, small JSON values out. Must not know packages, files or how profiles are compiled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbench.messages.tree import as_object, objects, text, texts
from workbench.messages.values import Number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject, JsonValue

PROFILES = "profiles"
SNAPSHOTS = "snapshots"
VALUE_SETS = "value_sets"
CODE_SYSTEMS = "code_systems"
WHOLE_SYSTEMS = "whole_systems"
"""By the address of a value set the code system whose codes together it is, in place of a version."""
KINDS = ("StructureDefinition", "ValueSet", "CodeSystem")

_ELEMENT = ("id", "path", "sliceName", "min", "max", "contentReference", "isModifier")


class Reduced(NamedTuple):
    """One definition as it is kept."""

    section: str
    url: str
    version: str
    value: JsonObject


def reduce(resource: JsonObject) -> Iterator[Reduced]:
    """What is kept of a resource; nothing for kinds that checking does not use."""
    url, version = text(resource.get("url")), text(resource.get("version")) or ""
    if url is None:
        return
    kind = resource.get("resourceType")
    if kind == "ValueSet":
        yield Reduced(VALUE_SETS, url, version, _value_set(resource))
    elif kind == "CodeSystem" and resource.get("content") != "supplement":
        yield Reduced(CODE_SYSTEMS, url, version, _code_system(resource))
        if whole := text(resource.get("valueSet")):
            yield Reduced(WHOLE_SYSTEMS, whole.partition("|")[0], url, {})
    elif kind == "StructureDefinition" and resource.get("kind") != "logical":
        yield Reduced(PROFILES, url, version, _structure(resource))
        snapshot = _elements(resource.get("snapshot"))
        if snapshot and resource.get("derivation") == "constraint":
            yield Reduced(SNAPSHOTS, url, version, {"elements": [*snapshot]})


def _structure(resource: JsonObject) -> JsonObject:
    elements = _elements(resource.get("differential"))
    whole = _elements(resource.get("snapshot"))
    roots = [*elements[:1], *whole[:1]]
    base = resource.get("derivation") != "constraint"
    return {
        **{name: resource[name] for name in ("version", "name", "type", "baseDefinition") if name in resource},
        "kind": text(resource.get("kind")),
        "abstract": resource.get("abstract") is True,
        "derived": not base,
        "modifier": any(one.get("isModifier") is True for one in roots if "." not in (text(one.get("path")) or "")),
        "contexts": [[text(one.get("type")), text(one.get("expression"))] for one in objects(resource.get("context"))],
        "elements": [] if base else [*elements],
        "base": _base_facts(whole) if base else {},
    }


def _base_facts(elements: list[JsonObject]) -> JsonObject:
    """Of a base type: the bindings and the keys of constraints by path; the rest stands in the built-in table."""
    found: JsonObject = {}
    for one in elements:
        keys: list[JsonValue] = [key for rule in objects(one.get("constraint")) if (key := text(rule.get("key")))]
        binding = as_object(one.get("binding"))
        path = text(one.get("path"))
        if path is not None and (keys or binding):
            found[path] = {"keys": keys, "binding": _binding(binding)}
    return found


def _elements(part: JsonValue) -> list[JsonObject]:
    return [_element(one) for one in objects(as_object(part).get("element"))]


def _element(element: JsonObject) -> JsonObject:
    kept: JsonObject = {name: element[name] for name in _ELEMENT if name in element}
    for name, value in element.items():
        if name.startswith(("fixed", "pattern")) and name not in ("fixed", "pattern"):
            kept[name] = value
    if "type" in element:
        kept["type"] = [_type(one) for one in objects(element["type"])]
    binding = as_object(element.get("binding"))
    if binding:
        kept["binding"] = _binding(binding)
    rules: list[JsonValue] = [
        {key: rule[key] for key in ("key", "severity", "human", "expression", "source") if key in rule}
        for rule in objects(element.get("constraint"))
    ]
    if rules:
        kept["constraint"] = rules
    if slicing := as_object(element.get("slicing")):
        kept["slicing"] = {
            "discriminator": [
                {key: one[key] for key in ("type", "path") if key in one}
                for one in objects(slicing.get("discriminator"))
            ],
            "rules": text(slicing.get("rules")) or "open",
            "ordered": slicing.get("ordered") is True,
        }
    return kept


def _binding(binding: JsonObject) -> JsonObject:
    return {name: binding[name] for name in ("strength", "valueSet") if name in binding}


def _type(kind: JsonObject) -> JsonObject:
    kept: JsonObject = {"code": text(kind.get("code"))}
    for name in ("profile", "targetProfile"):
        if found := texts(kind.get(name)):
            kept[name] = [*found]
    return kept


def _value_set(resource: JsonObject) -> JsonObject:
    compose = as_object(resource.get("compose"))
    kept: JsonObject = {
        part: [_include(one) for one in objects(compose.get(part))]
        for part in ("include", "exclude")
        if part in compose
    }
    expansion = as_object(resource.get("expansion"))
    if expansion:
        codes: dict[str, list[JsonValue]] = {}
        waiting = objects(expansion.get("contains"))
        while waiting:
            one = waiting.pop()
            code = text(one.get("code"))
            if code is not None and one.get("abstract") is not True:
                codes.setdefault(text(one.get("system")) or "", []).append(code)
            waiting += objects(one.get("contains"))
        kept["expansion"] = {system: [*listed] for system, listed in codes.items()}
        kept["whole"] = _is_whole(expansion, sum(len(listed) for listed in codes.values()))
    return kept


def _is_whole(expansion: JsonObject, listed: int) -> bool:
    """Whether an expansion lists every code of its value set."""
    total = expansion.get("total")
    return not isinstance(total, Number) or total.text == str(listed)


def _include(include: JsonObject) -> JsonObject:
    kept: JsonObject = {"system": text(include.get("system"))}
    if "concept" in include:
        kept["concept"] = [code for one in objects(include["concept"]) if (code := text(one.get("code")))]
    if "filter" in include:
        kept["filter"] = [
            [text(one.get("property")), text(one.get("op")), text(one.get("value"))]
            for one in objects(include["filter"])
        ]
    if "valueSet" in include:
        kept["valueSet"] = [*texts(include["valueSet"])]
    return kept


def _code_system(resource: JsonObject) -> JsonObject:
    """The codes of a system with their parents and their simple properties."""
    codes: list[JsonValue] = []
    parents: dict[str, list[JsonValue]] = {}
    properties: dict[str, JsonValue] = {}
    waiting: list[tuple[JsonObject, str]] = [(one, "") for one in reversed(objects(resource.get("concept")))]
    while waiting:
        concept, above = waiting.pop()
        code = text(concept.get("code"))
        if code is None:
            continue
        codes.append(code)
        if above:
            parents.setdefault(code, []).append(above)
        own: JsonObject = {}
        for one in objects(concept.get("property")):
            name, value = text(one.get("code")), _property(one)
            if name in ("parent", "subsumedBy") and isinstance(value, str):
                parents.setdefault(code, []).append(value)
            elif name == "child" and isinstance(value, str):
                parents.setdefault(value, []).append(code)
            elif name is not None and value is not None:
                own[name] = value
        if own:
            properties[code] = own
        waiting.extend((one, code) for one in reversed(objects(concept.get("concept"))))
    return {
        "content": text(resource.get("content")) or "not-present",
        "caseSensitive": resource.get("caseSensitive") is not False,
        "codes": codes,
        "parents": {code: [*above] for code, above in parents.items()},
        "properties": properties,
    }


def _property(value: JsonObject) -> JsonValue:
    for name in ("valueCode", "valueString"):
        if found := text(value.get(name)):
            return found
    flag = value.get("valueBoolean")
    return ("true" if flag else "false") if isinstance(flag, bool) else None
