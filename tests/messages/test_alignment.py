"""Which item of an older list every item of a newer one was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import hypothesis.strategies as st
import pytest
from hypothesis import given

from workbench.messages.alignment import NEW, sources

if TYPE_CHECKING:
    import random

ITEMS = st.lists(st.sampled_from("abcd"), max_size=7)


@given(ITEMS, ITEMS)
def test_nothing_is_used_twice_and_the_same_is_found(old: list[str], new: list[str]) -> None:
    found = sources(old, new)
    used = [number for number in found if number != NEW]
    assert len(found) == len(new)
    assert len(set(used)) == len(used)
    assert all(0 <= number < len(old) for number in used)


@given(ITEMS, st.randoms())
def test_what_is_only_moved_is_all_found(old: list[str], dice: random.Random) -> None:
    new = list(old)
    dice.shuffle(new)
    assert [old[number] for number in sources(old, new)] == new


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("abc", "abc", [0, 1, 2]),
        ("abc", "acb", [0, 2, 1]),
        ("abc", "aXc", [0, 1, 2]),
        ("abc", "ac", [0, 2]),
        ("abc", "abXc", [0, 1, NEW, 2]),
        ("abcd", "cXd", [2, NEW, 3]),
        ("", "ab", [NEW, NEW]),
    ],
)
def test_what_stayed_moved_changed_or_is_new(old: str, new: str, found: list[int]) -> None:
    assert sources(old, new) == found
