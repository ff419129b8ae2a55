"""What the walk over base R4 says, and the repairs that are certain: one function for each way to be wrong.

Knows sentences and edits; must not know how a tree is walked.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from workbench.messages import Edit, EditOp, Fix, Number
from workbench.profiles.base_shapes import Form, Member, Shape, shape_of
from workbench.profiles.primitives import FITS, as_number, text_problem, words_of_number
from workbench.profiles.problems import Kind, Problem
from workbench.standard.other_versions import version_of_element, version_of_type
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from workbench.messages import JsonValue

_STEP = re.compile(r"[A-Za-z_][\w-]*")
_MOST_CODES = 12
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", Number: "a number"}


def put(label: str, path: str, value: JsonValue) -> Fix:
    """A repair that sets one element."""
    return Fix(label, (Edit(EditOp.SET, path, value),))


def take_away(path: str) -> Fix:
    """A repair that removes one element."""
    return Fix("Take it away", (Edit(EditOp.REMOVE, path),))


def quoted(text: str) -> str:
    """A value of a message as a sentence shows it: cut, and without what cannot be shown."""
    shown = text[:41] if len(text) < 42 else f"{text[:40]}…"
    if not shown.isprintable():
        shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in shown)
    return f"'{shown}'"


def below(path: str, name: str) -> str:
    """The path of a member; of one whose name no path can hold, the path of its owner."""
    return f"{path}.{name}" if _STEP.fullmatch(name) else path


def unknown(path: str, shape: Shape, name: str, meant: str | None, certain: Fix | None) -> Problem:
    """An element that R4 has not."""
    text = f"{quoted(name)} is no element of {shape.path} in FHIR R4"
    if version_of_element(shape.path, name):
        text += "; FHIR R5 has it"
    if meant:
        text += f"; '{meant}' may be meant"
    return Problem(Kind.UNKNOWN_ELEMENT, below(path, name), f"{text}.", certain)


def stray_type(path: str) -> Problem:
    """`resourceType` in what is no resource."""
    here = f"{path}.resourceType"
    return Problem(Kind.UNKNOWN_ELEMENT, here, "resourceType stands in whole resources only.", take_away(here))


def wrong_choice(path: str, shape: Shape, name: str, stem: str) -> Problem:
    """A choice with a type that it may not have."""
    allowed = [member.type for one in shape.choices[stem] if (member := shape.members.get(one))]
    can_be = listed(allowed) if len(allowed) <= _MOST_CODES else "another type"
    text = f"{quoted(name)} gives {stem} of {shape.path} a type that it cannot have; it can be {can_be}."
    return Problem(Kind.WRONG_TYPE, below(path, name), text)


def two_choices(path: str, stem: str, first: str, second: str) -> Problem:
    """A choice under two names."""
    text = f"{stem} is given twice, as {first} and as {second}; only one may stand."
    return Problem(Kind.TWO_CHOICES, f"{path}.{second}", text)


def missing(path: str, shape: Shape, name: str) -> Problem:
    """An element that must be there."""
    return Problem(Kind.MISSING, f"{path}.{name}", f"{shape.path} needs {name}, which is not there.")


def null(path: str, *, listed: bool = False) -> Problem:
    """`null` where a value belongs."""
    text = "A list holds null in place of a value." if listed else "null stands where a value or nothing belongs."
    return Problem(Kind.WRONG_SHAPE, path, text, take_away(path))


def empty(path: str, value: JsonValue) -> Problem:
    """Nothing in brackets or quotes."""
    blank = isinstance(value, str) and value
    what = "text" if isinstance(value, str) else "list" if isinstance(value, list) else "object"
    held = "a text of blanks only" if blank else f"an empty {what}"
    text = f"The element is {held}; FHIR leaves out what has no value."
    return Problem(Kind.EMPTY, path, text, take_away(path))


def only_id(path: str) -> Problem:
    """An object that has an id and nothing else."""
    return Problem(Kind.EMPTY, path, "The element has an id and nothing else; it needs a value (invariant ele-1).")


def not_a_list(path: str, value: JsonValue) -> Problem:
    """One value where a list belongs."""
    text = "A list belongs here, because the element may repeat; write it in [ ]."
    return Problem(Kind.WRONG_SHAPE, path, text, put("Make it a list", path, [value]))


def not_single(path: str, items: list[JsonValue]) -> Problem:
    """A list where one value belongs."""
    if len(items) == 1:
        text = "One value belongs here, not a list."
        return Problem(Kind.WRONG_SHAPE, path, text, put("Take it out of the list", path, items[0]))
    return Problem(Kind.TOO_MANY, path, f"The element stands {len(items)} times; it may stand once.")


def not_an_object(path: str, kind: str, value: JsonValue) -> Problem:
    """A single value where an object belongs."""
    return Problem(Kind.WRONG_SHAPE, path, f"{_a(kind)} is written as an object, not as {_KINDS[type(value)]}.")


def primitive(path: str, member: Member, value: JsonValue) -> Problem:
    """A primitive that is not as its type is written; the value is neither null nor blank nor right."""
    if member.form is Form.TEXT:
        if isinstance(value, str):
            return _text(path, member, value)
        fix = None
        if isinstance(value, Number) and member.fits is not None and member.fits(value.text):
            fix = put("Put it in quotes", path, value.text)
        text = f"{_a(member.type)} is written as a text, not as {_KINDS[type(value)]}."
        return Problem(Kind.WRONG_SHAPE, path, text, fix)
    if member.form is Form.BOOLEAN:
        word = value.strip().lower() if isinstance(value, str) else ""
        fix = put("Write it without quotes", path, word == "true") if word in ("true", "false") else None
        shown = f", not {quoted(value)}" if isinstance(value, str) else f", not {_KINDS[type(value)]}"
        return Problem(Kind.WRONG_SHAPE, path, f"Either true or false belongs here{shown}.", fix)
    return _number(path, member, value)


def _text(path: str, member: Member, value: str) -> Problem:
    problem = text_problem(member.type, value) or "is not as its type is written"
    kind = Kind.BAD_TIME if member.type in ("date", "dateTime", "instant", "time") else Kind.BAD_FORMAT
    fix = None
    bare = value.strip() if member.type != "code" else " ".join(value.split())
    readable = False
    if bare != value and FITS[member.type](bare) and (not member.codes or bare in member.codes):
        fix = put("Take the blanks away", path, bare)
        readable = member.type in ("uri", "url", "canonical")
    elif member.codes and (right := same_code(member, value)):
        fix = put(f"Write '{right}'", path, right)
    return Problem(kind, path, f"{quoted(value)} {problem}.", fix, readable=readable)


def _number(path: str, member: Member, value: JsonValue) -> Problem:
    words = words_of_number(member.type)
    if not isinstance(value, str):
        shown = quoted(value.text) if isinstance(value, Number) else _KINDS[type(value)].capitalize()
        kind = Kind.BAD_FORMAT if isinstance(value, Number) else Kind.WRONG_SHAPE
        return Problem(kind, path, f"{shown} is not {words}, or too large.")
    bare = as_number(member.type, value.strip())
    if bare is None:
        return Problem(Kind.BAD_FORMAT, path, f"{quoted(value)} is not {words}.")
    fix = put("Write it without quotes", path, bare)
    return Problem(Kind.WRONG_SHAPE, path, f"{quoted(value)} is a text; a number stands without quotes.", fix)


def bad_code(path: str, member: Member, value: str) -> Problem:
    """A code outside a required binding."""
    text = f"{quoted(value)} is no code of {member.path} in FHIR R4"
    if len(member.codes) <= _MOST_CODES:
        text += f"; it is one of {listed(sorted(member.codes))}"
    right = same_code(member, value)
    return Problem(Kind.BAD_CODE, path, f"{text}.", put(f"Write '{right}'", path, right) if right else None)


def same_code(member: Member, value: str) -> str | None:
    """The one code that is the value but for case and blanks."""
    wanted = re.sub(r"[\s_-]+", "-", value.strip().lower())
    found = [code for code in member.codes if code.lower() == wanted]
    return found[0] if len(found) == 1 else None


def no_resource_type(path: str) -> Problem:
    """A resource that does not say what it is."""
    return Problem(Kind.MISSING, f"{path}.resourceType", "The resource does not say its resourceType.")


def bad_resource_type(path: str, value: JsonValue) -> Problem:
    """A resource of a type R4 has not."""
    here = f"{path}.resourceType"
    if not isinstance(value, str) or not value.strip():
        return Problem(Kind.WRONG_SHAPE, here, "resourceType is the name of a resource type, as a text.")
    text = f"{quoted(value)} is no resource type of FHIR R4"
    if version := version_of_type(value):
        return Problem(Kind.WRONG_TYPE, here, f"{text}; FHIR {version} has it.")
    close = nearest(value, tuple(sorted(r4().resource_types())))
    fix = put(f"Write '{close}'", here, close) if close and _differs_little(value, close) else None
    return Problem(Kind.WRONG_TYPE, here, f"{text}{f'; {close} may be meant' if close else ''}.", fix)


def meant_by(shape: Shape, name: str) -> str | None:
    """The element that an unknown name most likely stands for."""
    return _meant_by(shape.path, name)


def is_slip(name: str, meant: str) -> bool:
    """Whether a name differs from what is meant by case or one letter only."""
    return _differs_little(name, meant)


def listed(words: list[str]) -> str:
    """`a, b or c`."""
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


@lru_cache(maxsize=1024)
def _meant_by(path: str, name: str) -> str | None:
    shape = shape_of(path)
    names = tuple(shape.members)
    if f"{name}[x]" in shape.choices:
        return f"{name}[x]"
    return nearest(name, names)


def nearest(name: str, names: tuple[str, ...]) -> str | None:
    """The name that is closest to a wrong one; None when none is close."""
    short = name[:80]
    lower = {one.lower(): one for one in names}
    if short.lower() in lower:
        return lower[short.lower()]
    return next(iter(get_close_matches(short, names, 1, 0.8)), None)


def _differs_little(name: str, other: str) -> bool:
    """Whether two names are the same but for case, or differ in one letter that is added, lost or changed."""
    first, second = sorted((name.lower(), other.lower()), key=len)
    if first == second:
        return True
    if len(first) < 5 or len(second) - len(first) > 1:
        return False
    start = next((i for i, letter in enumerate(first) if letter != second[i]), len(first))
    rest = first[start + 1 :] if len(first) == len(second) else first[start:]
    return rest == second[start + 1 :]


def _a(kind: str) -> str:
    return f"{'An' if kind[:1] in 'AEIOaeio' else 'A'} {kind}"
