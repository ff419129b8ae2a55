"""The primitive datatypes: what is one, what is not and why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.messages import Number
from workbench.profiles.primitives import (
    FITS,
    as_number,
    in_utc,
    is_leap_second,
    moment,
    number_problem,
    text_problem,
    time_problem,
)

RIGHT = {
    "id": ["a", "A-b.9", "x" * 64],
    "code": ["a", "a b", "final"],
    "uri": ["urn:uuid:0badcafe-0000-4000-8000-00000000000A", "urn:oid:1.2.840", "http://mock.example/a|b", "#a"],
    "url": ["https://mock.example"],
    "canonical": ["https://mock.example/x|1.0"],
    "oid": ["urn:oid:2.16.840.1"],
    "uuid": ["urn:uuid:0badcafe-0000-4000-8000-00000000000a"],
    "string": ["a", "Line one\nline two\ttab", "Zoë", "ゆ", "non breaking"],
    "markdown": ["# a\r\n"],
    "base64Binary": ["YWJj", "YQ==", "YWJj\nYWJj"],
    "date": ["2024", "2024-02", "2024-02-29"],
    "dateTime": ["2024", "2024-02-29T23:59:59Z", "2026-11-24T09:00:00.1234567-14:00", "2016-12-31T23:59:60Z"],
    "instant": ["2026-11-24T09:00:00+14:00"],
    "time": ["00:00:00", "23:59:59.5"],
}
WRONG = {
    "id": ["x" * 65, "a b", "a_b", "é"],
    "code": [" a", "a ", "a  b", "a\n\nb"],
    "uri": ["a b", " http://mock.example", "urn:uuid:1", "urn:oid:1.02", "urn:oid:9.1"],
    "url": ["https://mock.example/a b"],
    "canonical": ["a b"],
    "oid": ["1.2.3"],
    "uuid": ["0badcafe-0000-4000-8000-00000000000a", "urn:uuid:0BADCAFE-0000-4000-8000-00000000000A"],
    "string": ["a\x07", "x" * (1024 * 1024 + 1)],
    "base64Binary": ["abc", "YQ=", "Y Q", "é===", "YWJj_-=="],
    "date": ["2023-02-29", "0000", "99999", "2024-13", "2024-1-1", "2024-01-01T00:00:00Z", "٢٠٢٤"],
    "dateTime": ["2024-02-29T23:59:59", "2024-02-29T23:59Z", "2024-02-29T24:00:00Z", "2024-02-30T00:00:00Z"],
    "instant": ["2026-11-24", "2026-11-24T09:00:00+14:01", "2026-11-24T09:00:00+15:00", "2026-11-24T09:00:61Z"],
    "time": ["9:00:00", "24:00:00", "09:00", "09:60:00", "09:00:00Z"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in RIGHT.items() for text in texts])
def test_a_right_text_has_no_problem(kind: str, text: str) -> None:
    assert FITS[kind](text)
    assert text_problem(kind, text) is None


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in WRONG.items() for text in texts])
def test_a_wrong_text_has_one_that_ends_a_sentence(kind: str, text: str) -> None:
    assert not FITS[kind](text)
    problem = text_problem(kind, text)
    assert problem is not None
    assert problem.split(" ")[0] in ("is", "has", "holds", "names")
    assert not problem.endswith(".")


@pytest.mark.parametrize(
    ("kind", "text", "right"),
    [
        ("integer", "-2147483648", True),
        ("integer", "2147483648", False),
        ("integer", "1.0", False),
        ("integer", "1e2", False),
        ("positiveInt", "1", True),
        ("positiveInt", "0", False),
        ("unsignedInt", "0", True),
        ("unsignedInt", "-1", False),
        ("decimal", "-1.50e3", True),
    ],
)
def test_numbers_are_whole_and_in_range(kind: str, text: str, right: bool) -> None:
    assert (number_problem(kind, Number(text)) is None) is right
    assert (as_number(kind, text) == Number(text)) is right


def test_what_is_no_number_is_none() -> None:
    assert [as_number("decimal", text) for text in ("", "x", "1,5", "+1", "01", "9" * 101)] == [None] * 6


def test_a_leap_second_is_a_time_that_is_told() -> None:
    assert time_problem("instant", "2016-12-31T23:59:60Z") is None
    assert is_leap_second("2016-12-31T23:59:60Z")
    assert is_leap_second("23:59:60")
    assert not is_leap_second("2016-12-31T23:60:00Z")
    assert not is_leap_second("2016")


def test_moments_can_be_compared() -> None:
    assert moment("2026-11-24T09:00:00.1234567+01:00") == datetime(2026, 11, 24, 8, 0, 0, 123456, tzinfo=UTC)
    assert moment("2026-11-24") == datetime(2026, 11, 24, tzinfo=UTC)
    assert moment("2016-12-31T23:59:60Z") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert [moment(text) for text in ("2026", "2026-02-30", "2026-11-24T09:00:00", "x", "")] == [None] * 5


def test_times_of_other_offsets_are_moved_to_utc() -> None:
    assert in_utc("2026-11-24T09:00:00.1234567+01:00") == "2026-11-24T08:00:00.1234567+00:00"
    assert in_utc("0999-01-01T09:00:00+01:00") == "0999-01-01T08:00:00+00:00"
    assert [in_utc(text) for text in ("2026-11-24T09:00:00Z", "2026-11-24", "0001-01-01T00:00:00+01:00", "x")] == [
        None
    ] * 4
