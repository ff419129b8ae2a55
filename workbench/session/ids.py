"""Fresh UUIDs, many out of one request to the system for random bytes.

Each such request lets another thread of Python run, and under load getting the turn back takes far longer than the id.
"""

from __future__ import annotations

import os
import threading

AT_ONCE = 256
_DIGITS = 32
_lock = threading.Lock()
_pool: list[str] = []


def fresh_id() -> str:
    """A fresh lower-case UUID (version 4, RFC 9562, 5.4); may be called from any thread."""
    with _lock:
        if not _pool:
            digits = os.urandom(_DIGITS // 2 * AT_ONCE).hex()
            _pool.extend(_uuid(digits[start : start + _DIGITS]) for start in range(0, len(digits), _DIGITS))
        return _pool.pop()


def _uuid(digits: str) -> str:
    """32 hexadecimal digits as a UUID: all random but those of its version and variant."""
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
