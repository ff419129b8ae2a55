"""What Qt needs to open a window, asked before Qt tries."""

from __future__ import annotations

import ctypes
import sys

import pytest

from workbench.ui.screen import missing_library, missing_screen

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux may lack a screen or libraries")


@linux
def test_no_screen_is_said() -> None:
    assert "DISPLAY" in missing_screen({})
    assert missing_screen({"DISPLAY": ":7391"}) == "no X server answers at DISPLAY=:7391"


@pytest.mark.parametrize("name", ["QT_QPA_PLATFORM", "WAYLAND_DISPLAY"])
def test_another_way_to_show_a_window_is_left_to_qt(name: str) -> None:
    assert missing_screen({name: "offscreen"}) == ""
    assert missing_library({name: "offscreen"}) == ""


@linux
def test_a_plugin_that_does_not_load_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise OSError(f"libxcb-cursor.so.0: cannot open shared object file, wanted by {path}")

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    assert "libxcb-cursor.so.0" in missing_library({"DISPLAY": ":0"})
    assert "platforms/libqxcb.so" in missing_library({"QT_QPA_PLATFORM": "xcb"})
    assert missing_screen({"DISPLAY": ":0"}) == "", "without the library there is nothing to ask with"


def test_other_systems_lack_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert missing_screen({}) == ""
    assert missing_library({}) == ""
