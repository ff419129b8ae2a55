"""Compiled profiles as JSON values and back: fields that say nothing are left out. Must not know files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages.tree import as_object, objects, text, texts
from workbench.messages.values import Number
from workbench.profiles.compiled import (
    BindingRule,
    CompiledProfile,
    Discriminator,
    ElementRule,
    ExtensionContext,
    Invariant,
    Slicing,
    TypeRule,
)

if TYPE_CHECKING:
    from workbench.messages import JsonObject, JsonValue


def profile_to_json(profile: CompiledProfile) -> JsonObject:
    """A compiled profile as a JSON value."""
    return _sparse(
        {
            "url": profile.url,
            "version": profile.version,
            "name": profile.name,
            "type": profile.type,
            "base": profile.base,
            "root": _rule_to_json(profile.root),
            "abstract": profile.abstract,
            "contexts": [[one.type, one.expression] for one in profile.contexts],
            "modifier": profile.modifier,
            "incomplete": profile.incomplete,
        }
    )


def profile_from_json(value: JsonObject) -> CompiledProfile:
    """A compiled profile of its JSON value."""
    contexts = value.get("contexts")
    rows = [texts(row) for row in contexts] if isinstance(contexts, list) else []
    return CompiledProfile(
        url=text(value.get("url")) or "",
        version=text(value.get("version")) or "",
        name=text(value.get("name")) or "",
        type=text(value.get("type")) or "",
        base=text(value.get("base")) or "",
        root=_rule_from_json(as_object(value.get("root"))),
        abstract=value.get("abstract") is True,
        contexts=tuple(ExtensionContext(row[0], row[1]) for row in rows if len(row) == 2),
        modifier=value.get("modifier") is True,
        incomplete=text(value.get("incomplete")) or "",
    )


def _rule_to_json(rule: ElementRule) -> JsonObject:
    return _sparse(
        {
            "id": rule.id,
            "name": rule.name,
            "min": Number(str(rule.min)) if rule.min else None,
            "max": Number(str(rule.max)) if rule.max is not None else None,
            "types": [
                _sparse({"code": one.code, "profiles": [*one.profiles], "targets": [*one.targets]})
                for one in rule.types
            ],
            "fixed": [rule.fixed] if rule.fixed is not None else None,
            "pattern": [rule.pattern] if rule.pattern is not None else None,
            "binding": [rule.binding.strength, rule.binding.value_set] if rule.binding else None,
            "invariants": [
                {"key": one.key, "severity": one.severity, "human": one.human, "expression": one.expression}
                for one in rule.invariants
            ],
            "slicing": _slicing_to_json(rule.slicing),
            "slice": rule.slice_name,
            "slices": [_rule_to_json(one) for one in rule.slices],
            "children": [_rule_to_json(one) for one in rule.children],
        }
    )


def _slicing_to_json(slicing: Slicing | None) -> JsonValue:
    if slicing is None:
        return None
    told: list[JsonValue] = [[one.type, one.path] for one in slicing.discriminators]
    return {"by": told, "rules": slicing.rules, "ordered": slicing.ordered}


def _rule_from_json(value: JsonObject) -> ElementRule:
    get = value.get
    most, binding = get("max"), texts(get("binding"))
    return ElementRule(
        id=text(get("id")) or "",
        name=text(get("name")) or "",
        min=_count(get("min")) or 0,
        max=_count(most),
        types=tuple(_type_from_json(one) for one in objects(get("types"))) if "types" in value else (),
        fixed=_boxed(get("fixed")),
        pattern=_boxed(get("pattern")),
        binding=BindingRule(binding[0], binding[1]) if len(binding) == 2 else None,
        invariants=tuple(_invariant_from_json(one) for one in objects(get("invariants"))),
        slicing=_slicing_from_json(as_object(get("slicing"))) if "slicing" in value else None,
        slice_name=text(get("slice")) or "",
        slices=tuple(_rule_from_json(one) for one in objects(get("slices"))) if "slices" in value else (),
        children=tuple(_rule_from_json(one) for one in objects(get("children"))) if "children" in value else (),
    )


def _type_from_json(value: JsonObject) -> TypeRule:
    return TypeRule(
        text(value.get("code")) or "", tuple(texts(value.get("profiles"))), tuple(texts(value.get("targets")))
    )


def _invariant_from_json(value: JsonObject) -> Invariant:
    key, severity = text(value.get("key")) or "", text(value.get("severity")) or "error"
    return Invariant(key, severity, text(value.get("human")) or "", text(value.get("expression")) or "")


def _slicing_from_json(value: JsonObject) -> Slicing:
    listed = value.get("by")
    rows = [texts(row) for row in listed] if isinstance(listed, list) else []
    told = tuple(Discriminator(row[0], row[1]) for row in rows if len(row) == 2)
    return Slicing(told, text(value.get("rules")) or "open", value.get("ordered") is True)


def _boxed(value: JsonValue) -> JsonValue:
    """What is kept in a list of one, so that any value can be told from none."""
    return value[0] if isinstance(value, list) and value else None


def _count(value: JsonValue) -> int | None:
    return int(value.text) if isinstance(value, Number) else None


def _sparse(value: dict[str, JsonValue]) -> JsonObject:
    """Without what says nothing."""
    return {name: one for name, one in value.items() if one not in (None, False, "", [])}
