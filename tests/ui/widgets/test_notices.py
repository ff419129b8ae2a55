"""Notices: banners, toasts that end by themselves, empty panes, and things that take long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QToolButton, QWidget

from tests.ui.widgets import pixels
from workbench.ui.theme import LIGHT, scaled
from workbench.ui.widgets import Banner, Busy, EmptyState, Skeleton, Toast, announce, progress

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")


class Ear(QObject):
    """Counts what it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0

    def hear(self) -> None:
        self.heard += 1


def words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]


def press(qtbot: QtBot, widget: QWidget, text: str) -> None:
    found = {made.text(): made for made in widget.findChildren(QPushButton)}
    qtbot.mouseClick(found[text], Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("below", [False, True])
def test_a_banner_says_what_and_offers_something(qtbot: QtBot, below: bool) -> None:
    ear = Ear()
    banner = Banner("error", "It failed", "Because of this.", [("Again", ear.hear, "primary")], below=below)
    qtbot.addWidget(banner)
    press(qtbot, banner, "Again")
    assert (ear.heard, words(banner), pixels.spoken(banner)) == (
        1,
        ["It failed", "Because of this."],
        "It failed. Because of this.",
    )
    banner.resize(400, banner.heightForWidth(400))
    assert {LIGHT.error.bg, LIGHT.error.solid} <= set(pixels.colours(banner))


def test_a_banner_can_say_something_else(qtbot: QtBot) -> None:
    banner = Banner("error", "It failed", "Because.")
    qtbot.addWidget(banner)
    banner.show_notice("ok", "It works again")
    banner.resize(400, 60)
    assert words(banner) == ["It works again"]
    assert LIGHT.ok.bg in pixels.colours(banner)


def test_a_toast_ends_by_itself(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    toast = Toast("ok", "Sent: 200 in 412 ms", life_ms=1, parent=host)
    with qtbot.waitSignal(toast.gone):
        toast.begin()
    assert toast.isHidden()


def test_a_toast_is_announced(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def hear(event: object) -> None:
        said.append(event.message())  # type: ignore[attr-defined]

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    toast = Toast("ok", "Sent: 200")
    qtbot.addWidget(toast)
    toast.begin()
    announce(toast, "and done")
    assert said == ["Sent: 200", "and done"]


def test_what_a_toast_offers_ends_it(qtbot: QtBot) -> None:
    ear = Ear()
    toast = Toast("ok", "Sent", "Open", ear.hear)
    qtbot.addWidget(toast)
    toast.begin()
    with qtbot.waitSignal(toast.gone):
        press(qtbot, toast, "Open")
    assert ear.heard == 1


def test_a_toast_can_be_closed(qtbot: QtBot) -> None:
    toast = Toast("ok", "Sent")
    qtbot.addWidget(toast)
    toast.begin()
    close = toast.findChild(QToolButton)
    with qtbot.waitSignal(toast.gone):
        qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert pixels.spoken(close) == "Close"


def test_a_toast_stays_while_somebody_is_in_it(qtbot: QtBot) -> None:
    toast = Toast("ok", "Sent", "Open", Ear().hear, life_ms=1)
    qtbot.addWidget(toast)
    toast.show()
    toast.activateWindow()
    qtbot.waitUntil(toast.isActiveWindow)
    toast.findChild(QPushButton).setFocus()
    with qtbot.assertNotEmitted(toast.gone):
        toast._on_time()
    assert not toast.isHidden()


def test_an_empty_pane_says_why_and_what_to_do(qtbot: QtBot) -> None:
    ear = Ear()
    empty = EmptyState("timeline", "No conversations yet", "Send a message.", [("Compose", ear.hear, "primary")])
    qtbot.addWidget(empty)
    press(qtbot, empty, "Compose")
    assert (ear.heard, words(empty)) == (1, ["No conversations yet", "Send a message."])
    empty.show_words("search", "Nothing fits")
    assert pixels.spoken(empty) == "Nothing fits."


def test_in_a_narrow_pane_what_to_do_stands_below_each_other_unshortened(qtbot: QtBot) -> None:
    ear = Ear()
    deeds = [("Play a conversation", ear.hear, "primary"), ("Compose", ear.hear, "")]
    pane = QWidget()
    qtbot.addWidget(pane)
    empty = EmptyState("timeline", "No conversations yet", "", deeds, parent=pane)
    first, second = empty.findChildren(QPushButton)
    for width, beside in ((600, True), (scaled(16) * 2 + first.sizeHint().width(), False)):
        empty.resize(width, 400)
        pane.show()
        qtbot.waitUntil(lambda beside=beside: (first.y() == second.y()) is beside)  # type: ignore[misc]
        assert first.width() >= first.sizeHint().width()


def test_a_skeleton_has_two_lines_for_each_row(qtbot: QtBot) -> None:
    skeleton = Skeleton(2)
    qtbot.addWidget(skeleton)
    skeleton.resize(200, skeleton.sizeHint().height())
    image = pixels.image_of(skeleton)
    column = [image.pixelColor(20, y).name().upper() == LIGHT.hover for y in range(image.height())]
    starts = sum(now and not before for before, now in zip([False, *column], column, strict=False))
    assert (starts, skeleton.sizeHint().height()) == (4, 2 * scaled(38) + scaled(6))


def test_what_is_quick_is_never_shown_as_busy(qtbot: QtBot) -> None:
    busy = Busy()
    qtbot.addWidget(busy)
    busy.start("Reading")
    assert busy.isHidden()
    busy.finish()
    assert not busy._late.isActive()


def test_what_takes_long_is_shown_with_its_share(qtbot: QtBot) -> None:
    busy = Busy()
    qtbot.addWidget(busy)
    busy.start("Reading 100,000 exchanges")
    qtbot.waitUntil(busy.isVisible)
    bar = busy.findChild(QProgressBar)
    unknown = (bar.minimum(), bar.maximum())
    busy.show_share(0.25)
    assert (unknown, bar.value() / bar.maximum(), pixels.spoken(bar)) == (
        (0, 0),
        0.25,
        "Reading 100,000 exchanges",
    )
    with qtbot.waitSignal(busy.stopped):
        press(qtbot, busy, "Stop")
    busy.finish()
    assert busy.isHidden()


def test_what_cannot_be_stopped_has_no_stop(qtbot: QtBot) -> None:
    busy = Busy("Opening", can_stop=False)
    qtbot.addWidget(busy)
    assert busy.findChild(QPushButton).isHidden()


def test_a_progress_bar_is_thin(qtbot: QtBot) -> None:
    bar = progress(height=8)
    qtbot.addWidget(bar)
    assert (bar.maximumHeight(), bar.isTextVisible()) == (scaled(8), False)
