"""Looks for secrets in files in every form they could have taken (promises P10 and P11 of the reliability anchors).

A private key: p, q, d, dp, dq and qinv as big- and little-endian bytes, hex, decimal and base64 at three offsets, and
24-byte windows of its DER and PEM. A text: as UTF-8 and UTF-16, hex, base64 at three offsets. Files are read as they
lie on the disk, and once more unpacked: gzip, zip, and every cell of an SQLite database.
"""

from __future__ import annotations

import base64
import gzip
import io
import sqlite3
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from cryptography.hazmat.primitives import serialization

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

WINDOW = 24
"""Bytes of a key that are no chance any more where they are found."""
SHORTEST = 12
"""Bytes of a form that are looked for; a shorter one is found everywhere."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that no file may hold, and how it would look there."""

    name: str
    forms: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Hit:
    """A secret in a file."""

    secret: str
    place: str


def key_secret(name: str, key: RSAPrivateKey) -> Secret:
    """A private key: its numbers and its clear files."""
    held = key.private_numbers()
    forms: set[bytes] = set()
    for number in (held.p, held.q, held.d, held.dmp1, held.dmq1, held.iqmp):
        size = (number.bit_length() + 7) // 8
        for whole in (number.to_bytes(size, "big"), number.to_bytes(size, "little")):
            middle = whole[size // 2 : size // 2 + WINDOW]  # both ends of a number may be cut or padded
            forms |= {middle, middle.hex().encode(), middle.hex().upper().encode(), *_base64(middle)}
        digits = str(number).encode()
        forms.add(digits[len(digits) // 2 : len(digits) // 2 + 2 * WINDOW])
    for shape in (serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL):
        pem = key.private_bytes(serialization.Encoding.PEM, shape, serialization.NoEncryption())
        lines = [line for line in pem.splitlines() if not line.startswith(b"-")][len(pem.splitlines()) // 3 :]
        forms |= {line[:WINDOW] for line in lines if len(line) >= WINDOW}
        forms |= {line[:WINDOW].decode().encode("utf-16-le") for line in lines[:4]}
    return Secret(name, frozenset(forms))


def text_secret(name: str, text: str) -> Secret:
    """A token, a signature, a passphrase or a password."""
    plain = text.encode()
    forms = {plain, text.encode("utf-16-le"), plain.hex().encode(), plain.hex().upper().encode(), *_base64(plain)}
    forms |= {quote(text, safe="").encode(), text.replace(" ", "+").encode()}
    return Secret(name, frozenset(form for form in forms if len(form) >= SHORTEST))


def scan(files: Iterable[Path], secrets: Iterable[Secret]) -> list[Hit]:
    """Every secret that stands in one of these files."""
    known = tuple(secrets)
    return [hit for file in files for place, held in contents(file) for hit in scan_bytes(place, held, known)]


def scan_bytes(place: str, held: bytes, secrets: Iterable[Secret]) -> list[Hit]:
    """Every secret that stands in these bytes."""
    return [Hit(secret.name, place) for secret in secrets if any(form in held for form in secret.forms)]


def contents(file: Path) -> Iterator[tuple[str, bytes]]:
    """(place, bytes) of a file as it lies there, and of what is packed in it."""
    raw = file.read_bytes()
    yield str(file), raw
    if raw.startswith(b"\x1f\x8b"):
        yield f"{file} unpacked", gzip.decompress(raw)
    elif raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            for one in packed.namelist():
                yield f"{file}: {one}", packed.read(one)
    elif raw.startswith(b"SQLite format 3\x00"):
        yield from _cells(file)


def _cells(file: Path) -> Iterator[tuple[str, bytes]]:
    """Every cell of a database with what is in its WAL, tables together; a packed one unpacked."""
    opened = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        # a virtual table is what other tables hold, which stand here too; one of them cannot be read row by row
        wanted = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        tables = [name for (name,) in opened.execute(wanted)]
        for table in tables:
            held = io.BytesIO()
            for row in opened.execute(f'SELECT * FROM "{table}"'):
                for cell in row:
                    held.write(_unpacked(cell) if isinstance(cell, bytes) else str(cell).encode())
                    held.write(b"\n")
            yield f"{file}: {table}", held.getvalue()
    finally:
        opened.close()


def _unpacked(cell: bytes) -> bytes:
    try:
        body = zlib.decompress(cell)
    except zlib.error:
        return cell
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def _base64(plain: bytes) -> set[bytes]:
    """Its base64 wherever it begins in what is encoded, without the characters that its neighbours decide about."""
    found = set()
    for before in range(3):
        padded = b"\0" * before + plain
        whole = len(padded) - len(padded) % 3
        start = (0, 4, 4)[before]
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(padded[:whole])[start:])
    return found
