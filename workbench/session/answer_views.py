"""What the Receiver panel shows and gives back of answers on purpose, of faults and of what the platform puts up with.

Values only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.session.views import Tone


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of the table of answers."""

    id: str
    """Empty for what a receiver answers when no rule fits: such a row cannot be switched."""
    on: bool
    number: int
    """First is 1."""
    when: str
    kind: str
    tone: Tone
    answer: str
    source: str
    """From where it comes, in words."""
    own: bool = False


@dataclass(frozen=True, slots=True)
class RuleEdit:
    """An own rule as a person fills it in; an empty field asks for nothing."""

    id: str = ""
    """Empty = a new one."""
    operation: str = ""
    event: str = ""
    use_case: str = ""
    nhs_number: str = ""
    service: str = ""
    organisation: str = ""
    how: str = "refuse"
    """`refuse`, `take`, `empty` or `echo`."""
    status: int = 503
    issue: str = ""
    """Empty = the usual one of the status."""
    why: str = ""
    interim_s: int = 0
    """Seconds until the interim validation response; 0 = none."""
    full_s: int = 0
    """Seconds from there, or from the message, until the full one; 0 = none."""
    dna_s: int = 0
    """Seconds until the safeguarding response; 0 = none."""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class RuleChoices:
    """What the fields of a rule offer, each as (value, words)."""

    operations: tuple[tuple[str, str], ...]
    events: tuple[tuple[str, str], ...]
    use_cases: tuple[tuple[str, str], ...]
    hows: tuple[tuple[str, str], ...]
    statuses: tuple[tuple[str, str], ...]
    issues: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """Why a rule cannot be kept."""

    field: str
    """A field of `RuleEdit`."""
    text: str


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One fault on purpose."""

    id: str
    title: str
    on: bool
    every: int
    """Which calls it meets: 5 = every fifth; 0 = it concerns all replies."""
    amount: int
    least: int
    most: int
    """0 = it has no amount."""
    unit: str


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One thing that the platform of the embedded sandbox puts up with."""

    id: str
    title: str
    value: int
    most: int
    unit: str
