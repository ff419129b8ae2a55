"""Plain questions about elements: whether they are there, how many, of which code, in which order."""

from __future__ import annotations

import pytest

from workbench.messages import Number
from workbench.profiles.presence import coded, count, has, has_choice, number, runs_forward


def test_what_is_there_and_how_often() -> None:
    assert has({"a": "x"}, "b", "a")
    assert has({"_a": {"id": "x"}}, "a")
    assert not has({"a": [], "b": "", "c": {}, "d": None}, "a", "b", "c", "d")
    assert has_choice({"valueString": "a"}, "value")
    assert not has_choice({"values": "a", "value": "b"}, "value")
    assert [count({"a": held}, "a") for held in ([1, 2], "x", None)] == [2, 1, 0]


@pytest.mark.parametrize(
    ("start", "end", "right"),
    [
        ("2026-01-01", "2026-01-01", True),
        ("2026-01-02", "2026-01-01", False),
        ("2026", "2025", False),
        ("2026-02", "2026-01-31", True),
        ("2026-01-02", "2026-01-01T00:00:00Z", True),
        ("2026-01-01T10:00:00+01:00", "2026-01-01T09:30:00Z", True),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:30:00+01:00", False),
        ("x", "T", True),
        (None, "2026", True),
    ],
)
def test_times_of_one_precision_are_compared(start: str, end: str, right: bool) -> None:
    assert runs_forward(start, end) is right


def test_numbers_and_codes() -> None:
    assert number(Number("1.50")) == Number("1.5").decimal
    assert number("1.5") is None
    concept = {"coding": [{"system": "urn:a", "code": "x"}, {"system": "urn:b", "code": "y"}]}
    assert coded(concept, "urn:b", "x", "y")
    assert not coded(concept, "urn:b", "x")
    assert not coded("x", "urn:b", "x")
