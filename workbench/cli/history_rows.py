"""A conversation of a list, for programs and for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.history import ConversationRow

SHORT = 8
"""Letters of an id that a list shows: the others are needed only where these are not clear."""


def row_json(row: ConversationRow) -> dict[str, object]:
    """A conversation of a list for programs."""
    return {
        "id": row.id,
        "title": row.title,
        "sender": row.sender,
        "receiver": row.receiver,
        "patient": str(row.patient or ""),
        "state": row.state.value,
        "status": row.status_text,
        "attention": row.attention,
        "due": row.due.isoformat() if row.due is not None else None,
        "last_activity": row.last_activity.isoformat(),
        "messages": row.messages,
        "environment": row.environment,
    }


def row_line(row: ConversationRow) -> str:
    """A conversation of a list for people."""
    who = " to ".join(part for part in (row.sender, row.receiver) if part)
    when = row.last_activity.astimezone().strftime("%Y-%m-%d %H:%M")
    told = (row.id[:SHORT], when, row.status_text, row.title, who, str(row.patient or ""))
    return "  ".join(part for part in told if part)
