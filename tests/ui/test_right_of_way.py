"""Pieces of work on another thread wait for a window that is at something, though not for ever."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from workbench.ui import right_of_way
from workbench.ui.right_of_way import RightOfWay

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ENOUGH_S = 20.0
"""Far longer than anything here takes."""


@pytest.fixture
def way(qapp: object, monkeypatch: pytest.MonkeyPatch) -> RightOfWay:
    """One that asks at once, and finds at once that no sign comes."""
    monkeypatch.setattr(right_of_way, "ASKED_S", 0.0)
    monkeypatch.setattr(right_of_way, "LATE_S", 0.0)
    monkeypatch.setattr(right_of_way, "LONGEST_S", ENOUGH_S)
    return RightOfWay()


def a_piece(way: RightOfWay, done: list[str]) -> threading.Thread:
    """A piece of work on a thread of its own, begun."""
    began = threading.Event()

    def work() -> None:
        began.set()
        way.give()
        done.append("a piece")

    thread = threading.Thread(target=work)
    thread.start()
    began.wait(ENOUGH_S)
    return thread


def test_a_piece_waits_until_the_window_has_time(qtbot: QtBot, way: RightOfWay) -> None:
    done: list[str] = []
    way.give()
    assert not way._given.is_set(), "it was asked, and has not had time to answer"
    thread = a_piece(way, done)
    done.append("the window")
    qtbot.waitUntil(lambda: not thread.is_alive())
    assert done == ["the window", "a piece"]


def test_a_window_that_has_time_holds_nobody_up(qtbot: QtBot, way: RightOfWay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(right_of_way, "ASKED_S", ENOUGH_S)
    for _ in range(3):
        way.give()
    assert way._given.is_set(), "it gave a sign a moment ago, and is not asked for the next one"


def test_for_a_window_that_stands_still_one_piece_waits_once(
    qtbot: QtBot, way: RightOfWay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(right_of_way, "LONGEST_S", 0.001)
    way.give()
    way.give()
    monkeypatch.setattr(right_of_way, "LONGEST_S", ENOUGH_S)
    for _ in range(3):
        way.give()
    qtbot.waitUntil(way._given.is_set)
    way.give()
    assert not way._given.is_set(), "it has given a sign, and is asked again"


def test_nobody_waits_for_a_window_that_closes(qtbot: QtBot, way: RightOfWay) -> None:
    done: list[str] = []
    way.give()
    thread = a_piece(way, done)
    way.end()
    thread.join(ENOUGH_S)
    way.give()
    way.give()
    assert done == ["a piece"]
