"""What a mutation is: one deliberate fault of a draft, the answer a correct receiver gives and the rules that find it.

It must not know which mutations there are, nor how a draft is kept or sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from workbench.messages import Syntax
from workbench.standard.events import Event, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workbench.messages import Edit, Message
    from workbench.rules.values import Answer


class Group(StrEnum):
    """Where in a call the fault is, in the order and the words of the menu."""

    HEADERS = "Headers"
    IDS = "Ids"
    ENVELOPE = "Envelope"
    MESSAGE_HEADER = "MessageHeader"
    REFERENCES = "References"
    STATUSES = "Statuses"
    CODES = "Codes"
    DATES = "Dates"
    PATIENT = "Patient"
    CARDINALITY = "Cardinality"
    ENCODING = "Encoding"


@dataclass(frozen=True, slots=True)
class Drafts:
    """Which drafts a mutation is for, beyond their having what it changes."""

    words: str
    fit: Callable[[Message], bool]


ANY = Drafts("any message", lambda _: True)
NEW = Drafts(
    "new requests",
    lambda message: message.facts.reason == Reason.NEW and message.facts.event != Event.SERVICEREQUEST_RESPONSE,
)
NEW_REFERRALS = Drafts(
    "new referrals and validation requests",
    lambda message: message.facts.reason == Reason.NEW and message.facts.event == Event.SERVICEREQUEST_REQUEST,
)
NEW_BOOKINGS = Drafts(
    "new bookings",
    lambda message: message.facts.reason == Reason.NEW and message.facts.event == Event.BOOKING_REQUEST,
)
REQUESTS = Drafts("requests", lambda message: message.facts.event != Event.SERVICEREQUEST_RESPONSE)
REPLIES = Drafts("replies", lambda message: message.facts.event == Event.SERVICEREQUEST_RESPONSE)
JSON = Drafts("messages in JSON", lambda message: message.syntax is Syntax.JSON)
XML = Drafts("messages in XML", lambda message: message.syntax is Syntax.XML)


@dataclass(frozen=True, slots=True)
class TreeChange:
    """Edits of the message, made without touching anything else of its text."""

    touches: str
    """The element that changes, by type and without indexes: `Patient.birthDate`."""
    make: Callable[[Message], Sequence[Edit]]
    """The edits; none where the message does not have what is changed."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """Another text, which may be no message any more."""

    touches: str
    make: Callable[[Message], str]
    """The new text; the old one where there is nothing to change."""


class HeaderPart(NamedTuple):
    """One header of the call and what becomes of it."""

    name: str
    make: Callable[[str, Message], str | None]
    """From the value it would have, the value on the wire; None leaves the header out."""
    always: bool = False
    """Whether it is set although the call would not have it."""


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """Headers of the call; the message stays as it is."""

    parts: tuple[HeaderPart, ...]

    @property
    def touches(self) -> str:
        """The headers that change."""
        return ", ".join(part.name for part in self.parts)


@dataclass(frozen=True, slots=True)
class Mutation:
    """One named fault."""

    id: str
    title: str
    does: str
    """One sentence: what changes."""
    change: TreeChange | TextChange | HeaderChange
    rule: str
    """Id of the rule that finds it."""
    answer: Answer | None
    """What a correct receiver says to it; None = it takes the message all the same."""
    platform: Answer | None = None
    """What the platform says before any receiver sees the call; None = it lets the call pass."""
    drafts: Drafts = field(default=ANY)
    group: Group = Group.HEADERS
    """Given by the list it stands in."""

    @property
    def in_headers(self) -> bool:
        """Whether it changes the headers of the call and not the message."""
        return isinstance(self.change, HeaderChange)

    @property
    def expected(self) -> str:
        """The answer as a sentence for a person."""
        if self.platform is not None:
            return f"BaRS itself answers {self.platform.status} ({self.platform.code})"
        if self.answer is None:
            return "A correct receiver takes it all the same (200)"
        return f"A correct receiver answers {self.answer.status} ({self.answer.code})"
