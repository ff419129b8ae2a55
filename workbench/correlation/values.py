"""The vocabulary of correlation: keys, links with their reasons, and how a conversation stands.

Values only; they must not know how a link is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from workbench.exchange import Exchange
    from workbench.messages.values import MessageFacts


class KeyKind(StrEnum):
    """What two exchanges can have in common."""

    REQUEST = "request-id"
    CORRELATION = "correlation-id"
    BUNDLE = "bundle"
    """A message's own Bundle.id, and the one its response.identifier quotes."""
    HEADER = "message-header"
    """A message's own MessageHeader.id, and what its response.identifier quotes: FHIR means this, BaRS Bundle.id."""
    SERVICE_REQUEST = "service-request"
    APPOINTMENT = "appointment"
    ENCOUNTER = "encounter"
    JOURNEY = "journey"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """One thing by which neighbours of an exchange are found; the value is lower case."""

    kind: KeyKind
    value: str


class LinkKind(StrEnum):
    """What the child is to its parent."""

    ANSWER = "answer"
    """A further reply after an earlier reply."""
    RETRY = "retry"
    REPLY = "reply"
    """An asynchronous reply to a request."""
    UPDATE = "update"
    CANCEL = "cancel"
    REBOOK = "rebook"
    BOOKING = "booking"
    REFERRAL = "referral"
    ONWARD = "onward"
    READ = "read"
    """One of the two is a read, a search, discovery or a token request."""
    SAME_CALL = "same-call"
    """The child is the receiving side of the parent."""


class Strength(StrEnum):
    """How far a link is to be trusted; weak links do not join conversations."""

    CERTAIN = "certain"
    LIKELY = "likely"
    WEAK = "weak"

    @property
    def rank(self) -> int:
        """0 for certain up to 2 for weak."""
        return _RANKS[self]


_RANKS = {strength: rank for rank, strength in enumerate(Strength)}


class Author(StrEnum):
    """Who made a link."""

    ENGINE = "engine"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Link:
    """Why one exchange (the child, by id) belongs to another (the parent).

    One by a person stands in place of what the engine finds between the two.
    """

    child: str
    parent: str
    kind: LinkKind
    strength: Strength
    reason: str
    by: Author = Author.ENGINE

    @property
    def joins(self) -> bool:
        """Whether it makes the two one conversation."""
        return self.strength is not Strength.WEAK

    def binds(self, by_hand: Collection[str]) -> bool:
        """Whether it joins the two although a person chose the place of the exchanges `by_hand`.

        Those follow only what a person linked.
        """
        free = self.by is Author.PERSON or (self.child not in by_hand and self.parent not in by_hand)
        return self.joins and free


@dataclass(frozen=True, slots=True)
class Known:
    """An exchange with the facts of its two messages; its bodies are never looked at and may be empty."""

    exchange: Exchange
    request: MessageFacts | None = None
    response: MessageFacts | None = None
    body: str = ""
    """Differs where the bodies of two requests differ (a hash); empty where it is not known."""

    @property
    def place(self) -> tuple[datetime, str]:
        """Where it stands in time: start, then id."""
        return (self.exchange.timing.started, self.exchange.id)


class ConflictKind(StrEnum):
    """What does not fit together (workflows of the standard, timeline correlation)."""

    UNKNOWN_BUNDLE = "unknown-bundle"
    OTHER_CORRELATION = "other-correlation"
    REUSED_REQUEST = "reused-request"
    OTHER_PATIENT = "other-patient"
    BACKWARDS = "backwards"
    NO_ECHO = "no-echo"
    OTHER_PARTY = "other-party"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that does not fit, at the exchange (by id) where it was seen, as a sentence for people."""

    kind: ConflictKind
    exchange: str
    sentence: str


class ConversationState(StrEnum):
    """How a conversation stands, as its chip says."""

    WAITING = "waiting"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a conversation with the words of its chip."""

    state: ConversationState
    attention: bool
    """Whether a person should look at how it ended: outcome unknown, or the reply overdue."""
    due: datetime | None
    """Until when the reply is wanted; only while it is awaited."""
    text: str
    """`Refused 422`, `Waiting for reply`."""
    since: datetime | None = None
    """When the last message was sent or came; only while something is awaited."""
