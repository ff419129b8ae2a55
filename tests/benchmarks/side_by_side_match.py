"""Who agrees with whom: errors at the same place are the same find, and what has been judged of the rest.

Pure comparison of findings; must not know how validators are run or how results are printed.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.side_by_side_findings import bare

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tests.benchmarks.side_by_side_findings import Said

COMPARED = ("base", "profile")
"""The layers of ours that do what the others do; what other layers find alone is no disagreement."""

OURS, THEIRS = "ours", "theirs"

_LAST_INDEX = re.compile(r"\[\d+\]$")


@dataclass(frozen=True, slots=True)
class Judged:
    """Who is right about one kind of disagreement."""

    by: str
    """Who says it: `ours`, `reference` or `pyrofile`."""
    rule: str
    """The id of the validator that says it; `*` at the end stands for any rest."""
    text: str
    """What its text contains."""
    path: str
    """What its place contains."""
    right: str
    """`ours` or `theirs`."""
    why: str

    def covers(self, by: str, said: Said) -> bool:
        """Whether it speaks of this finding."""
        named = said.rule.startswith(self.rule[:-1]) if self.rule.endswith("*") else said.rule == self.rule
        return self.by == by and named and self.text in said.text and self.path in said.place


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What one of two validators calls an error and the other does not."""

    file: str
    by: str
    """Who says it: `ours`, `reference` or `pyrofile`."""
    said: Said
    there: tuple[Said, ...]
    """What the other says at that place, in whatever severity."""
    judged: Judged | None

    @property
    def mistaken(self) -> bool:
        """Whether it was looked at and our side found right."""
        return self.judged is not None and self.judged.right == OURS


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the errors of another validator and ours compare over all files."""

    theirs: int
    """Its errors, those that need a terminology server aside."""
    both: int
    """Those of them that are also ours."""
    elsewhere: int
    """Those of `both` that only our other layers find."""
    ours: int
    """Our errors of the compared layers."""
    differences: tuple[Disagreement, ...]
    server: tuple[tuple[str, Said], ...]
    """(file, finding) of the other validator that needs a terminology server, of any severity."""

    def only(self, side: str, *, judged: bool = False) -> int:
        """How many only `ours` or `theirs` has; with `judged`, without those in which our side was found right."""
        of_ours = side == OURS
        return sum((one.by == OURS) == of_ours and not (judged and one.mistaken) for one in self.differences)

    def found(self, *, judged: bool = False) -> float:
        """The share of their errors that are also ours; with `judged`, of those that were not judged mistakes."""
        missed = self.only(THEIRS, judged=judged)
        return self.both / (self.both + missed) if self.both + missed else 1.0

    def told(self) -> float:
        """The share of their errors that we tell at all, be it as a warning or note; judged mistakes count if told."""
        milder = sum(one.by != OURS and bool(one.there) for one in self.differences)
        untold = sum(one.by != OURS and not one.there and not one.mistaken for one in self.differences)
        return (self.both + milder) / (self.both + milder + untold) if self.both + milder + untold else 1.0

    def alone(self, *, judged: bool = False) -> float:
        """The share of our errors that are not theirs; with `judged`, without those that were judged right."""
        return self.only(OURS, judged=judged) / self.ours if self.ours else 0.0


def near(one: Said, other: Said) -> bool:
    """Whether two findings stand at one element, or one directly in the element of the other or in a coding of it."""
    plain = not (one.exact and other.exact)
    return any(
        _near(bare(here) if plain else here, bare(there) if plain else there)
        for here in one.paths
        for there in other.paths
    )


def compare(
    by: str,
    ours: Mapping[str, tuple[Said, ...]],
    theirs: Mapping[str, tuple[Said, ...]],
    judged: Iterable[Judged],
) -> Agreement:
    """Their findings against ours, for the files that both have read."""
    known = tuple(judged)
    both = elsewhere = total_theirs = total_ours = 0
    differences: list[Disagreement] = []
    server: list[tuple[str, Said]] = []
    for file in (name for name in theirs if name in ours):
        mine, its = ours[file], theirs[file]
        server += [(file, said) for said in its if said.server]
        for said in (one for one in its if one.error and not one.server):
            total_theirs += 1
            same = [one for one in mine if one.error and near(one, said)]
            both += bool(same)
            elsewhere += bool(same) and not any(one.layer in COMPARED for one in same)
            if not same:
                differences.append(_difference(file, by, said, mine, known))
        for said in (one for one in mine if one.error and one.layer in COMPARED):
            total_ours += 1
            if not any(one.error and near(one, said) for one in its):
                differences.append(_difference(file, OURS, said, its, known))
    return Agreement(total_theirs, both, elsewhere, total_ours, tuple(differences), tuple(server))


def read_judged(path: Path) -> tuple[Judged, ...]:
    """The judged disagreements of a file; KeyError when a row lacks a field, ValueError for a wrong `right`."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["judged"]
    found = tuple(
        Judged(row["by"], row["rule"], row.get("text", ""), row.get("path", ""), row["right"], row["why"])
        for row in rows
    )
    wrong = [one for one in found if one.right not in (OURS, THEIRS)]
    if wrong:
        raise ValueError(f"{path.name}: right is {OURS!r} or {THEIRS!r}, not {wrong[0].right!r}")
    return found


def _difference(file: str, by: str, said: Said, other: Iterable[Said], known: tuple[Judged, ...]) -> Disagreement:
    there = tuple(one for one in other if near(one, said))
    return Disagreement(file, by, said, there, next((one for one in known if one.covers(by, said)), None))


def _near(here: str, there: str) -> bool:
    one, other = _alike(here.split("."), there.split("."))
    return _within(one, other) or _within(other, one)


def _within(child: list[str], parent: list[str]) -> bool:
    """Whether the one is the other, directly in it or in a coding of it; a list stands for each of its items."""
    depth = len(parent)
    if child[: depth - 1] != parent[:-1] or len(child) < depth:
        return False
    below = child[depth:]
    same = child[depth - 1] == parent[-1] or _LAST_INDEX.sub("", child[depth - 1]) == parent[-1]
    return same and (len(below) <= 1 or below[0].startswith("coding"))


def _alike(here: list[str], there: list[str]) -> tuple[list[str], list[str]]:
    """Both with a choice of types as `value[x]` where one of them names it so."""
    one, other = list(here), list(there)
    for index, (step, its) in enumerate(zip(here, there, strict=False)):
        if step.endswith("[x]") != its.endswith("[x]"):
            choice, typed = (step, its) if step.endswith("[x]") else (its, step)
            if typed.startswith(choice[:-3]) and typed[len(choice) - 3 :][:1].isupper():
                one[index] = other[index] = choice
    return one, other
