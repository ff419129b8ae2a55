"""What verdicts on files are handed on as: the documented JSON, JUnit XML and text of `bars-workbench validate`.

Only shapes and words; it judges nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.evidence.plain import attribute
from workbench.messages import Severity
from workbench.messages.phrases import counted as counted_words
from workbench.profiles.outdated import cautions
from workbench.rules.help import SEVERITIES
from workbench.rules.sifting import hidden_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.messages import Finding, Layer, MessageFacts
    from workbench.rules import Verdict
    from workbench.rules.sifting import Silenced


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """One file that was judged; `facts` is None where it could not be read."""

    path: str
    facts: MessageFacts | None
    verdict: Verdict
    """What counts: without what was silenced or switched off."""
    silenced: tuple[Silenced, ...] = ()
    """Known noise of the service it was judged for."""
    hidden: tuple[tuple[Layer, int], ...] = ()
    """Layers that were switched off, with how many findings of each there were."""
    title: str = ""
    """What it holds in a few words, `Flag` or `111 to ED: referral, new`; empty where it could not be read."""

    @property
    def is_message(self) -> bool:
        """Whether the file is a message bundle with an event."""
        return self.facts is not None and self.facts.event is not None


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


def silenced_json(one: Silenced) -> dict[str, object]:
    """A silenced finding as JSON: the finding, and why it does not count, who says so and since when."""
    silence = one.silence
    return {
        **finding_json(one.finding),
        "silenced": {"reason": silence.reason, "by": silence.by, "when": silence.when.isoformat(timespec="seconds")},
    }


def as_json(files: Sequence[FileVerdict], *, service: str = "") -> dict[str, object]:
    """The document of `validate --format json`; with a `service` its silenced findings are listed apart, and layers
    that are switched off are named with how many findings they had."""
    rows: list[dict[str, object]] = []
    for file in files:
        message: dict[str, object] | None = None
        versions: dict[str, object] | None = None
        if file.is_message and file.facts is not None:
            facts, used = file.facts, file.verdict.versions
            message = {"event": facts.event, "reason": facts.reason, "use_case": facts.use_case, "focus": facts.focus}
            versions = {
                "application": used.application,
                "application_version": used.application_version,
                "core": used.core,
                "api": used.api,
            }
        row: dict[str, object] = {}
        if service:
            row["silenced"] = [silenced_json(one) for one in file.silenced]
        if file.hidden:
            row["hidden"] = {layer.value: count for layer, count in file.hidden}
        rows.append(
            {
                "path": file.path,
                "valid": file.verdict.valid,
                "message": message,
                "versions": versions,
                "packages": list(file.verdict.packages),
                "not_checked": list(file.verdict.not_checked),
                "findings": [finding_json(finding) for finding in file.verdict.findings],
                **row,
            }
        )
    return {"files": rows, "service": service} if service else {"files": rows}


def as_text(files: Sequence[FileVerdict]) -> str:
    """The report for a terminal: one line per finding with its place, rule and fix; what does not count stands apart.

    The last line sums up.
    """
    lines = []
    for file in files:
        lines.append(f"{file.path}: {'valid' if file.verdict.valid else 'not valid'}")
        for finding in file.verdict.findings:
            fix = f"  Fix: {finding.fix.label}." if finding.fix else ""
            lines.append(f"  {_line(finding)}  ({finding.source}){fix}")
        for one in file.silenced:
            lines.append(f"  {_line(one.finding)}  ({one.silence.words})")
        if words := hidden_words(file.hidden):
            lines.append(f"  {words}")
    return "\n".join([*lines, *used_words(files), summary(files), ""])


def used_words(files: Sequence[FileVerdict]) -> list[str]:
    """What all files together were judged with, and what of them nobody checked: a line each."""
    lines = []
    if packages := list(dict.fromkeys(name for file in files for name in file.verdict.packages)):
        lines.append(f"Packages: {', '.join(packages)}.")
        lines += cautions(packages)
    if unchecked := list(dict.fromkeys(words for file in files for words in file.verdict.not_checked)):
        lines.append(f"Not checked: {'; '.join(unchecked)}.")
    return lines


def summary(files: Sequence[FileVerdict]) -> str:
    """`4 errors, 2 warnings, 1 silenced; 1 of 3 files valid`."""
    valid = sum(file.verdict.valid for file in files)
    counted = Counter(SEVERITIES[one.severity].lower() for file in files for one in file.verdict.findings)
    words = [counted_words(counted[name], name) for name in ("error", "warning", "note") if counted[name]]
    if silenced := sum(len(file.silenced) for file in files):
        words.append(f"{silenced} silenced")
    return "; ".join([*([", ".join(words)] if words else []), f"{valid} of {len(files)} files valid"])


def _line(finding: Finding) -> str:
    place = f"{finding.place.line}:{finding.place.column}" if finding.place else "1:1"
    where = f"  [{finding.resource}]" if finding.resource else ""
    return f"{place}  {SEVERITIES[finding.severity]}  {finding.rule}  {finding.text}{where}"


def _properties(files: Sequence[FileVerdict]) -> list[str]:
    """The packages and what was not checked, as properties of the suite."""
    words = [line.partition(": ") for line in used_words(files)]
    if not words:
        return []
    rows = [f"    <property name={attribute(name)} value={attribute(said)}/>" for name, _, said in words]
    return ["  <properties>", *rows, "  </properties>"]


def as_junit(files: Sequence[FileVerdict]) -> str:
    """One test case per file; each error is a failure with its place."""
    bad = sum(not file.verdict.valid for file in files)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuite name="validate" tests="{len(files)}" failures="{bad}">',
        *_properties(files),
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
