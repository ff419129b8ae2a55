"""The table model: what columns say is what it gives; values are replaced whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt

from workbench.ui.models.table import COLUMN_ROLE, SORT_ROLE, VALUE_ROLE, Column, TableModel

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot


@dataclass(frozen=True, slots=True)
class Call:
    """A row."""

    path: str
    ms: int


def path_of(call: Call) -> str:
    return call.path


def took(call: Call) -> str:
    return f"{call.ms} ms"


def milliseconds(call: Call) -> int:
    return call.ms


PATH = Column[Call]("Path", path_of)
TOOK = Column[Call]("Took", took, width=80, right=True, key=milliseconds)
CALLS = (Call("/Slot", 38), Call("/metadata", 4))


def a_model() -> TableModel[Call]:
    model = TableModel((PATH, TOOK))
    model.show(CALLS)
    return model


def test_it_is_a_sound_model(qtmodeltester: ModelTester) -> None:
    model = a_model()
    qtmodeltester.check(model)
    model.show(())
    qtmodeltester.check(model)


def test_a_cell_is_what_its_column_says(qapp: object) -> None:
    model = a_model()
    cell = model.index(0, 1)
    roles = (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
        VALUE_ROLE,
        COLUMN_ROLE,
        SORT_ROLE,
        Qt.ItemDataRole.DecorationRole,
    )
    assert [model.data(cell, role) for role in roles] == [
        "38 ms",
        "38 ms",
        "Took: 38 ms",
        CALLS[0],
        TOOK,
        38,
        None,
    ]
    assert model.data(model.index(1, 0), SORT_ROLE) == "/metadata"


def test_heads_stand_where_their_values_do(qapp: object) -> None:
    model = a_model()
    across = Qt.Orientation.Horizontal
    assert [model.headerData(n, across) for n in (0, 1)] == ["Path", "Took"]
    sides = [model.headerData(n, across, Qt.ItemDataRole.TextAlignmentRole) for n in (0, 1)]
    assert sides == [None, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter]
    assert model.headerData(0, Qt.Orientation.Vertical) is None


def test_a_cell_has_no_children(qapp: object) -> None:
    model = a_model()
    inside = model.index(0, 0)
    assert (model.rowCount(inside), model.columnCount(inside)) == (0, 0)
    assert (model.rowCount(QModelIndex()), model.columnCount()) == (2, 2)


def test_as_many_values_change_in_place(qtbot: QtBot) -> None:
    model = a_model()
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as told:
        model.show((CALLS[0], Call("/Slot", 5)))
    assert (told.args[0].row(), told.args[1].row(), told.args[1].column()) == (0, 1, 1)
    assert model.at(1) == Call("/Slot", 5)


def test_another_number_of_values_starts_anew(qtbot: QtBot) -> None:
    model = a_model()
    with qtbot.waitSignal(model.modelReset):
        model.show(CALLS[:1])
    assert model.rowCount() == 1


def test_the_same_values_change_nothing(qtbot: QtBot) -> None:
    model = a_model()
    with qtbot.assertNotEmitted(model.modelReset), qtbot.assertNotEmitted(model.dataChanged):
        model.show(list(CALLS))
