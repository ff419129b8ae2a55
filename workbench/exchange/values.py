"""Requests, responses, failures and exchanges as they were on the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from workbench.errors import wording

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.errors import ErrorCode
    from workbench.standard import VersionProfile

Headers = tuple[tuple[str, str], ...]
"""Names and values in the order, case and number in which they were on the wire."""


def headers(all_headers: Headers, name: str) -> tuple[str, ...]:
    """Every value of a header, compared without case (RFC 9110, 5.1)."""
    wanted = name.lower()
    return tuple(value for key, value in all_headers if key.lower() == wanted)


def header(all_headers: Headers, name: str) -> str | None:
    """The first value of a header, or None."""
    wanted = name.lower()
    for key, value in all_headers:
        if key.lower() == wanted:
            return value
    return None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    host: str
    port: int
    secure: bool = False

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:8443` or the https form; IPv6 hosts are bracketed."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Peer:
    """Who connected to our server."""

    host: str
    port: int
    certificate: str | None = None
    """Subject of the client certificate, when one was shown."""
    tls: TlsFacts | None = field(default=None, compare=False)
    """The secure connection, where it is one: the certificate in it is the caller's."""


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What the secure connection turned out to be."""

    version: str
    cipher: str
    subject: str
    issuer: str
    not_after: datetime | None
    verified: bool = True
    """Whether the certificate was checked; a person can leave that out for a target of their own."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. For a received one `url` is the request target with the origin of our server in front."""

    method: str
    url: str
    headers: Headers = field(default=(), repr=False)
    """As sent or received, secrets included: they show in no text form."""
    body: bytes = field(default=b"", repr=False)
    http_version: str = "1.1"
    peer: Peer | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, compared without case."""
        return header(self.headers, name)


class Drop(StrEnum):
    """Where a server ends the connection without a word, though HTTP would have it go on."""

    NEVER = "never"
    UNREAD = "unread"
    """Nobody looked at the message: there is no answer to store, and no byte leaves."""
    BEFORE = "before"
    """No byte of the answer leaves."""
    WITHIN = "within"
    """The head and some bytes of the body leave."""
    AFTER = "after"
    """The whole answer leaves; the connection ends though the answer said that it goes on."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an answer is to leave where a fault is wanted on purpose; the default is to write it whole and at once."""

    delay_s: float = 0.0
    """Seconds before the first byte."""
    bytes_per_s: float = 0.0
    """How fast the body leaves; 0 = as fast as it can."""
    drop: Drop = Drop.NEVER
    within: int = 0
    """How many bytes of the body leave before a drop within it."""


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response with its exact body."""

    status: int
    reason: str = ""
    headers: Headers = field(default=(), repr=False)
    """As sent or received, secrets included: they show in no text form."""
    body: bytes = field(default=b"", repr=False)
    """The content, its coding taken off."""
    wire: bytes = field(default=b"", repr=False)
    """The body as it was on the wire where a Content-Encoding makes it other bytes than the content, else empty."""
    delivery: Delivery | None = field(default=None, compare=False)
    """A fault on purpose in how our server writes it; no part of the answer itself, and not stored."""
    answered_by: str = field(default="", compare=False)
    """The rule that gave an answer of ours, and the faults on purpose it met; no part of the answer itself."""
    remark: str = field(default="", compare=False)
    """What was odd about the call that an answer of ours is to; no part of the answer itself."""

    def header(self, name: str) -> str | None:
        """The first value of a header, compared without case."""
        return header(self.headers, name)

    @property
    def ok(self) -> bool:
        """Whether the status says success (2xx)."""
        return 200 <= self.status < 300


class Phase(StrEnum):
    """What a call is doing, in the order in which it does it."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    SEND = "send"
    WAIT = "wait"
    RECEIVE = "receive"


class FailureKind(StrEnum):
    """What is known about a message whose exchange has no proper answer."""

    NOT_SENT = "not_sent"
    """No byte left this machine: sending again is safe."""
    UNKNOWN = "unknown"
    """It may have been acted on: retry with the same ids."""
    CUT = "cut"
    """An answer began and was cut."""
    STOPPED = "stopped"
    """A person stopped it."""
    NOT_DELIVERED = "not_delivered"
    """We answered, and the answer did not reach the caller."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an exchange has no proper answer, with what is known about it."""

    kind: FailureKind
    code: ErrorCode
    sentence: str
    next_step: str
    sent: int = 0
    """Bytes of the request body that were handed to the network."""
    received: bytes = field(default=b"", repr=False)
    """What came back before it broke."""

    @classmethod
    def of(
        cls, kind: FailureKind, code: ErrorCode, *, sent: int = 0, received: bytes = b"", **facts: object
    ) -> Failure:
        """A failure worded by the row of its code; `facts` fill the row's `{names}`."""
        words = wording(code, **facts)
        return cls(kind, code, words.sentence, words.next_step, sent, received)


@dataclass(frozen=True, slots=True)
class Timing:
    """When it started (UTC) and how long each phase took, in seconds by a monotonic clock; None = did not happen."""

    started: datetime
    resolve: float | None = None
    connect: float | None = None
    tls: float | None = None
    send: float | None = None
    wait: float | None = None
    receive: float | None = None

    @property
    def total(self) -> float | None:
        """Seconds of all phases that happened, or None when none was measured."""
        parts = [p for p in (self.resolve, self.connect, self.tls, self.send, self.wait, self.receive) if p is not None]
        return sum(parts) if parts else None


class Direction(StrEnum):
    """Which way the request went, seen from the workbench."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its answer or failure. Neither = in flight; found so at start = Failure(unknown).

    A retry is an exchange of its own with `retry_of` and `attempt`.
    """

    id: str
    seq: int
    """Order of recording within a workspace; 0 until the journal has stored it."""
    direction: Direction
    environment: str
    """Id of the environment (`embedded`, `sandbox`, `int`, `production`, own)."""
    operation: str
    """A row of `resources/standard/operations.toml`, for example `process-message`."""
    versions: VersionProfile
    request: Request
    timing: Timing
    service: str | None = None
    """Id of the service in the directory that was addressed (out) or that called (in), when known."""
    identity: str | None = None
    key: str | None = None
    draft: str | None = None
    run: str | None = None
    retry_of: str | None = None
    attempt: int = 1
    response: Response | None = None
    failure: Failure | None = None
    tls: TlsFacts | None = None
    peer_date: datetime | None = None
    """The server's `Date` header, UTC."""
    dated_by_s: float = 0.0
    """Seconds added to this machine's time where a sign-in was dated by the other side's; 0 = by this machine's."""

    @property
    def in_flight(self) -> bool:
        """Whether neither an answer nor a failure is known yet."""
        return self.response is None and self.failure is None
