"""The issues of an OperationOutcome, read tolerantly.

Knows the resource's shape; which code means what is in `workbench.standard`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.messages import tree

if TYPE_CHECKING:
    from workbench.messages.values import JsonObject

ERROR_CODES = "http-error-codes"
"""Part of the code system's URL: it is found in several spellings (`Codesystem`, `CodeSystem`)."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue; empty text where it does not say."""

    severity: str = ""
    code: str = ""
    """FHIR's issue type, for example `duplicate`."""
    details_code: str = ""
    """BaRS's own code, for example `REC_CONFLICT`."""
    details_text: str = ""
    diagnostics: str = ""
    expression: tuple[str, ...] = ()


def issues(resource: JsonObject) -> tuple[Issue, ...]:
    """The issues of an OperationOutcome; empty for any other resource."""
    if resource.get("resourceType") != "OperationOutcome":
        return ()
    return tuple(
        Issue(
            severity=tree.text(issue.get("severity")) or "",
            code=tree.text(issue.get("code")) or "",
            details_code=tree.code_of(issue.get("details"), ERROR_CODES) or _any_code(issue) or "",
            details_text=tree.inner_text(issue, "details", "text") or _display(issue),
            diagnostics=tree.text(issue.get("diagnostics")) or "",
            expression=tuple(tree.texts(issue.get("expression")) + tree.texts(issue.get("location"))),
        )
        for issue in tree.objects(resource.get("issue"))
    )


def _any_code(issue: JsonObject) -> str | None:
    """The code of the first coding, whatever its system."""
    return next(
        (code for coding in tree.codings(issue.get("details")) if (code := tree.text(coding.get("code")))), None
    )


def _display(issue: JsonObject) -> str:
    found = (tree.text(coding.get("display")) for coding in tree.codings(issue.get("details")))
    return next((display for display in found if display), "")
