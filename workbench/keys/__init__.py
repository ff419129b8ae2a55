"""Signing keys and the vault that keeps them: made, stored encrypted, used to sign client assertions.

Secrets leave this package as signatures, or encrypted by a passphrase. Must not know tokens or any window.
"""

from workbench.keys.assertion import client_assertion
from workbench.keys.jwt_text import JwtFacts, read_jwt
from workbench.keys.keyrings import system_keyring
from workbench.keys.naming import check_kid, free_kid
from workbench.keys.reading import FoundKey, read_keys
from workbench.keys.signing_key import BITS, SigningKey, generate_private_pem, load_private_pem, thumbprint
from workbench.keys.store import CACHED, KeyFacts, KeyStore, Standing
from workbench.keys.vault import Vault, VaultItem, VaultState
from workbench.keys.writing import encrypted_pem

__all__ = [
    "BITS",
    "CACHED",
    "FoundKey",
    "JwtFacts",
    "KeyFacts",
    "KeyStore",
    "SigningKey",
    "Standing",
    "Vault",
    "VaultItem",
    "VaultState",
    "check_kid",
    "client_assertion",
    "encrypted_pem",
    "free_kid",
    "generate_private_pem",
    "load_private_pem",
    "read_jwt",
    "read_keys",
    "system_keyring",
    "thumbprint",
]
