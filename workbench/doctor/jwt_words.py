"""Header and claims of a JWT as rows for reading: the likely questions first, times in words.

Judges nothing; what is wrong about them is `assertion`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.doctor.checks import span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.keys.jwt_text import JwtFacts

_FIRST = ("kid", "alg", "typ", "iss", "sub", "aud", "exp", "jti")
_TIMES = frozenset({"exp", "iat", "nbf", "auth_time"})
_LONGEST = 300
_TIMES_MOST = 253_402_300_799
"""The last second of the year 9999, which is as far as a date goes."""


def jwt_rows(jwt: JwtFacts, now: datetime | None = None) -> tuple[tuple[str, str], ...]:
    """(name, value) of every member of both parts; with `now`, times say how far away they are too."""
    return (*_rows(jwt.header, now), *_rows(jwt.claims, now))


def _rows(part: Mapping[str, object], now: datetime | None) -> tuple[tuple[str, str], ...]:
    names = (*(name for name in _FIRST if name in part), *(name for name in part if name not in _FIRST))
    return tuple((name, _value(name, part[name], now)) for name in names)


def _value(name: str, value: object, now: datetime | None) -> str:
    if name in _TIMES and isinstance(value, int | float) and not isinstance(value, bool) and _is_time(value):
        when = datetime.fromtimestamp(value, UTC)
        words = f"{when.day} {when:%B %Y, %H:%M:%S} UTC"
        return words if now is None else f"{words}, {_distance((when - now).total_seconds())}"
    text = value if isinstance(value, str) else repr(value)
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}... ({len(text)} characters)"


def _is_time(value: float) -> bool:
    return 0 <= value <= _TIMES_MOST


def _distance(seconds: float) -> str:
    return f"in {span(seconds)}" if seconds >= 0 else f"{span(-seconds)} ago"
