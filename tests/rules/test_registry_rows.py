"""Which rule stands for which row of the element rules of the standard, and that none is forgotten."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.rules import rules, spec_of

if TYPE_CHECKING:
    from pathlib import Path

ROWS: dict[str, tuple[str, ...]] = {
    "B1": ("BUN-001",),
    "B2": ("BUN-002",),
    "B3": ("BUN-003",),
    "B4": ("BUN-004",),
    "B5": ("BUN-005", "BUN-006"),
    "B6": ("BUN-007",),
    "B7": ("BUN-008",),
    "B8": ("BUN-009", "BUN-010", "BUN-011"),
    "B9": (),  # says that ids and addresses need not match: nothing to find
    "B10": ("BUN-012",),
    "B11": ("BUN-018", "BUN-019"),
    "B12": ("REF-001", "REF-002", "REF-003", "REF-004"),
    "B13": (),  # entries that the focus does not reach are allowed
    "B14": ("BUN-013",),
    "B15": ("DEF-001", "DEF-002", "DEF-003", "DEF-004", "DEF-006"),
    "B16": ("DEF-005",),
    "B17": ("BUN-014", "BUN-015"),
    "B18": ("BUN-016",),
    "B19": ("BUN-002",),
    "B20": ("BUN-017",),
    "T1": ("TIM-001", "TIM-002"),
    "T2": ("TIM-003",),
    "T3": ("TIM-005",),
    "T4": ("TIM-004",),
    "H1": ("MSG-001",),
    "H2": ("MSG-001", "WFL-001"),
    "H3": ("MSG-002",),
    "H4": ("MSG-003",),
    "H5": ("MSG-004",),
    "H6": ("MSG-005",),
    "H7": ("MSG-006", "MSG-007"),
    "H8": ("MSG-008",),
    "H9": ("MSG-009",),
    "H10": ("MSG-010",),
    "H11": ("MSG-010", "WFL-104"),
    "H12": ("MSG-011",),
    "H13": ("MSG-012", "MSG-013"),
    "H14": ("MSG-014",),
    "H15": ("MSG-015",),
    "H16": ("MSG-016",),
    "H17": ("MSG-017",),
    "H18": (),  # displays of event and reason are not needed: nothing to find
    "H19": ("MSG-018", "MSG-019"),
    "C1": ("WFL-101",),
    "C3": ("WFL-102",),
    "C4": ("DEF-001", "DEF-002", "DEF-003"),
    "C5": ("BUN-018", "WFL-103"),
    "R1": ("RES-001", "RES-002"),
    "R2": ("RES-003", "RES-005"),
    "R4": ("RSP-006",),
    "S2": ("COD-001", "COD-002", "COD-003", "COD-008"),
    "S3": ("COD-004",),
    "A2": ("COD-005",),
    "P1": ("PAT-001",),
    "P2": ("PAT-002", "PAT-003", "PAT-004"),
    "E4": ("RES-004",),
    "U4": ("WFL-008",),
}


def test_rows_name_rules_that_exist() -> None:
    assert not [(row, id) for row, ids in ROWS.items() for id in ids if spec_of(id) is None]


def test_every_row_on_bundle_times_and_header_is_there(shared: Path) -> None:
    text = (shared / "bars" / "message-rules.md").read_text(encoding="utf-8")
    section = text[text.index("### 1.1 ") : text.index("### 1.4 ")]
    rows = re.findall(r"^\| ([BTH]\d+) \|", section, re.M)
    assert len(rows) > 40
    assert set(rows) <= set(ROWS)


def test_every_rule_on_messages_stands_for_a_row() -> None:
    named = {id for ids in ROWS.values() for id in ids}
    dispatch = {f"WFL-00{number}" for number in (2, 3, 4, 5, 6, 7, 9)}  # the table by which receivers sort
    codes = {"COD-006", "COD-007", "COD-009", "COD-010", "COD-011"}  # the code systems themselves
    wanted = {spec.id for spec in rules() if spec.id[:3] not in ("SYN", "INT", "HDR", "RSP")}
    assert wanted - named == dispatch | codes
