"""Profiles and terminology as they are checked: trees of element rules, compiled once from FHIR packages.

Values only; must not know packages, files or how anything is checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from workbench.messages import JsonValue


@dataclass(frozen=True, slots=True)
class TypeRule:
    """One type that an element may have."""

    code: str
    """`Reference`, `string`, `Patient`, ..."""
    profiles: tuple[str, ...] = ()
    """Canonical addresses of profiles, one of which the value must meet; empty = the plain type."""
    targets: tuple[str, ...] = ()
    """For a Reference: canonical addresses of what it may point to; empty = anything."""


@dataclass(frozen=True, slots=True)
class BindingRule:
    """The value set that a coded element is bound to."""

    strength: str
    """`required`, `extensible`; weaker ones are not compiled."""
    value_set: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """A FHIRPath constraint."""

    key: str
    severity: str
    """`error` or `warning`."""
    human: str
    expression: str


@dataclass(frozen=True, slots=True)
class Discriminator:
    """How the slice of a value is told."""

    type: str
    """`value`, `pattern`, `exists`, `type` or `profile`."""
    path: str


@dataclass(frozen=True, slots=True)
class Slicing:
    """How the values of one element are divided."""

    discriminators: tuple[Discriminator, ...]
    rules: str
    """`open`, `closed` or `openAtEnd`."""
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class ElementRule:
    """What a profile asks of one element; what base R4 asks already is left out where that is possible."""

    id: str
    """Of the element definition, `Patient.identifier:nhsNumber.system`."""
    name: str
    """Of the element itself: `identifier`, `value[x]`; of the root the type."""
    min: int = 0
    max: int | None = None
    """None = any number."""
    types: tuple[TypeRule, ...] = ()
    """Empty = as in base R4."""
    fixed: JsonValue = None
    pattern: JsonValue = None
    binding: BindingRule | None = None
    invariants: tuple[Invariant, ...] = ()
    """Those of the profile and of its base profiles; those of base R4 are left out."""
    slicing: Slicing | None = None
    slice_name: str = ""
    slices: tuple[ElementRule, ...] = ()
    """Slices of a slice (re-slicing) are slices of that slice's rule."""
    children: tuple[ElementRule, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtensionContext:
    """A place where an extension may stand."""

    type: str
    """`element` (a path or a type such as `Patient.contact`), `extension` (the address of the one around it) or
    `fhirpath`."""
    expression: str


@dataclass(frozen=True, slots=True)
class CompiledProfile:
    """One StructureDefinition: a profile of a resource, a datatype or an extension."""

    url: str
    version: str
    name: str
    type: str
    """The base type it constrains."""
    base: str
    """Canonical address of what it derives from."""
    root: ElementRule
    abstract: bool = False
    contexts: tuple[ExtensionContext, ...] = ()
    """Of an extension: where it may stand; empty = anywhere."""
    modifier: bool = False
    """Of an extension: whether it is a modifierExtension."""
    incomplete: str = ""
    """Why part of what it asks is not known (a base profile that no package has), in words; empty when all is."""


class Definitions(Protocol):
    """What is loaded of FHIR packages; safe to share between threads."""

    @property
    def names(self) -> tuple[str, ...]:
        """Loaded packages as `uk.nhsdigital.bars.r4#1.34.0`, dependencies after what needs them."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Dependencies that no package gives, as `name#version`."""

    def profile(self, canonical: str) -> CompiledProfile | None:
        """The definition at an address (a `|version` after it must fit), None when no package has it."""

    def contains(self, value_set: str, system: str | None, code: str) -> bool | None:
        """Whether a value set has a code; None when that cannot be told from the packages."""

    def defines(self, system: str, code: str) -> bool | None:
        """Whether a code system has a code; None when no package has the whole system (fragments, SNOMED CT)."""

    def unresolved(self, value_set: str) -> str:
        """Why codes of a value set cannot be told, in words for a reader; empty when they can."""
