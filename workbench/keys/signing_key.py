"""RSA signing keys: made, read from PEM, published as JWK. The private half never shows in a text form.

API specification, security: RS512 with an RSA key; 4,096 bits are the default, 2,048 the least. Knows no storage.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from workbench.errors import ErrorCode, InputError

if TYPE_CHECKING:
    from datetime import datetime

BITS = 4096
LEAST_BITS = 2048


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its name and what it may be used for."""

    kid: str
    private: rsa.RSAPrivateKey = field(repr=False, compare=False)
    environments: tuple[str, ...]
    created: datetime

    @property
    def bits(self) -> int:
        """Length of the modulus."""
        return self.private.key_size

    def public_jwk(self) -> dict[str, str]:
        """The public half as a JWK (RFC 7517) for a key set."""
        return public_jwk(self.private.public_key(), self.kid)

    def thumbprint(self) -> str:
        """Its RFC 7638 thumbprint."""
        return thumbprint(self.public_jwk())


def generate_private_pem(bits: int = BITS) -> bytes:
    """A new private key as PKCS#8 PEM. Takes about a second: meant for a worker process; the bytes touch no file."""
    return private_pem(rsa.generate_private_key(public_exponent=65537, key_size=bits))


def load_private_pem(pem: bytes, what: str = "The key") -> rsa.RSAPrivateKey:
    """The private key in a clear PEM text, as `private_pem` writes it; InputError `input.key` when it is none."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise InputError(ErrorCode.INPUT_KEY, what=what, cause="it cannot be read as a private key") from error
    return checked_rsa(key, what)


def checked_rsa(key: object, what: str) -> rsa.RSAPrivateKey:
    """A key that may sign for the platform; InputError `input.key` for another kind and for one that is too short."""
    if not isinstance(key, rsa.RSAPrivateKey):
        cause = "it is no RSA key, and the platform signs with RSA (RS512) only"
        raise InputError(ErrorCode.INPUT_KEY, what=what, cause=cause)
    if key.key_size < LEAST_BITS:
        cause = f"it has {key.key_size:,} bits, and at least {LEAST_BITS:,} are asked for"
        raise InputError(ErrorCode.INPUT_KEY, what=what, cause=cause)
    return key


def private_pem(key: rsa.RSAPrivateKey) -> bytes:
    """A private key as PKCS#8 PEM, not encrypted: for memory and the vault, never for a file."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_jwk(key: rsa.RSAPublicKey, kid: str) -> dict[str, str]:
    """A public key as a JWK with its name and use."""
    numbers = key.public_numbers()
    return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e), "alg": "RS512", "use": "sig", "kid": kid}


def thumbprint(jwk: dict[str, str]) -> str:
    """RFC 7638 thumbprint of an RSA JWK: SHA-256 of its required members, base64url without padding."""
    members = {name: jwk[name] for name in ("e", "kty", "n")}
    text = json.dumps(members, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()


def _number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()
