"""The table of linked bookings and referrals: what is answered depends on what an organisation did before.

One state for each calling organisation, as the national harness keeps it. Must not know messages or HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Step:
    """What an event leads to in a state."""

    status: int
    next: str
    issue: str = ""
    why: str = ""


@cache
def steps() -> Mapping[tuple[str, str], Step]:
    """Every step by (event, state), from `resources/sandbox/linked.toml`; the first state is empty."""
    table = assets.table("sandbox", "linked.toml")
    refusals = {row["id"]: row for row in table["refusal"]}
    found = {}
    for row in table["step"]:
        refusal = refusals.get(row.get("refused", ""), {})
        for state in row["states"]:
            found[row["event"], state] = Step(
                refusal.get("status", 200),
                state if refusal else row["next"],
                refusal.get("issue", ""),
                refusal.get("why", ""),
            )
    return found


def states() -> frozenset[str]:
    """Every state an organisation can be in; the first one is empty."""
    return frozenset(state for _, state in steps())


class LinkedStates:
    """The state of every organisation, by its ODS code in upper case. `on_change` is told of (organisation, state)."""

    def __init__(self) -> None:
        self._states: dict[str, str] = {}
        self.on_change: Callable[[str, str], None] | None = None

    def step(self, event: str, organisation: str) -> Step | None:
        """What an event leads to for an organisation now; None for an event the table does not have."""
        return steps().get((event, self._states.get(organisation.upper(), "")))

    def enter(self, organisation: str, state: str) -> None:
        """An event has happened."""
        code = organisation.upper()
        self._states[code] = state
        if self.on_change is not None:
            self.on_change(code, state)

    def all(self) -> Mapping[str, str]:
        """State by organisation."""
        return dict(self._states)

    def restore(self, states: Mapping[str, str]) -> None:
        """Replace every state; `on_change` is not told."""
        self._states = {organisation.upper(): state for organisation, state in states.items()}
