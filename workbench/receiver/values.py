"""What a receiver is made of: whom it plays, what it serves, how it answers; and what it tells about each call.

Knows HTTP values and verdicts; must not know sockets, the history or any window.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from workbench.exchange import LedgerState, Request, Response
    from workbench.messages import Message
    from workbench.receiver.answer_book import AnswerBook
    from workbench.receiver.answer_rule import AnswerRule
    from workbench.rules import Verdict

BASE = "/booking-and-referral/FHIR/R4"
"""Path of the interface (API specification, servers)."""

ANSWER_LIMIT_S = 4.5
"""Seconds for a verdict: the whole answer must be given within five (Core, Non-functional requirements)."""

Judge = Callable[["Request", "Message"], Awaitable["Verdict"]]
"""Judges a message with its headers, off the loop; its errors refuse the message."""

Access = Callable[["Request"], str | None]
"""Why a caller is not accepted, or None; called before the ids are looked at (Core, Error handling)."""

Knows = Callable[[str], bool | Awaitable[bool]]
"""Whether a Bundle with this id went out from here, so that a reply may name it; may ask a database."""


class Ledger(Protocol):
    """Which messages were processed, by request id and correlation id (Core, Transactional integrity)."""

    async def begin(self, request_id: str, correlation_id: str, *, alone: bool = False) -> LedgerState:
        """Claim a message: FRESH or FAILED makes it ours to process, PROCESSING or DONE makes it a duplicate.

        `alone`: a message with the same request id is the same one, whatever its correlation id.
        """
        ...

    async def reused(self, request_id: str, correlation_id: str) -> bool:
        """Whether a message that was processed had this request id and another correlation id."""
        ...

    async def finish(self, request_id: str, correlation_id: str, ok: bool) -> None:
        """Say how a claimed message ended."""


@dataclass(frozen=True, slots=True)
class ServiceOffer:
    """A service that is served here."""

    system: str
    value: str
    name: str
    use_cases: frozenset[str] = frozenset()
    """Codes of usecases-categories-bars; empty = all of them."""
    diary: str = "every-day"
    """A row of `resources/sandbox/diaries.toml`; empty = it has no slots."""
    definitions: frozenset[str] = frozenset()
    """Message definitions it offers by name; empty = those of its use cases."""

    def serves(self, use_case: str) -> bool:
        """Whether messages of this use case are taken."""
        return not self.use_cases or use_case in self.use_cases


@dataclass(frozen=True, slots=True)
class ReceiverRules:
    """How a receiver answers."""

    name: str
    ods_code: str
    services: tuple[ServiceOffer, ...]
    answers: AnswerBook | None = None
    """Answers on purpose; None = there are none."""
    judge: Judge | None = None
    """None = answer mode `stored`: ids, integrity and the decision table only."""
    limit_s: float = ANSWER_LIMIT_S
    access: Access | None = None
    request_id_alone: bool = False
    """Whether the request id by itself makes a duplicate (Core, Error handling), and not both ids (Core, Transactional
    integrity)."""
    knows: Knows | None = None
    """None = no message ever went out from here: every reply is unknown."""
    api_version: str = "1.0.0"
    definitions_as: str = "receiver"
    """Which messages the CapabilityStatement offers to take: `receiver` = requests, `sender` = replies, `both`."""

    def service(self, value: str) -> ServiceOffer | None:
        """The service with this id."""
        return next((row for row in self.services if row.value == value), None)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not done, as an OperationOutcome will say it; no patient data in it."""

    status: int
    issue: str
    """FHIR issue code, for example `invariant`."""
    diagnostics: str
    rule: str
    """Which rule of ours or of the standard refused: shown in the live log."""
    code: str = ""
    """`REC_CONFLICT`; empty = the receiver's own code of the status."""
    expression: str = ""
    """Path of the element, where there is one."""
    page: str = ""
    """Document and section of the rule; empty = that of the rule's name, where it has one."""


@dataclass(frozen=True, slots=True)
class ReceivedCall:
    """One call that was answered, for the live log."""

    request: Request
    response: Response
    operation: str
    answered_by: str
    """The rule that answered."""
    note: str = ""
    """What is odd about a call that was answered all the same, one sentence."""


Observer = Callable[[ReceivedCall], None]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that was taken, with its acknowledgement: what asynchronous replies start from."""

    request: Request
    message: Message
    acknowledgement: Message
    meaning: str
    """Id of the row of the decision table, for example `validation-new`."""
    rule: AnswerRule | None = None
    """The answer on purpose that it got, which may say what replies follow."""
