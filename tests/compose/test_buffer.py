"""The text of a draft with undo and redo."""

from __future__ import annotations

import pytest

from workbench.compose import DraftBuffer
from workbench.compose.buffer import DEPTH
from workbench.errors import InputError
from workbench.messages.values import Edit, EditOp, Fix

PATIENT = '{\n  "resourceType": "Patient",\n  "gender": "female"\n}\n'


def test_undo_and_redo_walk_the_same_steps() -> None:
    buffer = DraftBuffer.of("a").replaced("b").replaced("c", "Paste")
    assert (buffer.undo_label, buffer.redo_label) == ("Paste", None)
    back = buffer.undone()
    assert (back.text, back.redo_label) == ("b", "Paste")
    assert back.redone() == buffer
    assert back.undone().undone().text == "a"
    assert buffer.redone() == buffer


def test_a_change_after_undo_forgets_what_was_undone() -> None:
    buffer = DraftBuffer.of("a").replaced("b").undone().replaced("c")
    assert buffer.redo_label is None
    assert buffer.undone().text == "a"


def test_typing_merges_into_one_step() -> None:
    buffer = DraftBuffer.of("").replaced("h", merge=True).replaced("he", merge=True).replaced("hey", merge=True)
    assert buffer.undone().text == ""


def test_the_same_text_is_no_step() -> None:
    buffer = DraftBuffer.of("a")
    assert buffer.replaced("a") is buffer


def test_the_past_has_an_end() -> None:
    buffer = DraftBuffer.of("start")
    for number in range(DEPTH + 10):
        buffer = buffer.replaced(str(number))
    assert len(buffer.past) == DEPTH


def test_a_fix_is_one_step() -> None:
    edits = (
        Edit(EditOp.SET, "Patient.gender", "male"),
        Edit(EditOp.SET, "Patient.birthDate", "1990-02-03"),
    )
    fixed = DraftBuffer.of(PATIENT).fixed(Fix("Correct the patient", edits))
    assert '"male"' in fixed.text
    assert '"1990-02-03"' in fixed.text
    assert fixed.undo_label == "Correct the patient"
    assert fixed.undone().text == PATIENT


def test_edits_need_a_message() -> None:
    with pytest.raises(InputError):
        DraftBuffer.of("{").edited((Edit(EditOp.REMOVE, "Patient.gender"),))
