"""The kinds of messages: event, reason, definition and focus of each (payload overview of the Applications)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets
from workbench.standard.events import Event, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class MessageKind:
    """One kind of message."""

    id: str
    code: str
    title: str
    event: Event
    reason: Reason
    category: str | None
    """`referral` or `validation`; None for bookings."""
    definition: str
    """Name of its message definition."""
    focus: str
    """Resource type of MessageHeader.focus."""
    direction: str
    """`request`, or `response` for an asynchronous reply."""
    applications: tuple[int, ...]


@cache
def message_kinds() -> Mapping[str, MessageKind]:
    """Every kind by id."""
    return {
        row["id"]: MessageKind(
            row["id"],
            row["code"],
            row["title"],
            Event(row["event"]),
            Reason(row["reason"]),
            row.get("category"),
            row["definition"],
            row["focus"],
            row["direction"],
            tuple(row["applications"]),
        )
        for row in assets.table("standard", "message_kinds.toml")["kind"]
    }
