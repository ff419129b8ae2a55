"""The list of conversations: pages of it, narrowed down as a person wishes, and what a person marks in it.

Reads and marks; what belongs together and how it stands is computed elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbench.history import EVERYTHING, PAGE
from workbench.session.conversation_words import STATE_WORDS
from workbench.session.events import ConversationChanged
from workbench.session.views import Choice
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from workbench.history import ConversationFilter, ConversationRow, PageKey
    from workbench.session.engine import Engine

_EVENTS = {
    "booking-request": "Booking",
    "booking-response": "Reply to a booking",
    "servicerequest-request": "Referral or validation",
    "servicerequest-response": "Reply to a referral or validation",
}


class FilterGroup(NamedTuple):
    """One condition with the values it can have."""

    name: str
    """The field of ConversationFilter."""
    title: str
    choices: tuple[Choice, ...]


class Listing:
    """Called on the I/O thread. What is marked is published as ConversationChanged."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def now(self) -> datetime:
        """The time by which waiting and overdue are told."""
        return self._engine.clock()

    async def page(
        self,
        after: PageKey | None = None,
        text: str = "",
        chosen: ConversationFilter = EVERYTHING,
        limit: int = PAGE,
    ) -> tuple[ConversationRow, ...]:
        """A page of the conversations that are chosen; `after` is the key of the last row of the page before."""
        queries = self._engine.history.queries
        return await queries.conversations(after=after, chosen=chosen, text=text, limit=limit)

    async def row(self, conversation: str) -> ConversationRow:
        """One conversation as it is now; one that was merged away gives the one it went into. KeyError without any."""
        queries = self._engine.history.queries
        return await queries.conversation(await queries.conversation_of(conversation) or conversation)

    async def rows(self, conversations: Collection[str]) -> tuple[ConversationRow, ...]:
        """Some conversations as they are now, in any order; as `row`, but what the list never has is left out."""
        return await self._engine.history.queries.some_conversations(conversations)

    async def groups(self) -> tuple[FilterGroup, ...]:
        """What the conversations here can be chosen by: only values that occur, with words for people."""
        engine = self._engine
        facets = await engine.history.queries.facets()
        services = {one.id: one.name for one in engine.directory.services.all()}
        cases = use_cases()
        words: dict[str, Callable[[str], str]] = {
            "environment": lambda value: engine.known_environment(value).title,
            "service": lambda value: services.get(value, value),
            "use-case": lambda value: cases[value].display if value in cases else value,
            "event": lambda value: _EVENTS.get(value, value),
            "status": lambda value: value,
        }
        fields = (
            ("environments", "environment", "Environment"),
            ("services", "service", "Service"),
            ("use_cases", "use-case", "Use case"),
            ("events", "event", "Event"),
            ("statuses", "status", "HTTP status"),
        )
        states = FilterGroup("states", "State", tuple(Choice(one.value, words) for one, words in STATE_WORDS.items()))
        found = (
            FilterGroup(field, title, tuple(Choice(one, words[facet](one), one) for one in facets.get(facet, ())))
            for field, facet, title in fields
        )
        return (states, *(group for group in found if group.choices))

    async def pin(self, conversation: str, pinned: bool) -> ConversationRow:
        """Keep a conversation on top, or no longer; KeyError where there is none."""
        return self._tell(await self._engine.history.marks.pin(conversation, pinned))

    async def note(self, conversation: str, text: str) -> ConversationRow:
        """Write a note in place of what stood there; KeyError where there is no such conversation."""
        return self._tell(await self._engine.history.marks.note(conversation, text))

    async def read(self, conversation: str) -> ConversationRow:
        """A person looks at it: what came in is no news any more. KeyError where there is no such conversation.

        In a workspace that cannot be written it stays news.
        """
        row = await self.row(conversation)
        if not row.unread or self._engine.workspace.read_only:
            return row
        return self._tell(await self._engine.history.marks.read(conversation))

    def _tell(self, row: ConversationRow) -> ConversationRow:
        self._engine.publish(ConversationChanged(row))
        return row
