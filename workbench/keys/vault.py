"""The vault: secrets as AES-256-GCM blobs in the workspace, opened by a wrapping key.

The wrapping key lies in the system keyring, or is derived from a passphrase (scrypt); without either nothing is
stored at all. Everything here blocks and is called off the loop. Must not know what a secret is for.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workbench.errors import ErrorCode, VaultError
from workbench.files import write_json
from workbench.keys.keyrings import Keyring, KeyringProblem, system_keyring
from workbench.keys.patience import Patience
from workbench.keys.wrapping import (
    KEY_BYTES,
    NONCE_BYTES,
    SCRYPT_COST,
    check_length,
    derive,
    new_lock,
    seal,
    to_bytes,
    to_text,
    unseal,
    unwrap,
    wrap,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from workbench.messages.values import JsonObject

_log = logging.getLogger(__name__)

FORMAT = 1
_CHECK = "vault"
"""Name of the blob that proves a wrapping key: it holds nothing."""
_BY_PASSPHRASE = "a passphrase"
_BY_RECOVERY = "the recovery passphrase"


class VaultState(StrEnum):
    """Whether secrets can be used and kept."""

    OPEN = "open"
    LOCKED = "locked"
    """There are secrets, and the wrapping key is not at hand."""
    MEMORY = "memory"
    """Nothing can be stored: no keyring and no passphrase."""


@dataclass(frozen=True, slots=True)
class VaultItem:
    """What may be known of a secret while the vault is locked."""

    name: str
    public: JsonObject


class Vault:
    """The `vault/` folder of one workspace."""

    def __init__(
        self,
        folder: Path,
        workspace_id: str,
        *,
        find_keyring: Callable[[], Keyring | None],
        read_only: bool,
        cost: int = SCRYPT_COST,
        patience: Patience | None = None,
    ) -> None:
        self._folder = folder
        self._find = find_keyring
        self.patience = patience or Patience()
        """How long the keyring is waited for, and the way to give it up."""
        self._workspace = workspace_id
        self._read_only = read_only
        self._cost = cost
        self._key: bytes | None = None
        self._former: bytes | None = None
        """The key before a change of the passphrase that was cut short: some blobs are still locked by it."""
        self.state = VaultState.MEMORY
        self.backend = ""
        """What opens it, in words: `the system keyring (Secret Service)`, `a passphrase`."""
        self.reason = ""
        """Why it is locked or holds nothing, one sentence."""
        self.newer = False
        """Whether a newer version of the program keeps it: then nothing here opens or changes it."""

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        workspace_id: str,
        passphrase: str | None,
        find_keyring: Callable[[], Keyring | None] = system_keyring,
        read_only: bool = False,
        cost: int = SCRYPT_COST,
        patience: Patience | None = None,
    ) -> Vault:
        """Open what is there, or make one by a passphrase or the system keyring; with neither, keep nothing.

        VaultError for a wrong or too short passphrase. Never asks a person anything by itself; who brings the
        `patience` can end the waiting for a keyring that does.
        """
        vault = cls(folder, workspace_id, find_keyring=find_keyring, read_only=read_only, cost=cost, patience=patience)
        if vault._is_newer():
            vault.newer, vault.state = True, VaultState.LOCKED
            vault.reason = "A newer version of this program keeps them."
        elif (folder / "vault.json").is_file():
            vault._open_existing(passphrase)
        elif read_only:
            vault.reason = "This workspace can only be read."
        elif passphrase is not None:
            vault.set_passphrase(passphrase)
        else:
            vault._make_with_keyring()
        return vault

    @property
    def by_passphrase(self) -> bool:
        """Whether a locked vault is opened by a passphrase alone; else the system keyring has to give out its lock."""
        return self._facts().get("backend") == "passphrase"

    @property
    def has_recovery(self) -> bool:
        """Whether a passphrase opens it should the system keyring no longer do so."""
        return (self._folder / "vault.json").is_file() and isinstance(self._facts().get("recovery"), dict)

    def try_keyring(self) -> None:
        """Ask the system keyring once more, until it answers or `patience` gives up; `state` and `reason` tell."""
        self.patience.limit_s = None
        if self.state is VaultState.LOCKED and not self.newer and not self.by_passphrase:
            self._open_existing(None)

    def lock(self) -> None:
        """Forget the wrapping key until it is opened again; where nothing is stored there is nothing to lock."""
        if self.state is VaultState.OPEN:
            self._key, self._former = None, None
            self.state, self.reason = VaultState.LOCKED, "They were locked by hand."

    def unlock(self, passphrase: str) -> None:
        """Open a locked vault by its passphrase, or by the one kept for recovery; VaultError when it does not fit.

        After a recovery the lock goes back into the system keyring of this machine, where that has none.
        """
        facts = self._facts()
        if facts.get("backend") == "passphrase":
            self._take(_key_of(passphrase, facts, self._workspace), _BY_PASSPHRASE, facts)
            return
        recovery = facts.get("recovery")
        if not isinstance(recovery, dict):
            raise VaultError(ErrorCode.VAULT_NO_RECOVERY)
        self._take(unwrap(recovery, passphrase, owner=self._workspace), _BY_RECOVERY, facts)
        if not self._read_only:
            self._give_back(facts)

    def set_recovery(self, passphrase: str) -> None:
        """Have a passphrase open a vault of the system keyring too; an earlier one opens it no more.

        VaultError when it is too short or the vault is not open.
        """
        check_length(passphrase)
        if self._key is None:
            raise VaultError(ErrorCode.VAULT_LOCKED, what="a recovery passphrase")
        self.check_writable()
        wrapped = wrap(self._key, passphrase, cost=self._cost, owner=self._workspace)
        write_json(self._folder / "vault.json", {**self._facts(), "recovery": wrapped})

    def set_passphrase(self, passphrase: str) -> None:
        """Make a vault that a passphrase opens; VaultError when it is too short or a vault is there already."""
        check_length(passphrase)
        if (self._folder / "vault.json").exists():
            self.unlock(passphrase)
            return
        lock = new_lock(self._cost)
        self._make(derive(passphrase, lock), {"backend": "passphrase", **lock}, _BY_PASSPHRASE)

    def change_passphrase(self, old: str, new: str) -> None:
        """Have another passphrase open a vault that a passphrase opens, and lock every secret anew.

        VaultError `vault.wrong-passphrase` when the old one does not fit, and for a new one that is too short. A change
        that is cut short is finished when the vault is opened the next time, by the new passphrase.
        """
        check_length(new)
        self.check_writable()
        facts = self._facts()
        if not self.by_passphrase:
            raise VaultError(ErrorCode.VAULT_NO_BACKEND, what="a passphrase of its own")
        if _key_of(old, facts, self._workspace) != self._key or self._key is None:
            raise VaultError(ErrorCode.VAULT_PASSPHRASE)
        fresh = AESGCM.generate_key(KEY_BYTES * 8)
        made: dict[str, object] = {
            "format": FORMAT,
            "backend": "passphrase",
            "wrapped": wrap(fresh, new, cost=self._cost, owner=self._workspace),
            "former": seal(self._key, by=fresh, owner=self._workspace),
        }
        write_json(self._folder / "vault.json", made)
        self._former, self._key = self._key, fresh
        self._finish_change(made)

    def check_writable(self) -> None:
        """VaultError unless a secret can be kept now."""
        if self.state is VaultState.LOCKED:
            raise VaultError(ErrorCode.VAULT_LOCKED, what="a new key")
        if self.state is VaultState.MEMORY or self._read_only:
            raise VaultError(ErrorCode.VAULT_NO_BACKEND, what="a new key")

    def put(self, name: str, secret: bytes, public: Mapping[str, object]) -> None:
        """Keep a secret under a name, with facts that anyone may read; an earlier one of that name is replaced."""
        self.check_writable()
        self._write(name, secret, public)

    def get(self, name: str) -> bytes:
        """A secret. VaultError while locked, when it is gone, or when its blob was changed or moved."""
        if self._key is None:
            raise VaultError(ErrorCode.VAULT_LOCKED, what=name)
        try:
            return self._opened(name, self._key)
        except VaultError:
            if self._former is None:
                raise
            return self._opened(name, self._former)

    def items(self) -> tuple[VaultItem, ...]:
        """Every secret with its public facts, by name; readable while locked. A blob that is none is passed over."""
        found = []
        for file in sorted(self._folder.glob("*.blob")):
            try:
                blob = self._blob(file.stem)
            except VaultError as error:
                _log.warning("a blob of the vault is passed over: %s", error.sentence)
                continue
            public = blob.get("public")
            if file.stem != _CHECK and isinstance(public, dict):
                found.append(VaultItem(file.stem, public))
        return tuple(found)

    def remove(self, name: str) -> None:
        """Take a secret away; one that is not there is no mistake. VaultError where a newer version keeps them."""
        if self.newer:
            raise VaultError(ErrorCode.VAULT_LOCKED, what=name)
        self._path(name).unlink(missing_ok=True)

    # inside

    def _is_newer(self) -> bool:
        """Whether vault.json says that it has a format this program does not know."""
        file = self._folder / "vault.json"
        made = _read(file, "vault.json").get("format") if file.is_file() else FORMAT
        return isinstance(made, int) and made > FORMAT

    def _open_existing(self, passphrase: str | None) -> None:
        facts = self._facts()
        self.state = VaultState.LOCKED
        if facts.get("backend") == "passphrase":
            self.backend = _BY_PASSPHRASE
            self.reason = "They are opened by a passphrase."
        else:
            self._ask_keyring(facts)
        if self.state is VaultState.LOCKED and passphrase is not None and (self.by_passphrase or self.has_recovery):
            self.unlock(passphrase)

    def _ask_keyring(self, facts: JsonObject) -> None:
        """Open it by the keyring that vault.json names, or say why that cannot be."""
        wanted = str(facts.get("keyring", ""))
        self.backend = f"the system keyring ({wanted})"
        try:
            keyring = self.patience.keyring(self._find)
            if keyring is None or keyring.name != wanted:
                offered = keyring.name if keyring is not None else "no keyring"
                self.reason = f"Their lock is kept by {wanted}; this machine offers {offered} now."
                return
            kept = keyring.get(self._workspace)
        except KeyringProblem as error:
            self.reason = f"{wanted} does not give out their lock: {error}."
            return
        if kept is None:
            self.reason = f"Their lock is no longer in {wanted} of this machine."
            return
        try:
            self._take(base64.b64decode(kept, validate=True), self.backend, facts)
        except (VaultError, binascii.Error):
            self.reason = f"The lock in {wanted} does not fit these keys."

    def _make_with_keyring(self) -> None:
        key, keyring = AESGCM.generate_key(KEY_BYTES * 8), None
        try:
            keyring = self.patience.keyring(self._find)
            if keyring is None:
                self.reason = "This machine has no system keyring and no passphrase was given."
                return
            keyring.set(self._workspace, to_text(key))
        except KeyringProblem as error:
            name = keyring.name if keyring is not None else "The system keyring"
            self.reason = f"{name} did not take a lock: {error}."
            return
        self._make(key, {"backend": "keyring", "keyring": keyring.name}, f"the system keyring ({keyring.name})")

    def _give_back(self, facts: JsonObject) -> None:
        """Put the lock into the keyring of this machine again; a lock of other keys that lies there is left alone."""
        if self._key is None:
            return
        lock = to_text(self._key)
        try:
            keyring = self.patience.keyring(self._find)
            if keyring is None:
                return
            kept = keyring.get(self._workspace)
            if kept is None:
                keyring.set(self._workspace, lock)
        except KeyringProblem as error:
            _log.warning("the keyring did not take the lock back: %s", error)
            return
        if kept in (None, lock):
            write_json(self._folder / "vault.json", {**facts, "keyring": keyring.name})
            self.backend = f"the system keyring ({keyring.name})"

    def _make(self, key: bytes, facts: Mapping[str, object], backend: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._key = key
        self._write(_CHECK, b"", {})
        write_json(self._folder / "vault.json", {"format": FORMAT, **facts})
        self.state, self.backend, self.reason = VaultState.OPEN, backend, ""

    def _take(self, key: bytes, backend: str, facts: JsonObject) -> None:
        """Use a wrapping key once it has proved itself."""
        before, former = self._key, facts.get("former")
        self._key = key
        try:
            self._former = unseal(former, by=key, owner=self._workspace) if isinstance(former, dict) else None
            self.get(_CHECK)
        except VaultError as error:
            self._key, self._former = before, None
            raise VaultError(ErrorCode.VAULT_PASSPHRASE) from error
        self.state, self.backend, self.reason = VaultState.OPEN, backend, ""
        if self._former is not None and not self._read_only:
            self._finish_change(facts)

    def _finish_change(self, facts: Mapping[str, object]) -> None:
        """Lock by the new key what is still locked by the former one, and forget that; a broken blob stays as it is."""
        for name in (_CHECK, *(item.name for item in self.items())):
            try:
                secret = self.get(name)
            except VaultError as error:
                _log.warning("a blob of the vault is passed over: %s", error.sentence)
                continue
            self._write(name, secret, _facts_in(self._blob(name)))
        write_json(self._folder / "vault.json", {name: value for name, value in facts.items() if name != "former"})
        self._former = None

    def _opened(self, name: str, key: bytes) -> bytes:
        """What a blob holds by a key; VaultError when it does not fit."""
        blob = self._blob(name)
        bound = self._bound_to(name, blob.get("public"))
        try:
            return AESGCM(key).decrypt(to_bytes(blob, "nonce"), to_bytes(blob, "data"), bound)
        except (InvalidTag, ValueError) as error:
            raise VaultError(ErrorCode.VAULT_GONE, what=name) from error

    def _write(self, name: str, secret: bytes, public: Mapping[str, object]) -> None:
        if self._key is None:
            raise VaultError(ErrorCode.VAULT_LOCKED, what=name)
        nonce = os.urandom(NONCE_BYTES)
        data = AESGCM(self._key).encrypt(nonce, secret, self._bound_to(name, dict(public)))
        blob = {"format": FORMAT, "public": dict(public), "nonce": to_text(nonce), "data": to_text(data)}
        write_json(self._path(name), blob)

    def _bound_to(self, name: str, public: object) -> bytes:
        """What a blob belongs to: moved to another name or workspace, or with other facts, it opens no more."""
        return json.dumps([FORMAT, self._workspace, name, public], sort_keys=True, separators=(",", ":")).encode()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.blob"

    def _blob(self, name: str) -> JsonObject:
        return _read(self._path(name), name)

    def _facts(self) -> JsonObject:
        facts = _read(self._folder / "vault.json", "vault.json")
        if facts.get("format") != FORMAT:
            raise VaultError(ErrorCode.VAULT_GONE, what="vault.json of this version")
        return facts


def _key_of(passphrase: str, facts: JsonObject, owner: str) -> bytes:
    """The wrapping key of a passphrase: derived from it, or wrapped by it once it was changed."""
    wrapped = facts.get("wrapped")
    return unwrap(wrapped, passphrase, owner=owner) if isinstance(wrapped, dict) else derive(passphrase, facts)


def _facts_in(blob: JsonObject) -> JsonObject:
    public = blob.get("public")
    return public if isinstance(public, dict) else {}


def _read(path: Path, what: str) -> JsonObject:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise VaultError(ErrorCode.VAULT_GONE, what=what) from error
    if not isinstance(value, dict):
        raise VaultError(ErrorCode.VAULT_GONE, what=what)
    return value
