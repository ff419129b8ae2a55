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

    async def begin(self, request_id: str, correlation_id: str) -> LedgerState:
        """Claim a message: FRESH or FAILED makes it ours to process, PROCESSING or DONE makes it a duplicate."""
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

    def serves(self, use_case: str) -> bool:
        """Whether messages of this use case are taken."""
        return not self.use_cases or use_case in self.use_cases


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """An answer on purpose: what has this value gets this answer."""

    id: str
    operation: str
    """A row of `operations.toml`."""
    value: str
    """NHS number of the patient of a message, id of a resource, or service of a slot search."""
    status: int
    issue: str
    """FHIR issue code."""
    why: str
    kind: str = ""
    """`booking`, `referral` or `validation`: only new messages of that kind, `response`: only replies; empty = any."""


@dataclass(frozen=True, slots=True)
class ReceiverRules:
    """How a receiver answers."""

    name: str
    ods_code: str
    services: tuple[ServiceOffer, ...]
    answers: tuple[AnswerRule, ...] = ()
    judge: Judge | None = None
    """None = answer mode `stored`: ids, integrity and the decision table only."""
    limit_s: float = ANSWER_LIMIT_S
    access: Access | None = None
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


@dataclass(frozen=True, slots=True)
class ReceivedCall:
    """One call that was answered, for the live log."""

    request: Request
    response: Response
    operation: str
    answered_by: str
    """The rule that answered."""


Observer = Callable[[ReceivedCall], None]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that was taken, with its acknowledgement: what asynchronous replies start from."""

    request: Request
    message: Message
    acknowledgement: Message
    meaning: str
    """Id of the row of the decision table, for example `validation-new`."""
