"""The findings as a list: filtered by tone and layer, grouped by resource, sorted otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, Qt

from workbench.messages import Finding, Fix, Layer, Severity, Source
from workbench.ui.models.findings import ELEMENT_ROLE, GROUP_ROLE, MEMBER_ROLE, FindingModel, Group, Order, spoken

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester

PATIENT, CONDITION = "Bundle.entry[1].resource", "Bundle.entry[2].resource"
OWNERS = {PATIENT: "the patient", CONDITION: "the condition, Chest pain", "Bundle": "the message"}


def a_finding(
    rule: str, path: str, words: str, severity: Severity = Severity.ERROR, layer: Layer = Layer.BARS
) -> Finding:
    return Finding(rule, severity, layer, path, "Mock.", Source("mock", "mock"), resource=words)


ID = a_finding("MOC-001", "Bundle.id", "the message's id", Severity.WARNING)
PHONE = a_finding("MOC-002", f"{PATIENT}.telecom[1]", "the patient's second phone", Severity.INFORMATION)
ONSET = a_finding("MOC-003", f"{CONDITION}.onset", "the condition, Chest pain: onset", Severity.WARNING)
BORN = a_finding("MOC-004", f"{PATIENT}.birthDate", "the patient's date of birth")
WHOLE = a_finding("MOC-005", PATIENT, "the patient", layer=Layer.HARNESS)
ALL = (ID, PHONE, ONSET, BORN, WHOLE)


@pytest.fixture
def model(qapp: object, qtmodeltester: ModelTester) -> FindingModel:
    made = FindingModel()
    made.show(ALL, OWNERS)
    qtmodeltester.check(made)
    return made


def rows(model: FindingModel) -> list[str]:
    """The rule of a finding, the words of a head."""
    found = []
    for row in range(model.rowCount()):
        group = model.index(row).data(GROUP_ROLE)
        finding = model.at(row)
        found.append(group.words if finding is None else finding.rule)
    return found


def test_several_findings_of_a_resource_stand_under_its_name(model: FindingModel) -> None:
    assert rows(model) == ["MOC-001", "The patient", "MOC-002", "MOC-004", "MOC-005", "MOC-003"]
    assert model.index(1).data(GROUP_ROLE) == Group("The patient", 3)
    assert model.index(1).data() == "The patient, 3 findings"
    assert model.index(1).flags() == Qt.ItemFlag.NoItemFlags
    assert [model.index(n).data(ELEMENT_ROLE) for n in (0, 2, 3, 4, 5)] == [
        "The message's id", "Second phone", "Date of birth", "The patient", "The condition, Chest pain: onset",
    ]  # fmt: skip
    assert [model.index(n).data(MEMBER_ROLE) for n in range(6)] == [False, False, True, True, True, False]


def test_without_names_and_sorted_by_severity_there_are_no_heads(model: FindingModel) -> None:
    model.sort_by(Order.WORST)
    assert rows(model) == ["MOC-004", "MOC-005", "MOC-001", "MOC-003", "MOC-002"]
    model.sort_by(Order.PLACE)
    model.show(ALL)
    assert rows(model) == [one.rule for one in ALL]


def test_filters_hide_and_counts_say_what_there_is(model: FindingModel) -> None:
    assert model.counts() == {"error": 2, "warning": 2, "note": 1}
    model.hide(frozenset({"warning"}))
    assert rows(model) == ["The patient", "MOC-002", "MOC-004", "MOC-005"]
    assert model.counts()["warning"] == 2, "a hidden filter keeps its count"
    model.switch_off({Layer.HARNESS})
    assert model.counts()["error"] == 1
    assert model.off_counts() == {Layer.HARNESS: 1}
    assert WHOLE not in model.on()


def test_what_is_fatal_is_always_shown(model: FindingModel) -> None:
    fatal = a_finding("SYN-901", "Resource", "Resource", Severity.FATAL, Layer.SYNTAX)
    model.show([fatal])
    model.switch_off(frozenset(Layer))
    assert model.findings() == (fatal,)


def test_going_on_passes_over_heads_and_starts_again(model: FindingModel) -> None:
    assert model.following(0) == 2
    assert model.following(5) == 0
    assert model.following(-1) == 0
    assert model.row_of("MOC-004", BORN.path) == 3
    assert model.row_of("MOC-004", "elsewhere") is None
    model.show([])
    assert model.following(-1) is None


def test_a_finding_is_spoken_with_all_it_has(model: FindingModel) -> None:
    fixed = Finding(
        "MOC-001",
        Severity.ERROR,
        Layer.BARS,
        "Bundle",
        "Mock.",
        Source("m", ""),
        resource="the message",
        fix=Fix("Mend", ()),
    )
    assert spoken(fixed) == "Error, Mock., the message, MOC-001, fix available: Mend"
    assert model.data(QModelIndex()) is None
    assert "date of birth" in model.index(3).data(Qt.ItemDataRole.ToolTipRole)
