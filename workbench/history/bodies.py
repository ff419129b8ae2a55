"""Bodies by their hash: stored once however many exchanges share them, and proven when they are read.

Must not know what a body means.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, StoreError
from workbench.history.gathered import Row, Rows

try:
    from isal.isal_zlib import compress as _compress
except ImportError:  # there is no wheel of it for Windows on ARM
    from zlib import compress as _compress

if TYPE_CHECKING:
    import sqlite3

_ADD = "INSERT OR IGNORE INTO body (sha256, size, data) VALUES"
_LEVEL = 1
"""Of both libraries."""
_HELD = 2047
"""Bytes up to which hashing keeps the interpreter: a turn costs more than that."""
SMALL = 256 * 1024
"""Bytes up to which a body is compressed without asking first whether it is there: nearly none is."""


def put(connection: sqlite3.Connection, body: bytes) -> str:
    """Store a body if it is new; gives its SHA-256 in hex."""
    if len(body) <= SMALL:
        sha256, added = row(body)
        Rows([added])(connection)
        return sha256
    sha256 = hashlib.sha256(body).hexdigest()
    if not connection.execute("SELECT 1 FROM body WHERE sha256 = ?", (sha256,)).fetchone():
        Rows([Row(_ADD, (sha256, len(body), packed(body)))])(connection)
    return sha256


def row(body: bytes) -> tuple[str, Row]:
    """The hash of a body up to `SMALL`, in hex, and the row that stores it if it is new."""
    hashed, view = hashlib.sha256(), memoryview(body)
    for start in range(0, len(body), _HELD):
        hashed.update(view[start : start + _HELD])
    sha256 = hashed.hexdigest()
    return sha256, Row(_ADD, (sha256, len(body), packed(body)))


def packed(data: bytes) -> bytes:
    """A zlib stream; ISA-L makes it in half the time that zlib takes, of as few bytes."""
    return _compress(data, _LEVEL)


def get(connection: sqlite3.Connection, sha256: str | None) -> bytes:
    """The body of a hash, empty for None; StoreError where what lies there is not what was stored."""
    if sha256 is None:
        return b""
    row = connection.execute("SELECT data FROM body WHERE sha256 = ?", (sha256,)).fetchone()
    try:
        body = zlib.decompress(row["data"]) if row is not None else None
    except zlib.error:
        body = None
    if body is None or hashlib.sha256(body).hexdigest() != sha256:
        raise StoreError(ErrorCode.STORE_CORRUPT, what="history.db", cause="a stored body does not match its hash")
    return body
