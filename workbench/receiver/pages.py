"""Where the rules of the receiver itself stand: the page that an OperationOutcome names beside rule and element.

Knows the names our refusals carry; answers on purpose and findings bring a page of their own, or none.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUNDLE = "Core, Error handling, Bundle processing"
_FAILURES = "Core, Error handling, Failure scenarios"
_INTEGRITY = "Core, Transactional integrity"
_BOOKING = "Core, Appointment standard pattern"

PAGES: Mapping[str, str] = MappingProxyType(
    {
        "access": "Core, Security and authorisation",
        "version": "Analysis, Content negotiation",
        "media type": "API specification, request bodies",
        "parameters": _FAILURES,
        "time limit": "Core, Non-functional requirements",
        "R0": _BUNDLE,
        "R1": _INTEGRITY,
        "R2: duplicate": _INTEGRITY,
        "R2: too early": _INTEGRITY,
        "R3": _BUNDLE,
        "R4": _BUNDLE,
        "R5": _BUNDLE,
        "R6": _BUNDLE,
        "R7": _BUNDLE,
        "R8": _BUNDLE,
        "reply: unknown": _BUNDLE,
        "state: id": _INTEGRITY,
        "state: unknown": _BUNDLE,
        "state: not current": _BUNDLE,
        "state: newer": _BUNDLE,
        "state: other patient": _BUNDLE,
        "state: slot": _BUNDLE,
        "writes: status": _BOOKING,
        "writes: id": _BOOKING,
        "writes: slot": _BOOKING,
        "writes: body": _FAILURES,
    }
)
"""Document and section by the name of the rule."""


def cited(rule: str, page: str = "") -> str:
    """The end of a sentence that names rule and page; empty where neither is one of the standard."""
    found = page or PAGES.get(rule, "")
    return f" Rule {rule}; see {found}." if found else ""
