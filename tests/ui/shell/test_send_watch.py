"""A send at the foot of the window: its phases, the attempt that is waited for, Stop, and the retry in the toast."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from workbench.exchange import Phase
from workbench.session.events import SendProgress
from workbench.session.views import SendResult, Tone
from workbench.ui.shell.send_watch import SendWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.driving import Person


class Stage:
    """A window of paper around one watch, with the bridge and the session of a real one."""

    def __init__(self, person: Person) -> None:
        self.context = person.window.panel(person.window._panel)._context
        self.toasts: list[tuple[str, str, str]] = []
        self.slots: list[Callable[[], None] | None] = []
        self.working: list[str] = []
        self.done: list[SendResult] = []
        self.changes = 0
        self.owner = QObject()

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> SendWatch:
        go = self.context.go

        def toast(tone: Tone, text: str, action: str = "", slot: Callable[[], None] | None = None) -> None:
            self.toasts.append((tone.value, text, action))
            self.slots.append(slot)

        monkeypatch.setattr(go, "toast", toast)
        monkeypatch.setattr(go, "working", lambda text, stop=None: self.working.append(text))
        return SendWatch(self.context, self.changed, self.done.append, self.owner)

    def changed(self) -> None:
        self.changes += 1


async def _for_ever() -> SendResult:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.fixture
def stage(person: Person) -> Stage:
    return Stage(person)


def test_every_phase_and_every_attempt_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = stage.watch(monkeypatch)
    watch.begin("d", "Referral", _for_ever())
    for phase in Phase:
        watch.on_event(SendProgress("d", phase, 1, 3))
    watch.on_event(SendProgress("another", Phase.TLS, 1, 3))
    watch.on_event(SendProgress("d", None, 2, 3, 14.0))
    watch.on_event(SendProgress("d", Phase.WAIT, 2, 3))
    assert stage.working == [
        "Sending Referral",
        "Referral: looking the address up",
        "Referral: connecting",
        "Referral: securing the connection",
        "Referral: sending",
        "Referral: waiting for the answer",
        "Referral: reading the answer",
        "Referral: attempt 2 of 3 in 14 s",
        "Referral, attempt 2 of 3: waiting for the answer",
    ]
    watch.stop()
    assert not watch.busy
    assert stage.working[-1] == ""


@pytest.mark.parametrize(
    ("progress", "tone", "words"),
    [
        (None, "neutral", "Stopped before anything was sent; the timeline keeps it."),
        (SendProgress("d", Phase.CONNECT, 1, 3), "neutral", "Stopped before anything was sent; the timeline keeps it."),
        (
            SendProgress("d", Phase.WAIT, 1, 3),
            "unknown",
            "Stopped. Whether the message arrived is not known; the timeline keeps it.",
        ),
        (
            SendProgress("d", None, 2, 3, 5.0),
            "neutral",
            "Stopped: it is not sent again. The timeline keeps what was sent.",
        ),
    ],
)
def test_stop_says_what_is_known(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, progress: SendProgress | None, tone: str, words: str
) -> None:
    watch = stage.watch(monkeypatch)
    watch.begin("d", "Referral", _for_ever())
    if progress is not None:
        watch.on_event(progress)
    watch.stop()
    assert stage.toasts == [(tone, words, "")]
    watch.stop()
    assert len(stage.toasts) == 1


def test_an_unknown_outcome_offers_the_retry_of_the_same(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = stage.watch(monkeypatch)
    asked: list[tuple[str, str]] = []

    async def give(result: SendResult) -> SendResult:
        return result

    def retry(exchange: str, host: str) -> object:
        asked.append((exchange, host))
        return give(SendResult("x-2", "c", Tone.OK, "Sent to Northgate: 200"))

    monkeypatch.setattr(type(stage.context.session), "retry", lambda _, exchange, host: retry(exchange, host))
    watch.begin("d", "Referral", give(SendResult("x-1", "c", Tone.UNKNOWN, "Nobody answered.")))
    person.until(lambda: stage.toasts)
    assert stage.toasts == [("unknown", "Nobody answered.", "Retry, same ids")]
    again = stage.slots[0]
    assert again is not None
    again()
    person.until(lambda: len(stage.toasts) == 2)
    assert asked == [("x-1", "")]
    assert stage.toasts[1] == ("ok", "Sent to Northgate: 200", "Open")
    assert [one.exchange for one in stage.done] == ["x-1", "x-2"]
    assert stage.changes == 4
