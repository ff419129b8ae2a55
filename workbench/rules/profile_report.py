"""What the loaded FHIR packages find in a submission's message, worked out once for all rules and the verdict.

Must not know which rule reports what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.profiles.profile_message import Report, check_message

if TYPE_CHECKING:
    from workbench.rules.values import Submission

_NOTHING = Report((), ())
_WITHOUT = "UK Core and BaRS profiles (add a FHIR package)"
_BROKEN = "UK Core and BaRS profiles: a mistake of this program stopped their check"


def checked(submission: Submission) -> bool:
    """Whether there are a message and packages to check it by."""
    return submission.packages is not None and submission.message is not None


def report(submission: Submission) -> Report:
    """The report on a submission's message; nothing without packages. What breaks the check is raised once."""
    if submission.packages is None or submission.message is None:
        return _NOTHING
    if "profiles" not in submission.kept:
        submission.kept["profiles"] = Report((), (_BROKEN,))
        submission.kept["profiles"] = check_message(submission.message, submission.packages)
    kept: Report = submission.kept["profiles"]
    return kept


def not_checked(submission: Submission) -> tuple[str, ...]:
    """What of the profiles nobody looked at, in words."""
    return report(submission).not_checked if checked(submission) else (_WITHOUT,)
