"""Extensions: whether they are defined, may stand where they stand, and have no parts that nobody defined.

Must not know how a profile is checked: what an extension holds is checked against its definition like any value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.messages import Severity, tree
from workbench.profiles.problems import Kind, Problem
from workbench.profiles.profile_context import short
from workbench.profiles.profile_paths import is_type
from workbench.profiles.profile_values import items_of
from workbench.standard.r4 import r4
from workbench.standard.urls import UK_CORE_PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.profiles.compiled import CompiledProfile, ExtensionContext
    from workbench.profiles.profile_context import Context
    from workbench.profiles.profile_values import Item
    from workbench.profiles.profile_walk import Extension

_NAMED = re.compile(r"[A-Za-z]\w*(\.\w+(\[x\])?)*")
_OWNERS = {
    "http://hl7.org/fhir/StructureDefinition/": "hl7.fhir.r4.core#",
    "https://fhir.hl7.org.uk/StructureDefinition/": "fhir.r4.ukcore.",
    "https://fhir.nhs.uk/StructureDefinition/": "uk.nhsdigital.",
}
"""Beginning of the addresses of extensions -> beginning of the name of the packages that define them."""
_BY_TABLES = frozenset({(UK_CORE_PROFILE + "Extension-UKCore-ContactPreference", "Patient.contact")})
"""Extensions that payload tables of the standard put where their definition does not: (address, path of the owner)."""


def place_problems(found: Extension, profile: CompiledProfile | None, context: Context) -> Iterator[Problem]:
    """What is wrong with an extension standing where it stands, or with nobody having defined it."""
    if profile is None:
        if any(
            found.url.startswith(stem) and any(name.startswith(owner) for name in context.definitions.names)
            for stem, owner in _OWNERS.items()
        ):
            text = f"The extension {short(found.url)} is in none of the packages, and its address says it should be."
            yield Problem(Kind.EXTENSION, found.item.path, text, None, Severity.WARNING)
        return
    if profile.type != "Extension":
        text = f"{short(found.url)} is the address of a profile of {profile.type}, not of an extension."
        yield Problem(Kind.EXTENSION, found.item.path, text)
        return
    modifies = found.name == "modifierExtension"
    if modifies != profile.modifier:
        right = "modifierExtension" if profile.modifier else "extension"
        text = f"The extension {short(found.url)} must be written as {right}."
        yield Problem(Kind.EXTENSION, found.item.path, text)
    if profile.contexts and not any(_allows(one, found) for one in profile.contexts):
        where = ", ".join(one.expression.rpartition("/")[2] for one in profile.contexts)
        text = f"The extension {short(found.url)} may not stand in {found.owner_path}: it belongs to {where}."
        if (found.url, found.owner_path) in _BY_TABLES:
            text += " The payload tables of the standard put it there all the same."
        yield Problem(Kind.EXTENSION, found.item.path, text)


def strangers(item: Item, profile: CompiledProfile) -> Iterator[Problem]:
    """The parts of an extension that its definition does not name; one that has no parts may have none."""
    slices = [one for rule in profile.root.children if rule.name == "extension" for one in rule.slices]
    known = {
        inner.fixed for one in slices for inner in one.children if inner.name == "url" and isinstance(inner.fixed, str)
    }
    known |= {address for one in slices for kind in one.types for address in kind.profiles}
    if len(known) < len(slices):
        return
    for part in items_of(item, "extension"):
        url = tree.text(part.object.get("url"))
        if url and ":" not in url and url not in known:
            yield Problem(Kind.EXTENSION, part.path, f"The extension {short(profile.url)} has no part named {url}.")


def _allows(place: ExtensionContext, found: Extension) -> bool:
    """Whether an extension may stand in a place; a place that cannot be told is allowed."""
    named = place.expression
    if place.type == "extension":
        return found.owner.type == "Extension" and found.owner.object.get("url") == named
    if place.type != "element" or not _NAMED.fullmatch(named):
        return True
    named = named.removesuffix("[x]")
    if named == found.owner_path or is_type(found.owner, named):
        return True
    if "." not in named:
        return named == "BackboneElement" and "." in found.owner.type
    return _ends_with(found, named)


def _ends_with(found: Extension, named: str) -> bool:
    """Whether a path within a datatype (`HumanName.family`), or to a choice (`Observation.value`), is the owner's."""
    head, _, rest = named.partition(".")
    if found.owner_path.startswith(f"{named}") and found.owner_path[len(named) : len(named) + 1].isupper():
        return True
    steps = found.owner_path.split(".")
    table = r4()
    kind = steps[0]
    for number, step in enumerate(steps[1:], 1):
        if kind == head and ".".join(steps[number:]) == rest:
            return True
        spec = table.element(kind, step)
        kind = table.child_path(kind, step) or (spec.types[0] if spec else "")
    return False
