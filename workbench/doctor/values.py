"""What the doctor is told and what it says, as frozen values; secrets are in none of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.exchange import Failure, Request, Response, TlsFacts
    from workbench.keys.jwt_text import JwtFacts


class State(StrEnum):
    """What a test on this machine found."""

    CAUSE = "cause"
    """It fails, and it is the likely reason of the refusal."""
    WRONG = "wrong"
    """It fails, though the refusal speaks of something else."""
    FINE = "fine"
    UNTESTED = "untested"
    """It cannot be known here."""


@dataclass(frozen=True, slots=True)
class Check:
    """One possible cause, tested."""

    id: str
    name: str
    """`This machine's clock`."""
    words: str
    """`0.4 s away from INT's`."""
    state: State
    sentence: str = ""
    """What is wrong, as a heading; empty unless it fails."""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why something was refused: the likely cause first."""

    refusal: str
    """Which refusal it is: an id of `resources/doctor/refusals.toml`, or the code of a failure."""
    title: str
    text: str
    next_step: str
    checks: tuple[Check, ...]
    """The likely cause, then what else is wrong, then what is fine, then what cannot be known."""
    said: str
    """The other side's own wording, with its status."""
    support: str = ""
    """What its support asks for: the message id."""


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """An environment as far as the doctor needs it."""

    id: str
    title: str
    base_url: str
    token_url: str
    client_id: str
    needs_token: bool = True


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key of the workspace: its public half and where it may be used."""

    kid: str
    environments: tuple[str, ...]
    jwk: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SignIn:
    """One attempt to get a token, and what is known around it."""

    place: KnownPlace
    places: tuple[KnownPlace, ...]
    """Every environment."""
    keys: tuple[KnownKey, ...]
    at: datetime
    """When it was signed, by this machine's clock."""
    jwt: JwtFacts | None = None
    """The assertion; None when it is not known any more."""
    jti_used: bool = False
    """Whether an earlier attempt of this run had the same jti."""
    request: Request | None = None
    response: Response | None = None
    failure: Failure | None = None
    skew_s: float | None = None
    """The other side's clock minus ours, None when it sent no date."""
    dated_by_s: float = 0.0
    """What was added to this machine's time in the assertion, as a person had agreed to."""
    published: frozenset[str] | None = None
    """Names of the keys that are registered there, None when nobody here can know."""
    tls: TlsFacts | None = None


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token that this program got in this run."""

    kid: str
    token_url: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One refused call, and what is known around it."""

    place: KnownPlace
    places: tuple[KnownPlace, ...]
    request: Request
    response: Response
    at: datetime
    key: str = ""
    """Name of the key whose token it carried."""
    token: TokenFacts | None = None
    """The token, where it is one of this run."""
    services: tuple[tuple[str, str], ...] = ()
    """(system, value) of every service of the directory that belongs to this environment."""
    keys: tuple[KnownKey, ...] = ()
    skew_s: float | None = None
    tls: TlsFacts | None = None
