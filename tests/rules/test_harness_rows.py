"""Which rule stands for which check of the national test harness, and why the others have none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.messages import Layer, Severity
from workbench.rules import rules, spec_of

if TYPE_CHECKING:
    from pathlib import Path

REASON = str
"""Why a check has no rule."""

TRIGGER = "says which checks are run, so it cannot fail"
STATE = "only who keeps earlier messages or answers can tell"
SENTINEL = "holds for one invented patient of the harness alone"
SCRIPT = "a scripted test of a receiver compares it with what that test expects"
SERVER = "about the answers of a receiver under test, judged there"

CHECKS: dict[str, tuple[str, ...] | REASON] = {
    "HDR-01": ("HDR-002",),
    "HDR-02": ("HDR-001",),
    "HDR-03": ("HDR-001",),
    "HDR-04": ("HDR-001",),
    "HDR-05": ("HDR-001",),
    "HDR-06": ("HDR-016",),
    "HDR-07": ("HDR-016",),
    "HDR-08": ("HDR-001", "HDR-017"),
    "HDR-09": ("HDR-102", "TKW-001"),
    "GET-01": ("PAR-001", "PAR-011", "TKW-021"),
    "GET-02": ("PAR-001",),
    "GET-03": ("PAR-036", "TKW-022"),
    "GET-04": ("PAR-031", "PAR-032", "TKW-023"),
    "GET-05": ("PAR-031", "PAR-032", "TKW-023"),
    "GET-06": ("PAR-001", "PAR-039", "TKW-024"),
    "BDL-01": ("BUN-016",),
    "BDL-02": ("TKW-002",),
    "BDL-03": ("DEF-005", "TKW-003"),
    "BDL-04": ("BUN-002",),
    "BDL-05": ("DEF-001", "DEF-002"),
    "BDL-06": ("DEF-001", "DEF-002"),
    "BDL-07": ("DEF-001",),
    "MSG-00": "profile validation: the rules on profiles and base FHIR are that",
    "MSG-01": ("MSG-004",),
    "MSG-02": ("MSG-005",),
    "MSG-03": TRIGGER,
    "MSG-04": TRIGGER,
    "MSG-05": ("MSG-001", "MSG-013"),
    "MSG-06": ("WFL-101",),
    "MSG-07": ("MSG-011",),
    "SRQ-01": ("COD-001", "COD-002"),
    "SRQ-02": ("COD-001",),
    "SRQ-03": ("COD-001",),
    "SRQ-04": ("COD-003", "TKW-004"),
    "SRQ-05": ("WFL-002",),
    "SRQ-06": ("WFL-002",),
    "SRQ-07": SENTINEL,
    "SRQ-08": ("BUN-018",),
    "ENC-01": ("WFL-004", "TKW-005"),
    "ENC-02": ("WFL-004",),
    "CPL-01": ("WFL-003", "TKW-005"),
    "CPL-02": ("WFL-003",),
    "CON-01": ("DEF-001",),
    "CON-02": ("RES-161",),
    "FLG-01": ("RES-124", "TKW-006"),
    "LOC-01": ("DEF-001",),
    "LOC-02": ("TKW-007",),
    "LOC-03": ("TKW-007",),
    "LOC-04": ("TKW-007",),
    "LOC-05": ("BAS-002", "BAS-004"),
    "LOC-06": ("BAS-002", "BAS-004"),
    "PAT-01": ("PAT-005",),
    "PAT-02": ("PAT-005",),
    "PAT-03": ("PAT-005",),
    "PAT-04": ("PAT-006",),
    "PAT-05": ("PAT-007",),
    "PAT-06": ("PAT-008",),
    "PAT-07": ("PAT-011",),
    "PAT-08": ("PAT-005",),
    "PAT-09": ("PAT-005",),
    "PAT-10": ("PAT-005",),
    "PAT-11": ("PAT-009",),
    "PAT-12": ("PAT-009",),
    "PAT-13": ("PAT-009",),
    "PAT-14": ("PAT-009",),
    "PAT-15": ("PAT-009",),
    "PAT-16": ("PAT-009",),
    "BKG-01": ("DEF-001",),
    "BKG-02": ("DEF-001",),
    "BKG-03": ("DEF-001",),
    "BKG-04": ("DEF-001",),
    "BKG-05": ("DEF-001",),
    "BKG-06": ("BUN-002",),
    "BKG-07": ("DEF-001", "DEF-002"),
    "BKG-08": ("DEF-001",),
    "BKG-09": ("DEF-001", "DEF-002"),
    "BKG-10": SENTINEL,
    "BKG-11": SENTINEL,
    "BKG-12": SENTINEL,
    "BKG-13": SENTINEL,
    "BKG-14": SENTINEL,
    "BKG-15": SENTINEL,
    "SRR-01": "wrong: guide and examples keep the ServiceRequest active, and the harness refuses its own full reply",
    "SRR-02": ("CPL-002",),
    "SRR-03": ("RES-006",),
    "SRR-04": "wrong: the guide asks no status of this Encounter, and the harness refuses its own message",
    "SRR-05": ("APT-001",),
    "APP5-01": ("MSG-011",),
    "APP5-02": ("MSG-001", "MSG-013"),
    "APP5-03": TRIGGER,
    "APP5-04": ("COD-001",),
    "APP5-05": "wrong: the displays of an older package; COD-004 asks for the published ones",
    "APP5-06": TRIGGER,
    "APP5-07": ("WFL-004",),
    "APP5-08": ("RES-183",),
    "APP5-09": ("RES-182",),
    "APP5-10": ("RES-183",),
    "APP5-11": ("RES-182",),
    "APP5-12": ("RES-182",),
    "APP6-01": TRIGGER,
    "APP6-02": ("COD-001",),
    "APP6-03": ("COD-004",),
    "APP6-04": ("CPL-004", "DEF-002", "TIM-005"),
    "APP6-05": ("RES-201",),
    "APP6-06": ("RES-201", "TKW-015"),
    "APP6-07": ("RES-201",),
    "APP6-08": ("RES-201", "RES-202", "TKW-015"),
    "APP6-09": ("TKW-014",),
    "APP6-10": ("MSG-001",),
    "APP6-11": ("MSG-012", "MSG-013", "WFL-102"),
    "APP6-12": ("MSG-010",),
    "APP6-13": ("TKW-013",),
    "APP6-14": ("RES-123", "TKW-013"),
    "APP6-15": ("DEF-001", "DEF-002"),
    "APP6-16": ("ENC-003",),
    "APP6-17": ("TKW-012",),
    "APP6-18": ("DEF-001", "DEF-002"),
    "APP6-19": ("DEF-001", "DEF-002"),
    "APP6-20": ("RES-182", "TKW-011"),
    "APP6-21": ("DEF-001",),
    "APP6-22": ("DEF-001", "TKW-011"),
    "APP6-23": ("DEF-001", "TKW-011"),
    "APP6-24": ("RES-124", "TKW-013"),
    "APP6-25": ("DEF-001", "TKW-011"),
    "APP6-26": ("DEF-001", "TKW-011"),
    "APP6-27": ("DEF-006", "TKW-013"),
    "RSH-01": ("RSP-001",),
    "RSH-02": ("RSP-001",),
    "RSH-03": ("RSP-008",),
    "RSH-04": ("RSP-002",),
    "RSH-05": ("RSP-002",),
    "RSH-06": SCRIPT,
    "RSH-07": SCRIPT,
    "RSH-08": SCRIPT,
    "RSB-01": ("RSP-006",),
    "RSB-02": SERVER,
    "RSB-03": SERVER,
    "RSB-04": ("RSP-003",),
    "RSB-05": SCRIPT,
    "RSB-06": ("RSP-005",),
    "RSB-07": SCRIPT,
    "RSB-08": ("RSP-021",),
    "RSB-09": ("RSP-022",),
    "RSB-10": ("RSP-023",),
    "RSB-11": ("RSP-007",),
    "RSB-12": SCRIPT,
    "RSB-13": SCRIPT,
    "RSB-14": SCRIPT,
    "RSB-15": SCRIPT,
    "RSB-16": SCRIPT,
    "IMP-01": ("BUN-005",),
    "IMP-02": ("PAT-007",),
    "IMP-03": ("MSG-001",),
    "IMP-04": ("MSG-010",),
    "IMP-05": ("WFL-103",),
    "IMP-06": STATE,
    "IMP-07": ("DEF-001", "DEF-002"),
    "IMP-08": STATE,
    "IMP-09": ("HDR-001",),
    "IMP-10": ("HDR-014",),
    "IMP-11": STATE,
    "IMP-12": STATE,
    "IMP-13": STATE,
    "IMP-14": STATE,
    "IMP-15": ("HDR-017",),
    "IMP-16": "a message that is judged was posted; another method is no call of the interface",
    "IMP-17": ("MSG-014", "MSG-015"),
    "IMP-18": ("DEF-001", "SRQ-011"),
    "IMP-19": ("PAR-001", "PAR-031", "PAR-037"),
    "IMP-20": ("PAR-034",),
    "IMP-21": SERVER,
}


def test_checks_name_rules_that_exist() -> None:
    named = [(check, id) for check, ids in CHECKS.items() if isinstance(ids, tuple) for id in ids]
    assert not [(check, id) for check, id in named if spec_of(id) is None]


def test_every_check_of_the_harness_has_a_rule_or_a_reason(shared: Path) -> None:
    text = (shared / "bars" / "tkw-checks.md").read_text(encoding="utf-8")
    checks = re.findall(r"^\| TKW-([A-Z]+\d?-\d\d) \|", text, re.M)
    assert len(set(checks)) > 150
    assert set(checks) == set(CHECKS)


def test_every_harness_rule_stands_for_a_check() -> None:
    named = {id for ids in CHECKS.values() if isinstance(ids, tuple) for id in ids}
    own = {spec.id for spec in rules() if spec.layer is Layer.HARNESS}
    assert own <= named


def test_checks_that_refuse_what_the_harness_accepts_are_notes_at_most(shared: Path) -> None:
    text = (shared / "bars" / "tkw-checks.md").read_text(encoding="utf-8")
    section = text[text.index("## Cross-check") : text.index("Consequence:")]
    refusing = re.findall(r"^\| TKW-([A-Z]+\d?-\d\d) \| \d+ \|", section, re.M)
    assert refusing
    told = {id for check in refusing if isinstance(CHECKS[check], tuple) for id in CHECKS[check]}
    loud = {id for id in told if id.startswith("TKW") and spec_of(id).severity is not Severity.INFORMATION}
    assert loud == {"TKW-006"}  # that check also runs on cancellations, which the rule leaves alone
