"""Messages put into a conversation by hand, or taken out of one; and what does not fit in a conversation.

What a person says always wins over the ids. Must not know any window.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.session.conversation_words import moment
from workbench.session.events import ConversationChanged, ConversationsRegrouped
from workbench.session.views import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.correlation import Conflict
    from workbench.history import ConversationRow
    from workbench.session.engine import Engine
    from workbench.session.masking import Masking

LIKELY = "May belong together"
LATEST = "Latest"
_OFFERED = 100
"""Latest conversations that are offered."""
_LOOKED_AT = 50
"""Legs of a conversation that are looked at for others to merge it with."""


class Relating:
    """Called on the I/O thread; `exchange` is the id of a leg. KeyError for one that is in no conversation."""

    def __init__(self, engine: Engine, masking: Masking) -> None:
        self._engine = engine
        self._masking = masking

    async def conflicts(self, conversation: str) -> tuple[Conflict, ...]:
        """What does not fit together, in the order of the legs; each is a sentence."""
        found = await self._engine.history.queries.conflicts(conversation)
        return tuple(replace(one, sentence=self._masking.text(one.sentence)) for one in found)

    async def targets(self, exchange: str) -> tuple[Choice, ...]:
        """The conversations that a message can be put into: those it has something in common with first, and why."""
        queries = self._engine.history.queries
        home = await queries.conversation_of(exchange)
        return await self._offered(home, dict(await queries.suggested(exchange)))

    async def _offered(self, home: str | None, suggested: Mapping[str, str]) -> tuple[Choice, ...]:
        queries = self._engine.history.queries
        found = [
            _choice(await queries.conversation(id), self._masking.text(reason), self._engine)
            for id, reason in suggested.items()
        ]
        latest = await queries.conversations(limit=_OFFERED)
        others = (row for row in latest if row.id != home and row.id not in suggested)
        return (*found, *(_choice(row, "", self._engine) for row in others))

    async def mates(self, conversation: str) -> tuple[Choice, ...]:
        """The conversations that one can be merged with: those it has something in common with first, and why."""
        queries = self._engine.history.queries
        home = await queries.conversation_of(conversation) or conversation
        legs = await queries.legs(home)
        suggested = dict[str, str]()
        for leg in legs[:_LOOKED_AT]:
            for id, reason in await queries.suggested(leg.exchange.id):
                suggested.setdefault(id, reason)
        return await self._offered(home, suggested)

    async def placed(self, exchange: str) -> bool:
        """Whether a person chose where a message belongs."""
        return await self._engine.history.placing.placed(exchange)

    async def link(self, exchange: str, conversation: str) -> ConversationRow:
        """Put a message into another conversation, with its retries and the other side of the same call."""
        return self._tell(await self._engine.history.placing.link(exchange, conversation))

    async def merge(self, conversation: str, other: str) -> ConversationRow:
        """Make two conversations one."""
        return self._tell(await self._engine.history.placing.merge(conversation, other))

    async def merged(self, conversation: str) -> bool:
        """Whether a person merged others into a conversation, so that `part` takes something back."""
        return await self._engine.history.placing.merged(conversation)

    async def part(self, conversation: str) -> ConversationRow:
        """Take back every merge of a conversation; messages that were put into it one by one stay."""
        return self._tell(await self._engine.history.placing.part(conversation))

    async def unlink(self, exchange: str) -> ConversationRow:
        """Take a message out of its conversation, into one of its own."""
        return self._tell(await self._engine.history.placing.unlink(exchange))

    async def release(self, exchange: str) -> ConversationRow:
        """Let the ids decide again where a message belongs."""
        return self._tell(await self._engine.history.placing.release(exchange))

    def _tell(self, row: ConversationRow) -> ConversationRow:
        self._engine.publish(ConversationChanged(row))
        self._engine.publish(ConversationsRegrouped(row.id))
        return row


def _choice(row: ConversationRow, reason: str, engine: Engine) -> Choice:
    who = " to ".join(part for part in (row.sender, row.receiver) if part)
    when = moment(row.last_activity, engine.clock())
    about = "" if engine.settings.app.masking else str(row.patient or "")
    subtitle = ", ".join(part for part in (reason, who, about, when) if part)
    return Choice(row.id, row.title, subtitle, LIKELY if reason else LATEST)
