"""What checking a message against profiles shares: packages, the targets of references, what was checked already.

Keeps what could not be told, for the reader; must not know how a profile is checked. One per message and thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbench.messages import Severity, tree
from workbench.messages.identity import type_and_id
from workbench.messages.references import Targets
from workbench.profiles import base
from workbench.profiles.problems import Kind
from workbench.profiles.profile_values import Located
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from workbench.messages import Entry, JsonObject
    from workbench.profiles.compiled import CompiledProfile, Definitions, ElementRule
    from workbench.profiles.problems import Problem
    from workbench.profiles.profile_slices import Criterion

    Check = Callable[[JsonObject, str, CompiledProfile, "Context"], Iterator[Problem]]

BASE_TYPES = "http://hl7.org/fhir/StructureDefinition/"
_MILD = frozenset({Kind.OUTSIDE_VALUE_SET, Kind.UNKNOWN_PROFILE})
"""What is a warning unless the problem says otherwise."""


class Followed(NamedTuple):
    """A reference that leads to a resource of the profile asked for."""

    who: str
    """The profile that asks."""
    name: str
    """The element that refers."""
    asked: tuple[str, ...]
    """The profiles, by their addresses."""
    target: Located


class Context:
    """One message being checked."""

    def __init__(self, root: Located, definitions: Definitions, entries: Sequence[Entry], check: Check) -> None:
        self.root = root
        """The resource of the whole message, the Bundle."""
        self.definitions = definitions
        self.untold: dict[str, str] = {}
        """Address of a value set -> why its codes cannot be told."""
        self.unrun: dict[str, str] = {}
        """Key of an invariant -> why it could not be run."""
        self.overrun: set[str] = set()
        """Expressions that took too long, which are not run again."""
        self.incomplete: dict[str, str] = {}
        """Name of a profile that was checked in part -> why."""
        self.unknown: set[str] = set()
        """Addresses of profiles that a rule names and no package has."""
        self._check = check
        self._entries = {one.index: one for one in entries}
        self._targets = Targets(entries)
        self._known: dict[tuple[str, str], tuple[Problem, ...]] = {}
        self._flaws: dict[str, str] = {}
        self.causes: dict[str, tuple[Problem, ...]] = {}
        """Path of a reference whose target meets no profile asked for -> the errors that say so."""
        self.followed: dict[str, Followed] = {}
        """Path of a reference whose target meets a profile asked for -> what was asked."""
        self.containers: dict[str, Located] = {}
        """Path -> resources that contain others."""
        self.criteria: dict[int, tuple[ElementRule, tuple[Criterion, ...] | None]] = {}
        """What tells the values of a slice, by the identity of its rule; the rule is kept so that it stays its own."""

    def profile(self, canonical: str) -> CompiledProfile | None:
        """The profile at an address; one that no package has is remembered, a base type is not."""
        found = self.definitions.profile(canonical)
        if found is None and not base_type(canonical):
            self.unknown.add(canonical)
        return found

    def contains(self, value_set: str, system: str | None, code: str) -> bool | None:
        """Whether a value set has a code; what cannot be told is remembered."""
        found = self.definitions.contains(value_set, system, code)
        if found is None:
            self.untold.setdefault(value_set, self.definitions.unresolved(value_set))
        return found

    def target(self, reference: str, holder: Located) -> Located | None:
        """The resource a reference points to: inside its own resource or in the Bundle."""
        if reference.startswith("#"):
            outer = holder.path.partition(".contained[")[0]
            around = holder if outer == holder.path else self.containers.get(outer, holder)
            inside = around.resource.get("contained")
            for index, one in enumerate(inside if isinstance(inside, list) else []):
                if tree.as_object(one).get("id") == reference[1:]:
                    return Located(f"{around.path}.contained[{index}]", tree.as_object(one))
            return around if reference == "#" else None
        index_of = self._targets.entry(reference)
        if index_of is None:
            return None
        entry = self._entries.get(index_of)
        return Located(entry.path, entry.resource) if entry and entry.resource else None

    def problems(self, found: Located, profile: CompiledProfile) -> tuple[Problem, ...]:
        """What a profile finds in a resource, worked out once; nothing for one that is being checked already."""
        key = (found.path, profile.url)
        if key not in self._known:
            if profile.incomplete:
                self.incomplete.setdefault(short(profile.url), profile.incomplete)
            self._known[key] = ()
            self._known[key] = tuple(self._check(found.resource, found.path, profile, self))
        return self._known[key]

    def errors(self, found: Located, profile: CompiledProfile) -> list[Problem]:
        """The errors a profile finds in a resource; none = the resource meets it."""
        return [problem for problem in self.problems(found, profile) if is_error(problem)]

    def flaw(self, found: Located) -> str:
        """The first error that base R4 finds in a resource, in words; empty when there is none."""
        if found.path not in self._flaws:
            wrong = (one.text for one in base.check(found.resource, found.path) if is_error(one))
            self._flaws[found.path] = next(wrong, "")
        return self._flaws[found.path]


def is_error(problem: Problem) -> bool:
    """Whether a problem makes its resource not meet the profile."""
    if problem.severity is None:
        return problem.kind not in _MILD
    return problem.severity.rank <= Severity.ERROR.rank


def base_type(canonical: str) -> str:
    """The base type an address names (`.../StructureDefinition/Patient`), empty for a profile."""
    name = canonical.partition("|")[0].removeprefix(BASE_TYPES)
    known = name in ("Resource", "DomainResource") or r4().is_described(name)
    return name if known and canonical.startswith(BASE_TYPES) else ""


def short(canonical: str) -> str:
    """The name of a profile or value set as people use it: the last part of its address."""
    return canonical.partition("|")[0].rstrip("/").rpartition("/")[2]


def type_by_url(reference: str) -> str:
    """The resource type that a relative or absolute reference names; empty for anything else."""
    named = type_and_id(reference)
    return named[0] if named and named[0] in r4().resource_types() else ""
