from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from workbench.exchange import Request, Response
from workbench.messages import build
from workbench.rules import Side, Submission, judge
from workbench.standard import default_profile
from workbench.standard.outcomes import outcome_codes
from workbench.standard.urls import HTTP_ERROR_CODES

if TYPE_CHECKING:
    from pathlib import Path

ISSUE = "OperationOutcome.issue[0]"
TRACE = [("RSP-014", "w", f"{ISSUE}.diagnostics")]
CALL = Request("POST", "/$process-message")
OWN = ("RSP-003", "RSP-005", "RSP-011", "RSP-012", "RSP-013", "RSP-014")


def found(status: int, body: bytes) -> list[tuple[str, str, str]]:
    response = Response(status, "", (("Content-Type", "application/fhir+json"),), body)
    verdict = judge(Submission(None, CALL, response, default_profile(), Side.COMPOSE), timer=lambda: 0.0)
    return sorted((one.rule, one.severity.value[0], one.path) for one in verdict.findings if one.rule in OWN)


def outcome(code: str = "REC_BAD_REQUEST", issue: str = "invalid", **changes: object) -> bytes:
    coding = {"system": changes.pop("system", HTTP_ERROR_CODES), "code": code}
    if "display" in changes:
        coding["display"] = changes.pop("display")
    made = {"severity": "error", "code": issue, "details": {"coding": [coding]}, "diagnostics": "mock", **changes}
    kept = {name: value for name, value in made.items() if value is not None}
    return build({"resourceType": "OperationOutcome", "issue": [kept]}).source


def test_every_published_code_fits_its_own_status() -> None:
    for row in outcome_codes().values():
        for issue in row.issue_codes:
            assert found(row.status, outcome(row.code, issue)) == [], row.code


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (503, b"<html></html>", [("RSP-003", "w", "OperationOutcome")]),
        (503, b"", [("RSP-003", "w", "OperationOutcome")]),
        (200, b"", []),
        (400, outcome("MOCK"), [("RSP-005", "w", f"{ISSUE}.details.coding[0].code")]),
        (400, outcome("REC_CONFLICT", "duplicate"), [("RSP-005", "w", f"{ISSUE}.details.coding[0].code")]),
        (409, outcome("REC_CONFLICT", "throttled"), [("RSP-005", "i", f"{ISSUE}.code")]),
        (400, outcome("BAD_REQUEST"), []),
        (409, outcome("BAD_REQUEST", "duplicate"), []),
        (503, outcome("SERVICE_UNAVAILABLE", "transient"), []),
        (415, outcome(issue="not-supported"), []),
        (404, outcome(issue="not-found"), [("RSP-005", "w", f"{ISSUE}.details.coding[0].code")]),
        (400, outcome(details=None), [("RSP-005", "w", f"{ISSUE}.details")]),
        (400, outcome(severity="mock"), [("RSP-011", "w", f"{ISSUE}.severity")]),
        (400, outcome(severity=None), [("RSP-011", "w", f"{ISSUE}.severity")]),
        (400, outcome(severity="information"), [("RSP-011", "w", f"{ISSUE}.severity")]),
        (
            400,
            outcome("PROXY_BAD_REQUEST", "400"),
            [("RSP-005", "i", f"{ISSUE}.code"), ("RSP-011", "w", f"{ISSUE}.code")],
        ),
        (400, outcome(system="https://mock.example"), [("RSP-012", "w", f"{ISSUE}.details.coding[0].system")]),
        (400, outcome(system=HTTP_ERROR_CODES.replace("Codesystem", "CodeSystem")), []),
        (400, outcome(display="400 - REC_BAD_REQUEST"), []),
        (400, outcome(display="409 - REC_CONFLICT"), [("RSP-012", "i", f"{ISSUE}.details.coding[0].display")]),
        (400, outcome(diagnostics=None), [("RSP-013", "i", f"{ISSUE}.diagnostics")]),
        (400, outcome(diagnostics="patient 999 000 0417 is unknown"), [("RSP-014", "w", f"{ISSUE}.diagnostics")]),
        (400, outcome(diagnostics="request 1234567890 is unknown"), []),
        (
            400,
            outcome(diagnostics="x\n  at com.mock.Handler.run(Handler.java:12)"),
            [("RSP-014", "w", f"{ISSUE}.diagnostics")],
        ),
        (
            400,
            outcome(diagnostics="Traceback (most recent call last): mock"),
            [("RSP-014", "w", f"{ISSUE}.diagnostics")],
        ),
        (400, outcome(diagnostics="details such as a stack trace are in the log (at noon)"), []),
    ],
)
def test_outcomes_are_judged_at_the_place(status: int, body: bytes, expected: list) -> None:
    assert found(status, body) == expected


def test_the_official_samples_break_no_rule_but_the_codes_they_misspell(shared: Path) -> None:
    folder = shared / "data" / "api" / "examples-json" / "examples1.4.0" / "OperationOutcome"
    files = sorted(folder.glob("*/*.json"))
    assert files
    told = {}
    for path in files:
        status = int(path.name.partition("-")[0])
        rows = [row for row in found(status, path.read_bytes()) if row[1] != "i"]
        if rows:
            told[path.name] = [(rule, severity) for rule, severity, _ in rows]
            assert json.loads(path.read_bytes())["issue"][0]["code"] == "too costly", path.name
    assert list(told.values()) == [[("RSP-011", "w")]]
