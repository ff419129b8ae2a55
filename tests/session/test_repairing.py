"""Repairs of a text: one, and every certain one together."""

from __future__ import annotations

import json
import time

import pytest

from tests.builders import a_setting
from tests.session.conftest import new_id, now
from workbench.compose import compose
from workbench.errors import InputError
from workbench.messages import Edit, EditOp, Finding, Fix, Layer, Severity, Source
from workbench.rules import Side, judge_bytes
from workbench.session import repairing
from workbench.session.repairing import repaired, repaired_all
from workbench.standard import default_profile


def a_finding(*edits: Edit, rule: str = "MOC-001") -> Finding:
    return Finding(
        rule, Severity.ERROR, Layer.BARS, edits[0].path, "Mock.", Source("mock", "mock"), fix=Fix("Mend", edits)
    )


def judged(text: str) -> tuple[Finding, ...]:
    _, verdict = judge_bytes(text.encode(), versions=None, side=Side.COMPOSE, timer=time.perf_counter)
    return verdict.findings


def spoilt() -> str:
    """A message with repairs at several places: an NHS number, missing ids, times that are not UTC."""
    bundle = json.loads(compose("referral-full", a_setting(), now=now(), ids=new_id).source)
    del bundle["id"], bundle["meta"]["profile"]
    for entry in bundle["entry"]:
        entry["fullUrl"] = entry["fullUrl"].upper().replace("URN:UUID", "urn:uuid")
        if entry["resource"]["resourceType"] == "Patient":
            entry["resource"]["identifier"][0]["value"] = "9990000410"
    return json.dumps(bundle, indent=2)


def test_every_certain_repair_is_made_and_nothing_else_changes() -> None:
    text = spoilt()
    findings = judged(text)
    fixable = [one for one in findings if one.fix is not None]
    assert len({one.rule for one in fixable}) > 2
    done = repaired_all(text, fixable, default_profile())
    left = [one for one in judged(done.text) if one.fix is not None and one.rule in {one.rule for one in fixable}]
    assert left == []
    assert done.applied >= len(fixable)
    assert {one.rule for one in judged(done.text)} <= {one.rule for one in findings}


def test_only_what_was_asked_for_is_repaired() -> None:
    text = spoilt()
    (number,) = [one for one in judged(text) if one.rule == "PAT-001"]
    done = repaired_all(text, [number], default_profile())
    assert done.applied == 1
    assert done.text == repaired(text, number)
    assert "BUN-003" in {one.rule for one in judged(done.text)}


def test_repairs_of_one_list_do_not_hit_the_wrong_item() -> None:
    """Removing the first item moves the second: both are wanted, and the third must stay."""
    text = '{"resourceType": "Patient", "name": [{"text": "a"}, {"text": "b"}, {"text": "c"}]}'
    findings = [a_finding(Edit(EditOp.REMOVE, f"Patient.name[{n}]")) for n in (0, 1)]
    done = repaired_all(text, findings, default_profile())
    assert [one["text"] for one in json.loads(done.text)["name"]] == ["b", "c"], "the rest is judged anew first"
    assert done.applied == 1


def test_what_empties_its_parent_counts_as_the_parent() -> None:
    text = '{"resourceType": "Patient", "name": [{"text": "a"}, {"text": "b"}]}'
    findings = [
        a_finding(Edit(EditOp.REMOVE, "Patient.name[0].text")),
        a_finding(Edit(EditOp.SET, "Patient.name[1].text", "B")),
    ]
    done = repaired_all(text, findings, default_profile())
    assert json.loads(done.text)["name"] == [{"text": "b"}]


def test_repairs_at_different_places_are_one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repairing, "ROUNDS", 1)
    text = '{"resourceType": "Patient", "gender": "Female", "name": [{"text": "a"}, {"text": "b"}]}'
    findings = [
        a_finding(Edit(EditOp.SET, "Patient.gender", "female")),
        a_finding(Edit(EditOp.SET, "Patient.name[0].text", "A")),
        a_finding(Edit(EditOp.REMOVE, "Patient.name[7].text")),
    ]
    done = repaired_all(text, findings, default_profile())
    assert (json.loads(done.text)["gender"], json.loads(done.text)["name"][0]["text"]) == ("female", "A")
    assert done.applied == 2, "a repair that does not fit is left out"


def test_without_a_repair_the_text_is_the_same() -> None:
    text = '{ "resourceType":"Patient" }'
    plain = Finding("MOC-001", Severity.ERROR, Layer.BARS, "Patient", "Mock.", Source("mock", "mock"))
    assert repaired_all(text, [plain], default_profile()) == (text, 0)
    with pytest.raises(InputError):
        repaired(text, plain)
    with pytest.raises(InputError):
        repaired_all("{", [plain], default_profile())
