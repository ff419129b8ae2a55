"""The registry, the list of topic modules, and that sources are named once (sources)."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import workbench.rules as package
from workbench.messages import Layer, Severity, Source
from workbench.rules import TOPICS, rules, sources, spec_of
from workbench.rules.registry import RuleSpec, add, rule
from workbench.rules.scope import messages
from workbench.standard import default_profile

MACHINERY = {"answers", "engine", "profiles", "registry", "scope", "sources", "survey", "values"} | {
    "answer_checks",
    "arranging",
    "help",
    "mending",
    "sifting",
    "checks",
    "profile_report",
    "stages",
    "header_reading",
    "query",
    "scores",
}
"""Modules of the package that hold no rules."""

NAMES = {
    "SYN",
    "BAS",
    "PRO",
    "CPL",
    "ENC",
    "APT",
    "SRQ",
    "BUN",
    "REF",
    "TIM",
    "MSG",
    "PAT",
    "COD",
    "DEF",
    "WFL",
    "RES",
    "HDR",
    "PAR",
    "RSP",
    "INT",
    "TKW",
    "TAB",
}


def test_every_topic_module_is_in_the_list() -> None:
    folder = {path.stem for path in Path(package.__file__).parent.glob("*.py")} - {"__init__"}
    assert {module.__name__.rpartition(".")[2] for module in TOPICS} == folder - MACHINERY


def test_every_rule_has_id_help_and_source() -> None:
    known = {value for value in vars(sources).values() if isinstance(value, Source)}
    for spec in rules():
        assert re.fullmatch(r"[A-Z]{3}-\d{3}", spec.id)
        assert spec.id[:3] in NAMES
        assert spec.title.endswith("."), spec.id
        assert spec.doc.startswith(spec.title)
        assert spec.source.document
        assert spec.check is None or spec.source in known, spec.id
    assert len({spec.id for spec in rules()}) == len(rules())


def test_an_id_is_used_once() -> None:
    spec = rules()[0]
    with pytest.raises(ValueError, match="used twice"):
        add(replace(spec))
    with pytest.raises(ValueError, match="no rule id"):
        add(replace(spec, id="mock"))
    with pytest.raises(ValueError, match="no docstring"):
        add(replace(spec, id="MOC-999", doc=""))
    with pytest.raises(ValueError, match="used twice"):
        rule("BUN-001", Severity.ERROR, source=sources.PAYLOAD, applies=messages)(test_an_id_is_used_once)
    assert spec_of("MOC-999") is None


@pytest.mark.parametrize(
    ("since", "until", "versions", "holds"),
    [
        (None, None, default_profile(1), True),
        ({5: "1.2.0"}, None, default_profile(5), True),
        ({5: "1.2.0"}, None, default_profile(5, "1.1.4"), False),
        ({5: "1.2.0"}, None, default_profile(1), False),
        (None, {1: "2.0.0"}, default_profile(1, "1.0.8"), True),
        (None, {1: "2.0.0"}, default_profile(1, "2.0.0"), False),
        (None, {1: "2.0.0"}, default_profile(4), False),
    ],
)
def test_since_and_until_name_applications(since: object, until: object, versions: object, holds: bool) -> None:
    spec = RuleSpec("MOC-001", Severity.ERROR, Layer.BARS, sources.PAYLOAD, "Mock.", "Mock.", None, None, since, until)
    assert spec.holds_for(versions) is holds
