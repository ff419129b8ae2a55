"""What verdicts on files are handed on as: the documented JSON, JUnit XML and text of `bars-workbench validate`.

Only shapes and words; it judges nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.evidence.plain import attribute
from workbench.messages import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages import Finding, Message
    from workbench.rules import Verdict

_WORDS = {
    Severity.FATAL: "Error",
    Severity.ERROR: "Error",
    Severity.WARNING: "Warning",
    Severity.INFORMATION: "Note",
}


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """One file that was judged; `message` is None where it could not be read or is no message."""

    path: str
    message: Message | None
    verdict: Verdict

    @property
    def is_message(self) -> bool:
        """Whether the file is a message bundle with an event."""
        return self.message is not None and self.message.facts.event is not None


def finding_json(finding: Finding) -> dict[str, object]:
    """One finding as JSON; every finding has a path and a line."""
    place = finding.place
    return {
        "severity": finding.severity.value,
        "layer": finding.layer.value,
        "rule": finding.rule,
        "path": finding.path,
        "line": place.line if place else 1,
        "column": place.column if place else 1,
        "resource": finding.resource,
        "text": finding.text,
        "source": str(finding.source),
        "fix": finding.fix.label if finding.fix else None,
    }


def as_json(files: Sequence[FileVerdict]) -> dict[str, object]:
    """The document of `validate --format json`."""
    rows: list[dict[str, object]] = []
    for file in files:
        message: dict[str, object] | None = None
        versions: dict[str, object] | None = None
        if file.is_message and file.message is not None:
            facts, used = file.message.facts, file.verdict.versions
            message = {"event": facts.event, "reason": facts.reason, "use_case": facts.use_case, "focus": facts.focus}
            versions = {
                "application": used.application,
                "application_version": used.application_version,
                "core": used.core,
                "api": used.api,
            }
        rows.append(
            {
                "path": file.path,
                "valid": file.verdict.valid,
                "message": message,
                "versions": versions,
                "not_checked": list(file.verdict.not_checked),
                "findings": [finding_json(finding) for finding in file.verdict.findings],
            }
        )
    return {"files": rows}


def as_text(files: Sequence[FileVerdict]) -> str:
    """The report for a terminal: one line per finding with its place, rule and fix."""
    lines = []
    for file in files:
        lines.append(f"{file.path}: {'valid' if file.verdict.valid else 'not valid'}")
        for finding in file.verdict.findings:
            place = f"{finding.place.line}:{finding.place.column}" if finding.place else "1:1"
            fix = f"  Fix: {finding.fix.label}." if finding.fix else ""
            lines.append(
                f"  {place}  {_WORDS[finding.severity]}  {finding.rule}  {finding.text}  ({finding.source}){fix}"
            )
    valid = sum(file.verdict.valid for file in files)
    return "\n".join([*lines, f"{valid} of {len(files)} files valid", ""])


def as_junit(files: Sequence[FileVerdict]) -> str:
    """One test case per file; each error is a failure with its place."""
    bad = sum(not file.verdict.valid for file in files)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuite name="validate" tests="{len(files)}" failures="{bad}">',
    ]
    for file in files:
        head = f'  <testcase classname="validate" name={attribute(file.path)}'
        errors = [f for f in file.verdict.findings if f.severity in (Severity.FATAL, Severity.ERROR)]
        if not errors:
            lines.append(f"{head}/>")
            continue
        lines.append(f"{head}>")
        for finding in errors:
            line = finding.place.line if finding.place else 1
            lines.append(
                f"    <failure type={attribute(finding.rule)} message={attribute(f'line {line}: {finding.text}')}/>"
            )
        lines.append("  </testcase>")
    return "\n".join([*lines, "</testsuite>", ""])
