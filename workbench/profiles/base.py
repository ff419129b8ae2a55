"""Checks a resource against base R4: every name, shape, type, cardinality, format, required code and invariant.

One walk over the tree along the R4 table; nothing is made for an element that is right. Needs no package.
Must not know profiles or BaRS, nor whether references lead anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Edit, EditOp, Fix, JsonObject, JsonValue, Number, Severity
from workbench.profiles import base_words as words
from workbench.profiles.base_coded import concept_problems, reference_problems
from workbench.profiles.base_shapes import Form, Member, Shape, shape_of
from workbench.profiles.narrative import flaws
from workbench.profiles.primitives import TIMES, is_leap_second, number_problem
from workbench.profiles.problems import Kind, Problem
from workbench.profiles.whole_invariants import of_contained
from workbench.standard.r4 import r4

if TYPE_CHECKING:
    from collections.abc import Iterator

_FINE = TIMES | {"xhtml", "canonical"}
"""Text types of which more than the format is looked at."""


def check(resource: JsonObject, path: str) -> Iterator[Problem]:
    """Everything in a resource that base R4 forbids, in the order of the tree; `path` is where the resource stands.

    Takes a tree of any shape and never raises for it. Whether references lead to something, and `#` references to
    contained resources, are not looked at.
    """
    walk = _Walk()
    walk.resource(resource, path)
    return iter(walk.found)


class _Walk:
    """One walk; depth is bounded by the reader of messages."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def resource(self, value: JsonValue, path: str) -> None:
        """A whole resource."""
        if not isinstance(value, dict):
            self.found.append(words.null(path) if value is None else words.not_an_object(path, "resource", value))
            return
        if not value:
            self.found.append(words.empty(path, value))
            return
        kind = value.get("resourceType")
        if isinstance(kind, str) and kind in r4().resource_types():
            self._object(value, path, shape_of(kind))
            if "contained" in value:
                self.found += of_contained(value, path)
        elif "resourceType" in value:
            self.found.append(words.bad_resource_type(path, kind))
        else:
            self.found.append(words.no_resource_type(path))

    def _object(self, value: JsonObject, path: str, shape: Shape) -> None:
        """An object of a known shape: its members, what it lacks, its invariants."""
        members = shape.members
        chosen: dict[str, str] | None = None
        meant: set[str] | None = None
        for name, item in value.items():
            member = members.get(name)
            if member is None:
                if name == "resourceType" and shape.is_resource:
                    continue
                meant = meant or set()
                meant.add(self._other(value, name, item, path, shape))
                continue
            if member.choice:
                if chosen is None:
                    chosen = {}
                if (first := chosen.setdefault(member.choice, name)) != name:
                    self.found.append(words.two_choices(path, member.choice, first, name))
            if member.repeats:
                if isinstance(item, list):
                    self._list(value, item, member, f"{path}.{name}")
                else:
                    self._not_a_list(item, member, f"{path}.{name}")
            elif member.form is Form.TEXT:
                fits = member.fits
                if (
                    isinstance(item, str)
                    and fits is not None
                    and item
                    and not item.isspace()
                    and fits(item)
                    and (not member.codes or item in member.codes)
                ):
                    if member.type in _FINE:
                        self._fine_print(item, member, f"{path}.{name}")
                else:
                    self._value(item, member, f"{path}.{name}")
            else:
                self._value(item, member, f"{path}.{name}")
        for name in shape.required:
            if name not in value:
                self._missing(value, name, path, shape, meant)
        for row in shape.rows:
            if not row.holds(value):
                place = f"{path}.{row.at}" if row.at else path
                text = f"{row.text} (invariant {row.key})."
                self.found.append(Problem(Kind.INVARIANT, place, text, None, row.severity, row.key))
        for check_more in shape.checks:
            self.found += check_more(value, path)

    def _value(self, item: JsonValue, member: Member, path: str) -> None:
        """One value of a member, in a list or alone."""
        form = member.form
        if form is Form.OBJECT and isinstance(item, dict):
            if not item:
                self.found.append(words.empty(path, item))
            elif len(item) == 1 and "id" in item:
                self.found.append(words.only_id(path))
            else:
                self._object(item, path, shape_of(member.inside))
                if member.codes:
                    self.found += concept_problems(member, item, path)
                elif member.type == "Reference":
                    self.found += reference_problems(member, item, path)
        elif item is None:
            self.found.append(words.null(path))
        elif form is Form.RESOURCE:
            self.resource(item, path)
        elif isinstance(item, list):
            self._listed(item, member, path)
        elif form is Form.OBJECT:
            self.found.append(words.not_an_object(path, member.type, item))
        else:
            self._primitive(item, member, path)

    def _primitive(self, item: JsonValue, member: Member, path: str) -> None:
        if isinstance(item, str) and not item.strip():
            self.found.append(words.empty(path, item))
        elif _is_right(item, member):
            return
        elif isinstance(item, str) and member.fits is not None and member.fits(item):
            if member.codes and item not in member.codes:
                self.found.append(words.bad_code(path, member, item))
            else:
                self._fine_print(item, member, path)
        else:
            self.found.append(words.primitive(path, member, item))

    def _fine_print(self, item: str, member: Member, path: str) -> None:
        """What a text of the right format can still be: a leap second, relative, forbidden markup."""
        if member.type == "xhtml":
            for flaw in flaws(item):
                severity = None if flaw.error else Severity.WARNING
                self.found.append(Problem(Kind.BAD_FORMAT, path, f"The narrative {flaw.text}.", None, severity))
        elif member.type == "canonical" and ":" not in item and item[0] != "#":
            text = f"{words.quoted(item)} is relative; a canonical address is absolute or begins with #."
            self.found.append(Problem(Kind.BAD_FORMAT, path, text))
        elif ":60" in item and member.type in TIMES and is_leap_second(item):
            text = f"{words.quoted(item)} is a leap second: FHIR allows it, many systems do not."
            self.found.append(Problem(Kind.BAD_TIME, path, text, None, Severity.INFORMATION))

    def _list(self, owner: JsonObject, items: list[JsonValue], member: Member, path: str) -> None:
        """A list where a list belongs."""
        if not items:
            self.found.append(words.empty(path, items))
            return
        for index, item in enumerate(items):
            if item is None:
                if not _has_sibling(owner, member.name, index):
                    self.found.append(words.null(f"{path}[{index}]", listed=True))
            else:
                self._value(item, member, f"{path}[{index}]")

    def _listed(self, items: list[JsonValue], member: Member, path: str) -> None:
        """A list where one value belongs: told, and its values looked at all the same."""
        self.found.append(words.not_single(path, items) if items else words.empty(path, items))
        for index, item in enumerate(items):
            if item is not None and not isinstance(item, list):
                self._value(item, member, f"{path}[{index}]")

    def _not_a_list(self, item: JsonValue, member: Member, path: str) -> None:
        """One value where a list belongs: told, and looked at all the same."""
        if item is None:
            self.found.append(words.null(path))
        elif item == "" or item == {}:
            self.found.append(words.empty(path, item))
        else:
            self.found.append(words.not_a_list(path, item))
            self._value(item, member, path)

    def _missing(self, value: JsonObject, name: str, path: str, shape: Shape, meant: set[str] | None) -> None:
        """A required element is not there: unless it is under a name of its choice, in its `_name` or misspelt."""
        names = shape.choices.get(name, (name,))
        if any(one in value or f"_{one}" in value for one in names) or (meant and (name in meant or {*names} & meant)):
            return
        self.found.append(words.missing(path, shape, name))

    def _other(self, value: JsonObject, name: str, item: JsonValue, path: str, shape: Shape) -> str:
        """A name that is no member: `_name` of a primitive, or a mistake. The name that was meant, where one was."""
        if name[:1] == "_":
            member = shape.members.get(name[1:])
            if member is not None and member.form <= Form.NUMBER:
                self._sibling(value, item, member, f"{path}.{name}")
                return ""
        if name == "resourceType":
            self.found.append(words.stray_type(path))
            return ""
        for stem in shape.choices:
            kind = name[len(stem) - 3 :]
            if name.startswith(stem[:-3]) and kind[:1].isupper() and _is_type(kind):
                self.found.append(words.wrong_choice(path, shape, name, stem))
                return stem
        meant = words.meant_by(shape, name)
        self.found.append(words.unknown(path, shape, name, meant, self._rename(value, name, item, path, shape, meant)))
        return meant or ""

    def _rename(
        self, value: JsonObject, name: str, item: JsonValue, path: str, shape: Shape, meant: str | None
    ) -> Fix | None:
        """Certain when only case or one letter differs, the right name is free, and the value is right under it."""
        member = shape.members.get(meant or "")
        if member is None or not meant or meant in value or not words.is_slip(name, meant):
            return None
        if member.choice and any(one in value for one in shape.choices[member.choice]):
            return None
        trial = _Walk()
        trial._object({meant: item}, path, Shape(shape.path, shape.members, (), {}, (), (), shape.is_resource))
        here = words.below(path, name)
        if trial.found or here == path:
            return None
        return Fix(f"Call it {meant}", (Edit(EditOp.MOVE, here, None, f"{path}.{meant}"),))

    def _sibling(self, owner: JsonObject, item: JsonValue, member: Member, path: str) -> None:
        """The `_name` beside a primitive: its id and extensions, a list where the primitive is one."""
        if not member.repeats:
            self._extras(item, path)
            return
        if not isinstance(item, list):
            self.found.append(words.null(path) if item is None else words.not_a_list(path, item))
            return
        held = owner.get(member.name)
        if not item:
            self.found.append(words.empty(path, item))
        elif isinstance(held, list) and len(held) < len(item):
            text = f"It has {len(item)} values, and {member.name} beside it has {len(held)}; null fills the gaps."
            self.found.append(Problem(Kind.WRONG_SHAPE, path, text))
        for index, extra in enumerate(item):
            if extra is None:
                if not isinstance(held, list):
                    self.found.append(words.null(f"{path}[{index}]", listed=True))
            else:
                self._extras(extra, f"{path}[{index}]")

    def _extras(self, item: JsonValue, path: str) -> None:
        if item is None:
            self.found.append(words.null(path))
        elif not isinstance(item, dict):
            self.found.append(words.not_an_object(path, "element with id and extensions", item))
        elif not item:
            self.found.append(words.empty(path, item))
        else:
            self._object(item, path, shape_of("Element"))


def _is_right(item: JsonValue, member: Member) -> bool:
    """Whether a boolean or number is of its type."""
    if isinstance(item, bool):
        return member.form is Form.BOOLEAN
    return isinstance(item, Number) and member.form is Form.NUMBER and number_problem(member.type, item) is None


def _has_sibling(owner: JsonObject, name: str, index: int) -> bool:
    """Whether a null in a list of primitives has an extension or id beside it."""
    beside = owner.get(f"_{name}")
    return isinstance(beside, list) and index < len(beside) and isinstance(beside[index], dict) and bool(beside[index])


def _is_type(kind: str) -> bool:
    return r4().is_described(kind) or r4().is_primitive(kind[:1].lower() + kind[1:])
