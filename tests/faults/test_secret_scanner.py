"""The scanner finds a secret in every form that it could have taken, and nothing where there is none."""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.faults.secret_scanner import Hit, key_secret, scan, scan_bytes, text_secret

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "canary-token-4f1b2c"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(shape: serialization.PrivateFormat) -> bytes:
    return KEY.private_bytes(serialization.Encoding.PEM, shape, serialization.NoEncryption())


def _der() -> bytes:
    return KEY.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _jwk(member: int) -> bytes:
    return base64.urlsafe_b64encode(member.to_bytes((member.bit_length() + 7) // 8, "big")).rstrip(b"=")


NUMBERS = KEY.private_numbers()
LEAKS = [
    ("pkcs8", _pem(serialization.PrivateFormat.PKCS8)),
    ("pkcs1", _pem(serialization.PrivateFormat.TraditionalOpenSSL)),
    ("der", _der()),
    ("hex", _der().hex().encode()),
    ("upper", _der().hex().upper().encode()),
    ("utf-16", _pem(serialization.PrivateFormat.PKCS8).decode().encode("utf-16-le")),
    ("json", json.dumps({"key": _pem(serialization.PrivateFormat.PKCS8).decode()}).encode()),
    *((f"base64 at {n}", base64.b64encode(b"x" * n + _der())) for n in range(3)),
    *((f"jwk {name}", _jwk(getattr(NUMBERS, name))) for name in ("p", "q", "d", "dmp1", "dmq1", "iqmp")),
    *((f"decimal {name}", str(getattr(NUMBERS, name)).encode()) for name in ("p", "q", "d")),
    *((f"little {name}", getattr(NUMBERS, name).to_bytes(256, "little")) for name in ("p", "q", "d")),
]


@pytest.mark.parametrize("leak", [held for _, held in LEAKS], ids=[name for name, _ in LEAKS])
def test_a_private_key_is_found_in_every_form(leak: bytes) -> None:
    assert scan_bytes("x", b"before " + leak + b" after", [key_secret("key", KEY)]) == [Hit("key", "x")]
    assert scan_bytes("x", b"before " + leak + b" after", [key_secret("other", OTHER)]) == []


def test_the_public_half_is_no_secret() -> None:
    public = KEY.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert scan_bytes("x", pem + _jwk(public.public_numbers().n), [key_secret("key", KEY)]) == []


@pytest.mark.parametrize(
    "leak",
    [
        TOKEN.encode(),
        TOKEN.encode("utf-16-le"),
        TOKEN.encode().hex().encode(),
        *(base64.b64encode(b"x" * n + TOKEN.encode() + b"yy") for n in range(3)),
    ],
)
def test_a_text_is_found_in_every_form(leak: bytes) -> None:
    assert scan_bytes("x", b"a" + leak + b"z", [text_secret("token", TOKEN)]) == [Hit("token", "x")]


def test_files_are_looked_into(tmp_path: Path) -> None:
    (tmp_path / "packed.gz").write_bytes(gzip.compress(TOKEN.encode()))
    with zipfile.ZipFile(tmp_path / "packed.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inside.txt", TOKEN)
    opened = sqlite3.connect(tmp_path / "history.db")
    opened.execute("PRAGMA journal_mode=WAL")
    opened.execute("CREATE TABLE bodies (data BLOB)")
    opened.execute("INSERT INTO bodies VALUES (?)", (zlib.compress(TOKEN.encode()),))
    opened.commit()
    (tmp_path / "clean.txt").write_text("nothing", encoding="utf-8")
    hits = scan(sorted(tmp_path.iterdir()), [text_secret("token", TOKEN)])
    opened.close()
    assert {hit.place.removeprefix(f"{tmp_path}/") for hit in hits} == {
        "history.db: bodies",
        "packed.gz unpacked",
        "packed.zip: inside.txt",
    }
