"""What a file is that was given for a private key: its form by its first bytes, and how to convert one of no use.

Must not read keys: nothing here needs a secret.
"""

from __future__ import annotations

import json
from typing import NamedTuple

_PEM = "write it as PEM with 'ssh-keygen -p -m pkcs8 -f KEY'"
_KEYTOOL = "export it as PKCS#12 with 'keytool -importkeystore'"
CERTIFICATE = "it is a certificate, which holds the public half only"
_JSON_STARTS = (b"{", b"[")


class _Form(NamedTuple):
    starts: tuple[bytes, ...]
    words: str


_FORMS = (
    _Form(
        (b"PuTTY-User-Key-File-",), f"it is a PuTTY key (.ppk): export it from PuTTYgen as an OpenSSH key, then {_PEM}"
    ),
    _Form((b"-----BEGIN OPENSSH PRIVATE KEY",), f"it is an OpenSSH key: {_PEM}"),
    _Form((b"ssh-rsa ", b"ssh-ed25519 ", b"ecdsa-sha2-"), "this is the public half, as OpenSSH writes it"),
    _Form((b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce"), f"it is a Java key store: {_KEYTOOL}"),
    _Form((b"-----BEGIN CERTIFICATE",), CERTIFICATE),
)
_SEQUENCE = 0x30
_PKCS12 = b"\x02\x01\x03"
"""The version that stands first in the outer sequence (RFC 7292, 4)."""
_CERTIFICATE = b"\xa0\x03\x02\x01\x02"
"""Version 3, which stands first in the inner sequence (RFC 5280, 4.1)."""


def other_form(content: bytes) -> str:
    """What it is instead of a private key that can be read, as the end of a sentence; empty when nobody knows."""
    text = content.strip()
    for form in _FORMS:
        if text.startswith(form.starts):
            return form.words
    if is_der(content):
        inner = _inside(content)
        return CERTIFICATE if is_der(inner) and _inside(inner).startswith(_CERTIFICATE) else ""
    return _jwk_form(text)


def is_der(content: bytes) -> bool:
    """Whether it starts as a sequence in DER does."""
    return content[:1] == bytes([_SEQUENCE]) and len(content) > 1


def is_pkcs12(content: bytes) -> bool:
    """Whether it starts as a PKCS#12 file does."""
    return is_der(content) and _inside(content).startswith(_PKCS12)


def jwk_rows(content: bytes) -> tuple[dict[str, object], ...]:
    """The keys of a JSON text with a key or a key set (RFC 7517); none when it is no such text."""
    text = content.strip()
    if not text.startswith(_JSON_STARTS):
        return ()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    rows = found.get("keys") if isinstance(found, dict) and "keys" in found else [found]
    return tuple(row for row in rows if isinstance(row, dict) and "kty" in row) if isinstance(rows, list) else ()


def _inside(content: bytes) -> bytes:
    """What stands in the outer sequence."""
    return content[2 + (content[1] & 0x7F if content[1] & 0x80 else 0) :]


def _jwk_form(text: bytes) -> str:
    """What a JSON text with keys is, none of them private (RFC 7517 and 7518)."""
    rows = jwk_rows(text)
    if any(row["kty"] == "oct" for row in rows):
        return "it is a shared secret (JWK of type oct), and the platform takes signatures by RSA only"
    return "this is the public half, as a JWK" if rows else ""
