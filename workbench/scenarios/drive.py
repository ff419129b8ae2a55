"""Plays a scenario without a loop: whoever drives it gives the answer to each wish at once.

Must not know how a call is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.scenarios.values import Await, Expect, Scenario, Send

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.exchange import Exchange, Ids


@dataclass(frozen=True, slots=True)
class Driven:
    """What a run said."""

    wishes: tuple[Send | Await, ...]
    expectations: tuple[Expect, ...]

    @property
    def passed(self) -> bool:
        """Whether there were expectations and all of them held."""
        return bool(self.expectations) and all(one.passed for one in self.expectations)


def drive(scenario: Scenario, answer: Callable[[Send | Await], Exchange | None], ids: Ids) -> Driven:
    """Play to the end; `answer` gives the Exchange of a Send, and that of an Await or None."""
    play = scenario.run(ids)
    wishes: list[Send | Await] = []
    expectations: list[Expect] = []
    given: Exchange | None = None
    try:
        wish = next(play)
        while True:
            if isinstance(wish, Expect):
                expectations.append(wish)
                given = None
            else:
                wishes.append(wish)
                given = answer(wish)
            wish = play.send(given)
    except StopIteration:
        return Driven(tuple(wishes), tuple(expectations))
