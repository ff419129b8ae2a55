"""What the walk says of names and codes, and which repairs are certain."""

from __future__ import annotations

import pytest

from workbench.messages import EditOp
from workbench.profiles.base_shapes import shape_of
from workbench.profiles.base_words import (
    bad_code,
    bad_resource_type,
    below,
    is_slip,
    listed,
    meant_by,
    nearest,
    quoted,
    same_code,
)
from workbench.profiles.problems import Kind


def test_a_value_is_shown_cut_and_without_what_cannot_be_shown() -> None:
    assert quoted("a") == "'a'"
    assert quoted("x" * 41) == f"'{'x' * 41}'"
    assert quoted("x" * 42) == f"'{'x' * 40}…'"
    assert quoted("a\ud800\n\u202eb") == "'a\ufffd\ufffd\ufffdb'"
    quoted("\ud800").encode()


def test_a_name_that_no_path_can_hold_is_told_at_its_owner() -> None:
    assert below("Patient", "x") == "Patient.x"
    assert [below("Patient", name) for name in ("", "a b", "a.b", "é\ud800")] == ["Patient"] * 4


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("cancellationReason", "cancelationReason"),
        ("Status", "status"),
        ("patientInstructions", "patientInstruction"),
        ("qwertyuiop", None),
    ],
)
def test_the_likeliest_name_is_found(name: str, meant: str | None) -> None:
    assert meant_by(shape_of("Appointment"), name) == meant


def test_a_choice_without_its_type_is_meant_as_one() -> None:
    assert meant_by(shape_of("Observation"), "value") == "value[x]"


@pytest.mark.parametrize(
    ("first", "second", "slip"),
    [
        ("Status", "status", True),
        ("cancellationReason", "cancelationReason", True),
        ("subjects", "subject", True),
        ("subjext", "subject", True),
        ("subjxxt", "subject", False),
        ("cod", "code", False),
        ("name", "named", False),
    ],
)
def test_a_slip_is_one_letter_or_the_case(first: str, second: str, slip: bool) -> None:
    assert is_slip(first, second) is slip


def test_a_code_of_another_case_is_repaired_and_a_strange_one_is_not() -> None:
    member = shape_of("Appointment").members["status"]
    assert [same_code(member, text) for text in ("Booked", " booked ", "Checked_In", "busy")] == [
        "booked",
        "booked",
        "checked-in",
        None,
    ]
    found = bad_code("Appointment.status", member, "Booked")
    assert found.kind is Kind.BAD_CODE
    assert found.fix is not None
    assert found.fix.edits[0].value == "booked"
    assert "one of arrived, booked, cancelled" in found.text
    assert bad_code("Appointment.status", member, "busy").fix is None


def test_a_type_of_another_version_is_told_with_it() -> None:
    assert "FHIR R5 has it" in bad_resource_type("X", "ActorDefinition").text
    near = bad_resource_type("X", "patient")
    assert near.fix is not None
    assert (near.fix.edits[0].op, near.fix.edits[0].value) == (EditOp.SET, "Patient")
    assert bad_resource_type("X", None).kind is Kind.WRONG_SHAPE
    assert bad_resource_type("X", "../os").kind is Kind.WRONG_TYPE


def test_words_are_listed_and_compared() -> None:
    assert [listed(["a"]), listed(["a", "b", "c"]), listed([])] == ["a", "a, b or c", ""]
    assert nearest("STATUS", ("status", "start")) == "status"
    assert nearest("zzz", ("status",)) is None
