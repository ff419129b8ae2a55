"""What is given for a private key and is none of the forms that are read: told in these words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from workbench.keys.key_forms import CERTIFICATE, jwk_rows, other_form

PRIVATE = rsa.generate_private_key(65537, 2048)
JWK = {"kty": "RSA", "n": "AA", "e": "AQAB"}


def certificate(encoding: serialization.Encoding) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mock.example")])
    begin = datetime(2026, 11, 25, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, PRIVATE.public_key(), 1, begin, begin + timedelta(days=1))
    return made.sign(PRIVATE, hashes.SHA256()).public_bytes(encoding)


FORMS: dict[str, tuple[bytes, str]] = {
    "B78 PuTTY": (
        b"PuTTY-User-Key-File-3: ssh-rsa\r\n",
        "it is a PuTTY key (.ppk): export it from PuTTYgen as an OpenSSH key, then write it as PEM with "
        "'ssh-keygen -p -m pkcs8 -f KEY'",
    ),
    "B78 OpenSSH": (
        PRIVATE.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        ),
        "it is an OpenSSH key: write it as PEM with 'ssh-keygen -p -m pkcs8 -f KEY'",
    ),
    "B78 public half of OpenSSH": (b"ssh-rsa AAAA mock", "this is the public half, as OpenSSH writes it"),
    "B78 Java": (
        b"\xfe\xed\xfe\xed\0\0\0\2",
        "it is a Java key store: export it as PKCS#12 with 'keytool -importkeystore'",
    ),
    "B78 certificate": (certificate(serialization.Encoding.PEM), CERTIFICATE),
    "B78 certificate in DER": (certificate(serialization.Encoding.DER), CERTIFICATE),
    "B79 key set": (json.dumps({"keys": [JWK]}).encode(), "this is the public half, as a JWK"),
    "B79 shared secret": (
        b'{"kty": "oct", "k": "AA"}',
        "it is a shared secret (JWK of type oct), and the platform takes signatures by RSA only",
    ),
}


@pytest.mark.parametrize("case", FORMS)
def test_what_is_no_private_key_is_told_in_these_words(case: str) -> None:
    content, words = FORMS[case]
    assert other_form(content) == words


@pytest.mark.parametrize("content", [b"", b"0", b"\x30\x80", b"{", b'{"keys": 1}', b"[1]", b"[" * 100_000, b"words"])
def test_what_nobody_knows_is_not_guessed(content: bytes) -> None:
    assert other_form(content) == ""
    assert jwk_rows(content) == ()
