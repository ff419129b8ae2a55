"""Bindings: whether the codes of an element are in the value set that a profile asks for.

Knows the shapes of coded elements; must not know terminology itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbench.messages import tree
from workbench.profiles import profile_words as words
from workbench.standard.codes import code_systems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.profiles.compiled import BindingRule
    from workbench.profiles.problems import Problem
    from workbench.profiles.profile_context import Context
    from workbench.profiles.profile_values import Item


class Code(NamedTuple):
    """One code with its system, and where it stands."""

    path: str
    system: str | None
    code: str


def codes_of(item: Item) -> list[Code] | None:
    """The codes of a coded value; None for a value that is none."""
    value = item.value
    if isinstance(value, str):
        return [Code(item.path, None, value)]
    if not isinstance(value, dict):
        return None
    if item.type == "CodeableConcept":
        held = value.get("coding")
        codings = [(f"{item.path}.coding[{number}]", one) for number, one in enumerate(_list(held))]
        return [code for path, one in codings if (code := _code(path, one))]
    if item.type in ("Coding", "Quantity"):
        code = _code(item.path, value)
        return [code] if code else []
    return None


def binding(item: Item, rule: BindingRule, name: str, who: str, context: Context) -> Iterator[Problem]:
    """What a binding finds in one value: nothing where a code fits, or where that cannot be told."""
    codes = codes_of(item)
    if codes is None:
        return
    required = rule.strength == "required"
    if not codes:
        if required and not _is_excused(item):
            yield words.bad_code(who, item.path, name, "", rule.value_set)
        return
    told = [context.contains(rule.value_set, one.system, one.code) for one in codes]
    if True in told or None in told:
        return
    if not required and any(_is_of_the_standard(one) for one in codes):
        return
    shown = words.listed([one.code for one in codes])
    path = codes[0].path if len(codes) == 1 else item.path
    make = words.bad_code if required else words.outside
    yield make(who, path, name, shown, rule.value_set)


def is_in(item: Item, value_set: str, context: Context) -> bool | None:
    """Whether a value has a code of a value set; None when that cannot be told."""
    told = [context.contains(value_set, one.system, one.code) for one in codes_of(item) or []]
    if True in told:
        return True
    return None if None in told else False


def _is_of_the_standard(code: Code) -> bool:
    """Whether the standard publishes the code itself: it extends the value sets of UK Core with these."""
    system = code_systems().get(code.system or "")
    return system is not None and code.code in system.codes


def _is_excused(item: Item) -> bool:
    """Whether a value says by an extension why it has no code."""
    return bool(item.object.get("extension")) or any(
        coding.get("extension") for coding in tree.objects(item.object.get("coding"))
    )


def _code(path: str, coding: JsonObject) -> Code | None:
    code = tree.text(coding.get("code"))
    return Code(path, tree.text(coding.get("system")), code) if code else None


def _list(value: object) -> list[JsonObject]:
    return [tree.as_object(one) for one in value] if isinstance(value, list) else []
