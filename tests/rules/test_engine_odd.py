"""Messages bent out of shape anywhere: no rule breaks, and every repair that is offered can be made."""

from __future__ import annotations

import copy
import random

import pytest

from tests.rules.builders import acknowledged, booking, cancelled, composed, headers_for, replied, validation
from workbench.messages import Number, rewrite, tree
from workbench.messages.json_text import dump
from workbench.messages.paths import parse_path
from workbench.rules import Side, judge_bytes

ODD = (
    None,
    True,
    "",
    "x",
    "urn:uuid:",
    "#",
    "Patient/",
    "|",
    [],
    {},
    [None],
    [[]],
    [{}],
    ["x"],
    Number("1"),
    {"coding": "x"},
    {"reference": {}},
    {"reference": ["a"]},
    {"coding": [{"system": {}, "code": []}]},
)


@pytest.mark.parametrize("number", range(6))
def test_odd_values_break_no_rule(number: int) -> None:
    message = (composed(), booking(), validation(), cancelled(), replied(), acknowledged())[number]
    chance = random.Random(number)
    paths = [path for path, _ in tree.walk(message.resource, "Bundle")][1:]
    for path in chance.sample(paths, 40):
        bent = copy.deepcopy(message.resource)
        *way, last = parse_path(path)[1:]
        owner = bent
        for step in way:
            owner = owner[step]
        owner[last] = chance.choice(ODD)
        for side in Side:
            read, found = judge_bytes(
                dump(bent).encode(), versions=None, side=side, timer=lambda: 0.0, headers=headers_for(message)
            )
            assert "INT-000" not in {one.rule for one in found.findings}, path
            for one in found.findings:
                if one.fix is not None and read is not None:
                    assert rewrite(read, one.fix.edits).resource != read.resource, (one.rule, path)
