"""What a scenario run is handed on as: stable JSON, JUnit XML and one self-contained HTML page.

The shapes are the documented output of `bars-workbench run`; personal data and secrets are not part of them.
"""

from __future__ import annotations

import html
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from workbench.evidence.plain import attribute

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """One exchange as the command line prints it."""

    direction: str
    """`out` or `in`, as the workbench sees it."""
    method: str
    path: str
    status: int | None
    """None without an answer."""
    request_id: str | None
    correlation_id: str | None
    event: str | None
    reason: str | None
    matched_by: tuple[str, ...]
    """Why it belongs to its conversation; empty when it starts one."""


@dataclass(frozen=True, slots=True)
class ExpectationLine:
    """One expectation of a scenario."""

    text: str
    passed: bool


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One scenario that was run."""

    scenario: str
    title: str
    passed: bool
    conversation: str
    exchanges: tuple[ExchangeLine, ...]
    expectations: tuple[ExpectationLine, ...]


def as_json(results: Sequence[ScenarioResult]) -> dict[str, object]:
    """The document of `run --format json`."""
    rows = []
    for result in results:
        row = asdict(result)
        del row["title"]
        rows.append(row)
    return {"passed": all(result.passed for result in results), "scenarios": rows}


def as_junit(results: Sequence[ScenarioResult]) -> str:
    """One test suite per scenario, one test case per expectation."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for result in results:
        failed = sum(not e.passed for e in result.expectations)
        lines.append(
            f'  <testsuite name={attribute(result.scenario)} tests="{len(result.expectations)}" failures="{failed}">'
        )
        for expectation in result.expectations:
            head = f"    <testcase classname={attribute(result.scenario)} name={attribute(expectation.text)}"
            if expectation.passed:
                lines.append(f"{head}/>")
            else:
                lines += [f"{head}>", '      <failure message="expectation not met"/>', "    </testcase>"]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>", ""])


def as_text(results: Sequence[ScenarioResult]) -> str:
    """The report for a terminal."""
    lines = []
    for result in results:
        lines.append(f"{'PASSED' if result.passed else 'FAILED'}  {result.title} ({result.scenario})")
        lines += [f"  {'ok  ' if e.passed else 'FAIL'}  {e.text}" for e in result.expectations]
        for x in result.exchanges:
            what = " ".join(part for part in (x.event, x.reason) if part)
            why = f"  [{'; '.join(x.matched_by)}]" if x.matched_by else ""
            lines.append(
                f"  {'->' if x.direction == 'out' else '<-'}    {x.method} {x.path} {x.status or '-'} {what}{why}"
            )
    passed = sum(result.passed for result in results)
    return "\n".join([*lines, f"{passed} of {len(results)} scenarios passed", ""])


def as_html(results: Sequence[ScenarioResult], *, made: str, versions: str) -> str:
    """One page without outside parts: expectations and exchanges of every scenario; `made` is a time in words."""

    def e(text: object) -> str:
        return html.escape("" if text is None else str(text))

    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Scenario report</title><style>",
        "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#17202a}",
        "table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}td,th{text-align:left;padding:.35rem .6rem;",
        "border-bottom:1px solid #dce1e7;vertical-align:top}.ok{color:#0b6237}.no{color:#a8201a}small{color:#586472}",
        "</style><h1>Scenario report</h1>",
        f"<p><small>{e(made)}. {e(versions)}. All patients are made up.</small></p>",
    ]
    for result in results:
        word = "passed" if result.passed else "failed"
        parts.append(f"<h2>{e(result.title)}: <span class={'ok' if result.passed else 'no'}>{word}</span></h2>")
        parts.append("<table><tr><th>Expectation<th>Result")
        for x in result.expectations:
            mark = "<td class=ok>Passed" if x.passed else "<td class=no>Failed"
            parts.append(f"<tr><td>{e(x.text)}{mark}")
        parts.append("</table><table><tr><th>Way<th>Call<th>Status<th>Message<th>Part of the conversation because")
        for line in result.exchanges:
            parts.append(
                f"<tr><td>{e(line.direction)}<td>{e(line.method)} {e(line.path)}<td>{e(line.status)}"
                f"<td>{e(line.event)} {e(line.reason)}<td>{e('; '.join(line.matched_by))}"
            )
        parts.append("</table>")
    return "\n".join(parts) + "\n"
