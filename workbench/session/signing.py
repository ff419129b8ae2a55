"""The Keys panel's use cases: making, importing, exporting, rotating and retiring keys, their public set, the vault.

Key material stays in `keys`; here are only public facts and words. Blocking calls run off the loop.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import ConfigError, ErrorCode, InputError
from workbench.keys import (
    CACHED,
    Standing,
    VaultState,
    check_kid,
    encrypted_pem,
    free_kid,
    generate_private_pem,
    read_keys,
)
from workbench.session.engine import EMBEDDED
from workbench.session.files import read_file, write_text
from workbench.session.key_serving import KeySetServer
from workbench.session.key_views import KeyDeed, KeyInFile, KeysPage
from workbench.session.key_words import key_view, served_words, vault_view
from workbench.session.views import IdentityDetail

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from workbench.directory import Identity
    from workbench.keys import FoundKey, KeyFacts
    from workbench.session.engine import Engine
    from workbench.session.key_views import KeyView
    from workbench.session.tokens import TokenCalls

LARGEST_FILE = 1024 * 1024
READING_S = 20.0
"""Seconds that a key file may take to be read: one made on purpose can ask for hours."""


class Signing:
    """Keys and identities of the workspace; called on the I/O thread."""

    def __init__(self, engine: Engine, tokens: TokenCalls, host: Callable[[], str]) -> None:
        """`host`: where the public key sets are served, where somebody wants that."""
        self._engine = engine
        self._tokens = tokens
        self.serving = KeySetServer(engine, host)
        self._changed: Callable[[], None] | None = None

    def attach(self, changed: Callable[[], None]) -> None:
        """Say whom to tell when keys or the vault have changed."""
        self._changed = changed

    async def page(self) -> KeysPage:
        """Keys, vault and identities."""
        engine = self._engine
        facts = engine.keys.facts()
        places = {id: engine.known_environment(id) for one in facts for id in one.environments}
        titles = {id: place.title for id, place in places.items()}
        signers = {id: engine.kid_of(place) for id, place in places.items()}
        now = engine.clock()
        return KeysPage(
            keys=tuple(self._served(key_view(one, facts, titles, signers, now), one) for one in facts),
            vault=vault_view(engine.keys.vault),
            identities=tuple(self._identity(one) for one in engine.directory.identities.all()),
            assertion=self._tokens.last_assertion,
        )

    # keys

    async def ensure_embedded(self) -> None:
        """See that there is a key for the embedded sandbox: stored where the vault is open, else for this run only."""
        keys = self._engine.keys
        if keys.kid_for(EMBEDDED) is None:
            stored = keys.vault.state is VaultState.OPEN and not self._engine.workspace.read_only
            pem = await self._engine.worker.run(generate_private_pem)
            add = keys.add if stored else keys.add_in_memory
            kid, now = self._free_kid(EMBEDDED), self._engine.clock()
            await asyncio.to_thread(lambda: add(kid, pem, environments=(EMBEDDED,), created=now))

    async def create(self, environment: str) -> KeysPage:
        """Make an RSA-4096 key for an environment; VaultError when it cannot be stored.

        Where another key signs it waits until it is told to; the embedded sandbox knows every key at once.
        """
        chosen = self._engine.environment_of(environment).id
        self._engine.keys.vault.check_writable()
        pem = await self._engine.worker.run(generate_private_pem)
        standing = Standing.SIGNS if chosen == EMBEDDED else self._first_standing(chosen)
        await self._add(self._free_kid(chosen), pem, (chosen,), standing, None)
        return await self._done()

    async def rotate(self, kid: str) -> KeysPage:
        """Make a key that is to follow another one: both stand in the key set, and the old one signs meanwhile."""
        environments = self._engine.keys.find(kid).environments
        self._engine.keys.vault.check_writable()
        pem = await self._engine.worker.run(generate_private_pem)
        stem = kid.rpartition("-")[0] if kid.rpartition("-")[2].isdigit() else ""
        fresh = free_kid(stem or self._stem(environments[0]), self._kids())
        await self._add(fresh, pem, environments, Standing.WAITS, None)
        return await self._done()

    async def mark_published(self, kid: str) -> KeysPage:
        """Note that the key set with a key was published just now."""
        now = self._engine.clock()
        await asyncio.to_thread(self._engine.keys.publish, kid, now)
        return await self._done()

    async def sign_with(self, kid: str) -> KeysPage:
        """Have a key sign for its environments from the next token on; ConfigError where one is set to another key."""
        for id in self._engine.keys.find(kid).environments:
            place = self._engine.known_environment(id)
            if place.key not in ("", kid):
                raise ConfigError(ErrorCode.CONFIG_KEY_NAMED, what=place.title, cause=place.key)
        return await self._stand(kid, Standing.SIGNS)

    async def retire(self, kid: str) -> KeysPage:
        """Have a key sign no more, and leave it out of the key set."""
        return await self._stand(kid, Standing.RETIRED)

    async def delete(self, kid: str) -> KeysPage:
        """Forget a retired key for good; ConfigError for one that is not retired."""
        await asyncio.to_thread(self._engine.keys.remove, kid)
        return await self._done()

    # files

    async def look(self, path: str, passphrase: str = "") -> tuple[KeyInFile, ...]:
        """The private keys of a file; InputError when none can be used, or when the passphrase is at fault."""
        found = await self._read(path, passphrase)
        return tuple(
            KeyInFile(one.thumbprint, f"RSA {one.bits}, thumbprint {one.thumbprint[:12]}...", self._name(one, path, ""))
            for one in found
        )

    async def import_file(
        self,
        path: str,
        *,
        environment: str,
        passphrase: str = "",
        kid: str = "",
        thumbprint: str = "",
        known: bool = True,
    ) -> KeysPage:
        """Keep a private key of a file for an environment; the file stays as it is.

        `thumbprint` (its beginning is enough) says which of several keys is meant, `known` that the platform has the
        public half already. InputError `input.key-several` when it has to be said, and as `look`; VaultError when
        nothing can be stored.
        """
        chosen = self._engine.environment_of(environment).id
        self._engine.keys.vault.check_writable()
        found = [one for one in await self._read(path, passphrase) if one.thumbprint.startswith(thumbprint)]
        if len(found) != 1:
            cause = ", ".join(one.thumbprint for one in found) or f"none has a thumbprint that begins with {thumbprint}"
            raise InputError(ErrorCode.INPUT_KEY_SEVERAL, what=Path(path).name, count=len(found), cause=cause)
        (one,) = found
        twin = next((key.kid for key in self._engine.keys.facts() if key.thumbprint == one.thumbprint), "")
        if twin:
            cause = f"it is here already, as {twin}"
            raise InputError(ErrorCode.INPUT_KEY, what=Path(path).name, cause=cause)
        published = self._engine.clock() - CACHED if known and chosen != EMBEDDED else None
        standing = self._first_standing(chosen)
        await self._add(self._name(one, path, kid), one.pem, (chosen,), standing, published)
        return await self._done()

    async def export(self, kid: str, path: str, passphrase: str) -> None:
        """Write a private key as PKCS#8 PEM, encrypted by a passphrase of 15 characters or more (scrypt, AES-256).

        VaultError for a shorter one or while the key is locked away, StoreError when the file cannot be written.
        """
        keys = self._engine.keys
        await asyncio.to_thread(lambda: write_text(path, encrypted_pem(keys.load(kid).private, passphrase)))

    def public_set(self, kid: str = "") -> str:
        """The public key set as JSON text: all that stands beside a key in its environments, or every key."""
        keys = self._engine.keys
        rows = keys.jwks()["keys"]
        if kid:
            places = keys.find(kid).environments
            rows = [row for row in rows if set(keys.find(row["kid"]).environments) & set(places)]
        return json.dumps({"keys": rows}, indent=2)

    async def copy_public_set(self, kid: str = "") -> str:
        """The public key set as JSON text; VaultError for a key that is not there."""
        return self.public_set(kid)

    async def save_public_set(self, kid: str, path: str) -> None:
        """Write the public key set to a file; StoreError when it cannot be written."""
        await asyncio.to_thread(write_text, path, self.public_set(kid))

    async def serve(self) -> KeysPage:
        """Serve the public key sets at an address, until `unserve` or the end; NetworkError when it cannot be had."""
        await self.serving.start()
        return await self.page()

    async def unserve(self) -> KeysPage:
        """Serve them no more."""
        await self.serving.stop()
        return await self.page()

    # the vault

    async def unlock(self, passphrase: str) -> KeysPage:
        """Open the vault by its passphrase, or by the one kept for recovery; VaultError for a wrong one."""
        await asyncio.to_thread(self._engine.keys.vault.unlock, passphrase)
        self._engine.keys.drop_memory()
        return await self._done()

    async def try_keyring(self) -> KeysPage:
        """Ask the system keyring for its lock once more."""
        await asyncio.to_thread(self._engine.keys.vault.try_keyring)
        self._engine.keys.drop_memory()
        return await self._done()

    def stop_waiting(self) -> None:
        """Give up waiting for a keyring that does not answer: the keys stay as they are, whatever it says later."""
        self._engine.keys.vault.patience.give_up()

    async def lock(self) -> KeysPage:
        """Lock the vault and forget every token; the embedded sandbox goes on with a key in memory."""
        engine = self._engine
        engine.keys.lock()
        for one in engine.directory.environments.all():
            engine.tokens.drop(engine.environment_of(one.id).token_url or "")
        await self.ensure_embedded()
        return await self._done()

    async def set_passphrase(self, passphrase: str) -> KeysPage:
        """Make a vault that a passphrase opens; VaultError when it is shorter than 15 characters."""
        await asyncio.to_thread(self._engine.keys.vault.set_passphrase, passphrase)
        return await self._done()

    async def change_passphrase(self, old: str, new: str) -> KeysPage:
        """Have another passphrase open the vault; VaultError when the old one does not fit or the new is too short."""
        await asyncio.to_thread(self._engine.keys.vault.change_passphrase, old, new)
        return await self._done()

    async def set_recovery(self, passphrase: str) -> KeysPage:
        """Have a passphrase open a vault of the system keyring too; VaultError when it is too short."""
        await asyncio.to_thread(self._engine.keys.vault.set_recovery, passphrase)
        return await self._done()

    # inside

    def _served(self, view: KeyView, facts: KeyFacts) -> KeyView:
        """The same with where its key set can be fetched now."""
        if KeyDeed.COPY not in view.deeds:
            return view
        url = self.serving.url(facts.environments[0])
        if not url:
            return replace(view, deeds=view.deeds | {KeyDeed.SERVE})
        return replace(view, served=url, fetched=served_words(*self.serving.fetched(), url))

    async def _done(self) -> KeysPage:
        if self._changed is not None:
            self._changed()
        return await self.page()

    async def _stand(self, kid: str, standing: Standing) -> KeysPage:
        now = self._engine.clock()
        await asyncio.to_thread(self._engine.keys.stand, kid, standing, now)
        return await self._done()

    async def _add(
        self, kid: str, pem: bytes, environments: tuple[str, ...], standing: Standing, published: datetime | None
    ) -> None:
        keys, now = self._engine.keys, self._engine.clock()

        def keep() -> None:
            keys.add(kid, pem, environments=environments, created=now, standing=standing, published=published)

        await asyncio.to_thread(keep)

    async def _read(self, path: str, passphrase: str) -> tuple[FoundKey, ...]:
        content, name = await asyncio.to_thread(read_file, path)
        if len(content) > LARGEST_FILE:
            raise InputError(ErrorCode.INPUT_TOO_LARGE, what=name, limit="1 MiB")
        return await self._engine.worker.run(read_keys, content, passphrase, limit_s=READING_S)

    def _name(self, key: FoundKey, path: str, wanted: str) -> str:
        """What an imported key is called: as asked, as the file says, as the file is called."""
        if wanted:
            return wanted
        known = self._kids()
        for kid in (key.name, Path(path).stem):
            try:
                check_kid(kid, known)
            except InputError:
                continue
            return kid
        return free_kid("imported", known)

    def _first_standing(self, environment: str) -> Standing:
        return Standing.SIGNS if self._engine.keys.kid_for(environment) is None else Standing.WAITS

    def _kids(self) -> set[str]:
        return {facts.kid for facts in self._engine.keys.facts()}

    def _free_kid(self, environment: str) -> str:
        return free_kid(self._stem(environment), self._kids())

    def _stem(self, environment: str) -> str:
        return "sandbox" if environment == EMBEDDED else environment

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
