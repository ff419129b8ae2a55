"""Hits in a text, counted a turn at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workbench.ui.widgets import find_hits
from workbench.ui.widgets.find_hits import Hits, pattern_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def counted(qtbot: QtBot, text: str, words: str, *, case: bool = False) -> Hits:
    hits = Hits(lambda: text)
    hits.look_for(words, case=case)
    qtbot.waitUntil(lambda: hits.counted)
    return hits


def test_hits_are_numbered_by_where_they_begin(qtbot: QtBot) -> None:
    hits = counted(qtbot, "one two One", "one")
    assert (hits.count(), hits.number(0), hits.number(8), hits.number(4)) == (2, 1, 2, 0)
    assert counted(qtbot, "one two One", "One", case=True).number(8) == 1
    assert counted(qtbot, "a.b aXb", "a.b").count() == 1, "words are no pattern"


def test_nothing_is_found_of_no_words(qtbot: QtBot) -> None:
    assert pattern_of("", case=True) is None
    hits = counted(qtbot, "one", "")
    assert (hits.count(), hits.pattern) == (0, None)


def test_places_are_those_of_the_document_beyond_the_first_plane(qtbot: QtBot) -> None:
    hits = counted(qtbot, "\U0001f600 né one", "one")
    assert hits.number(6) == 1, "the editor counts the face twice"


@pytest.mark.parametrize("size", [3, 4, 5, 7])
def test_a_hit_that_lies_across_two_slices_is_found_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(find_hits, "SLICE", size)
    text = "..abc.abcabc..abc"
    hits = counted(qtbot, text, "abc")
    assert [hits.number(at) for at in (2, 6, 9, 14)] == [1, 2, 3, 4]
    assert hits.count() == 4


def test_a_long_text_is_counted_in_many_turns_and_only_so_far(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_hits, "SLICE", 10)
    monkeypatch.setattr(find_hits, "TURN_MS", 0)
    hits = Hits(lambda: "a" * 1000)
    hits.look_for("a", case=True)
    assert not hits.counted
    qtbot.waitUntil(lambda: hits.counted)
    assert hits.count() == 1000
    monkeypatch.setattr(find_hits, "MOST", 25)
    assert counted(qtbot, "a" * 1000, "a").count() == 25
