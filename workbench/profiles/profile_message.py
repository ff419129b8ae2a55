"""What of a message is checked against which profiles: declared ones, those of extensions, and whole code systems.

Only what a resource declares in `meta.profile` is checked: a profile nobody declared is never imposed on a message.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workbench.messages import Severity, tree
from workbench.profiles import profile_words as words
from workbench.profiles.problems import Kind, Problem
from workbench.profiles.profile_check import check, check_value
from workbench.profiles.profile_context import Context, base_type, is_error, short
from workbench.profiles.profile_extensions import place_problems
from workbench.profiles.profile_values import Located
from workbench.profiles.profile_walk import walk
from workbench.standard.codes import code_systems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import Message
    from workbench.profiles.compiled import CompiledProfile, Definitions
    from workbench.profiles.profile_values import Item

_CODING_PART = re.compile(r"(?P<codings>.*\.coding)\[(?P<place>\d+)\]\.(?P<name>system|code)")
_INSIDE = re.compile(r"(?<=\.resource)(?!s).*$")
"""What follows the path of an entry's resource."""


class Found(NamedTuple):
    """A problem and who says so."""

    problem: Problem
    profile: str
    """The name of the profile or code system, as people use it."""


class Report(NamedTuple):
    """What checking a message against packages gave."""

    found: tuple[Found, ...]
    not_checked: tuple[str, ...]
    """What could not be told, in words."""


def check_message(message: Message, definitions: Definitions) -> Report:
    """Check every resource of a message against the profiles it declares, and every extension against its own.

    The same defect found by several profiles is reported once.
    """
    root = Located(message.resource_type, message.resource)
    context = Context(root, definitions, message.entries(), check)
    walked = walk(root)
    context.containers.update({one.path: one for one in walked.resources if "contained" in one.resource})
    unique: dict[tuple[Kind, str, str], Found] = {}
    for resource in walked.resources:
        for found in _declared(resource, context):
            unique.setdefault(_same(found), found)
    general: list[Found] = []
    for extension in walked.extensions:
        profile = definitions.profile(extension.url)
        problems = list(place_problems(extension, profile, context))
        if profile is not None and profile.type == "Extension":
            problems += check_value(extension.item, profile, extension.holder, context)
        general += [Found(problem, short(extension.url)) for problem in problems]
    coded = {problem.path for (kind, _, _), (problem, _) in unique.items() if kind is Kind.BAD_CODE}
    for coding in walked.codings:
        general += _undefined(coding, definitions, coded)
    for found in general:
        unique.setdefault(_same(found), found)
    told = {(problem.kind, problem.path) for problem, _ in unique.values()}
    milder = [_milder(_beside(one, message), told, context) for one in unique.values()]
    return Report((*milder, *_consequences(milder, context)), _not_checked(context))


def _declared(resource: Located, context: Context) -> Iterator[Found]:
    """What the profiles that a resource declares find in it."""
    held = tree.as_object(resource.resource.get("meta")).get("profile")
    for index, address in enumerate(held if isinstance(held, list) else []):
        if not isinstance(address, str) or base_type(address):
            continue
        path = f"{resource.path}.meta.profile[{index}]"
        profile = context.definitions.profile(address)
        if profile is None:
            yield Found(Problem(Kind.UNKNOWN_PROFILE, path, _unknown(address, context)), short(address))
        elif profile.type not in (resource.type, "Resource", "DomainResource"):
            text = f"{short(address)} is a profile of {profile.type}, and this is a resource of type {resource.type}."
            yield Found(Problem(Kind.WRONG_TYPE, path, text), short(address))
        else:
            for problem in context.problems(resource, profile):
                yield Found(problem, _name(profile))


def _unknown(address: str, context: Context) -> str:
    """Why a declared profile was not checked: nobody has it, or only another version of it."""
    bare, _, version = address.partition("|")
    other = context.definitions.profile(bare) if version else None
    if other is not None:
        return f"The packages have {short(address)} {other.version}, not {version}: it was not checked."
    return f"The profile {address} is in none of the packages: it was not checked."


def _undefined(coding: Item, definitions: Definitions, coded: set[str]) -> Iterator[Found]:
    """A code that its own code system has not; a note where the standard has it and only the package is too old.

    What neither the package nor the standard has is an error here, whatever the rules of the standard forgive; systems
    that publish samples only are left alone.
    """
    system, code = tree.text(coding.object.get("system")), tree.text(coding.object.get("code"))
    if not system or not code or definitions.defines(system, code) is not False:
        return
    path, own = f"{coding.path}.code", code_systems().get(system)
    if own is not None and code in own.codes:
        text = f"The loaded package does not have {code} of {short(system)} yet: the standard has it since."
        yield Found(Problem(Kind.BAD_CODE, path, text, severity=Severity.INFORMATION), short(system))
    elif coding.path not in coded and not (own is not None and own.samples_only):
        text = f"{code} is not a code of {short(system)} ({system})."
        yield Found(Problem(Kind.BAD_CODE, path, text), short(system))


def _beside(found: Found, message: Message) -> Found:
    """A coding that the standard publishes, beside the one that a profile fixes: the package is to be changed for it.

    Package 1.34.0 fixes the category of validation requests in every coding of it, where the guide asks for the use
    case as a second one; later packages do so no more. The error stays, since it is what the loaded package says; the
    text says what to do about it.
    """
    problem = found.problem
    match = _CODING_PART.fullmatch(problem.path) if problem.kind is Kind.FIXED else None
    if match is None or problem.fix is None:
        return found
    held = message.at(match["codings"])
    codings = [tree.as_object(one) for one in (held if isinstance(held, list) else [])]
    place, name = int(match["place"]), match["name"]
    coding = codings[place] if place < len(codings) else {}
    system = code_systems().get(tree.text(coding.get("system")) or "")
    others = (one.get(name) for number, one in enumerate(codings) if number != place)
    if system is None or tree.text(coding.get("code")) not in system.codes or problem.fix.edits[0].value not in others:
        return found
    text = f"{problem.text} It stands beside the right one, which newer packages allow: load one."
    return found._replace(problem=problem._replace(text=text, fix=None))


def _milder(found: Found, told: set[tuple[Kind, str]], context: Context) -> Found:
    """A reference to a resource that is wrong is a mere note, where all that is wrong with it is told already."""
    problem = found.problem
    causes = context.causes.get(problem.path, ()) if problem.kind is Kind.WRONG_TARGET else ()
    if causes and all((one.kind, one.path) in told for one in causes):
        return found._replace(problem=problem._replace(severity=Severity.INFORMATION))
    return found


def _consequences(found: list[Found], context: Context) -> Iterator[Found]:
    """A note at the first reference to a resource that meets the profile asked for and has other errors.

    They are told where they are; the reference validator makes an error of such a reference, so the reader is told.
    """
    wrong: dict[str, str] = {}
    for problem, _ in found:
        if is_error(problem):
            wrong.setdefault(_INSIDE.sub("", problem.path), problem.text)
    told: set[str] = set()
    for path, (who, name, asked, target) in context.followed.items():
        if target.path not in told and (why := wrong.get(target.path) or context.flaw(target)):
            told.add(target.path)
            yield Found(words.flawed_target(who, path, name, asked, target.type, why), who)


def _same(found: Found) -> tuple[Kind, str, str]:
    """What makes two problems one: the same kind and place, and the same words but for who says them."""
    problem, profile = found
    return problem.kind, problem.path, problem.text.replace(profile, "")


def _name(profile: CompiledProfile) -> str:
    return short(profile.url)


def _not_checked(context: Context) -> tuple[str, ...]:
    """What could not be told, in words for a reader; value sets with the same reason together."""
    found = [f"The package {name}, which a loaded one needs" for name in context.definitions.missing]
    found += [f"Part of the profile {name} ({why})" for name, why in sorted(context.incomplete.items())]
    if context.unknown:
        names = words.listed(sorted(short(one) for one in context.unknown)).replace(" or ", " and ")
        found.append(f"What points to profiles of no package: {names}")
    reasons: dict[str, list[str]] = {}
    for value_set, why in sorted(context.untold.items()):
        reasons.setdefault(why, []).append(short(value_set))
    for why, names_ in reasons.items():
        told = words.listed(names_).replace(" or ", " and ")
        found.append(f"Codes of {told}{f' ({why})' if why else ''}")
    found += [f"The constraint {key}, which could not be run" for key in sorted(context.unrun)]
    return tuple(found)
