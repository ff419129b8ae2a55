"""Every signing key of a workspace: those in the vault, and those held in memory for this run.

A private key is read once and then kept loaded: reading a PEM takes a quarter of a second. Knows no token.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, VaultError
from workbench.keys.signing_key import SigningKey, load_private_pem, thumbprint
from workbench.keys.vault import VaultState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.keys.vault import Vault

PURPOSE = "signing-key"


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What may be known of a key while the vault is locked."""

    kid: str
    bits: int
    created: datetime
    environments: tuple[str, ...]
    """Ids of the environments it may be used in."""
    thumbprint: str
    stored: str
    """Where it is kept, in words."""
    usable: bool
    in_memory: bool
    jwk: tuple[tuple[str, str], ...]
    """Its public half."""


class KeyStore:
    """The keys over one vault. Reading and adding block."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self._loaded: dict[str, SigningKey] = {}
        self._memory: dict[str, KeyFacts] = {}

    def facts(self) -> tuple[KeyFacts, ...]:
        """Every key, newest first."""
        stored = tuple(self._stored(item.name, item.public) for item in self.vault.items())
        known = (*self._memory.values(), *(one for one in stored if one is not None))
        return tuple(sorted(known, key=lambda one: (one.created, one.kid), reverse=True))

    def kid_for(self, environment: str) -> str | None:
        """The newest usable key that may be used in an environment."""
        fitting = (one for one in self.facts() if one.usable and environment in one.environments)
        return next((one.kid for one in fitting), None)

    def load(self, kid: str) -> SigningKey:
        """A key ready to sign. VaultError when it is locked away or gone."""
        if kid not in self._loaded:
            facts = next((one for one in self.facts() if one.kid == kid), None)
            if facts is None:
                raise VaultError(ErrorCode.VAULT_GONE, what=f"The key {kid}")
            private = load_private_pem(self.vault.get(kid), f"The key {kid}")
            self._loaded[kid] = SigningKey(kid, private, facts.environments, facts.created)
        return self._loaded[kid]

    def add(self, kid: str, pem: bytes, *, environments: tuple[str, ...], created: datetime) -> KeyFacts:
        """Keep a private key in the vault; VaultError when nothing can be stored."""
        self.vault.check_writable()
        key = SigningKey(kid, load_private_pem(pem), environments, created)
        public: dict[str, object] = {
            "purpose": PURPOSE,
            "bits": key.bits,
            "created": created.astimezone(UTC).isoformat(),
            "environments": list(environments),
            "jwk": dict(key.public_jwk()),
        }
        self.vault.put(kid, pem, public)
        self._loaded[kid] = key
        return self._stored(kid, public) or _facts_of(key, "", in_memory=False)

    def add_in_memory(self, kid: str, pem: bytes, *, environments: tuple[str, ...], created: datetime) -> KeyFacts:
        """Hold a private key for this run only; it is written nowhere."""
        key = SigningKey(kid, load_private_pem(pem), environments, created)
        self._loaded[kid] = key
        self._memory[kid] = _facts_of(key, "In memory for this run", in_memory=True)
        return self._memory[kid]

    def jwks(self, environment: str | None = None) -> dict[str, list[dict[str, str]]]:
        """The public key set, of all keys or of those an environment may see (RFC 7517)."""
        chosen = [one for one in self.facts() if environment is None or environment in one.environments]
        return {"keys": [dict(one.jwk) for one in chosen]}

    def _stored(self, kid: str, public: Mapping[str, object]) -> KeyFacts | None:
        """A key of the vault; None for another kind of secret, or facts that cannot be read."""
        jwk, environments, created = public.get("jwk"), public.get("environments"), public.get("created")
        readable = isinstance(jwk, dict) and isinstance(environments, list) and isinstance(created, str)
        if public.get("purpose") != PURPOSE or not readable:
            return None
        try:
            bits, made = int(str(public.get("bits", 0))), datetime.fromisoformat(str(created))
        except ValueError:
            return None
        texts = {str(name): str(value) for name, value in dict(jwk).items()} if isinstance(jwk, dict) else {}
        return KeyFacts(
            kid=kid,
            bits=bits,
            created=made,
            environments=tuple(str(one) for one in environments) if isinstance(environments, list) else (),
            thumbprint=thumbprint(texts),
            stored=f"Encrypted in this workspace, unlocked by {self.vault.backend}",
            usable=kid in self._loaded or self.vault.state is VaultState.OPEN,
            in_memory=False,
            jwk=tuple(texts.items()),
        )


def _facts_of(key: SigningKey, stored: str, *, in_memory: bool) -> KeyFacts:
    return KeyFacts(
        kid=key.kid,
        bits=key.bits,
        created=key.created,
        environments=key.environments,
        thumbprint=key.thumbprint(),
        stored=stored,
        usable=True,
        in_memory=in_memory,
        jwk=tuple(key.public_jwk().items()),
    )
