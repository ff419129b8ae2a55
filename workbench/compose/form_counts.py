"""How many resources of a type the message definition asks for, and what of that a message does not hold.

The receiver's own definition where it is known and the message follows it, else the published one that it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbench.compose.form_names import type_title
from workbench.compose.form_table import form_table
from workbench.messages.message_definitions import fitting
from workbench.standard.definitions import definition_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbench.messages import Message
    from workbench.standard.definitions import Definition


class Counts(NamedTuple):
    """What is asked for by type, and what is there."""

    asked: Mapping[str, tuple[int, int | None]]
    """Least and most; empty where no definition is known."""
    held: Mapping[str, int]

    def is_needed(self, type_name: str) -> bool:
        """Whether none of the resources of a type can go."""
        least, _ = self.asked.get(type_name, (0, None))
        return least > 0 and self.held.get(type_name, 0) <= least

    def of(self, type_name: str) -> str:
        """`1 of 1` where the definition says how many there may be at most, else empty."""
        _, most = self.asked.get(type_name, (0, None))
        return f"{self.held.get(type_name, 0)} of {most}" if most is not None else ""

    def is_full(self, type_name: str) -> bool:
        """Whether there may be no more of a type."""
        _, most = self.asked.get(type_name, (0, None))
        return most is not None and self.held.get(type_name, 0) >= most

    def missing(self) -> tuple[str, ...]:
        """The titles of what is not there often enough."""
        return tuple(_title(name) for name, (least, _) in self.asked.items() if self.held.get(name, 0) < least)


def counts_of(message: Message, offered: Sequence[Definition]) -> Counts:
    """What the definition of a message asks for (FHIR package, MessageDefinition.focus: code, min, max); `offered` are
    the receiver's own definitions."""
    named = message.facts.definition
    own = fitting(offered, message.facts)
    definition = own if own is not None and own.is_named(named) else definition_of(named)
    held: dict[str, int] = {}
    for entry in message.entries():
        held[entry.type] = held.get(entry.type, 0) + 1
    return Counts(definition.counts() if definition is not None else {}, held)


def _title(type_name: str) -> str:
    spec = form_table().cards.get(type_name)
    return spec.title if spec is not None else type_title(type_name)
