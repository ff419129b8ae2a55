"""Bodies by their hash: stored once however many exchanges share them, and proven when they are read.

Must not know what a body means.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

from workbench.errors import ErrorCode, StoreError

if TYPE_CHECKING:
    import sqlite3


SMALL = 256 * 1024
"""Bytes up to which a body is compressed without asking first whether it is there: nearly none is."""


def put(connection: sqlite3.Connection, body: bytes) -> str:
    """Store a body if it is new; gives its SHA-256 in hex."""
    sha256 = hashlib.sha256(body).hexdigest()
    if len(body) > SMALL and connection.execute("SELECT 1 FROM body WHERE sha256 = ?", (sha256,)).fetchone():
        return sha256
    row = (sha256, len(body), zlib.compress(body, 1))
    connection.execute("INSERT OR IGNORE INTO body (sha256, size, data) VALUES (?, ?, ?)", row)
    return sha256


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
