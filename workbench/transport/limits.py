"""How much and how long the server takes of a caller; every number can be made small in a test."""

from __future__ import annotations

from dataclasses import dataclass

KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    request_line: int = 8 * KIBIBYTE
    head: int = 32 * KIBIBYTE
    headers: int = 100
    body: int = 10 * MEBIBYTE
    connections: int = 1000
    head_s: float = 10.0
    body_s: float = 30.0
    slow_after_s: float = 5.0
    """From when on a body must come with at least `least_rate`."""
    least_rate: int = KIBIBYTE
    """Bytes a second."""
    idle_s: float = 15.0
    write_s: float = 15.0
