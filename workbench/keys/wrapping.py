"""Keys out of passphrases, and one key wrapped by another: how the vault is opened and recovered.

scrypt (RFC 7914) and AES-256-GCM. Knows JSON tables of base64 texts; must not know files or keyrings.
"""

from __future__ import annotations

import base64
import binascii
import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from workbench.errors import ErrorCode, VaultError

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16
SHORTEST_PASSPHRASE = 15
SCRYPT_COST = 2**17
"""A third of a second and 128 MiB on a machine of today."""
_PURPOSE = b"recovery"
_FORMER = b"former"


def check_length(passphrase: str) -> None:
    """VaultError when a passphrase that is to protect something has fewer than 15 characters."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise VaultError(ErrorCode.VAULT_SHORT_PASSPHRASE, limit=SHORTEST_PASSPHRASE)


def new_lock(cost: int) -> dict[str, object]:
    """Fresh facts of a key derivation, to be kept beside what it protects."""
    return {"kdf": "scrypt", "cost": cost, "salt": to_text(os.urandom(SALT_BYTES))}


def derive(passphrase: str, lock: Mapping[str, object]) -> bytes:
    """The key of a passphrase by the facts of `new_lock`; VaultError when those were changed to something else."""
    salt, cost = to_bytes(lock, "salt"), lock.get("cost")
    if not isinstance(cost, int) or not 2**14 <= cost <= 2**20:
        raise VaultError(ErrorCode.VAULT_GONE, what="cost")
    return Scrypt(salt=salt, length=KEY_BYTES, n=cost, r=8, p=1).derive(passphrase.encode("utf-8"))


def wrap(key: bytes, passphrase: str, *, cost: int, owner: str) -> dict[str, object]:
    """A key wrapped by a passphrase, for one owner (the id of a workspace)."""
    lock, nonce = new_lock(cost), os.urandom(NONCE_BYTES)
    data = AESGCM(derive(passphrase, lock)).encrypt(nonce, key, _PURPOSE + owner.encode())
    return {**lock, "nonce": to_text(nonce), "data": to_text(data)}


def unwrap(wrapped: Mapping[str, object], passphrase: str, *, owner: str) -> bytes:
    """The key that `wrap` was given; VaultError `vault.wrong-passphrase` when the passphrase does not fit."""
    try:
        opener = AESGCM(derive(passphrase, wrapped))
        return opener.decrypt(to_bytes(wrapped, "nonce"), to_bytes(wrapped, "data"), _PURPOSE + owner.encode())
    except (InvalidTag, ValueError) as error:
        raise VaultError(ErrorCode.VAULT_PASSPHRASE) from error


def seal(key: bytes, *, by: bytes, owner: str) -> dict[str, object]:
    """A key locked by another key, for one owner."""
    nonce = os.urandom(NONCE_BYTES)
    return {"nonce": to_text(nonce), "data": to_text(AESGCM(by).encrypt(nonce, key, _FORMER + owner.encode()))}


def unseal(sealed: Mapping[str, object], *, by: bytes, owner: str) -> bytes:
    """The key that `seal` was given; VaultError `vault.gone` when it was locked by another one."""
    try:
        return AESGCM(by).decrypt(to_bytes(sealed, "nonce"), to_bytes(sealed, "data"), _FORMER + owner.encode())
    except (InvalidTag, ValueError) as error:
        raise VaultError(ErrorCode.VAULT_GONE, what="the former key") from error


def to_text(data: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(data).decode()


def to_bytes(table: Mapping[str, object], name: str) -> bytes:
    """The bytes of a base64 text in a table; VaultError when it is none."""
    try:
        return base64.b64decode(str(table.get(name, "")), validate=True)
    except binascii.Error as error:
        raise VaultError(ErrorCode.VAULT_GONE, what=name) from error
