"""What the session publishes: frozen values given to subscribers; the bridge turns each into one signal.

Events carry ids and finished views; they must not carry anything that a panel could change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.evidence.verdicts import FileVerdict
    from workbench.exchange import Phase
    from workbench.history import ConversationRow
    from workbench.messages import Severity
    from workbench.session.environment_views import TestRow
    from workbench.session.views import BulkRow, ScenarioView, Status, Tone


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The shell's facts changed."""

    status: Status


@dataclass(frozen=True, slots=True)
class ExchangeRecorded:
    """An exchange was stored or completed."""

    exchange: str
    conversation: ConversationRow


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """What the list shows of a conversation changed, without a new exchange: a pin, a note, what is read."""

    conversation: ConversationRow


@dataclass(frozen=True, slots=True)
class ConversationsRegrouped:
    """A person put messages into other conversations: some of the list may be gone, others new."""

    conversation: str
    """Where the message is now."""


@dataclass(frozen=True, slots=True)
class SendProgress:
    """A call that somebody waits for went on."""

    call: str
    """The draft that is sent, or the exchange that is sent again."""
    phase: Phase | None
    """What the attempt is doing; None while the next one is waited for."""
    attempt: int
    """The attempt under way or waited for, from 1."""
    of: int
    """Attempts there may be."""
    wait_s: float = 0.0
    """Seconds until it begins."""


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """One more message of a conversation that is being written out was read."""

    conversation: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class VerdictReady:
    """The verdict of a recorded exchange was stored."""

    exchange: str
    conversation: str
    worst: Severity | None


@dataclass(frozen=True, slots=True)
class HistoryPurged:
    """Conversations were deleted for good."""

    conversations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReceiverChanged:
    """A receiver page has something new (a call, started, stopped, reset)."""

    page: str


@dataclass(frozen=True, slots=True)
class ScenarioChanged:
    """A scenario run went on."""

    scenario: ScenarioView


@dataclass(frozen=True, slots=True)
class FilesFound:
    """A batch knows how many files it has."""

    batch: str
    total: int


@dataclass(frozen=True, slots=True)
class FileJudged:
    """One file of a batch was judged."""

    batch: str
    number: int
    """Counts from 1."""
    file: FileVerdict


@dataclass(frozen=True, slots=True)
class BulkSent:
    """One file of a bulk send has its answer, or could not be sent."""

    bulk: str
    row: BulkRow


@dataclass(frozen=True, slots=True)
class PackagesChanged:
    """Other FHIR packages are judged with from now on."""

    names: tuple[str, ...]
    """`name#version` of each."""
    missing: tuple[str, ...]
    """What they need and is not on this machine."""


@dataclass(frozen=True, slots=True)
class ConnectionStep:
    """A test of a connection found something."""

    environment: str
    row: TestRow


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something a person should see wherever they are."""

    tone: Tone
    title: str
    text: str


SessionEvent = (
    StatusChanged
    | ExchangeRecorded
    | ConversationChanged
    | ConversationsRegrouped
    | SendProgress
    | ExportProgress
    | VerdictReady
    | HistoryPurged
    | ReceiverChanged
    | ScenarioChanged
    | FilesFound
    | FileJudged
    | BulkSent
    | PackagesChanged
    | ConnectionStep
    | Noticed
)
