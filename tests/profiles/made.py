"""Hand-made profiles and the definitions that hold them, for the tests of the profile layer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.messages import JsonObject, build
from workbench.profiles.compiled import CompiledProfile, Discriminator, ElementRule, Invariant, Slicing, TypeRule
from workbench.profiles.profile_check import check
from workbench.profiles.profile_context import Context
from workbench.profiles.profile_values import Located

if TYPE_CHECKING:
    from workbench.profiles.problems import Problem

URL = "https://mock.invalid/StructureDefinition/"
SET = "https://mock.invalid/ValueSet/"
SYSTEM = "https://mock.invalid/CodeSystem/"


@dataclass(frozen=True)
class Made:
    """Definitions of what a test names: profiles, and value sets and systems by their codes."""

    profiles: tuple[CompiledProfile, ...] = ()
    sets: dict[str, set[str]] = field(default_factory=dict)
    systems: dict[str, set[str]] = field(default_factory=dict)
    names: tuple[str, ...] = ("mock.package#1.0.0",)
    missing: tuple[str, ...] = ()

    def profile(self, canonical: str) -> CompiledProfile | None:
        bare, _, version = canonical.partition("|")
        found = next((one for one in self.profiles if one.url == bare), None)
        return found if found and version in ("", found.version) else None

    def contains(self, value_set: str, system: str | None, code: str) -> bool | None:
        held = self.sets.get(value_set)
        return None if held is None else code in held

    def defines(self, system: str, code: str) -> bool | None:
        held = self.systems.get(system)
        return None if held is None else code in held

    def unresolved(self, value_set: str) -> str:
        return "" if value_set in self.sets else "needs a terminology server"


def a_rule(name: str, *children: ElementRule, **facts: object) -> ElementRule:
    """A rule of an element; `types` may be texts."""
    types = facts.pop("types", ())
    made = tuple(TypeRule(one) if isinstance(one, str) else one for one in types)
    return ElementRule(f"Mock.{name}", name, types=made, children=children, **facts)


def a_slice(slice_name: str, name: str, *children: ElementRule, **facts: object) -> ElementRule:
    """A slice of an element."""
    return a_rule(name, *children, slice_name=slice_name, **facts)


def sliced(*discriminators: tuple[str, str], rules: str = "open", ordered: bool = False) -> Slicing:
    """A slicing by (type, path)."""
    return Slicing(tuple(Discriminator(*one) for one in discriminators), rules, ordered)


def a_profile(name: str, kind: str, *children: ElementRule, **facts: object) -> CompiledProfile:
    """A profile of a type with rules for its elements; `root` gives more facts of its root rule."""
    root = facts.pop("root", {})
    return CompiledProfile(
        URL + name, "1.0.0", name, kind, "", ElementRule(kind, kind, children=children, **root), **facts
    )


def a_constraint(expression: str, severity: str = "error") -> Invariant:
    """A constraint of that expression."""
    return Invariant("moc-1", severity, "It must hold.", expression)


def a_context(resource: JsonObject, definitions: Made) -> Context:
    """What checking a resource shares."""
    message = build(resource)
    return Context(Located(message.resource_type, resource), definitions, message.entries(), check)


def problems(resource: JsonObject, profile: CompiledProfile, definitions: Made | None = None) -> list[Problem]:
    """What a profile finds in a resource that stands alone."""
    context = a_context(resource, definitions or Made())
    return list(check(resource, str(resource["resourceType"]), profile, context))


def found(resource: JsonObject, profile: CompiledProfile, definitions: Made | None = None) -> list[tuple[str, str]]:
    """Kind and path of what a profile finds."""
    return [(str(one.kind), one.path) for one in problems(resource, profile, definitions)]
