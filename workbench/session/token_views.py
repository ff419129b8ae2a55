"""What the token part of the Keys panel shows, as frozen values; secrets are in none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.doctor import Check, Diagnosis
    from workbench.session.views import TokenView, Tone


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a test of the sign-in."""

    name: str
    words: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class TokenPage:
    """The token part of the Keys panel."""

    environment: str
    """Title of the chosen environment."""
    needs_token: bool
    token: TokenView
    assertion: tuple[tuple[str, str], ...]
    """The last token request of this environment, decoded; its signature is left out."""
    asked: datetime | None = None
    """When it was made."""
    diagnosis: Diagnosis | None = None
    """Why it was refused; None when it was not."""
    steps: tuple[Step, ...] = ()
    """What a test of the whole way found; empty without one."""
    clock: str = ""
    """How far the clocks differ, a sentence without its stop; empty while they agree or nothing is known."""
    their_clock: bool = False
    """Whether sign-ins are dated by the environment's time then."""
    dated: str = ""
    """By whose time the last assertion was dated, where not by this machine's."""


@dataclass(frozen=True, slots=True)
class DecodedToken:
    """A pasted JWT for reading; neither its text nor its signature is in here."""

    tone: Tone
    sentence: str
    """What is to be said of it first."""
    next_step: str
    rows: tuple[tuple[str, str], ...]
    checks: tuple[Check, ...]
