"""Whether a value set has a code, as far as the packages at hand can tell, and why where they cannot.

Three answers: yes, no, and not to be told. A no is given only where every code of the systems concerned is known, so
that a newer edition of a terminology never turns a good code into a mistake. Must not know packages or files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from workbench.messages.tree import as_object, objects, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.messages import JsonObject

_TITLES = {
    "http://snomed.info/sct": "SNOMED CT",
    "http://loinc.org": "LOINC",
    "http://unitsofmeasure.org": "UCUM",
    "https://dmd.nhs.uk": "dm+d",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "urn:iso:std:iso:3166": "ISO 3166 (countries)",
    "urn:ietf:bcp:47": "BCP 47 (languages)",
    "urn:ietf:bcp:13": "BCP 13 (media types)",
    "urn:iso:std:iso:4217": "ISO 4217 (currencies)",
}
_CONCEPT_LIST = re.compile(r"\s*\d{6,18}(?:\s*\|[^|]*\|)?(?:\s+OR\s+\d{6,18}(?:\s*\|[^|]*\|)?)*\s*", re.IGNORECASE)
_DEEPEST = 20
"""Value sets within each other."""


class Definitions(Protocol):
    """Where value sets and code systems come from, cut down as in `reduced`."""

    def value_set(self, canonical: str) -> JsonObject | None:
        """The value set at an address, None when no package has it."""

    def code_system(self, url: str) -> JsonObject | None:
        """The code system at an address, None when no package has it."""

    def system_of_value_set(self, canonical: str) -> str | None:
        """The code system all of whose codes make up the value set of that address, where one says so."""


@dataclass(frozen=True, slots=True)
class _Codes:
    """Codes of one system."""

    system: str
    codes: frozenset[str]
    whole: bool
    """Whether a code that is not among them is surely not meant."""
    folded: bool = False
    """Whether case makes no difference; the codes are then in lower case."""

    def has(self, system: str | None, code: str) -> bool | None:
        if system is not None and system != self.system:
            return False
        if (code.lower() if self.folded else code) in self.codes:
            return True
        return False if self.whole else None


@dataclass(frozen=True, slots=True)
class _All:
    """What meets every one of some parts."""

    parts: tuple[_Part, ...]

    def has(self, system: str | None, code: str) -> bool | None:
        answers = [part.has(system, code) for part in self.parts]
        return False if False in answers else None if None in answers else True


@dataclass(frozen=True, slots=True)
class _Any:
    """What meets one of some parts and none of those taken out."""

    parts: tuple[_Part, ...]
    without: tuple[_Part, ...] = ()

    def has(self, system: str | None, code: str) -> bool | None:
        answers = [part.has(system, code) for part in self.parts]
        answer = True if True in answers else None if None in answers else False
        if answer is False:
            return False
        taken = [part.has(system, code) for part in self.without]
        return False if True in taken else None if None in taken else answer


@dataclass(frozen=True, slots=True)
class _Anything:
    """What may hold any code."""

    def has(self, system: str | None, code: str) -> bool | None:
        return None


_Part = _Codes | _All | _Any | _Anything


@dataclass(frozen=True, slots=True)
class ValueSet:
    """A value set ready to be asked."""

    codes: _Part | None
    unresolved: str
    """Why some or all of its codes cannot be told; empty when they can."""

    def contains(self, system: str | None, code: str) -> bool | None:
        """Whether it has a code; `system` None asks for the code in any system. None = cannot be told."""
        return self.codes.has(system, code) if self.codes is not None else None


def resolve(definitions: Definitions, canonical: str) -> ValueSet:
    """A value set with everything that it includes."""
    making = _Making(definitions)
    part = making.value_set(canonical)
    return ValueSet(part, "; ".join(dict.fromkeys(making.reasons)))


def resolve_system(definitions: Definitions, url: str) -> ValueSet:
    """All codes of a code system, as a value set."""
    making = _Making(definitions)
    return ValueSet(making.system(url), "; ".join(making.reasons))


class _Making:
    """Puts one value set together and notes what is missing for it."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self.reasons: list[str] = []
        self._made: dict[str, _Part | None] = {}
        """None also while it is being made: a value set that includes itself."""

    def value_set(self, canonical: str, depth: int = 0) -> _Part | None:
        """The part for a value set; None when nothing at all is known of it."""
        if canonical in self._made:
            if self._made[canonical] is None:
                self.reasons.append(f"the value set {canonical} is not known, or includes itself")
            return self._made[canonical]
        self._made[canonical] = None
        self._made[canonical] = made = self._value_set(canonical, depth)
        return made

    def _value_set(self, canonical: str, depth: int) -> _Part | None:
        found = self._definitions.value_set(canonical)
        if found is None or depth > _DEEPEST:
            system = self._definitions.system_of_value_set(canonical) if found is None else None
            if system is not None:
                return self.system(system)
            self.reasons.append(
                f"the value set {canonical} is nested too deep"
                if found
                else f"the value set {canonical} is in no package"
            )
            return None
        listed = {system: frozenset(texts(codes)) for system, codes in as_object(found.get("expansion")).items()}
        if not objects(found.get("include")):
            if not listed:
                self.reasons.append(f"the value set {canonical} lists nothing")
                return None
            whole = found.get("whole") is True
            if not whole:
                self.reasons.append(f"the value set {canonical} lists only part of its codes")
            return _Any(tuple(_Codes(system, codes, whole) for system, codes in listed.items()))
        parts = [self._include(one, listed, depth) for one in objects(found.get("include"))]
        without = [self._include(one, {}, depth) for one in objects(found.get("exclude"))]
        return _Any(tuple(parts), tuple(without))

    def _include(self, include: JsonObject, listed: Mapping[str, frozenset[str]], depth: int) -> _Part:
        """What one include (or exclude) says; `listed` is what the value set's own expansion lists by system."""
        parts: list[_Part] = []
        system = text(include.get("system"))
        if system is not None:
            parts.append(self._of_system(include, system, listed.get(system, frozenset())))
        for canonical in texts(include.get("valueSet")):
            parts.append(self.value_set(canonical, depth + 1) or _Anything())
        return parts[0] if len(parts) == 1 else _All(tuple(parts)) if parts else _Anything()

    def _of_system(self, include: JsonObject, system: str, listed: frozenset[str]) -> _Part:
        if "concept" in include:
            known = self._definitions.code_system(system)
            return _codes(system, texts(include["concept"]), whole=True, folded=_folded(known))
        filters = include.get("filter")
        if not isinstance(filters, list) or not filters:
            return self.system(system, listed)
        parts = [self._filtered(system, texts(one), listed) for one in filters]
        return parts[0] if len(parts) == 1 else _All(tuple(parts))

    def system(self, system: str, listed: frozenset[str] = frozenset()) -> _Part:
        """The codes of a system, and codes listed beside it."""
        known = self._definitions.code_system(system)
        if known is None or known.get("content") == "not-present" or not texts(known.get("codes")):
            self.reasons.append(f"{title(system)} is in no package")
            return _codes(system, [*listed], whole=False)
        whole = known.get("content") == "complete"
        if not whole:
            self.reasons.append(f"the packages hold only part of {title(system)}")
        return _codes(system, [*texts(known.get("codes")), *listed], whole=whole, folded=_folded(known))

    def _filtered(self, system: str, row: list[str], listed: frozenset[str]) -> _Part:
        name, operation, value = row if len(row) == 3 else ("", "", "")
        if system == "http://snomed.info/sct" and name == "constraint" and _CONCEPT_LIST.fullmatch(value):
            return _codes(system, re.findall(r"\d{6,18}", re.sub(r"\|[^|]*\|", "", value)), whole=True)
        known = self._definitions.code_system(system)
        if known is None or known.get("content") != "complete":
            self.reasons.append(f"{title(system)} is in no package")
            return _codes(system, [*listed], whole=False)
        codes = _matching(known, name, operation, value)
        if codes is None:
            self.reasons.append(f"the filter '{name} {operation}' on {title(system)} is not worked out here")
            return _codes(system, [*listed], whole=False)
        return _codes(system, codes, whole=True, folded=_folded(known))


def title(system: str) -> str:
    """A code system in words: the usual name with its address, or the address."""
    name = _TITLES.get(system)
    return f"{name} ({system})" if name else f"the code system {system}"


def _codes(system: str, codes: list[str], *, whole: bool, folded: bool = False) -> _Codes:
    return _Codes(system, frozenset(code.lower() for code in codes) if folded else frozenset(codes), whole, folded)


def _folded(system: JsonObject | None) -> bool:
    return system is not None and system.get("caseSensitive") is False


def _matching(system: JsonObject, name: str, operation: str, value: str) -> list[str] | None:
    """The codes of a whole system that a filter lets through; None for a filter that is not known."""
    codes = texts(system.get("codes"))
    if operation in ("is-a", "descendent-of", "is-not-a") and name in ("concept", "code"):
        below = _below(system, value)
        if operation == "descendent-of":
            return [code for code in codes if code in below]
        inside = {value, *below}
        return [code for code in codes if (code in inside) is (operation == "is-a")]
    if operation == "=" and name in ("parent", "subsumedBy"):
        parents = as_object(system.get("parents"))
        return [code for code in codes if value in texts(parents.get(code))]
    if operation == "=" and name in ("concept", "code"):
        return [code for code in codes if code == value]
    if operation == "in" and name in ("concept", "code"):
        wanted = {one.strip() for one in value.split(",")}
        return [code for code in codes if code in wanted]
    if operation == "=":
        properties = as_object(system.get("properties"))
        found = [code for code in codes if text(as_object(properties.get(code)).get(name)) == value]
        return found or None  # a property that no code has is one that was not kept
    return None


def _below(system: JsonObject, code: str) -> set[str]:
    children: dict[str, list[str]] = {}
    for child, parents in as_object(system.get("parents")).items():
        for parent in texts(parents):
            children.setdefault(parent, []).append(child)
    found: set[str] = set()
    waiting = [code]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found
