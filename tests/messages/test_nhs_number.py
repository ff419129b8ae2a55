"""NHS numbers by the arithmetic of the NHS Data Dictionary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.messages.nhs_number import check_digit, grouped, is_valid


@pytest.mark.parametrize("number", ["9434765919", "4010232137", "9990000417"])
def test_known_numbers_are_valid(number: str) -> None:
    assert is_valid(number)
    assert grouped(number).replace(" ", "") == number


@pytest.mark.parametrize("number", ["", "943476591", "9434765918", "943 476 5919", "94347659AB", "٩٤٣٤٧٦٥٩١٩"])
def test_other_texts_are_not(number: str) -> None:
    assert not is_valid(number)


@given(st.integers(0, 999_999_999).map("{:09d}".format))
def test_one_last_digit_at_most_is_right(nine: str) -> None:
    right = [digit for digit in range(10) if is_valid(f"{nine}{digit}")]
    assert right == ([] if check_digit(nine) is None else [check_digit(nine)])
