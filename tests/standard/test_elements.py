"""The payload tables as values: complete, of elements R4 has, and none of what base R4 asks for anyway."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from workbench.standard.elements import ElementRow, Kind, Level, element_tables
from workbench.standard.r4 import r4
from workbench.standard.versions import applications

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def steps(kind: str, row: ElementRow) -> Iterator[tuple[str, str]]:
    """(type, element name) of every step of a path, a choice by its first type."""
    here = kind
    for name in row.path:
        yield here, name
        spec = next((one for one in r4().elements(here) if one.name == name), None) or r4().element(here, name)
        assert spec is not None, f"{kind}: {'.'.join(row.path)}"
        here = r4().child_path(here, name) or ""


def test_every_element_exists_and_is_not_asked_for_by_base_r4() -> None:
    for table in element_tables().values():
        for row in table.rows:
            *_, (owner, name) = steps(table.type, row)
            spec = next((one for one in r4().elements(owner) if one.name == name), None) or r4().element(owner, name)
            choice = table.type == "MedicationStatement" and name == "medicationCodeableConcept"
            assert spec is not None
            assert not spec.min or row.level is not Level.MUST or choice, f"{table.type}.{'.'.join(row.path)}"


def test_every_listed_element_exists() -> None:
    for table in element_tables().values():
        known = {spec.name for spec in r4().elements(table.type)}
        for number, listed in table.listed.items():
            assert number in applications()
            assert listed <= known, (table.type, listed - known)


def test_rows_and_lists_agree() -> None:
    for table in element_tables().values():
        for row in table.rows:
            assert row.applications <= set(table.listed), table.type
            name = "medication[x]" if row.path[0].startswith("medication") else row.path[0]
            if name != "extension":
                assert all(name in table.listed[number] for number in row.applications), (table.type, row.path)


def test_a_row_holds_for_its_applications_kinds_and_versions() -> None:
    row = ElementRow(("name",), Level.MUST, frozenset({1, 5}), frozenset({Kind.REQUEST}), {1: "2.1.0"})
    assert row.holds_for(1, "2.1.0", Kind.REQUEST)
    assert row.holds_for(5, "1.0.0", Kind.REQUEST)
    assert not row.holds_for(1, "2.0.0", Kind.REQUEST)
    assert not row.holds_for(2, "2.1.0", Kind.REQUEST)
    assert not row.holds_for(1, "2.1.0", Kind.REPLY)


def test_a_resource_may_come_with_a_version() -> None:
    table = element_tables()["RelatedPerson"]
    assert table.lists(1, "2.0.0") is None
    assert "photo" in (table.lists(1, "2.1.0") or ())
    assert table.lists(3, "2.0.0") is None


def test_what_the_tables_list_is_listed(shared: Path) -> None:
    """Every first element of the tables stands in the list of its Application; 1 and 2 are taken together."""
    with (shared / "bars" / "element-guidance.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    columns = [name for name in lines[0] if re.fullmatch(r"A\d\.\w+", name)]
    missing = set()
    for line in lines:
        table = element_tables().get(line["resource"])
        name = line["element"].split(".")[1]
        if table is None or name in ("id", "meta", "extension"):
            continue
        spec = r4().element(line["resource"], name)
        shown = spec.choice or name if spec else name
        missing |= {
            (line["element"], column)
            for column in columns
            if line[column] and shown not in table.listed.get(int(column[1]), frozenset())
        }
    assert missing == set()
    assert {line["resource"] for line in lines} - set(element_tables()) == {"Bundle", "MessageHeader"}
