"""The known refusals as a table, and how one of them becomes a diagnosis once everything was tested.

Knows the order of causes; must not know how they are tested.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets
from workbench.doctor.values import Check, Diagnosis, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ORDER = {State.CAUSE: 0, State.WRONG: 1, State.FINE: 2, State.UNTESTED: 3}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refusal: how it is told apart, what is tested, what it means."""

    id: str
    signs: tuple[str, ...]
    checks: tuple[str, ...]
    title: str
    text: str
    next_step: str


@cache
def refusals() -> Mapping[str, Refusal]:
    """Every refusal by id, from `resources/doctor/refusals.toml`, in the order of the table."""
    return {
        id: Refusal(
            id,
            tuple(sign.lower() for sign in row.get("signs", ())),
            tuple(row["checks"]),
            row["title"],
            row["text"],
            row["next_step"],
        )
        for id, row in assets.table("doctor", "refusals.toml").items()
    }


def told_by(wording: str) -> Refusal | None:
    """The refusal whose signs are in a wording; the longest sign wins, as some are part of others."""
    text = wording.lower()
    found = [(len(sign), row) for row in refusals().values() for sign in row.signs if sign in text]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def concluded(
    refusal: Refusal, checks: Sequence[Check], facts: Mapping[str, str], *, said: str, support: str = ""
) -> Diagnosis:
    """The diagnosis: the first test of the refusal that fails is the likely cause, its words come first."""
    failed = {check.id: check for check in checks if check.state is State.WRONG}
    cause = next((failed[id] for id in refusal.checks if id in failed), None)
    told = [replace(check, state=State.CAUSE) if check is cause else check for check in checks]
    title, text, next_step = (words.format(**facts) if facts else words for words in _words(refusal))
    if cause is not None:
        title, next_step = cause.sentence or title, cause.next_step or next_step
    ordered = tuple(sorted(told, key=lambda check: _ORDER[check.state]))
    return Diagnosis(refusal.id, title, text, next_step, ordered, said, support)


def _words(refusal: Refusal) -> tuple[str, str, str]:
    return refusal.title, refusal.text, refusal.next_step
