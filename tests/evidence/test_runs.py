"""Scenario runs as JSON, JUnit, text and HTML: documented shapes, everything from outside escaped."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from workbench.evidence import runs
from workbench.evidence.runs import ExchangeLine, ExpectationLine, ScenarioResult

LINE = ExchangeLine("out", "POST", "/x?<b>", 200, "r-1", "c-1", "booking-request", "new", ("Quotes the <id>",))
PASSED = ScenarioResult("one", "First", True, "c1", (LINE,), (ExpectationLine("200 & ids", True),))
FAILED = ScenarioResult(
    "two", "Second", False, "c2", (), (ExpectationLine("a < b", False), ExpectationLine("comes back", True))
)


def test_json_holds_what_is_documented() -> None:
    document = json.loads(json.dumps(runs.as_json([PASSED, FAILED])))
    assert document["passed"] is False
    assert set(document["scenarios"][0]) == {"scenario", "passed", "conversation", "exchanges", "expectations"}
    assert document["scenarios"][0]["exchanges"][0]["matched_by"] == ["Quotes the <id>"]
    assert runs.as_json([PASSED])["passed"] is True


def test_junit_counts_what_failed() -> None:
    suites = ElementTree.fromstring(runs.as_junit([PASSED, FAILED]).encode())
    assert [(s.get("name"), s.get("tests"), s.get("failures")) for s in suites] == [
        ("one", "1", "0"),
        ("two", "2", "1"),
    ]
    assert suites.findall("./testsuite/testcase/failure")


def test_text_and_page_tell_the_same() -> None:
    text = runs.as_text([PASSED, FAILED])
    assert "PASSED  First (one)" in text
    assert "FAIL  a < b" in text
    assert text.endswith("1 of 2 scenarios passed\n")
    page = runs.as_html([PASSED, FAILED], made="today <now>", versions="BaRS")
    assert "<b>" not in page
    assert "&lt;now&gt;" in page
    assert "http" not in page.replace("/x?", "")
