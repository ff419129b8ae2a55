"""Fresh UUIDs, many out of one request to the system for random bytes.

Each such request lets another thread of Python run, and under load getting the turn back takes far longer than the id.
"""

from __future__ import annotations

import os
import threading
from uuid import UUID

BYTES, AT_ONCE = 16, 256
_lock = threading.Lock()
_pool = bytearray()


def fresh_id() -> str:
    """A fresh lower-case UUID (version 4, RFC 9562, 5.4); may be called from any thread."""
    with _lock:
        if not _pool:
            _pool.extend(os.urandom(BYTES * AT_ONCE))
        taken = bytes(_pool[-BYTES:])
        del _pool[-BYTES:]
    return str(UUID(bytes=taken, version=4))
