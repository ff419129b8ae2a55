"""Coded values and references inside base R4: required bindings of concepts, and what a reference may name.

Each function takes one value with its path and gives problems. Must not know how a tree is walked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.messages import Edit, EditOp, Fix, tree
from workbench.profiles.base_words import bad_code, is_slip, listed, nearest, put, quoted, same_code
from workbench.profiles.presence import has
from workbench.profiles.primitives import FITS, text_problem
from workbench.profiles.problems import Kind, Problem
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.profiles.base_shapes import Member

_RELATIVE = re.compile(r"([A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*/([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[^/\s]+)?")
_CONDITIONAL = re.compile(r"([A-Z][A-Za-z]+)\?\S+")
_DEFINITIONS = "http://hl7.org/fhir/StructureDefinition/"


def concept_problems(member: Member, concept: JsonObject, path: str) -> Iterator[Problem]:
    """A CodeableConcept with a required binding: one of its codings must be of the code system and known there."""
    codings = tree.objects(concept.get("coding"))
    if any(one.get("system") == member.system and _code(one) in member.codes for one in codings):
        return
    if not codings:
        if not has(concept, "extension"):
            text = f"{member.name} needs a coding of {member.system}; it has none."
            yield Problem(Kind.BAD_CODE, path, text)
        return
    listed_ones = isinstance(concept.get("coding"), list)
    for index, one in enumerate(codings):
        here = f"{path}.coding[{index}]" if listed_ones else f"{path}.coding"
        system = one.get("system")
        if system == member.system or (system is None and len(codings) == 1):
            yield _wrong_coding(member, _code(one), system is None, here)
            return
    only = len(codings) == 1 and listed_ones
    place = f"{path}.coding[0].system" if only else path
    system = codings[0].get("system")
    fix = None
    if only and _code(codings[0]) in member.codes and isinstance(system, str) and _same_address(system, member.system):
        fix = put("Set the code system", place, member.system)
    yield Problem(Kind.BAD_CODE, place, f"{member.name} needs a coding of {member.system}; it has none.", fix)


def _wrong_coding(member: Member, code: str, no_system: bool, path: str) -> Problem:
    """The coding that was meant to be of the binding, and is not."""
    if not no_system:
        if code.strip():
            return bad_code(f"{path}.code", member, code)
        text = f"The coding of {member.name} has no code; {_some(member)} is needed."
        return Problem(Kind.BAD_CODE, f"{path}.code", text)
    right = code if code in member.codes else same_code(member, code)
    text = f"The coding of {member.name} does not name its code system, {member.system}."
    if right is None:
        return Problem(Kind.BAD_CODE, f"{path}.system", text)
    edits = [Edit(EditOp.SET, f"{path}.system", member.system)]
    if right != code:
        edits.append(Edit(EditOp.SET, f"{path}.code", right))
    return Problem(Kind.BAD_CODE, f"{path}.system", text, Fix("Name the code system", tuple(edits)))


def reference_problems(member: Member, reference: JsonObject, path: str) -> Iterator[Problem]:
    """What a Reference names by type and id, in a form that FHIR knows; whether it leads anywhere is told elsewhere."""
    value = reference.get("reference")
    named = None
    if isinstance(value, str) and value.strip() and value[0] != "#":
        problem, named = _named(value)
        if problem:
            yield Problem(Kind.BAD_FORMAT, f"{path}.reference", f"The reference {quoted(value)} {problem}.")
    kind = reference.get("type")
    said = kind.removeprefix(_DEFINITIONS) if isinstance(kind, str) else None
    if said is not None and said not in r4().resource_types():
        if said.strip() and ":" not in said:
            yield _unknown_type(said, f"{path}.type")
        said = None
    if named and named not in r4().resource_types():
        text = f"The reference {quoted(str(value))} names '{named[:40]}', which is no resource type of FHIR R4."
        yield Problem(Kind.WRONG_TARGET, f"{path}.reference", text, readable=True)
        named = None
    for target, place in ((named, "reference"), (said if named is None else None, "type")):
        if target and member.targets and target not in member.targets:
            text = f"{member.path} leads to {_a(target)}; it must be {_a(listed(list(member.targets)))}."
            yield Problem(Kind.WRONG_TARGET, f"{path}.{place}", text)
    if named and said and named != said:
        text = f"The reference names {_a(named)}, but its type says {said}."
        yield Problem(Kind.WRONG_TARGET, f"{path}.type", text, put(f"Write {named}", f"{path}.type", named))


def _unknown_type(said: str, path: str) -> Problem:
    """A Reference.type that names no resource type."""
    right = nearest(said, tuple(sorted(r4().resource_types())))
    fix = put(f"Write {right}", path, right) if right and is_slip(said, right) else None
    return Problem(Kind.WRONG_TARGET, path, f"{quoted(said)} is no resource type of FHIR R4.", fix)


def _named(value: str) -> tuple[str | None, str | None]:
    """Why a reference has no form that FHIR knows, or None; and the resource type it names, or None."""
    if not FITS["uri"](value):
        return text_problem("uri", value), None
    if value[:4].lower() == "urn:":
        return None, None
    if found := _RELATIVE.fullmatch(value) or _CONDITIONAL.fullmatch(value):
        return None, found[1]
    if "://" in value:
        found = _ABSOLUTE.fullmatch(value)
        return None, found[1] if found and found[1] in r4().resource_types() else None
    if "/" in value.strip("/"):
        return "is neither an address nor a resource type with an id, as Patient/1", None
    return "does not name a type of resource, as Patient/1 does", None


def _same_address(first: str, second: str) -> bool:
    """Whether two addresses differ only in case, scheme, a last slash or the host that HL7 moved its codes from."""

    def bare(address: str) -> str:
        rest = address.strip().lower().rstrip("/").removeprefix("https://").removeprefix("http://")
        return rest.removeprefix("terminology.hl7.org/codesystem/").removeprefix("hl7.org/fhir/")

    return bare(first) == bare(second)


def _code(coding: JsonObject) -> str:
    code = coding.get("code")
    return code if isinstance(code, str) else ""


def _some(member: Member) -> str:
    return listed(sorted(member.codes)) if len(member.codes) <= 12 else f"one of {member.system}"


def _a(kind: str) -> str:
    return f"{'an' if kind[:1] in 'AEIO' else 'a'} {kind}"
