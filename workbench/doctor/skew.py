"""How far the other side's clock is from ours, by the `Date` header of an answer (promise: a wrong clock is explained).

The header has whole seconds: a difference of two is nothing yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.exchange import Exchange


def skew_of(exchange: Exchange) -> float | None:
    """The other side's clock minus ours at the middle of the call, in seconds; None when it sent no date."""
    if exchange.peer_date is None:
        return None
    middle = exchange.timing.started.timestamp() + (exchange.timing.total or 0.0) / 2
    return exchange.peer_date.timestamp() - middle
