"""What a list of conversations is narrowed down to, as a condition on rows of `conversation`.

Everything is asked of that one table, so that a page costs no more than its rows; must not know who asks.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from workbench.history import codec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from workbench.correlation import ConversationState, Known

Values = list[str | int]

FACETS = ("environment", "event", "service", "status", "use-case")
"""What the legs of a conversation say that it can be chosen by, as `facets` names it."""


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """Conditions that all hold together; within one, any of its values will do. Nothing given = everything."""

    environments: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    """Ids of the services that were called or that were called on."""
    use_cases: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    """HTTP statuses of answers, as `409`."""
    states: tuple[ConversationState, ...] = ()
    severity: str = ""
    """`error` = has findings of severity error or fatal, `warning` = those or warnings."""
    attention: bool = False
    unread: bool = False
    pinned: bool = False
    noted: bool = False
    since: datetime | None = None
    """Last activity not before."""
    until: datetime | None = None
    """Last activity before."""

    @property
    def count(self) -> int:
        """How many conditions are set."""
        return sum(bool(getattr(self, one.name)) for one in fields(self))

    def condition(self, now: datetime) -> tuple[list[str], Values]:
        """SQL conditions that hold together, with their values; what is overdue at `now` needs attention."""
        wanted: list[str] = []
        values: Values = []
        chosen = (self.environments, self.events, self.services, self.statuses, self.use_cases)
        for name, ones in zip(FACETS, chosen, strict=True):
            if ones:
                wanted.append(f"({' OR '.join(['instr(facets, ?) > 0'] * len(ones))})")
                values += [f"|{facet(name, one)}|" for one in ones]
        if self.states:
            wanted.append(f"state IN ({', '.join('?' * len(self.states))})")
            values += [one.value for one in self.states]
        if self.severity:
            wanted.append("errors > 0" if self.severity == "error" else "errors + warnings > 0")
        if self.attention:
            wanted.append("(attention + conflicts + errors > 0 OR due < ?)")
            values.append(codec.when(now))
        for flag, column in ((self.unread, "unread > 0"), (self.pinned, "pinned = 1"), (self.noted, "note <> ''")):
            if flag:
                wanted.append(column)
        for moment, sign in ((self.since, ">="), (self.until, "<")):
            if moment is not None:
                wanted.append(f"last_activity {sign} ?")
                values.append(codec.when(moment))
        return wanted, values


EVERYTHING = ConversationFilter()


def facet(name: str, value: str) -> str:
    """One thing a conversation can be chosen by."""
    return f"{name}={value.replace('|', '/')}"


def facets_of(legs: Iterable[Known]) -> str:
    """Everything the legs say that their conversation can be chosen by: `|event=booking-request|status=200|`."""
    found: set[str] = set()
    for leg in legs:
        exchange, facts = leg.exchange, leg.request
        said = (
            exchange.environment,
            facts.event if facts is not None else None,
            exchange.service,
            str(exchange.response.status) if exchange.response is not None else None,
            facts.use_case if facts is not None else None,
        )
        found |= {facet(name, one) for name, one in zip(FACETS, said, strict=True) if one}
    return f"|{'|'.join(sorted(found))}|" if found else ""


def read_facets(text: str) -> tuple[tuple[str, str], ...]:
    """(name, value) of everything in `facets`."""
    return tuple((name, value) for part in text.split("|") if part for name, _, value in [part.partition("=")])
