"""References: whether they lead to the types of resources, and to resources of the profiles, that a profile asks for.

Must not know how a profile is checked: the context tells whether a resource meets one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import tree
from workbench.profiles import profile_words as words
from workbench.profiles.profile_context import Followed, base_type, type_by_url
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.profiles.compiled import CompiledProfile, ElementRule
    from workbench.profiles.problems import Problem
    from workbench.profiles.profile_context import Context
    from workbench.profiles.profile_values import Item, Located

_ANYTHING = ("Resource", "DomainResource")


def target(
    item: Item, rule: ElementRule, owner_type: str, who: str, holder: Located, context: Context
) -> Iterator[Problem]:
    """What the targets of an element's types find in one reference; `owner_type` is where R4 describes the element."""
    addresses = _addresses(rule)
    text = tree.text(item.object.get("reference"))
    if not addresses:
        return
    profiles = {address: context.profile(address) for address in addresses}
    allowed = {address: found.type if found else base_type(address) for address, found in profiles.items()}
    if not all(allowed.values()) or any(kind in _ANYTHING for kind in allowed.values()):
        return
    found = context.target(text, holder) if text else None
    kind = (found.type if found else "") or (type_by_url(text) if text else "") or tree.text(item.object.get("type"))
    if not kind:
        return
    if kind not in allowed.values():
        if _is_known_to_base(kind, owner_type, rule.name):
            yield words.wrong_target(who, item.path, rule.name, list(allowed.values()), kind)
        return
    if found is not None:
        yield from _meets_one(
            item, rule, who, found, {a: p for a, p in profiles.items() if allowed[a] == kind}, context
        )


def _meets_one(
    item: Item,
    rule: ElementRule,
    who: str,
    found: Located,
    profiles: dict[str, CompiledProfile | None],
    context: Context,
) -> Iterator[Problem]:
    """A problem when the resource meets none of the profiles; one that does is kept for what is wrong with it else."""
    causes: list[Problem] = []
    asked = [one for one in profiles if not base_type(one)]
    for profile in profiles.values():
        errors = context.errors(found, profile) if profile is not None else []
        if not errors:
            if asked:
                context.followed.setdefault(item.path, Followed(who, rule.name, tuple(asked), found))
            return
        causes += errors
    context.causes[item.path] = tuple(causes)
    yield words.unmet_target(who, item.path, rule.name, asked, found.type, causes[0].text)


def _addresses(rule: ElementRule) -> tuple[str, ...]:
    """What a reference may point to; empty = anything."""
    kinds = [one for one in rule.types if one.code == "Reference"]
    if any(not one.targets for one in kinds):
        return ()
    return tuple(dict.fromkeys(target for one in kinds for target in one.targets))


def _is_known_to_base(kind: str, owner_type: str, name: str) -> bool:
    """Whether base R4 allows this type here, so that only the profile objects."""
    stem = name.removesuffix("[x]")
    spec = r4().element(owner_type, f"{stem}Reference" if name.endswith("[x]") else name)
    return kind in r4().resource_types() and (spec is None or not spec.targets or kind in spec.targets)
