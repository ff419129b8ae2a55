"""Rules on OperationOutcomes: an error has one, its codes are published and fit the status, and it gives nothing away.

Source: API specification, errors; Core, Error handling. Must not know which error is the right one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity, issues, tree
from workbench.messages.nhs_number import is_valid
from workbench.rules import scope, sources
from workbench.rules.registry import rule
from workbench.rules.values import Hit
from workbench.standard.outcomes import known_code
from workbench.standard.r4 import r4
from workbench.standard.urls import HTTP_ERROR_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.messages import JsonObject
    from workbench.rules.values import Submission

_LAYER = Layer.RESPONSE
_OF_HTTP = frozenset({411, 413, 414, 415, 421, 431, 505})
"""Errors of HTTP for which the standard has no code of their own: the general ones of their class are used."""
_GENERAL = {4: "REC_BAD_REQUEST", 5: "REC_SERVER_ERROR"}
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3} ?\d{3} ?\d{4}(?!\d)")
_TRACE = re.compile(
    r"Traceback \(most recent call last\)|File \"[^\"]+\", line \d+|\bat [\w$.<>]+\([\w$.]*(?::\d+)?\)"
    r"|\bat [\w$.<>`]+ in .+:line \d+|Exception in thread|\.(?:java|cs|py|js|ts|php):\d+"
)


@rule("RSP-003", Severity.WARNING, source=sources.ERRORS, layer=_LAYER, applies=scope.answers)
def errors_have_an_outcome(s: Submission) -> Iterator[Hit]:
    """An error comes with an OperationOutcome.

    Without one the sender has to take it for a failure of the connection and try again.
    """
    assert s.response is not None
    answer = s.answer
    if s.response.status >= 400 and (answer is None or not issues(answer.resource)):
        yield Hit("OperationOutcome", f"The answer {s.response.status} has no OperationOutcome.")


@rule("RSP-005", Severity.WARNING, source=sources.ERRORS, layer=_LAYER, applies=scope.answers)
def outcome_codes_are_published(s: Submission) -> Iterator[Hit]:
    """The error codes of an OperationOutcome are published, and fit the status and the issue code."""
    assert s.response is not None
    status = s.response.status
    if s.answer is None or status < 400:
        return
    for index, issue in enumerate(issues(s.answer.resource)):
        path = f"OperationOutcome.issue[{index}]"
        if not issue.details_code:
            yield Hit(f"{path}.details", "The issue carries no error code of the standard.")
            continue
        row = known_code(issue.details_code)
        if row is None:
            yield Hit(f"{path}.details.coding[0].code", f"'{issue.details_code}' is no error code of the standard.")
        elif row.status != status and not _stands_in(issue.details_code, issue.code, status):
            text = f"{issue.details_code} belongs to {row.status}, but the answer is {status}."
            yield Hit(f"{path}.details.coding[0].code", text)
        elif row.status == status and issue.code not in row.issue_codes:
            text = f"The issue code '{issue.code}' does not go with {issue.details_code}."
            yield Hit(f"{path}.code", text, severity=Severity.INFORMATION)


@rule("RSP-011", Severity.WARNING, source=sources.R4_OUTCOME, layer=_LAYER, applies=scope.answers)
def issues_are_of_fhir(s: Submission) -> Iterator[Hit]:
    """Severity and code of an issue are codes of FHIR, and an error has the severity of one.

    The platform sends a few issue codes that FHIR does not have (such as `400`): readers go by the error code instead.
    """
    assert s.response is not None
    for path, issue in _issues(s):
        for name in ("severity", "code"):
            spec = r4().element("OperationOutcome.issue", name)
            held = issue.get(name)
            if spec is not None and held not in spec.codes:
                shown = f"'{held}'" if isinstance(held, str) else "missing"
                yield Hit(f"{path}.{name}", f"The {name} of the issue is {shown}: it is no code of FHIR.")
        if s.response.status >= 400 and issue.get("severity") in ("information", "warning"):
            yield Hit(f"{path}.severity", f"The answer {s.response.status} is an error, its issue is not.")


@rule("RSP-012", Severity.WARNING, source=sources.ERRORS, layer=_LAYER, applies=scope.answers)
def error_codes_have_their_system(s: Submission) -> Iterator[Hit]:
    """An error code of the standard has the code system of the error codes, and its display, if any, says the same.

    The name of the system is found with a small and a capital S; both are read. A display is `409 - REC_CONFLICT`.
    """
    assert s.response is not None
    if s.response.status < 400:
        return
    for path, issue in _issues(s):
        for index, coding in enumerate(tree.objects(tree.inner(issue, "details", "coding"))):
            code = tree.text(coding.get("code"))
            if code is None or known_code(code) is None:
                continue
            place = f"{path}.details.coding[{index}]"
            system, display = tree.text(coding.get("system")), tree.text(coding.get("display"))
            if system is None or system.lower() != HTTP_ERROR_CODES.lower():
                by_platform = code.startswith("PROXY_")
                severity = Severity.INFORMATION if by_platform else Severity.WARNING
                held = f"'{system}'" if system else "missing"
                text = f"The system of {code} is {held}; {HTTP_ERROR_CODES} is meant."
                yield Hit(f"{place}.system", text, severity=severity)
            if display and code not in display:
                text = f"The display '{display}' names another error than {code}."
                yield Hit(f"{place}.display", text, severity=Severity.INFORMATION)


@rule("RSP-013", Severity.INFORMATION, source=sources.ERRORS, layer=_LAYER, applies=scope.answers)
def errors_say_what_is_wrong(s: Submission) -> Iterator[Hit]:
    """An error says in `diagnostics` what is wrong, in words that help the sender to find it."""
    assert s.response is not None
    for path, issue in _issues(s) if s.response.status >= 400 else ():
        if not tree.text(issue.get("diagnostics")) and not tree.inner_text(issue, "details", "text"):
            yield Hit(f"{path}.diagnostics", "The error does not say what is wrong: it has no diagnostics.")


@rule("RSP-014", Severity.WARNING, source=sources.ERRORS, layer=_LAYER, applies=scope.answers)
def errors_give_nothing_away(s: Submission) -> Iterator[Hit]:
    """Diagnostics hold neither data of a patient nor a stack trace.

    They end up in logs on both sides. NHS numbers and the lines of a stack trace are looked for.
    """
    for path, issue in _issues(s):
        text = tree.text(issue.get("diagnostics")) or ""
        if any(is_valid(found.replace(" ", "")) for found in _TEN_DIGITS.findall(text)):
            yield Hit(f"{path}.diagnostics", "The diagnostics hold an NHS number.")
        if _TRACE.search(text):
            yield Hit(f"{path}.diagnostics", "The diagnostics hold lines of a stack trace.")


def _issues(s: Submission) -> Iterator[tuple[str, JsonObject]]:
    """The issues of the answer with their paths."""
    resource = s.answer.resource if s.answer is not None else {}
    if resource.get("resourceType") == "OperationOutcome":
        for index, issue in enumerate(tree.objects(resource.get("issue"))):
            yield f"OperationOutcome.issue[{index}]", issue


def _stands_in(code: str, issue: str, status: int) -> bool:
    """Whether a general code is used for an error of HTTP, or the catalogue tells a duplicate in its own way."""
    return (status in _OF_HTTP and code == _GENERAL[status // 100]) or (code, issue, status) == (
        "BAD_REQUEST",
        "duplicate",
        409,
    )
