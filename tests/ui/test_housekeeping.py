"""Where there is a window Python collects on its thread only, also once it is closed."""

from __future__ import annotations

import gc
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QThread

from workbench.ui import housekeeping
from workbench.ui.housekeeping import CALM, TURN_S, Housekeeping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def kept(qapp: object) -> Iterator[Housekeeping]:
    keeper = Housekeeping()
    yield keeper
    keeper.end()


MANY = 30_000
"""Far more than a collection waits for, also where much else ends at the same time."""


class Knot:
    """Something only a collection can find."""

    def __init__(self, ended_on: list[int]) -> None:
        self.me = self
        self.ended_on = ended_on

    def __del__(self) -> None:
        self.ended_on.append(threading.get_ident())


def test_rubbish_of_any_thread_is_collected_on_the_window_s_thread(qtbot: QtBot, kept: Housekeeping) -> None:
    ended_on: list[int] = []

    def make() -> None:
        for _ in range(MANY):
            Knot(ended_on)

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    assert ended_on == [], "the thread that made it does not collect"
    qtbot.waitUntil(lambda: len(ended_on) == MANY)
    assert set(ended_on) == {threading.get_ident()}
    assert kept.thread() is QThread.currentThread()


def test_everything_is_looked_at_only_in_a_real_pause(kept: Housekeeping, monkeypatch: pytest.MonkeyPatch) -> None:
    kept._timer.stop()
    collected: list[int] = []
    counts = [0, 0, 99]
    monkeypatch.setattr(housekeeping, "WHOLE_S", 0.0)
    monkeypatch.setattr(gc, "get_count", lambda: tuple(counts))
    monkeypatch.setattr(gc, "collect", lambda generation=2: collected.append(generation))
    for looked in range(1, 3 * CALM):
        counts[0] = 9999 if looked % 3 == 0 else 0
        kept.collect()
    assert set(collected) == {0}, "between two busy moments there is no pause"
    counts[0] = 0
    for _ in range(CALM):
        kept.collect()
    assert collected[-1] == 2


def test_what_outlives_a_long_look_is_looked_at_again_in_the_next_thorough_one(
    kept: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept._timer.stop()
    ended_on: list[int] = []
    before = gc.get_freeze_count()
    monkeypatch.setattr(housekeeping, "LONG_S", 3600.0)
    kept._collect_all(thorough=False)
    assert gc.get_freeze_count() == before
    lasting = Knot(ended_on)
    monkeypatch.setattr(housekeeping, "LONG_S", 0.0)
    kept._collect_all(thorough=False)
    assert gc.get_freeze_count() > before
    del lasting
    kept._collect_all(thorough=False)
    monkeypatch.setattr(housekeeping, "THOROUGH_S", 0.0)
    monkeypatch.setattr(gc, "get_count", lambda: (9999, 0, 0))
    kept.collect()
    assert ended_on == [], "a thorough one waits for a pause"
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 0))
    for _ in range(CALM):
        kept.collect()
    assert ended_on == [threading.get_ident()]
    assert gc.get_freeze_count() > before


def test_afterwards_turns_are_as_before_and_no_thread_ends_what_is_left_of_the_window(qapp: object) -> None:
    turn, ended_on = sys.getswitchinterval(), list[int]()
    keeper = Housekeeping()
    assert not gc.isenabled()
    assert sys.getswitchinterval() == pytest.approx(TURN_S)
    keeper.end()
    assert sys.getswitchinterval() == pytest.approx(turn)

    def make() -> None:
        for _ in range(MANY):
            Knot(ended_on)

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    assert ended_on == []
    gc.collect()
    assert set(ended_on) == {threading.get_ident()}
