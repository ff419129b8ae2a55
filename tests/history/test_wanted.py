"""What a person types into the search box, read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.history.schema import SEARCH_TABLE
from workbench.history.wanted import FIELDS, Wanted, facet, phrase_pattern, read
from workbench.history.words import words_in

TODAY = date(2026, 11, 24)
UUID = "0f4b6a1c-9f3e-4a11-8c55-3a0d5d6f7e21"


def wanted(text: str) -> Wanted:
    return read(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "exact", "begins"),
    [
        ("Smith", (), ("smith",)),
        ("  Séan  O'Neill ", (), ("sean", "o", "neill")),
        ("Smith-Jones", (), ("smith-jones",)),
        (UUID.upper(), (UUID,), ()),
        (f"urn:uuid:{UUID}", (UUID,), ("urn", "uuid")),
        (f"id:{UUID}", (UUID,), ()),
        ("status:400", ("status=400",), ()),
        ("rule:pat-001", ("rule=pat-001",), ()),
        ("PAT-001", (), ("pat-001",)),
        ("nhs:999 000 0417", ("nhs=9990000417",), ()),
        ("999 000 0417", (), ("9990000417",)),
        ("direction:sent severity:errors", ("direction=out", "severity=error"), ()),
        ("environment:int", ("env=int",), ()),
        ("reference:Patient", (), ("reference", "patient")),
        ('"two words"', ("two", "words"), ()),
        ("2026-11-24T12:00:00.123+00:00", (), ("2026-11-24",)),
        ("before:soon", (), ("before", "soon")),
        ("status:", (), ("status",)),
        ('" - : ', (), ()),
    ],
)
def test_a_text_is_read_as_it_is_meant(text: str, exact: tuple[str, ...], begins: tuple[str, ...]) -> None:
    found = wanted(text)
    assert (found.exact, found.begins) == (exact, begins)


@pytest.mark.parametrize(
    ("text", "phrases", "match"),
    [
        ('"Ring the ward"', ("ring the ward",), '"ring" AND "the" AND "ward"'),
        ('"Ring the war', ("ring the war*",), '"ring" AND "the" AND "war" *'),
        ('"two, words" other', ("two words",), '"two" AND "words" AND "other" *'),
        ('"Smith-Jones"', (), '"smith-jones"'),
        ('" - : "', (), ""),
        ('rule:"PAT 001"', (), '"rule=pat-001"'),
    ],
)
def test_words_in_quotes_are_a_phrase_and_one_word_is_none(text: str, phrases: tuple[str, ...], match: str) -> None:
    assert (wanted(text).phrases, wanted(text).match) == (phrases, match)


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("ring the ward", "please ring the  ward, now", True),
        ("ring the ward", "ring, the ward", True),
        ("ring the ward", "ring the wards", False),
        ("ring the war*", "ring the wards", True),
        ("ring the ward", "string the ward", False),
        ("ring the ward", "the ward to ring", False),
    ],
)
def test_a_phrase_is_found_whatever_stands_between_its_words(phrase: str, text: str, found: bool) -> None:
    assert (phrase_pattern(phrase).search(text) is not None) is found


def test_days_bound_the_time_and_stand_in_no_index() -> None:
    found = wanted("after:yesterday before:2026-12-01 smith")
    assert found.after == datetime(2026, 11, 23, tzinfo=UTC)
    assert found.before == datetime(2026, 12, 1, tzinfo=UTC)
    assert found.match == '"smith" *'


def test_what_is_marked_is_what_a_text_can_hold() -> None:
    assert wanted("status:200 rule:PAT-001 nhs:9990000417 smith").marked == ("pat-001", "9990000417", "smith")


def test_every_field_says_what_it_is_for() -> None:
    assert all(about for about in FIELDS.values())
    assert facet("service", " Ward 7|x ") == "service=ward-7-x"
    assert facet("service", "||") == ""


@given(st.text(max_size=60))
def test_no_text_is_a_mistake_in_the_language_of_the_index(text: str) -> None:
    found = wanted(text)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(SEARCH_TABLE)
        if found.match:
            assert connection.execute("SELECT rowid FROM search WHERE search MATCH ?", (found.match,)).fetchall() == []


@given(st.text(max_size=60))
def test_a_text_is_found_by_any_of_its_own_words(text: str) -> None:
    words = set(words_in(text))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(SEARCH_TABLE)
        connection.execute("INSERT INTO search (rowid, words) VALUES (1, ?)", (" ".join(sorted(words)),))
        for word in words:
            found = connection.execute("SELECT rowid FROM search WHERE search MATCH ?", (f'"{word}"',)).fetchall()
            assert found == [(1,)], word
