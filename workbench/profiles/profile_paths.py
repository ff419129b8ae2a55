"""The paths of discriminators (`coding.code`, `resolve().code`, `extension('url').value`): on values and on rules.

A restricted FHIRPath that is followed the same way through a message and through a profile.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from workbench.messages import tree
from workbench.profiles.profile_values import Item, items_of, type_name
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from workbench.profiles.compiled import ElementRule, TypeRule
    from workbench.profiles.profile_context import Context
    from workbench.profiles.profile_values import Located

_STEP = re.compile(
    r"(?P<this>\$this)|(?P<call>extension|ofType|as|resolve)\((?P<argument>[^()]*)\)|(?P<name>[A-Za-z]\w*(?:\[x\])?)"
)


class Step(NamedTuple):
    """One step: an element's name, or a function with its argument."""

    kind: str
    """`name`, `extension`, `ofType` or `resolve`."""
    argument: str


@cache
def steps_of(path: str) -> tuple[Step, ...] | None:
    """The steps of a path; `$this` is no step. None for a path that discriminators may not have."""
    steps: list[Step] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            return None
        if match["call"]:
            kind = "ofType" if match["call"] == "as" else match["call"]
            steps.append(Step(kind, match["argument"].strip("'\" ").removeprefix("FHIR.")))
        elif match["name"]:
            steps.append(Step("name", match["name"]))
        position = match.end()
        if position < len(path) and path[position] != ".":
            return None
        position += 1
    return tuple(steps)


def follow(item: Item, steps: tuple[Step, ...], holder: Located, context: Context) -> list[Item]:
    """The values a path leads to from a value; empty where the way ends."""
    found = [item]
    for step in steps:
        found = [inner for one in found for inner in _from(one, step, holder, context)]
    return found


def rules_at(rule: ElementRule, steps: tuple[Step, ...], context: Context) -> list[ElementRule]:
    """What a profile says of the place a path leads to, from its own rules and from profiles of its types."""
    found = [rule]
    for step in steps:
        found = [inner for one in found for inner in _below(one, step, context)]
    return found


def addresses_of(types: tuple[TypeRule, ...]) -> tuple[str, ...]:
    """The profiles of an element's types."""
    return tuple(address for one in types for address in one.profiles)


def _from(item: Item, step: Step, holder: Located, context: Context) -> list[Item]:
    if step.kind == "ofType":
        return [item] if step.argument in (item.type, type_name(item)) else []
    if step.kind == "extension":
        return [one for one in items_of(item, "extension") if one.object.get("url") == step.argument]
    if step.kind == "resolve":
        text = tree.text(item.object.get("reference")) if isinstance(item.value, dict) else tree.text(item.value)
        target = context.target(text, holder) if text else None
        return [target.item] if target else []
    if step.argument == "resourceType" and item.object.get("resourceType"):
        return [Item(f"{item.path}.resourceType", item.object["resourceType"], {}, "code")]
    found = items_of(item, step.argument)
    return found or items_of(item, f"{step.argument.removesuffix('[x]')}[x]")


def _below(rule: ElementRule, step: Step, context: Context) -> list[ElementRule]:
    if step.kind == "ofType":
        named = rule.name.removesuffix("[x]")
        narrowed = [one for one in rule.slices if [kind.code for kind in one.types] == [step.argument]]
        return narrowed or ([rule] if named != rule.name else [])
    if step.kind == "resolve":
        targets = [target for one in rule.types for target in one.targets]
        known = [context.profile(target) for target in targets] if len(targets) == 1 else []
        return [one.root for one in known if one is not None]
    if step.kind == "extension":
        return _extension(rule, step.argument, context)
    names = {step.argument, f"{step.argument}[x]"}
    found = [one for one in rule.children if one.name in names]
    if not found and len(addresses := addresses_of(rule.types)) == 1:
        profile = context.profile(addresses[0])
        found = [one for one in profile.root.children if one.name in names] if profile else []
    return found


def _extension(rule: ElementRule, url: str, context: Context) -> list[ElementRule]:
    """The rules for the extension of an address: a slice with inline rules, and the extension's own profile."""
    found: list[ElementRule] = []
    for child in rule.children:
        if child.name != "extension":
            continue
        for one in child.slices:
            if url in addresses_of(one.types) or any(
                inner.name == "url" and inner.fixed == url for inner in one.children
            ):
                found.append(one)
    profile = context.profile(url) if not found else None
    return [profile.root] if profile else found


def is_type(item: Item, code: str) -> bool:
    """Whether a value is of a type or one derived from it."""
    if code in (item.type, type_name(item), "Element"):
        return True
    if item.type in r4().resource_types():
        return code == "Resource" or (code == "DomainResource" and item.type not in _NO_DOMAIN)
    return code in _PARENTS.get(item.type, ())


_NO_DOMAIN = ("Bundle", "Binary", "Parameters")
"""Resources that have neither narrative nor extensions."""
_PARENTS = {
    "id": ("string",),
    "code": ("string",),
    "markdown": ("string",),
    "url": ("uri",),
    "canonical": ("uri",),
    "oid": ("uri",),
    "uuid": ("uri",),
    "positiveInt": ("integer",),
    "unsignedInt": ("integer",),
    "Age": ("Quantity",),
    "Count": ("Quantity",),
    "Distance": ("Quantity",),
    "Duration": ("Quantity",),
    "Money": (),
}
"""What a type is derived from."""
