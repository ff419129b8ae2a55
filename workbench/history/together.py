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

    from workbench.history.ledger import Look
    from workbench.history.store import Job


@dataclass(slots=True)
class Together:
    """What waits for one answer."""

    exchange: str = ""
    """Id of the exchange that is answered."""
    looked: Look | None = None
    """What the ledger held of the call's request id when the call was stored."""
    jobs: list[Job[Any]] = field(default_factory=list)
    """Run in the transaction that stores the answer."""
    ended: list[Callable[[bool], None]] = field(default_factory=list)
    """Called, on the loop, once that transaction was stored (true) or could not be."""
    lost: list[Callable[[], None]] = field(default_factory=list)
    """Called if it could not be, on the loop: what was changed in memory is not in the history."""

    def end(self, stored: bool) -> None:
        """Tell whether that transaction was stored."""
        for tell in self.ended:
            tell(stored)
        for lost in () if stored else self.lost:
            lost()


_waiting: ContextVar[Together | None] = ContextVar("together", default=None)


def begin(exchange: str, looked: Look | None = None) -> None:
    """From here on changes of this task wait for the answer to an exchange."""
    _waiting.set(Together(exchange, looked))


def current() -> Together | None:
    """What waits in this task; None where nothing does."""
    return _waiting.get()


def take() -> Together:
    """What has waited; nothing waits any more."""
    found = _waiting.get() or Together()
    _waiting.set(None)
    return found
