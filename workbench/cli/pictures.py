"""`bars-workbench screenshots`: pictures of every panel, light and dark, from a throw-away demo."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli import output
from workbench.cli.window import load_qt

if TYPE_CHECKING:
    from workbench.cli.arguments import Arguments


def screenshots(arguments: Arguments) -> int:
    """Draw the pictures into a folder and list them; needs neither a display nor a workspace."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = load_qt()
    made = app.screenshots(
        Path(arguments.folder), sizes=arguments.size or [(1440, 900)], percents=arguments.text or [100]
    )
    for path in made:
        output.emit(f"{path}\n")
    return 0
