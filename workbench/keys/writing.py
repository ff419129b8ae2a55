"""A private key as encrypted PKCS#8 PEM for another program, the one way a key leaves the vault; with certificates too.

PBES2 with scrypt (RFC 7914, 7) and AES-256-CBC (RFC 8018, A.4 and B.2.5), because what the library writes by itself has
2,048 rounds of PBKDF2. OpenSSL and the library read it. Must not know where keys are kept or go.
"""

from __future__ import annotations

import base64
import os
import textwrap
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import pkcs12

from workbench.keys.wrapping import KEY_BYTES, check_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

COST, BLOCK, LANES = 2**14, 8, 5
"""As strong as 2^17, 8, 1, in 16 MiB: OpenSSL refuses to read what takes more than 32 MiB."""
ROUNDS = 600_000
"""Of PBKDF2 in PKCS#12, which knows no scrypt (OWASP, password storage)."""
_PBES2 = bytes.fromhex("2a864886f70d01050d")
_SCRYPT = bytes.fromhex("2b06010401da47040b")
_AES_256_CBC = bytes.fromhex("60864801650304012a")
_INTEGER, _OCTETS, _OID, _SEQUENCE = 0x02, 0x04, 0x06, 0x30


def encrypted_pem(private: RSAPrivateKey | EllipticCurvePrivateKey, passphrase: str) -> str:
    """The key encrypted by a passphrase; VaultError when that has fewer than 15 characters. Takes half a second."""
    check_length(passphrase)
    clear = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    salt, start = os.urandom(16), os.urandom(16)
    key = Scrypt(salt=salt, length=KEY_BYTES, n=COST, r=BLOCK, p=LANES).derive(passphrase.encode())
    filler = padding.PKCS7(algorithms.AES.block_size).padder()
    cipher = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    data = cipher.update(filler.update(clear) + filler.finalize()) + cipher.finalize()
    kdf = _sequence(_part(_OID, _SCRYPT), _sequence(_part(_OCTETS, salt), *map(_whole, (COST, BLOCK, LANES))))
    scheme = _sequence(_part(_OID, _AES_256_CBC), _part(_OCTETS, start))
    whole = _sequence(_sequence(_part(_OID, _PBES2), _sequence(kdf, scheme)), _part(_OCTETS, data))
    lines = "\n".join(textwrap.wrap(base64.b64encode(whole).decode(), 64))
    return f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{lines}\n-----END ENCRYPTED PRIVATE KEY-----\n"


def certificate_pem(chain: Sequence[x509.Certificate], private: EllipticCurvePrivateKey, passphrase: str) -> str:
    """A certificate with its chain and its encrypted key in one PEM text; VaultError as `encrypted_pem`."""
    key = encrypted_pem(private, passphrase)
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode("ascii") for one in chain) + key


def certificate_pkcs12(
    chain: Sequence[x509.Certificate], private: EllipticCurvePrivateKey, passphrase: str, name: str
) -> bytes:
    """The same as a PKCS#12 file, its entry named; VaultError as `encrypted_pem`."""
    check_length(passphrase)
    format = serialization.PrivateFormat.PKCS12.encryption_builder().kdf_rounds(ROUNDS)
    format = format.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC).hmac_hash(hashes.SHA256())
    return pkcs12.serialize_key_and_certificates(
        name.encode(), private, chain[0], chain[1:], format.build(passphrase.encode())
    )


def _part(tag: int, value: bytes) -> bytes:
    """One DER value: its tag, its length, itself."""
    size = len(value)
    if size < 0x80:
        return bytes([tag, size]) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + value


def _sequence(*parts: bytes) -> bytes:
    return _part(_SEQUENCE, b"".join(parts))


def _whole(value: int) -> bytes:
    """A positive INTEGER; its first bit is never set."""
    return _part(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))
