"""What the page of calls shows, as frozen values: forms, what would be sent, answers as lists, calls of other tools.

They carry words ready for the screen and ids to act on; they must not carry secrets or database handles.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.headers import DecodedHeader
    from workbench.interchange import ForeignCall
    from workbench.messages import Finding, Message
    from workbench.session.views import SendResult, Tone


class FieldKind(StrEnum):
    """How a value of a form is given, and where it goes."""

    TEXT = "text"
    """A query parameter."""
    CHOICE = "choice"
    """One of several; a query parameter."""
    FLAGS = "flags"
    """Any of several: written with commas, in one parameter."""
    REPEATED = "repeated"
    """Any of several: a parameter each; written with commas here."""
    PATH = "path"
    """A part of the address."""
    HEADER = "header"
    """The value of use-context, or whether the target goes along."""


@dataclass(frozen=True, slots=True)
class CallField:
    """One value of a call's form."""

    key: str
    """Unique in its form."""
    name: str
    """Of the parameter, as it is sent."""
    label: str
    value: str = ""
    """A sensible one to begin with; empty = it is left out."""
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    """(value, words)."""
    required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class CallChoice:
    """One call in the list of calls."""

    id: str
    title: str
    group: str
    method: str
    path: str
    preview: bool
    """Whether it is published for looking at only."""


@dataclass(frozen=True, slots=True)
class CallOffer:
    """What can be called."""

    api: str
    """The version of the interface that is meant."""
    versions: tuple[str, ...]
    calls: tuple[CallChoice, ...]
    patients: tuple[tuple[str, str], ...]
    """(id, name)."""


@dataclass(frozen=True, slots=True)
class CallForm:
    """The form of one call."""

    call: CallChoice
    api: str
    fields: tuple[CallField, ...]
    body: str
    """What would be sent, to be changed by hand; empty where nothing is."""
    has_body: bool
    notes: tuple[str, ...] = ()
    """What to know about this call here."""
    masked: bool = False
    """Whether people are masked in it: what is left as it is shown is sent as it really is."""


@dataclass(frozen=True, slots=True)
class CallOrder:
    """One filled-in form."""

    operation: str
    service: str
    """Id of a service of the directory."""
    api: str
    values: tuple[tuple[str, str], ...] = ()
    """(key of a field, value); fields that are not named keep the value of the form."""
    body: str = ""
    confirm_host: str = ""


@dataclass(frozen=True, slots=True)
class CallPreview:
    """What would be sent."""

    method: str
    url: str
    headers: tuple[DecodedHeader, ...]
    findings: tuple[Finding, ...]
    body_findings: int
    """How many further findings there are on the body."""
    reason: str = ""
    """Why nothing can be sent now; empty when it can."""


class AnswerKind(StrEnum):
    """As what an answer is shown."""

    SLOTS = "slots"
    ROWS = "rows"
    RESOURCE = "resource"
    """As a tree and as text."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One slot."""

    id: str
    start: datetime
    end: datetime | None
    free: bool
    status: str
    where: str
    """The service, place or person whose slot it is."""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One booking, referral, pointer or row of the catalogue."""

    kind: str
    """Resource type."""
    id: str
    title: str
    status: str
    tone: Tone
    when: str
    about: str
    """Whom or what it is about."""
    target: str = ""
    """Of a pointer: `system|value` of the service that holds what it leads to."""
    leads_to: tuple[str, str] | None = None
    """Of a pointer: type and id of what it leads to."""


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """What came back."""

    order: CallOrder
    result: SendResult
    status: int | None
    kind: AnswerKind
    slots: tuple[SlotRow, ...] = ()
    rows: tuple[FoundRow, ...] = ()
    message: Message | None = None
    text: str = ""
    says: str = ""
    """What an OperationOutcome says, or where there is nothing to show."""
    direct: bool = False
    """Whether a slot of it can be booked by a call of its own too, not by a message alone."""
    masked: bool = False
    """Whether people are masked in it."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file of services."""

    added: int
    changed: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportedCall:
    """A call of another tool as a person reads it."""

    foreign: ForeignCall
    title: str
    operation: str
    """Which call of the interface it is."""
    service: str
    """Value of its target identifier; empty where it names none."""
    headers: tuple[DecodedHeader, ...]
    call: str = ""
    """Which call of the page of calls it is; empty for a message, and for what is no call of the interface."""
    url: str = ""
    """Its address as it is shown: without people while they are masked."""

    @property
    def message(self) -> bool:
        """Whether it carries something that can be opened in Compose."""
        return bool(self.foreign.request.body) and not self.call
