"""Texts with line ends that an editor does not show."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from workbench.compose.shown import shown, written

TEXTS = st.text(alphabet="ab\r\n\u2029 ", max_size=14)


@given(TEXTS)
def test_what_is_not_touched_stays(text: str) -> None:
    assert written(text, shown(text)) == text


@given(TEXTS, st.text(alphabet="ab\n", max_size=10))
def test_what_is_written_is_what_is_shown(text: str, now: str) -> None:
    assert shown(written(text, now)) == now


@given(TEXTS, st.integers(0, 14), st.sampled_from(["x", "xy", ""]))
def test_what_is_typed_changes_nothing_else(text: str, place: int, typed: str) -> None:
    seen = shown(text)
    place = min(place, len(seen))
    now = written(text, seen[:place] + typed + seen[place:])
    assert now.replace("x", "").replace("y", "") == text


def test_a_new_line_ends_as_the_others_do() -> None:
    assert written("a\r\nb\r\n", "a\nx\nb\n") == "a\r\nx\r\nb\r\n"
    assert written("a\nb\n", "a\nx\nb\n") == "a\nx\nb\n"


def test_a_line_end_that_comes_to_stand_after_another_stays_one_of_its_own() -> None:
    assert written("\r", "\n\n") == "\n\n"
    assert written("a\r\rb\nc", "a\n\n\nc") == "a\n\n\nc"
