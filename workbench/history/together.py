"""Changes that belong to an answer: stored in one transaction with it, or not at all.

Between `received` and `answering` of the journal the handler of a call runs in one task; what it asks the ledger and
the state to keep waits here for the answer. Elsewhere nothing waits.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.history.store import Job


@dataclass(slots=True)
class Together:
    """What waits for one answer."""

    jobs: list[Job[Any]] = field(default_factory=list)
    """Run in the transaction that stores the answer."""
    otherwise: list[Job[Any]] = field(default_factory=list)
    """Run, each for itself, when that transaction could not be stored."""
    lost: list[Callable[[], None]] = field(default_factory=list)
    """Called then, on the loop: what was changed in memory is not in the history."""


_waiting: ContextVar[Together | None] = ContextVar("together", default=None)


def begin() -> None:
    """From here on changes of this task wait for the answer."""
    _waiting.set(Together())


def current() -> Together | None:
    """What waits in this task; None where nothing does."""
    return _waiting.get()


def take() -> Together:
    """What has waited; nothing waits any more."""
    found = _waiting.get() or Together()
    _waiting.set(None)
    return found
