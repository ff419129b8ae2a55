"""The Wire page: bytes in hexadecimal, and phases as wide as they took long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.widgets import pixels
from workbench.ui.panels.timeline_wire import HEX_BYTES, TimingBar, hex_lines
from workbench.ui.theme import LIGHT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("our_style")


def test_bytes_are_shown_as_values_and_signs() -> None:
    assert hex_lines(b"{}\r\n") == "000000  7b 7d 0d 0a" + " " * 36 + "  {}.."
    assert hex_lines(b"") == ""
    long = hex_lines(b"a" * (HEX_BYTES + 3)).splitlines()
    assert (len(long), long[-1]) == (HEX_BYTES // 16 + 1, "(3 more bytes)")


def test_phases_are_as_wide_as_they_took_long(qtbot: QtBot) -> None:
    bar = TimingBar()
    qtbot.addWidget(bar)
    bar.resize(206, bar.sizeHint().height())
    bar.show_phases([("send", 0.001), ("wait", 0.008), ("receive", 0.001)], "send 1 ms, wait 8 ms, receive 1 ms")
    image = pixels.image_of(bar)
    row = [image.pixelColor(x, image.height() // 2).name().upper() for x in range(image.width())]
    wait, send = row.count(LIGHT.waiting.solid), row.count(LIGHT.warning.solid)
    assert wait == pytest.approx(8 * send, rel=0.2)
    assert pixels.spoken(bar) == "send 1 ms, wait 8 ms, receive 1 ms"
