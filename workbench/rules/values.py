"""What is judged and what comes out: submissions and verdicts.

Knows messages and HTTP values; must not know any rule.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.errors import InputError
from workbench.messages import Severity, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.exchange.values import Request, Response
    from workbench.headers.lines import HeaderLines
    from workbench.messages import Finding, Fix, Message, Source
    from workbench.profiles.compiled import Definitions
    from workbench.standard import VersionProfile
    from workbench.standard.definitions import Definition


class Side(StrEnum):
    """From which side it is judged: a composer must meet more than a receiver may ask for."""

    COMPOSE = "compose"
    RECEIVE = "receive"


@dataclass(frozen=True, slots=True)
class Submission:
    """One thing to judge: a message, a request with its headers, an answer, or all of them together."""

    message: Message | None
    """The body of the request; with `response` and no `request`, the body of that response."""
    request: Request | None
    response: Response | None
    versions: VersionProfile
    side: Side
    definition: Definition | None = None
    """The receiver's own definition; None = the published one that the message names."""
    original: Message | None = None
    """The request that this message answers or follows, when it is known."""
    lines: HeaderLines | None = None
    """Where the headers stand, when they came from a file."""
    packages: Definitions | None = None
    """FHIR packages whose profiles are checked; None = only what is built in."""
    kept: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False, hash=False)
    """What rules share: each part is worked out once per submission."""

    @property
    def composing(self) -> bool:
        """Whether we are the ones who send it."""
        return self.side is Side.COMPOSE

    @property
    def is_answer(self) -> bool:
        """Whether the message is the body of an HTTP answer."""
        return self.request is None and self.response is not None

    @property
    def answer(self) -> Message | None:
        """The body of the response as a message, None where there is none or it cannot be read."""
        if self.is_answer:
            return self.message
        if "answer" not in self.kept:
            self.kept["answer"] = _readable(self.response)
        kept: Message | None = self.kept["answer"]
        return kept


class Hit(NamedTuple):
    """What a rule found; the engine adds what the rule's registration and the message say about it."""

    path: str
    text: str
    fix: Fix | None = None
    severity: Severity | None = None
    """None = the severity the rule is registered with."""
    source: Source | None = None
    """Who says so where that is not the same for all hits of a rule, as with profiles; None = the rule's source."""


class Answer(NamedTuple):
    """What a correct receiver (or the platform before it) answers."""

    status: int
    code: str
    issue: str
    """FHIR issue code, for example `invariant`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything found, worst news and all."""

    findings: tuple[Finding, ...]
    """In the order of the message, headers after it."""
    versions: VersionProfile
    """The versions it was judged by."""
    rule_set: str
    packages: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    """What nobody looked at, in words."""
    seconds: float = 0.0

    @property
    def valid(self) -> bool:
        """Whether there is no error and nothing fatal."""
        return all(finding.severity.rank > Severity.ERROR.rank for finding in self.findings)

    @property
    def worst(self) -> Severity | None:
        """The worst severity, None when nothing was found."""
        return min((finding.severity for finding in self.findings), key=lambda one: one.rank, default=None)

    def counts(self) -> Mapping[Severity, int]:
        """How many findings there are of every severity, the worst first; severities without any are left out."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity: counted[severity] for severity in Severity if counted[severity]}


def _readable(response: Response | None) -> Message | None:
    if response is None or not response.body:
        return None
    try:
        return parse(response.body, what="The answer")
    except InputError:
        return None
