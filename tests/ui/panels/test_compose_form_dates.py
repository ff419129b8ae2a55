"""Dates and times as they are typed in the form."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.ui.panels.compose_form_dates import (
    Moment,
    age_words,
    date_words,
    moment_words,
    typed_date,
    typed_moment,
)


@pytest.mark.parametrize("text", ["4 May 1959", "04/05/1959", "4.5.1959", "1959-05-04", " 4 may, 1959 ", "4 MAY 1959"])
def test_dates_are_understood_as_people_write_them(text: str) -> None:
    assert typed_date(text) == "1959-05-04"


@pytest.mark.parametrize("text", ["", "4 May", "31/02/2026", "1959-13-01", "4 Maybe 1959", "tomorrow"])
def test_what_is_no_date_yet_is_none(text: str) -> None:
    assert typed_date(text) is None
    assert typed_moment(text, "+00:00") is None


@pytest.mark.parametrize("value", ["2026-03-02T14:05:00+00:00", "2026-03-02T14:05:00.1234567Z", "2026-07-01", "1959"])
def test_what_is_shown_is_understood_again(value: str) -> None:
    text, zone = moment_words(value)
    if value == "1959":
        assert text == "1959"
        return
    assert typed_moment(text, zone, value) == value


def test_a_part_of_a_second_is_kept_for_as_long_as_its_time_stays() -> None:
    value = "2026-03-02T14:05:00.1234567+00:00"
    assert moment_words(value).text == "2 March 2026 14:05:00", "nobody reads the seventh decimal"
    assert typed_moment("3 March 2026 14:05:00", "+00:00", value) == "2026-03-03T14:05:00.1234567+00:00"
    assert typed_moment("2 March 2026 14:06:00", "+00:00", value) == "2026-03-02T14:06:00+00:00"
    assert typed_moment("2 March 2026 14:05:00.5", "+00:00", value) == "2026-03-02T14:05:00.5+00:00"


def test_times_have_a_zone() -> None:
    assert moment_words("2026-03-02T14:05:00+01:00") == Moment("2 March 2026 14:05:00", "+01:00")
    assert typed_moment("2 March 2026 9:05", "+01:00") == "2026-03-02T09:05:00+01:00"
    assert typed_moment("2 March 2026 25:05", "+01:00") is None
    assert date_words("yesterday") == "yesterday"


@pytest.mark.parametrize(
    ("born", "words"),
    [
        ("1959-05-04", "66 years"),
        ("2025-11-01", "4 months"),
        ("2026-01-30", "1 month"),
        ("2027-01-01", ""),
        ("1959", ""),
    ],
)
def test_ages_are_said(born: str, words: str) -> None:
    assert age_words(born, date(2026, 3, 2)) == words
