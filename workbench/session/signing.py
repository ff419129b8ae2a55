"""The Keys panel's use cases: making keys, publishing their public part, opening the vault, identities for reading.

Key material stays in `keys`; here are only public facts and words. Blocking calls run off the loop.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from workbench.keys import VaultState, generate_private_pem
from workbench.session.engine import EMBEDDED
from workbench.session.views import IdentityDetail, KeysPage, KeyView, Tone, VaultView

if TYPE_CHECKING:
    from workbench.directory import Identity
    from workbench.keys import KeyFacts
    from workbench.session.engine import Engine
    from workbench.session.tokens import TokenCalls

_VAULT_WORDS = {
    VaultState.OPEN: "Keys are kept encrypted in this workspace, unlocked by {backend}.",
    VaultState.LOCKED: "The keys of this workspace are locked: {reason}",
    VaultState.MEMORY: "Nothing can be stored yet: {reason} The embedded sandbox works with a key held in memory.",
}
_VAULT_NEXT = {
    VaultState.LOCKED: "Enter the passphrase to use them.",
    VaultState.MEMORY: "Set a passphrase to keep keys of your own.",
}


WAITS = (
    "Unlock the keyring, or sign in to the desktop where the keys were made, and try again. "
    "If it is gone for good, make another workspace: its keys are new ones."
)


class Signing:
    """Keys and identities of the workspace; called on the I/O thread."""

    def __init__(self, engine: Engine, tokens: TokenCalls) -> None:
        self._engine = engine
        self._tokens = tokens

    async def ensure_embedded(self) -> None:
        """See that there is a key for the embedded sandbox: stored where the vault is open, else for this run only."""
        keys = self._engine.keys
        if keys.kid_for(EMBEDDED) is None:
            stored = keys.vault.state is VaultState.OPEN and not self._engine.workspace.read_only
            await self._make("sandbox", (EMBEDDED,), in_memory=not stored)

    async def create(self, environment: str) -> None:
        """Make an RSA-4096 key for an environment; VaultError when it cannot be stored."""
        chosen = self._engine.environment_of(environment)
        self._engine.keys.vault.check_writable()
        await self._make("sandbox" if chosen.id == EMBEDDED else chosen.id, (chosen.id,), in_memory=False)

    async def unlock(self, passphrase: str) -> None:
        """Open the vault, by the system keyring where that is its lock; VaultError for a wrong passphrase."""
        vault = self._engine.keys.vault
        if vault.by_passphrase:
            await asyncio.to_thread(vault.unlock, passphrase)
        else:
            await asyncio.to_thread(vault.try_keyring)

    async def set_passphrase(self, passphrase: str) -> None:
        """Make a vault that a passphrase opens; VaultError when it is shorter than 15 characters."""
        await asyncio.to_thread(self._engine.keys.vault.set_passphrase, passphrase)

    def public_keys(self, kid: str | None) -> str:
        """The public key set as JSON text, of one key or of all."""
        found = self._engine.keys.jwks()
        rows = [row for row in found["keys"] if kid is None or row.get("kid") == kid]
        return json.dumps({"keys": rows}, indent=2)

    def page(self) -> KeysPage:
        """The Keys panel."""
        engine = self._engine
        vault = engine.keys.vault
        words = _VAULT_WORDS[vault.state].format(backend=vault.backend, reason=vault.reason)
        waits = vault.state is VaultState.LOCKED and not vault.by_passphrase
        return KeysPage(
            keys=tuple(self._key(facts) for facts in engine.keys.facts()),
            vault=VaultView(vault.state.value, words, WAITS if waits else _VAULT_NEXT.get(vault.state, ""), not waits),
            identities=tuple(self._identity(one) for one in engine.directory.identities.all()),
            assertion=self._tokens.last_assertion,
        )

    async def _make(self, stem: str, environments: tuple[str, ...], *, in_memory: bool) -> None:
        engine = self._engine
        pem = await engine.worker.run(generate_private_pem)
        add = engine.keys.add_in_memory if in_memory else engine.keys.add
        kid = _fresh_kid(stem, {facts.kid for facts in engine.keys.facts()})
        created = engine.clock()

        def keep() -> None:
            add(kid, pem, environments=environments, created=created)

        await asyncio.to_thread(keep)

    def _key(self, facts: KeyFacts) -> KeyView:
        engine = self._engine
        current = any(engine.keys.kid_for(id) == facts.kid for id in facts.environments)
        if not facts.usable:
            tone, status = Tone.WARNING, "Locked"
        elif facts.in_memory:
            tone, status = Tone.OK, "In memory for this run"
        else:
            tone, status = (Tone.OK, "In use") if current else (Tone.NEUTRAL, "Not in use")
        titles = [engine.environment_of(id).title for id in facts.environments]
        made = facts.created.astimezone()
        return KeyView(
            kid=facts.kid,
            environments=", ".join(titles),
            tone=tone,
            status=status,
            about=f"RSA {facts.bits}, made {made.day} {made:%B %Y}",
            stored=facts.stored,
            thumbprint=facts.thumbprint,
            bits=facts.bits,
            created=facts.created,
            usable=facts.usable,
        )

    def _identity(self, identity: Identity) -> IdentityDetail:
        own = self._engine.directory.services.find(identity.service)
        return IdentityDetail(
            id=identity.id,
            organisation=identity.organisation,
            ods_code=identity.ods_code,
            practitioner=f"{identity.practitioner_given} {identity.practitioner_family}".strip(),
            role=identity.role,
            role_profile=identity.role_profile,
            software=f"{identity.software} {identity.software_version}".strip(),
            service=f"{own.name} ({own.value})",
            current=identity.id == self._engine.identity,
        )


def _fresh_kid(stem: str, known: set[str]) -> str:
    """`sandbox-1`, `int-2`: the first number that is free."""
    number = 1
    while f"{stem}-{number}" in known:
        number += 1
    return f"{stem}-{number}"
