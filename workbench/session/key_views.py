"""What the Keys panel shows, as frozen values: public facts of keys and words ready for the screen, never a secret."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.session.views import IdentityDetail, Tone


class KeyDeed(StrEnum):
    """What can be done with a key now."""

    COPY = "copy"
    """Copy or save the key set it stands in."""
    ROTATE = "rotate"
    PUBLISHED = "published"
    """Say that the key set with it was published."""
    SIGN = "sign"
    RETIRE = "retire"
    DELETE = "delete"
    EXPORT = "export"
    SERVE = "serve"
    """Serve the public key sets at an address."""
    UNSERVE = "unserve"


@dataclass(frozen=True, slots=True)
class KeyView:
    """A signing key as the Keys panel lists it."""

    kid: str
    environments: str
    tone: Tone
    status: str
    """`In use`, `Not published`, `Retired`."""
    about: str
    """`RSA 4096, made 24 November 2026`."""
    note: str
    """What comes next with it, a sentence or two; empty when nothing does."""
    stored: str
    thumbprint: str
    bits: int
    created: datetime
    usable: bool
    deeds: frozenset[KeyDeed]
    advised: KeyDeed | None = None
    """What is to be done next, where something is."""
    signs_for: str = ""
    """Titles of the environments it signs for now; empty when it signs for none."""
    served: str = ""
    """Address at which the key set it stands in can be fetched; empty while none is served."""
    fetched: str = ""
    """How often that was done, in words."""


@dataclass(frozen=True, slots=True)
class VaultView:
    """How keys are kept on this machine."""

    state: str
    """`open`, `locked` or `memory`."""
    text: str
    next_step: str = ""
    asks: bool = True
    """Whether a passphrase opens or makes it."""
    tries: bool = False
    """Whether the system keyring can be asked for its lock once more."""
    recovery: str = ""
    """`set` or `none` for an open vault of the system keyring; else empty."""
    changes: bool = False
    """Whether the passphrase that opens it can be changed."""


@dataclass(frozen=True, slots=True)
class KeyInFile:
    """A key found in a file that may be imported."""

    thumbprint: str
    about: str
    """`RSA 4096, thumbprint NzbLsXh8uDCc...`."""
    kid: str
    """What it would be called."""


@dataclass(frozen=True, slots=True)
class KeysPage:
    """The Keys panel."""

    keys: tuple[KeyView, ...]
    vault: VaultView
    identities: tuple[IdentityDetail, ...]
    assertion: tuple[tuple[str, str], ...]
    """The last token request, decoded; secrets left out."""
