"""First paint of the window against a bare PySide6 window, each in a process of its own, in the same run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

ROUNDS = 11
BUDGET = 2.0

BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(time.time()); sys.stdout.flush()
        QTimer.singleShot(0, QApplication.quit)

app = QApplication([])
window = Window(); window.setCentralWidget(QLabel("hello")); window.resize(1440, 900); window.show()
app.exec()
"""

OURS = """
import sys, time
from workbench.cli.arguments import parse
from workbench.cli.window import load_qt

def painted(window):
    print(time.time()); sys.stdout.flush()
    window.close()

sys.exit(load_qt().run(parse([]).files, painted=painted))
"""


def measure(code: str) -> float:
    """Seconds from launching the process to its first paint."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its byte code
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            environment[name] = f"{home}/{name.lower()}"
        started = time.time()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    return float(done.stdout.split()[0]) - started


def run() -> bool:
    """Print the fastest of each and their ratio; whether the budget holds.

    The fastest says what the work takes; everything above it is what else the machine did meanwhile.
    """
    measure(BARE), measure(OURS)  # warm the file cache
    pairs = [(measure(BARE), measure(OURS)) for _ in range(ROUNDS)]
    bare, ours = (min(column) for column in zip(*pairs, strict=True))
    ratio = ours / bare
    print(
        f"first paint: bare window {bare * 1000:.0f} ms, workbench {ours * 1000:.0f} ms, "
        f"ratio {ratio:.2f} (budget {BUDGET})"
    )
    return ratio <= BUDGET
