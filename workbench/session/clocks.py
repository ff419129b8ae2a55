"""How far the clocks of environments are from this machine's, and whose time a sign-in is dated by.

Reliability promise P26: a difference of more than a minute is told before anything is sent, and an assertion is dated
by the other side's time only where a person agreed to it, for this run or by the setting. Sends nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from workbench.doctor.checks import SKEW_MOST, span
from workbench.doctor.skew import skew_of
from workbench.session.events import Noticed
from workbench.session.views import Tone

if TYPE_CHECKING:
    from workbench.exchange import Exchange
    from workbench.session.engine import Engine

NONE = timedelta(0)


class Clocks:
    """What the `Date` headers of this run have told; called on the I/O thread."""

    def __init__(self) -> None:
        self._skews: dict[str, float] = {}
        self._agreed: dict[str, bool] = {}
        self._told: set[str] = set()

    def heard(self, engine: Engine, done: Exchange) -> None:
        """Take note of the time an answer told, and say once for each environment that the clocks differ."""
        skew, id = skew_of(done), done.environment
        if skew is None:
            return
        self._skews[id] = skew
        if abs(skew) <= SKEW_MOST or id in self._told:
            return
        self._told.add(id)
        step = "Set it by a time server: assertions and certificates are judged by the time."
        engine.publish(Noticed(Tone.WARNING, f"{self.words(engine, id)}.", step))

    def skew(self, environment: str) -> float | None:
        """An environment's clock minus this machine's in seconds, None unless it is more than a minute either way."""
        found = self._skews.get(environment, 0.0)
        return found if abs(found) > SKEW_MOST else None

    def words(self, engine: Engine, environment: str) -> str:
        """`This machine's clock is 12 min behind INT's`; empty while the clocks agree or nothing is known."""
        skew = self.skew(environment)
        if skew is None:
            return ""
        way = "behind" if skew > 0 else "ahead of"
        return f"This machine's clock is {span(abs(skew))} {way} {engine.known_environment(environment).title}'s"

    def agree(self, environment: str, agreed: bool) -> None:
        """Date sign-ins by an environment's time until the program ends, or by this machine's whatever is set."""
        self._agreed[environment] = agreed

    def agreed(self, engine: Engine, environment: str) -> bool:
        """Whether sign-ins there may be dated by its time: a person's word, else the setting."""
        return self._agreed.get(environment, engine.settings.workspace.their_clock)

    def correction(self, engine: Engine, environment: str) -> timedelta:
        """What is added to this machine's time in an assertion now; nothing unless it is needed and agreed to."""
        skew = self.skew(environment)
        return timedelta(seconds=skew) if skew is not None and self.agreed(engine, environment) else NONE
