"""What the Network pane of the receiver shows and asks for, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Https(StrEnum):
    """What the receiver shows over HTTPS, if it speaks it."""

    OFF = "off"
    TEST = "test"
    """A certificate issued by the test authority of this workspace."""
    FILES = "files"
    """A certificate of the person's own."""


class Callers(StrEnum):
    """Whether callers are asked for a certificate of theirs (mutual TLS)."""

    ANY = "any"
    ASKED = "asked"
    """Noted when it is shown; a caller without one is served too."""
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Reach:
    """One address the receiver can listen on."""

    address: str
    words: str
    """`192.168.1.20 (eth0)`, `127.0.0.1, this machine only`."""
    only_here: bool


@dataclass(frozen=True, slots=True)
class NetworkEdit:
    """What a person chose: where the receiver listens, and how it is made secure."""

    host: str
    port: int
    names: str = ""
    """Further host names by which it is called, with blanks between."""
    https: Https = Https.OFF
    certificate: str = ""
    key: str = ""
    callers: Callers = Callers.ANY
    client_ca: str = ""
    """File of the authority of their certificates; empty = the test authority of this workspace."""
    passphrase: str | None = field(default=None, repr=False)
    """Of the key of an own certificate; None = as it is kept."""


@dataclass(frozen=True, slots=True)
class AuthorityView:
    """The test authority; empty words where there is none yet."""

    name: str = ""
    dates: str = ""
    fingerprint: str = ""
    kept: str = ""
    """Where its key is, one sentence."""


@dataclass(frozen=True, slots=True)
class NetworkView:
    """The pane."""

    edit: NetworkEdit
    reaches: tuple[Reach, ...]
    authority: AuthorityView
    shown: tuple[tuple[str, str], ...]
    """The certificate that the running receiver shows: (what, words)."""
    base_url: str
    """Where it is reached now; empty when it does not listen."""
    lan: bool
    fixed: tuple[str, ...]
    """Names of settings that this run's flags or variables decide."""
    read_only: bool
    has_passphrase: bool = False
    """Whether one is kept for the key of the own certificate."""
