"""Slicing: to which of a profile's slices a value belongs.

Discriminators are worked out once per slice and message; must not know what is checked of a slice's values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbench.messages import tree
from workbench.profiles.compiled import Discriminator
from workbench.profiles.profile_codes import is_in
from workbench.profiles.profile_paths import Step, addresses_of, follow, is_type, rules_at, steps_of
from workbench.profiles.profile_values import Located, equal, fits

if TYPE_CHECKING:
    from workbench.messages import JsonValue
    from workbench.profiles.compiled import ElementRule, Slicing
    from workbench.profiles.profile_context import Context
    from workbench.profiles.profile_values import Item


class Criterion(NamedTuple):
    """What a value must have to be of a slice."""

    kind: str
    """`fixed`, `pattern`, `codes`, `exists`, `absent`, `types` or `profiles`."""
    steps: tuple[Step, ...]
    wanted: JsonValue = None
    names: tuple[str, ...] = ()
    """Types, profiles or the value set."""


_BY_TYPE = (Discriminator("type", "$this"),)
_EXTENSIONS = ("extension", "modifierExtension")


def assign(
    items: list[Item], rule: ElementRule, holder: Located, context: Context
) -> list[tuple[Item, int | None, bool]]:
    """Every value with the index of its slice (None = of none) and whether that could be told."""
    asked = [_criteria(one, rule.slicing, rule.name, context) for one in rule.slices]
    found: list[tuple[Item, int | None, bool]] = []
    for item in items:
        slot: int | None = None
        told = True
        for index, criteria in enumerate(asked):
            matches = _matches(item, criteria, holder, context)
            if matches:
                slot, told = index, True
                break
            told = told and matches is not None
        found.append((item, slot, told))
    return found


def _matches(item: Item, criteria: tuple[Criterion, ...] | None, holder: Located, context: Context) -> bool | None:
    """Whether a value is of a slice; None when that cannot be told."""
    if criteria is None:
        return None
    told = True
    for one in criteria:
        answer = _meets(item, one, holder, context)
        if answer is False:
            return False
        told = told and answer is True
    return True if told else None


def _meets(item: Item, asked: Criterion, holder: Located, context: Context) -> bool | None:
    found = follow(item, asked.steps, holder, context)
    if asked.kind == "exists":
        return bool(found)
    if asked.kind == "absent":
        return not found
    if asked.kind == "fixed":
        return any(equal(one.value, asked.wanted) for one in found)
    if asked.kind == "pattern":
        return any(fits(one.value, asked.wanted) for one in found)
    if asked.kind == "types":
        return any(is_type(one, name) for one in found for name in asked.names)
    if asked.kind == "codes":
        told = [is_in(one, asked.names[0], context) for one in found]
        return True if True in told else (None if None in told else False)
    return _conforms(found, asked.names, context)


def _conforms(found: list[Item], addresses: tuple[str, ...], context: Context) -> bool | None:
    """Whether one of the resources meets one of the profiles; only resources can be told."""
    untold = False
    for one in found:
        for address in addresses:
            profile = context.profile(address)
            if profile is None or not tree.text(one.object.get("resourceType")):
                untold = True
            elif one.type == profile.type and not context.errors(Located(one.path, one.object), profile):
                return True
    return None if untold else False


def _criteria(rule: ElementRule, slicing: Slicing | None, name: str, context: Context) -> tuple[Criterion, ...] | None:
    """What tells the values of a slice; None when its profile does not say enough."""
    kept = context.criteria.get(id(rule))
    if kept is None:
        kept = context.criteria[id(rule)] = (rule, _work_out(rule, slicing, name, context))
    return kept[1]


def _work_out(rule: ElementRule, slicing: Slicing | None, name: str, context: Context) -> tuple[Criterion, ...] | None:
    discriminators = slicing.discriminators if slicing else ()
    if not discriminators and name.endswith("[x]"):
        discriminators = _BY_TYPE
    if not discriminators and name in _EXTENSIONS:
        discriminators = (Discriminator("value", "url"),)
    found: list[Criterion] = []
    for one in discriminators:
        steps = steps_of(one.path)
        criteria = None if steps is None else _of(one.type, steps, rule, name, context)
        if not criteria:
            return None
        found += criteria
    return tuple(found) or None


def _of(kind: str, steps: tuple[Step, ...], rule: ElementRule, name: str, context: Context) -> list[Criterion]:
    """The criteria of one discriminator; empty when the slice does not say what it asks for there."""
    rules = rules_at(rule, steps, context)
    if kind == "type":
        codes = tuple(one.code for inner in rules for one in inner.types)
        if not codes and steps and steps[-1].kind == "resolve":
            before = rules_at(rule, steps[:-1], context)
            targets = [target for inner in before for one in inner.types for target in one.targets]
            profiles = [context.profile(target) for target in targets]
            codes = tuple(
                one.type if one else target.rpartition("/")[2] for one, target in zip(profiles, targets, strict=True)
            )
        return [Criterion("types", steps, names=codes)] if codes else []
    if kind == "profile":
        addresses = tuple(dict.fromkeys(address for inner in rules for address in addresses_of(inner.types)))
        if not addresses and steps and steps[-1].kind == "resolve":
            before = rules_at(rule, steps[:-1], context)
            addresses = tuple(target for inner in before for one in inner.types for target in one.targets)
        return [Criterion("profiles", steps, names=addresses)] if addresses else []
    if kind == "exists":
        return _existence(rules, steps)
    if not rules and name in _EXTENSIONS and [step.argument for step in steps] == ["url"] and addresses_of(rule.types):
        return [Criterion("fixed", steps, addresses_of(rule.types)[0].partition("|")[0])]
    return [one for inner in rules for one in _values(inner, steps, context)] or _existence(rules, steps)


def _values(rule: ElementRule, steps: tuple[Step, ...], context: Context) -> list[Criterion]:
    """What a rule fixes, or what its children do."""
    if rule.fixed is not None:
        return [Criterion("fixed", steps, rule.fixed)]
    if rule.pattern is not None:
        return [Criterion("pattern", steps, rule.pattern)]
    if rule.binding is not None and rule.binding.strength == "required":
        return [Criterion("codes", steps, names=(rule.binding.value_set,))]
    return [one for child in rule.children for one in _values(child, (*steps, Step("name", child.name)), context)]


def _existence(rules: list[ElementRule], steps: tuple[Step, ...]) -> list[Criterion]:
    if any(rule.max == 0 for rule in rules):
        return [Criterion("absent", steps)]
    return [Criterion("exists", steps)] if any(rule.min > 0 for rule in rules) else []
