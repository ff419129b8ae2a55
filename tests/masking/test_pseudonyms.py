"""Invented names, numbers and dates."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.masking import Pseudonyms
from workbench.messages import nhs_number

ONE, OTHER = Pseudonyms(b"one"), Pseudonyms(b"other")


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=20))
def test_a_name_keeps_its_initial_and_is_the_same_each_time_in_any_case(name: str) -> None:
    masked = ONE.family(name)
    assert masked == ONE.family(name.upper()) == ONE.family(f" {name.lower()} ") or name.upper().lower() != name.lower()
    if name[0].isascii():
        assert masked[0] == name[0].upper()


@given(st.text(max_size=12))
def test_an_nhs_number_of_the_reserved_range_comes_for_any_text(text: str) -> None:
    masked = ONE.nhs_number(text)
    assert masked.startswith("999")
    assert nhs_number.is_valid(masked)


def test_grouping_does_not_make_another_number() -> None:
    assert ONE.nhs_number("943 476 5919") == ONE.nhs_number("9434765919")


def test_another_key_masks_otherwise() -> None:
    values = [f"94347{place:05}" for place in range(50)]
    assert [ONE.nhs_number(value) for value in values] != [OTHER.nhs_number(value) for value in values]


def test_different_people_rarely_share_a_number() -> None:
    values = {ONE.nhs_number(f"94347{place:05}") for place in range(500)}
    assert len(values) > 490


def test_a_date_of_birth_keeps_its_year_and_its_precision() -> None:
    assert ONE.birth_date("1959") == "1959"
    assert ONE.birth_date("1959-05")[:5] == "1959-"
    full = ONE.birth_date("1959-05-04")
    assert full[:5] == "1959-"
    assert len(full) == 10
    assert ONE.birth_date("soon") == ""


def test_a_shape_stays() -> None:
    masked = ONE.shaped("AB 12-34x")
    assert len(masked) == 9
    assert [c.isalpha() for c in masked] == [c.isalpha() for c in "AB 12-34x"]
    assert [c.isdigit() for c in masked] == [c.isdigit() for c in "AB 12-34x"]
    assert masked[:2].isupper()
