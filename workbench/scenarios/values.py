"""What a scenario says while it is played: calls to make, replies to wait for, expectations that hold or not.

A scenario is a generator of these values and does no I/O: `exchange = yield Send(...)`. Must not know who plays it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias

from workbench.compose import Links
from workbench.exchange import Exchange, Ids


@dataclass(frozen=True, slots=True)
class Send:
    """Make one call; answered with its Exchange."""

    step: int
    """Number of the step it belongs to, from 1."""
    operation: str
    """A row of `operations.toml`."""
    service: str
    """Value of the target identifier."""
    template: str | None = None
    """A message to compose; None for a call without a body."""
    use_case: str = ""
    patient: str = ""
    """Id of a patient of the directory; empty = the first."""
    links: Links = Links()  # noqa: RUF009 - frozen
    parameters: tuple[tuple[str, str], ...] = ()
    """Of the query, in order; a name may repeat."""
    path_values: tuple[tuple[str, str], ...] = ()
    correlation_id: str = "new"
    """The conversation to go on with, or `new`."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Await:
    """Wait for a call from the other party; answered with its Exchange, or None when time is up."""

    step: int
    what: str
    """In words: `the interim reply`."""
    correlation_id: str
    within_s: float


@dataclass(frozen=True, slots=True)
class Expect:
    """Whether something came out as it must; answered with nothing."""

    text: str
    passed: bool
    exchange_id: str | None = None


Wish: TypeAlias = Send | Await | Expect
Play: TypeAlias = Generator[Wish, Exchange | None, None]


@dataclass(frozen=True, slots=True)
class Step:
    """One step in words."""

    number: int
    actor: str
    other: str
    sentence: str
    must_come_back: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One workflow of the standard as a play."""

    id: str
    title: str
    sentence: str
    group: str
    use_case: str
    steps: tuple[Step, ...]
    play: Callable[[Ids], Play]

    def run(self, ids: Ids) -> Play:
        """A fresh run; `ids` gives the id of its conversation."""
        return self.play(ids)

    @property
    def roles(self) -> tuple[str, ...]:
        """Who takes part, in the order they first appear."""
        return tuple(dict.fromkeys(name for step in self.steps for name in (step.actor, step.other)))
