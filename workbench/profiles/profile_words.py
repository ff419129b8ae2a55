"""The sentences of the profile layer: what a profile asks of an element and what the message has.

Makes problems; must not decide anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Edit, EditOp, Fix, Number, Severity, json_text
from workbench.profiles.problems import Kind, Problem
from workbench.profiles.profile_context import short

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.messages import JsonValue
    from workbench.profiles.compiled import ElementRule, Invariant
    from workbench.profiles.profile_values import Item

_LONGEST = 80


def missing(who: str, path: str, rule: ElementRule, count: int, least: int) -> Problem:
    """Fewer values than a profile asks for; a fixed one can be put in where its parent holds it once."""
    name, kind = _named(rule)
    asked = name if least == 1 else f"at least {least} of {name}"
    text = f"{who} needs {asked}{kind}, and there {_are(count)}."
    fix = None
    if least == 1 and not rule.slice_name and _is_simple(rule.fixed):
        fix = Fix(f"Set {name} to {shown(rule.fixed)}", (Edit(EditOp.SET, f"{path}.{name}", rule.fixed),))
    return Problem(Kind.MISSING, f"{path}.{name}", text, fix)


def too_many(who: str, path: str, rule: ElementRule, count: int) -> Problem:
    """More values than a profile allows; `path` is that of the first one too many."""
    name, kind = _named(rule)
    if not rule.max:
        return Problem(Kind.TOO_MANY, path, f"{who} does not allow {name}{kind}.")
    return Problem(Kind.TOO_MANY, path, f"{who} allows at most {rule.max} of {name}{kind}, and there {_are(count)}.")


def wrong_type(who: str, item: Item, name: str, allowed: list[str], found: str) -> Problem:
    """A type that a profile does not allow in this place."""
    return Problem(Kind.WRONG_TYPE, item.path, f"{who} allows {name} only as {listed(allowed)}, and it is {found}.")


def not_of_profile(who: str, path: str, name: str, profiles: tuple[str, ...], why: str) -> Problem:
    """A value that meets none of several profiles."""
    asked = listed([short(one) for one in profiles])
    return Problem(Kind.WRONG_TYPE, path, f"{who} asks {name} to meet {asked}, and it does not: {why}")


def not_fixed(who: str, item: Item, name: str, fixed: JsonValue) -> Problem:
    """Another value than the one a profile allows."""
    text = f"{who} fixes {name} to {shown(fixed)}, and it is {shown(item.value)}."
    fix = Fix(f"Set {name} to {shown(fixed)}", (Edit(EditOp.SET, item.path, fixed),)) if _is_simple(fixed) else None
    return Problem(Kind.FIXED, item.path, text, fix)


def not_pattern(who: str, item: Item, name: str, pattern: JsonValue) -> Problem:
    """A value without everything that a profile asks it to have."""
    return Problem(Kind.PATTERN, item.path, f"{who} asks {name} to have {shown(pattern)}, and it does not.")


def bad_code(who: str, path: str, name: str, code: str, value_set: str) -> Problem:
    """A code outside a required value set; without a code, none at all."""
    if not code:
        return Problem(Kind.BAD_CODE, path, f"{who} asks {name} for a code of {short(value_set)}, and it has no code.")
    return Problem(Kind.BAD_CODE, path, f"{who} asks {name} for a code of {short(value_set)}, and {code} is none.")


def outside(who: str, path: str, name: str, code: str, value_set: str) -> Problem:
    """A code outside a value set that others may extend."""
    text = f"{code} is not in {short(value_set)}, which {who} names for {name}: use it only where no code there fits."
    return Problem(Kind.OUTSIDE_VALUE_SET, path, text)


def unmatched(who: str, item: Item, name: str, slices: list[str]) -> Problem:
    """A value that is none of the kinds of a closed slicing."""
    return Problem(Kind.SLICE, item.path, f"{who} allows {name} only of the kinds {listed(slices)}, and this is none.")


def out_of_order(who: str, item: Item, name: str, slices: list[str]) -> Problem:
    """A value that stands before one that should come first."""
    return Problem(
        Kind.SLICE, item.path, f"{who} asks for {name} in the order {listed(slices)}, and this comes too late."
    )


def not_at_end(who: str, item: Item, name: str) -> Problem:
    """A value of no kind before those of the kinds a profile names."""
    return Problem(Kind.SLICE, item.path, f"{who} asks for other {name} only after those it names.")


def broken(who: str, path: str, invariant: Invariant) -> Problem:
    """A constraint that does not hold."""
    human = invariant.human.strip().rstrip(".") or "a constraint does not hold"
    severity = Severity.ERROR if invariant.severity == "error" else Severity.WARNING
    return Problem(Kind.INVARIANT, path, f"{who}, constraint {invariant.key}: {human}.", None, severity)


def wrong_target(who: str, path: str, name: str, allowed: list[str], found: str) -> Problem:
    """A reference to a type of resource that a profile does not allow."""
    return Problem(
        Kind.WRONG_TARGET, path, f"{who} allows {name} to point only to {listed(allowed)}, and this is {found}."
    )


def unmet_target(who: str, path: str, name: str, profiles: Iterable[str], found: str, why: str) -> Problem:
    """A reference to a resource that does not meet the profile asked for."""
    text = f"{who} asks {name} to point to {_names(profiles)}, and the {found} there does not meet it: {why}"
    return Problem(Kind.WRONG_TARGET, path, text)


def flawed_target(who: str, path: str, name: str, profiles: Iterable[str], found: str, why: str) -> Problem:
    """A reference to a resource that meets the profile asked for and has errors of its own."""
    text = f"{who} asks {name} to point to {_names(profiles)}, and the {found} there has errors of its own: {why}"
    return Problem(Kind.WRONG_TARGET, path, text, None, Severity.INFORMATION)


def shown(value: JsonValue) -> str:
    """A value as a sentence shows it."""
    text = json_text.dump(value, None)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def listed(names: list[str]) -> str:
    """`a, b or c`."""
    unique = list(dict.fromkeys(names))
    return f"{', '.join(unique[:-1])} or {unique[-1]}" if len(unique) > 1 else "".join(unique)


def _names(addresses: Iterable[str]) -> str:
    return listed([short(one) for one in addresses])


def _named(rule: ElementRule) -> tuple[str, str]:
    return rule.name, f" of the kind {rule.slice_name}" if rule.slice_name else ""


def _are(count: int) -> str:
    return "is none" if not count else ("is 1" if count == 1 else f"are {count}")


def _is_simple(value: JsonValue) -> bool:
    return isinstance(value, str | bool | Number)
