"""Every official example judged as received: no error but the known defects of the files themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.applications import MADE
from tests.rules.builders import acknowledged, booking, cancelled, findings, replied, short, verdict
from workbench.messages import parse
from workbench.rules import Side, judge_bytes

if TYPE_CHECKING:
    from pathlib import Path

DEFECTS: dict[str, set[str]] = {
    "SERVREQ01": {"BUN-018"},
    "REFREQ11": {"REF-001"},
    "REFREQ04": {"BAS-008"},
    "500-REC_SERVER_ERROR-too costly": {"BAS-008"},
    "metadata__BaRS_API_Capability_Statement": {"BAS-002", "BAS-007"},
    "message_definition__MessageDefinition_ServiceRequest": {"BAS-004", "BAS-005"},
    "appointment__id__GET-success": {"BAS-010"},
}
"""Files that break a rule which stays an error: a cancellation without the focus's id, references to no entry, a coding
without its system, `serviceRequest` for a resource type, a code with a blank, relative canonical addresses, an entry
without fullUrl, lists where one value belongs."""

OLDER: dict[str, set[str]] = {
    "process_message__request__Booking": {"MSG-004", "MSG-005", "COD-005"},
    "process_message__request__ValidationRequest": {"MSG-004", "MSG-005", "COD-001"},
    "process_message__response__Booking": {
        "BAS-001",
        "BAS-004",
        "BAS-007",
        "BAS-010",
        "BUN-004",
        "BUN-005",
        "MSG-001",
        "MSG-004",
        "MSG-005",
        "MSG-010",
        "MSG-012",
        "COD-005",
        "PAT-006",
        "PAT-007",
    },
}
"""Payloads of the API specification that are older than any rule: retired systems, http addresses, no definition."""


WARNED: dict[str, tuple[str, ...]] = {
    "BUN-015": ("REFREQ01", "REFREQ02", "REFREQ04", "VALREQ01", "VALRESP01"),
    "BUN-019": ("SERVREQ01", "VALREQ02"),
    "DEF-002": ("VALRESP01",),
    "MSG-017": ("BOOKREQ01",),
    "SRQ-005": ("REFRESP01",),
    "SRQ-007": ("REFREQ01", "REFRESP01"),
    "SRQ-008": ("VALREQ01", "VALREQ02", "VALRESP01", "VALRESP01A", "VALRESP02", "SERVREQ01"),
    "APT-002": ("BOOKREQ01",),
    "APT-006": ("BOOKREQ01",),
    "RES-103": ("BOOKREQ01", "REFREQ11"),
    "PAT-001": ("REFREQ01", "REFREQ02", "REFREQ03", "REFREQ04", "REFREQ11", "VALREQ01", "VALRESP02", "SERVREQ01"),
    "PAT-005": ("REFREQ8A",),
    "PAT-008": ("SERVREQ01", "VALREQ02", "VALRESP01", "VALRESP01A"),
    "PAT-010": ("REFRESP01",),
    "CPL-004": ("REFREQ01", "REFREQ02", "REFREQ03", "REFRESP01"),
    "CPL-005": ("REFREQ8A",),
    "CPL-009": ("REFREQ04", "REFREQ8A"),
    "CPL-012": ("REFREQ11",),
    "RES-122": ("VALREQ02", "REFRESP01"),
    "RES-124": ("REFREQ02",),
    "RES-143": ("REFREQ02", "REFREQ04", "REFREQ8A", "VALREQ01", "VALREQ02", "VALRESP01", "VALRESP02"),
    "RES-102": ("BOOKREQ01", "REFREQ01", "REFREQ11", "REFRESP01", "SERVREQ01", "VALREQ01", "VALRESP01A"),
    "RES-104": ("BOOKREQ01",),
    "RES-105": ("BOOKREQ01",),
    "RES-185": ("REFREQ01", "REFREQ02", "REFREQ04", "REFREQ8A", "REFRESP01", "VALREQ01", "VALRESP02"),
    "RES-204": ("REFREQ01",),
    "RES-187": ("REFREQ04", "REFREQ8A"),
    "RES-188": ("REFREQ04", "REFREQ8A"),
}
"""What official messages break that others may: a warning on what is received, in just these files or more."""


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


def test_what_official_messages_break_is_told_as_a_warning(shared: Path) -> None:
    found: dict[str, set[str]] = {}
    for path in examples(shared / "data" / "examples" / "xml"):
        _, judged = judge_bytes(path.read_bytes(), versions=None, side=Side.RECEIVE, timer=lambda: 0.0)
        name = path.name.partition(" ")[0]
        for one in judged.findings:
            if one.severity.value == "warning":
                found.setdefault(one.rule, set()).add(name)
    assert not {rule: missing for rule, names in WARNED.items() if (missing := set(names) - found.get(rule, set()))}


def test_official_replies_keep_the_endpoints_of_the_request(shared: Path) -> None:
    folder = shared / "data" / "examples" / "xml"
    asked = parse(next(folder.glob("VALREQ01 *")).read_bytes())
    for name in ("VALRESP01A", "VALRESP02"):
        reply = parse(next(folder.glob(f"{name} *")).read_bytes())
        held = verdict(reply, Side.RECEIVE, original=asked)
        assert [one.severity.value for one in findings(held, "MSG-019")] == ["warning", "warning"]


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("side", list(Side))
def test_good_messages_of_other_applications_have_no_error(name: str, side: Side) -> None:
    held = verdict(MADE[name](), side).findings
    assert [(one.rule, one.path) for one in held if one.severity.value in ("fatal", "error", "warning")] == []


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
    assert [short(verdict(message)) for message in made] == [set()] * len(made)
    assert short(verdict(acknowledged(), Side.RECEIVE)) == {("DEF-002", "w")}
    assert verdict(booking(), Side.RECEIVE).findings == ()
