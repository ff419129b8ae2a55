"""Whether Qt can open a window here: asked before it tries, since it ends the process when it cannot.

Knows Linux, where system libraries and the screen may be missing; elsewhere there is nothing to ask.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo

if TYPE_CHECKING:
    from collections.abc import Mapping


def missing_library(environ: Mapping[str, str]) -> str:
    """What the loader says about Qt's plugin for X11, where that is the one Qt will take; empty when it loads."""
    if not _takes_x11(environ):
        return ""
    import ctypes  # a command or a window elsewhere does without

    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    try:
        ctypes.CDLL(str(plugins / "platforms" / "libqxcb.so"))
    except OSError as error:
        return str(error)
    return ""


def missing_screen(environ: Mapping[str, str]) -> str:
    """Why there is no screen to open a window on; empty when there is one."""
    if not sys.platform.startswith("linux") or environ.get("QT_QPA_PLATFORM") or environ.get("WAYLAND_DISPLAY"):
        return ""
    display = environ.get("DISPLAY", "")
    if not display:
        return "neither DISPLAY nor WAYLAND_DISPLAY is set"
    return "" if _answers(display) else f"no X server answers at DISPLAY={display}"


def _takes_x11(environ: Mapping[str, str]) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    chosen = environ.get("QT_QPA_PLATFORM", "")
    return chosen.startswith("xcb") if chosen else not environ.get("WAYLAND_DISPLAY")


def _answers(display: str) -> bool:
    """Whether an X server takes a connection; true where the library to ask with is missing: that is said elsewhere."""
    import ctypes

    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused
