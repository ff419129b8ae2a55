"""Building a check, and the ones that hold for a sign-in and a call alike: clock, host, secure connection.

Must not know which refusal they are made for.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbench.doctor.values import Check, KnownKey, KnownPlace, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from workbench.exchange import TlsFacts

SKEW_MOST = 60.0
"""Seconds that clocks may differ before it is worth a word."""
_SOON_DAYS = 30
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def fine(id: str, name: str, words: str) -> Check:
    """A cause that is ruled out."""
    return Check(id, name, words, State.FINE)


def wrong(id: str, name: str, words: str, sentence: str, next_step: str = "") -> Check:
    """A cause that holds."""
    return Check(id, name, words, State.WRONG, sentence, next_step)


def untested(id: str, name: str, words: str) -> Check:
    """A cause that nobody here can test."""
    return Check(id, name, words, State.UNTESTED)


def clock(skew_s: float | None, place: KnownPlace, dated_by_s: float = 0.0) -> Check:
    """Whether this machine's clock and the other side's agree, what was added to ours being taken into account."""
    name = "This machine's clock"
    if skew_s is None:
        return untested("clock", name, f"{place.title} sent no time to compare with")
    if abs(skew_s) <= SKEW_MOST:
        return fine("clock", name, f"{abs(skew_s):.0f} s away from {place.title}'s")
    way = "behind" if skew_s > 0 else "ahead of"
    words = f"{span(abs(skew_s))} {way} {place.title}'s"
    if dated_by_s and abs(skew_s - dated_by_s) <= SKEW_MOST:
        return fine("clock", name, f"{words}; the sign-in was dated by {place.title}'s time")
    return wrong(
        "clock",
        name,
        words,
        f"This machine's clock is {words}",
        "Set the clock of this machine by a time server, then ask again.",
    )


def host(url: str, wanted: str, place: KnownPlace, places: Sequence[KnownPlace], *, id: str = "host") -> Check:
    """Whether an address that was called lies where the environment is now."""
    name = "Host"
    called, meant = urlsplit(url), urlsplit(wanted)
    if not meant.netloc or (on_this_machine(url) and on_this_machine(wanted)):
        return fine(id, name, called.netloc)
    if called.netloc == meant.netloc:
        return fine(id, name, f"{called.netloc} is {place.title}")
    other = next((one.title for one in places if called.netloc == urlsplit(one.base_url).netloc), "")
    whose = f"{called.netloc} is {other}" if other else f"{called.netloc} is no environment of this workspace"
    step = f"Correct the addresses of {place.title}, or choose the environment that is meant."
    return wrong(id, name, whose, f"The call went to {called.netloc}, and {place.title} is {meant.netloc}", step)


def on_this_machine(url: str) -> bool:
    """Whether an address is one of loopback: the embedded sandbox has another port at every start."""
    return urlsplit(url).hostname in _LOOPBACK


def bound(kid: str, place: KnownPlace, places: Sequence[KnownPlace], keys: Sequence[KnownKey]) -> Check:
    """Whether the key may be used in the environment."""
    name = "Key and environment"
    key = next((one for one in keys if one.kid == kid), None)
    if key is None:
        return untested("bound", name, f"{kid} is no key of this workspace" if kid else "no key is named")
    if place.id in key.environments:
        return fine("bound", name, f"{kid} may be used in {place.title}")
    titles = {one.id: one.title for one in places}
    where = ", ".join(titles.get(id, id) for id in key.environments) or "no environment"
    step = f"Choose a key that was made for {place.title}, or make one under Keys."
    return wrong("bound", name, f"{kid} belongs to {where}", f"The key {kid} is for {where}, not {place.title}", step)


def tls(facts: TlsFacts | None, url: str, now: datetime) -> Check:
    """Whether the secure connection stood, and how long its certificate lasts."""
    name = "TLS"
    parts = urlsplit(url)
    if parts.scheme == "http":
        return fine("tls", name, "not used on this machine")
    if facts is None:
        return untested("tls", name, "the connection was not kept")
    left = (facts.not_after - now).days if facts.not_after is not None else None
    ends = "" if left is None else f", {left} days left"
    soon = " (ends soon)" if left is not None and left < _SOON_DAYS else ""
    return fine("tls", name, f"{parts.hostname}: {facts.version}{ends}{soon}")


def span(seconds: float) -> str:
    """A length of time for reading: `45 s`, `12 min`, `3 h`, `2 days`."""
    if not math.isfinite(seconds):
        return "no time at all"
    for size, word in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {word}"
    return f"{abs(seconds):.0f} s"
