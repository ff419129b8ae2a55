"""Verdicts on files as JSON, JUnit and text: the documented shapes, with a place for every finding."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from xml.etree import ElementTree

from tests.builders import a_setting
from tests.session.conftest import new_id, now
from workbench.compose import compose
from workbench.directory.silences import Silence
from workbench.evidence import verdicts
from workbench.evidence.verdicts import FileVerdict
from workbench.messages import Layer, Severity
from workbench.rules import Side, judge_bytes
from workbench.rules.sifting import sift
from workbench.standard import default_profile


def judged(source: bytes, path: str) -> FileVerdict:
    message, verdict = judge_bytes(source, versions=default_profile(), side=Side.COMPOSE, timer=time.perf_counter)
    return FileVerdict(path, message.facts if message is not None else None, verdict)


def three() -> tuple[FileVerdict, ...]:
    good = compose("referral-full", a_setting(), now=now(), ids=new_id).source
    broken = good.replace(b'"urn:uuid:', b'"urn:uuid:0', 1)
    return judged(good, "good.json"), judged(broken, "a & b.json"), judged(b"<no", "no.xml")


def test_json_holds_what_is_documented() -> None:
    document = json.loads(json.dumps(verdicts.as_json(three())))
    good, broken, unreadable = document["files"]
    assert set(good) == {"path", "valid", "message", "versions", "packages", "not_checked", "findings"}
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
    assert verdicts.summary(three()) in text


def sifted() -> FileVerdict:
    """A broken file of which the errors are known noise and the notes are switched off."""
    broken = three()[1]
    known = {one.rule for one in broken.verdict.findings if one.severity.rank <= Severity.ERROR.rank}
    when = datetime(2026, 11, 24, 9, tzinfo=UTC)
    silences = [Silence("mock", rule, "", "They <know> it", "A. Tester", when) for rule in sorted(known)]
    found = sift(broken.verdict, silences=silences, off=[Layer.HARNESS])
    return FileVerdict(broken.path, broken.facts, found.verdict, found.silenced, found.hidden)


def test_what_is_silenced_stands_apart_and_counts_for_nothing() -> None:
    file = sifted()
    (row,) = verdicts.as_json([file], service="mock")["files"]
    assert row["valid"] is True
    assert row["silenced"]
    for one in row["silenced"]:
        assert one["silenced"] == {"reason": "They <know> it", "by": "A. Tester", "when": "2026-11-24T09:00:00+00:00"}
        assert one["rule"] not in [found["rule"] for found in row["findings"]]
    assert set(row["hidden"]) == {"harness"}
    assert "service" not in verdicts.as_json([file])
    text = verdicts.as_text([file])
    assert "(silenced: They <know> it, A. Tester, 2026-11-24)" in text
    assert "harness findings hidden (" in text
    assert f"{len(file.silenced)} silenced; 1 of 1 files valid" in text.replace(", ", "; ")
    assert ElementTree.fromstring(verdicts.as_junit([file])).get("failures") == "0"


def test_the_summary_counts_what_was_found() -> None:
    assert verdicts.summary([]) == "0 of 0 files valid"
    errors = sum(one.severity.rank <= Severity.ERROR.rank for file in three() for one in file.verdict.findings)
    assert verdicts.summary(three()).startswith(f"{errors} error")
