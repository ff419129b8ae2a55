"""Every signing key of a workspace: those in the vault, and those held in memory for this run.

A private key is read once and then kept loaded: reading a PEM takes a quarter of a second. Knows no token.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from workbench.errors import ConfigError, ErrorCode, VaultError
from workbench.keys.naming import check_kid, item_name
from workbench.keys.signing_key import SigningKey, load_private_pem, thumbprint
from workbench.keys.vault import VaultState

if TYPE_CHECKING:
    from workbench.keys.vault import Vault
    from workbench.messages.values import JsonObject

PURPOSE = "signing-key"
CACHED = timedelta(hours=1)
"""How long the platform keeps a key set that it has fetched."""


class Standing(StrEnum):
    """What a key is for at present."""

    SIGNS = "signs"
    """It may sign; of several for one environment the one that was told so last does."""
    WAITS = "waits"
    """It stands in the key set beside the one that signs, until it is told to sign."""
    RETIRED = "retired"
    """It signs no more and is left out of the key set."""


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
    standing: Standing
    since: datetime
    """When its standing began."""
    published: datetime | None = None
    """When a person said that its public half was published."""

    @property
    def known_by(self) -> datetime | None:
        """From when on the platform knows it for certain; None while it is not published."""
        return self.published + CACHED if self.published is not None else None

    def signs(self, environment: str) -> bool:
        """Whether it may sign for an environment now."""
        return self.usable and self.standing is Standing.SIGNS and environment in self.environments


class KeyStore:
    """The keys over one vault. Reading, adding and changing block."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self._loaded: dict[str, SigningKey] = {}
        self._memory: dict[str, KeyFacts] = {}

    def facts(self) -> tuple[KeyFacts, ...]:
        """Every key, newest first."""
        stored = tuple(self._stored(item.name, item.public) for item in self.vault.items())
        known = (*self._memory.values(), *(one for one in stored if one is not None))
        return tuple(sorted(known, key=lambda one: (one.created, one.kid), reverse=True))

    def find(self, kid: str) -> KeyFacts:
        """A key by its name; VaultError when it is gone."""
        for one in self.facts():
            if one.kid == kid:
                return one
        raise VaultError(ErrorCode.VAULT_GONE, what=f"The key {kid}")

    def kid_for(self, environment: str) -> str | None:
        """The usable key that was told last to sign for an environment."""
        fitting = [one for one in self.facts() if one.signs(environment)]
        return max(fitting, key=lambda one: (one.since, one.created, one.kid)).kid if fitting else None

    def check_unlocked(self, environment: str, kid: str = "") -> None:
        """VaultError when a key could sign for an environment were it not locked away; arguments as `locked`."""
        locked = self.locked(environment, kid)
        if locked:
            raise VaultError(ErrorCode.VAULT_LOCKED, what=f"the key {locked}")

    def locked(self, environment: str, kid: str = "") -> str:
        """The key that would sign for an environment were it not locked away, of all or the one named; else empty."""
        for one in self.facts():
            if kid in ("", one.kid) and not one.usable and replace(one, usable=True).signs(environment):
                return one.kid
        return ""

    def load(self, kid: str) -> SigningKey:
        """A key with its private half. VaultError while it is locked away or when it is gone."""
        if kid not in self._loaded:
            facts = self.find(kid)
            private = load_private_pem(self.vault.get(self._item(kid)), f"The key {kid}")
            self._loaded[kid] = SigningKey(kid, private, facts.environments, facts.created)
        return self._loaded[kid]

    def add(
        self,
        kid: str,
        pem: bytes,
        *,
        environments: tuple[str, ...],
        created: datetime,
        standing: Standing = Standing.SIGNS,
        published: datetime | None = None,
    ) -> KeyFacts:
        """Keep a private key in the vault.

        VaultError when nothing can be stored, InputError for a name that cannot be used or is taken.
        """
        self.vault.check_writable()
        check_kid(kid, {one.kid for one in self.facts()})
        key = SigningKey(kid, load_private_pem(pem), environments, created)
        facts = replace(_facts_of(key, ""), standing=standing, published=published)
        self.vault.put(item_name(kid), pem, _public(facts))
        self._loaded[kid] = key
        return self.find(kid)

    def add_in_memory(self, kid: str, pem: bytes, *, environments: tuple[str, ...], created: datetime) -> KeyFacts:
        """Hold a private key for this run only; it is written nowhere."""
        key = SigningKey(kid, load_private_pem(pem), environments, created)
        self._loaded[kid] = key
        self._memory[kid] = replace(_facts_of(key, "In memory for this run"), in_memory=True)
        return self._memory[kid]

    def stand(self, kid: str, standing: Standing, since: datetime) -> KeyFacts:
        """Give a key another standing from now on; VaultError while it is locked away or when it is gone."""
        return self._change(replace(self.find(kid), standing=standing, since=since))

    def publish(self, kid: str, at: datetime) -> KeyFacts:
        """Note that the public half of a key was published; errors as `stand`."""
        return self._change(replace(self.find(kid), published=at))

    def remove(self, kid: str) -> None:
        """Forget a retired key for good; ConfigError for one that is not retired."""
        if self.find(kid).standing is not Standing.RETIRED:
            raise ConfigError(ErrorCode.CONFIG_KEY_IN_USE, what=kid)
        self.vault.check_writable()
        self._loaded.pop(kid, None)
        if self._memory.pop(kid, None) is None:
            self.vault.remove(self._item(kid))

    def drop_memory(self) -> None:
        """Forget the keys in memory for this run that nobody needs: a key of the vault signs in their stead."""
        stored = [one for one in self.facts() if not one.in_memory]
        for kid, facts in tuple(self._memory.items()):
            if all(any(one.signs(place) for one in stored) for place in facts.environments):
                del self._memory[kid], self._loaded[kid]

    def lock(self) -> None:
        """Lock the vault and forget every key that came out of it; those in memory for this run stay."""
        self.vault.lock()
        self._loaded = {kid: key for kid, key in self._loaded.items() if kid in self._memory}

    def jwks(self, environment: str | None = None) -> dict[str, list[dict[str, str]]]:
        """The public key set, of all keys or of those an environment may see (RFC 7517); retired ones are left out."""
        shown = [one for one in self.facts() if one.standing is not Standing.RETIRED]
        chosen = [one for one in shown if environment is None or environment in one.environments]
        return {"keys": [dict(one.jwk) for one in chosen]}

    def _change(self, facts: KeyFacts) -> KeyFacts:
        if facts.kid in self._memory:
            self._memory[facts.kid] = facts
            return facts
        self.vault.check_writable()
        name = self._item(facts.kid)
        self.vault.put(name, self.vault.get(name), _public(facts))
        return self.find(facts.kid)

    def _item(self, kid: str) -> str:
        """The name under which the vault keeps a key that is there."""
        names = (item.name for item in self.vault.items() if item.public.get("kid", item.name) == kid)
        return next(names, item_name(kid))

    def _stored(self, name: str, public: JsonObject) -> KeyFacts | None:
        """A key of the vault; None for another kind of secret, or facts that cannot be read."""
        jwk, environments = public.get("jwk"), public.get("environments")
        if public.get("purpose") != PURPOSE or not isinstance(jwk, dict) or not isinstance(environments, list):
            return None
        texts = {str(member): str(value) for member, value in jwk.items()}
        kid = str(public.get("kid", name))
        published = public.get("published")
        try:
            created = datetime.fromisoformat(str(public.get("created")))
            return KeyFacts(
                kid=kid,
                bits=int(str(public.get("bits", 0))),
                created=created,
                environments=tuple(str(one) for one in environments),
                thumbprint=thumbprint(texts),
                stored=f"Encrypted in this workspace, unlocked by {self.vault.backend}",
                usable=kid in self._loaded or self.vault.state is VaultState.OPEN,
                in_memory=False,
                jwk=tuple(texts.items()),
                standing=Standing(str(public.get("standing", Standing.SIGNS.value))),
                since=datetime.fromisoformat(str(public["since"])) if "since" in public else created,
                published=datetime.fromisoformat(str(published)) if published is not None else None,
            )
        except (ValueError, KeyError):
            return None


def _public(facts: KeyFacts) -> dict[str, object]:
    """What the vault shows of a key while it is locked."""
    return {
        "purpose": PURPOSE,
        "kid": facts.kid,
        "bits": facts.bits,
        "created": facts.created.astimezone(UTC).isoformat(),
        "environments": list(facts.environments),
        "jwk": dict(facts.jwk),
        "standing": facts.standing.value,
        "since": facts.since.astimezone(UTC).isoformat(),
        "published": facts.published.astimezone(UTC).isoformat() if facts.published is not None else None,
    }


def _facts_of(key: SigningKey, stored: str) -> KeyFacts:
    return KeyFacts(
        kid=key.kid,
        bits=key.bits,
        created=key.created,
        environments=key.environments,
        thumbprint=key.thumbprint(),
        stored=stored,
        usable=True,
        in_memory=False,
        jwk=tuple(key.public_jwk().items()),
        standing=Standing.SIGNS,
        since=key.created,
    )
