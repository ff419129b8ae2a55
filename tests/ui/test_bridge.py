"""The bridge: values and errors come to the GUI thread, cancelling is silent, closing leaves nothing behind."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject

from workbench.ui.bridge import Bridge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

THREAD = "io"


@pytest.fixture
def bridge(qapp: object) -> Iterator[Bridge]:
    made = Bridge()
    made.start()
    yield made
    made.close()


class Panel(QObject):
    """Keeps what it is told, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[Any, BaseException | None]] = []
        self.threads: list[threading.Thread] = []

    def on_done(self, value: Any, error: BaseException | None) -> None:
        self.told.append((value, error))
        self.threads.append(threading.current_thread())


async def where() -> str:
    return threading.current_thread().name


async def forever(begun: threading.Event) -> None:
    begun.set()
    await asyncio.Event().wait()


async def fail(error: BaseException) -> None:
    raise error


def settled(qtbot: QtBot, bridge: Bridge) -> None:
    """Wait until everything submitted has been delivered or dropped."""
    qtbot.waitUntil(lambda: bridge.pending == 0)


def test_work_runs_on_its_thread_and_is_delivered_on_the_window_s(qtbot: QtBot, bridge: Bridge) -> None:
    panel = Panel()
    bridge.submit(where(), panel.on_done)
    settled(qtbot, bridge)
    assert panel.told == [(THREAD, None)]
    assert panel.threads == [threading.main_thread()]


def test_nothing_is_delivered_within_submit(qtbot: QtBot, bridge: Bridge) -> None:
    panel = Panel()
    future = bridge.submit(where(), panel.on_done)
    future.result(5)
    before = list(panel.told)
    settled(qtbot, bridge)
    assert (before, len(panel.told)) == ([], 1)


def test_an_error_comes_as_a_value(qtbot: QtBot, bridge: Bridge) -> None:
    panel, error = Panel(), ValueError("no")
    bridge.submit(fail(error), panel.on_done)
    settled(qtbot, bridge)
    assert panel.told == [(None, error)]


def test_results_come_in_the_order_of_their_ends(qtbot: QtBot, bridge: Bridge) -> None:
    panel = Panel()

    async def number(n: int) -> int:
        return n

    for n in range(50):
        bridge.submit(number(n), panel.on_done)
    settled(qtbot, bridge)
    assert panel.told == [(n, None) for n in range(50)]


def test_idle_tells_that_nothing_is_under_way(qtbot: QtBot, bridge: Bridge) -> None:
    with qtbot.waitSignal(bridge.idle):
        bridge.submit(where(), Panel().on_done)
    assert bridge.pending == 0


def test_cancelling_is_silent_and_reaches_the_coroutine(qtbot: QtBot, bridge: Bridge) -> None:
    panel, begun, stopped = Panel(), threading.Event(), threading.Event()

    async def work() -> None:
        try:
            await forever(begun)
        finally:
            stopped.set()

    future = bridge.submit(work(), panel.on_done)
    assert begun.wait(5)
    future.cancel()
    settled(qtbot, bridge)
    assert stopped.wait(5)
    assert panel.told == []


def test_a_cancellation_from_within_is_no_error(qtbot: QtBot, bridge: Bridge) -> None:
    panel = Panel()
    bridge.submit(fail(asyncio.CancelledError()), panel.on_done)
    settled(qtbot, bridge)
    assert [error for _, error in panel.told if error is not None] == []


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_receiver_that_is_gone_is_not_called(qtbot: QtBot, bridge: Bridge, wrapped: bool) -> None:
    panel = Panel()
    future = bridge.submit(where(), partial(panel.on_done) if wrapped else panel.on_done)
    future.result(5)
    shiboken6.delete(panel)
    settled(qtbot, bridge)
    assert panel.told == []


def test_an_exception_of_a_receiver_does_not_stop_the_next(qtbot: QtBot, bridge: Bridge) -> None:
    class Broken(QObject):
        def on_done(self, value: Any, error: BaseException | None) -> None:
            raise RuntimeError("a bug in a panel")

    broken, panel = Broken(), Panel()
    with qtbot.captureExceptions() as caught:
        bridge.submit(where(), broken.on_done)
        bridge.submit(where(), panel.on_done)
        settled(qtbot, bridge)
    assert [str(error) for _, error, _ in caught] == ["a bug in a panel"]
    assert panel.told == [(THREAD, None)]


def test_events_of_the_loop_reach_slots_on_the_window_s_thread(qtbot: QtBot, bridge: Bridge) -> None:
    class Window(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.seen: list[tuple[object, threading.Thread]] = []

        def on_event(self, event: object) -> None:
            self.seen.append((event, threading.current_thread()))

    window = Window()
    bridge.events.connect(window.on_event)

    async def publish() -> None:
        bridge.publish("recorded")

    bridge.submit(publish(), Panel().on_done)
    qtbot.waitUntil(lambda: bool(window.seen))
    assert window.seen == [("recorded", threading.main_thread())]


def test_events_come_in_order_and_each_once_whatever_is_published_meanwhile(qtbot: QtBot, bridge: Bridge) -> None:
    seen: list[object] = []

    def on_event(event: object) -> None:
        seen.append(event)
        if event == 0:
            bridge.publish("from a slot")

    bridge.events.connect(on_event)

    async def publish() -> None:
        for number in range(500):
            bridge.publish(number)
            await asyncio.sleep(0)

    bridge.submit(publish(), Panel().on_done)
    qtbot.waitUntil(lambda: len(seen) == 501)
    assert [event for event in seen if event != "from a slot"] == list(range(500))


def test_starting_twice_keeps_the_thread(qtbot: QtBot, bridge: Bridge) -> None:
    bridge.start()
    assert sum(thread.name == THREAD for thread in threading.enumerate()) == 1


def test_closing_stops_what_is_under_way_and_ends_the_thread(qtbot: QtBot) -> None:
    bridge = Bridge()
    bridge.start()
    panel, begun, stopped = Panel(), threading.Event(), threading.Event()

    async def work() -> None:
        try:
            await forever(begun)
        finally:
            stopped.set()

    bridge.submit(work(), panel.on_done)
    assert begun.wait(5)
    bridge.close()
    assert stopped.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name == THREAD]
    QCoreApplication.processEvents()
    assert panel.told == []


def test_closing_runs_the_last_coroutine_while_the_loop_still_works(qapp: object) -> None:
    bridge = Bridge()
    bridge.start()
    closed = []

    async def last() -> None:
        await asyncio.sleep(0)
        closed.append(threading.current_thread().name)

    bridge.close(last)
    bridge.close(last)
    assert closed == [THREAD]


def test_what_is_submitted_after_closing_is_dropped(qtbot: QtBot) -> None:
    bridge = Bridge()
    bridge.start()
    bridge.close()
    panel = Panel()
    assert bridge.submit(where(), panel.on_done).cancelled()
    assert (bridge.pending, panel.told) == (0, [])


def test_nothing_is_submitted_before_the_start(qapp: object) -> None:
    with pytest.raises(AssertionError, match="started before"):
        Bridge().submit(where(), Panel().on_done)


def test_what_nobody_on_the_loop_expected_is_told(bridge: Bridge, qtbot: QtBot) -> None:
    async def forgotten() -> None:
        loop = asyncio.get_running_loop()
        loop.call_exception_handler({"message": "a task broke", "exception": ValueError("a mistake")})

    panel = Panel()
    with qtbot.waitSignal(bridge.mistake) as told:
        bridge.submit(forgotten(), panel.on_done)
    assert isinstance(told.args[0], ValueError)
