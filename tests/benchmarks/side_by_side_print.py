"""Prints a comparison of validators for people: shares, every disagreement with what was judged of it, times.

Knows how it reads; must not know how anything was found.
"""

from __future__ import annotations

import statistics
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.side_by_side_findings import systems
from tests.benchmarks.side_by_side_match import OURS, THEIRS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.benchmarks.side_by_side_match import Agreement, Disagreement

UNJUDGED = "unjudged"
TITLES = {"ours": "ours", "reference": "HL7 reference validator (HAPI FHIR)", "pyrofile": "pyrofile"}
FOUND, ALONE = 0.98, 0.02
"""At least this share of the reference's errors is also ours; at most this share of ours is not the reference's."""
WARM, COLD = 5.0, 50.0
"""At least as many times faster than the reference."""


def agreement(by: str, found: Agreement, failures: Mapping[str, str], *, every: bool) -> None:
    """How a validator and ours agree and where they do not; `every` lists each disagreement, else each kind once."""
    print(f"\n== {TITLES[by]}: errors")
    if failures:
        kinds = ", ".join(sorted({Path(file).suffix for file in failures}))
        print(f"It could not read {len(failures)} of the files ({kinds}); they are left out.")
    print(
        f"It has {found.theirs}: {found.both} also ours ({found.found():.1%}; {found.elsewhere} of them by rules "
        f"outside base and profile), {found.only(THEIRS)} only its."
    )
    print(f"We have {found.ours} in base and profile: {found.only(OURS)} only ours ({found.alone():.1%}).")
    print(
        f"Without what was judged in our favour: {found.found(judged=True):.1%} of its errors are also ours, "
        f"{found.alone(judged=True):.1%} of ours are not its. We tell {found.told():.1%} of its errors, as an error or "
        "milder."
    )
    if found.server:
        files = {file for file, _ in found.server}
        counted = Counter(system for _, said in found.server for system in systems(said))
        print(
            f"Apart: {len(found.server)} of its findings in {len(files)} files need a terminology server "
            f"({sum(said.error for _, said in found.server)} of them errors): "
            + ", ".join(f"{system} {count}" for system, count in counted.most_common())
        )
    for side, heading in ((THEIRS, "Only its"), (OURS, "Only ours")):
        chosen = [one for one in found.differences if (one.by == OURS) == (side == OURS)]
        if chosen:
            print(f"\n-- {heading}")
            _each(chosen) if every else _kinds(chosen)


def times(warm: Mapping[str, Mapping[str, float]], cold: Mapping[str, float]) -> None:
    """The times of every validator, and how many times longer than ours they are."""
    print("\n== Time per message (warm: median over the files; cold: from the start of a process to its first verdict)")
    for by, seconds in warm.items():
        line = f"{TITLES[by]:38} warm {statistics.median(seconds.values()) * 1000:8.1f} ms   cold {cold[by]:6.2f} s"
        if by != OURS:
            line += f"   {ratio(warm, by):5.1f} and {cold[by] / cold[OURS]:5.1f} times ours"
        print(line)


def ratio(warm: Mapping[str, Mapping[str, float]], by: str) -> float:
    """How many times longer than ours a validator takes: the median over the files that both have judged."""
    return statistics.median(seconds / warm[OURS][file] for file, seconds in warm[by].items() if file in warm[OURS])


def targets(found: Agreement, warm: Mapping[str, Mapping[str, float]], cold: Mapping[str, float]) -> bool:
    """Print each target against the reference validator and whether it is met; whether all are."""
    share, alone = found.found(judged=True), found.alone(judged=True)
    faster, started = ratio(warm, "reference"), cold["reference"] / cold[OURS]
    rows = (
        (
            share >= FOUND,
            f"its errors that are also ours, its mistakes aside: {share:.1%} (at least {FOUND:.0%})",
        ),
        (alone <= ALONE, f"our errors that are not its, those judged right aside: {alone:.1%} (at most {ALONE:.0%})"),
        (faster >= WARM, f"times as fast warm: {faster:.1f} (at least {WARM:.0f})"),
        (started >= COLD, f"times as fast cold: {started:.1f} (at least {COLD:.0f})"),
    )
    print("\n== Targets against the reference validator")
    for met, text in rows:
        print(f"{'met   ' if met else 'MISSED'} {text}")
    return all(met for met, _ in rows)


def _each(chosen: Iterable[Disagreement]) -> None:
    """Every disagreement: the texts of both once, and below them every file and place where just this is said."""
    groups: dict[tuple[str, ...], list[Disagreement]] = {}
    for one in chosen:
        its, other = ("ours", "its ") if one.by == OURS else ("its ", "ours")
        there = [f"{said.text} [{said.severity} {said.rule}]" for said in one.there] or ["nothing"]
        lines = [f"{its}: {one.said.text} [{one.said.rule}]", *(f"{other}: {text}" for text in there), _judgement(one)]
        groups.setdefault(tuple(lines), []).append(one)
    for texts, ones in sorted(groups.items(), key=lambda group: group[0][-1] != UNJUDGED):
        print("\n".join(texts))
        for one in ones:
            print(f"    {_short(one.file)}: {one.said.place}")


def _kinds(chosen: Iterable[Disagreement]) -> None:
    """What one rule says under one judgement once, with a count and the first of it."""
    kinds: dict[tuple[str, str], list[Disagreement]] = {}
    for one in chosen:
        kinds.setdefault((one.said.rule, _judgement(one)), []).append(one)
    for (rule, judgement), ones in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        said = ones[0].said
        print(f"{len(ones)} x {rule}, first in {_short(ones[0].file)}")
        print(f"    {said.place}: {said.text[:200]}")
        print(f"    {judgement}")


def _judgement(one: Disagreement) -> str:
    if one.judged is None:
        return UNJUDGED
    return f"judged: {'we are' if one.judged.right == OURS else 'it is'} right. {one.judged.why}"


def _short(file: str) -> str:
    return "/".join(Path(file).parts[-2:])
