"""The models of lists and trees, each held to Qt's rules for models: tree, findings, lanes, palette."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt

from workbench.evidence.lanes import LaneKind, LaneRow
from workbench.messages import Finding, Fix, Layer, Place, Severity, Source, parse
from workbench.ui.models import findings, lanes, palette
from workbench.ui.models.conversations import ConversationModel
from workbench.ui.models.findings import FINDING_ROLE, FindingModel
from workbench.ui.models.lanes import LaneModel
from workbench.ui.models.palette import ENTRY_ROLE, Entry, Group, PaletteModel, find
from workbench.ui.models.tree import BROKEN_ROLE, PATH_ROLE, TreeModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.modeltest import ModelTester

MESSAGE = b"""{
  "resourceType": "Bundle",
  "type": "message",
  "entry": [
    {"fullUrl": "urn:uuid:0b0d9f0e-8f0c-4b36-8a52-3a2a5a3c8f01",
     "resource": {"resourceType": "MessageHeader", "eventCoding": {"code": "servicerequest-request"},
                  "focus": [{"reference": "urn:uuid:11111111-2222-4333-8444-555555555555"}]}},
    {"fullUrl": "urn:uuid:1b0d9f0e-8f0c-4b36-8a52-3a2a5a3c8f02",
     "resource": {"resourceType": "Patient", "active": true, "multipleBirthInteger": 2,
                  "name": [{"family": "Okafor", "given": ["Ada", "Ngozi"]}]}}
  ]
}"""
START = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)


def shown(model: TreeModel, *names: str) -> QModelIndex:
    """The index that a row of names leads to."""
    index = model.index(0, 0)
    for name in names:
        rows = [model.index(n, 0, index) for n in range(model.rowCount(index))]
        index = next(one for one in rows if one.data() == name)
    return index


def test_a_tree_of_a_message(qtmodeltester: ModelTester) -> None:
    model = TreeModel()
    qtmodeltester.check(model)
    model.show(parse(MESSAGE))
    qtmodeltester.check(model)
    patient = shown(model, "entry 1", "resource")
    assert patient.data(PATH_ROLE) == "Bundle.entry[1].resource"
    assert patient.siblingAtColumn(1).data() == "Patient"
    assert shown(model, "entry 1", "resource", "active").siblingAtColumn(1).data() == "true"
    assert shown(model, "entry 1", "resource", "multipleBirthInteger").siblingAtColumn(1).data() == "2"
    assert shown(model, "entry 1", "resource", "name", "given 1").siblingAtColumn(1).data() == "Ngozi"
    assert shown(model, "entry 1", "resource", "name").siblingAtColumn(1).data() == "Okafor"
    assert "resourceType" not in {model.index(n, 0, patient).data() for n in range(model.rowCount(patient))}
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Element"


def test_a_tree_says_which_reference_is_broken() -> None:
    model = TreeModel()
    model.show(parse(MESSAGE))
    broken = shown(model, "entry 0", "resource", "focus", "reference")
    assert broken.data(BROKEN_ROLE)
    assert broken.siblingAtColumn(1).data().endswith("(not in this message)")
    whole = shown(model, "entry 1", "fullUrl")
    assert not whole.data(BROKEN_ROLE)


def test_a_path_leads_to_its_row_or_the_nearest_above() -> None:
    model = TreeModel()
    assert not model.path_index("Bundle").isValid()
    model.show(parse(MESSAGE))
    assert model.path_index("Bundle.entry[1].resource.name[0].given[1]").siblingAtColumn(1).data() == "Ngozi"
    assert (
        model.path_index("Bundle.entry[1].resource.name[0].use").data(PATH_ROLE) == "Bundle.entry[1].resource.name[0]"
    )
    model.show(None)
    assert model.rowCount() == 0


def finding(severity: Severity, rule: str, *, fix: bool = False) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        layer=Layer.BARS,
        text=f"{rule} is not followed.",
        path="Bundle.id",
        resource="Bundle",
        place=Place(3, 5, 40),
        source=Source("rules", "1"),
        fix=Fix("Repair it", ()) if fix else None,
    )


def test_findings_are_counted_and_filtered(qtmodeltester: ModelTester) -> None:
    model = FindingModel()
    model.show(
        (finding(Severity.ERROR, "A-1", fix=True), finding(Severity.WARNING, "B-1"), finding(Severity.FATAL, "C-1"))
    )
    qtmodeltester.check(model)
    assert model.counts() == {"error": 2, "warning": 1, "note": 0}
    model.hide(frozenset({"error"}))
    assert [model.index(n).data(FINDING_ROLE).rule for n in range(model.rowCount())] == ["B-1"]
    assert model.counts()["error"] == 2
    model.hide(frozenset())
    assert model.at(0).rule == "A-1"
    words = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words == "Error, A-1 is not followed., Bundle, A-1, line 3, fix available: Repair it"
    assert findings.TONES.keys() == set(Severity)


def leg(exchange: str, title: str = "Referral", answers: int = -1) -> LaneRow:
    return LaneRow(LaneKind.MESSAGE, title, exchange=exchange, time="09:02", answers=answers)


def test_lanes_keep_what_stayed_the_same(qtmodeltester: ModelTester) -> None:
    model = LaneModel()
    model.show((leg("a"), leg("b")))
    qtmodeltester.check(model)
    removed: list[int] = []
    model.rowsRemoved.connect(lambda _parent, first, last: removed.append(last - first + 1))
    model.show((leg("a"), leg("b"), leg("c", "Reply", answers=0), LaneRow(LaneKind.END, "Ended")))
    assert not removed, "rows in front of a new one stay where they are"
    assert [(track.reply, track.asked) for track in model.links] == [(2, 0)]
    assert model.row_of("c") == 2
    assert model.row_of("") == -1
    assert model.last_message() == 2
    assert not model.flags(model.index(3)) & Qt.ItemFlag.ItemIsSelectable, "the end is not a leg to be chosen"
    assert model.index(2).data(Qt.ItemDataRole.AccessibleTextRole) == "09:02, Reply"
    model.show((leg("x"),))
    assert (model.rowCount(), model.row(0).exchange, sum(removed)) == (1, "x", 4)
    assert lanes.LaneModel().last_message() == -1


GROUPS = (
    Group(
        "Actions",
        ">",
        (
            Entry("Run all scenarios", "action:run-all"),
            Entry("Send", "action:send", "the draft", keys=("Ctrl", "Return")),
            Entry("Fork", "action:fork", enabled=False),
        ),
    ),
    Group("Services", "#", tuple(Entry(f"Service {n}", f"service:{n}") for n in range(9))),
)


def titles(typed: str) -> list[str]:
    return [entry.title for entry in find(GROUPS, typed)]


def test_the_palette_finds_by_every_word() -> None:
    assert titles("") == ["Actions", "Run all scenarios", "Send", "Services", *(f"Service {n}" for n in range(6))]
    assert titles("SCEN run") == ["Best match", "Run all scenarios"]
    assert titles("draft") == ["Best match", "Send"], "a note is looked at too"
    assert titles("fork") == [], "what is not possible now is not offered"
    assert titles("#")[1:] == [f"Service {n}" for n in range(9)], "a mark shows all of its group"
    assert titles("# 7") == ["Best match", "Service 7"]
    assert find(GROUPS, "all")[1].hit == (4, 3)


def test_headings_of_the_palette_cannot_be_chosen(qtmodeltester: ModelTester) -> None:
    model = PaletteModel()
    model.show(find(GROUPS, "#"))
    qtmodeltester.check(model)
    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsSelectable
    assert model.next_choice(0, 1) == 1
    assert model.next_choice(1, -1) == 9, "it goes round, past the heading"
    assert model.at(1).key == "service:0"
    assert model.index(1).data(ENTRY_ROLE).title == "Service 0"
    model.show((Entry("Alone"),))
    assert model.next_choice(-1, 1) == -1
    assert palette.MOST == 6


@pytest.mark.parametrize(
    "model", [TreeModel, FindingModel, partial(ConversationModel, lambda: START), LaneModel, PaletteModel]
)
def test_a_model_without_rows_breaks_no_rule(
    qtmodeltester: ModelTester, model: Callable[[], QAbstractItemModel], qapp: object
) -> None:
    made = model()
    qtmodeltester.check(made)
    assert made.rowCount() == 0
