"""By which versions a message is judged (product rule on versions: the message's own, else those given).

Must not judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.standard import VersionProfile, default_profile, supports
from workbench.standard.events import Event
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from workbench.messages import MessageFacts


def profile_of(facts: MessageFacts, default: VersionProfile) -> VersionProfile:
    """The versions a message belongs to: Application by its use case, version by Bundle.meta.versionId.

    What the message does not say, or says in a way no Application had, comes from the default; of another Application
    than the default's it is that Application's own newest version and least API.
    """
    case = use_cases().get(facts.use_case or "")
    number = case.application if case is not None else _booked_through(facts)
    if number is None:
        return default
    base = default if number == default.application else default_profile(number)
    version = facts.version_id if facts.version_id and supports(number, facts.version_id) else None
    return VersionProfile(base.application, version or base.application_version, base.core, base.api)


def _booked_through(facts: MessageFacts) -> int | None:
    """The Application of a booking that names no use case, as those of Application 7, if its version is of one only."""
    if facts.event != Event.BOOKING_REQUEST or not facts.version_id:
        return None
    numbers = {case.application for case in use_cases().values() if case.booking}
    fitting = [number for number in numbers if supports(number, facts.version_id)]
    return fitting[0] if len(fitting) == 1 else None
