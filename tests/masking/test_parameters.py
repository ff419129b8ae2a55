"""Search parameters that say something of a person."""

from __future__ import annotations

import pytest

from workbench.masking import Pseudonyms
from workbench.masking.parameters import masked_parameter, masked_query

MASKS = Pseudonyms(b"key")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("patient:name", "Zyxgiven Zyxfamily"),
        ("patient.family", "Zyxfamily"),
        ("subject:Patient.name", "Zyxfamily"),
        ("name", "Zyxfamily"),
        ("patient:birthdate", "ge1959-05-04"),
        ("patient:address-postalcode", "ZY9 9XX"),
        ("telecom", "07700900123"),
    ],
)
def test_what_says_something_of_a_person_is_masked(name: str, value: str) -> None:
    shown = masked_parameter(name, value, MASKS)
    assert shown
    assert value not in shown
    assert shown == masked_parameter(name, value, MASKS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Schedule.actor:HealthcareService.name", "Northgate"),
        ("Schedule.actor:HealthcareService", "2000011147"),
        ("_include", "Slot:schedule"),
        ("status", "free"),
        ("patient:name", ""),
    ],
)
def test_what_is_about_no_person_stays(name: str, value: str) -> None:
    assert masked_parameter(name, value, MASKS) == value


def test_a_name_is_the_one_that_the_persons_messages_get() -> None:
    assert masked_parameter("patient:name", "Zyxfamily", MASKS) == MASKS.family("Zyxfamily")


def test_a_query_stays_as_it_was_written_unless_something_of_it_is_masked() -> None:
    told: list[tuple[str, str]] = []
    written = "start=ge2026-01-01T10:00:00%2B00:00&_include=Slot:schedule&empty="
    assert masked_query(written, MASKS, str, lambda *pair: told.append(pair)) == written
    masked = masked_query(f"{written}&patient:name=Zyx%66amily", MASKS, str, lambda *pair: told.append(pair))
    assert masked.endswith(f"patient:name={MASKS.family('Zyxfamily')}")
    assert "empty=&" in masked
    assert told == [("Zyxfamily", MASKS.family("Zyxfamily"))]


def test_other_values_go_through_the_words() -> None:
    found = masked_query("a=b&c=d", MASKS, str.upper, lambda *_: None)
    assert found == "a=B&c=D"
