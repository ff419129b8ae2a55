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
    "B3": ("BUN-003", "BUN-020"),
    "B4": ("BUN-004",),
    "B5": ("BUN-005", "BUN-006"),
    "B6": ("BUN-007",),
    "B7": ("BUN-008",),
    "B8": ("BUN-009", "BUN-010", "BUN-011"),
    "B10": ("BUN-012",),
    "B11": ("BUN-018", "BUN-019"),
    "B12": ("REF-001", "REF-002", "REF-003", "REF-004"),
    "B14": ("BUN-013",),
    "B15": ("DEF-001", "DEF-002", "DEF-003", "DEF-004", "DEF-006"),
    "B16": ("DEF-005",),
    "B17": ("BUN-014", "BUN-015", "BUN-021"),
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
    "H13": ("MSG-012", "MSG-013", "DEF-007", "DEF-008", "DEF-009", "DEF-010", "DEF-011"),
    "H14": ("MSG-014",),
    "H15": ("MSG-015",),
    "H16": ("MSG-016",),
    "H17": ("MSG-017",),
    "H19": ("MSG-018", "MSG-019"),
    "S1": ("SRQ-001",),
    "S2": ("COD-001", "COD-002", "COD-003", "COD-008", "DEF-009"),
    "S3": ("COD-004",),
    "S4": ("SRQ-002",),
    "S5": ("WFL-002", "WFL-005", "WFL-007", "WFL-103"),
    "S6": ("RES-006",),
    "S7": ("RES-006", "WFL-007"),
    "S8": ("SRQ-003", "BAS-004"),
    "S9": ("SRQ-004",),
    "S10": ("SRQ-005",),
    "S11": ("SRQ-006",),
    "S12": ("SRQ-007",),
    "S13": ("SRQ-008",),
    "S14": ("SRQ-009", "SRQ-010"),
    "S15": ("SRQ-011",),
    "S16": ("SRQ-012", "REF-002"),
    "S17": ("SRQ-013",),
    "S18": ("SRQ-014", "DEF-005"),
    "S19": ("SRQ-015",),
    "S20": ("SRQ-016", "BAS-011"),
    "A1": ("WFL-006", "WFL-103", "APT-001"),
    "A2": ("COD-005",),
    "A3": ("APT-002", "APT-009"),
    "A4": ("APT-003", "APT-004"),
    "A5": ("APT-005",),
    "A6": ("APT-006",),
    "A7": ("REF-002", "REF-004"),
    "A8": ("APT-007", "BAS-001"),
    "A9": ("DEF-001", "DEF-002"),
    "A10": ("APT-008", "BAS-004", "REF-004"),
    "A11": ("RES-103",),
    "A12": ("BAS-011",),
    "P1": ("PAT-001",),
    "P2": ("PAT-002", "PAT-003", "PAT-004"),
    "P3": ("PAT-005",),
    "P4": ("PAT-006",),
    "P5": ("PAT-007", "PAT-008"),
    "P6": ("PAT-008",),
    "P7": ("PAT-009",),
    "P8": ("PAT-010", "TAB-002"),
    "P9": ("PAT-011",),
    "P10": ("PAT-012",),
    "P11": ("BAS-011",),
    "E1": ("WFL-004", "ENC-001", "TKW-005"),
    "E2": ("ENC-002", "DEF-001", "WFL-007", "ENC-010"),
    "E3": ("ENC-003",),
    "E4": ("ENC-004", "ENC-011", "RES-004"),
    "E5": ("ENC-005",),
    "E6": ("ENC-006",),
    "E7": ("ENC-007",),
    "E8": ("ENC-008",),
    "E9": ("ENC-009",),
    "E10": ("DEF-001", "DEF-002"),
    "E11": ("WFL-007", "ENC-010"),
    "CP1": ("CPL-001", "CPL-002", "WFL-003"),
    "CP2": ("CPL-003",),
    "CP3": ("CPL-004",),
    "CP4": ("CPL-005", "CPL-006"),
    "CP5": ("CPL-007",),
    "CP6": ("CPL-008", "BAS-011"),
    "CP7": ("CPL-009",),
    "CP8": ("CPL-010",),
    "CP9": ("CPL-011", "CPL-012"),
    "O1": ("RES-121", "RES-122"),
    "O2": ("RES-123", "RES-124", "TKW-006"),
    "O3": ("RES-125",),
    "O4": ("RES-161", "DEF-001", "BAS-011"),
    "O5": ("RES-141", "RES-142", "RES-143", "BAS-004"),
    "O6": ("RES-144", "DEF-006"),
    "O7": ("RES-101", "RES-102", "DEF-001"),
    "O8": ("RES-104", "RES-105"),
    "O9": ("RES-181", "BAS-008", "BAS-011"),
    "O10": ("RES-182", "RES-183"),
    "O11": ("RES-184", "RES-185", "RES-186", "PAT-011", "BAS-011"),
    "O12": ("RES-201", "RES-202"),
    "O13": ("RES-203",),
    "O14": ("RES-204",),
    "O15": ("RES-205", "RES-206"),
    "O16": ("RES-207",),
    "O17": ("RES-187",),
    "O18": ("RES-188",),
    "O19": ("TKW-002",),
    "O20": ("TKW-011", "TKW-012", "TKW-013"),
    "O21": ("RES-181", "RES-182"),
    "O22": ("RES-106", "DEF-003", "DEF-004"),
    "O23": ("RES-107",),
    "O24": ("RES-103", "RES-108", "CPL-012"),
    "C1": ("WFL-101",),
    "C2": ("WFL-105",),
    "C3": ("WFL-102", "WFL-107"),
    "C4": ("DEF-001", "DEF-002", "DEF-003"),
    "C5": ("BUN-018", "WFL-103"),
    "C6": ("REF-001",),
    "C7": ("WFL-106",),
    "C8": ("SRQ-014",),
    "C9": ("BAS-001",),
    "U1": ("WFL-107",),
    "U2": ("WFL-108", "BUN-019", "BUN-021"),
    "U4": ("WFL-008",),
    "R1": ("RES-001", "RES-002"),
    "R2": ("RES-003", "RES-005", "RES-007", "DEF-001"),
    "R3": ("ENC-002", "MSG-014"),
    "R4": ("RSP-006",),
}

NOT_HERE: dict[str, str] = {
    "B9": "says that ids and addresses need not match: nothing to find",
    "B13": "entries that the focus does not reach are allowed: nothing to find",
    "H18": "displays of event and reason are not needed: nothing to find",
    "U3": "the ids of two calls are compared where both are known: the rules on headers and the correlation of calls",
}
"""Rows that no rule on a message stands for, and why."""

IN_PART: dict[str, str] = {
    "H4": "whether the receiver is the organisation named is known to the receiver alone",
    "A4": "whether the slot is still free is known to the receiver alone",
    "A7": "whether the referral came first cannot be seen in the booking",
    "P10": "whether an address is the official residence cannot be seen",
    "O10": "whether a Task is about a new medicine cannot be seen from codes that may be replaced",
    "E11": "what a status stands for in the dispatch room cannot be seen",
    "C2": "whether the sender looked it up first is seen only where that answer is given",
    "C9": "the call for a single resource is judged with its headers",
    "R1": "the ids in the headers of two calls are compared with the calls",
    "R3": "that the answer has the ids is judged with the HTTP answer",
}
"""Rows of which a part cannot be seen in a message, and why."""

LATER = ("C2", "C7", "H19", "S19", "U1", "U2", "R2")
"""Rows that compare with an earlier message: checked where the original is known."""


def test_rows_name_rules_that_exist() -> None:
    assert not [(row, id) for row, ids in ROWS.items() for id in ids if spec_of(id) is None]


def test_every_row_stands_for_a_rule_or_a_reason() -> None:
    assert not [row for row, ids in ROWS.items() if not ids]
    assert not [row for row, why in {**NOT_HERE, **IN_PART}.items() if not why]
    assert ROWS.keys().isdisjoint(NOT_HERE)
    assert {*IN_PART, *LATER} <= ROWS.keys()


def test_every_row_of_the_document_is_there(shared: Path) -> None:
    text = (shared / "bars" / "message-rules.md").read_text(encoding="utf-8")
    section = text[text.index("## 1. ") : text.index("## 2. ")]
    rows = re.findall(r"^\| ([A-Z]{1,2}\d+) \|", section, re.M)
    assert len(rows) > 130
    assert len(rows) == len(set(rows))
    assert set(rows) == {*ROWS, *NOT_HERE}


def test_every_rule_on_messages_stands_for_a_row() -> None:
    named = {id for ids in ROWS.values() for id in ids}
    dispatch = {f"WFL-00{number}" for number in (2, 3, 4, 5, 6, 7, 9)}  # the table by which receivers sort
    codes = {"COD-006", "COD-007", "COD-009", "COD-010", "COD-011"}  # the code systems themselves
    elsewhere = ("SYN", "INT", "HDR", "PAR", "RSP", "TAB", "TKW", "BAS", "PRO")  # rows of other documents
    assert {spec.id for spec in rules() if spec.id[:3] not in elsewhere} - named <= dispatch | codes
