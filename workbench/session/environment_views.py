"""What is shown of environments: their values, what is wrong with them, and what a test of the connection finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.directory import Environment
    from workbench.session.views import Tone

CLIENT_CERTIFICATE, PROXY = "client-certificate", "proxy"
"""What an environment may have a secret for."""


@dataclass(frozen=True, slots=True)
class EnvironmentEdit:
    """An environment as a person wants it; a secret of None stays as it is, an empty one is forgotten."""

    environment: Environment
    passphrase: str | None = field(default=None, repr=False)
    """Of the client certificate."""
    proxy_password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field; only a severe one keeps the environment from being kept."""

    field: str
    """Name of the field of `Environment`, or `passphrase`, `proxy_password`."""
    text: str
    severe: bool = True


@dataclass(frozen=True, slots=True)
class EnvironmentDetail:
    """One environment in every detail."""

    environment: Environment
    built_in: bool
    changed: bool
    """Whether a built-in one differs from how it comes."""
    current: bool
    badges: tuple[tuple[str, Tone], ...]
    """What must be seen at once: pre-release, INT only, not checked."""
    profile: str
    """The versions it works with, in words."""
    state: str
    """What keeps it from being used, one sentence; empty when nothing does."""
    has_passphrase: bool = False
    has_proxy_password: bool = False
    unverified: bool = False
    """Whether its certificate is not checked in this session."""
    may_skip: bool = False
    """Whether that may be asked for at all."""


@dataclass(frozen=True, slots=True)
class ApplicationChoice:
    """One Application with its versions for the form."""

    number: int
    words: str
    versions: tuple[tuple[str, str], ...]
    """(value, words), newest first; the words of a pre-release say so."""


@dataclass(frozen=True, slots=True)
class EnvironmentsPage:
    """The environments and what their fields may be chosen from."""

    environments: tuple[EnvironmentDetail, ...]
    applications: tuple[ApplicationChoice, ...]
    apis: tuple[tuple[str, str], ...]
    cores: tuple[tuple[str, str], ...]
    colours: tuple[tuple[str, str], ...]
    identities: tuple[tuple[str, str], ...]
    keys: tuple[tuple[str, str, tuple[str, ...]], ...]
    """(kid, words, ids of the environments it is for)."""
    read_only: bool
    vault: str
    """Why no secret can be kept, one sentence; empty when one can."""


@dataclass(frozen=True, slots=True)
class TestRow:
    """One thing a test of the connection found."""

    __test__ = False
    tone: Tone
    title: str
    text: str
