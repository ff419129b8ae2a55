"""Silences of known noise: what they cover, how they are kept, and what cannot be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workbench.directory.silences import (
    Silence,
    pattern_of,
    read_silences,
    silence_for,
    with_silence,
    without_silence,
)
from workbench.errors import ConfigError
from workbench.messages import Finding, Layer, Severity, Source

WHEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
PATH = "Bundle.entry[3].resource.telecom[1].value"
SILENCE = Silence("northgate", "MOC-001", pattern_of(PATH), "Their phones have no use", "A. Tester", WHEN)
FINDING = Finding("MOC-001", Severity.ERROR, Layer.BARS, PATH, "Mock.", Source("mock", "mock"))


@pytest.mark.parametrize(
    ("finding", "covered"),
    [
        (FINDING, True),
        (replace(FINDING, path="Bundle.entry[12].resource.telecom[0].value"), True),
        (replace(FINDING, path="Bundle.entry[3].resource.telecom[1].value.more"), False),
        (replace(FINDING, path="Bundle.entryX3].resource.telecom[1].value"), False),
        (replace(FINDING, rule="MOC-002"), False),
        (replace(FINDING, severity=Severity.WARNING), True),
        (replace(FINDING, severity=Severity.FATAL), False),
    ],
)
def test_a_silence_covers_its_rule_at_its_place_and_nothing_fatal(finding: Finding, covered: bool) -> None:
    assert SILENCE.covers(finding) is covered
    assert (silence_for([SILENCE], finding) is SILENCE) is covered


def test_without_a_pattern_it_covers_every_place() -> None:
    everywhere = replace(SILENCE, path="")
    assert everywhere.covers(replace(FINDING, path="headers['Accept']"))
    assert not everywhere.covers(replace(FINDING, severity=Severity.FATAL))


def test_what_is_kept_is_read_back_and_unknown_fields_stay() -> None:
    newer = {**replace(SILENCE, rule="MOC-009").row(), "colour": "blue"}
    kept = with_silence({"services": [], "silenced": [newer, "odd"]}, SILENCE)
    assert kept["silenced"] == [newer, "odd", SILENCE.row()]
    assert read_silences({"silenced": [newer, SILENCE.row()]})[1] == SILENCE
    again = with_silence(kept, replace(SILENCE, reason="Another reason"))
    assert [row["reason"] for row in again["silenced"] if isinstance(row, dict)] == [newer["reason"], "Another reason"]
    assert without_silence(kept, SILENCE)["silenced"] == [newer, "odd"]
    assert read_silences({}) == ()


@pytest.mark.parametrize(
    "rows",
    [
        {},
        ["text"],
        [{**SILENCE.row(), "reason": " "}],
        [{**SILENCE.row(), "rule": 4}],
        [{**SILENCE.row(), "when": "yesterday"}],
        [{**SILENCE.row(), "when": "2026-11-24T09:00:00"}],
    ],
)
def test_what_cannot_be_used_is_named(rows: object) -> None:
    with pytest.raises(ConfigError, match=r"services\.json"):
        read_silences({"silenced": rows})
