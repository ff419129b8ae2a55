"""When the same message is sent again by itself: the pauses between attempts (Core, Transactional integrity).

Pure. Exponential with some chance, so that many senders do not come back together; a server that names a time is
obeyed. Must not know what is sent, nor whether it should be.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MOST_ATTEMPTS = 5
LONGEST_S = 120.0
FIRST_S = 2.0
_SECONDS = re.compile(r"\d{1,12}")


def pause(failed: int, told: str | None, now: datetime, chance: float) -> float:
    """Seconds to wait after so many failed attempts (from 1).

    `told` is the Retry-After of the answer, `chance` a number from 0 to 1.
    """
    wanted = retry_after(told, now)
    if wanted is not None:
        return wanted
    return min(LONGEST_S, FIRST_S * 2.0 ** (failed - 1) * (1 + chance / 2))


def retry_after(told: str | None, now: datetime) -> float | None:
    """The seconds of a Retry-After (a number or a date, RFC 9110, 10.2.3), two minutes at most; None where it says
    nothing that can be used."""
    text = (told or "").strip()
    if _SECONDS.fullmatch(text):
        return min(LONGEST_S, float(text))
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    date = date.replace(tzinfo=UTC) if date.tzinfo is None else date
    left = (date - now).total_seconds()
    return min(LONGEST_S, left) if left > 0 else None
