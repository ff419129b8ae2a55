"""Checks a resource against one compiled profile: cardinality, types, values, slices, codes, constraints, targets.

A profile holds only what goes beyond base R4; what base R4 asks is checked elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.profiles import profile_words as words
from workbench.profiles.fhirpath import holds
from workbench.profiles.fhirpath_limits import MOST_OVERRUNS, OverrunError, UnrunnableError
from workbench.profiles.profile_codes import binding
from workbench.profiles.profile_context import is_error, short
from workbench.profiles.profile_extensions import strangers
from workbench.profiles.profile_paths import is_type
from workbench.profiles.profile_references import target
from workbench.profiles.profile_slices import assign
from workbench.profiles.profile_values import Item, Located, equal, fits, items_of, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.profiles.compiled import CompiledProfile, ElementRule, Invariant
    from workbench.profiles.problems import Problem
    from workbench.profiles.profile_context import Context


def check(resource: JsonObject, path: str, profile: CompiledProfile, context: Context) -> Iterator[Problem]:
    """Every problem that a profile finds in a resource; nothing for a resource of another type."""
    held = Located(path, resource)
    if held.type == profile.type or is_type(held.item, profile.type):
        yield from check_value(held.item, profile, held, context)


def check_value(item: Item, profile: CompiledProfile, holder: Located, context: Context) -> Iterator[Problem]:
    """Every problem that a profile of a datatype or an extension finds in a value inside a resource."""
    seen: set[tuple[str, str]] = set()
    if profile.type == "Extension" and not any(name == "extension" or name[:5] == "value" for name in item.object):
        return  # base R4 itself asks for one of them
    for problem in _Walk(profile, holder, context).of_rule(item, profile.root, ""):
        if (problem.path, problem.text) not in seen:
            seen.add((problem.path, problem.text))
            yield problem
    if profile.type == "Extension":
        yield from strangers(item, profile)


class _Walk:
    """One profile going through one value."""

    def __init__(self, profile: CompiledProfile, holder: Located, context: Context) -> None:
        self._profile = profile
        self._who = short(profile.url)
        self._holder = holder
        self._context = context

    def of_rule(self, item: Item, rule: ElementRule, owner_type: str) -> Iterator[Problem]:
        """What one rule, of an element or a slice, finds in one value."""
        name = rule.name.removesuffix("[x]")
        if rule.fixed is not None and not equal(item.value, rule.fixed):
            yield words.not_fixed(self._who, item, name, rule.fixed)
        if rule.pattern is not None and not fits(item.value, rule.pattern):
            yield words.not_pattern(self._who, item, name, rule.pattern)
        if rule.binding is not None:
            yield from binding(item, rule.binding, name, self._who, self._context)
        if item.type == "Reference" and rule.types:
            yield from target(item, rule, owner_type, self._who, self._holder, self._context)
        yield from self._of_types(item, rule, name)
        for invariant in rule.invariants:
            if not self._holds(invariant, item):
                yield words.broken(self._who, item.path, invariant)
        for child in rule.children:
            yield from self._element(item, child)

    def _element(self, parent: Item, rule: ElementRule) -> Iterator[Problem]:
        """What a rule finds in all the values of its element."""
        items = items_of(parent, rule.name)
        yield from self._count(parent, rule, items)
        fitting: list[Item] = []
        for item in items:
            wrong = self._wrong_type(item, rule)
            if wrong is not None:
                yield wrong
                continue
            fitting.append(item)
            yield from self.of_rule(item, rule, parent.type)
        if rule.slices:
            yield from self._slices(parent, fitting, rule)

    def _count(self, parent: Item, rule: ElementRule, items: list[Item]) -> Iterator[Problem]:
        if len(items) < rule.min:
            yield words.missing(self._who, parent.path, rule, len(items), rule.min)
        if rule.max is not None and len(items) > rule.max:
            yield words.too_many(self._who, items[rule.max].path, rule, len(items))

    def _wrong_type(self, item: Item, rule: ElementRule) -> Problem | None:
        """A problem for a value of a type that the profile takes out of what base R4 allows."""
        codes = [one.code for one in rule.types]
        if not codes or not item.type or any(is_type(item, code) for code in codes):
            return None
        if not rule.name.endswith("[x]") and "resourceType" not in item.object:
            return None
        return words.wrong_type(self._who, item, rule.name.removesuffix("[x]"), codes, type_name(item))

    def _of_types(self, item: Item, rule: ElementRule, name: str) -> Iterator[Problem]:
        """What the profiles of an element's type find: of several, one must be met."""
        kinds = [one for one in rule.types if is_type(item, one.code)]
        if not kinds or any(not one.profiles for one in kinds):
            return
        addresses = tuple(address for one in kinds for address in one.profiles)
        if item.type == "Extension" and item.object.get("url") in [one.partition("|")[0] for one in addresses]:
            return  # every extension is checked against its own definition
        first = ""
        for address in addresses:
            profile = self._context.profile(address)
            if profile is None:
                return
            found = self._of_profile(item, profile)
            if len(addresses) == 1:
                yield from found
                return
            errors = [one for one in found if is_error(one)]
            if not errors:
                return
            first = first or errors[0].text
        yield words.not_of_profile(self._who, item.path, name, addresses, first)

    def _of_profile(self, item: Item, profile: CompiledProfile) -> tuple[Problem, ...]:
        if isinstance(item.value, dict) and "resourceType" in item.value:
            return self._context.problems(Located(item.path, item.value), profile)
        return tuple(check_value(item, profile, self._holder, self._context))

    def _slices(self, parent: Item, items: list[Item], rule: ElementRule) -> Iterator[Problem]:
        assigned = assign(items, rule, self._holder, self._context)
        untold = any(not told for _, _, told in assigned)
        for index, one in enumerate(rule.slices):
            own = [item for item, slot, _ in assigned if slot == index]
            if len(own) < one.min and not untold:
                yield words.missing(self._who, parent.path, one, len(own), one.min)
            if one.max is not None and len(own) > one.max:
                yield words.too_many(self._who, own[one.max].path, one, len(own))
            for item in own:
                wrong = self._wrong_type(item, one)
                if wrong is not None:
                    yield wrong
                else:
                    yield from self.of_rule(item, one, parent.type)
            if one.slices and own:
                yield from self._slices(parent, own, one)
        yield from self._order(assigned, rule)

    def _order(self, assigned: list[tuple[Item, int | None, bool]], rule: ElementRule) -> Iterator[Problem]:
        """What the rules of a slicing find: closed, open at the end, ordered."""
        slicing = rule.slicing
        if slicing is None:
            return
        name = rule.name.removesuffix("[x]")
        names = [one.slice_name for one in rule.slices]
        last = max((number for number, (_, slot, _) in enumerate(assigned) if slot is not None), default=-1)
        highest = -1
        for number, (item, slot, told) in enumerate(assigned):
            if slot is None and told and slicing.rules == "closed":
                yield words.unmatched(self._who, item, name, names)
            elif slot is None and told and slicing.rules == "openAtEnd" and number < last:
                yield words.not_at_end(self._who, item, name)
            elif slot is not None and slicing.ordered and slot < highest:
                yield words.out_of_order(self._who, item, name, names)
            highest = max(highest, -1 if slot is None else slot)

    def _holds(self, invariant: Invariant, item: Item) -> bool:
        """Whether a constraint holds; one that cannot be run is remembered and counts as holding."""
        overrun = self._context.overrun
        if not invariant.expression or invariant.expression in overrun:
            return True
        try:
            if len(overrun) >= MOST_OVERRUNS:
                raise UnrunnableError("too many others took too long")
            return holds(invariant.expression, item, self._holder, self._context)
        except UnrunnableError as error:
            if isinstance(error, OverrunError):
                overrun.add(invariant.expression)
            self._context.unrun.setdefault(f"{invariant.key} of {self._who}", str(error))
            return True
