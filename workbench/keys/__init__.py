"""Signing keys and the vault that keeps them: made, stored encrypted, used to sign client assertions.

Secrets leave this package only as signatures. Must not know environments, tokens or any window.
"""

from workbench.keys.assertion import AssertionFacts, client_assertion, decode_assertion
from workbench.keys.keyrings import system_keyring
from workbench.keys.signing_key import SigningKey, generate_private_pem, load_private_pem, thumbprint
from workbench.keys.store import KeyFacts, KeyStore
from workbench.keys.vault import Vault, VaultItem, VaultState

__all__ = [
    "AssertionFacts",
    "KeyFacts",
    "KeyStore",
    "SigningKey",
    "Vault",
    "VaultItem",
    "VaultState",
    "client_assertion",
    "decode_assertion",
    "generate_private_pem",
    "load_private_pem",
    "system_keyring",
    "thumbprint",
]
