"""What a correct receiver would answer to what was found (Core, Error handling, bundle processing).

Only errors count: warnings and notes do not stop a message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity
from workbench.rules.registry import REFUSED, spec_of

if TYPE_CHECKING:
    from workbench.messages import Finding
    from workbench.rules.values import Answer, Verdict

_STAGES = {Layer.HEADERS: 0, Layer.SYNTAX: 1}
_VERSION_RULES = frozenset({"BUN-005", "BUN-006"})


def likely_answer(verdict: Verdict) -> Answer | None:
    """The answer to the error that is met first: platform, headers, reading, version, then everything else.

    None when nothing is wrong enough to be refused.
    """
    errors = [one for one in verdict.findings if one.severity.rank <= Severity.ERROR.rank]
    refusing = [one for one in errors if one.layer is not Layer.RESPONSE]
    return answer_to(min(refusing, key=_stage)) if refusing else None


def answer_to(finding: Finding) -> Answer:
    """The answer to one finding taken as an error."""
    spec = spec_of(finding.rule)
    return spec.answer if spec else REFUSED


def _stage(finding: Finding) -> tuple[int, int]:
    """The platform's own refusals come first, then those of the receiver in its order."""
    by_platform = not answer_to(finding).code.startswith("REC_")
    stage = _STAGES.get(finding.layer, 2 if finding.rule in _VERSION_RULES else 3)
    return (0 if by_platform else 1), stage
