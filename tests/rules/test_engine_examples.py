"""Every official example judged as received: no error but the known defects of the files themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.builders import acknowledged, booking, cancelled, composed, replied, short, verdict
from workbench.compose import templates
from workbench.rules import Side, judge_bytes

if TYPE_CHECKING:
    from pathlib import Path

DEFECTS: dict[str, set[str]] = {
    "SERVREQ01": {"BUN-018"},
    "REFREQ11": {"REF-001"},
}
"""Files that break a rule which stays an error: a cancellation without the focus's id, references to no entry."""

OLDER: dict[str, set[str]] = {
    "process_message__request__Booking": {"MSG-004", "MSG-005", "COD-005"},
    "process_message__request__ValidationRequest": {"MSG-004", "MSG-005", "COD-001"},
    "process_message__response__Booking": {
        "BUN-004",
        "BUN-005",
        "MSG-001",
        "MSG-004",
        "MSG-005",
        "MSG-010",
        "MSG-012",
        "COD-005",
    },
}
"""Payloads of the API specification that are older than any rule: retired systems, http addresses, no definition."""


def examples(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in (".json", ".xml"))


@pytest.mark.parametrize("folder", ["xml", "json-1.34.0", "api-spec-1.4.0"])
def test_official_examples_have_only_their_known_defects(shared: Path, folder: str) -> None:
    files = examples(shared / "data" / "examples" / folder)
    assert files
    found, wanted = {}, {}
    for path in files:
        _, judged = judge_bytes(path.read_bytes(), versions=None, side=Side.RECEIVE, timer=lambda: 0.0, what=path.name)
        errors = {one.rule for one in judged.findings if one.severity.value in ("fatal", "error")}
        assert "INT-000" not in {one.rule for one in judged.findings}, path.name
        assert all(one.place for one in judged.findings)
        known = next((rules for name, rules in {**DEFECTS, **OLDER}.items() if path.name.startswith(name)), set())
        found[path.name], wanted[path.name] = errors, known
    assert found == wanted


def beginnings() -> list[tuple[str, str]]:
    return [(row.id, code) for row in templates() for code in row.use_cases if not row.follows]


@pytest.mark.parametrize(("template", "use_case"), beginnings())
def test_what_we_compose_has_nothing_against_it(template: str, use_case: str) -> None:
    assert verdict(composed(template, use_case)).findings == ()


def test_what_we_answer_and_follow_up_with_has_nothing_against_it() -> None:
    made = [
        cancelled(),
        cancelled(error=True),
        cancelled("booking-new"),
        cancelled("validation-new", "a4t1"),
        replied("validation-interim"),
        replied("validation-rejection"),
        replied(),
        replied(interim=True),
        replied("safeguarding-dna", "a1t1"),
    ]
    assert [verdict(message).findings for message in made] == [()] * len(made)
    assert short(verdict(acknowledged(), Side.RECEIVE)) == {("DEF-002", "w")}
    assert verdict(booking(), Side.RECEIVE).findings == ()
