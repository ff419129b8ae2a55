"""Verdicts on files as JSON, JUnit and text: the documented shapes, with a place for every finding."""

from __future__ import annotations

import json
import time
from xml.etree import ElementTree

from tests.builders import a_setting
from tests.session.conftest import new_id, now
from workbench.compose import compose
from workbench.evidence import verdicts
from workbench.evidence.verdicts import FileVerdict
from workbench.rules import Side, judge_bytes
from workbench.standard import default_profile


def judged(source: bytes, path: str) -> FileVerdict:
    message, verdict = judge_bytes(source, versions=default_profile(), side=Side.COMPOSE, timer=time.perf_counter)
    return FileVerdict(path, message, verdict)


def three() -> tuple[FileVerdict, ...]:
    good = compose("referral-full", a_setting(), now=now(), ids=new_id).source
    broken = good.replace(b'"urn:uuid:', b'"urn:uuid:0', 1)
    return judged(good, "good.json"), judged(broken, "a & b.json"), judged(b"<no", "no.xml")


def test_json_holds_what_is_documented() -> None:
    document = json.loads(json.dumps(verdicts.as_json(three())))
    good, broken, unreadable = document["files"]
    assert set(good) == {"path", "valid", "message", "versions", "not_checked", "findings"}
    assert good["valid"] is True
    assert set(good["message"]) == {"event", "reason", "use_case", "focus"}
    assert set(good["versions"]) == {"application", "application_version", "core", "api"}
    assert broken["valid"] is False
    assert unreadable["message"] is None
    for finding in (*broken["findings"], *unreadable["findings"]):
        assert set(finding) == {
            "severity", "layer", "rule", "path", "line", "column", "resource", "text", "source", "fix",
        }  # fmt: skip
        assert finding["line"] >= 1
        assert finding["path"]


def test_junit_has_a_failure_for_every_error() -> None:
    files = three()
    suite = ElementTree.fromstring(verdicts.as_junit(files))
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    cases = {case.get("name"): case for case in suite}
    assert len(cases["good.json"]) == 0
    assert all(failure.get("type") for failure in cases["a & b.json"])
    assert len(cases["no.xml"]) == 1


def test_text_names_line_rule_and_source() -> None:
    text = verdicts.as_text(three())
    assert "good.json: valid" in text
    assert "a & b.json: not valid" in text
    assert text.endswith("1 of 3 files valid\n")
