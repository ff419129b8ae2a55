"""`bars-workbench [FILE...]`: open the window; a missing system library of Qt is named with its install line."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING, Protocol

from workbench.errors import ConfigError, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from workbench.cli.arguments import Arguments

QT_LIBRARIES = (
    "libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0"
)
INSTALL_LINE = f"sudo apt-get install -y {QT_LIBRARIES}"


def open_window(arguments: Arguments) -> int:
    """The exit code of the window; ConfigError where the screen or a library (with its install line) is missing."""
    from workbench.cli.secrets import passphrase

    app = load_qt()
    if cause := app.missing_screen(os.environ):
        raise ConfigError(ErrorCode.DESKTOP_SCREEN, cause=cause)
    if cause := app.missing_library(os.environ):
        raise ConfigError(ErrorCode.DESKTOP_LIBRARY, what=INSTALL_LINE, cause=cause)
    return app.run(
        arguments.files,
        workspace_folder=arguments.workspace,
        passphrase=passphrase(arguments),
        verbose=arguments.verbose,
    )


class WindowDoor(Protocol):
    """What the command line asks of the window's module."""

    def missing_screen(self, environ: Mapping[str, str]) -> str: ...

    def missing_library(self, environ: Mapping[str, str]) -> str: ...

    def run(
        self, files: Sequence[str], *, workspace_folder: str | None, passphrase: str | None, verbose: bool
    ) -> int: ...

    def screenshots(self, folder: Path, *, sizes: Sequence[tuple[int, int]], percents: Sequence[int]) -> list[Path]: ...


def load_qt() -> WindowDoor:
    """The window's module; importing it is what needs the system libraries."""
    gc.disable()  # collecting while classes are made finds nothing and costs a tenth of the way to the first paint
    try:
        from workbench import app
    except ImportError as error:
        if "PySide6" not in str(error) and ".so" not in str(error):
            raise
        raise ConfigError(ErrorCode.DESKTOP_LIBRARY, what=INSTALL_LINE, cause=str(error)) from error
    finally:
        gc.freeze()
        gc.enable()
    return app
