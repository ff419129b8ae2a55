"""By which versions a message is judged (product rule on versions: the message's own, else those given).

Must not judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.standard import VersionProfile, default_profile, supports
from workbench.standard.use_cases import use_cases

if TYPE_CHECKING:
    from workbench.messages import MessageFacts


def profile_of(facts: MessageFacts, default: VersionProfile) -> VersionProfile:
    """The versions a message belongs to: Application by its use case, version by Bundle.meta.versionId.

    What the message does not say, or says in a way no Application had, comes from the default; of another Application
    than the default's it is that Application's own newest version and least API.
    """
    case = use_cases().get(facts.use_case or "")
    if case is None:
        return default
    base = default if case.application == default.application else default_profile(case.application)
    version = facts.version_id if facts.version_id and supports(case.application, facts.version_id) else None
    return VersionProfile(base.application, version or base.application_version, base.core, base.api)
