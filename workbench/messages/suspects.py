"""Why was one message refused and another not? The differences that a finding or an OperationOutcome can explain.

Pure ranking; must not know where the two messages come from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.messages.values import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbench.messages.diff import Change
    from workbench.messages.outcome import Issue
    from workbench.messages.values import Finding

NAMED = 100
"""The answer names the very element; a finding of severity error on it weighs half of that."""
_FINDINGS = {Severity.FATAL: 50, Severity.ERROR: 50, Severity.WARNING: 20, Severity.INFORMATION: 5}
MENTIONED = 30
"""The answer's text has the element's name or its value."""
_WORD = re.compile(r"[A-Za-z][A-Za-z-]{3,}")
_VALUE = 4
"""Characters from which a value found in the answer's text counts."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A difference that may be the reason, and why it is suspected."""

    change: Change
    reasons: tuple[str, ...]
    weight: int


def suspects(changes: Iterable[Change], findings: Sequence[Finding], issues: Sequence[Issue]) -> tuple[Suspect, ...]:
    """The differences with a reason, the likeliest first; `changes` lead to the refused message (the right one), whose
    findings and answer are given. Differences that nothing explains are left out."""
    found = []
    for change in changes:
        reasons = [*_issues(change, issues), *_findings(change, findings)]
        if reasons:
            reasons.sort(key=lambda reason: -reason[0])
            told = tuple(dict.fromkeys(text for _, text in reasons))
            found.append(Suspect(change, told, sum(weight for weight, _ in reasons)))
    return tuple(sorted(found, key=lambda suspect: -suspect.weight))


def _findings(change: Change, findings: Sequence[Finding]) -> Iterator[tuple[int, str]]:
    for finding in findings:
        if _about(change, finding):
            yield _FINDINGS[finding.severity], f"{finding.rule}: {finding.text}"


def _about(change: Change, finding: Finding) -> bool:
    here = change.right_path
    if not here:
        return _gone(change, finding)
    return "." in finding.path and (_within(finding.path, here) or _within(here, finding.path))


def _issues(change: Change, issues: Sequence[Issue]) -> Iterator[tuple[int, str]]:
    path = change.right_path or change.left_path
    for issue in issues:
        words = " ".join(part for part in (issue.details_text, issue.diagnostics) if part)
        told = words or issue.details_code or issue.code
        if any(_same_element(path, expression) for expression in issue.expression):
            yield NAMED, f"The answer names it: {told}"
        elif words and _mentions(words, change):
            yield MENTIONED, f"The answer mentions it: {told}"


def _within(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith((f"{outer}.", f"{outer}["))


def _gone(change: Change, finding: Finding) -> bool:
    """Whether a finding misses an element of this name in a place like that of the removed one."""
    name = _last(change.left_path)
    return _last(finding.path) == name or bool(re.search(rf"\b{re.escape(name)}\b", finding.text))


def _last(path: str) -> str:
    return re.sub(r"\[\d+\]$", "", path.rpartition(".")[2])


def _same_element(path: str, expression: str) -> bool:
    """Whether an expression of any spelling (`Patient.birthDate`, the full path) names the element or one around it."""
    bare = re.sub(r"\[\d+\]", "", path)
    wanted = re.sub(r"\[\d+\]", "", expression.strip())
    if "." not in wanted:
        return False
    _, _, below = wanted.partition(".")
    return _within(bare, wanted) or bare.endswith(f".resource.{below}") or f".resource.{below}." in bare


def _mentions(words: str, change: Change) -> bool:
    told = {word.lower() for word in _WORD.findall(words)}
    value = change.right or change.left
    name = _last(change.right_path or change.left_path)
    return name.lower() in told or (len(value) >= _VALUE and value.lower() in words.lower())
