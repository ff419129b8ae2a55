"""Differences as rows: likely reasons first, noise only when asked."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.messages.test_diff import a_message, resource
from workbench.messages import Finding, Layer, Severity, Source, build
from workbench.session.comparing import CompareResult, compared
from workbench.ui.models.changes import ROW_ROLE, ChangeModel

HEADS = ("Likely", "Others", "Noise")
BIRTH = "Bundle.entry[2].resource.birthDate"


def a_result(*, refused: bool) -> CompareResult:
    other = a_message(birthDate="soon", gender="male")
    resource(other, 0)["meta"] = {"lastUpdated": "2026-02-02T10:00:00Z"}
    found = Finding("PAT-009", Severity.ERROR, Layer.BARS, BIRTH, "No date.", Source("a", "1"))
    result = compared(build(a_message()).source, build(other).source, b"", (found,), refused)
    assert result is not None
    return result


def heads_and_subjects(*, refused: bool, with_noise: bool) -> list[str]:
    model = ChangeModel()
    model.show(a_result(refused=refused), with_noise=with_noise, heads=HEADS)
    rows = [model.index(n).data(ROW_ROLE) for n in range(model.rowCount())]
    return [row.change.subject if row.change is not None else row.head for row in rows]


def test_without_a_refusal_there_are_no_heads() -> None:
    assert heads_and_subjects(refused=False, with_noise=False) == ["Patient, date of birth", "Patient, gender"]


def test_the_likely_reason_of_a_refusal_stands_first() -> None:
    rows = heads_and_subjects(refused=True, with_noise=False)
    assert rows == ["Likely", "Patient, date of birth", "Others", "Patient, gender"]


def test_noise_comes_last_and_only_when_asked() -> None:
    rows = heads_and_subjects(refused=False, with_noise=True)
    assert rows[2:] == ["Noise", "Message header, meta, last updated"]


def test_a_head_cannot_be_chosen_and_a_difference_says_what_was_and_is() -> None:
    model = ChangeModel()
    model.show(a_result(refused=True), with_noise=False, heads=HEADS)
    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsSelectable
    spoken = model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Patient, date of birth, changed, was 1990-02-03, is soon, PAT-009: No date."
    assert model.index(1).data(Qt.ItemDataRole.ToolTipRole).endswith("birthDate")
